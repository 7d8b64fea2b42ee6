// Package query has the questions that are asked of any store alike, by GraphQL, feeds and exports: which hops lead from
// a fact to others, what a filter means, which body or document a name means. It imports store and un.
package query

import (
	"mandategraph/store"
	"mandategraph/un"
)

// The hops, named for what they lead to.
var (
	Parents     = edges(out(un.KindBody, un.PartOf))
	Children    = in(un.KindBody, un.PartOf)
	Secretariat = out(un.KindBody, un.SecretariatProvidedBy)

	Held            = out(un.KindMandate, un.Holds)
	OwnDeadlines    = in(un.KindDeadline, un.Obliges, un.HasForum) // of a body, as obligor or forum
	OwnCycles       = in(un.KindCycle, un.Obliges, un.AddressedTo, un.RoutedThrough)
	Sessions        = in(un.KindSession, un.SessionOf)
	MentionedIn     = in(un.KindProvision, un.Mentions)
	LegalBasis      = in(un.KindBasis, un.BasisOf)
	BasisBy         = out(un.KindBody, un.BasisBy)
	BasisDocument   = out(un.KindDocument, un.BasisIn)
	BasisProvision  = out(un.KindProvision, un.BasisProvision)
	Holders         = in(un.KindBody, un.Holds)
	Addressees      = out(un.KindBody, un.AddressedTo)
	Obligors        = out(un.KindBody, un.Obliges)
	Route           = edges(out(un.KindBody, un.RoutedThrough))
	Forum           = out(un.KindBody, un.HasForum)
	DueAt           = out(un.KindSession, un.DueAt)
	DueHere         = in(un.KindDeadline, un.DueAt)
	Mandate         = out(un.KindMandate, un.BasedOn)
	MandateDues     = in(un.KindDeadline, un.BasedOn)
	FulfilledBy     = out(un.KindDocument, un.FulfilledBy)
	SessionBody     = out(un.KindBody, un.SessionOf)
	Adopter         = out(un.KindBody, un.AdoptedBy)
	AdoptedAt       = out(un.KindSession, un.AdoptedAt)
	ConferredBy     = out(un.KindProvision, un.ConferredBy)
	StatedIn        = out(un.KindDocument, un.StatedIn)
	DocMandates     = in(un.KindMandate, un.StatedIn)
	DocDeadlines    = in(un.KindDeadline, un.StatedIn)
	DocCycles       = in(un.KindCycle, un.StatedIn)
	ProvisionOf     = out(un.KindDocument, un.ProvisionOf)
	Provisions      = in(un.KindProvision, un.ProvisionOf)
	Mentioned       = out(un.KindBody, un.Mentions)
	ConfersMandates = in(un.KindMandate, un.ConferredBy)
	ConfersDues     = in(un.KindDeadline, un.ConferredBy)
	ConfersCycles   = in(un.KindCycle, un.ConferredBy)
	Citing          = edges(in(un.KindDocument, un.Cites))
	Cited           = edges(out(un.KindDocument, un.Cites))
)

// Superseded and Successors lead from a mandate, deadline or cycle to what it replaces, and to what replaces it.
func Superseded(kind un.Kind) store.Hop { return out(kind, un.Supersedes) }

// Successors leads to what replaces a mandate, deadline or cycle.
func Successors(kind un.Kind) store.Hop { return in(kind, un.Supersedes) }

// Related leads over edges from a body to others; all relations between bodies where none are named.
func Related(direction store.Direction, relations []un.Relation) store.Hop {
	if relations == nil {
		relations = un.BodyRelations()
	}
	return store.Hop{Relations: relations, Direction: direction, Kind: un.KindBody, Edges: true}
}

func out(kind un.Kind, relations ...un.Relation) store.Hop {
	return store.Hop{Relations: relations, Direction: store.Out, Kind: kind}
}

func in(kind un.Kind, relations ...un.Relation) store.Hop {
	return store.Hop{Relations: relations, Direction: store.In, Kind: kind}
}

func edges(h store.Hop) store.Hop {
	h.Edges = true
	return h
}

package un

import (
	"slices"
)

// A Relation is the type of an edge, read "from RELATION to": the IGF PART_OF the United Nations. Its values are those
// of the schema's RelationKind and Neo4j's relationship types, and a few internal ones.
type Relation string

// The relations. The first fifteen join two bodies.
const (
	PartOf                Relation = "PART_OF"
	ReportsTo             Relation = "REPORTS_TO"
	ReportsThrough        Relation = "REPORTS_THROUGH"
	SecretariatProvidedBy Relation = "SECRETARIAT_PROVIDED_BY"
	OrganizedBy           Relation = "ORGANIZED_BY"
	HostedBy              Relation = "HOSTED_BY"
	ChairedBy             Relation = "CHAIRED_BY"
	FacilitatedBy         Relation = "FACILITATED_BY"
	OverseenBy            Relation = "OVERSEEN_BY"
	MemberOf              Relation = "MEMBER_OF"
	SupportedBy           Relation = "SUPPORTED_BY"
	ReceivesInputFrom     Relation = "RECEIVES_INPUT_FROM"
	SucceededBy           Relation = "SUCCEEDED_BY"
	MandatedBy            Relation = "MANDATED_BY" // derived from a legal basis
	CreatedBy             Relation = "CREATED_BY"  // derived from a legal basis

	Holds         Relation = "HOLDS"
	AddressedTo   Relation = "ADDRESSED_TO"
	ConferredBy   Relation = "CONFERRED_BY"
	Obliges       Relation = "OBLIGES"
	DueAt         Relation = "DUE_AT"
	HasForum      Relation = "HAS_FORUM"
	ProvisionOf   Relation = "PROVISION_OF"
	AdoptedBy     Relation = "ADOPTED_BY"
	SessionOf     Relation = "SESSION_OF"
	Cites         Relation = "CITES"
	Mentions      Relation = "MENTIONS"
	Supersedes    Relation = "SUPERSEDES"
	FulfilledBy   Relation = "FULFILLED_BY"
	BasedOn       Relation = "BASED_ON"
	RoutedThrough Relation = "ROUTED_THROUGH"
	AdoptedAt     Relation = "ADOPTED_AT"

	// Internal: StatedIn leads from a duty straight to the document of its provision; a legal basis is a stored node, though
	// no Node of the API.
	StatedIn       Relation = "STATED_IN"
	BasisOf        Relation = "BASIS_OF"
	BasisBy        Relation = "BASIS_BY"
	BasisIn        Relation = "BASIS_IN"
	BasisProvision Relation = "BASIS_PROVISION"
)

// A Join is the kinds that a relation may join.
type Join struct {
	Relation Relation
	From, To []Kind
	Internal bool // outside the schema's enum, never walked by a question about the graph
}

// Between reports whether the relation may lead from one kind to the other.
func (j Join) Between(from, to Kind) bool {
	if j.Relation == Supersedes && from != to {
		return false
	}
	return slices.Contains(j.From, from) && slices.Contains(j.To, to)
}

// Relations is the table of the relations and what they join, in the schema's order.
var Relations = relations()

func relations() []Join {
	body, provision := []Kind{KindBody}, []Kind{KindProvision}
	var table []Join
	for _, r := range []Relation{
		PartOf, ReportsTo, ReportsThrough, SecretariatProvidedBy, OrganizedBy, HostedBy, ChairedBy, FacilitatedBy,
		OverseenBy, MemberOf, SupportedBy, ReceivesInputFrom, SucceededBy, MandatedBy, CreatedBy,
	} {
		table = append(table, Join{r, body, body, false})
	}
	duties := []Kind{KindMandate, KindDeadline, KindCycle}
	return append(table,
		Join{Holds, body, []Kind{KindMandate}, false},
		Join{AddressedTo, []Kind{KindMandate, KindCycle}, body, false},
		Join{ConferredBy, duties, provision, false},
		Join{Obliges, []Kind{KindDeadline, KindCycle}, body, false},
		Join{DueAt, []Kind{KindDeadline}, []Kind{KindSession}, false},
		Join{HasForum, []Kind{KindDeadline}, body, false},
		Join{ProvisionOf, provision, []Kind{KindDocument}, false},
		Join{AdoptedBy, []Kind{KindDocument}, body, false},
		Join{SessionOf, []Kind{KindSession}, body, false},
		Join{Cites, []Kind{KindDocument}, []Kind{KindDocument}, false},
		Join{Mentions, provision, body, false},
		Join{Supersedes, duties, duties, false},
		Join{FulfilledBy, []Kind{KindDeadline}, []Kind{KindDocument}, false},
		Join{BasedOn, []Kind{KindDeadline, KindCycle}, []Kind{KindMandate}, false},
		Join{RoutedThrough, []Kind{KindCycle}, body, false},
		Join{AdoptedAt, []Kind{KindDocument}, []Kind{KindSession}, false},
		Join{StatedIn, duties, []Kind{KindDocument}, true},
		Join{BasisOf, []Kind{KindBasis}, body, true},
		Join{BasisBy, []Kind{KindBasis}, body, true},
		Join{BasisIn, []Kind{KindBasis}, []Kind{KindDocument}, true},
		Join{BasisProvision, []Kind{KindBasis}, provision, true},
	)
}

// JoinOf is the row of a relation; false where there is none.
func JoinOf(r Relation) (Join, bool) {
	i := slices.IndexFunc(Relations, func(j Join) bool { return j.Relation == r })
	if i < 0 {
		return Join{}, false
	}
	return Relations[i], true
}

// BodyRelations are the relations that join two bodies.
func BodyRelations() []Relation {
	var out []Relation
	for _, j := range Relations {
		if j.Between(KindBody, KindBody) {
			out = append(out, j.Relation)
		}
	}
	return out
}

func relationNames() []string {
	var out []string
	for _, j := range Relations {
		if !j.Internal {
			out = append(out, string(j.Relation))
		}
	}
	return out
}

// An Edge is one stated relation between two nodes: a fact with an id and, where it joins two bodies, sources of its own.
type Edge struct {
	ID           ID
	Relation     Relation
	From, To     ID
	Role         string       `json:",omitempty"`
	Standing     Standing     `json:",omitempty"`
	Place        int          `json:",omitempty"` // in a route, from 1
	Since, Until *PartialDate `json:",omitempty"`
	Validity     Validity
	Sources      []Source  `json:",omitempty"`
	Citation     *Citation `json:",omitempty"` // of CITES alone
}

// A Citation is one place where a document cites another. Provision is the paragraph that carries it.
type Citation struct {
	Provision ID       `json:",omitempty"`
	Footnote  string   `json:",omitempty"` // "3" where the symbol stands in a footnote
	Verb      string   `json:",omitempty"`
	AsWritten []string `json:",omitempty"`
}

// EdgeID is the id of an edge: its relation and ends, and the place that states it where the same two are joined twice.
func EdgeID(r Relation, from, to ID, place string) ID {
	id := string(r) + ":" + string(from) + ">" + string(to)
	if place != "" {
		id += "@" + place
	}
	return ID(id)
}

package graph

import (
	"context"
	"fmt"
	"slices"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Body adds to the facts of a body what leads on.
type Body struct {
	*un.Body
	*cohort
}

// Name is the name in a language, in English where there is none.
func (b *Body) Name(language *un.Language) string {
	if language == nil {
		return b.Body.Name(un.English)
	}
	return b.Body.Name(*language)
}

// Parent is the body that it is part of: on the day asked, or where none is, today, else the latest.
func (b *Body) Parent(ctx context.Context, asOf *un.Date) (*Body, error) {
	found, c, err := items(ctx, b, query.Parents, page{asOf: asOf})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	parent := slices.MaxFunc(found, func(x, y store.Item) int { return later(x.Edge.Validity, y.Edge.Validity, b.on(asOf)) })
	c.objects.Add(1)
	return &Body{parent.Node.(*un.Body), c}, nil
}

// later orders what is in force on the day after what is not, then by the first day in force.
func later(x, y un.Validity, day un.Date) int {
	switch in, other := x.On(day), y.On(day); {
	case in == other && x.From == y.From:
		return 0
	case in && !other, in == other && x.From > y.From:
		return 1
	}
	return -1
}

// Children are the bodies that are part of it.
func (b *Body) Children(ctx context.Context, asOf *un.Date, first *int, after *string) (*BodyConnection, error) {
	return list[*Body](ctx, b, query.Children, page{first: first, after: after, asOf: asOf})
}

// Secretariat is who provides it.
func (b *Body) Secretariat(ctx context.Context, asOf *un.Date) ([]*Body, error) {
	return all[*Body](ctx, b, query.Secretariat, page{asOf: asOf})
}

// LegalBasis is how it came to be, oldest first.
func (b *Body) LegalBasis(ctx context.Context) ([]*LegalBasis, error) {
	return all[*LegalBasis](ctx, b, query.LegalBasis, page{timeless: true})
}

// Mandates are those that it holds.
func (b *Body) Mandates(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string, asOf *un.Date) (*MandateConnection, error) {
	return list[*Mandate](ctx, b, query.Held, page{where: where, order: orderBy, first: first, after: after, asOf: asOf})
}

// Deadlines are those that oblige it or fall due before it.
func (b *Body) Deadlines(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return list[*Deadline](ctx, b, query.OwnDeadlines, page{where: where, order: orderBy, first: first, after: after, asOf: asOf})
}

// ReportingCycles are those in which it reports, is reported to or passes a report on.
func (b *Body) ReportingCycles(ctx context.Context, where query.Where, first *int, after *string, asOf *un.Date) (*ReportingCycleConnection, error) {
	return list[*ReportingCycle](ctx, b, query.OwnCycles, page{where: where, first: first, after: after, asOf: asOf})
}

// Sessions are its own.
func (b *Body) Sessions(ctx context.Context, orderBy *Order, first *int, after *string) (*SessionConnection, error) {
	return list[*Session](ctx, b, query.Sessions, page{order: orderBy, first: first, after: after, timeless: true})
}

// Relations are its relations to other bodies.
func (b *Body) Relations(ctx context.Context, direction *store.Direction, relations []un.Relation, asOf *un.Date, first *int, after *string) (*RelationConnection, error) {
	for _, r := range relations {
		if !slices.Contains(un.BodyRelations(), r) {
			return nil, fmt.Errorf("%w: relations: %s does not join two bodies; PART_OF or REPORTS_TO does", store.ErrInvalid, r)
		}
	}
	way := store.Both
	if direction != nil {
		way = *direction
	}
	h, p := query.Related(way, relations), page{first: first, after: after, asOf: asOf}
	a, err := b.hop(ctx, b, h, p)
	if err != nil {
		return nil, err
	}
	return connect(a.cohort, h.Kind, &h, a.pages[b.Key()], p, func(item store.Item, cursor store.Cursor) RelationEdge {
		here, there := &Body{b.Body, a.cohort}, &Body{item.Node.(*un.Body), a.cohort}
		if item.Edge.From != b.Key() {
			here, there = there, here
		}
		return RelationEdge{cursor, &Relation{item.Edge, a.cohort, here, there}}
	}), nil
}

// Mentions are the paragraphs that name it.
func (b *Body) Mentions(ctx context.Context, document []un.ID, first *int, after *string) (*ProvisionConnection, error) {
	p := page{first: first, after: after, timeless: true}
	if document != nil {
		p.where = query.Where{"document": document}
	}
	return list[*Provision](ctx, b, query.MentionedIn, p)
}

// Conflicts are what sources say differently.
func (b *Body) Conflicts() []*Conflict {
	out := make([]*Conflict, len(b.Body.Conflicts))
	for i, c := range b.Body.Conflicts {
		out[i] = &Conflict{Field: c.Field}
		for _, v := range c.Values {
			out[i].Values = append(out[i].Values, &ConflictingValue{v.Value, b.prove(v.Sources)})
		}
	}
	return out
}

// Sources prove the body's own facts.
func (b *Body) Sources() []*Source { return b.prove(b.Body.Sources) }

// A Conflict is a field of which sources say different things.
type Conflict struct {
	Field  string
	Values []*ConflictingValue
}

// A ConflictingValue is one of the things said.
type ConflictingValue struct {
	Value   string
	Sources []*Source
}

// A LegalBasis adds to a step of a legal basis what leads on.
type LegalBasis struct {
	*un.LegalBasis
	*cohort
}

// By is who did it.
func (l *LegalBasis) By(ctx context.Context) (*Body, error) { return one[*Body](ctx, l, query.BasisBy) }

// Document is the instrument, nil where there is none.
func (l *LegalBasis) Document(ctx context.Context) (*Document, error) {
	return one[*Document](ctx, l, query.BasisDocument)
}

// Provision is the paragraph of the instrument.
func (l *LegalBasis) Provision(ctx context.Context) (*Provision, error) {
	return one[*Provision](ctx, l, query.BasisProvision)
}

// Sources prove the step.
func (l *LegalBasis) Sources() []*Source { return l.prove(l.LegalBasis.Sources) }

// A Relation is one stated relation between two bodies.
type Relation struct {
	*un.Edge
	*cohort
	From, To *Body
}

// Kind is what the relation is, read from Kind to.
func (r *Relation) Kind() un.Relation { return r.Edge.Relation }

// Sources prove the relation.
func (r *Relation) Sources() []*Source { return r.prove(r.Edge.Sources) }

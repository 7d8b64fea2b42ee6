package graph

import (
	"context"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Document adds to the facts of a document what leads on.
type Document struct {
	*un.Document
	*cohort
}

// AdoptedBy is the body that adopted it.
func (d *Document) AdoptedBy(ctx context.Context) (*Body, error) {
	return one[*Body](ctx, d, query.Adopter)
}

// Session is the one at which it was adopted.
func (d *Document) Session(ctx context.Context) (*Session, error) {
	return one[*Session](ctx, d, query.AdoptedAt)
}

// Provision is the paragraph with a number, as printed or as people write it; nil where no fact rests on it.
func (d *Document) Provision(ctx context.Context, number string) (*Provision, error) {
	if normal, ok := un.ParseParagraph(number); ok {
		number = normal
	}
	found, err := once(d.cohort, placeOf(ctx, un.KindDocument), func() (map[un.ID]Node, error) {
		ids := d.ids(un.KindDocument)
		for i, id := range ids {
			ids[i] = un.ProvisionID(id, number)
		}
		return d.nodes(ctx, ids)
	})
	p, _ := found[un.ProvisionID(d.ID, number)].(*Provision)
	if p != nil {
		d.objects.Add(1)
	}
	return p, err
}

// Provisions are the paragraphs that facts rest on, in the order of the text.
func (d *Document) Provisions(ctx context.Context, first *int, after *string) (*ProvisionConnection, error) {
	return list[*Provision](ctx, d, query.Provisions, page{first: first, after: after, timeless: true})
}

// Mandates are those that it confers.
func (d *Document) Mandates(ctx context.Context, where query.Where, first *int, after *string, asOf *un.Date) (*MandateConnection, error) {
	return list[*Mandate](ctx, d, query.DocMandates, page{where: where, first: first, after: after, asOf: asOf})
}

// Deadlines are those that it sets.
func (d *Document) Deadlines(ctx context.Context, where query.Where, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return list[*Deadline](ctx, d, query.DocDeadlines, page{where: where, first: first, after: after, asOf: asOf})
}

// ReportingCycles are those that it sets.
func (d *Document) ReportingCycles(ctx context.Context, first *int, after *string, asOf *un.Date) (*ReportingCycleConnection, error) {
	return list[*ReportingCycle](ctx, d, query.DocCycles, page{first: first, after: after, asOf: asOf})
}

// Cites are the documents that it cites, one entry a place.
func (d *Document) Cites(ctx context.Context, first *int, after *string) (*CitationConnection, error) {
	return citations(ctx, d, query.Cited, page{first: first, after: after, timeless: true})
}

// CitedBy are the documents that cite it, one entry a place.
func (d *Document) CitedBy(ctx context.Context, first *int, after *string) (*CitationConnection, error) {
	return citations(ctx, d, query.Citing, page{first: first, after: after, timeless: true})
}

func citations(ctx context.Context, d *Document, h store.Hop, p page) (*CitationConnection, error) {
	a, err := d.hop(ctx, d, h, p)
	if err != nil {
		return nil, err
	}
	return connect(a.cohort, h.Kind, &h, a.pages[d.Key()], p, func(item store.Item, cursor store.Cursor) *CitationEdge {
		return &CitationEdge{Edge[*Document]{cursor, &Document{item.Node.(*un.Document), a.cohort}}, item.Edge.Citation, a.cohort}
	}), nil
}

// A CitationEdge is one place where a document cites another.
type CitationEdge struct {
	Edge[*Document]
	*un.Citation
	*cohort
}

// Provision is the paragraph that carries the citation.
func (e *CitationEdge) Provision(ctx context.Context) (*Provision, error) {
	return proofOf[*Provision](ctx, e.cohort, e.Citation.Provision)
}

// A Provision adds to a paragraph what leads on.
type Provision struct {
	*un.Provision
	*cohort
}

// Document is the one that it stands in.
func (p *Provision) Document(ctx context.Context) (*Document, error) {
	return one[*Document](ctx, p, query.ProvisionOf)
}

// Mandates are those that it confers.
func (p *Provision) Mandates(ctx context.Context, first *int, after *string, asOf *un.Date) (*MandateConnection, error) {
	return list[*Mandate](ctx, p, query.ConfersMandates, page{first: first, after: after, asOf: asOf})
}

// Deadlines are those that it sets.
func (p *Provision) Deadlines(ctx context.Context, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return list[*Deadline](ctx, p, query.ConfersDues, page{first: first, after: after, asOf: asOf})
}

// ReportingCycles are those that it sets.
func (p *Provision) ReportingCycles(ctx context.Context, first *int, after *string, asOf *un.Date) (*ReportingCycleConnection, error) {
	return list[*ReportingCycle](ctx, p, query.ConfersCycles, page{first: first, after: after, asOf: asOf})
}

// Mentions are the bodies that it names.
func (p *Provision) Mentions(ctx context.Context) ([]*Body, error) {
	return all[*Body](ctx, p, query.Mentioned, page{timeless: true})
}

// A Source is where a fact is said.
type Source struct {
	un.Source
	*cohort
}

// prove puts sources where this cohort stands.
func (c *cohort) prove(sources []un.Source) []*Source {
	out := make([]*Source, len(sources))
	for i, s := range sources {
		out[i] = &Source{s, c}
	}
	return out
}

// Document is the one that says it.
func (s *Source) Document(ctx context.Context) (*Document, error) {
	return proofOf[*Document](ctx, s.cohort, s.Source.Document)
}

// Provision is the paragraph that says it; nil for a page without numbered paragraphs.
func (s *Source) Provision(ctx context.Context) (*Provision, error) {
	return proofOf[*Provision](ctx, s.cohort, s.Source.Provision)
}

package graph

import (
	"cmp"
	"context"
	"slices"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Mandate adds to the facts of a mandate what leads on.
type Mandate struct {
	*un.Mandate
	*cohort
}

// Holders are who is charged.
func (m *Mandate) Holders(ctx context.Context) ([]*Body, error) {
	return all[*Body](ctx, m, query.Holders, page{timeless: true})
}

// Addressees are to whom the result goes.
func (m *Mandate) Addressees(ctx context.Context) ([]*Body, error) {
	return all[*Body](ctx, m, query.Addressees, page{timeless: true})
}

// ConferredBy is the paragraph that confers it.
func (m *Mandate) ConferredBy(ctx context.Context) (*Provision, error) {
	return one[*Provision](ctx, m, query.ConferredBy)
}

// Deadlines are those that rest on it.
func (m *Mandate) Deadlines(ctx context.Context, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return list[*Deadline](ctx, m, query.MandateDues, page{first: first, after: after, asOf: asOf})
}

// Supersedes are the mandates that it replaces.
func (m *Mandate) Supersedes(ctx context.Context) ([]*Mandate, error) {
	return all[*Mandate](ctx, m, query.Superseded(un.KindMandate), page{timeless: true})
}

// SupersededBy are the mandates that replace it.
func (m *Mandate) SupersededBy(ctx context.Context) ([]*Mandate, error) {
	return all[*Mandate](ctx, m, query.Successors(un.KindMandate), page{timeless: true})
}

// Status is derived for the day asked, else for today.
func (m *Mandate) Status(asOf *un.Date) un.MandateStatus { return m.Mandate.Status(m.on(asOf)) }

// Sources prove the mandate.
func (m *Mandate) Sources() []*Source { return m.prove(m.Mandate.Sources) }

// A Deadline adds to the facts of a deadline what leads on.
type Deadline struct {
	*un.Deadline
	*cohort
}

// Session is the one at which it is due.
func (d *Deadline) Session(ctx context.Context) (*Session, error) {
	return one[*Session](ctx, d, query.DueAt)
}

// Obligors are who must do it.
func (d *Deadline) Obligors(ctx context.Context) ([]*Body, error) {
	return all[*Body](ctx, d, query.Obligors, page{timeless: true})
}

// Forum is before whom it falls due.
func (d *Deadline) Forum(ctx context.Context) (*Body, error) { return one[*Body](ctx, d, query.Forum) }

// Mandate is the one that it rests on.
func (d *Deadline) Mandate(ctx context.Context) (*Mandate, error) {
	return one[*Mandate](ctx, d, query.Mandate)
}

// FulfilledBy is the document that met it, where a text says so.
func (d *Deadline) FulfilledBy(ctx context.Context) (*Document, error) {
	return one[*Document](ctx, d, query.FulfilledBy)
}

// Status is derived for the day asked, else for today.
func (d *Deadline) Status(asOf *un.Date) un.DeadlineStatus { return d.Deadline.Status(d.on(asOf)) }

// Sources prove the deadline.
func (d *Deadline) Sources() []*Source { return d.prove(d.Deadline.Sources) }

// A ReportingCycle adds to the facts of a cycle what leads on.
type ReportingCycle struct {
	*un.ReportingCycle
	*cohort
}

// Obligors are who reports, meets or rotates.
func (c *ReportingCycle) Obligors(ctx context.Context) ([]*Body, error) {
	return all[*Body](ctx, c, query.Obligors, page{timeless: true})
}

// Route is through whom, in order.
func (c *ReportingCycle) Route(ctx context.Context) ([]*Body, error) {
	found, next, err := items(ctx, c, query.Route, page{timeless: true})
	if err != nil {
		return nil, err
	}
	stations := slices.SortedFunc(slices.Values(found), func(a, b store.Item) int { return cmp.Compare(a.Edge.Place, b.Edge.Place) })
	out := make([]*Body, len(stations))
	for i, s := range stations {
		out[i] = &Body{s.Node.(*un.Body), next}
	}
	next.objects.Add(int64(len(out)))
	return out, nil
}

// Addressee is to whom it goes in the end.
func (c *ReportingCycle) Addressee(ctx context.Context) (*Body, error) {
	return one[*Body](ctx, c, query.Addressees)
}

// Mandate is the one that it rests on.
func (c *ReportingCycle) Mandate(ctx context.Context) (*Mandate, error) {
	return one[*Mandate](ctx, c, query.Mandate)
}

// Supersedes are the cycles that it replaces.
func (c *ReportingCycle) Supersedes(ctx context.Context) ([]*ReportingCycle, error) {
	return all[*ReportingCycle](ctx, c, query.Superseded(un.KindCycle), page{timeless: true})
}

// SupersededBy are the cycles that replace it.
func (c *ReportingCycle) SupersededBy(ctx context.Context) ([]*ReportingCycle, error) {
	return all[*ReportingCycle](ctx, c, query.Successors(un.KindCycle), page{timeless: true})
}

// NextDue is the first occurrence not over on the day asked, else today; nil where nothing can be said.
func (c *ReportingCycle) NextDue(asOf *un.Date) *un.PartialDate {
	return c.ReportingCycle.NextDue(c.on(asOf))
}

// Sources prove the cycle.
func (c *ReportingCycle) Sources() []*Source { return c.prove(c.ReportingCycle.Sources) }

// A Session adds to the facts of a session what leads on.
type Session struct {
	*un.Session
	*cohort
}

// Body is the one whose session it is.
func (s *Session) Body(ctx context.Context) (*Body, error) {
	return one[*Body](ctx, s, query.SessionBody)
}

// Deadlines are those due at it.
func (s *Session) Deadlines(ctx context.Context, where query.Where, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return list[*Deadline](ctx, s, query.DueHere, page{where: where, first: first, after: after, asOf: asOf})
}

// Sources prove the session.
func (s *Session) Sources() []*Source { return s.prove(s.Session.Sources) }

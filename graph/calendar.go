package graph

import (
	"context"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// An Occurrence adds to one time at which something falls due or takes place what leads on.
type Occurrence struct {
	query.Occurrence
	*cohort
}

// An occurrence's page has the node that occurs as an item, so that what leads on from it is asked for all at once.
func (c *cohort) occurrences(day un.Date, found []query.Occurrence) ([]*Occurrence, *cohort) {
	next := newCohort(c.operation, day, nil)
	out := make([]*Occurrence, len(found))
	for i, o := range found {
		next.items = append(next.items, store.Item{Node: o.Node})
		out[i] = &Occurrence{o, next}
	}
	c.objects.Add(int64(len(out)))
	return out, next
}

// Deadline is what falls due, nil where something else occurs.
func (o *Occurrence) Deadline() *Deadline { return occurs[*Deadline](o) }

// Cycle is the one of which this is an instance, nil where something else occurs.
func (o *Occurrence) Cycle() *ReportingCycle { return occurs[*ReportingCycle](o) }

// Session is what takes place, nil where something else occurs.
func (o *Occurrence) Session() *Session { return occurs[*Session](o) }

func occurs[T Node](o *Occurrence) (none T) {
	n, ok := o.wrap(o.Node).(T)
	if !ok {
		return none
	}
	return n
}

// Obligors are who must act.
func (o *Occurrence) Obligors(ctx context.Context) ([]*Body, error) {
	if o.Kind == query.OfSession {
		return []*Body{}, nil
	}
	return all[*Body](ctx, o.wrap(o.Node), query.Obligors, page{timeless: true})
}

// Forum is before whom.
func (o *Occurrence) Forum(ctx context.Context) (*Body, error) {
	return one[*Body](ctx, o.wrap(o.Node), query.ForumOf(o.Kind))
}

// Sources prove it.
func (o *Occurrence) Sources() []*Source { return o.prove(query.SourcesOf(o.Node)) }

// A Change adds to what became of an occurrence what leads on.
type Change struct {
	query.Change
	Occurrence *Occurrence
}

// Sources prove the change.
func (c *Change) Sources() []*Source { return c.Occurrence.prove(c.Change.Sources) }

// Field is what took another value, nil where none did.
func (c *Change) Field() *string { return orNil(c.Change.Field) }

// From is the value before, nil where there was none.
func (c *Change) From() *string { return orNil(c.Change.From) }

// To is the value after, nil where there is none.
func (c *Change) To() *string { return orNil(c.Change.To) }

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// The connections of the calendar.
type (
	OccurrenceConnection = Connection[*Occurrence, OccurrenceEdge]
	OccurrenceEdge       = Edge[*Occurrence]
	ChangeConnection     = Connection[*Change, ChangeEdge]
	ChangeEdge           = Edge[*Change]
)

func (entry) Calendar(ctx context.Context, from un.Date, to un.Date, where query.Where, first *int, after *string) (*OccurrenceConnection, error) {
	c := start(ctx)
	s, err := c.selection(ctx, un.KindDeadline, page{first: first, after: after})
	if err != nil {
		return nil, err
	}
	found, err := c.asked(nil).Occurrences(ctx, query.Calendar{Where: where, From: from, To: to}, "", s.First, s.After, s.Total)
	if err != nil {
		return nil, err
	}
	nodes, _ := c.occurrences("", found.Items)
	return paged(nodes, found.Cursors, found.More, found.Total, s.After), nil
}

func (entry) Changes(ctx context.Context, since un.Date, where query.Where, first *int, after *string) (*ChangeConnection, error) {
	c := start(ctx)
	s, err := c.selection(ctx, un.KindDeadline, page{first: first, after: after})
	if err != nil {
		return nil, err
	}
	quality, err := c.qualities.Of(ctx, c.Reader)
	if err != nil {
		return nil, err
	}
	found, err := c.asked(nil).Changes(ctx, query.Calendar{Where: where}, since, quality.DataDate, s.First, s.After)
	if err != nil {
		return nil, err
	}
	of := make([]query.Occurrence, len(found.Items))
	for i, change := range found.Items {
		of[i] = change.Of.Occurrence
	}
	occurrences, next := c.occurrences("", of)
	nodes := make([]*Change, len(found.Items))
	for i, change := range found.Items {
		next.proofs = append(next.proofs, change.Sources...)
		nodes[i] = &Change{change, occurrences[i]}
	}
	c.objects.Add(int64(len(nodes)))
	return paged(nodes, found.Cursors, found.More, found.Total, s.After), nil
}

// paged is a connection of nodes whose cursors no selection makes.
func paged[T any](nodes []T, cursors []store.Cursor, more bool, total int, after store.Cursor) *Connection[T, Edge[T]] {
	out := &Connection[T, Edge[T]]{TotalCount: total, PageInfo: PageInfo{HasNextPage: more, HasPreviousPage: after != ""}}
	for i, n := range nodes {
		out.Edges = append(out.Edges, Edge[T]{cursors[i], n})
	}
	if len(cursors) > 0 {
		out.PageInfo.StartCursor, out.PageInfo.EndCursor = &cursors[0], &cursors[len(cursors)-1]
	}
	return out
}

// Occurrences are the times at which a cycle falls due in a span of days.
func (c *ReportingCycle) Occurrences(ctx context.Context, from un.Date, to un.Date) ([]*Occurrence, error) {
	if err := query.CheckSpan(from, to); err != nil {
		return nil, err
	}
	// One cohort for all cycles that stand here, since all are asked for the same days.
	arrived, err := once(c.cohort, placeOf(ctx, un.KindCycle), func() (map[un.ID][]*Occurrence, error) {
		var found []query.Occurrence
		seen := map[un.ID]bool{} // what several led to stands here several times
		for _, item := range c.items {
			if cycle, ok := item.Node.(*un.ReportingCycle); ok && !seen[cycle.ID] {
				seen[cycle.ID] = true
				found = append(found, query.Instances(cycle, from, to)...)
			}
		}
		out := map[un.ID][]*Occurrence{}
		occurrences, _ := c.occurrences(c.day, found)
		for _, o := range occurrences {
			out[o.Node.Key()] = append(out[o.Node.Key()], o)
		}
		return out, nil
	})
	return arrived[c.ID], err
}

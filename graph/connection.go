package graph

import (
	"context"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Connection is one page of a list, as the Relay specification has it. Its edges are E, the nodes at their ends T.
type Connection[T any, E interface{ end() T }] struct {
	Edges      []E
	PageInfo   PageInfo
	TotalCount int // counted only when it is asked for
}

// Nodes are the nodes of the edges.
func (c *Connection[T, E]) Nodes() []T {
	out := make([]T, len(c.Edges))
	for i, e := range c.Edges {
		out[i] = e.end()
	}
	return out
}

// An Edge is one entry of a list.
type Edge[T any] struct {
	Cursor store.Cursor
	Node   T
}

func (e Edge[T]) end() T { return e.Node }

// PageInfo says where a page stands in its list. Paging is forward.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *store.Cursor
}

// The connections of the schema, by their names there.
type (
	BodyConnection           = Connection[*Body, BodyEdge]
	BodyEdge                 = Edge[*Body]
	DocumentConnection       = Connection[*Document, DocumentEdge]
	DocumentEdge             = Edge[*Document]
	ProvisionConnection      = Connection[*Provision, ProvisionEdge]
	ProvisionEdge            = Edge[*Provision]
	MandateConnection        = Connection[*Mandate, MandateEdge]
	MandateEdge              = Edge[*Mandate]
	DeadlineConnection       = Connection[*Deadline, DeadlineEdge]
	DeadlineEdge             = Edge[*Deadline]
	ReportingCycleConnection = Connection[*ReportingCycle, ReportingCycleEdge]
	ReportingCycleEdge       = Edge[*ReportingCycle]
	SessionConnection        = Connection[*Session, SessionEdge]
	SessionEdge              = Edge[*Session]
	RelationConnection       = Connection[*Relation, RelationEdge]
	RelationEdge             = Edge[*Relation]
	CitationConnection       = Connection[*Document, *CitationEdge]
)

// defaultFirst is the page size where none is asked, also as the schema has it.
const defaultFirst = 20

// A page has the arguments of a list.
type page struct {
	where    query.Where
	order    *Order
	first    *int
	after    *string
	asOf     *un.Date
	timeless bool // the field has no asOf: it filters nothing, and hands the day on
	whole    bool // the list has no pages: it is short by nature
}

// An Order is how a list is sorted.
type Order struct {
	Field     OrderField
	Direction OrderDirection
}

// An OrderField names an order of un.Orders.
type OrderField string

// An OrderDirection is ASC or DESC.
type OrderDirection string

const descending OrderDirection = "DESC"

// connect makes a connection of a page, each item made by edge.
func connect[T any, E interface{ end() T }](c *cohort, kind un.Kind, h *store.Hop, found store.Page, p page, edge func(store.Item, store.Cursor) E) *Connection[T, E] {
	out := &Connection[T, E]{Edges: make([]E, len(found.Items)), TotalCount: found.Total}
	out.PageInfo.HasNextPage, out.PageInfo.HasPreviousPage = found.More, p.after != nil && *p.after != ""
	s := store.Select{Kind: kind}
	if p.order != nil {
		s.Order, s.Desc = string(p.order.Field), p.order.Direction == descending
	}
	for i, item := range found.Items {
		cursor := s.CursorAt(h, item.Key)
		out.Edges[i] = edge(item, cursor)
		if i == 0 {
			out.PageInfo.StartCursor = &cursor
		}
		out.PageInfo.EndCursor = &cursor
	}
	c.objects.Add(int64(len(found.Items)))
	return out
}

// nodesOf makes the edges of a list of nodes.
func nodesOf[T Node](c *cohort) func(store.Item, store.Cursor) Edge[T] {
	return func(item store.Item, cursor store.Cursor) Edge[T] { return Edge[T]{cursor, c.wrap(item.Node).(T)} }
}

// root is a connection over all nodes of a kind.
func root[T Node](ctx context.Context, kind un.Kind, p page) (*Connection[T, Edge[T]], error) {
	c, found, err := start(ctx).find(ctx, kind, p)
	if err != nil {
		return nil, err
	}
	return connect(c, kind, nil, found, p, nodesOf[T](c)), nil
}

// list is a connection over a hop.
func list[T Node](ctx context.Context, from Node, h store.Hop, p page) (*Connection[T, Edge[T]], error) {
	a, err := from.in().hop(ctx, from, h, p)
	if err != nil {
		return nil, err
	}
	return connect(a.cohort, h.Kind, &h, a.pages[from.Key()], p, nodesOf[T](a.cohort)), nil
}

// all is every node over a hop, for lists that are short by nature. Fields without asOf are timeless.
func all[T Node](ctx context.Context, from Node, h store.Hop, p page) ([]T, error) {
	items, c, err := items(ctx, from, h, p)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(items))
	for i, item := range items {
		out[i] = c.wrap(item.Node).(T)
	}
	c.objects.Add(int64(len(out)))
	return out, nil
}

// items is all before the nodes are wrapped, for who looks at the edges.
func items(ctx context.Context, from Node, h store.Hop, p page) ([]store.Item, *cohort, error) {
	p.whole = true
	a, err := from.in().hop(ctx, from, h, p)
	if err != nil {
		return nil, nil, err
	}
	return a.pages[from.Key()].Items, a.cohort, nil
}

// one is the only node over a hop, nil where there is none.
func one[T Node](ctx context.Context, from Node, h store.Hop) (none T, _ error) {
	found, err := all[T](ctx, from, h, page{timeless: true})
	if err != nil || len(found) == 0 {
		return none, err
	}
	return found[0], nil
}

package graph

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// An operation reads one load of the graph on one day.
type operation struct {
	store.Reader
	names     *query.Names
	qualities *query.Qualities
	today     un.Date
	retired   map[un.ID]un.ID // the successors of ids that are gone
	objects   atomic.Int64    // how many objects the answer has so far
}

type operationKey struct{}

// start is a cohort that nothing has been asked of yet: where the fields of Query begin.
func start(ctx context.Context) *cohort {
	return newCohort(ctx.Value(operationKey{}).(*operation), "", nil)
}

// A cohort is what one store call returned. GraphQL asks the same of all of it: the first member that asks takes the
// question to the store for all, and the others get the same answer, or the same error. So the number of store calls is
// at most the number of hops in the query's text. A cohort also knows the day: asOf is inherited by standing in one.
type cohort struct {
	*operation
	day    un.Date // the asOf that holds here; "" filters nothing
	items  []store.Item
	proofs []un.Source // of what is here and is no item

	mu      sync.Mutex
	answers map[any]any // question → func() (answer, error)
}

func newCohort(o *operation, day un.Date, items []store.Item) *cohort {
	return &cohort{operation: o, day: day, items: items, answers: map[any]any{}}
}

func (c *cohort) in() *cohort { return c }

// once answers a question for the whole cohort. A panic reaches everyone who asks; nobody hangs.
func once[T any](c *cohort, question any, ask func() (T, error)) (T, error) {
	c.mu.Lock()
	answer, ok := c.answers[question].(func() (T, error))
	if !ok {
		answer = sync.OnceValues(ask)
		c.answers[question] = answer
	}
	c.mu.Unlock()
	return answer()
}

// A place is a field of the query's text, on one kind of node. All that stands there asks the same, arguments included.
type place struct {
	field *ast.Field
	kind  un.Kind
}

func placeOf(ctx context.Context, kind un.Kind) place {
	return place{graphql.GetFieldContext(ctx).Field.Field, kind}
}

// An arrival is where one hop from many leads: a page for each, and the cohort of all that arrived.
type arrival struct {
	pages map[un.ID]store.Page
	*cohort
}

// hop takes a hop for the whole cohort.
func (c *cohort) hop(ctx context.Context, from un.Node, h store.Hop, p page) (*arrival, error) {
	return once(c, placeOf(ctx, from.NodeKind()), func() (*arrival, error) {
		s, err := c.selection(ctx, h.Kind, p)
		if err != nil {
			return nil, err
		}
		pages, err := c.Neighbors(ctx, c.ids(from.NodeKind()), h, s)
		if err != nil {
			return nil, err
		}
		next := newCohort(c.operation, c.dayOr(p.asOf), nil)
		for _, p := range pages {
			next.items = append(next.items, p.Items...)
		}
		if h.Edges { // both ends are objects of the answer
			next.items = append(next.items, c.items...)
		}
		return &arrival{pages, next}, nil
	})
}

// find is one page of all nodes of a kind.
func (c *cohort) find(ctx context.Context, kind un.Kind, p page) (*cohort, store.Page, error) {
	s, err := c.selection(ctx, kind, p)
	if err != nil {
		return nil, store.Page{}, err
	}
	found, err := c.Find(ctx, s)
	return newCohort(c.operation, c.dayOr(p.asOf), found.Items), found, err
}

// nodes are the nodes with these ids, in a cohort of their own.
func (c *cohort) nodes(ctx context.Context, ids []un.ID) (map[un.ID]Node, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := c.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	next := newCohort(c.operation, c.day, nil)
	nodes := make(map[un.ID]Node, len(found))
	for id, n := range found {
		if n.NodeKind() != un.KindBasis { // which is no Node of the API
			next.items = append(next.items, store.Item{Node: n})
			nodes[id] = next.wrap(n)
		}
	}
	return nodes, nil
}

// proof fetches the documents and provisions that prove anything of the cohort, in one call.
func (c *cohort) proof(ctx context.Context) (map[un.ID]Node, error) {
	return once(c, "proof", func() (map[un.ID]Node, error) {
		ids := map[un.ID]bool{}
		sources := slices.Clone(c.proofs)
		for _, item := range c.items {
			sources = append(sources, item.Proof()...)
		}
		for _, s := range sources {
			ids[s.Document], ids[s.Provision] = true, true
		}
		delete(ids, "")
		return c.nodes(ctx, slices.Collect(maps.Keys(ids)))
	})
}

// proofOf is the document or provision with this id, which must prove something of the cohort.
func proofOf[T Node](ctx context.Context, c *cohort, id un.ID) (none T, _ error) {
	if id == "" {
		return none, nil
	}
	nodes, err := c.proof(ctx)
	if err != nil {
		return none, err
	}
	n, ok := nodes[id].(T)
	if !ok {
		return none, fmt.Errorf("%w: %s proves a fact and is not there", store.ErrInternal, id)
	}
	c.objects.Add(1)
	return n, nil
}

// ids are those of the cohort's nodes of a kind, sorted, each once.
func (c *cohort) ids(kind un.Kind) []un.ID {
	var ids []un.ID
	for _, item := range c.items {
		if item.Node.NodeKind() == kind {
			ids = append(ids, item.Node.Key())
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// dayOr is the asOf of a field that was given one, else the one that holds here; "" where there is none.
func (c *cohort) dayOr(asOf *un.Date) un.Date {
	if asOf != nil && *asOf != "" {
		return *asOf
	}
	return c.day
}

// on is the day that statuses and next dates are derived for.
func (c *cohort) on(asOf *un.Date) un.Date { return cmp.Or(c.dayOr(asOf), c.today) }

// asked is what filters are read against.
func (c *cohort) asked(asOf *un.Date) query.Asked {
	return query.Asked{Reader: c.Reader, Names: c.names, Day: c.on(asOf)}
}

// selection is what a field's arguments ask of the store.
func (c *cohort) selection(ctx context.Context, kind un.Kind, p page) (store.Select, error) {
	s := store.Select{Kind: kind, First: defaultFirst, Total: graphql.FieldRequested(ctx, "totalCount")}
	if p.first != nil {
		s.First = *p.first
	}
	if s.First < 0 || s.First > store.MaxFirst {
		return s, fmt.Errorf("%w: first is %d; it must be from 0, for the count alone, to %d", store.ErrInvalid, s.First, store.MaxFirst)
	}
	if p.after != nil {
		s.After = store.Cursor(*p.after)
	}
	if p.order != nil {
		s.Order, s.Desc = string(p.order.Field), p.order.Direction == descending
	}
	if !p.timeless {
		s.AsOf = c.dayOr(p.asOf)
	}
	if p.whole {
		s.First = store.MaxFirst
	}
	if len(p.where) == 0 {
		return s, nil
	}
	where, err := c.asked(p.asOf).Filter(ctx, kind, p.where)
	if len(where) > 0 {
		s.Where = where
	}
	return s, err
}

package graph

import (
	"context"
	"fmt"
	"strings"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Resolver leads to Query, where every operation enters. No other type needs one.
type Resolver struct{}

// Query is the entry.
func (Resolver) Query() QueryResolver { return entry{} }

type entry struct{}

// maxIDs is how many objects nodes gives at once.
const maxIDs = 100

func (e entry) Node(ctx context.Context, id un.ID) (Node, error) {
	found, err := e.Nodes(ctx, []un.ID{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func (entry) Nodes(ctx context.Context, ids []un.ID) ([]Node, error) {
	if len(ids) > maxIDs {
		return nil, fmt.Errorf("%w: ids has %d entries; ask for at most %d at once", store.ErrInvalid, len(ids), maxIDs)
	}
	c := start(ctx)
	known := make([]un.ID, len(ids))
	for i, id := range ids {
		var err error
		if known[i], err = c.known(ctx, id); err != nil {
			return nil, err
		}
	}
	found, err := c.nodes(ctx, append([]un.ID(nil), known...))
	if err != nil {
		return nil, err
	}
	successors, err := c.successors(ctx, known, found)
	if err != nil {
		return nil, err
	}
	out := make([]Node, len(ids))
	for i, id := range known {
		n, ok := found[id]
		if !ok {
			n, ok = successors[c.retired[id]]
		}
		if ok {
			out[i] = n
			c.objects.Add(1)
		}
	}
	return out, nil
}

// successors are what took the place of ids that are gone.
func (c *cohort) successors(ctx context.Context, ids []un.ID, found map[un.ID]Node) (map[un.ID]Node, error) {
	var gone []un.ID
	for _, id := range ids {
		if successor := c.retired[id]; found[id] == nil && successor != "" {
			gone = append(gone, successor)
		}
	}
	return c.nodes(ctx, gone)
}

// known is the id that a name without a kind means: an acronym or a symbol.
func (c *cohort) known(ctx context.Context, name un.ID) (un.ID, error) {
	kind, _, found := strings.Cut(string(name), ":")
	if found && kind == strings.ToLower(kind) {
		return name, nil
	}
	for _, kind := range []un.Kind{un.KindBody, un.KindDocument} {
		if id, err := c.names.Lookup(ctx, c.Reader, kind, string(name)); id != "" || err != nil {
			return id, err
		}
	}
	return name, nil
}

func (entry) Body(ctx context.Context, id *un.ID, acronym *string) (*Body, error) {
	switch {
	case id != nil && acronym == nil:
		return named[*Body](ctx, un.KindBody, string(*id))
	case id == nil && acronym != nil:
		return named[*Body](ctx, un.KindBody, *acronym)
	}
	return nil, fmt.Errorf(`%w: give either id or acronym: body(acronym: "IGF")`, store.ErrInvalid)
}

func (entry) Document(ctx context.Context, symbol string) (*Document, error) {
	return named[*Document](ctx, un.KindDocument, symbol)
}

// named is the one node that a name means, nil where there is none.
func named[T Node](ctx context.Context, kind un.Kind, name string) (none T, _ error) {
	c := start(ctx)
	id, err := c.names.Lookup(ctx, c.Reader, kind, name)
	if err != nil || id == "" {
		return none, err
	}
	found, err := c.nodes(ctx, []un.ID{id})
	if err != nil {
		return none, err
	}
	n, ok := found[id].(T)
	if ok {
		c.objects.Add(1)
	}
	return n, nil
}

func (entry) Bodies(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string) (*BodyConnection, error) {
	return root[*Body](ctx, un.KindBody, page{where: where, order: orderBy, first: first, after: after, timeless: true})
}

func (entry) Documents(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string) (*DocumentConnection, error) {
	return root[*Document](ctx, un.KindDocument, page{where: where, order: orderBy, first: first, after: after, timeless: true})
}

func (entry) Mandates(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string, asOf *un.Date) (*MandateConnection, error) {
	return root[*Mandate](ctx, un.KindMandate, page{where: where, order: orderBy, first: first, after: after, asOf: asOf})
}

func (entry) Deadlines(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string, asOf *un.Date) (*DeadlineConnection, error) {
	return root[*Deadline](ctx, un.KindDeadline, page{where: where, order: orderBy, first: first, after: after, asOf: asOf})
}

func (entry) ReportingCycles(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string, asOf *un.Date) (*ReportingCycleConnection, error) {
	return root[*ReportingCycle](ctx, un.KindCycle, page{where: where, order: orderBy, first: first, after: after, asOf: asOf})
}

func (entry) Sessions(ctx context.Context, where query.Where, orderBy *Order, first *int, after *string) (*SessionConnection, error) {
	return root[*Session](ctx, un.KindSession, page{where: where, order: orderBy, first: first, after: after, timeless: true})
}

func (entry) Subgraph(ctx context.Context, around []un.ID, depth *int, relations []un.Relation, asOf *un.Date) (*Subgraph, error) {
	return start(ctx).subgraph(ctx, around, depth, relations, asOf)
}

func (entry) Path(ctx context.Context, from un.ID, to un.ID, maxLength *int, relations []un.Relation) (*Path, error) {
	return start(ctx).path(ctx, from, to, maxLength, relations)
}

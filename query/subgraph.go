package query

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"mandategraph/store"
	"mandategraph/un"
)

// What a subgraph may be asked for.
const (
	MaxAround   = 20  // nodes that it surrounds
	MaxDepth    = 3   // edges between them and its farthest nodes
	MaxSubgraph = 500 // its nodes
)

// An Around asks for the surroundings of nodes.
type Around struct {
	Names     []un.ID // ids, acronyms of bodies, symbols of documents
	Depth     int
	Relations []un.Relation // nil: all that are walkable
	AsOf      un.Date       // "": of all times
}

// A Subgraph is what surrounds some nodes: those that can be reached over as many edges as was asked, whichever way the
// edges lead, and all edges between any two of them, those between two of the farthest nodes included.
//
// Nodes come by their distance, then by kind in the schema's order, then in the kind's own order (un.Orders: bodies by
// name, documents by day of adoption and so on, ties by id); edges by relation, from, to and id. Where there are more
// than MaxSubgraph nodes, the first in this order are kept. It is the order of the store's pages, so that a hub with
// thousands of neighbours is read only as far as they are kept; and every store has the same.
type Subgraph struct {
	Nodes     []un.Node
	Edges     []*un.Edge
	Truncated bool // some nodes were left out
}

// FindSubgraph reads a subgraph level by level: a round trip each, and one for the edges. With a day, it is a part of
// the graph that was in force on it: also a node that it surrounds is left out if it was not.
func FindSubgraph(ctx context.Context, r store.Reader, names *Names, q Around) (*Subgraph, error) {
	if q.Depth < 0 || q.Depth > MaxDepth {
		return nil, fmt.Errorf("%w: depth is %d; it must be from 0, for the relations between the objects named, to %d", store.ErrInvalid, q.Depth, MaxDepth)
	}
	if len(q.Names) > MaxAround {
		return nil, fmt.Errorf("%w: around has %d entries; name at most %d", store.ErrInvalid, len(q.Names), MaxAround)
	}
	if q.Relations == nil {
		q.Relations = Walkable()
	}
	w, err := newWalk(r, q.Relations, q.AsOf)
	if err != nil {
		return nil, err
	}
	level, err := names.Objects(ctx, r, q.Names)
	if err != nil {
		return nil, fmt.Errorf("around: %w", err)
	}
	level = slices.DeleteFunc(level, func(n un.Node) bool { return !n.Valid().On(q.AsOf) })
	s := new(Subgraph)
	for distance := 0; len(level) > 0; distance++ {
		slices.SortFunc(level, inOrder)
		level = slices.CompactFunc(level, func(a, b un.Node) bool { return a.Key() == b.Key() }) // named twice
		if room := MaxSubgraph - len(s.Nodes); len(level) > room {
			level, s.Truncated = level[:room], true
		}
		s.Nodes = append(s.Nodes, level...)
		if distance == q.Depth || s.Truncated {
			break
		}
		if level, err = w.beyond(ctx, level, s.Nodes); err != nil {
			return nil, err
		}
	}
	if s.Edges, err = w.between(ctx, s.Nodes); err != nil {
		return nil, err
	}
	return s, nil
}

// beyond has the nodes that are one edge from the level and not kept yet; where they are more than there is room for, it
// has at least those that are first in order, and one more.
func (w walk) beyond(ctx context.Context, level, kept []un.Node) ([]un.Node, error) {
	lists, known := w.lists(level, store.Both), idsOf(kept)
	for _, l := range lists {
		l.but(known)
		l.want = MaxSubgraph - len(kept) + 1
		l.sel.First = min(l.want, store.MaxFirst)
	}
	found := map[un.ID]bool{}
	var next []un.Node
	err := w.readAll(ctx, lists, func(_ un.ID, item store.Item) error {
		if id := item.Node.Key(); !found[id] {
			found[id] = true
			next = append(next, item.Node)
		}
		return nil
	})
	return next, err
}

// between has every edge from one of the nodes to another, each asked of the node that it leads from.
func (w walk) between(ctx context.Context, nodes []un.Node) ([]*un.Edge, error) {
	lists, ids := w.lists(nodes, store.Out), idsOf(nodes)
	lists = slices.DeleteFunc(lists, func(l *list) bool { return len(ids[l.hop.Kind]) == 0 })
	for _, l := range lists {
		l.only(ids)
		l.hop.Edges = true
	}
	var edges []*un.Edge
	err := w.readAll(ctx, lists, func(_ un.ID, item store.Item) error {
		edges = append(edges, item.Edge)
		return nil
	})
	slices.SortFunc(edges, func(a, b *un.Edge) int {
		return cmp.Or(cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
	})
	return edges, err
}

// inOrder orders nodes by kind, then by the kind's own order.
func inOrder(a, b un.Node) int {
	if c := cmp.Compare(slices.Index(kinds, a.NodeKind()), slices.Index(kinds, b.NodeKind())); c != 0 {
		return c
	}
	order := un.Orders[a.NodeKind()][0]
	return cmp.Compare(un.OrderKey(a, order, false), un.OrderKey(b, order, false))
}

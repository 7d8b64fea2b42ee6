// Package memory keeps the graph in this process. It imports store and un.
package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"sync/atomic"

	"mandategraph/store"
	"mandategraph/un"
)

// A Store keeps one graph in memory. Its zero value is not usable; see Open.
type Store struct{ current atomic.Pointer[graph] }

var _ store.Store = (*Store)(nil)

// Open makes an empty store.
func Open() *Store {
	s := new(Store)
	s.current.Store(&graph{})
	return s
}

// Snapshot pins the graph that is current now.
func (s *Store) Snapshot(ctx context.Context) (store.Reader, error) {
	return s.current.Load(), ctx.Err()
}

// Ping always succeeds: the store is this process.
func (s *Store) Ping(ctx context.Context) error { return ctx.Err() }

// Close has nothing to close.
func (s *Store) Close(context.Context) error { return nil }

// Replace indexes g and switches to it at once.
func (s *Store) Replace(ctx context.Context, g un.Graph) error {
	next, err := index(g)
	if err != nil {
		return fmt.Errorf("replace: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("replace: %w", err)
	}
	s.current.Store(next)
	return nil
}

// A graph is one load, never changed.
type graph struct {
	version string
	nodes   map[un.ID]*entry
	lists   map[list][]*entry // of all nodes, in ascending order of their keys
}

// A list is one stored order of a kind.
type list struct {
	kind  un.Kind
	order string
	desc  bool // the keys' form: undated comes last in both directions
}

// An entry is a node and what leads from and to it.
type entry struct {
	node    un.Node
	keys    map[list]string
	out, in []link
}

// A link is an edge and the node at its other end.
type link struct {
	*entry
	edge *un.Edge
}

func index(in un.Graph) (*graph, error) {
	g := &graph{version: in.Version(), nodes: make(map[un.ID]*entry, len(in.Nodes)), lists: map[list][]*entry{}}
	for _, n := range in.Nodes {
		e := &entry{node: n, keys: map[list]string{}}
		if g.nodes[n.Key()] != nil {
			return nil, fmt.Errorf("%w: the id %s is used twice", store.ErrInvalid, n.Key())
		}
		g.nodes[n.Key()] = e
		for _, order := range un.Orders[n.NodeKind()] {
			for _, desc := range []bool{false, true} {
				l := list{n.NodeKind(), order, desc}
				e.keys[l] = un.OrderKey(n, order, desc)
				g.lists[l] = append(g.lists[l], e)
			}
		}
	}
	for l, entries := range g.lists {
		slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.keys[l], b.keys[l]) })
	}
	for _, edge := range in.Edges {
		from, to := g.nodes[edge.From], g.nodes[edge.To]
		if from == nil || to == nil {
			return nil, fmt.Errorf("%w: edge %s joins %s and %s, of which one is unknown", store.ErrInvalid, edge.ID, edge.From, edge.To)
		}
		from.out = append(from.out, link{to, &edge})
		to.in = append(to.in, link{from, &edge})
	}
	return g, nil
}

// Version is the hash of the facts.
func (g *graph) Version() string { return g.version }

// Nodes gives the nodes that there are.
func (g *graph) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	found := make(map[un.ID]un.Node, len(ids))
	for _, id := range ids {
		if e := g.nodes[id]; e != nil {
			found[id] = e.node
		}
	}
	return found, ctx.Err()
}

// Find seeks to the cursor and reads on until the page is full, or to the end where the total is asked.
func (g *graph) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if err := cmp.Or(s.Check(nil), ctx.Err()); err != nil {
		return store.Page{}, err
	}
	l := list{s.Kind, s.OrderOf(), s.Desc}
	entries := g.lists[l]
	at := func(i int) *entry {
		if s.Desc {
			i = len(entries) - 1 - i
		}
		return entries[i]
	}
	after, _ := s.Position(nil) // Check has read it
	begin := 0
	if after != "" {
		begin = sort.Search(len(entries), func(i int) bool { return s.Compare(at(i).keys[l], after) > 0 })
	}
	var p store.Page
	for i := range len(entries) {
		if i < begin && !s.Total {
			continue
		}
		e := at(i)
		if i%1024 == 0 && ctx.Err() != nil {
			return store.Page{}, ctx.Err()
		}
		if !e.node.Valid().On(s.AsOf) || s.Where != nil && !s.Where.Match(e.node, g.near) {
			continue
		}
		if s.Total {
			p.Total++
		}
		if i < begin {
			continue
		}
		if len(p.Items) == s.First {
			p.More = true
			if !s.Total {
				break
			}
			continue
		}
		p.Items = append(p.Items, store.Item{Key: e.keys[l], Node: e.node})
	}
	return p, nil
}

// Neighbors takes the hop from each node.
func (g *graph) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	if err := cmp.Or(s.Check(&h), ctx.Err()); err != nil {
		return nil, err
	}
	pages := make(map[un.ID]store.Page, len(from))
	for _, id := range from {
		if _, done := pages[id]; done || g.nodes[id] == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if p := g.page(g.nodes[id], h, s); len(p.Items) > 0 || p.Total > 0 || p.More {
			pages[id] = p
		}
	}
	return pages, nil
}

// page is what the hop reaches from one node.
func (g *graph) page(from *entry, h store.Hop, s store.Select) (p store.Page) {
	var items []store.Item
	seen := map[un.ID]int{} // by node: where its item is
	l := list{s.Kind, s.OrderOf(), s.Desc}
	for n := range from.links(h) {
		if !n.edge.Validity.On(s.AsOf) || !n.node.Valid().On(s.AsOf) {
			continue
		}
		if i, again := seen[n.node.Key()]; again && !h.Edges {
			if i >= 0 && n.edge.ID < items[i].Edge.ID {
				items[i].Edge = n.edge
			}
			continue
		}
		if s.Where != nil && !s.Where.Match(n.node, g.near) {
			seen[n.node.Key()] = -1
			continue
		}
		seen[n.node.Key()] = len(items)
		key := n.keys[l]
		if h.Edges {
			key += "\x00" + string(n.edge.ID)
		}
		items = append(items, store.Item{Key: key, Node: n.node, Edge: n.edge})
	}
	slices.SortFunc(items, func(a, b store.Item) int { return s.Compare(a.Key, b.Key) })
	if s.Total {
		p.Total = len(items)
	}
	if after, _ := s.Position(&h); after != "" {
		items = items[sort.Search(len(items), func(i int) bool { return s.Compare(items[i].Key, after) > 0 }):]
	}
	p.More = len(items) > s.First
	p.Items = items[:min(len(items), s.First)]
	return p
}

// links yields each edge that the hop follows, an edge that leads back to its own start once.
func (e *entry) links(h store.Hop) func(yield func(link) bool) {
	return func(yield func(link) bool) {
		wanted := func(n link) bool { return n.node.NodeKind() == h.Kind && slices.Contains(h.Relations, n.edge.Relation) }
		if h.Direction != store.In {
			for _, n := range e.out {
				if wanted(n) && !yield(n) {
					return
				}
			}
		}
		if h.Direction != store.Out {
			for _, n := range e.in {
				if wanted(n) && (h.Direction == store.In || n.entry != e) && !yield(n) {
					return
				}
			}
		}
	}
}

// near is what filters see of a node's neighbours.
func (g *graph) near(from un.ID, h store.Hop) (nodes []un.Node) {
	if e := g.nodes[from]; e != nil {
		for n := range e.links(h) {
			nodes = append(nodes, n.node)
		}
	}
	return nodes
}

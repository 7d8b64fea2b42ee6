package storetest

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// A world is a graph as the brute force sees it: two lists that it reads from end to end. It uses nothing of package
// store but the types of the questions, so that a mistake in store.Filter.Match or Select.Compare is found too.
type world struct {
	un.Graph
	node map[un.ID]un.Node
}

func worldOf(g un.Graph) world {
	w := world{g, map[un.ID]un.Node{}}
	for _, n := range g.Nodes {
		w.node[n.Key()] = n
	}
	return w
}

// A set has the ids of nodes.
type set map[un.ID]bool

func (w world) all(kind un.Kind) set {
	all := set{}
	for _, n := range w.Nodes {
		if n.NodeKind() == kind {
			all[n.Key()] = true
		}
	}
	return all
}

// kept are the nodes of a kind that a filter keeps. Filters are sets here: And intersects, Or unites, Not complements.
func (w world) kept(kind un.Kind, f store.Filter) set {
	all, kept := w.all(kind), set{}
	switch f := f.(type) {
	case nil:
		return all
	case store.And:
		for _, part := range f {
			keeps := w.kept(kind, part)
			maps.DeleteFunc(all, func(id un.ID, _ bool) bool { return !keeps[id] })
		}
		return all
	case store.Or:
		for _, part := range f {
			maps.Copy(kept, w.kept(kind, part))
		}
	case store.Not:
		keeps := w.kept(kind, f.Filter)
		maps.DeleteFunc(all, func(id un.ID, _ bool) bool { return keeps[id] })
		return all
	case store.Cond:
		for id := range all {
			if passes(f, w.node[id].Field(f.Field)) {
				kept[id] = true
			}
		}
	case store.Has:
		wanted := w.kept(f.Hop.Kind, f.Where)
		for _, s := range w.steps(f.Hop) {
			if all[s.from.Key()] && wanted[s.to.Key()] {
				kept[s.from.Key()] = true
			}
		}
	}
	return kept
}

// passes says whether one of a node's values passes a condition.
func passes(c store.Cond, values []string) bool {
	read := func(s string) []byte { return []byte(un.Fold(s)) }
	if c.Field == "id" {
		read = func(s string) []byte { return []byte(s) }
	}
	for _, value := range values {
		if c.Op == store.Known {
			return true
		}
		has := read(value)
		for _, value := range c.Values {
			asked := read(value)
			order := bytes.Compare(has, asked)
			switch {
			case c.Op == store.Is && order == 0, c.Op == store.Before && order < 0, c.Op == store.From && order >= 0:
				return true
			case c.Op == store.Contains:
				for i := 0; i+len(asked) <= len(has); i++ {
					if string(has[i:i+len(asked)]) == string(asked) {
						return true
					}
				}
			}
		}
	}
	return false
}

// A step is an edge as a hop goes over it.
type step struct {
	from, to un.Node
	edge     un.Edge
}

// steps are all that a hop goes over, whatever its validity.
func (w world) steps(h store.Hop) (steps []step) {
	for _, e := range w.Edges {
		if !slices.Contains(h.Relations, e.Relation) {
			continue
		}
		along, back := step{w.node[e.From], w.node[e.To], e}, step{w.node[e.To], w.node[e.From], e}
		if h.Direction != store.In {
			steps = append(steps, along)
		}
		if h.Direction == store.In || h.Direction == store.Both && e.From != e.To {
			steps = append(steps, back)
		}
	}
	return slices.DeleteFunc(steps, func(s step) bool { return s.to.NodeKind() != h.Kind })
}

func inForce(v un.Validity, day un.Date) bool { return day == "" || v.From <= day && day < v.Until }

// find has the items of all pages.
func (w world) find(s store.Select) (list []store.Item) {
	for id := range w.kept(s.Kind, s.Where) {
		if n := w.node[id]; inForce(n.Valid(), s.AsOf) {
			list = append(list, store.Item{Node: n})
		}
	}
	return arranged(nil, s, list)
}

// hop has the items of all pages, by the node from which they are reached; none where there are none.
func (w world) hop(h store.Hop, s store.Select) map[un.ID][]store.Item {
	lists := map[un.ID][]store.Item{}
	kept := w.kept(s.Kind, s.Where)
	for _, step := range w.steps(h) {
		from, edge := step.from.Key(), step.edge
		if !kept[step.to.Key()] || !inForce(step.to.Valid(), s.AsOf) || !inForce(edge.Validity, s.AsOf) {
			continue
		}
		again := slices.IndexFunc(lists[from], func(it store.Item) bool { return it.Node == step.to })
		switch {
		case again < 0 || h.Edges:
			lists[from] = append(lists[from], store.Item{Node: step.to, Edge: &edge})
		case edge.ID < lists[from][again].Edge.ID:
			lists[from][again].Edge = &edge
		}
	}
	for from, list := range lists {
		lists[from] = arranged(&h, s, list)
	}
	return lists
}

// arranged puts a list in order and gives the items their keys.
func arranged(h *store.Hop, s store.Select, list []store.Item) []store.Item {
	slices.SortFunc(list, func(a, b store.Item) int {
		switch {
		case precedes(h, s, a, b):
			return -1
		case precedes(h, s, b, a):
			return 1
		}
		return 0
	})
	for i, it := range list {
		list[i].Key = s.KeyOf(h, it.Node, it.Edge)
	}
	return list
}

// precedes says whether a comes before b: by the folded value, then by the node's id, then by the edge's, all of them
// the other way where descending; but what lacks the value comes last in both directions.
func precedes(h *store.Hop, s store.Select, a, b store.Item) bool {
	order := s.Order
	if order == "" {
		order = un.Orders[s.Kind][0]
	}
	one, two := a.Node.SortValue(order), b.Node.SortValue(order)
	if (one == "") != (two == "") {
		return two == ""
	}
	by := strings.Compare(un.Fold(one), un.Fold(two))
	if by == 0 {
		by = strings.Compare(string(a.Node.Key()), string(b.Node.Key()))
	}
	if by == 0 && h != nil && h.Edges {
		by = strings.Compare(string(a.Edge.ID), string(b.Edge.ID))
	}
	if s.Desc {
		return by > 0
	}
	return by < 0
}

// pageOf cuts a page out of a list: it begins after an item, which need not be of this list.
func pageOf(h *store.Hop, s store.Select, list []store.Item, after *store.Item) (p store.Page) {
	if s.Total {
		p.Total = len(list)
	}
	for _, it := range list {
		switch {
		case after != nil && !precedes(h, s, *after, it):
		case len(p.Items) == s.First:
			p.More = true
		default:
			p.Items = append(p.Items, it)
		}
	}
	return p
}

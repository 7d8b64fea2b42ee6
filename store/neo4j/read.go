package neo4j

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"mandategraph/store"
	"mandategraph/un"
)

// A snapshot reads one generation.
type snapshot struct {
	*Store
	load load
}

// Version is the hash of the facts that were loaded.
func (s *snapshot) Version() string { return s.load.hash }

// Nodes reads those that are not kept already.
func (s *snapshot) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, "nodes", err)
	}
	found := make(map[un.ID]un.Node, len(ids))
	var keys []string
	for _, id := range ids {
		key := nodeKey(s.load.gen, id)
		if n, ok := s.nodes.Get(key); ok {
			found[id] = n
		} else {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) == 0 || s.load.gen == 0 {
		return found, nil
	}
	rows, err := s.run(ctx, statement{"nodes", nodesText, map[string]any{"keys": keys}}, reading)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if len(r.Values) < 3 {
			return nil, fmt.Errorf("%w: neo4j: a node has %d values", store.ErrInternal, len(r.Values))
		}
		kind, _ := r.Values[0].(string)
		n, err := s.node(un.Kind(kind), r.Values[1:])
		if err != nil {
			return nil, err
		}
		found[n.Key()] = n
	}
	return found, nil
}

// Find reads one page.
func (s *snapshot) Find(ctx context.Context, sel store.Select) (store.Page, error) {
	if err := cmp.Or(sel.Check(nil), ctx.Err()); err != nil {
		return store.Page{}, err
	}
	if s.load.gen == 0 {
		return store.Page{}, nil
	}
	st, counted := s.counted(sel)
	values, err := s.one(ctx, st, reading)
	if err != nil {
		return store.Page{}, err
	}
	p, err := s.page(sel, nil, "", values[0], values[1])
	if err != nil {
		return store.Page{}, err
	}
	return counted(p), nil
}

// counted is the statement of a page, without the total where that is known: all nodes of a kind were counted by the
// load, and a total that was counted once is kept, since a generation never changes. The page gets the total either way.
func (s *snapshot) counted(sel store.Select) (statement, func(store.Page) store.Page) {
	if !sel.Total {
		return find(s.load.gen, sel), func(p store.Page) store.Page { return p }
	}
	bare := sel
	bare.After, bare.First, bare.Order, bare.Desc, bare.Total = "", 0, "", false, false
	whole := find(s.load.gen, bare)
	key := whole.text + fmt.Sprint(whole.params)
	total, known := s.totals.Get(key)
	if !known && sel.Where == nil && sel.AsOf == "" {
		total, known = s.load.counts[sel.Kind], true
	}
	sel.Total = !known
	return find(s.load.gen, sel), func(p store.Page) store.Page {
		if known {
			p.Total = total
		} else {
			s.totals.Add(key, p.Total)
		}
		return p
	}
}

// Neighbors takes a hop from many.
func (s *snapshot) Neighbors(ctx context.Context, from []un.ID, h store.Hop, sel store.Select) (map[un.ID]store.Page, error) {
	if err := cmp.Or(sel.Check(&h), ctx.Err()); err != nil {
		return nil, err
	}
	from = slices.Compact(slices.Sorted(slices.Values(from))) // UNWIND repeats what is repeated
	pages := make(map[un.ID]store.Page, len(from))
	if s.load.gen == 0 || len(h.Relations) == 0 || len(from) == 0 {
		return pages, nil
	}
	rows, err := s.run(ctx, neighbors(s.load.gen, from, h, sel), reading)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		id, _ := r.Values[0].(string)
		p, err := s.page(sel, &h, un.ID(id), r.Values[1], r.Values[2])
		if err != nil {
			return nil, err
		}
		if len(p.Items) > 0 || p.More || p.Total > 0 {
			pages[un.ID(id)] = p
		}
	}
	return pages, nil
}

// page decodes a total and a list of items; in a hop, those of one of the nodes that it leads from.
func (s *snapshot) page(sel store.Select, h *store.Hop, from un.ID, total, items any) (p store.Page, err error) {
	count, _ := total.(int64)
	p.Total = int(count)
	rows, ok := items.([]any)
	if !ok {
		return p, fmt.Errorf("%w: neo4j: items are %T", store.ErrInternal, items)
	}
	if p.More = len(rows) > sel.First; p.More {
		rows = rows[:sel.First]
	}
	for _, row := range rows {
		values, _ := row.([]any)
		n, err := s.node(sel.Kind, values)
		if err != nil {
			return p, err
		}
		item := store.Item{Node: n}
		if h != nil {
			if item.Edge, err = s.edge(values[2:], from, n.Key()); err != nil {
				return p, err
			}
		}
		item.Key = sel.KeyOf(h, n, item.Edge)
		p.Items = append(p.Items, item)
	}
	return p, nil
}

// node decodes a node, or takes the one that was decoded before.
func (s *snapshot) node(kind un.Kind, values []any) (un.Node, error) {
	if len(values) < 2 {
		return nil, fmt.Errorf("%w: neo4j: a node has %d values", store.ErrInternal, len(values))
	}
	id, _ := values[0].(string)
	key := nodeKey(s.load.gen, un.ID(id))
	if n, ok := s.nodes.Get(key); ok {
		return n, nil
	}
	n, err := decodeNode(kind, values[1])
	if err != nil {
		return nil, fmt.Errorf("%w: neo4j: node %s: %w", store.ErrInternal, id, err)
	}
	s.nodes.Add(key, n)
	return n, nil
}

// edge decodes an edge likewise.
func (s *snapshot) edge(values []any, near, far un.ID) (*un.Edge, error) {
	if len(values) < 6 {
		return nil, fmt.Errorf("%w: neo4j: a relation has %d values", store.ErrInternal, len(values))
	}
	id, _ := values[0].(string)
	key := strconv.FormatInt(s.load.gen, 10) + "|" + id
	if e, ok := s.edges.Get(key); ok {
		return e, nil
	}
	e, err := decodeEdge(values, near, far)
	if err != nil {
		return nil, fmt.Errorf("%w: neo4j: relation %s: %w", store.ErrInternal, id, err)
	}
	s.edges.Add(key, e)
	return e, nil
}

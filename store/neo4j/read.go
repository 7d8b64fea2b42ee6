package neo4j

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

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

// kept is the key of what is kept of a node or an edge. The hash of the facts says what it holds; a generation's number comes
// again where somebody emptied the database.
func (s *snapshot) kept(id un.ID) string { return s.load.hash + "|" + string(id) }

// Nodes reads those that are not kept already.
func (s *snapshot) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, "nodes", err)
	}
	found := make(map[un.ID]un.Node, len(ids))
	var keys []string
	for _, id := range ids {
		if n, ok := s.nodes.Get(s.kept(id)); ok {
			found[id] = n
		} else {
			keys = append(keys, nodeKey(s.load.gen, id))
		}
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) == 0 || s.load.gen == 0 {
		return found, nil
	}
	rows, err := s.run(ctx, statement{name: "nodes", text: nodesText, params: map[string]any{"keys": keys}}, reading)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if len(r.Values) < 3 {
			return nil, fmt.Errorf("%w: neo4j: a node has %d values", store.ErrInternal, len(r.Values))
		}
		kind, _ := r.Values[0].(string)
		id, _ := r.Values[1].(string)
		n, err := (&decoder{snapshot: s}).node(un.Kind(kind), id, r.Values[2:])
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
	key := s.keyOf(st)
	if p, ok := s.keptPage(key); ok {
		return counted(p), nil
	}
	var p store.Page
	err := s.read(ctx, st, func(d *decoder, rows []*driver.Record) (err error) {
		if len(rows) != 1 {
			return fmt.Errorf("%w: neo4j: %s: %d rows, not one", store.ErrInternal, st.name, len(rows))
		}
		p, err = d.page(sel, nil, "", rows[0].Values[0], rows[0].Values[1])
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	s.keepPage(key, p)
	return counted(p), nil
}

// keyOf is the key of what a statement gives. What was read of a generation stays as it is.
func (s *snapshot) keyOf(st statement) string {
	return s.kept(un.ID(st.text + fmt.Sprintf("%#v", st.params)))
}

// keptPage is one that was read before.
func (s *snapshot) keptPage(key string) (store.Page, bool) {
	if s.pages == nil {
		return store.Page{}, false
	}
	p, ok := s.pages.Get(key)
	p.Items = slices.Clone(p.Items) // what is kept belongs to nobody
	return p, ok
}

func (s *snapshot) keepPage(key string, p store.Page) {
	if s.pages != nil {
		p.Items = slices.Clone(p.Items)
		s.pages.Add(key, p)
	}
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
	key := s.keyOf(whole)
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
	pages := map[un.ID]store.Page{}
	if s.load.gen == 0 || len(h.Relations) == 0 || len(from) == 0 {
		return pages, nil
	}
	add := func(id un.ID, p store.Page) {
		if len(p.Items) > 0 || p.More || p.Total > 0 {
			pages[id] = p
		}
	}
	list := s.keyOf(neighbors(s.load.gen, nil, h, sel))
	var missing []un.ID
	for _, id := range from {
		if p, ok := s.keptPage(list + string(id)); ok {
			add(id, p)
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return pages, nil
	}
	var read map[un.ID]store.Page
	err := s.read(ctx, neighbors(s.load.gen, missing, h, sel), func(d *decoder, rows []*driver.Record) error {
		read = make(map[un.ID]store.Page, len(missing))
		for _, r := range rows {
			id, _ := r.Values[0].(string)
			p, err := d.page(sel, &h, un.ID(id), r.Values[1], r.Values[2])
			if err != nil {
				return err
			}
			read[un.ID(id)] = p
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, id := range missing { // also those of which there is nothing to say
		s.keepPage(list+string(id), read[id])
		add(id, read[id])
	}
	return pages, nil
}

// read sends the statement of a list. Where all that it gave last time was kept already, ids are asked for alone: most of
// the cost of a row is its text. What turns out not to be kept is then asked for whole, in a second round trip.
func (s *snapshot) read(ctx context.Context, st statement, take func(*decoder, []*driver.Record) error) error {
	text := s.kept(un.ID(st.text))
	if s.known.Contains(text) {
		rows, err := s.run(ctx, statement{name: st.name, text: st.ids, params: st.params}, reading)
		if err != nil {
			return err
		}
		if err = take(&decoder{snapshot: s}, rows); !errors.Is(err, errNotKept) {
			return err
		}
		s.known.Remove(text)
	}
	rows, err := s.run(ctx, st, reading)
	if err != nil {
		return err
	}
	d := &decoder{snapshot: s}
	if err := take(d, rows); err != nil {
		return err
	}
	if d.decoded == 0 {
		s.known.Add(text, struct{}{})
	} else {
		s.known.Remove(text)
	}
	return nil
}

// errNotKept says that an item is known by its id alone.
var errNotKept = fmt.Errorf("%w: neo4j: an item has an id alone", store.ErrInternal)

// A decoder reads items, and counts those that had to be decoded.
type decoder struct {
	*snapshot
	decoded int
}

// page decodes a total and a list of items; in a hop, those of one of the nodes that it leads from.
func (d *decoder) page(sel store.Select, h *store.Hop, from un.ID, total, items any) (p store.Page, err error) {
	count, _ := total.(int64)
	p.Total = int(count)
	rows, ok := items.([]any)
	if !ok {
		return p, fmt.Errorf("%w: neo4j: items are %T", store.ErrInternal, items)
	}
	if p.More = len(rows) > sel.First; p.More {
		rows = rows[:sel.First]
	}
	ids := 1
	if h != nil {
		ids = 2
	}
	for _, row := range rows {
		values, _ := row.([]any)
		if len(values) < ids {
			return p, fmt.Errorf("%w: neo4j: an item has %d values", store.ErrInternal, len(values))
		}
		id, _ := values[0].(string)
		var item store.Item
		if item.Node, err = d.node(sel.Kind, id, values[ids:]); err != nil {
			return p, err
		}
		if h != nil {
			edge, _ := values[1].(string)
			if item.Edge, err = d.edge(edge, values[ids:], from, un.ID(id)); err != nil {
				return p, err
			}
		}
		item.Key = sel.KeyOf(h, item.Node, item.Edge)
		p.Items = append(p.Items, item)
	}
	return p, nil
}

// node takes the node that was decoded before, or decodes its JSON, the first of the values.
func (d *decoder) node(kind un.Kind, id string, values []any) (un.Node, error) {
	key := d.kept(un.ID(id))
	if n, ok := d.nodes.Get(key); ok {
		return n, nil
	}
	if len(values) < 1 {
		return nil, errNotKept
	}
	n, err := decodeNode(kind, values[0])
	if err != nil {
		return nil, fmt.Errorf("%w: neo4j: node %s: %w", store.ErrInternal, id, err)
	}
	d.decoded++
	d.nodes.Add(key, n)
	return n, nil
}

// edge does so with an edge, whose values come after the node's.
func (d *decoder) edge(id string, values []any, near, far un.ID) (*un.Edge, error) {
	key := d.kept(un.ID(id))
	if e, ok := d.edges.Get(key); ok {
		return e, nil
	}
	if len(values) < 6 {
		return nil, errNotKept
	}
	e, err := decodeEdge(un.ID(id), values[1:], near, far)
	if err != nil {
		return nil, fmt.Errorf("%w: neo4j: relation %s: %w", store.ErrInternal, id, err)
	}
	d.decoded++
	d.edges.Add(key, e)
	return e, nil
}

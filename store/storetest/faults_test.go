package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"go.uber.org/goleak"

	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/store/storetest"
	"mandategraph/un"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A broken store is a good one with a fault. The fields that are nil do what the good one does.
type broken struct {
	store.Store
	snapshot func(store.Reader) (store.Reader, error)
	replace  func(context.Context, un.Graph) error
	reader   reader
}

// A reader is what a broken store's snapshots do.
type reader struct {
	store.Reader
	version   func(of store.Reader) string
	nodes     func(of store.Reader, ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error)
	find      func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error)
	neighbors func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error)
}

func (b broken) Snapshot(ctx context.Context) (store.Reader, error) {
	r, err := b.Store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if b.snapshot != nil {
		return b.snapshot(r)
	}
	view := b.reader
	view.Reader = r
	return view, nil
}

func (b broken) Replace(ctx context.Context, g un.Graph) error {
	if b.replace != nil {
		return b.replace(ctx, g)
	}
	return b.Store.Replace(ctx, g)
}

func (r reader) Version() string {
	if r.version != nil {
		return r.version(r.Reader)
	}
	return r.Reader.Version()
}

func (r reader) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	if r.nodes != nil {
		return r.nodes(r.Reader, ctx, ids)
	}
	return r.Reader.Nodes(ctx, ids)
}

func (r reader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if r.find != nil {
		return r.find(r.Reader, ctx, s)
	}
	return r.Reader.Find(ctx, s)
}

func (r reader) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	if r.neighbors != nil {
		return r.neighbors(r.Reader, ctx, from, h, s)
	}
	return r.Reader.Neighbors(ctx, from, h, s)
}

// A fault is put into a store.
type fault func(m store.Store) store.Store

func reading(r reader) fault {
	return func(m store.Store) store.Store { return broken{Store: m, reader: r} }
}

// asking asks something else.
func asking(change func(h *store.Hop, s *store.Select)) fault {
	return reading(reader{
		find: func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
			change(nil, &s)
			return of.Find(ctx, s)
		},
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			change(&h, &s)
			return of.Neighbors(ctx, from, h, s)
		},
	})
}

// filtering asks with another filter in the place of each.
func filtering(change func(f store.Filter, day un.Date) store.Filter) fault {
	var all func(f store.Filter, day un.Date) store.Filter
	all = func(f store.Filter, day un.Date) store.Filter {
		switch g := f.(type) {
		case store.And:
			f = store.And{}
			for _, part := range g {
				f = append(f.(store.And), all(part, day))
			}
		case store.Or:
			f = store.Or{}
			for _, part := range g {
				f = append(f.(store.Or), all(part, day))
			}
		case store.Not:
			f = store.Not{Filter: all(g.Filter, day)}
		case store.Has:
			if g.Where != nil {
				g.Where = all(g.Where, day)
			}
			f = g
		}
		return change(f, day)
	}
	return asking(func(h *store.Hop, s *store.Select) {
		if s.Where != nil && s.Check(h) == nil {
			s.Where = all(s.Where, s.AsOf)
		}
	})
}

// comparing compares values in another way than Cond does, where it says so.
func comparing(op store.Op, match func(c store.Cond, value, wanted string) bool) fault {
	return filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == op {
			return matching{c, func(n un.Node) bool {
				return slices.ContainsFunc(n.Field(c.Field), func(value string) bool {
					return slices.ContainsFunc(c.Values, func(wanted string) bool { return match(c, value, wanted) })
				})
			}}
		}
		return f
	})
}

type matching struct {
	store.Filter
	keeps func(un.Node) bool
}

func (m matching) Match(n un.Node, _ store.Near) bool { return m.keeps(n) }

// listing changes whole lists, before they are cut into pages. It gets them from the good store, asked as ask says.
func listing(ask func(h *store.Hop, s *store.Select), change func(h *store.Hop, s store.Select, all []store.Item) []store.Item) fault {
	whole := func(h *store.Hop, s store.Select) (*store.Hop, store.Select) {
		if h != nil {
			h = &store.Hop{Relations: h.Relations, Direction: h.Direction, Kind: h.Kind, Edges: h.Edges}
		}
		s.First, s.After, s.Total = store.MaxFirst, "", false
		if ask != nil {
			ask(h, &s)
		}
		return h, s
	}
	return reading(reader{
		find: func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
			if err := s.Check(nil); err != nil {
				return store.Page{}, err
			}
			_, wider := whole(nil, s)
			var all []store.Item
			for {
				p, err := of.Find(ctx, wider)
				if err != nil {
					return store.Page{}, err
				}
				if all = append(all, p.Items...); !p.More {
					return cut(nil, s, change(nil, s, all)), nil
				}
				wider.After = wider.CursorAt(nil, all[len(all)-1].Key)
			}
		},
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			if err := s.Check(&h); err != nil {
				return nil, err
			}
			pages := map[un.ID]store.Page{}
			for _, id := range from {
				hop, wider := whole(&h, s)
				var all []store.Item
				for more := true; more; {
					got, err := of.Neighbors(ctx, []un.ID{id}, *hop, wider)
					if err != nil {
						return nil, err
					}
					all = append(all, got[id].Items...)
					if more = got[id].More; more {
						wider.After = wider.CursorAt(hop, all[len(all)-1].Key)
					}
				}
				if p := cut(&h, s, change(&h, s, all)); len(p.Items) > 0 || p.More || p.Total > 0 {
					pages[id] = p
				}
			}
			return pages, ctx.Err()
		},
	})
}

// cut makes a page of a list, from the item with the cursor's key on.
func cut(h *store.Hop, s store.Select, all []store.Item) (p store.Page) {
	if s.Total {
		p.Total = len(all)
	}
	if key, _ := s.Position(h); key != "" {
		begin := slices.IndexFunc(all, func(it store.Item) bool { return it.Key == key }) + 1
		if begin == 0 {
			begin = slices.IndexFunc(all, func(it store.Item) bool { return s.Compare(it.Key, key) > 0 })
		}
		if begin < 0 {
			begin = len(all)
		}
		all = all[begin:]
	}
	p.More = len(all) > s.First
	p.Items = all[:min(len(all), s.First)]
	return p
}

// paging changes single pages.
func paging(change func(h *store.Hop, s store.Select, p store.Page) store.Page) fault {
	return reading(reader{
		find: func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
			p, err := of.Find(ctx, s)
			return change(nil, s, p), err
		},
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			pages, err := of.Neighbors(ctx, from, h, s)
			for id, p := range pages {
				pages[id] = change(&h, s, p)
			}
			return pages, err
		},
	})
}

// handing changes what a hop gives.
func handing(change func(ctx context.Context, of store.Reader, from []un.ID, h store.Hop, s store.Select, pages map[un.ID]store.Page)) fault {
	return reading(reader{neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
		pages, err := of.Neighbors(ctx, from, h, s)
		if err == nil {
			change(ctx, of, from, h, s, pages)
		}
		return pages, err
	}})
}

// sorting sorts lists in another way.
func sorting(by func(h *store.Hop, s store.Select, a, b store.Item) int) fault {
	return listing(nil, func(h *store.Hop, s store.Select, all []store.Item) []store.Item {
		slices.SortStableFunc(all, func(a, b store.Item) int { return by(h, s, a, b) })
		return all
	})
}

// choosing lists nodes, with an edge that it chooses in its own way.
func choosing(better func(s store.Select, a, b *un.Edge) bool) fault {
	edges := func(h *store.Hop, s *store.Select) {
		if h != nil && !h.Edges {
			h.Edges, s.AsOf = true, ""
		}
	}
	return listing(edges, func(h *store.Hop, s store.Select, all []store.Item) (list []store.Item) {
		if h == nil || h.Edges {
			return all
		}
		inForce := map[un.ID]bool{}
		for _, it := range all {
			if !it.Node.Valid().On(s.AsOf) {
				continue
			}
			inForce[it.Node.Key()] = inForce[it.Node.Key()] || it.Edge.Validity.On(s.AsOf)
			it.Key = s.KeyOf(h, it.Node, it.Edge)
			if n := len(list); n == 0 || list[n-1].Key != it.Key {
				list = append(list, it)
			} else if better(s, it.Edge, list[n-1].Edge) {
				list[n-1].Edge = it.Edge
			}
		}
		return slices.DeleteFunc(list, func(it store.Item) bool { return !inForce[it.Node.Key()] })
	})
}

// replacing replaces in another way.
func replacing(by func(ctx context.Context, m store.Store, g un.Graph) error) fault {
	return func(m store.Store) store.Store {
		return broken{Store: m, replace: func(ctx context.Context, g un.Graph) error { return by(ctx, m, g) }}
	}
}

// failing changes the errors.
func failing(change func(error) error) fault {
	return reading(reader{find: func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
		p, err := of.Find(ctx, s)
		if err != nil {
			err = change(err)
		}
		return p, err
	}})
}

const (
	agrees   = "agrees with brute force"
	refuses  = "refuses what is invalid"
	hundreds = "gives pages of a hundred"
	names    = "names the graph by its version"
	outlives = "keeps a snapshot through replacements"
	survives = "keeps the old graph where a replacement fails"
	mixes    = "never mixes two graphs"
	stops    = "stops where the context has ended"
	empty    = "is empty before the first load"
)

var faults = []struct {
	name, found string // by which check
	fault       fault
}{
	// Pages.
	{"drops an item on page 2", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		if s.After != "" && len(p.Items) > 1 {
			p.Items = p.Items[1:]
		}
		return p
	})},
	{"repeats the cursor's item", agrees, listing(nil, func(_ *store.Hop, s store.Select, all []store.Item) []store.Item {
		if s.After != "" && len(all) > 0 {
			return slices.Insert(all, 1, all[0])
		}
		return all
	})},
	{"counts the page in place of all", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		if s.Total {
			p.Total = len(p.Items)
		}
		return p
	})},
	{"counts from the cursor on", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		if s.Total && s.After != "" {
			p.Total--
		}
		return p
	})},
	{"counts unasked", agrees, asking(func(_ *store.Hop, s *store.Select) { s.Total = true })},
	{"does not count a hop", agrees, asking(func(h *store.Hop, s *store.Select) { s.Total = s.Total && h == nil })},
	{"says that there is more after a full page", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		p.More = s.First > 0 && len(p.Items) == s.First
		return p
	})},
	{"never says that there is more where none was asked", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		p.More = p.More && s.First > 0
		return p
	})},
	{"gives one item where none was asked", agrees, asking(func(_ *store.Hop, s *store.Select) {
		if s.First == 0 {
			s.First = 1
		}
	})},
	{"ends each page at fifty", hundreds, paging(func(_ *store.Hop, _ store.Select, p store.Page) store.Page {
		p.Items = p.Items[:min(50, len(p.Items))]
		return p
	})},
	{"begins anew where the cursor's item is gone", agrees, listing(nil, func(h *store.Hop, s store.Select, all []store.Item) []store.Item {
		if key, _ := s.Position(h); key != "" && !slices.ContainsFunc(all, func(it store.Item) bool { return it.Key == key }) {
			return append([]store.Item{{Key: key}}, all...)
		}
		return all
	})},
	{"takes the cursor for the first parent alone", agrees, reading(reader{
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			all, err := of.Neighbors(ctx, from, h, s)
			s.After = ""
			for i := 1; i < len(from) && err == nil; i++ {
				if from[i] == from[0] {
					continue
				}
				var one map[un.ID]store.Page
				if one, err = of.Neighbors(ctx, from[i:i+1], h, s); err == nil && len(one) > 0 {
					all[from[i]] = one[from[i]]
				}
			}
			return all, err
		},
	})},

	// Orders.
	{"ignores Desc", agrees, asking(func(_ *store.Hop, s *store.Select) { s.Desc = false })},
	{"ignores the order", agrees, asking(func(_ *store.Hop, s *store.Select) { s.Order = "" })},
	{"sorts by raw text", agrees, sorting(func(_ *store.Hop, s store.Select, a, b store.Item) int {
		by := cmp.Compare(a.Node.SortValue(s.OrderOf()), b.Node.SortValue(s.OrderOf()))
		if s.Desc {
			by = -by
		}
		return by
	})},
	{"sorts by UTF-16", agrees, sorting(func(_ *store.Hop, s store.Select, a, b store.Item) int {
		by := slices.Compare(utf16.Encode([]rune(a.Key)), utf16.Encode([]rune(b.Key)))
		if s.Desc {
			by = -by
		}
		return by
	})},
	{"puts the undated first in descending lists", agrees, sorting(func(_ *store.Hop, s store.Select, a, b store.Item) int {
		missing := func(it store.Item) int { return min(len(it.Node.SortValue(s.OrderOf())), 1) }
		if !s.Desc {
			return 0
		}
		return missing(a) - missing(b)
	})},
	{"turns ties the wrong way", agrees, sorting(func(_ *store.Hop, s store.Select, a, b store.Item) int {
		if !s.Desc || un.Fold(a.Node.SortValue(s.OrderOf())) != un.Fold(b.Node.SortValue(s.OrderOf())) {
			return 0
		}
		return cmp.Compare(a.Node.Key(), b.Node.Key())
	})},
	{"turns the edges of a node the wrong way", agrees, sorting(func(h *store.Hop, s store.Select, a, b store.Item) int {
		if h == nil || !h.Edges || !s.Desc || a.Node != b.Node {
			return 0
		}
		return cmp.Compare(a.Edge.ID, b.Edge.ID)
	})},
	{"gives the keys of ascending lists", agrees, paging(func(h *store.Hop, s store.Select, p store.Page) store.Page {
		s.Desc = false
		for i, it := range p.Items {
			p.Items[i].Key = s.KeyOf(h, it.Node, it.Edge)
		}
		return p
	})},
	{"leaves the edge out of the key", agrees, paging(func(_ *store.Hop, s store.Select, p store.Page) store.Page {
		for i, it := range p.Items {
			p.Items[i].Key = s.KeyOf(nil, it.Node, nil)
		}
		return p
	})},

	// Days.
	{"ignores AsOf", agrees, asking(func(_ *store.Hop, s *store.Select) { s.AsOf = "" })},
	{"ignores AsOf in hops", agrees, asking(func(h *store.Hop, s *store.Select) {
		if h != nil {
			s.AsOf = ""
		}
	})},
	{"ignores AsOf on edges", agrees, listing(
		func(_ *store.Hop, s *store.Select) { s.AsOf = "" },
		func(_ *store.Hop, s store.Select, all []store.Item) []store.Item {
			return slices.DeleteFunc(all, func(it store.Item) bool { return !it.Node.Valid().On(s.AsOf) })
		})},
	{"ignores AsOf on nodes of hops", agrees, listing(
		func(h *store.Hop, s *store.Select) {
			if h != nil {
				s.AsOf = ""
			}
		},
		func(_ *store.Hop, s store.Select, all []store.Item) []store.Item {
			return slices.DeleteFunc(all, func(it store.Item) bool { return it.Edge != nil && !it.Edge.Validity.On(s.AsOf) })
		})},
	{"counts the last day in", agrees, listing(
		func(h *store.Hop, s *store.Select) {
			if h == nil {
				s.AsOf = ""
			}
		},
		func(h *store.Hop, s store.Select, all []store.Item) []store.Item {
			return slices.DeleteFunc(all, func(it store.Item) bool {
				v := it.Node.Valid()
				return h == nil && s.AsOf != "" && (s.AsOf < v.From || v.Until < s.AsOf)
			})
		})},

	// Filters.
	{"ignores Not", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if not, ok := f.(store.Not); ok {
			return not.Filter
		}
		return f
	})},
	{"takes And for Or", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if and, ok := f.(store.And); ok && len(and) > 0 {
			return store.Or(and)
		}
		return f
	})},
	{"takes Or for And", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if or, ok := f.(store.Or); ok && len(or) > 0 {
			return store.And(or)
		}
		return f
	})},
	{"keeps all where Or is empty", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if or, ok := f.(store.Or); ok && len(or) == 0 {
			return store.And{}
		}
		return f
	})},
	{"keeps nothing where And is empty", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if and, ok := f.(store.And); ok && len(and) == 0 {
			return store.Or{}
		}
		return f
	})},
	{"keeps all where there is no value", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Is && len(c.Values) == 0 {
			return store.And{}
		}
		return f
	})},
	{"looks at one value of several", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Is {
			c.Values = c.Values[:min(1, len(c.Values))]
			return c
		}
		return f
	})},
	{"looks at a node's first name alone", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Is && c.Field == "name" {
			return matching{c, func(n un.Node) bool {
				values := n.Field("name")
				return len(values) > 0 && slices.ContainsFunc(c.Values, func(v string) bool { return un.Fold(v) == un.Fold(values[0]) })
			}}
		}
		return f
	})},
	{"keeps all that is before what is not there", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Before {
			return store.Or{c, store.Not{Filter: store.Cond{Field: c.Field, Op: store.Known}}}
		}
		return f
	})},
	{"takes an empty name for none", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Known {
			return matching{c, func(n un.Node) bool { return strings.Join(n.Field(c.Field), "") != "" }}
		}
		return f
	})},
	{"finds parts as they are written", agrees, comparing(store.Contains, func(_ store.Cond, value, wanted string) bool { return strings.Contains(value, wanted) })},
	{"finds texts as they are written", agrees, comparing(store.Is, func(_ store.Cond, value, wanted string) bool { return value == wanted })},
	{"finds texts of the same beginning", agrees, comparing(store.Is, func(_ store.Cond, value, wanted string) bool {
		return strings.HasPrefix(un.Fold(value), un.Fold(wanted))
	})},
	{"finds the same ids in another case", agrees, comparing(store.Is, func(_ store.Cond, value, wanted string) bool { return un.Fold(value) == un.Fold(wanted) })},
	{"finds parts of ids in another case", agrees, comparing(store.Contains, func(_ store.Cond, value, wanted string) bool {
		return strings.Contains(un.Fold(value), un.Fold(wanted))
	})},
	{"compares by UTF-16", agrees, comparing(store.Before, func(c store.Cond, value, wanted string) bool {
		if c.Field != "id" {
			value, wanted = un.Fold(value), un.Fold(wanted)
		}
		return slices.Compare(utf16.Encode([]rune(value)), utf16.Encode([]rune(wanted))) < 0
	})},
	{"counts the day itself as before", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.Before {
			return store.Or{c, store.Cond{Field: c.Field, Op: store.Is, Values: c.Values}}
		}
		return f
	})},
	{"begins after the day itself", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if c, ok := f.(store.Cond); ok && c.Op == store.From {
			return store.And{c, store.Not{Filter: store.Cond{Field: c.Field, Op: store.Is, Values: c.Values}}}
		}
		return f
	})},
	{"ignores what a hop must lead to", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if has, ok := f.(store.Has); ok {
			has.Where = nil
			return has
		}
		return f
	})},
	{"takes each hop of a filter both ways", agrees, filtering(func(f store.Filter, _ un.Date) store.Filter {
		if has, ok := f.(store.Has); ok {
			has.Hop.Direction = store.Both
			return has
		}
		return f
	})},
	{"asks whether what a filter's hop leads to is in force", agrees, filtering(func(f store.Filter, day un.Date) store.Filter {
		if has, ok := f.(store.Has); ok && day != "" {
			const from, until = "validFrom", "validTo"
			has.Where = store.And{
				cmp.Or[store.Filter](has.Where, store.Not{Filter: store.Or{}}),
				store.Cond{Field: from, Op: store.Before, Values: []string{string(day.AddDays(1))}},
				store.Cond{Field: until, Op: store.From, Values: []string{string(day.AddDays(1))}},
			}
			return has
		}
		return f
	})},

	// Hops.
	{"gives a page to a parent that has none", agrees, handing(func(_ context.Context, _ store.Reader, from []un.ID, _ store.Hop, _ store.Select, pages map[un.ID]store.Page) {
		for _, id := range from {
			p := pages[id]
			pages[id] = p
		}
	})},
	{"gives a page to an unknown parent", agrees, handing(func(_ context.Context, _ store.Reader, from []un.ID, _ store.Hop, _ store.Select, pages map[un.ID]store.Page) {
		if slices.Contains(from, "unknown") {
			pages["unknown"] = store.Page{}
		}
	})},
	{"repeats what repeated parents reach", agrees, handing(func(_ context.Context, _ store.Reader, from []un.ID, _ store.Hop, _ store.Select, pages map[un.ID]store.Page) {
		for i, id := range from {
			if p, ok := pages[id]; ok && slices.Contains(from[:i], id) {
				p.Items = slices.Repeat(p.Items, 2)
				pages[id] = p
			}
		}
	})},
	{"leaves out parents after the fifth", agrees, handing(func(_ context.Context, _ store.Reader, from []un.ID, _ store.Hop, _ store.Select, pages map[un.ID]store.Page) {
		for i, id := range from {
			if i >= 5 && !slices.Contains(from[:5], id) {
				delete(pages, id)
			}
		}
	})},
	{"leaves out a parent from which there is only more", agrees, handing(func(_ context.Context, _ store.Reader, _ []un.ID, _ store.Hop, _ store.Select, pages map[un.ID]store.Page) {
		for id, p := range pages {
			if len(p.Items) == 0 {
				delete(pages, id)
			}
		}
	})},
	{"follows a citation of itself twice", agrees, listing(nil, func(h *store.Hop, _ store.Select, all []store.Item) (list []store.Item) {
		for _, it := range all {
			if list = append(list, it); h != nil && h.Edges && h.Direction == store.Both && it.Edge.From == it.Edge.To {
				list = append(list, it)
			}
		}
		return list
	})},
	{"does not follow a citation of itself back", agrees, listing(nil, func(h *store.Hop, _ store.Select, all []store.Item) []store.Item {
		return slices.DeleteFunc(all, func(it store.Item) bool { return h != nil && h.Direction == store.In && it.Edge.From == it.Edge.To })
	})},
	{"takes both ways for the way out", agrees, listing(func(h *store.Hop, _ *store.Select) {
		if h != nil && h.Direction == store.Both {
			h.Direction = store.Out
		}
	}, func(_ *store.Hop, _ store.Select, all []store.Item) []store.Item { return all })},
	{"takes the first relation alone", agrees, listing(func(h *store.Hop, _ *store.Select) {
		if h != nil {
			h.Relations = h.Relations[:min(1, len(h.Relations))]
		}
	}, func(_ *store.Hop, _ store.Select, all []store.Item) []store.Item { return all })},
	{"takes no relation for every relation", agrees, listing(func(h *store.Hop, _ *store.Select) {
		for _, join := range un.Relations {
			if h != nil && (len(h.Relations) == 0 || len(h.Relations) > 4) {
				h.Relations = append(h.Relations, join.Relation)
			}
		}
	}, func(_ *store.Hop, _ store.Select, all []store.Item) []store.Item { return all })},
	{"lists a node for each edge", agrees, listing(func(h *store.Hop, _ *store.Select) {
		if h != nil {
			h.Edges = true
		}
	}, func(h *store.Hop, s store.Select, all []store.Item) []store.Item {
		for i, it := range all {
			all[i].Key = s.KeyOf(h, it.Node, it.Edge)
		}
		return all
	})},
	{"lists a node once where each edge was asked", agrees, listing(nil, func(_ *store.Hop, _ store.Select, all []store.Item) []store.Item {
		return slices.CompactFunc(all, func(a, b store.Item) bool { return a.Node == b.Node })
	})},
	{"gives the greatest edge", agrees, choosing(func(s store.Select, a, b *un.Edge) bool {
		return a.Validity.On(s.AsOf) && (!b.Validity.On(s.AsOf) || a.ID > b.ID)
	})},
	{"gives the smallest edge, also one not in force", agrees, choosing(func(_ store.Select, a, b *un.Edge) bool { return a.ID < b.ID })},
	{"gives no edge with nodes", agrees, paging(func(h *store.Hop, _ store.Select, p store.Page) store.Page {
		for i := range p.Items {
			if h != nil && !h.Edges {
				p.Items[i].Edge = nil
			}
		}
		return p
	})},
	{"gives an edge in a list of nodes", agrees, paging(func(h *store.Hop, _ store.Select, p store.Page) store.Page {
		for i := range p.Items {
			if h == nil {
				p.Items[i].Edge = new(un.Edge)
			}
		}
		return p
	})},
	{"forgets where a citation stands", agrees, paging(func(_ *store.Hop, _ store.Select, p store.Page) store.Page {
		for i, it := range p.Items {
			if it.Edge != nil && it.Edge.Citation != nil {
				edge := *it.Edge
				edge.Citation = &un.Citation{Provision: edge.Citation.Provision, AsWritten: edge.Citation.AsWritten}
				p.Items[i].Edge = &edge
			}
		}
		return p
	})},
	{"forgets what the sources do not say", agrees, paging(func(_ *store.Hop, _ store.Select, p store.Page) store.Page {
		for i, it := range p.Items {
			if body, ok := it.Node.(*un.Body); ok {
				body := *body
				body.Gaps = nil
				p.Items[i].Node = &body
			}
		}
		return p
	})},

	// Nodes.
	{"gives nil for an unknown node", agrees, reading(reader{nodes: func(of store.Reader, ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
		found, err := of.Nodes(ctx, ids)
		for _, id := range ids {
			n := found[id]
			found[id] = n
		}
		return found, err
	}})},
	{"finds ids in another case", agrees, reading(reader{nodes: func(of store.Reader, ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
		found, err := of.Nodes(ctx, ids)
		for id := range found {
			for other, n := range found {
				if strings.EqualFold(string(id), string(other)) && other < id {
					found[id] = n
				}
			}
		}
		return found, err
	}})},

	// Requests.
	{"begins at the first where the cursor is bad", refuses, asking(func(h *store.Hop, s *store.Select) {
		if _, err := s.Position(h); err != nil {
			s.After = ""
		}
	})},
	{"takes the cursor of a list for a hop", refuses, asking(func(h *store.Hop, s *store.Select) {
		if key, err := s.Position(nil); err == nil && key != "" && h != nil && !h.Edges {
			s.After = s.CursorAt(h, key)
		}
	})},
	{"takes too many", refuses, asking(func(_ *store.Hop, s *store.Select) { s.First = min(s.First, store.MaxFirst) })},
	{"ignores a bad day", refuses, asking(func(_ *store.Hop, s *store.Select) {
		if _, err := un.ParseDate(string(s.AsOf)); err != nil {
			s.AsOf = ""
		}
	})},
	{"ignores an unknown order", refuses, asking(func(_ *store.Hop, s *store.Select) {
		if !slices.Contains(un.Orders[s.Kind], s.Order) {
			s.Order = ""
		}
	})},
	{"ignores a bad filter", refuses, asking(func(_ *store.Hop, s *store.Select) {
		if s.Where != nil && s.Where.Check(s.Kind) != nil {
			s.Where = nil
		}
	})},
	{"ignores unknown relations", refuses, asking(func(h *store.Hop, _ *store.Select) {
		if h != nil {
			h.Relations = slices.DeleteFunc(slices.Clone(h.Relations), func(r un.Relation) bool { _, ok := un.JoinOf(r); return !ok })
		}
	})},
	{"ignores the hop's kind", refuses, asking(func(h *store.Hop, s *store.Select) {
		if h != nil {
			h.Kind = s.Kind
		}
	})},
	{"checks nothing where there are no parents", refuses, reading(reader{
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			if len(from) == 0 {
				return nil, ctx.Err()
			}
			return of.Neighbors(ctx, from, h, s)
		},
	})},
	{"gives an error of its own", refuses, failing(func(err error) error { return errors.New(err.Error()) })},
	{"gives an error of two kinds", refuses, failing(func(err error) error { return fmt.Errorf("%w: %w", store.ErrInternal, err) })},
	{"gives an error of another kind", refuses, failing(func(error) error { return store.ErrInternal })},

	// Contexts.
	{"goes on without the context", stops, reading(reader{find: func(of store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
		return of.Find(context.WithoutCancel(ctx), s)
	}})},
	{"goes on without the context in a hop from none", stops, reading(reader{
		neighbors: func(of store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			if len(from) == 0 {
				return nil, s.Check(&h)
			}
			return of.Neighbors(ctx, from, h, s)
		},
	})},
	{"is unavailable where the context has ended", stops, failing(func(err error) error {
		if errors.Is(err, context.Canceled) {
			return store.ErrUnavailable
		}
		return err
	})},
	{"replaces without the context", survives, replacing(func(ctx context.Context, m store.Store, g un.Graph) error {
		return cmp.Or(m.Replace(context.WithoutCancel(ctx), g), ctx.Err())
	})},

	// Loads.
	{"has a version before the first load", empty, reading(reader{version: func(of store.Reader) string { return cmp.Or(of.Version(), "0") }})},
	{"has one version", names, reading(reader{version: func(of store.Reader) string { return min(of.Version(), "1") }})},
	{"has a version of its own", names, reading(reader{version: func(of store.Reader) string {
		if of.Version() == "" {
			return ""
		}
		return "v" + of.Version()
	}})},
	{"clears all where a replacement fails", survives, replacing(func(ctx context.Context, m store.Store, g un.Graph) error {
		err := m.Replace(ctx, g)
		if err != nil && ctx.Err() == nil {
			err = cmp.Or(m.Replace(ctx, un.Graph{}), err)
		}
		return err
	})},
	{"drops edges that lead nowhere", survives, replacing(func(ctx context.Context, m store.Store, g un.Graph) error {
		known := map[un.ID]bool{}
		for _, n := range g.Nodes {
			known[n.Key()] = true
		}
		return m.Replace(ctx, un.Graph{Nodes: g.Nodes, Edges: slices.DeleteFunc(slices.Clone(g.Edges), func(e un.Edge) bool { return !known[e.To] })})
	})},
	{"reads what is current", outlives, mixing},
	{"mixes snapshots", mixes, mixing},
	{"mixes snapshots and says so to nobody", mixes, func(m store.Store) store.Store {
		return broken{Store: m, reader: reader{find: func(_ store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
			now, err := m.Snapshot(ctx)
			if err != nil {
				return store.Page{}, err
			}
			return now.Find(ctx, s)
		}}}
	}},
	{"shows half a graph while it loads", mixes, func(m store.Store) store.Store {
		taken := make(chan bool)
		return broken{
			Store: m,
			replace: func(ctx context.Context, g un.Graph) error {
				old, err := m.Snapshot(ctx)
				if err != nil {
					return err
				}
				if old.Version() != "" {
					if err := m.Replace(ctx, un.Graph{Nodes: g.Nodes}); err != nil {
						return err
					}
					select {
					case <-taken:
					case <-ctx.Done():
					}
				}
				return m.Replace(ctx, g)
			},
			snapshot: func(r store.Reader) (store.Reader, error) {
				select {
				case taken <- true:
				default:
				}
				return r, nil
			},
		}
	}},
	{"gives the first snapshot for ever", outlives, func(m store.Store) store.Store {
		var first store.Reader
		return broken{Store: m, snapshot: func(r store.Reader) (store.Reader, error) {
			if first == nil {
				first = r
			}
			return first, nil
		}}
	}},
	{"gives a graph again that was replaced", mixes, func(m store.Store) store.Store {
		var mu sync.Mutex
		var seen []store.Reader
		count := 0
		return broken{Store: m, snapshot: func(r store.Reader) (store.Reader, error) {
			mu.Lock()
			defer mu.Unlock()
			if n := len(seen); n == 0 || seen[n-1] != r {
				seen = append(seen, r)
			}
			if count++; count%7 == 0 && len(seen) > 1 {
				return seen[len(seen)-2], nil
			}
			return r, nil
		}}
	}},
}

// mixing pins the version, and gives what is current.
func mixing(m store.Store) store.Store {
	return broken{Store: m, reader: reader{
		nodes: func(_ store.Reader, ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
			now, err := m.Snapshot(ctx)
			if err != nil {
				return nil, err
			}
			return now.Nodes(ctx, ids)
		},
		find: func(_ store.Reader, ctx context.Context, s store.Select) (store.Page, error) {
			now, err := m.Snapshot(ctx)
			if err != nil {
				return store.Page{}, err
			}
			return now.Find(ctx, s)
		},
		neighbors: func(_ store.Reader, ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
			now, err := m.Snapshot(ctx)
			if err != nil {
				return nil, err
			}
			return now.Neighbors(ctx, from, h, s)
		},
	}}
}

func TestFindsFaults(t *testing.T) {
	checks := map[string]storetest.Check{}
	for _, c := range storetest.Checks(40) {
		checks[c.Name] = c
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			err := checks[f.found].Run(t.Context(), f.fault(memory.Open()))
			if err == nil {
				t.Fatalf("the check %q does not find a store that %s", f.found, f.name)
			}
			if strings.Contains(err.Error(), "the random questions never showed") {
				t.Fatal(err)
			}
			t.Log(err)
		})
	}
}

// The means by which faults are made have none.
func TestFindsNoFaults(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store {
		var s store.Store = memory.Open()
		for _, f := range []fault{
			asking(func(*store.Hop, *store.Select) {}),
			filtering(func(f store.Filter, _ un.Date) store.Filter { return f }),
			sorting(func(h *store.Hop, s store.Select, a, b store.Item) int { return s.Compare(a.Key, b.Key) }),
			choosing(func(s store.Select, a, b *un.Edge) bool {
				return a.Validity.On(s.AsOf) && (!b.Validity.On(s.AsOf) || a.ID < b.ID)
			}),
			paging(func(_ *store.Hop, _ store.Select, p store.Page) store.Page { return p }),
			handing(func(context.Context, store.Reader, []un.ID, store.Hop, store.Select, map[un.ID]store.Page) {}),
			replacing(func(ctx context.Context, m store.Store, g un.Graph) error { return m.Replace(ctx, g) }),
			failing(func(err error) error { return err }),
		} {
			s = f(s)
		}
		return s
	}, 40)
}

package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// most is how many random graphs are tried at most.
const most = 40

// agrees loads random graphs one over the other and asks random questions of each. What a meter still lacks it asks
// first, so that nothing is left to luck: it tries at least as many graphs as are wanted, and until the meters have all.
func agrees(ctx context.Context, s store.Store, wanted int) error {
	m := newMeter()
	before := worldOf(un.Graph{})
	for seed := range uint64(most) {
		if seed >= uint64(wanted) && m.lacking() == nil {
			break
		}
		d := throw(seed)
		g, err := d.graph(d.once(8))
		if err == nil {
			err = s.Replace(ctx, g)
		}
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		r, err := s.Snapshot(ctx)
		if err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		e := examiner{quiz{d, ctx, r, worldOf(g)}, m, before}
		if err := e.examine(int(seed)); err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
		before = e.world
	}
	return m.lacking()
}

// An examiner knows what to ask.
type examiner struct {
	quiz
	meter  meter
	before world // the last graph, to which old cursors belong
}

func (e examiner) examine(seed int) error {
	if got, want := e.reader.Version(), e.Version(); got != want {
		return fmt.Errorf("the version is %q, not %q", got, want)
	}
	if err := e.nodes(); err != nil {
		return err
	}
	for _, ask := range []func() error{e.conditions, e.orders, e.relations} {
		if err := ask(); err != nil {
			return err
		}
	}
	for i := range 10 {
		kind := kinds[(seed*10+i)%len(kinds)]
		s := e.list(kind)
		if !e.once(4) {
			s.Where = e.filter(e.world, kind, 3)
		}
		if err := e.ask(s); err != nil {
			return err
		}
	}
	for i := range 8 {
		h := e.dice.hop(kinds[(seed*8+i)%len(kinds)])
		s := e.list(h.Kind)
		if e.once(3) {
			s.Where = e.filter(e.world, h.Kind, 2)
		}
		if err := e.askHop(h, s); err != nil {
			return err
		}
	}
	return e.odd(kinds[seed%len(kinds)])
}

// ask walks over a list, and notes what that has shown.
func (e examiner) ask(s store.Select) error {
	e.meter.list(e.world, s)
	var after *store.Item
	if e.once(5) {
		after = e.stray(s.Kind, false)
	}
	return e.quiz.find(s, after)
}

// askHop walks over a hop, and notes what that has shown.
func (e examiner) askHop(h store.Hop, s store.Select) error {
	lists := e.world.hop(h, s)
	e.meter.hop(e.world, h, s, lists)
	var after *store.Item
	if e.once(6) {
		after = e.stray(s.Kind, true)
	}
	return e.quiz.hop(e.some(lists, s.First < 5), h, s, after)
}

// stray is an item of the graph before, which this one need not have: cursors outlive what they name.
func (e examiner) stray(kind un.Kind, reached bool) *store.Item {
	var strays []store.Item
	for _, n := range e.before.Nodes {
		if n.NodeKind() == kind && !reached {
			strays = append(strays, store.Item{Node: n})
		}
	}
	for _, edge := range e.before.Edges {
		if n := e.before.node[edge.To]; n.NodeKind() == kind && reached {
			strays = append(strays, store.Item{Node: n, Edge: &edge})
		}
	}
	if len(strays) == 0 {
		return nil
	}
	it := pick(e.dice, strays)
	return &it
}

// telling says whether a filter keeps some nodes of the kind, and not all.
func (e examiner) telling(kind un.Kind, f store.Filter) bool {
	kept := len(e.kept(kind, f))
	return kept > 0 && kept < len(e.all(kind))
}

// conditions tries every operation on every field, alone and inside of other filters, and filters of every shape, where
// that can show something.
func (e examiner) conditions() error {
	asked := 0
	for _, c := range e.meter.wanting("condition") {
		var kind un.Kind
		var field string
		var op store.Op
		var nested string
		if n, _ := fmt.Sscan(c, &kind, &field, &op, &nested); n < 4 {
			return fmt.Errorf("condition %q is not understood", c)
		}
		for range 8 {
			var f store.Filter = e.cond(e.world, kind, field, op)
			if nested == "nested" {
				f = e.around(kind, f)
			}
			if !e.telling(kind, f) && !always(field, op) {
				continue
			}
			s := e.list(kind)
			s.Where, s.AsOf, s.First = f, "", 3+e.IntN(5)
			if err := e.ask(s); err != nil {
				return err
			}
			e.meter.saw("condition " + c)
			asked++
			break
		}
		if asked == 25 {
			break
		}
	}
	for _, shape := range e.meter.wanting("filter") {
		for range 20 {
			kind := pick(e.dice, kinds)
			f := e.filter(e.world, kind, 3)
			if slices.Contains(shapes(f), shape) && e.telling(kind, f) {
				if err := e.ask(store.Select{Kind: kind, Where: f, First: 4}); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// around puts a filter inside of others, three deep at most.
func (e examiner) around(kind un.Kind, f store.Filter) store.Filter {
	for range 1 + e.IntN(2) {
		switch other := e.filter(e.world, kind, 1); e.IntN(4) {
		case 0:
			f = store.And{other, f}
		case 1:
			f = store.Or{other, f}
		default:
			f = store.Not{Filter: f}
		}
	}
	return f
}

// orders tries every order in both directions, where a tie or a missing value can be seen.
func (e examiner) orders() error {
	asked := 0
	for _, c := range e.meter.wanting("order") {
		var s store.Select
		var direction string
		if n, _ := fmt.Sscan(c, &s.Kind, &s.Order, &direction); n < 3 {
			return fmt.Errorf("order %q is not understood", c)
		}
		s.Desc, s.First = direction == "DESC", 2
		if e.meter.list(e.world, s); e.meter["order "+c] && asked < 6 {
			asked++
			if err := e.ask(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// relations tries every relation in every direction, with and without edges.
func (e examiner) relations() error {
	asked := 0
	for _, c := range e.meter.wanting("relation") {
		var relation un.Relation
		var h store.Hop
		if n, _ := fmt.Sscan(c, &relation, &h.Direction, &h.Edges); n < 3 {
			return fmt.Errorf("relation %q is not understood", c)
		}
		join, _ := un.JoinOf(relation)
		ends := slices.Concat(join.From, join.To)
		switch h.Direction {
		case store.Out:
			ends = join.To
		case store.In:
			ends = join.From
		}
		h.Kind = pick(e.dice, ends)
		h.Relations = []un.Relation{relation}
		s := e.list(h.Kind)
		s.AsOf = pick(e.dice, []un.Date{"", s.AsOf})
		if len(e.world.hop(h, s)) == 0 {
			continue
		}
		if err := e.askHop(h, s); err != nil {
			return err
		}
		if asked++; asked == 10 {
			break
		}
	}
	return nil
}

// odd asks what no random question is sure to ask.
func (e examiner) odd(kind un.Kind) error {
	field := un.Fields[kind][0]
	for _, f := range []store.Filter{
		store.And{},
		store.Or{},
		store.And(nil), store.Or(nil),
		store.Not{Filter: store.Or{}},
		store.And{store.And{}, store.Not{Filter: store.And{}}},
		store.Cond{Field: field, Op: store.Is},
		store.Not{Filter: store.Cond{Field: field, Op: store.Is, Values: []string{}}},
		store.Has{Hop: store.Hop{Direction: store.Both, Kind: kind}},
		store.Not{Filter: store.Has{Hop: store.Hop{Direction: store.Out, Kind: kind}}},
	} {
		if err := e.find(store.Select{Kind: kind, Where: f, First: 5, Total: true}, nil); err != nil {
			return err
		}
	}
	for _, first := range []int{0, 1} {
		if err := e.find(store.Select{Kind: kind, First: first}, nil); err != nil {
			return err
		}
		if err := e.hop(e.ids(), store.Hop{Direction: store.Both, Kind: kind}, store.Select{Kind: kind, First: first, Total: true}, nil); err != nil {
			return err
		}
	}
	nameless := store.Cond{Field: "name", Op: store.Known}
	if err := e.find(store.Select{Kind: un.KindBody, Where: nameless, First: 6}, nil); err != nil {
		return err
	}
	for _, op := range e.meter.wanting("UTF-16") {
		if err := e.utf16(store.Op(op)); err != nil {
			return err
		}
	}
	for _, c := range e.meter.wanting("citation of itself") {
		h := store.Hop{Relations: []un.Relation{un.Cites}, Kind: un.KindDocument}
		if n, _ := fmt.Sscan(c, &h.Direction, &h.Edges); n < 2 {
			return fmt.Errorf("citation %q is not understood", c)
		}
		if err := e.askHop(h, store.Select{Kind: un.KindDocument, First: store.MaxFirst, Total: true}); err != nil {
			return err
		}
	}
	return e.cases()
}

// cases asks for an id that differs from one that there is in case alone, for a text by its folded form, and for a body
// by the last of its names.
func (e examiner) cases() error {
	asked := map[string]bool{}
	ask := func(what string, n un.Node, field string, op store.Op, value string) error {
		if asked[what] {
			return nil
		}
		asked[what] = true
		c := store.Cond{Field: field, Op: op, Values: []string{value}}
		return e.find(store.Select{Kind: n.NodeKind(), Where: c, First: 9}, nil)
	}
	for _, n := range e.Nodes {
		var errs []error
		id := string(n.Key())
		if other := cmp.Or(strings.TrimPrefix(strings.ToUpper(id), id), strings.TrimPrefix(strings.ToLower(id), id)); other != "" {
			errs = append(errs, ask("an id", n, "id", store.Is, other), ask("part of an id", n, "id", store.Contains, other))
		}
		for _, field := range texted {
			values := n.Field(field)
			if len(values) == 1 && !strings.Contains(values[0], un.Fold(values[0])) {
				errs = append(errs, ask("a text", n, field, store.Is, un.Fold(values[0])), ask("part of a text", n, field, store.Contains, un.Fold(values[0])))
			}
			if last := len(values) - 1; last > 0 && un.Fold(values[last]) != un.Fold(values[0]) {
				errs = append(errs, ask("the last name", n, field, store.Is, values[last]))
			}
		}
		if err := cmp.Or(errs...); err != nil {
			return err
		}
	}
	return nil
}

// texted are the fields of free text.
var texted = []string{"title", "name", "symbol", "number"}

// utf16 compares a text beyond the basic plane with one at its end, where there is a node that has either: UTF-16 units
// order the two otherwise than bytes do.
func (e examiner) utf16(op store.Op) error {
	const end, beyond = "～", "😀"
	for _, n := range e.Nodes {
		for _, field := range texted {
			values := n.Field(field)
			if len(values) != 1 || !slices.Contains([]string{end, beyond}, values[0]) {
				continue
			}
			e.meter.saw("UTF-16 " + string(op))
			other := map[string]string{end: beyond, beyond: end}[values[0]]
			c := store.Cond{Field: field, Op: op, Values: []string{other}}
			if err := e.find(store.Select{Kind: n.NodeKind(), Where: c, First: 9}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// A meter has the names of what must have been seen once at least, and whether it was.
type meter map[string]bool

// always says whether an operation keeps every node.
func always(field string, op store.Op) bool {
	return op == store.Known && slices.Contains([]string{"id", "validFrom", "validTo", "ordinal"}, field)
}

func newMeter() meter {
	m := meter{}
	need := func(format string, args ...any) { m[fmt.Sprintf(format, args...)] = false }
	for _, kind := range kinds {
		for _, field := range un.Fields[kind] {
			for _, op := range ops {
				need("condition %s %s %s alone", kind, field, op)
				if !always(field, op) {
					need("condition %s %s %s nested", kind, field, op)
				}
			}
		}
		for _, order := range un.Orders[kind] {
			for _, direction := range []string{"ASC", "DESC"} {
				need("order %s %s %s pages", kind, order, direction)
				need("order %s %s %s ties", kind, order, direction)
				if order != "ORDINAL" {
					need("order %s %s %s missing", kind, order, direction)
				}
			}
		}
	}
	for _, join := range un.Relations {
		for _, direction := range directions {
			need("relation %s %s true", join.Relation, direction)
			need("relation %s %s false", join.Relation, direction)
		}
	}
	for _, shape := range []string{"And", "Or", "Not", "Cond", "Has", "Not Not", "And Or", "Or And", "Not And", "Not Or", "Has Not", "Has Has", "Not Has", "several values"} {
		need("filter %s", shape)
	}
	for _, direction := range directions {
		need("citation of itself %s true", direction)
		need("citation of itself %s false", direction)
		need("filter Has %s any", direction)
		need("filter Has %s where", direction)
	}
	need("UTF-16 %s", store.Before)
	need("UTF-16 %s", store.From)
	for _, seen := range []string{
		"a day is the first of a node's validity", "a day is the end of a node's validity",
		"a day is the first of an edge's validity", "a day is the end of an edge's validity",
		"a page of none", "a page of a hundred", "a page in between",
		"two edges to one node, each listed", "two edges to one node, which is listed once",
		"the smallest edge is not the first", "the smallest edge is not in force",
		"several relations",
	} {
		need("seen: %s", seen)
	}
	return m
}

// saw notes what was seen, where it is one of the names.
func (m meter) saw(name string) {
	if _, ok := m[name]; ok {
		m[name] = true
	}
}

// wanting are the names of a sort that were not seen, without the sort.
func (m meter) wanting(sort string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if rest, ok := strings.CutPrefix(name, sort+" "); ok && !m[name] {
			names = append(names, rest)
		}
	}
	return names
}

// lacking says what was never seen: then the suite itself is not good enough.
func (m meter) lacking() error {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !m[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return fmt.Errorf("the random questions never showed these, so more or other ones are needed:\n%s", strings.Join(names, "\n"))
	}
	return nil
}

// list notes what a list shows.
func (m meter) list(w world, s store.Select) {
	list := w.find(s)
	m.page(s)
	kept := len(w.kept(s.Kind, s.Where))
	if kept > 0 && kept < len(w.all(s.Kind)) {
		for _, shape := range shapes(s.Where) {
			m.saw("filter " + shape)
		}
	}
	for id := range w.kept(s.Kind, s.Where) {
		m.day("node", s.AsOf, w.node[id].Valid())
	}
	order := fmt.Sprintf("order %s %s ", s.Kind, s.OrderOf())
	order += map[bool]string{false: "ASC", true: "DESC"}[s.Desc]
	if s.First == 0 || len(list) <= s.First {
		return
	}
	m.saw(order + " pages")
	for i, it := range list[1:] {
		a, b := list[i].Node.SortValue(s.OrderOf()), it.Node.SortValue(s.OrderOf())
		if un.Fold(a) == un.Fold(b) {
			m.saw(order + " ties")
		}
		if a != "" && b == "" {
			m.saw(order + " missing")
		}
	}
}

func (m meter) page(s store.Select) {
	switch s.First {
	case 0:
		m.saw("seen: a page of none")
	case store.MaxFirst:
		m.saw("seen: a page of a hundred")
	default:
		m.saw("seen: a page in between")
	}
}

func (m meter) day(what string, day un.Date, v un.Validity) {
	if day != "" && day == v.From && v.From < v.Until {
		m.saw("seen: a day is the first of " + map[string]string{"node": "a node", "edge": "an edge"}[what] + "'s validity")
	}
	if day != "" && day == v.Until && v.From < v.Until {
		m.saw("seen: a day is the end of " + map[string]string{"node": "a node", "edge": "an edge"}[what] + "'s validity")
	}
}

// hop notes what a hop shows.
func (m meter) hop(w world, h store.Hop, s store.Select, lists map[un.ID][]store.Item) {
	m.page(s)
	kept := w.kept(s.Kind, s.Where)
	edges := map[string][]un.Edge{}
	for _, step := range w.steps(h) {
		list := lists[step.from.Key()]
		if !kept[step.to.Key()] || !inForce(step.to.Valid(), s.AsOf) {
			continue
		}
		m.day("edge", s.AsOf, step.edge.Validity)
		i := slices.IndexFunc(list, func(it store.Item) bool { return it.Node == step.to })
		if i < 0 {
			continue
		}
		if len(h.Relations) == 1 && len(list) < len(w.all(h.Kind)) {
			m.saw(fmt.Sprintf("relation %s %s %t", step.edge.Relation, h.Direction, h.Edges))
		}
		if step.from == step.to {
			m.saw(fmt.Sprintf("citation of itself %s %t", h.Direction, h.Edges))
		}
		if !inForce(step.edge.Validity, s.AsOf) {
			if step.edge.ID < list[i].Edge.ID && !h.Edges {
				m.saw("seen: the smallest edge is not in force")
			}
			continue
		}
		pair := fmt.Sprintf("%q %q", step.from.Key(), step.to.Key())
		edges[pair] = append(edges[pair], step.edge)
		if all := edges[pair]; len(all) > 1 {
			m.saw("seen: two edges to one node, " + map[bool]string{true: "each listed", false: "which is listed once"}[h.Edges])
			if !h.Edges && all[0].ID != list[i].Edge.ID {
				m.saw("seen: the smallest edge is not the first")
			}
			if all[0].Relation != all[1].Relation {
				m.saw("seen: several relations")
			}
		}
	}
}

// shapes name what a filter is: its type and that of what is in it.
func shapes(f store.Filter) (names []string) {
	name, parts := shapeOf(f)
	names = append(names, name)
	for _, part := range parts {
		inner, _ := shapeOf(part)
		names = append(names, name+" "+inner)
	}
	switch f := f.(type) {
	case store.Cond:
		if len(f.Values) > 1 {
			names = append(names, "several values")
		}
	case store.Has:
		names = append(names, fmt.Sprintf("Has %s %s", f.Hop.Direction, map[bool]string{true: "any", false: "where"}[f.Where == nil]))
	}
	return names
}

func shapeOf(f store.Filter) (name string, parts []store.Filter) {
	switch f := f.(type) {
	case store.And:
		return "And", f
	case store.Or:
		return "Or", f
	case store.Not:
		return "Not", []store.Filter{f.Filter}
	case store.Cond:
		return "Cond", nil
	case store.Has:
		return "Has", []store.Filter{f.Where}
	}
	return "none", nil
}

package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// texts are what stores are known to order, match or escape differently: empty, case, accents in two forms and alone, a
// prefix of another, beyond the basic plane (UTF-16 sorts U+1F600 before U+FF5E, UTF-8 after), what folding changes in
// length, quotes, backslashes, query language, white space, control characters.
var texts = []string{
	"", "a", "A", "aa", "a b", "ab", "abc", "Ab", "é", "É", "e\u0301", "e", "\u0301", "z", "ß", "ss", "～", "😀", "\U00010000", "\ufffd", "\uffff",
	"Ω", "ω", "ς", "İ", "ı", "Й", "æ", "ﬁ", "'", `"`, "`", `\`, `\u0041`, `\'`, "$id}", "{$x}", "%", ".*", "null", " ", "  ", "\t\n", "\u00a0", "\u2028",
	"a|", "|", "a|b", "}", "~", "10", "9", "007", "\x01", "a\x01", "\x7f", "a\x00b", "2026", "2026-01-01", "report", "Fact",
	"' OR 1=1 //", "MATCH (n) DETACH DELETE n", "Body`) DETACH DELETE n//", "*/ RETURN 1 /*", "The Commission, " + "lengthily so, " + "and at length",
}

// dates are as exact as they come: open, unknown, approximate, in two forms of one extent.
var dates = []string{
	"2026", "2026-01", "2026-01-01", "2026-01-01/2026-12-31", "2025-12-31", "2027-09/2027-12", "2027", "2006/..", "../2006", "2006/", "/2006", "203X", "2006~", "2006?/2010",
	"0000", "9999-12-31",
}

// days bound validities and are asked for.
var days = []un.Date{un.FirstDay, "2024-02-29", "2025-12-31", "2026-01-01", "2026-01-02", "2026-06-30", "2027-01-01", un.LastDay}

var kinds = slices.Sorted(maps.Keys(un.Orders))

var directions = []store.Direction{store.Out, store.In, store.Both}

// Dice make what is random, from a seed.
type dice struct{ *rand.Rand }

func throw(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 2026))} }

// once is true once in n times.
func (d dice) once(n int) bool { return d.IntN(n) == 0 }

func pick[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

// singles are the relations of which a node of the kind may have one only.
var singles = map[un.Relation][]un.Kind{
	un.AddressedTo: {un.KindCycle}, un.ConferredBy: {un.KindMandate, un.KindDeadline, un.KindCycle}, un.DueAt: {un.KindDeadline},
	un.HasForum: {un.KindDeadline}, un.BasedOn: {un.KindDeadline, un.KindCycle}, un.FulfilledBy: {un.KindDeadline},
	un.ProvisionOf: {un.KindProvision}, un.AdoptedBy: {un.KindDocument}, un.AdoptedAt: {un.KindDocument}, un.SessionOf: {un.KindSession},
}

// needs are the relations that a node of the kind must have.
var needs = map[un.Kind]un.Relation{
	un.KindMandate: un.ConferredBy, un.KindDeadline: un.ConferredBy, un.KindCycle: un.ConferredBy,
	un.KindProvision: un.ProvisionOf, un.KindSession: un.SessionOf, un.KindBasis: un.BasisOf,
}

// graph makes a graph without problems: up to 60 nodes of all kinds, and edges of every relation. A small one may lack
// kinds.
func (d dice) graph(small bool) (un.Graph, error) {
	var g un.Graph
	b := &builder{dice: d, graph: &g, ids: map[un.ID]bool{}, of: map[un.Kind][]un.Node{}, has: map[string]bool{}}
	most := map[un.Kind]int{
		un.KindBody: 10, un.KindDocument: 8, un.KindProvision: 9, un.KindMandate: 10, un.KindDeadline: 9, un.KindCycle: 6, un.KindSession: 4, un.KindBasis: 4,
	}
	for _, kind := range []un.Kind{un.KindBody, un.KindDocument, un.KindProvision, un.KindMandate, un.KindDeadline, un.KindCycle, un.KindSession, un.KindBasis} {
		count := most[kind]/2 + d.IntN(most[kind]-most[kind]/2+1)
		if small {
			count = d.IntN(3)
		}
		if join, _ := un.JoinOf(needs[kind]); needs[kind] != "" && len(b.of[join.To[0]]) == 0 {
			continue
		}
		for range count {
			b.addNode(kind)
		}
	}
	for _, join := range un.Relations {
		b.addEdges(join)
	}
	d.Shuffle(len(g.Nodes), func(i, j int) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] })
	d.Shuffle(len(g.Edges), func(i, j int) { g.Edges[i], g.Edges[j] = g.Edges[j], g.Edges[i] })
	if problems := g.Check(); len(problems) > 0 {
		return g, fmt.Errorf("the random graph has problems: %q", problems)
	}
	return g, nil
}

type builder struct {
	dice
	graph *un.Graph
	ids   map[un.ID]bool
	used  []un.ID // the same ids
	of    map[un.Kind][]un.Node
	has   map[string]bool // which singles there are
}

// id makes a new one. Some differ from others in case alone, or have others as a prefix.
func (b *builder) id(like string) un.ID {
	for {
		id := un.ID(cmp.Or(pick(b.dice, texts), like))
		switch {
		case b.once(3):
			id = un.ID(like) + id
		case b.once(4) && len(b.used) > 0:
			old := string(pick(b.dice, b.used))
			id = un.ID(pick(b.dice, []string{strings.ToUpper(old), strings.ToLower(old), old + "0"}))
		}
		id = un.ID(strings.ReplaceAll(string(id), "\x00", ""))
		if !b.ids[id] && id != "" {
			b.ids[id] = true
			b.used = append(b.used, id)
			return id
		}
	}
}

func (b *builder) addNode(kind un.Kind) {
	var n un.Node
	var record *un.Record
	switch kind {
	case un.KindBody:
		body := new(un.Body)
		n, record = body, &body.Record
	case un.KindDocument:
		document := new(un.Document)
		n, record = document, &document.Record
	case un.KindProvision:
		provision := new(un.Provision)
		n, record = provision, &provision.Record
	case un.KindMandate:
		mandate := new(un.Mandate)
		n, record = mandate, &mandate.Record
	case un.KindDeadline:
		deadline := new(un.Deadline)
		n, record = deadline, &deadline.Record
	case un.KindCycle:
		cycle := new(un.ReportingCycle)
		n, record = cycle, &cycle.Record
	case un.KindSession:
		session := new(un.Session)
		n, record = session, &session.Record
	case un.KindBasis:
		basis := new(un.LegalBasis)
		n, record = basis, &basis.Record
	}
	if !b.once(12) { // else it is bare
		b.fill(reflect.ValueOf(n).Elem())
	}
	if body, ok := n.(*un.Body); ok && b.once(8) { // it is called nothing, which is a name all the same
		body.Names, body.Acronym, body.Aliases = map[un.Language]string{un.English: ""}, "", nil
	}
	record.ID = b.id(strings.ToLower(string(kind)) + ":")
	record.Validity = b.validity()
	if len(record.Sources) == 0 && kind != un.KindDocument && kind != un.KindProvision {
		record.Sources = []un.Source{{Document: un.ID(pick(b.dice, texts))}}
	}
	if p, ok := n.(*un.Provision); ok {
		switch others := b.of[un.KindProvision]; b.IntN(3) {
		case 0:
			p.Position = un.PositionIn(pick(b.dice, b.of[un.KindDocument]).(*un.Document), p.Number)
		case 1:
			if len(others) > 0 { // in one place with another
				p.Position = others[0].(*un.Provision).Position
			}
		}
	}
	b.graph.Nodes = append(b.graph.Nodes, n)
	b.of[kind] = append(b.of[kind], n)
}

func (b *builder) validity() un.Validity {
	if b.once(3) {
		return un.Always
	}
	from, until := pick(b.dice, days), pick(b.dice, days)
	return un.Validity{From: min(from, until), Until: max(from, until)}
}

// addEdges adds what every node needs and some more: also some between two nodes that are joined already, and between
// a document and itself.
func (b *builder) addEdges(join un.Join) {
	for _, kind := range join.From {
		for _, from := range b.of[kind] {
			needed := needs[kind] == join.Relation
			if !needed && b.once(2) {
				continue
			}
			for range 1 + b.IntN(3) {
				var ends []un.Node
				for _, kind := range join.To {
					ends = append(ends, b.of[kind]...)
				}
				if len(ends) == 0 {
					break
				}
				to := pick(b.dice, ends)
				for b.addEdge(join, from, to) && b.once(3) {
				}
			}
		}
	}
}

func (b *builder) addEdge(join un.Join, from, to un.Node) bool {
	switch {
	case !join.Between(from.NodeKind(), to.NodeKind()),
		from == to && join.Relation != un.Cites,
		join.Relation == un.Supersedes && slices.Index(b.graph.Nodes, from) <= slices.Index(b.graph.Nodes, to):
		return false
	case slices.Contains(singles[join.Relation], from.NodeKind()):
		which := string(join.Relation) + string(from.Key())
		if b.has[which] {
			return false
		}
		b.has[which] = true
	}
	var e un.Edge
	if !b.once(12) {
		b.fill(reflect.ValueOf(&e).Elem())
	}
	e.Relation, e.From, e.To, e.Validity = join.Relation, from.Key(), to.Key(), b.validity()
	if join.Relation != un.Cites {
		e.Citation = nil
	}
	e.ID = b.id(string(un.EdgeID(join.Relation, from.Key(), to.Key(), pick(b.dice, texts))))
	b.graph.Edges = append(b.graph.Edges, e)
	return true
}

// fill gives every field of a struct a value that its type may have, so that a new field needs nothing here. Lists and
// maps are nil where they are empty.
func (d dice) fill(v reflect.Value) {
	switch v.Interface().(type) {
	case un.ID:
		v.SetString(strings.ReplaceAll(pick(d, texts), "\x00", ""))
		return
	case un.Date:
		if d.once(3) {
			return
		}
		v.SetString(string(pick(d, days)))
		return
	case un.Validity:
		if d.once(3) {
			return
		}
		v.Set(reflect.ValueOf(un.Validity{From: pick(d, days[:4]), Until: pick(d, days[4:])}))
		return
	case *un.PartialDate:
		if d.once(4) {
			return
		}
		v.Set(reflect.ValueOf(&un.PartialDate{
			EDTF: pick(d, dates), Basis: pick(d, []un.DateBasis{un.Stated, un.Derived}), Explanation: pick(d, texts),
		}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			d.fill(v.Field(i))
		}
	case reflect.Pointer:
		if !d.once(4) {
			v.Set(reflect.New(v.Type().Elem()))
			d.fill(v.Elem())
		}
	case reflect.Slice:
		for range d.IntN(3) {
			v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			d.fill(v.Index(v.Len() - 1))
		}
	case reflect.Map:
		for range d.IntN(5) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			d.fill(key)
			d.fill(value)
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		values := texts
		if enum := un.Enums[v.Type().Name()]; len(enum) > 0 {
			values = append([]string{""}, enum[:min(3, len(enum))]...) // few, so that they repeat
		}
		v.SetString(pick(d, values))
	case reflect.Int:
		v.SetInt(pick(d, []int64{0, 1, 2, 9, 10, 30, 9999999999}))
	case reflect.Bool:
		v.SetBool(d.once(2))
	default:
		panic("storetest cannot fill a " + v.Type().String())
	}
}

// list is a random question without a filter.
func (d dice) list(kind un.Kind) store.Select {
	s := store.Select{Kind: kind, Order: pick(d, append([]string{""}, un.Orders[kind]...)), Desc: d.once(2), First: 1 + d.IntN(7), Total: d.once(2)}
	if d.once(5) {
		s.First = pick(d, []int{0, store.MaxFirst})
	}
	if d.once(2) {
		s.AsOf = pick(d, days).AddDays(pick(d, []int{0, 0, 0, -1, 1}))
	}
	return s
}

// hop is a random hop from nodes of a kind, which has relations that such nodes may have.
func (d dice) hop(from un.Kind) store.Hop {
	h := store.Hop{Direction: pick(d, directions), Edges: d.once(2)}
	ends := map[un.Kind][]un.Relation{}
	for _, join := range un.Relations {
		if h.Direction != store.In && slices.Contains(join.From, from) {
			for _, kind := range join.To {
				ends[kind] = append(ends[kind], join.Relation)
			}
		}
		if h.Direction != store.Out && slices.Contains(join.To, from) {
			for _, kind := range join.From {
				ends[kind] = append(ends[kind], join.Relation)
			}
		}
	}
	h.Kind = pick(d, kinds)
	if len(ends) > 0 && !d.once(20) {
		h.Kind = pick(d, slices.Sorted(maps.Keys(ends)))
		for range 1 + d.IntN(4) {
			h.Relations = append(h.Relations, pick(d, ends[h.Kind]))
		}
	}
	if d.once(8) {
		h.Relations = append(h.Relations, pick(d, un.Relations).Relation)
	}
	return h
}

// filter is a random filter for nodes of a kind, nested up to a depth.
func (d dice) filter(w world, kind un.Kind, depth int) store.Filter {
	shape := d.IntN(6)
	if depth == 0 {
		shape = 5
	}
	several := func() (parts []store.Filter) {
		for range d.IntN(4) {
			parts = append(parts, d.filter(w, kind, depth-1))
		}
		return parts
	}
	switch shape {
	case 0:
		return store.And(several())
	case 1:
		return store.Or(several())
	case 2:
		return store.Not{Filter: d.filter(w, kind, depth-1)}
	case 3, 4:
		has := store.Has{Hop: d.hop(kind)}
		if !d.once(3) {
			has.Where = d.filter(w, has.Hop.Kind, depth-1)
		}
		return has
	}
	return d.cond(w, kind, pick(d, un.Fields[kind]), pick(d, ops))
}

var ops = []store.Op{store.Is, store.Contains, store.Before, store.From, store.Known}

// cond is a condition on a field whose values are mostly ones that nodes have, or nearly.
func (d dice) cond(w world, kind un.Kind, field string, op store.Op) store.Cond {
	c := store.Cond{Field: field, Op: op}
	count := 1
	switch op {
	case store.Known:
		count = 0
	case store.Is:
		count = pick(d, []int{0, 1, 1, 1, 2, 3})
	}
	for range count {
		c.Values = append(c.Values, d.value(w, kind, field, op))
	}
	return c
}

func (d dice) value(w world, kind un.Kind, field string, op store.Op) string {
	var all []string
	for _, n := range w.Nodes {
		if n.NodeKind() == kind {
			all = append(all, n.Field(field)...)
		}
	}
	if len(all) == 0 || d.once(6) {
		return pick(d, texts)
	}
	value := pick(d, all)
	if letters := []rune(value); op == store.Contains && len(letters) > 1 {
		value = string(letters[d.IntN(len(letters)):])
	}
	switch d.IntN(6) {
	case 0:
		return strings.ToUpper(value)
	case 1:
		return strings.ToLower(value)
	}
	return value
}

package storetest

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mandategraph/store"
	"mandategraph/un"
)

// load puts a graph into the store and gives a quiz of the snapshot after it.
func load(ctx context.Context, s store.Store, g un.Graph) (quiz, error) {
	if problems := g.Check(); len(problems) > 0 {
		return quiz{}, fmt.Errorf("the graph has problems: %q", problems)
	}
	if err := s.Replace(ctx, g); err != nil {
		return quiz{}, fmt.Errorf("replace: %w", err)
	}
	return look(ctx, s, g)
}

// look gives a quiz of the snapshot that is current, which should have the graph.
func look(ctx context.Context, s store.Store, g un.Graph) (quiz, error) {
	r, err := s.Snapshot(ctx)
	if err != nil {
		return quiz{}, fmt.Errorf("snapshot: %w", err)
	}
	return quiz{throw(1), ctx, r, worldOf(g)}, nil
}

// randomGraph is the random graph of a seed.
func randomGraph(seed uint64) (un.Graph, error) { return throw(seed).graph(false) }

// emptyBefore: before the first load there is no version and no node; then an empty graph is one like any other.
func emptyBefore(ctx context.Context, s store.Store) error {
	q, err := look(ctx, s, un.Graph{})
	if err != nil {
		return err
	}
	if version := q.reader.Version(); version != "" {
		return fmt.Errorf("before the first load the version is %q", version)
	}
	if err := q.nothing(); err != nil {
		return fmt.Errorf("before the first load: %w", err)
	}
	if q, err = load(ctx, s, un.Graph{}); err != nil {
		return err
	}
	if err := q.nothing(); err != nil {
		return fmt.Errorf("the empty graph: %w", err)
	}
	return q.everything()
}

// nothing asks questions whose answers must be empty.
func (q quiz) nothing() error {
	if err := q.nodes(); err != nil {
		return err
	}
	for _, kind := range kinds {
		for _, first := range []int{0, 3} {
			s := store.Select{Kind: kind, First: first, Total: first > 0}
			if err := q.find(s, nil); err != nil {
				return err
			}
			h := store.Hop{Relations: []un.Relation{un.Cites, un.PartOf}, Direction: store.Both, Kind: kind, Edges: first > 0}
			for _, from := range [][]un.ID{nil, {""}, {"unknown", "unknown"}} {
				if err := q.hop(from, h, s, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// village is a small graph that one can read: n bodies, each with one mandate, all of them members of the first.
func village(n int, stamp string) un.Graph {
	record := func(id string) un.Record {
		return un.Record{ID: un.ID(id), Sources: []un.Source{{Document: "document:1", Evidence: stamp}}, Validity: un.Always}
	}
	join := func(r un.Relation, from, to un.ID) un.Edge {
		return un.Edge{ID: un.EdgeID(r, from, to, ""), Relation: r, From: from, To: to, Role: stamp, Validity: un.Always}
	}
	g := un.Graph{
		Nodes: []un.Node{
			&un.Document{Record: record("document:1"), Title: stamp},
			&un.Provision{Record: record("provision:1#1"), Number: "1", Text: stamp},
		},
		Edges: []un.Edge{join(un.ProvisionOf, "provision:1#1", "document:1")},
	}
	for i := range n {
		body, mandate := un.ID(fmt.Sprint("body:", i)), un.ID(fmt.Sprint("mandate:", i))
		g.Nodes = append(g.Nodes,
			&un.Body{Record: record(string(body)), Names: map[un.Language]string{un.English: stamp}},
			&un.Mandate{Record: record(string(mandate)), Title: stamp})
		g.Edges = append(g.Edges, join(un.Holds, body, mandate), join(un.ConferredBy, mandate, "provision:1#1"))
		if i > 0 {
			g.Edges = append(g.Edges, join(un.MemberOf, body, "body:0"))
		}
	}
	return g
}

// hundreds: a page has up to a hundred items, and no list ends there.
func hundreds(ctx context.Context, s store.Store) error {
	q, err := load(ctx, s, village(135, "one of many"))
	if err != nil {
		return err
	}
	for _, desc := range []bool{false, true} {
		for _, first := range []int{store.MaxFirst, store.MaxFirst - 1} {
			list := store.Select{Kind: un.KindBody, First: first, Total: desc, Desc: desc}
			err := cmp.Or(
				q.find(list, nil),
				q.hop([]un.ID{"body:0", "body:1"}, store.Hop{Relations: []un.Relation{un.MemberOf}, Direction: store.Both, Kind: un.KindBody, Edges: desc}, list, nil))
			if err != nil {
				return err
			}
		}
	}
	return q.nodes()
}

// versions: the same graph has the same version, whatever order it is in, and another graph another.
func versions(ctx context.Context, s store.Store) error {
	g, err := randomGraph(101)
	if err != nil {
		return err
	}
	shuffled := un.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges)}
	slices.Reverse(shuffled.Nodes)
	slices.Reverse(shuffled.Edges)
	more := un.Graph{Nodes: append(slices.Clone(g.Nodes), &un.Document{Record: un.Record{ID: "one more", Validity: un.Always}}), Edges: g.Edges}
	var found []string
	for _, g := range []un.Graph{g, shuffled, more, g} {
		q, err := load(ctx, s, g)
		if err == nil {
			err = q.everything()
		}
		if err != nil {
			return err
		}
		found = append(found, q.reader.Version())
	}
	if found[0] != found[1] || found[0] != found[3] || found[0] == found[2] {
		return fmt.Errorf("versions are %q: of a graph, the same in another order, one with a node more, the first again", found)
	}
	return nil
}

// outlives: a reader keeps its graph, whatever is loaded after it.
func outlives(ctx context.Context, s store.Store) error {
	var taken []quiz
	first, err := look(ctx, s, un.Graph{})
	if err != nil {
		return err
	}
	for seed := range uint64(3) {
		g, err := randomGraph(200 + seed)
		if err != nil {
			return err
		}
		q, err := load(ctx, s, g)
		if err != nil {
			return err
		}
		taken = append(taken, q)
	}
	for i, q := range taken {
		if err := q.everything(); err != nil {
			return fmt.Errorf("the reader of load %d of %d: %w", i+1, len(taken), err)
		}
	}
	if version := first.reader.Version(); version != "" {
		return fmt.Errorf("the reader from before the first load has the version %q", version)
	}
	if err := first.nothing(); err != nil {
		return fmt.Errorf("the reader from before the first load: %w", err)
	}
	return nil
}

// survives: a replacement that fails changes nothing.
func survives(ctx context.Context, s store.Store) error {
	old, err := randomGraph(301)
	if err != nil {
		return err
	}
	fresh, err := randomGraph(302)
	if err != nil {
		return err
	}
	q, err := load(ctx, s, old)
	if err != nil {
		return err
	}
	dangling := un.Graph{Nodes: fresh.Nodes, Edges: append(slices.Clone(fresh.Edges), un.Edge{
		ID: "dangling", Relation: un.Cites, From: fresh.Nodes[0].Key(), To: "document:nowhere", Validity: un.Always,
	})}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	unchanged := func() error {
		now, err := look(ctx, s, old)
		if err != nil {
			return err
		}
		return cmp.Or(now.everything(), q.everything())
	}
	if err := failedAs(s.Replace(ctx, dangling), kindsOfFailure...); err != nil {
		return fmt.Errorf("a graph with an edge that leads nowhere: %w", err)
	}
	if err := unchanged(); err != nil {
		return fmt.Errorf("after a graph with an edge that leads nowhere: %w", err)
	}
	if err := failedAs(s.Replace(canceled, fresh), context.Canceled); err != nil {
		return fmt.Errorf("replace with a canceled context: %w", err)
	}
	if err := unchanged(); err != nil {
		return fmt.Errorf("after a replacement with a canceled context: %w", err)
	}
	if q, err = load(ctx, s, fresh); err != nil {
		return err
	}
	return q.everything()
}

// neverMixes: while one goroutine replaces the graph twenty times, others read. Each graph is stamped with its
// generation in all that it holds, and has its own number of nodes.
func neverMixes(ctx context.Context, s store.Store) error {
	const replacements = 20
	worlds := make([]world, replacements+1)
	generation := map[string]int{}
	for i := range worlds {
		g := village(3+(i*7)%5, fmt.Sprintf("generation %d", i))
		worlds[i] = worldOf(g)
		generation[g.Version()] = i
	}
	if _, err := load(ctx, s, worlds[0].Graph); err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var finished atomic.Int64 // the generation whose replacement has ended
	begin, ended, done := make(chan bool), make(chan bool), make(chan bool)
	hand := func(c chan<- bool) {
		select {
		case c <- true:
		case <-ctx.Done():
		}
	}
	wait := func(c <-chan bool) {
		select {
		case <-c:
		case <-ctx.Done():
		}
	}
	// take takes a snapshot, which may not be older than what was there before.
	take := func(last int) (quiz, int, error) {
		least := max(last, int(finished.Load()))
		r, err := s.Snapshot(ctx)
		if err != nil {
			return quiz{}, 0, err
		}
		now, known := generation[r.Version()]
		if !known || now < least {
			return quiz{}, 0, fmt.Errorf("a snapshot has the version %q, generation %d (known: %t), when generation %d was there", r.Version(), now, known, least)
		}
		return quiz{throw(uint64(now)), ctx, r, worlds[now]}, now, nil
	}
	work := []func() error{
		func() error { // replaces, each time that the next one says so
			defer close(done)
			for i := 1; i <= replacements; i++ {
				wait(begin)
				if err := s.Replace(ctx, worlds[i].Graph); err != nil {
					return fmt.Errorf("replacement %d: %w", i, err)
				}
				finished.Store(int64(i))
				hand(ended)
			}
			return nil
		},
		func() error { // reads before, during and after each replacement, from one snapshot
			for last := range replacements {
				q, now, err := take(last)
				if err != nil {
					return err
				}
				err = q.villagers()
				hand(begin)
				err = cmp.Or(err, q.villagers())
				wait(ended)
				if err = cmp.Or(err, q.villagers()); err != nil {
					return fmt.Errorf("generation %d, while the next one is loaded: %w", now, err)
				}
			}
			return nil
		},
		func() error { // reads all the time
			for last := 0; ; {
				select {
				case <-done:
					return nil
				default:
				}
				q, now, err := take(last)
				if err != nil {
					return err
				}
				if err := q.villagers(); err != nil {
					return fmt.Errorf("generation %d: %w", now, err)
				}
				last = now
			}
		},
	}
	var all sync.WaitGroup
	for _, work := range work {
		all.Go(func() {
			if err := work(); err != nil {
				fail(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// villagers asks for all of a village, in small pages.
func (q quiz) villagers() error {
	bodies := store.Select{Kind: un.KindBody, First: 2, Total: true}
	mandates := store.Select{Kind: un.KindMandate, First: 2}
	return cmp.Or(
		q.find(bodies, nil),
		q.find(mandates, nil),
		q.hop(append(q.ids(), "body:6", "body:7"), store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}, mandates, nil),
		q.hop([]un.ID{"body:0"}, store.Hop{Relations: []un.Relation{un.MemberOf}, Direction: store.In, Kind: un.KindBody, Edges: true}, bodies, nil),
		q.nodes())
}

// shares: several goroutines use one reader.
func shares(ctx context.Context, s store.Store) error {
	g, err := randomGraph(401)
	if err != nil {
		return err
	}
	shared, err := load(ctx, s, g)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Go(func() {
			q := quiz{throw(uint64(500 + i)), ctx, shared.reader, shared.world}
			for range 10 {
				kind := pick(q.dice, kinds)
				list := q.list(kind)
				list.Where = q.filter(q.world, kind, 2)
				h := q.dice.hop(pick(q.dice, kinds))
				if errs[i] = cmp.Or(q.nodes(), q.find(list, nil), q.hop(q.ids(), h, q.list(h.Kind), nil)); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// stops: every method gives the context's error where the context has ended.
func stops(ctx context.Context, s store.Store) error {
	g := village(4, "stop")
	q, err := load(ctx, s, g)
	if err != nil {
		return err
	}
	list := store.Select{Kind: un.KindBody, First: 3}
	hop := store.Hop{Relations: []un.Relation{un.MemberOf}, Direction: store.Both, Kind: un.KindBody}
	asks := map[string]func(context.Context) error{
		"Snapshot": func(ctx context.Context) error { _, err := s.Snapshot(ctx); return err },
		"Replace":  func(ctx context.Context) error { return s.Replace(ctx, village(5, "too late")) },
		"Ping":     s.Ping,
		"Nodes":    func(ctx context.Context) error { _, err := q.reader.Nodes(ctx, q.ids()); return err },
		"Find":     func(ctx context.Context) error { _, err := q.reader.Find(ctx, list); return err },
		"Neighbors": func(ctx context.Context) error {
			_, err := q.reader.Neighbors(ctx, q.ids(), hop, list)
			return err
		},
		"Nodes of none": func(ctx context.Context) error { _, err := q.reader.Nodes(ctx, nil); return err },
		"Find of none": func(ctx context.Context) error {
			_, err := q.reader.Find(ctx, store.Select{Kind: un.KindBody})
			return err
		},
		"Neighbors of none": func(ctx context.Context) error {
			_, err := q.reader.Neighbors(ctx, nil, hop, list)
			return err
		},
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	late, cancel := context.WithDeadline(ctx, time.Unix(0, 0))
	defer cancel()
	for name, ask := range inOrder(asks) {
		if err := failedAs(ask(canceled), context.Canceled); err != nil {
			return fmt.Errorf("%s with a canceled context: %w", name, err)
		}
		if err := failedAs(ask(late), context.DeadlineExceeded, store.ErrTimeout); err != nil {
			return fmt.Errorf("%s after the deadline: %w", name, err)
		}
	}
	if q, err = look(ctx, s, g); err != nil {
		return err
	}
	return q.everything()
}

// closes: a store answers a ping until it is closed, and may be closed again.
func closes(ctx context.Context, s store.Store) error {
	return cmp.Or(s.Ping(ctx), s.Close(ctx), s.Close(ctx))
}

// refuses: what is not of the closed tables, or of another list, is an invalid request, for whatever node and on whatever
// graph; and what is of them is none.
func refuses(ctx context.Context, s store.Store) error {
	empty, err := look(ctx, s, un.Graph{})
	if err != nil {
		return err
	}
	if err := empty.refusals(); err != nil {
		return fmt.Errorf("before the first load: %w", err)
	}
	g := village(5, "refuse")
	full, err := load(ctx, s, g)
	if err != nil {
		return err
	}
	if err := full.refusals(); err != nil {
		return err
	}
	if full, err = look(ctx, s, g); err != nil {
		return err
	}
	return full.everything()
}

const injection = "Body`) DETACH DELETE n//"

// to is a hop that lists may be asked of.
var to = store.Hop{Relations: []un.Relation{un.MemberOf, un.ReportsTo}, Direction: store.Out, Kind: un.KindBody}

func (q quiz) refusals() error {
	body := store.Select{Kind: un.KindBody, First: 2}
	change := func(s store.Select, by func(*store.Select)) store.Select { by(&s); return s }
	lists := map[string]store.Select{}
	for _, kind := range []un.Kind{"", "body", "BODY ", "NODE", injection} {
		lists[fmt.Sprintf("kind %q", kind)] = store.Select{Kind: kind, First: 1}
	}
	for _, order := range []string{"name", "PLACE", "ID", "NAME DESC", injection} {
		lists[fmt.Sprintf("order %q", order)] = change(body, func(s *store.Select) { s.Order = order })
	}
	for _, first := range []int{-1, store.MaxFirst + 1, -1 << 40, 1 << 40} {
		lists[fmt.Sprintf("first %d", first)] = change(body, func(s *store.Select) { s.First = first })
	}
	for _, day := range []un.Date{"2026", "2026-02-30", "0000-00-00", " 2026-01-01", "2026-01-01T00:00:00Z", "today", "'"} {
		lists[fmt.Sprintf("day %q", day)] = change(body, func(s *store.Select) { s.AsOf = day })
	}
	for name, f := range badFilters() {
		for where, f := range map[string]store.Filter{
			"":                    f,
			" in And":             store.And{store.Or{}, f},
			" in Or":              store.Or{store.And{}, f},
			" in Not":             store.Not{Filter: store.Not{Filter: f}},
			" in Has":             store.Has{Hop: to, Where: f},
			" in And, Or and Not": store.And{store.Or{store.Not{Filter: f}}},
		} {
			lists["filter "+name+where] = change(body, func(s *store.Select) { s.Where = f })
		}
	}
	for name, s := range inOrder(lists) {
		h := to
		if s.Kind != un.KindBody {
			h.Kind = s.Kind
		}
		if err := q.refused(s, &h); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	hops := map[string]store.Hop{}
	for _, r := range []un.Relation{"", "part_of", "KNOWS", injection} {
		hops[fmt.Sprintf("relation %q", r)] = store.Hop{Relations: []un.Relation{un.MemberOf, r}, Direction: store.Out, Kind: un.KindBody}
	}
	for _, d := range []store.Direction{"", "out", "SIDEWAYS", injection} {
		hops[fmt.Sprintf("direction %q", d)] = store.Hop{Relations: to.Relations, Direction: d, Kind: un.KindBody}
	}
	for _, kind := range []un.Kind{"", un.KindDocument, injection} {
		hops[fmt.Sprintf("kind %q of the hop", kind)] = store.Hop{Relations: to.Relations, Direction: store.Out, Kind: kind}
	}
	for name, h := range inOrder(hops) {
		if err := q.refusedHop(body, h); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if h.Kind != un.KindDocument {
			if err := q.refused(change(body, func(s *store.Select) { s.Where = store.Not{Filter: store.Has{Hop: h}} }), &to); err != nil {
				return fmt.Errorf("%s in Has: %w", name, err)
			}
		}
	}
	return q.cursors(body)
}

// refused checks that a list is invalid, and so a hop to the same.
func (q quiz) refused(s store.Select, h *store.Hop) error {
	p, err := q.reader.Find(q.ctx, s)
	if err := failedAs(err, store.ErrInvalid); err != nil {
		return fmt.Errorf("Find(%#v): %w", s, err)
	}
	if len(p.Items) > 0 {
		return fmt.Errorf("Find(%#v) gives items and an error", s)
	}
	return q.refusedHop(s, *h)
}

func (q quiz) refusedHop(s store.Select, h store.Hop) error {
	for _, from := range [][]un.ID{nil, {"unknown"}, {"body:0", "body:1"}} {
		pages, err := q.reader.Neighbors(q.ctx, from, h, s)
		if err := failedAs(err, store.ErrInvalid); err != nil {
			return fmt.Errorf("Neighbors(%q, %#v, %#v): %w", from, h, s, err)
		}
		if len(pages) > 0 {
			return fmt.Errorf("Neighbors(%q, %#v, %#v) gives pages and an error", from, h, s)
		}
	}
	return nil
}

// badFilters are filters that no list of bodies takes.
func badFilters() map[string]store.Filter {
	cond := func(field string, op store.Op, values ...string) store.Filter {
		return store.Cond{Field: field, Op: op, Values: values}
	}
	bad := map[string]store.Filter{
		"And of nil": store.And{nil},
		"Or of nil":  store.Or{nil},
		"Not of nil": store.Not{},
		"Has with a field of another kind": store.Has{
			Hop: store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}, Where: cond("standing", store.Known),
		},
		"Has of Not of nil":    store.Has{Hop: to, Where: store.Not{}},
		"Known with one value": cond("name", store.Known, "a"),
	}
	for _, field := range []string{"", "Name", "symbol", "due", "n.name", "name` OR true //", injection} {
		bad[fmt.Sprintf("field %q", field)] = cond(field, store.Is, "a")
	}
	for _, op := range []store.Op{"", "IS", "=~", "startsWith", injection} {
		bad[fmt.Sprintf("operation %q", op)] = cond("name", op, "a")
	}
	for _, op := range []store.Op{store.Contains, store.Before, store.From} {
		bad[string(op)+" without a value"] = cond("name", op)
		bad[string(op)+" with two values"] = cond("name", op, "a", "b")
	}
	return bad
}

// cursors: a list takes its own cursors and no other's.
func (q quiz) cursors(s store.Select) error {
	body := village(1, "cursor").Nodes[2]
	edge := &un.Edge{ID: "an edge"}
	at := func(s store.Select, h *store.Hop) store.Cursor { return s.CursorAt(h, s.KeyOf(h, body, edge)) }
	other := func(by func(*store.Select)) store.Select { s := s; by(&s); return s }
	otherHop := func(by func(*store.Hop)) *store.Hop { h := to; by(&h); return &h }
	edges := otherHop(func(h *store.Hop) { h.Edges = true })
	raw := func(parts ...string) store.Cursor {
		return store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00"))))
	}
	inFind, inHop, inEdges := at(s, nil), at(s, &to), at(s, edges)
	strange := map[string]store.Cursor{
		"garbage":                "x",
		"no base64":              "%%%",
		"an injection":           injection,
		"white space":            " ",
		"base64 of garbage":      raw("garbage"),
		"no text":                raw("\xff\xfe"),
		"another version":        raw("0", "BODY", "NAME", "ASC", "0a", "body:0"),
		"no key":                 raw("1", "BODY", "NAME", "ASC"),
		"an empty key":           raw("1", "BODY", "NAME", "ASC", ""),
		"half a key":             raw("1", "BODY", "NAME", "ASC", "0a"),
		"a key too long":         raw("1", "BODY", "NAME", "ASC", "0a", "body:0", "edge", "more"),
		"a key of neither rank":  raw("1", "BODY", "NAME", "ASC", "7a", "body:0"),
		"a key that is no text":  raw("1", "BODY", "NAME", "ASC", "0\xff", "body:0"),
		"half a cursor":          inFind[:len(inFind)/2],
		"two cursors":            inFind + inFind,
		"of another order":       at(other(func(s *store.Select) { s.Order = "ESTABLISHED" }), nil),
		"of the other direction": at(other(func(s *store.Select) { s.Desc = true }), nil),
		"of another kind":        store.Select{Kind: un.KindSession}.CursorAt(nil, "0a\x00body:0"),
	}
	foreign := map[string]store.Cursor{ // to the hop alone
		"of no hop":                     inFind,
		"of a hop that lists edges":     inEdges,
		"of a hop with fewer relations": at(s, otherHop(func(h *store.Hop) { h.Relations = h.Relations[:1] })),
		"of a hop with more relations":  at(s, otherHop(func(h *store.Hop) { h.Relations = append(slices.Clone(h.Relations), un.PartOf) })),
		"of a hop with other relations": at(s, otherHop(func(h *store.Hop) { h.Relations = []un.Relation{un.PartOf, un.ReportsTo} })),
		"of a hop the other way":        at(s, otherHop(func(h *store.Hop) { h.Direction = store.In })),
		"of a hop both ways":            at(s, otherHop(func(h *store.Hop) { h.Direction = store.Both })),
		"half of one's own":             inHop[:len(inHop)/2],
		"of another order":              at(other(func(s *store.Select) { s.Order = "ESTABLISHED" }), &to),
		"of the other direction":        at(other(func(s *store.Select) { s.Desc = true }), &to),
	}
	after := func(c store.Cursor) store.Select { return other(func(s *store.Select) { s.After = c }) }
	for name, c := range inOrder(strange) {
		if err := q.refused(after(c), &to); err != nil {
			return fmt.Errorf("a cursor: %s: %w", name, err)
		}
	}
	for name, c := range inOrder(foreign) {
		if err := q.refusedHop(after(c), to); err != nil {
			return fmt.Errorf("a cursor: %s: %w", name, err)
		}
	}
	for name, c := range map[string]store.Cursor{"of a hop": inHop, "of a hop that lists edges": inEdges} {
		if _, err := q.reader.Find(q.ctx, after(c)); failedAs(err, store.ErrInvalid) != nil {
			return fmt.Errorf("a list takes a cursor %s", name)
		}
	}
	if err := q.refusedHop(after(inHop), *edges); err != nil {
		return fmt.Errorf("a cursor of a hop that lists no edges: %w", err)
	}
	// What is the same list takes it.
	named := other(func(s *store.Select) { s.Order, s.AsOf, s.First, s.Total = "NAME", "2026-01-01", 7, true })
	turned := otherHop(func(h *store.Hop) { h.Relations = []un.Relation{un.ReportsTo, un.MemberOf, un.ReportsTo} })
	item := &store.Item{Node: body, Edge: edge}
	return cmp.Or(q.find(s, item), q.find(named, item), q.hop(q.ids(), *turned, s, item), q.hop(q.ids(), *edges, named, item),
		own(s, named, inFind, nil), own(s, s, inHop, turned))
}

// inOrder gives named cases in one order, so that the same mistake gives the same error.
func inOrder[T any](cases map[string]T) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			if !yield(name, cases[name]) {
				return
			}
		}
	}
}

// own checks that the cursor of one question is a cursor of another.
func own(a, b store.Select, c store.Cursor, h *store.Hop) error {
	b.After = c
	if _, err := b.Position(h); err != nil {
		return fmt.Errorf("a cursor of %#v is none of %#v: %w", a, b, err)
	}
	return nil
}

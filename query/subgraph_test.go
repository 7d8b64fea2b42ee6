package query_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// nodeKinds has the kinds in the order of answers; a legal basis is of none of them.
var nodeKinds = []un.Kind{un.KindBody, un.KindDocument, un.KindProvision, un.KindMandate, un.KindDeadline, un.KindCycle, un.KindSession}

var graphDays = []un.Date{un.FirstDay, "2010-01-01", "2020-01-01", "2030-01-01", un.LastDay}

// node makes a node of a kind, named for its number; its order by name is not that by id.
func node(kind un.Kind, n int, v un.Validity) un.Node {
	r := un.Record{ID: un.ID(fmt.Sprintf("%s:%03d", strings.ToLower(string(kind)), n)), Validity: v}
	name := fmt.Sprintf("%03d %d", n*7%1000, n)
	switch kind {
	case un.KindBody:
		return &un.Body{Record: r, Names: map[un.Language]string{un.English: name}}
	case un.KindDocument:
		return &un.Document{Record: r, Title: name}
	case un.KindProvision:
		return &un.Provision{Record: r, Position: name}
	case un.KindMandate:
		return &un.Mandate{Record: r, Title: name}
	case un.KindDeadline:
		return &un.Deadline{Record: r, Title: name}
	case un.KindCycle:
		return &un.ReportingCycle{Record: r, Title: name}
	case un.KindSession:
		return &un.Session{Record: r, Name: name}
	}
	return &un.LegalBasis{Record: r}
}

func edge(r un.Relation, from, to un.Node, place string, v un.Validity) un.Edge {
	return un.Edge{ID: un.EdgeID(r, from.Key(), to.Key(), place), Relation: r, From: from.Key(), To: to.Key(), Validity: v}
}

// randomGraph has some nodes of each kind and edges of each relation, also internal ones, several between the same two,
// and from a document to itself.
func randomGraph(d *rand.Rand, each int) un.Graph {
	var g un.Graph
	validity := func() un.Validity {
		if d.IntN(2) == 0 {
			return un.Always
		}
		i, j := d.IntN(len(graphDays)), d.IntN(len(graphDays))
		return un.Validity{From: graphDays[min(i, j)], Until: graphDays[max(i, j)]}
	}
	of, used := map[un.Kind][]un.Node{}, map[un.ID]bool{}
	for _, kind := range append(slices.Clone(nodeKinds), un.KindBasis) {
		for n := range 1 + d.IntN(each) {
			v := validity()
			if kind == un.KindBody {
				v = un.Always
			}
			of[kind] = append(of[kind], node(kind, n, v))
		}
		g.Nodes = append(g.Nodes, of[kind]...)
	}
	for _, j := range un.Relations {
		for _, from := range j.From {
			for _, to := range j.To {
				for range d.IntN(each) {
					a, b := of[from][d.IntN(len(of[from]))], of[to][d.IntN(len(of[to]))]
					if !j.Between(from, to) || a == b && j.Relation != un.Cites {
						continue
					}
					e := edge(j.Relation, a, b, fmt.Sprint(d.IntN(3)), validity())
					if !used[e.ID] {
						used[e.ID] = true
						g.Edges = append(g.Edges, e)
					}
				}
			}
		}
	}
	d.Shuffle(len(g.Nodes), func(i, j int) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] })
	d.Shuffle(len(g.Edges), func(i, j int) { g.Edges[i], g.Edges[j] = g.Edges[j], g.Edges[i] })
	return g
}

// some are a few relations, or nil.
func some(d *rand.Rand) []un.Relation {
	if d.IntN(2) == 0 {
		return nil
	}
	var out []un.Relation
	for _, r := range query.Walkable() {
		if d.IntN(3) == 0 {
			out = append(out, r)
		}
	}
	return slices.Clip(append(out, un.PartOf))
}

// drawn is a subgraph by ids.
type drawn struct {
	Nodes, Edges []un.ID
	Truncated    bool
}

func draw(s *query.Subgraph) (d drawn) {
	for _, n := range s.Nodes {
		d.Nodes = append(d.Nodes, n.Key())
	}
	for _, e := range s.Edges {
		d.Edges = append(d.Edges, e.ID)
	}
	d.Truncated = s.Truncated
	return d
}

// plainly finds a subgraph from the list of edges alone.
func plainly(g un.Graph, q query.Around) (d drawn) {
	nodes := map[un.ID]un.Node{}
	for _, n := range g.Nodes {
		if n.NodeKind() != un.KindBasis && n.Valid().On(q.AsOf) {
			nodes[n.Key()] = n
		}
	}
	var edges []un.Edge
	for _, e := range g.Edges {
		j, _ := un.JoinOf(e.Relation)
		if !j.Internal && (q.Relations == nil || slices.Contains(q.Relations, e.Relation)) && e.Validity.On(q.AsOf) && nodes[e.From] != nil && nodes[e.To] != nil {
			edges = append(edges, e)
		}
	}
	far := map[un.ID]int{}
	for _, id := range q.Names {
		if nodes[id] != nil {
			far[id] = 0
		}
	}
	for step := range q.Depth {
		for _, e := range edges {
			for _, way := range [][2]un.ID{{e.From, e.To}, {e.To, e.From}} {
				if at, ok := far[way[0]]; ok && at == step {
					if _, ok := far[way[1]]; !ok {
						far[way[1]] = step + 1
					}
				}
			}
		}
	}
	d.Nodes = slices.SortedFunc(maps.Keys(far), func(a, b un.ID) int {
		x, y := nodes[a], nodes[b]
		return cmp.Or(
			cmp.Compare(far[a], far[b]), cmp.Compare(slices.Index(nodeKinds, x.NodeKind()), slices.Index(nodeKinds, y.NodeKind())),
			cmp.Compare(un.Fold(x.SortValue(un.Orders[x.NodeKind()][0])), un.Fold(y.SortValue(un.Orders[y.NodeKind()][0]))), cmp.Compare(a, b),
		)
	})
	if d.Truncated = len(d.Nodes) > 500; d.Truncated {
		d.Nodes = d.Nodes[:500]
	}
	slices.SortFunc(edges, func(a, b un.Edge) int {
		return cmp.Or(cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
	})
	for _, e := range edges {
		if slices.Contains(d.Nodes, e.From) && slices.Contains(d.Nodes, e.To) {
			d.Edges = append(d.Edges, e.ID)
		}
	}
	return d
}

func TestSubgraphIsThatOfTheListOfEdges(t *testing.T) {
	cut := 0
	for seed := range uint64(100) {
		d := rand.New(rand.NewPCG(seed, 1))
		each := 6
		if seed%10 == 0 {
			each = 200 // enough to be cut
		}
		g := randomGraph(d, each)
		r, again := open(t, g), un.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges)}
		slices.Reverse(again.Nodes)
		slices.Reverse(again.Edges)
		backwards := open(t, again)
		for depth := range 4 {
			q := query.Around{Depth: depth, Relations: some(d), AsOf: append(graphDays, "", "")[d.IntN(7)]}
			for range 1 + d.IntN(3) {
				if n := g.Nodes[d.IntN(len(g.Nodes))]; n.NodeKind() != un.KindBasis {
					q.Names = append(q.Names, n.Key())
				}
			}
			if each == 200 && depth > 1 {
				q.Relations, q.AsOf = nil, ""
			}
			want := plainly(g, q)
			for _, r := range []store.Reader{r, backwards} {
				s, err := query.FindSubgraph(t.Context(), r, new(query.Names), q)
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(want, draw(s)); diff != "" {
					t.Fatalf("seed %d, %+v (-want +got):\n%s", seed, q, diff)
				}
			}
			if want.Truncated {
				cut++
			}
		}
	}
	if cut < 3 {
		t.Errorf("only %d subgraphs were cut", cut)
	}
}

// star is a body with that many parts.
func star(parts int) un.Graph {
	hub := node(un.KindBody, 0, un.Always)
	g := un.Graph{Nodes: []un.Node{hub}}
	for n := range parts {
		part := node(un.KindBody, n+1, un.Always)
		g.Nodes = append(g.Nodes, part)
		g.Edges = append(g.Edges, edge(un.PartOf, part, hub, "", un.Always))
	}
	return g
}

func TestSubgraphIsCutAtFiveHundred(t *testing.T) {
	for _, c := range []struct {
		parts, beyond int // beyond the last part, one after the other
		depth         int
		cut           bool
	}{{498, 0, 3, false}, {499, 0, 1, false}, {500, 0, 1, true}, {499, 1, 1, false}, {498, 1, 2, false}, {498, 1, 3, false}, {499, 1, 2, true}, {498, 2, 3, true}, {700, 0, 1, true}} {
		g := star(c.parts)
		for n := range c.beyond {
			next := node(un.KindMandate, n, un.Always)
			relation, last := un.Holds, g.Nodes[len(g.Nodes)-1]
			e := edge(relation, last, next, "", un.Always)
			if n > 0 {
				e = edge(un.Supersedes, last, next, "", un.Always)
			}
			g.Nodes, g.Edges = append(g.Nodes, next), append(g.Edges, e)
		}
		q := query.Around{Names: []un.ID{"body:000"}, Depth: c.depth}
		s, err := query.FindSubgraph(t.Context(), open(t, g), new(query.Names), q)
		if err != nil || s.Truncated != c.cut || c.cut && len(s.Nodes) != 500 {
			t.Fatalf("%+v: %d nodes, truncated %v, %v", c, len(s.Nodes), s.Truncated, err)
		}
		if diff := gocmp.Diff(plainly(g, q), draw(s)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c, diff)
		}
	}
}

// A traveller notes the hops that it is asked for, each of which takes a second.
type traveller struct {
	store.Reader
	mu   sync.Mutex
	hops []string
	ask  func(context.Context) error // before each hop
}

func (r *traveller) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	r.mu.Lock()
	r.hops = append(r.hops, fmt.Sprintf("%s %s", h.Direction, h.Kind))
	r.mu.Unlock()
	if r.ask != nil {
		if err := r.ask(ctx); err != nil {
			return nil, err
		}
	}
	time.Sleep(time.Second)
	return r.Reader.Neighbors(ctx, from, h, s)
}

func (r *traveller) counts() map[string]int {
	count := map[string]int{}
	for _, h := range r.hops {
		count[h]++
	}
	return count
}

// All kinds of a level are asked for at once: a level takes one round trip, and so do the edges.
func TestSubgraphTakesOneRoundTripALevel(t *testing.T) {
	for depth := range 4 {
		synctest.Test(t, func(t *testing.T) {
			r := &traveller{Reader: open(t, world())}
			begin := time.Now()
			s, err := query.FindSubgraph(t.Context(), r, new(query.Names), query.Around{Names: []un.ID{"CSTD"}, Depth: depth})
			if took := time.Since(begin); err != nil || took != time.Duration(depth+1)*time.Second {
				t.Errorf("depth %d: %d round trips, %v", depth, took/time.Second, err)
			}
			if depth == 3 && len(s.Nodes) < 10 {
				t.Errorf("only %d nodes", len(s.Nodes))
			}
			want := []map[string]int{
				{}, // nothing leads from a body to itself alone, but it is asked
				{"BOTH BODY": 1, "BOTH DOCUMENT": 1, "BOTH PROVISION": 1, "BOTH MANDATE": 1, "BOTH DEADLINE": 1, "BOTH REPORTING_CYCLE": 1, "BOTH SESSION": 1},
			}
			want[0]["OUT BODY"], want[1]["OUT BODY"], want[1]["OUT MANDATE"] = 1, 1, 1
			if depth < 2 {
				delete(want[1], "OUT REPORTING_CYCLE")
				got := r.counts()
				delete(got, "OUT REPORTING_CYCLE") // which may supersede one another
				if diff := gocmp.Diff(want[depth], got); diff != "" {
					t.Errorf("depth %d (-want +got):\n%s", depth, diff)
				}
			}
		})
	}
}

func TestAHubIsPaged(t *testing.T) {
	for _, c := range []struct{ parts, pages int }{{99, 1}, {100, 1}, {101, 2}, {250, 3}, {499, 5}, {500, 5}, {5000, 6}} {
		synctest.Test(t, func(t *testing.T) {
			r := &traveller{Reader: open(t, star(c.parts))}
			begin := time.Now()
			s, err := query.FindSubgraph(t.Context(), r, new(query.Names), query.Around{Names: []un.ID{"body:000"}, Depth: 1, Relations: []un.Relation{un.PartOf}})
			if err != nil || len(s.Nodes) != min(c.parts+1, 500) || len(s.Edges) != len(s.Nodes)-1 || s.Truncated != (c.parts >= 500) {
				t.Fatalf("%d parts: %+v, %v", c.parts, s, err)
			}
			if n := r.counts()["BOTH BODY"]; n > c.pages || len(r.hops) != n+1 || time.Since(begin) != time.Duration(n+1)*time.Second {
				t.Errorf("%d parts: %d pages, want %d; %s", c.parts, n, c.pages, r.hops)
			}
		})
	}
}

func TestSubgraphRefuses(t *testing.T) {
	r := open(t, world())
	for _, c := range []struct {
		q    query.Around
		want string
	}{
		{query.Around{Names: ids{"IGF"}, Depth: 4}, "depth is 4; it must be from 0, for the relations between the objects named, to 3"},
		{query.Around{Names: ids{"IGF"}, Depth: -1}, "depth is -1; it must be from 0, for the relations between the objects named, to 3"},
		{query.Around{Names: make(ids, 21)}, "around has 21 entries; name at most 20"},
		{query.Around{Names: ids{"IGF"}, Relations: []un.Relation{un.PartOf, un.StatedIn}}, `relations: there is no relation "STATED_IN"`},
		{query.Around{Names: ids{"IGF"}, Relations: []un.Relation{"LIKES"}}, `relations: there is no relation "LIKES"`},
		{query.Around{Names: ids{"IGF", "IGFX"}}, `around: there is no body or document "IGFX"; did you mean "body:igf"?`},
	} {
		s, err := query.FindSubgraph(t.Context(), r, new(query.Names), c.q)
		if s != nil || !errors.Is(err, store.ErrInvalid) || strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", "") != c.want {
			t.Errorf("%+v: %v, %v", c.q, s, err)
		}
	}
}

func TestObjects(t *testing.T) {
	g := towns()
	g.Nodes = append(g.Nodes, &un.LegalBasis{Record: record("basis:igf")})
	g.Edges = append(g.Edges, edge(un.StatedIn, &un.Mandate{Record: record("mandate:A/RES/80/173#99/permanent")}, &un.Document{Record: record("document:A/RES/80/173")}, "", un.Always))
	g.Nodes = append(g.Nodes, &un.Mandate{Record: record("mandate:A/RES/80/173#99/permanent")})
	r, names := open(t, g), new(query.Names)
	found, err := names.Objects(t.Context(), r, ids{"IGF", "body:igf", "80/173", "document:80/173", "session:cstd-30", "mandate:report", "provision:E/RES/2023/3#4", "cycle:annual", "deadline:review"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range found {
		got = append(got, string(n.Key()))
	}
	if want := "body:igf body:igf document:A/RES/80/173 document:A/RES/80/173 session:cstd-30 mandate:report provision:E/RES/2023/3#4 cycle:annual deadline:review"; strings.Join(got, " ") != want {
		t.Errorf("%s", got)
	}
	for name, want := range map[un.ID]string{
		"TALKS":                                 `"TALKS" means several: "body:geneva-talks" or "body:tunis-talks"; use an id`,
		"igff":                                  `there is no body or document "igff"; did you mean "body:igf"?`,
		"A/RES/80/174":                          `there is no body or document "A/RES/80/174"; did you mean "document:A/RES/80/173"?`,
		"nobody of that name":                   `there is no body or document "nobody of that name"; the nearest is "body:tunis-talks"; the queries bodies and documents list what there is`,
		"basis:igf":                             `there is no body or document "basis:igf"; the nearest is "body:igf"; the queries bodies and documents list what there is`,
		"body:igff":                             `there is no body "body:igff"; did you mean "body:igf"?`,
		"document:80/174":                       `there is no document "document:80/174"; did you mean "document:A/RES/80/173"?`,
		"session:cstd-31":                       `there is no session "session:cstd-31"; did you mean "session:cstd-30"?`,
		"session":                               `there is no body or document "session"; the nearest is "body:ecosoc"; the queries bodies and documents list what there is`,
		"provision:A/RES/80/173#98":             `there is no provision "provision:A/RES/80/173#98"; did you mean "provision:A/RES/80/173#99"?`,
		"mandate:80/173#99/permanant":           `there is no mandate "mandate:80/173#99/permanant"; did you mean "mandate:A/RES/80/173#99/permanent"?`,
		"deadline:A/RES/80/173#1/anything":      `there is no deadline "deadline:A/RES/80/173#1/anything"; the query document(symbol: "A/RES/80/173") lists what there is`,
		"cycle:A/RES/80/174#1/anything":         `there is no cycle "cycle:A/RES/80/174#1/anything": its document "A/RES/80/174" is unknown; did you mean "document:A/RES/80/173"?`,
		un.ID("IGF" + strings.Repeat("x", 1e4)): `there is no body or document "IGF` + strings.Repeat("x", 1e4) + `"; the queries bodies and documents list what there is`,
	} {
		found, err := names.Objects(t.Context(), r, ids{"IGF", name})
		if found != nil || !errors.Is(err, store.ErrInvalid) || strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", "") != want {
			t.Errorf("%.100s: %v, %.300v", name, found, err)
		}
	}
}

// What the store fails with, in whichever call, is what who asked is told; the other calls are given up, and a panic
// can be recovered where one asked.
func TestGraphQuestionsFail(t *testing.T) {
	for name, ask := range map[string]func(store.Reader, context.Context) error{
		"subgraph": func(r store.Reader, ctx context.Context) error {
			s, err := query.FindSubgraph(ctx, r, new(query.Names), query.Around{Names: ids{"CSTD"}, Depth: 3})
			if s != nil && err != nil {
				t.Errorf("an answer and an error")
			}
			return err
		},
		"path": func(r store.Reader, ctx context.Context) error {
			_, err := query.FindPath(ctx, r, new(query.Names), query.Between{From: "CSTD", To: "deadline:proposal", MaxLength: 6, Relations: []un.Relation{un.BasedOn, un.AddressedTo, un.PartOf}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			gone, leave := context.WithCancel(t.Context())
			leave()
			if err := ask(open(t, world()), gone); !errors.Is(err, context.Canceled) {
				t.Errorf("canceled before: %v", err)
			}
			gone, leave = context.WithCancel(t.Context())
			if err := ask(&traveller{Reader: open(t, world()), ask: func(context.Context) error { leave(); return nil }}, gone); !errors.Is(err, context.Canceled) {
				t.Errorf("canceled during: %v", err)
			}
			var once sync.Once
			if err := ask(&traveller{Reader: open(t, world()), ask: func(ctx context.Context) (err error) {
				once.Do(func() { err = errBroken })
				if err == nil {
					<-ctx.Done()
					err = ctx.Err()
				}
				return err
			}}, t.Context()); !errors.Is(err, errBroken) {
				t.Errorf("broken: %v", err)
			}
			defer func() {
				if p := recover(); !strings.Contains(fmt.Sprint(p), "oh no") {
					t.Errorf("recovered: %v", p)
				}
			}()
			_ = ask(&traveller{Reader: open(t, world()), ask: func(context.Context) error { panic("oh no") }}, t.Context())
			t.Error("nothing panicked")
		})
	}
}

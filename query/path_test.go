package query_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// way is a path by ids; nil where there is none.
func way(p *query.Path) []un.ID {
	if p == nil {
		return nil
	}
	out := []un.ID{p.Nodes[0].Key()}
	for i, e := range p.Edges {
		out = append(out, e.ID, p.Nodes[i+1].Key())
	}
	return out
}

// distances are those between all nodes over some edges, by the algorithm of Floyd and Warshall.
func distances(g un.Graph, edges []un.Edge) (index map[un.ID]int, d [][]int) {
	index = map[un.ID]int{}
	for i, n := range g.Nodes {
		index[n.Key()] = i
	}
	d = make([][]int, len(g.Nodes))
	for i := range d {
		d[i] = slices.Repeat([]int{1e6}, len(g.Nodes))
		d[i][i] = 0
	}
	for _, e := range edges {
		if i, j := index[e.From], index[e.To]; i != j {
			d[i][j], d[j][i] = 1, 1
		}
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return index, d
}

// least is the least of the shortest paths, by comparing them all.
func least(edges []un.Edge, index map[un.ID]int, d [][]int, from, to un.ID) (ids, ways []un.ID) {
	ways = []un.ID{from}
	for _, e := range edges {
		for _, step := range [][2]un.ID{{e.From, e.To}, {e.To, e.From}} {
			if step[0] != from || from == to || d[index[step[1]]][index[to]] != d[index[from]][index[to]]-1 {
				continue
			}
			rest, way := least(edges, index, d, step[1], to)
			if whole := append([]un.ID{e.ID}, rest...); ids == nil || slices.Compare(whole, ids) < 0 {
				ids, ways = whole, append([]un.ID{from, e.ID}, way...)
			}
		}
	}
	return ids, ways
}

func TestPathIsTheLeastOfTheShortest(t *testing.T) {
	lengths := map[int]int{}
	for seed := range uint64(150) {
		d := rand.New(rand.NewPCG(seed, 2))
		g := randomGraph(d, 7)
		again := un.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges)}
		slices.Reverse(again.Nodes)
		slices.Reverse(again.Edges)
		r, backwards := open(t, g), open(t, again)
		relations := some(d)
		if relations != nil { // fewer, so that paths are longer
			relations = relations[:1+d.IntN(len(relations))]
		}
		var edges []un.Edge
		for _, e := range g.Edges {
			if j, _ := un.JoinOf(e.Relation); !j.Internal && (relations == nil && e.Relation != un.Mentions || slices.Contains(relations, e.Relation)) {
				edges = append(edges, e)
			}
		}
		index, far := distances(g, edges)
		for range 15 {
			from, to := g.Nodes[d.IntN(len(g.Nodes))], g.Nodes[d.IntN(len(g.Nodes))]
			if from.NodeKind() == un.KindBasis || to.NodeKind() == un.KindBasis {
				continue
			}
			q := query.Between{From: from.Key(), To: to.Key(), MaxLength: 1 + d.IntN(6), Relations: relations}
			var want []un.ID
			length := far[index[q.From]][index[q.To]]
			if length <= q.MaxLength {
				_, want = least(edges, index, far, q.From, q.To)
				lengths[length]++
			} else {
				lengths[-1]++
			}
			for _, r := range []store.Reader{r, backwards} {
				p, err := query.FindPath(t.Context(), r, new(query.Names), q)
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(want, way(p)); diff != "" {
					t.Fatalf("seed %d, %+v (-want +got):\n%s", seed, q, diff)
				}
			}
		}
	}
	for _, length := range []int{-1, 0, 1, 2, 3, 4, 5} {
		if lengths[length] < 3 {
			t.Errorf("too few paths of a length: %v", lengths)
		}
	}
}

// chain has bodies in a row, each a part of the next.
func chain(length int) un.Graph {
	g := un.Graph{Nodes: []un.Node{node(un.KindBody, 0, un.Always)}}
	for n := range length {
		next := node(un.KindBody, n+1, un.Always)
		g.Edges = append(g.Edges, edge(un.PartOf, g.Nodes[n], next, "", un.Always))
		g.Nodes = append(g.Nodes, next)
	}
	return g
}

func TestPathTakesOneRoundTripALevel(t *testing.T) {
	for length := range 8 {
		synctest.Test(t, func(t *testing.T) {
			r := &traveller{Reader: open(t, chain(length))}
			begin := time.Now()
			p, err := query.FindPath(t.Context(), r, new(query.Names), query.Between{From: "body:000", To: un.ID(fmt.Sprintf("body:%03d", length)), MaxLength: 6})
			if err != nil || (length <= 6) != (p != nil) || p != nil && len(p.Edges) != length {
				t.Errorf("%d: %v, %v", length, way(p), err)
			}
			if took := time.Since(begin); took != time.Duration(min(length, 6))*time.Second || len(r.hops) > 7*min(length, 6) {
				t.Errorf("%d: %d round trips, %d calls", length, took/time.Second, len(r.hops))
			}
		})
	}
}

// Hubs are not read where something else is nearer.
func TestPathGoesAroundHubs(t *testing.T) {
	g := star(query.MaxVisited + 1) // whose parts are 1 and up
	a, b, c := node(un.KindMandate, 1, un.Always), node(un.KindMandate, 2, un.Always), node(un.KindMandate, 3, un.Always)
	hub, part := g.Nodes[0], g.Nodes[7]
	g.Nodes = append(g.Nodes, a, b, c)
	g.Edges = append(g.Edges, edge(un.Holds, hub, a, "", un.Always), edge(un.Supersedes, b, a, "", un.Always), edge(un.Supersedes, c, b, "", un.Always))
	r := &traveller{Reader: open(t, g)}
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			from, to un.Node
			length   int
		}{{part, hub, 1}, {hub, part, 1}, {hub, c, 3}, {c, part, 4}, {part, g.Nodes[8], 2}} {
			r.hops = nil
			begin := time.Now()
			p, err := query.FindPath(t.Context(), r, new(query.Names), query.Between{From: c.from.Key(), To: c.to.Key(), MaxLength: 6})
			if err != nil || p == nil || len(p.Edges) != c.length {
				t.Fatalf("%s to %s: %v, %v", c.from.Key(), c.to.Key(), way(p), err)
			}
			if took := time.Since(begin); took > time.Duration(2*c.length)*time.Second {
				t.Errorf("%s to %s: %d round trips; %s", c.from.Key(), c.to.Key(), took/time.Second, r.hops)
			}
		}
	})
}

// Where both ends have hubs, the smaller is read to its end.
func TestPathReadsTheSmallerHub(t *testing.T) {
	g := star(250)
	other := node(un.KindBody, 600, un.Always)
	g.Nodes = append(g.Nodes, other)
	for n := range 300 { // one of the hub's parts has a part that is one of the other's too
		part := node(un.KindBody, 601+n, un.Always)
		g.Nodes = append(g.Nodes, part)
		g.Edges = append(g.Edges, edge(un.PartOf, part, other, "", un.Always))
	}
	g.Edges = append(g.Edges, edge(un.PartOf, g.Nodes[252+299], g.Nodes[250], "", un.Always))
	for _, ends := range [][2]un.ID{{"body:000", "body:600"}, {"body:600", "body:000"}} {
		r := &traveller{Reader: open(t, g)}
		synctest.Test(t, func(t *testing.T) {
			p, err := query.FindPath(t.Context(), r, new(query.Names), query.Between{From: ends[0], To: ends[1], MaxLength: 6})
			if err != nil || p == nil || len(p.Edges) != 3 {
				t.Fatalf("%v, %v", way(p), err)
			}
			if n := r.counts()["BOTH BODY"]; n > 12 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestPathIsGivenUpWhereTooMuchLiesBetween(t *testing.T) {
	grow := func(children ...int) un.Graph { // two trees
		var g un.Graph
		for range 2 {
			level := []un.Node{node(un.KindMandate, len(g.Nodes), un.Always)}
			g.Nodes = append(g.Nodes, level...)
			for _, n := range children {
				var next []un.Node
				for _, parent := range level {
					for range n {
						child := node(un.KindMandate, len(g.Nodes), un.Always)
						g.Nodes, next = append(g.Nodes, child), append(next, child)
						g.Edges = append(g.Edges, edge(un.Supersedes, child, parent, "", un.Always))
					}
				}
				level = next
			}
		}
		return g
	}
	for _, c := range []struct {
		children []int
		refused  bool
	}{{[]int{30, 30}, false}, {[]int{70, 70, 3}, true}} {
		g := grow(c.children...)
		q := query.Between{From: "mandate:000", To: g.Nodes[len(g.Nodes)/2].Key(), MaxLength: 6}
		p, err := query.FindPath(t.Context(), open(t, g), new(query.Names), q)
		if p != nil || errors.Is(err, query.ErrTooWide) != c.refused || errors.Is(err, store.ErrTooComplex) != c.refused || !c.refused && err != nil {
			t.Errorf("%v, %d nodes: %v, %v", c.children, len(g.Nodes), way(p), err)
		}
	}
}

func TestPathRefuses(t *testing.T) {
	r := open(t, world())
	for _, c := range []struct {
		q    query.Between
		want string
	}{
		{query.Between{From: "IGF", To: "CSTD"}, "maxLength is 0; it must be from 1 to 6"},
		{query.Between{From: "IGF", To: "CSTD", MaxLength: 7}, "maxLength is 7; it must be from 1 to 6"},
		{query.Between{From: "IGF", To: "IGFX", MaxLength: 1}, `there is no body or document "IGFX"; did you mean "body:igf"?`},
		{query.Between{From: "session:igf-22", To: "IGF", MaxLength: 1}, `there is no session "session:igf-22"; did you mean "session:igf-21"?`},
		{query.Between{From: "IGF", To: "IGF", MaxLength: 1, Relations: []un.Relation{un.BasisOf}}, `relations: there is no relation "BASIS_OF"`},
	} {
		p, err := query.FindPath(t.Context(), r, new(query.Names), c.q)
		if p != nil || !errors.Is(err, store.ErrInvalid) || strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", "") != c.want {
			t.Errorf("%+v: %v, %v", c.q, way(p), err)
		}
	}
}

// No paragraph ties the bodies that it names, unless one asks for that.
func TestPathLeavesMentionsOut(t *testing.T) {
	a, b, p := node(un.KindBody, 1, un.Always), node(un.KindBody, 2, un.Always), node(un.KindProvision, 1, un.Always)
	g := un.Graph{Nodes: []un.Node{a, b, p}, Edges: []un.Edge{edge(un.Mentions, p, a, "", un.Always), edge(un.Mentions, p, b, "", un.Always)}}
	for length, relations := range map[int][]un.Relation{-1: nil, 2: {un.Mentions}} {
		got, err := query.FindPath(t.Context(), open(t, g), new(query.Names), query.Between{From: a.Key(), To: b.Key(), MaxLength: 6, Relations: relations})
		if err != nil || cmp.Or(len(way(got))/2, -1) != length {
			t.Errorf("%v: %v, %v", relations, way(got), err)
		}
	}
}

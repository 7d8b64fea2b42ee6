package shape_test

import (
	"slices"
	"testing"

	"mandategraph/bench/shape"
	"mandategraph/un"
)

func TestGraphIsValidInEverySize(t *testing.T) {
	sizes := []int{0, 1_000, 20_000}
	if !testing.Short() {
		sizes = append(sizes, 100_000)
	}
	for _, size := range sizes {
		g := shape.Graph(size, 1)
		if got := len(g.Nodes); got != max(size, shape.Smallest) {
			t.Errorf("Graph(%d) has %d nodes", size, got)
		}
		if perNode := float64(len(g.Edges)) / float64(len(g.Nodes)); perNode < 2.2 || perNode > 3.6 {
			t.Errorf("Graph(%d) has %.1f relations a node; the facts have 2.8", size, perNode)
		}
		for i, p := range g.Check() {
			if i == 5 {
				break
			}
			t.Errorf("Graph(%d): %s %s", size, p.ID, p.Text)
		}
	}
}

func TestSameSeedMakesTheSameGraph(t *testing.T) {
	a, b, c := shape.Graph(1_000, 7), shape.Graph(1_000, 7), shape.Graph(1_000, 8)
	if a.Version() != b.Version() {
		t.Error("the same seed made two graphs")
	}
	if a.Version() == c.Version() {
		t.Error("two seeds made the same graph")
	}
}

// TestGraphIsOfOurShape: every kind and relation is there, a few bodies hold much and most hold little, and dates, validity
// and supersession differ.
func TestGraphIsOfOurShape(t *testing.T) {
	g := shape.Graph(20_000, 1)
	kinds, relations := map[un.Kind]int{}, map[un.Relation]int{}
	held := map[un.ID]int{}
	years := map[string]bool{}
	ended := 0
	for _, n := range g.Nodes {
		kinds[n.NodeKind()]++
		if d, ok := n.(*un.Deadline); ok && d.Window != nil {
			years[d.Window.EDTF[:3]] = true
		}
		if m, ok := n.(*un.Mandate); ok && m.Status("2026-03-01") != un.InForce {
			ended++
		}
	}
	for _, e := range g.Edges {
		relations[e.Relation]++
		if e.Relation == un.Holds {
			held[e.From]++
		}
	}
	for kind := range un.Orders {
		if kinds[kind] < 500 {
			t.Errorf("there are %d of %s", kinds[kind], kind)
		}
	}
	for _, j := range un.Relations {
		if relations[j.Relation] == 0 {
			t.Errorf("there is no %s", j.Relation)
		}
	}
	var counts []int
	for _, n := range held {
		counts = append(counts, n)
	}
	slices.Sort(counts)
	most, median := counts[len(counts)-1], counts[len(counts)/2]
	if most < 100*median || held[un.GeneralAssembly] != most || len(held) < kinds[un.KindBody]/3 {
		t.Errorf("of %d bodies %d hold mandates, the General Assembly %d, the most is %d, the median %d", kinds[un.KindBody], len(held), held[un.GeneralAssembly], most, median)
	}
	for decade := '4'; decade <= '9'; decade++ {
		if !years["19"+string(decade)] {
			t.Errorf("nothing is due in the decade 19%c0", decade)
		}
	}
	for _, decade := range []string{"200", "201", "202", "203"} {
		if !years[decade] {
			t.Errorf("nothing is due in the decade %s0", decade)
		}
	}
	if share := float64(ended) / float64(kinds[un.KindMandate]); share < 0.15 || share > 0.6 {
		t.Errorf("%.0f %% of the mandates are over", 100*share)
	}
	if relations[un.Supersedes] < kinds[un.KindMandate]/10 {
		t.Errorf("%d supersessions", relations[un.Supersedes])
	}
}

package neo4j_test

import (
	"slices"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/bench/shape"
	"mandategraph/store"
	"mandategraph/store/neo4j"
	"mandategraph/un"
)

// first is the size of the pages that are measured, and most what one may cost: 20 hits for each row.
const (
	first = 20
	most  = 20 * first
)

// TestProfilePinsItsCost asks the database itself what pages and hops cost, in a graph of 20,000 nodes.
func TestProfilePinsItsCost(t *testing.T) {
	s, _ := empty(t)
	small, g := shape.Graph(shape.Smallest, 1), shape.Graph(20_000, 1)
	if err := s.Replace(t.Context(), small); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages(t, g) { // plans are made, and kept, while there is little to read
		plan(t, s, p.sel)
	}
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	t.Run("pages by old plans", func(t *testing.T) { pinPages(t, s, g) })
	t.Run("hops by old plans", func(t *testing.T) { pinHops(t, s, g) })
	if _, err := s.Ask(t.Context(), "CALL db.prepareForReplanning()", nil); err != nil {
		t.Fatal(err)
	}
	t.Run("pages", func(t *testing.T) { pinPages(t, s, g) })
	t.Run("hops", func(t *testing.T) { pinHops(t, s, g) })
}

// A list is what is asked, and how many nodes it has.
type list struct {
	sel  store.Select
	rows int
}

// pages are lists of several kinds and orders, in both directions, of all and of a tenth.
func pages(t *testing.T, g un.Graph) (lists []list) {
	t.Helper()
	for _, c := range []struct {
		kind  un.Kind
		order string
		field string
	}{
		{un.KindMandate, "SINCE", "kind"},
		{un.KindMandate, "TITLE", "verb"},
		{un.KindDeadline, "DUE", "kind"},
		{un.KindDocument, "ADOPTED_ON", "type"},
		{un.KindBody, "ESTABLISHED", "kind"}, // names begin with the kind, so by name a kind stands together
	} {
		value, kept := tenth(t, g, c.kind, c.field)
		tenth := store.Cond{Field: c.field, Op: store.Is, Values: []string{value}}
		never := store.Cond{Field: "validTo", Op: store.Before, Values: []string{"1900-01-01"}}
		for _, where := range []store.Filter{
			nil,
			tenth,
			store.Not{Filter: store.Or{store.Not{Filter: store.Cond{Field: c.field, Op: store.Is, Values: []string{value, "NONE"}}}, never}},
			store.Or{store.And{tenth, store.Cond{Field: "validFrom", Op: store.Known}}, never},
		} {
			for _, desc := range []bool{false, true} {
				l := list{store.Select{Kind: c.kind, Order: c.order, Desc: desc, Where: where, First: first}, len(g.Nodes)}
				if where != nil {
					l.rows = kept
				}
				lists = append(lists, l)
			}
		}
	}
	return lists
}

// pinPages asks for the first page of each list, and for one in its middle.
func pinPages(t *testing.T, s *neo4j.Store, g un.Graph) {
	for _, l := range pages(t, g) {
		pinPage(t, s, l.sel, "first")
		l.sel.After = middle(t, s, l.sel, l.rows)
		pinPage(t, s, l.sel, "deep")
	}
}

// pinHops wants a hop from twenty to cost in proportion to them and to what it returns; from a hub, which has more than it
// returns, in proportion to its relations.
func pinHops(t *testing.T, s *neo4j.Store, g un.Graph) {
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from un.Kind
		hop  store.Hop
	}{
		{un.KindBody, store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}},
		{un.KindBody, store.Hop{Relations: un.BodyRelations(), Direction: store.Both, Kind: un.KindBody, Edges: true}},
		{un.KindMandate, store.Hop{Relations: []un.Relation{un.BasedOn}, Direction: store.In, Kind: un.KindDeadline}},
		{un.KindMandate, store.Hop{Relations: []un.Relation{un.ConferredBy}, Direction: store.Out, Kind: un.KindProvision}},
		{un.KindDeadline, store.Hop{Relations: []un.Relation{un.Obliges}, Direction: store.Out, Kind: un.KindBody}},
	} {
		p, err := r.Find(t.Context(), store.Select{Kind: c.from, First: 20})
		if err != nil {
			t.Fatal(err)
		}
		var from []un.ID
		for _, it := range p.Items {
			from = append(from, it.Node.Key())
		}
		cost, rows := hop(t, s, from, c.hop)
		t.Logf("%s %v: %d hits for %d parents and %d rows", c.from, c.hop.Relations, cost, len(from), rows)
		if most := int64(20 * (len(from) + rows)); cost > most {
			t.Errorf("%s %v: %d hits for %d parents and %d rows; at most %d are allowed", c.from, c.hop.Relations, cost, len(from), rows, most)
		}
	}
	hub := store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}
	held := 0
	for _, e := range g.Edges {
		if e.Relation == un.Holds && e.From == un.GeneralAssembly {
			held++
		}
	}
	cost, rows := hop(t, s, []un.ID{un.GeneralAssembly}, hub)
	t.Logf("the General Assembly: %d hits for %d rows of %d mandates", cost, rows, held)
	if most := int64(4*held + 20*rows); cost > most {
		t.Errorf("the General Assembly: %d hits for %d rows of %d mandates; at most %d are allowed", cost, rows, held, most)
	}
}

// hop is what a hop costs, and how many rows it gives.
func hop(t *testing.T, s *neo4j.Store, from []un.ID, h store.Hop) (cost int64, rows int) {
	t.Helper()
	st, err := s.NeighborsStatement(t.Context(), from, h, store.Select{Kind: h.Kind, First: first})
	if err != nil {
		t.Fatal(err)
	}
	plan, records, err := s.Profile(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		items, _ := r.Values[2].([]any)
		rows += len(items)
	}
	return hits(plan), rows
}

// tenth is the value of a field that keeps what is nearest to a tenth of a kind, and how many nodes that are.
func tenth(t *testing.T, g un.Graph, kind un.Kind, field string) (value string, kept int) {
	t.Helper()
	counts, all := map[string]int{}, 0
	for _, n := range g.Nodes {
		if n.NodeKind() == kind {
			all++
			for _, v := range n.Field(field) {
				counts[v]++
			}
		}
	}
	distance := func(v string) int { return max(10*counts[v]-all, all-10*counts[v]) }
	for v := range counts {
		if value == "" || distance(v) < distance(value) || distance(v) == distance(value) && v < value {
			value = v
		}
	}
	if share := float64(counts[value]) / float64(all); share < 0.07 || share > 0.13 {
		t.Fatalf("%s %s keeps %.0f %% of %s, which is no tenth", field, value, 100*share, kind)
	}
	return value, counts[value]
}

// middle walks by cursors to the middle of a list.
func middle(t *testing.T, s *neo4j.Store, sel store.Select, rows int) store.Cursor {
	t.Helper()
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for seen := 0; seen < rows/2; {
		sel.First = min(store.MaxFirst, rows/2-seen)
		p, err := r.Find(t.Context(), sel)
		if err != nil {
			t.Fatal(err)
		}
		seen += len(p.Items)
		if !p.More {
			break
		}
		sel.After = sel.CursorAt(nil, p.Items[len(p.Items)-1].Key)
	}
	return sel.After
}

// pinPage wants a page to be read in the order of an index, and to cost no more than its rows allow.
func pinPage(t *testing.T, s *neo4j.Store, sel store.Select, where string) {
	t.Helper()
	plan, rows, text := plan(t, s, sel)
	limit := int64(most)
	if sel.Where == nil {
		limit = 5 * first
	}
	items, _ := rows[0].Values[1].([]any)
	cost := hits(plan)
	t.Logf("%s by %s, descending %v, %v, %s page: %d hits for %d rows", sel.Kind, sel.Order, sel.Desc, sel.Where, where, cost, len(items))
	if len(items) < first {
		t.Errorf("the page has %d rows", len(items))
	}
	if cost > limit {
		t.Errorf("%s by %s, descending %v, %v, %s page: %d hits; at most %d are allowed\n%s", sel.Kind, sel.Order, sel.Desc, sel.Where, where, cost, limit, strings.Join(operators(plan), "\n"))
	}
	names := strings.Join(operators(plan), " ")
	if !strings.Contains(names, "NodeIndexSeek") {
		t.Errorf("the plan seeks in no index: %s\n%s", names, text)
	}
	for _, o := range operators(plan) {
		if name, _, _ := strings.Cut(o, "@"); slices.Contains([]string{"Sort", "PartialSort", "Top", "PartialTop", "NodeByLabelScan", "NodeIndexScan", "AllNodesScan"}, name) {
			t.Errorf("the plan has %s:\n%s\n%s", name, strings.Join(operators(plan), "\n"), text)
		}
	}
}

// plan runs the statement of a page and says how the database went about it.
func plan(t *testing.T, s *neo4j.Store, sel store.Select) (driver.ProfiledPlan, []*driver.Record, string) {
	t.Helper()
	st, err := s.FindStatement(t.Context(), sel)
	if err != nil {
		t.Fatal(err)
	}
	plan, rows, err := s.Profile(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	return plan, rows, st.Text
}

// hits are what a plan asked of the database.
func hits(p driver.ProfiledPlan) int64 {
	sum := p.DbHits()
	for _, c := range p.Children() {
		sum += hits(c)
	}
	return sum
}

// operators are those of a plan, from the last to the first.
func operators(p driver.ProfiledPlan) []string {
	out := []string{p.Operator()}
	for _, c := range p.Children() {
		out = append(out, operators(c)...)
	}
	return out
}

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/graph"
	"mandategraph/un"
)

// A world is the facts as a plain list, for oracles that look at all of it.
type world struct{ un.Graph }

func (w world) edge(relation un.Relation, from, to un.ID) bool {
	return slices.ContainsFunc(w.Edges, func(e un.Edge) bool { return e.Relation == relation && e.From == from && e.To == to })
}

// tos and froms are the other ends of a node's edges.
func (w world) tos(relation un.Relation, from un.ID) (ids []un.ID) {
	for _, e := range w.Edges {
		if e.Relation == relation && e.From == from {
			ids = append(ids, e.To)
		}
	}
	return ids
}

func overlaps(d *un.PartialDate, from, to un.Date) bool {
	return d != nil && (d.Latest() == "" || d.Latest() >= from) && (d.Earliest() == "" || d.Earliest() <= to)
}

// A filterCase is one member with a value, and which nodes it should keep.
type filterCase struct {
	member, value string
	keep          func(w world, n un.Node) bool
	none          bool // the facts have nothing of the kind
}

// filterLists has, for each list of the root, a case or more for every member of its filter.
var filterLists = []struct {
	list, input string
	kind        un.Kind
	cases       []filterCase
}{
	{"bodies", "BodyFilter", un.KindBody, []filterCase{
		{member: "id", value: `["igf", "body:cstd"]`, keep: func(_ world, n un.Node) bool { return n.Key() == "body:igf" || n.Key() == "body:cstd" }},
		{member: "name", value: `{is: ["internet governance FORUM", "odet"]}`, keep: func(_ world, n un.Node) bool { return n.Key() == "body:igf" || n.Key() == "body:odet" }},
		{member: "name", value: `{contains: "GOVERNANCE"}`, keep: func(_ world, n un.Node) bool {
			return slices.ContainsFunc(n.(*un.Body).Called(), func(s string) bool { return strings.Contains(strings.ToLower(s), "governance") })
		}},
		{member: "kind", value: `[FORUM, PANEL]`, keep: func(_ world, n un.Node) bool { k := n.(*un.Body).Kind; return k == "FORUM" || k == "PANEL" }},
		{member: "standing", value: `[FORESEEN]`, keep: func(_ world, n un.Node) bool { return n.(*un.Body).Standing == un.Foreseen }},
		{member: "parent", value: `["CEB", "ecosoc"]`, keep: func(w world, n un.Node) bool {
			return w.edge(un.PartOf, n.Key(), "body:ceb") || w.edge(un.PartOf, n.Key(), "body:ecosoc")
		}},
		{member: "established", value: `{from: "2000-01-01", to: "2010-12-31"}`, keep: func(_ world, n un.Node) bool {
			return overlaps(n.(*un.Body).Established, "2000-01-01", "2010-12-31")
		}},
		{member: "established", value: `{known: false}`, keep: func(_ world, n un.Node) bool { return n.(*un.Body).Established == nil }},
	}},
	{"documents", "DocumentFilter", un.KindDocument, []filterCase{
		{member: "symbol", value: `{is: ["resolution 80/173", "A/RES/60/252"]}`, keep: func(_ world, n un.Node) bool {
			return n.Key() == "document:A/RES/80/173" || n.Key() == "document:A/RES/60/252"
		}},
		{member: "symbol", value: `{contains: "a/res/7"}`, keep: func(_ world, n un.Node) bool { return strings.Contains(n.(*un.Document).Symbol, "A/RES/7") }},
		{member: "title", value: `{contains: "world summit"}`, keep: func(_ world, n un.Node) bool {
			return strings.Contains(strings.ToLower(n.(*un.Document).Title), "world summit")
		}},
		{member: "type", value: `[PAGE, DECISION]`, keep: func(_ world, n un.Node) bool { k := n.(*un.Document).Type; return k == "PAGE" || k == "DECISION" }},
		{member: "adoptedBy", value: `["general-assembly"]`, keep: func(w world, n un.Node) bool { return w.edge(un.AdoptedBy, n.Key(), "body:general-assembly") }},
		{member: "adoptedOn", value: `{from: "2015-12-16"}`, keep: func(_ world, n un.Node) bool { return overlaps(n.(*un.Document).AdoptedOn, "2015-12-16", un.LastDay) }},
		{member: "adoptedOn", value: `{to: "2015-12-16", known: true}`, keep: func(_ world, n un.Node) bool {
			return overlaps(n.(*un.Document).AdoptedOn, un.FirstDay, "2015-12-16")
		}},
	}},
	{"mandates", "MandateFilter", un.KindMandate, append([]filterCase{
		{member: "verb", value: `[INVITES, DECIDES]`, keep: func(_ world, n un.Node) bool { v := n.(*un.Mandate).Verb; return v == "INVITES" || v == "DECIDES" }},
		{member: "kind", value: `[RENEW]`, keep: func(_ world, n un.Node) bool { return n.(*un.Mandate).Kind == "RENEW" }},
		{member: "holder", value: `["IGF", "UNGIS"]`, keep: func(w world, n un.Node) bool {
			return w.edge(un.Holds, "body:igf", n.Key()) || w.edge(un.Holds, "body:ungis", n.Key())
		}},
		{member: "addressee", value: `["CSTD"]`, keep: func(w world, n un.Node) bool { return w.edge(un.AddressedTo, n.Key(), "body:cstd") }},
		{member: "document", value: `["70/125", "65/141"]`, keep: func(_ world, n un.Node) bool {
			return strings.Contains(string(n.Key()), ":A/RES/70/125#") || strings.Contains(string(n.Key()), ":A/RES/65/141#")
		}},
		{member: "title", value: `{contains: "REPORT"}`, keep: func(_ world, n un.Node) bool { return strings.Contains(strings.ToLower(n.Label()), "report") }},
		{member: "since", value: `{to: "2015-12-31"}`, keep: func(_ world, n un.Node) bool { return overlaps(n.(*un.Mandate).Since, un.FirstDay, "2015-12-31") }},
		{member: "until", value: `{from: "2025-06-01", to: "2025-06-30"}`, keep: func(_ world, n un.Node) bool {
			return overlaps(n.(*un.Mandate).Until, "2025-06-01", "2025-06-30")
		}},
		{member: "until", value: `{known: false}`, keep: func(_ world, n un.Node) bool { return n.(*un.Mandate).Until == nil }},
	}, statusCases("MandateStatus", func(n un.Node) string { return string(n.(*un.Mandate).Status(day())) }, "NOT_YET")...)},
	{"deadlines", "DeadlineFilter", un.KindDeadline, append([]filterCase{
		{member: "kind", value: `[REVIEW, PROPOSAL]`, keep: func(_ world, n un.Node) bool {
			k := n.(*un.Deadline).Kind
			return k == "REVIEW" || k == "PROPOSAL"
		}},
		{member: "due", value: `{from: "2026-09-15", to: "2027-08-31"}`, keep: func(_ world, n un.Node) bool {
			return overlaps(n.(*un.Deadline).Window, "2026-09-15", "2027-08-31")
		}},
		{member: "session", value: `["session:cstd-30", "general-assembly-82"]`, keep: func(w world, n un.Node) bool {
			return w.edge(un.DueAt, n.Key(), "session:cstd-30") || w.edge(un.DueAt, n.Key(), "session:general-assembly-82")
		}},
		{member: "obligor", value: `["secretary-general"]`, keep: func(w world, n un.Node) bool { return w.edge(un.Obliges, n.Key(), "body:secretary-general") }},
		{member: "forum", value: `["CSTD"]`, keep: func(w world, n un.Node) bool { return w.edge(un.HasForum, n.Key(), "body:cstd") }},
		{member: "body", value: `["UNGIS", "general-assembly"]`, keep: func(w world, n un.Node) bool {
			return w.takesPart(n, "body:ungis") || w.takesPart(n, "body:general-assembly")
		}},
		{member: "document", value: `["78/132"]`, keep: func(_ world, n un.Node) bool { return strings.Contains(string(n.Key()), ":A/RES/78/132#") }},
		{member: "title", value: `{contains: "commission"}`, keep: func(_ world, n un.Node) bool { return strings.Contains(n.Label(), "Commission") }},
	}, statusCases("DeadlineStatus", func(n un.Node) string { return string(n.(*un.Deadline).Status(day())) })...)},
	{"reportingCycles", "ReportingCycleFilter", un.KindCycle, []filterCase{
		{member: "kind", value: `[REPORT]`, keep: func(_ world, n un.Node) bool { return n.(*un.ReportingCycle).Kind == "REPORT" }},
		{member: "frequency", value: `[BIENNIAL, PERIODIC]`, keep: func(_ world, n un.Node) bool {
			f := n.(*un.ReportingCycle).Frequency
			return f == "BIENNIAL" || f == "PERIODIC"
		}},
		{member: "obligor", value: `["IGF"]`, keep: func(w world, n un.Node) bool { return w.edge(un.Obliges, n.Key(), "body:igf") }},
		{member: "addressee", value: `["CSTD"]`, keep: func(w world, n un.Node) bool { return w.edge(un.AddressedTo, n.Key(), "body:cstd") }},
		{member: "body", value: `["ECOSOC"]`, keep: func(w world, n un.Node) bool { return w.takesPart(n, "body:ecosoc") }},
		{member: "document", value: `["A/RES/80/173"]`, keep: func(_ world, n un.Node) bool { return strings.Contains(string(n.Key()), ":A/RES/80/173#") }},
	}},
	{"sessions", "SessionFilter", un.KindSession, []filterCase{
		{member: "body", value: `["CSTD"]`, keep: func(_ world, n un.Node) bool { return strings.HasPrefix(string(n.Key()), "session:cstd-") }},
		{member: "ordinal", value: `[30, 80, 7]`, keep: func(_ world, n un.Node) bool { o := n.(*un.Session).Ordinal; return o == 30 || o == 80 || o == 7 }},
		{member: "dates", value: `{from: "2026-01-01", to: "2026-12-31"}`, keep: func(_ world, n un.Node) bool {
			return overlaps(n.(*un.Session).Dates, "2026-01-01", "2026-12-31")
		}},
	}},
}

func day() un.Date { return un.Date(today.Format("2006-01-02")) }

// takesPart is what `body` means: in any role.
func (w world) takesPart(n un.Node, body un.ID) bool {
	ids := slices.Concat(w.tos(un.Obliges, n.Key()), w.tos(un.HasForum, n.Key()), w.tos(un.AddressedTo, n.Key()), w.tos(un.RoutedThrough, n.Key()))
	for _, session := range w.tos(un.DueAt, n.Key()) {
		ids = append(ids, w.tos(un.SessionOf, session)...)
	}
	for _, mandate := range w.tos(un.BasedOn, n.Key()) {
		ids = append(ids, w.tos(un.AddressedTo, mandate)...)
		for _, e := range w.Edges {
			if e.Relation == un.Holds && e.To == mandate {
				ids = append(ids, e.From)
			}
		}
	}
	return slices.Contains(ids, body)
}

func statusCases(enum string, of func(un.Node) string, none ...string) (cases []filterCase) {
	for _, status := range un.Enums[enum] {
		cases = append(cases, filterCase{
			member: "status", value: "[" + status + "]", none: slices.Contains(none, status),
			keep: func(_ world, n un.Node) bool { return of(n) == status },
		})
	}
	return cases
}

// TestEveryFilterMember asks for every member of every filter through the real server, alone and inside of and, or and
// not, and compares with a look at all facts.
func TestEveryFilterMember(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	w := world{f.Graph}
	types := graph.NewExecutableSchema(graph.Config{Resolvers: graph.Resolver{}}).Schema().Types
	s := memoryStore(t) // storetest holds every other store to the same answers
	server := serveStore(t, s)
	for _, l := range filterLists {
		var all []un.Node
		for _, n := range w.Nodes {
			if n.NodeKind() == l.kind {
				all = append(all, n)
			}
		}
		for _, m := range types[l.input].Fields {
			if !slices.Contains([]string{"and", "or", "not"}, m.Name) && !slices.ContainsFunc(l.cases, func(c filterCase) bool { return c.member == m.Name }) {
				t.Errorf("%s.%s has no case", l.input, m.Name)
			}
		}
		check := func(t *testing.T, where string, keep func(un.Node) bool) (kept int) {
			t.Helper()
			var want []string
			for _, n := range all {
				if keep(n) {
					want = append(want, string(n.Key()))
				}
			}
			slices.Sort(want)
			got := idsOf(t, server.URL, l.list, where, len(want))
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", where, diff)
			}
			return len(want)
		}
		for i, c := range l.cases {
			t.Run(l.list+"/"+c.member+" "+c.value, func(t *testing.T) {
				other := l.cases[(i+1)%len(l.cases)]
				one, two := c.member+": "+c.value, other.member+": "+other.value
				a := func(n un.Node) bool { return c.keep(w, n) }
				b := func(n un.Node) bool { return other.keep(w, n) }
				kept := check(t, "{"+one+"}", a)
				if !c.none && (kept == 0 || kept == len(all)) || c.none && kept > 0 {
					t.Errorf("the case proves little: it keeps %d of %d", kept, len(all))
				}
				check(t, "{not: {"+one+"}}", func(n un.Node) bool { return !a(n) })
				check(t, "{and: [{"+one+"}, {"+two+"}]}", func(n un.Node) bool { return a(n) && b(n) })
				check(t, "{or: [{"+one+"}, {"+two+"}]}", func(n un.Node) bool { return a(n) || b(n) })
				check(t, "{not: {or: [{"+one+"}, {not: {"+two+"}}]}, and: [{not: {"+one+"}}]}", func(n un.Node) bool { return !a(n) && b(n) })
			})
		}
	}
}

// idsOf asks for all of a list that a filter keeps, whose count must be as many as wanted.
func idsOf(t *testing.T, url, list, where string, want int) (ids []string) {
	t.Helper()
	for after := "null"; ; {
		query := fmt.Sprintf("{ list: %s(first: 100, after: %s, where: %s) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }", list, after, where)
		_, answer := post(t, url, query, nil)
		var got struct {
			Data struct {
				List struct {
					TotalCount int
					Nodes      []struct{ ID string }
					PageInfo   struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			Errors []struct{ Message string }
		}
		if err := json.Unmarshal(answer, &got); err != nil || len(got.Errors) > 0 {
			t.Fatalf("%s: %v %s", query, err, answer)
		}
		if got.Data.List.TotalCount != want {
			t.Errorf("%s: totalCount is %d, want %d", query, got.Data.List.TotalCount, want)
		}
		for _, n := range got.Data.List.Nodes {
			ids = append(ids, n.ID)
		}
		if !got.Data.List.PageInfo.HasNextPage || len(ids) > want {
			return ids
		}
		after = fmt.Sprintf("%q", got.Data.List.PageInfo.EndCursor)
	}
}

// TestEveryOrder walks all pages of every list in every order and direction through the real server.
func TestEveryOrder(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	s := memoryStore(t) // storetest holds every other store to the same answers
	server := serveStore(t, s)
	for _, l := range filterLists {
		for _, order := range un.Orders[l.kind] {
			for _, direction := range []string{"ASC", "DESC"} {
				t.Run(l.list+"/"+order+" "+direction, func(t *testing.T) {
					var nodes []un.Node
					for _, n := range f.Graph.Nodes {
						if n.NodeKind() == l.kind {
							nodes = append(nodes, n)
						}
					}
					slices.SortFunc(nodes, func(a, b un.Node) int {
						x, y := un.Fold(a.SortValue(order)), un.Fold(b.SortValue(order))
						switch c := strings.Compare(x+"\x00"+string(a.Key()), y+"\x00"+string(b.Key())); {
						case x == "" && y != "":
							return 1
						case x != "" && y == "":
							return -1
						case direction == "DESC":
							return -c
						default:
							return c
						}
					})
					var want []string
					for _, n := range nodes {
						want = append(want, string(n.Key()))
					}
					if diff := cmp.Diff(want, walk(t, server.URL, l.list, order, direction)); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

// walk reads a list page by page.
func walk(t *testing.T, url, list, order, direction string) (ids []string) {
	t.Helper()
	after := "null"
	for pages := 0; ; pages++ {
		query := fmt.Sprintf(`{ list: %s(first: 7, after: %s, orderBy: {field: %s, direction: %s}) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, list, after, order, direction)
		_, answer := post(t, url, query, nil)
		var got struct {
			Data struct {
				List struct {
					Edges []struct {
						Cursor string
						Node   struct{ ID string }
					}
					PageInfo struct {
						HasNextPage, HasPreviousPage bool
						StartCursor, EndCursor       string
					}
				}
			}
		}
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		page := got.Data.List
		if len(page.Edges) == 0 || len(page.Edges) > 7 || page.PageInfo.HasPreviousPage != (pages > 0) || pages > 100 ||
			page.PageInfo.StartCursor != page.Edges[0].Cursor || page.PageInfo.EndCursor != page.Edges[len(page.Edges)-1].Cursor {
			t.Fatalf("page %d: %s", pages, answer)
		}
		for _, e := range page.Edges {
			ids = append(ids, e.Node.ID)
		}
		if !page.PageInfo.HasNextPage {
			return ids
		}
		after = fmt.Sprintf("%q", page.PageInfo.EndCursor)
	}
}

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"mandategraph/graph"
	"mandategraph/un"
)

// calendarCases has a case for every member of the calendar's filter, each of which means something beside the next.
var calendarCases = []filterCase{
	{member: "body", value: `["CSTD", "ungis"]`, keep: func(w world, n un.Node) bool {
		return w.takesPart(n, "body:cstd") || w.takesPart(n, "body:ungis") || w.edge(un.SessionOf, n.Key(), "body:cstd")
	}},
	{member: "obligor", value: `["UNGIS", "secretary-general"]`, keep: func(w world, n un.Node) bool {
		return w.edge(un.Obliges, n.Key(), "body:ungis") || w.edge(un.Obliges, n.Key(), "body:secretary-general")
	}},
	{member: "forum", value: `["CSTD", "general-assembly"]`, keep: func(w world, n un.Node) bool {
		before := map[un.Kind]un.Relation{un.KindDeadline: un.HasForum, un.KindCycle: un.AddressedTo, un.KindSession: un.SessionOf}[n.NodeKind()]
		return w.edge(before, n.Key(), "body:cstd") || w.edge(before, n.Key(), "body:general-assembly")
	}},
	{member: "kind", value: `[SESSION, DEADLINE]`, keep: func(_ world, n un.Node) bool { return n.NodeKind() != un.KindCycle }},
	{member: "document", value: `["80/173"]`, keep: func(w world, n un.Node) bool {
		stated := func(id un.ID) bool { return strings.Contains(string(id), ":A/RES/80/173#") }
		return stated(n.Key()) || slices.ContainsFunc(w.Edges, func(e un.Edge) bool { return e.Relation == un.DueAt && e.To == n.Key() && stated(e.From) })
	}},
	{member: "deadlineKind", value: `[REPORT, REVIEW]`, keep: func(_ world, n un.Node) bool {
		d, ok := n.(*un.Deadline)
		return ok && (d.Kind == "REPORT" || d.Kind == "REVIEW")
	}},
}

// TestEveryMemberOfTheCalendarsFilter asks for every member through the real server, alone and with another, and compares
// with a look at all facts.
func TestEveryMemberOfTheCalendarsFilter(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	w := world{f.Graph}
	for _, m := range graph.NewExecutableSchema(graph.Config{Resolvers: graph.Resolver{}}).Schema().Types["CalendarFilter"].Fields {
		if !slices.ContainsFunc(calendarCases, func(c filterCase) bool { return c.member == m.Name }) {
			t.Errorf("CalendarFilter.%s has no case", m.Name)
		}
	}
	server := serveStore(t, memoryStore(t)) // storetest holds every other store to the same answers
	const from, to = "2015-01-01", "2035-12-31"
	// check gives how many occurrences a filter keeps; keep says it of what occurs.
	check := func(t *testing.T, where string, keep func(un.Node) bool) int {
		t.Helper()
		type occurrence struct{ when, id string }
		var all []occurrence
		for _, n := range w.Nodes {
			if !keep(n) {
				continue
			}
			id := "occurrence:" + string(n.Key())
			switch n := n.(type) {
			case *un.Deadline:
				if overlaps(n.Window, from, to) {
					all = append(all, occurrence{un.Span(n.Window), id})
				}
			case *un.Session:
				if overlaps(n.Dates, from, to) {
					all = append(all, occurrence{un.Span(n.Dates), id})
				}
			case *un.ReportingCycle:
				for _, on := range n.Occurrences(from, to) {
					all = append(all, occurrence{un.Span(on), id + "@" + string(on.Earliest()[:4])})
				}
			}
		}
		slices.SortFunc(all, func(a, b occurrence) int { return cmp.Or(strings.Compare(a.when, b.when), strings.Compare(a.id, b.id)) })
		var want []string
		for _, o := range all {
			want = append(want, o.id)
		}
		got := idsOf(t, server.URL, "calendar", fmt.Sprintf("%s, from: %q, to: %q", where, from, to), len(want))
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", where, diff)
		}
		return len(want)
	}
	whole := check(t, "null", func(un.Node) bool { return true })
	for i, c := range calendarCases {
		t.Run(c.member+" "+c.value, func(t *testing.T) {
			if kept := check(t, fmt.Sprintf("{%s: %s}", c.member, c.value), func(n un.Node) bool { return c.keep(w, n) }); kept == 0 || kept == whole {
				t.Errorf("the case proves little: it keeps %d of %d", kept, whole)
			}
			other := calendarCases[(i+1)%len(calendarCases)]
			both := fmt.Sprintf("{%s: %s, %s: %s}", c.member, c.value, other.member, other.value)
			if kept := check(t, both, func(n un.Node) bool { return c.keep(w, n) && other.keep(w, n) }); kept == 0 {
				t.Errorf("%s keeps nothing", both)
			}
		})
	}
}

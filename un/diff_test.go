package un_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mandategraph/un"
)

const (
	oldText, newText = un.ID("document:A/RES/70/1"), un.ID("document:A/RES/80/1")
	renewal          = un.ID("mandate:A/RES/80/1#99/renewal")
	extension        = un.ID("mandate:A/RES/70/1#63/extension")
	report           = un.ID("deadline:A/RES/80/1#103/report")
	fence            = un.ID("deadline:A/RES/80/1#99/fence")
	yearly           = un.ID("cycle:A/RES/80/1#124/report")
	founding         = un.ID("basis:igf/established-by/ga/A/RES/70/1#63")
)

// says is a source: the paragraph of a document.
func says(document un.ID, paragraph string) un.Source {
	return un.Source{Document: document, Provision: un.ProvisionID(document, paragraph), Paragraph: paragraph, Evidence: "three words here"}
}

// derived is a date that a rule yields.
func derived(s string) *un.PartialDate {
	return &un.PartialDate{EDTF: s, Basis: un.Derived, Explanation: "a rule"}
}

// told is a small graph with something of everything. Each call makes it anew, for tests to change.
func told() un.Graph {
	rec := func(id un.ID, sources ...un.Source) un.Record {
		return un.Record{ID: id, Sources: sources, Validity: un.Always}
	}
	body := func(key, name, acronym string) *un.Body {
		return &un.Body{Record: rec(un.ID("body:"+key), says(newText, "1")), Names: map[un.Language]string{un.English: name}, Acronym: acronym, Kind: "FORUM", Standing: un.Fact}
	}
	g := un.Graph{Nodes: []un.Node{
		body("igf", "Internet Governance Forum", "IGF"), body("ga", "General Assembly", ""), body("cstd", "Commission", "CSTD"),
		&un.LegalBasis{Record: rec(founding, says(oldText, "63")), Role: un.EstablishedBy, Date: date("2015")},
		&un.Document{Record: rec(oldText), Symbol: "A/RES/70/1", Title: "Ten years on", Type: "RESOLUTION", AdoptedOn: date("2015-12-16")},
		&un.Document{Record: rec(newText, says(newText, "chapeau")), Symbol: "A/RES/80/1", Title: "Twenty years on", Type: "RESOLUTION", AdoptedOn: date("2025-12-17")},
		&un.Mandate{Record: rec(extension, says(oldText, "63")), Title: "Ten more years", Verb: "DECIDES", Kind: "RENEW", Since: derived("2015-12-16"), Until: date("2025")},
		&un.Mandate{Record: rec(renewal, says(newText, "99")), Title: "For ever", Verb: "DECIDES", Kind: "RENEW", Permanent: true},
		&un.Deadline{Record: rec(report, says(newText, "103")), Title: "Report", Kind: "REPORT", Due: date("2027"), Window: date("2027")},
		&un.Deadline{Record: rec(fence, says(newText, "99")), Title: "Fence", Kind: "TARGET"},
		&un.ReportingCycle{Record: rec(yearly, says(newText, "124")), Title: "Report each year", Kind: "REPORT", Frequency: un.Annual},
		&un.Session{Record: rec("session:cstd-30", says(newText, "113")), Name: "30th session of the Commission", Ordinal: 30, Dates: date("2027")},
		&un.Provision{Record: rec("provision:A/RES/80/1#99"), Number: "99"},
	}}
	edge := func(r un.Relation, from, to un.ID, sources ...un.Source) {
		join(&g, r, from, to)
		g.Edges[len(g.Edges)-1].Sources = sources
	}
	edge(un.BasisOf, founding, "body:igf")
	edge(un.BasisBy, founding, "body:ga")
	edge(un.BasisIn, founding, oldText)
	edge(un.Holds, "body:igf", renewal)
	edge(un.AddressedTo, renewal, "body:ga")
	edge(un.Obliges, report, "body:igf")
	edge(un.DueAt, report, "session:cstd-30")
	edge(un.RoutedThrough, yearly, "body:cstd")
	edge(un.SessionOf, "session:cstd-30", "body:cstd")
	edge(un.ProvisionOf, "provision:A/RES/80/1#99", newText)
	edge(un.PartOf, "body:igf", "body:ga", says(newText, "99"))
	edge(un.CreatedBy, "body:igf", "body:ga", says(oldText, "63"))
	edge(un.Cites, newText, oldText, says(newText, "pp2"))
	g.Edges[len(g.Edges)-1].Citation = &un.Citation{Verb: "recall", AsWritten: []string{"70/1"}}
	edge(un.Mentions, "provision:A/RES/80/1#99", "body:igf", says(newText, "99"))
	return g
}

// the is a node of a graph, for tests to change.
func the[T un.Node](g *un.Graph, id un.ID) T {
	return g.Nodes[slices.IndexFunc(g.Nodes, func(n un.Node) bool { return n.Key() == id })].(T)
}

// between is a relation of a graph, for tests to change.
func between(g *un.Graph, r un.Relation, from un.ID) *un.Edge {
	return &g.Edges[slices.IndexFunc(g.Edges, func(e un.Edge) bool { return e.Relation == r && e.From == from })]
}

// drop takes a node out of a graph, and all that leads to it or from it.
func drop(g *un.Graph, id un.ID) {
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n un.Node) bool { return n.Key() == id })
	g.Edges = slices.DeleteFunc(g.Edges, func(e un.Edge) bool { return e.From == id || e.To == id })
}

func supersede(g *un.Graph) {
	join(g, un.Supersedes, renewal, extension)
	g.Edges[len(g.Edges)-1].Sources = []un.Source{says(newText, "99")}
	m := the[*un.Mandate](g, extension)
	m.Validity.Until, m.Succeeded = "2025-12-17", un.Validity{From: "2025-12-17", Until: un.LastDay}
}

// TestDiffSays changes one thing at a time: what is said of it when it happens and, the other way round, when it is undone.
func TestDiffSays(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		change    func(g *un.Graph)
		happens   []string
		undone    []string
	}{
		{
			"a body that is renamed",
			func(g *un.Graph) {
				b := the[*un.Body](g, "body:cstd")
				b.Names[un.English] = "Another Commission"
				the[*un.Session](g, "session:cstd-30").Name = "30th session of Another Commission"
			},
			[]string{"renamed BODY body:cstd Another Commission: name: Commission → Another Commission [A/RES/80/1 1]"},
			[]string{"renamed BODY body:cstd Commission: name: Another Commission → Commission [A/RES/80/1 1]"},
		},
		{
			"a body that is added, and what is asked of it",
			func(g *un.Graph) {
				g.Nodes = append(g.Nodes, &un.Body{
					Record: un.Record{ID: "body:panel", Sources: []un.Source{says(newText, "87"), says(newText, "88"), says(newText, "87")}},
					Names:  map[un.Language]string{un.English: "Panel"}, Kind: "ADVISORY_GROUP", Standing: un.Foreseen, Established: date("2026"),
				})
				join(g, un.Obliges, report, "body:panel")
			},
			[]string{
				"added BODY body:panel Panel:  → kind advisory group; established 2026; standing foreseen [A/RES/80/1 87, A/RES/80/1 88]",
				"changed DEADLINE " + string(report) + " Report: obligors: IGF → IGF, Panel [A/RES/80/1 103]",
			},
			[]string{
				"removed BODY body:panel Panel: kind advisory group; established 2026; standing foreseen →  [A/RES/80/1 87, A/RES/80/1 88]",
				"changed DEADLINE " + string(report) + " Report: obligors: IGF, Panel → IGF [A/RES/80/1 103]",
			},
		},
		{
			"a body's standing, gaps and conflicts",
			func(g *un.Graph) {
				b := the[*un.Body](g, "body:igf")
				b.Standing = un.Foreseen
				b.Gaps = []un.Gap{{"legalBasis", "no source says it"}, {"legalBasis", "nor this"}}
				b.Conflicts = []un.Conflict{{"established", []un.ConflictingValue{{"2005", nil}, {"2006", nil}}}}
				b.Names["FR"] = "Forum"
			},
			[]string{
				"changed BODY body:igf Internet Governance Forum: conflict: established:  → 2005 or 2006 [A/RES/80/1 1]",
				"changed BODY body:igf Internet Governance Forum: gap: legalBasis:  → no source says it; nor this [A/RES/80/1 1]",
				"changed BODY body:igf Internet Governance Forum: name in fr:  → Forum [A/RES/80/1 1]",
				"changed BODY body:igf Internet Governance Forum: standing: fact → foreseen [A/RES/80/1 1]",
			},
			nil,
		},
		{
			"a legal basis", func(g *un.Graph) { drop(g, founding) },
			[]string{"removed LEGAL_BASIS " + string(founding) + " IGF: established by General Assembly, A/RES/70/1: date 2015 →  [A/RES/70/1 63]"},
			[]string{"added LEGAL_BASIS " + string(founding) + " IGF: established by General Assembly, A/RES/70/1:  → date 2015 [A/RES/70/1 63]"},
		},
		{
			"a document that is added: itself says so",
			func(g *un.Graph) {
				g.Nodes = append(g.Nodes, &un.Document{Record: un.Record{ID: "document:A/81/1"}, Symbol: "A/81/1", Title: "A report", Type: "REPORT", AdoptedOn: derived("2026-09")})
			},
			[]string{"added DOCUMENT document:A/81/1 A/81/1:  → title A report; type report; adopted on 2026-09 (derived) [A/81/1 ]"},
			[]string{"removed DOCUMENT document:A/81/1 A/81/1: title A report; type report; adopted on 2026-09 (derived) →  [A/81/1 ]"},
		},
		{
			"a mandate that is added, and superseded already",
			func(g *un.Graph) {
				g.Nodes = append(g.Nodes, &un.Mandate{Record: un.Record{ID: "mandate:A/RES/70/1#9/first", Sources: []un.Source{says(oldText, "9")}}, Title: "First", Verb: "CALLS_UPON", Kind: "RENEW", Since: date("2006")})
				join(g, un.Holds, "body:igf", "mandate:A/RES/70/1#9/first")
				join(g, un.Supersedes, extension, "mandate:A/RES/70/1#9/first")
			},
			[]string{"added MANDATE mandate:A/RES/70/1#9/first First:  → verb calls upon; kind renew; holders IGF; since 2006; superseded by Ten more years (" + string(extension) + ") [A/RES/70/1 9]"},
			[]string{"removed MANDATE mandate:A/RES/70/1#9/first First: verb calls upon; kind renew; holders IGF; since 2006; superseded by Ten more years (" + string(extension) + ") →  [A/RES/70/1 9]"},
		},
		{
			"a mandate's verb, holders, addressees, end and title",
			func(g *un.Graph) {
				m := the[*un.Mandate](g, renewal)
				m.Title, m.Verb, m.Permanent, m.Until = "For long", "CALLS_UPON", false, date("2040")
				m.Sources = append(m.Sources, says(newText, "100"))
				join(g, un.Holds, "body:cstd", renewal)
				between(g, un.AddressedTo, renewal).To = "body:cstd"
			},
			[]string{
				"renamed MANDATE " + string(renewal) + " For long: title: For ever → For long [A/RES/80/1 100]",
				"changed MANDATE " + string(renewal) + " For long: addressees: General Assembly → CSTD [A/RES/80/1 100]",
				"changed MANDATE " + string(renewal) + " For long: holders: IGF → CSTD, IGF [A/RES/80/1 100]",
				"changed MANDATE " + string(renewal) + " For long: permanent: yes → no [A/RES/80/1 100]",
				"changed MANDATE " + string(renewal) + " For long: until:  → 2040 [A/RES/80/1 100]",
				"changed MANDATE " + string(renewal) + " For long: verb: decides → calls upon [A/RES/80/1 100]",
			},
			nil,
		},
		{
			"a mandate that another supersedes", supersede,
			[]string{"superseded MANDATE " + string(extension) + " Ten more years:  → For ever (" + string(renewal) + ") [A/RES/80/1 99]"},
			[]string{"no longer superseded MANDATE " + string(extension) + " Ten more years: For ever (" + string(renewal) + ") →  [A/RES/80/1 99]"},
		},
		{
			"a cycle that another supersedes, whose text says so",
			func(g *un.Graph) {
				g.Nodes = append(g.Nodes, &un.ReportingCycle{Record: un.Record{ID: "cycle:A/RES/80/1#125/next", Sources: []un.Source{says(newText, "125")}}, Title: "Report now and then", Frequency: "BIENNIAL"})
				join(g, un.Supersedes, "cycle:A/RES/80/1#125/next", yearly)
			},
			[]string{
				"added REPORTING_CYCLE cycle:A/RES/80/1#125/next Report now and then:  → frequency biennial [A/RES/80/1 125]",
				"superseded REPORTING_CYCLE " + string(yearly) + " Report each year:  → Report now and then (cycle:A/RES/80/1#125/next) [A/RES/80/1 125]",
			},
			nil,
		},
		{
			"the time in force that a successor leaves", func(g *un.Graph) { the[*un.Mandate](g, extension).Validity.Until = "2025-12-17" },
			[]string{"changed MANDATE " + string(extension) + " Ten more years: in force: ../.. → ../2025-12-16 [A/RES/70/1 63]"},
			[]string{"changed MANDATE " + string(extension) + " Ten more years: in force: ../2025-12-16 → ../.. [A/RES/70/1 63]"},
		},
		{
			"a deadline that is moved: the change says by what",
			func(g *un.Graph) {
				d := the[*un.Deadline](g, report)
				d.Due, d.Window = date("2028"), date("2028")
				d.Changes = []un.Change{{"2026-05-01", "due", "2027", "2028", []un.Source{says("document:A/RES/81/1", "4")}}}
			},
			[]string{"moved DEADLINE " + string(report) + " Report: window: 2027 → 2028 [A/RES/81/1 4]"},
			[]string{"moved DEADLINE " + string(report) + " Report: window: 2028 → 2027 [A/RES/80/1 103]"},
		},
		{
			"a deadline whose history is told late",
			func(g *un.Graph) {
				the[*un.Deadline](g, report).Changes = []un.Change{{"2026-05-01", "due", "", "2027", []un.Source{says(newText, "104")}}}
			},
			[]string{"changed DEADLINE " + string(report) + " Report: history:  → 2026-05-01 due nothing to 2027 [A/RES/80/1 104]"},
			[]string{"changed DEADLINE " + string(report) + " Report: history: 2026-05-01 due nothing to 2027 →  [A/RES/80/1 104]"},
		},
		{
			"a deadline that is made precise",
			func(g *un.Graph) {
				d := the[*un.Deadline](g, report)
				d.Due, d.Window = date("2027-03"), date("2027-03")
			},
			[]string{"made precise DEADLINE " + string(report) + " Report: window: 2027 → 2027-03 [A/RES/80/1 103]"},
			[]string{"made less precise DEADLINE " + string(report) + " Report: window: 2027-03 → 2027 [A/RES/80/1 103]"},
		},
		{
			"a deadline without a time that is given one", func(g *un.Graph) { the[*un.Deadline](g, fence).Window = derived("2030") },
			[]string{"made precise DEADLINE " + string(fence) + " Fence: window: undated → 2030 (derived) [A/RES/80/1 99]"},
			[]string{"made less precise DEADLINE " + string(fence) + " Fence: window: 2030 (derived) → undated [A/RES/80/1 99]"},
		},
		{
			"a time that is only less sure",
			func(g *un.Graph) {
				d := the[*un.Deadline](g, report)
				d.Due, d.Window = date("2027~"), date("2027~")
			},
			[]string{"changed DEADLINE " + string(report) + " Report: window: 2027 → 2027~ [A/RES/80/1 103]"},
			nil,
		},
		{
			"a date that the paragraph states now, within the same window",
			func(g *un.Graph) { the[*un.Deadline](g, report).Due = nil },
			[]string{"made less precise DEADLINE " + string(report) + " Report: due: 2027 → undated [A/RES/80/1 103]"},
			[]string{"made precise DEADLINE " + string(report) + " Report: due: undated → 2027 [A/RES/80/1 103]"},
		},
		{
			"a deadline that is met, and by what",
			func(g *un.Graph) {
				d := the[*un.Deadline](g, report)
				d.MetOn, d.Sources = "2026-11-02", append(d.Sources, says("document:A/81/2", "3"))
				join(g, un.FulfilledBy, report, newText)
			},
			[]string{"met DEADLINE " + string(report) + " Report: met:  → 2026-11-02 by A/RES/80/1 [A/81/2 3]"},
			[]string{"changed DEADLINE " + string(report) + " Report: met: 2026-11-02 by A/RES/80/1 →  [A/81/2 3]"},
		},
		{
			"a deadline that is cancelled", func(g *un.Graph) { the[*un.Deadline](g, report).CancelledOn = "2026-11-02" },
			[]string{"cancelled DEADLINE " + string(report) + " Report: cancelled:  → 2026-11-02 [A/RES/80/1 103]"},
			[]string{"changed DEADLINE " + string(report) + " Report: cancelled: 2026-11-02 →  [A/RES/80/1 103]"},
		},
		{
			"deadlines in the order of their paragraphs",
			func(g *un.Graph) { drop(g, report); drop(g, fence) },
			[]string{
				"removed DEADLINE " + string(fence) + " Fence: kind target; window undated →  [A/RES/80/1 99]",
				"removed DEADLINE " + string(report) + " Report: kind report; window 2027; obligors IGF; session 30th session of the Commission →  [A/RES/80/1 103]",
			},
			[]string{
				"added DEADLINE " + string(fence) + " Fence:  → kind target; window undated [A/RES/80/1 99]",
				"added DEADLINE " + string(report) + " Report:  → kind report; window 2027; obligors IGF; session 30th session of the Commission [A/RES/80/1 103]",
			},
		},
		{
			"a cycle's frequency, anchor and route",
			func(g *un.Graph) {
				c := the[*un.ReportingCycle](g, yearly)
				c.Frequency, c.Anchor = "BIENNIAL", date("2027")
				g.Edges = append(g.Edges, un.Edge{ID: "second", Relation: un.RoutedThrough, From: yearly, To: "body:ga", Place: 2})
			},
			[]string{
				"changed REPORTING_CYCLE " + string(yearly) + " Report each year: anchor:  → 2027 [A/RES/80/1 124]",
				"changed REPORTING_CYCLE " + string(yearly) + " Report each year: frequency: annual → biennial [A/RES/80/1 124]",
				"changed REPORTING_CYCLE " + string(yearly) + " Report each year: route: CSTD → CSTD, General Assembly [A/RES/80/1 124]",
			},
			nil,
		},
		{
			"a session that is made precise, and with it what is due at it",
			func(g *un.Graph) {
				s := the[*un.Session](g, "session:cstd-30")
				s.Dates, s.Sources = date("2027-04"), append(s.Sources, says("document:page", ""))
				the[*un.Deadline](g, report).Window = derived("2027-04")
			},
			[]string{
				"made precise DEADLINE " + string(report) + " Report: window: 2027 → 2027-04 (derived) [page ]",
				"made precise SESSION session:cstd-30 30th session of the Commission: dates: 2027 → 2027-04 [page ]",
			},
			nil,
		},
		{
			"a session that is moved to another place", func(g *un.Graph) { the[*un.Session](g, "session:cstd-30").Place = "Geneva" },
			[]string{"changed SESSION session:cstd-30 30th session of the Commission: place:  → Geneva [A/RES/80/1 113]"},
			[]string{"changed SESSION session:cstd-30 30th session of the Commission: place: Geneva →  [A/RES/80/1 113]"},
		},
		{
			"a relation, but none that follows from a legal basis",
			func(g *un.Graph) {
				g.Edges = slices.DeleteFunc(g.Edges, func(e un.Edge) bool { return e.Relation == un.PartOf || e.Relation == un.CreatedBy })
			},
			[]string{"removed PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly:  →  [A/RES/80/1 99]"},
			[]string{"added PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly:  →  [A/RES/80/1 99]"},
		},
		{
			"a relation that ends",
			func(g *un.Graph) {
				e := between(g, un.PartOf, "body:igf")
				e.Until, e.Role, e.Standing = date("2030"), "organ", un.Foreseen
			},
			[]string{
				"changed PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly: role:  → organ [A/RES/80/1 99]",
				"changed PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly: standing:  → foreseen [A/RES/80/1 99]",
				"changed PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly: until:  → 2030 [A/RES/80/1 99]",
			},
			nil,
		},
		{
			"a relation that another paragraph says too",
			func(g *un.Graph) {
				e := *between(g, un.PartOf, "body:igf")
				e.ID, e.Sources = "PART_OF:body:igf>body:ga@again", []un.Source{says(newText, "100")}
				g.Edges = append(g.Edges, e)
			},
			[]string{"restated PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly:  →  [A/RES/80/1 100]"},
			[]string{"restated PART_OF PART_OF:body:igf>body:ga Internet Governance Forum part of General Assembly:  →  [A/RES/80/1 99]"},
		},
		{
			"a relation that another role joins too",
			func(g *un.Graph) {
				e := *between(g, un.PartOf, "body:igf")
				e.ID, e.Role = "PART_OF:body:igf>body:ga@again", "guest"
				g.Edges = append(g.Edges, e)
			},
			[]string{"added PART_OF PART_OF:body:igf>body:ga@again Internet Governance Forum part of General Assembly:  → role guest [A/RES/80/1 99]"},
			[]string{"removed PART_OF PART_OF:body:igf>body:ga@again Internet Governance Forum part of General Assembly: role guest →  [A/RES/80/1 99]"},
		},
		{
			"a citation and a mention, after all else",
			func(g *un.Graph) {
				g.Edges = slices.DeleteFunc(g.Edges, func(e un.Edge) bool { return e.Relation == un.Cites || e.Relation == un.Mentions })
				the[*un.Session](g, "session:cstd-30").URL = "https://example.org"
			},
			[]string{
				"restated SESSION session:cstd-30 30th session of the Commission:  →  [A/RES/80/1 113]",
				"removed CITES CITES:" + string(newText) + ">" + string(oldText) + " A/RES/80/1 cites A/RES/70/1: verb recall →  [A/RES/80/1 pp2]",
				"removed MENTIONS MENTIONS:provision:A/RES/80/1#99>body:igf A/RES/80/1, 99 mentions Internet Governance Forum:  →  [A/RES/80/1 99]",
			},
			nil,
		},
		{
			"sources alone", func(g *un.Graph) { the[*un.Mandate](g, renewal).Sources[0].Evidence = "three other words" },
			[]string{"restated MANDATE " + string(renewal) + " For ever:  →  [A/RES/80/1 99]"},
			[]string{"restated MANDATE " + string(renewal) + " For ever:  →  [A/RES/80/1 99]"},
		},
		{
			"nothing of what follows from other facts",
			func(g *un.Graph) {
				m := the[*un.Mandate](g, renewal)
				m.Position, m.Succeeded = "place", un.Always
				drop(g, "provision:A/RES/80/1#99")
				join(g, un.Mentions, "provision:A/RES/80/1#99", "body:igf")
				g.Edges[len(g.Edges)-1].Sources = []un.Source{says(newText, "99")}
			},
			nil, nil,
		},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			old, new := told(), told()
			c.change(&new)
			if diff := cmp.Diff(c.happens, read(un.Diff(old, new))); diff != "" {
				t.Errorf("what happens (-want +got):\n%s", diff)
			}
			undone := read(un.Diff(new, old))
			if diff := cmp.Diff(c.undone, undone); c.undone != nil && diff != "" {
				t.Errorf("what is undone (-want +got):\n%s", diff)
			}
			if (len(undone) == 0) != (len(c.happens) == 0) {
				t.Errorf("there is one way and not the other: %s", undone)
			}
		})
	}
}

// read writes differences as the tests have them.
func read(differences []un.Difference) (lines []string) {
	for _, d := range differences {
		field := ""
		if d.Field != "" {
			field = d.Field + ": "
		}
		var sources []string
		for _, s := range d.Sources {
			sources = append(sources, s.Document.Name()+" "+s.Paragraph)
		}
		lines = append(lines, fmt.Sprintf("%s %s%s %s %s: %s%s → %s [%s]", d.What, d.Kind, d.Relation, d.ID, d.Label, field, d.Old, d.New, strings.Join(sources, ", ")))
	}
	return lines
}

// graphs are small and random: nodes with values of few kinds, and relations of every sort between them.
func graphs() *rapid.Generator[un.Graph] {
	dates := rapid.SampledFrom([]*un.PartialDate{nil, date("2026"), date("2027"), derived("2027"), date("2027-03"), date("2026/2028")})
	bounds := rapid.SampledFrom([]un.Validity{un.Always, {From: "2025-12-17", Until: un.LastDay}})
	texts := rapid.SampledFrom([]string{"", "a", "b"})
	return rapid.Custom(func(t *rapid.T) un.Graph {
		var g un.Graph
		ids := map[un.Kind][]un.ID{}
		for _, kind := range []un.Kind{un.KindBody, un.KindBasis, un.KindDocument, un.KindProvision, un.KindMandate, un.KindDeadline, un.KindCycle, un.KindSession} {
			for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A#9/a", "A#10/a", "b"}), 0, 3, rapid.ID).Draw(t, "names") {
				n := kinds[kind]()
				*record(n) = un.Record{ID: un.ID(string(kind) + ":" + name), Validity: un.Always, Sources: []un.Source{says(newText, texts.Draw(t, "paragraph"))}}
				text := texts.Draw(t, "text")
				switch n := n.(type) {
				case *un.Body:
					n.Names, n.Established = map[un.Language]string{un.English: text}, dates.Draw(t, "established")
					if text == "b" {
						n.Gaps = []un.Gap{{"a", "a"}}
					}
				case *un.Document:
					n.Title, n.AdoptedOn = text, dates.Draw(t, "adopted")
				case *un.LegalBasis:
					n.Note, n.Date = text, dates.Draw(t, "date")
				case *un.Mandate:
					n.Title, n.Until, n.Permanent, n.Validity = text, dates.Draw(t, "until"), text == "a", bounds.Draw(t, "validity")
				case *un.Deadline:
					n.Title, n.Due, n.Window = text, dates.Draw(t, "due"), dates.Draw(t, "window")
					n.MetOn = rapid.SampledFrom([]un.Date{"", "2026-05-01"}).Draw(t, "met")
				case *un.ReportingCycle:
					n.Title, n.Anchor = text, dates.Draw(t, "anchor")
				case *un.Session:
					n.Place, n.Dates = text, dates.Draw(t, "dates")
				}
				g.Nodes = append(g.Nodes, n)
				ids[kind] = append(ids[kind], n.Key())
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "edges") {
			join := rapid.SampledFrom(un.Relations).Draw(t, "relation")
			from, to := ids[rapid.SampledFrom(join.From).Draw(t, "from")], ids[rapid.SampledFrom(join.To).Draw(t, "to")]
			if len(from) == 0 || len(to) == 0 {
				continue
			}
			e := un.Edge{
				Relation: join.Relation, From: rapid.SampledFrom(from).Draw(t, "this"), To: rapid.SampledFrom(to).Draw(t, "that"),
				Role: texts.Draw(t, "role"), Until: dates.Draw(t, "ends"), Sources: []un.Source{says(newText, texts.Draw(t, "says"))},
			}
			e.ID = un.EdgeID(e.Relation, e.From, e.To, texts.Draw(t, "place"))
			if !slices.ContainsFunc(g.Edges, func(o un.Edge) bool { return o.ID == e.ID }) {
				g.Edges = append(g.Edges, e)
			}
		}
		return g
	})
}

func TestDiffWithItselfIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		shuffled := un.Graph{Nodes: rapid.Permutation(g.Nodes).Draw(t, "nodes"), Edges: rapid.Permutation(g.Edges).Draw(t, "edges")}
		if d := un.Diff(g, shuffled); len(d) > 0 {
			t.Fatalf("%q", read(d))
		}
	})
}

func TestDiffIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, new := graphs().Draw(t, "old"), graphs().Draw(t, "new")
		shuffled := un.Graph{Nodes: rapid.Permutation(new.Nodes).Draw(t, "nodes"), Edges: rapid.Permutation(new.Edges).Draw(t, "edges")}
		if diff := cmp.Diff(un.Diff(old, new), un.Diff(old, shuffled), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestDiffIsSymmetric holds for all that has an opposite. Changed, met and cancelled are all undone by a change.
func TestDiffIsSymmetric(t *testing.T) {
	opposite := map[un.Event]un.Event{
		un.EventAdded: un.EventRemoved, un.EventRemoved: un.EventAdded, un.EventRenamed: un.EventRenamed, un.EventMoved: un.EventMoved,
		un.EventPrecise: un.EventVague, un.EventVague: un.EventPrecise,
		un.EventSuperseded: un.EventReinstated, un.EventReinstated: un.EventSuperseded,
	}
	rapid.Check(t, func(t *rapid.T) {
		old, new := graphs().Draw(t, "old"), graphs().Draw(t, "new")
		there, back := un.Diff(old, new), un.Diff(new, old)
		if len(there) != len(back) {
			t.Fatalf("%d one way, %d the other", len(there), len(back))
		}
		mirror := func(all []un.Difference, turn bool) map[string]bool {
			out := map[string]bool{}
			for _, d := range all {
				to, has := opposite[d.What]
				if !has {
					continue
				}
				if turn {
					d.What, d.Old, d.New = to, d.New, d.Old
				}
				d.Label, d.Sources = "", nil
				out[fmt.Sprintf("%+v", d)] = true
			}
			return out
		}
		if diff := cmp.Diff(mirror(there, false), mirror(back, true)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestDiffOverlooksNoField changes every field that a fact has, or will have: each is a difference, but for those that
// follow from other facts.
func TestDiffOverlooksNoField(t *testing.T) {
	follow := []string{
		"Mandate.Validity.", "Mandate.Succeeded.", "Mandate.Position", "Deadline.Validity.", "Deadline.Succeeded.", "Deadline.Window.Explanation",
		"ReportingCycle.Validity.", "Session.Name", "Edge.Validity.", "Edge.Place", // of a route, and so of a cycle
	}
	body := func(name string) un.Node {
		return &un.Body{Record: un.Record{ID: un.ID(name)}, Names: map[un.Language]string{un.English: name}}
	}
	alter := func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(v.String() + "!")
		case reflect.Int:
			v.SetInt(v.Int() + 1)
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Map:
			v.Set(reflect.ValueOf(map[un.Language]string{un.English: "another name"}))
		default:
			t.Fatalf("the test cannot change a %s", v.Kind())
		}
	}
	one := func(fact any) un.Graph {
		if e, ok := fact.(*un.Edge); ok {
			e.ID, e.Relation, e.From, e.To = "e", un.Cites, "a", "b"
			return un.Graph{Nodes: []un.Node{body("a"), body("b")}, Edges: []un.Edge{*e}}
		}
		return un.Graph{Nodes: []un.Node{fact.(un.Node)}}
	}
	makers := []func() any{func() any { return new(un.Edge) }}
	for kind, make := range kinds {
		if kind != un.KindProvision { // there is one as soon as something is said in it
			makers = append(makers, func() any { return make() })
		}
	}
	for _, make := range makers {
		old, fact := full(make()), full(make())
		tried := 0
		fill(reflect.ValueOf(fact).Elem(), reflect.TypeOf(fact).Elem().Name(), func(path string, v reflect.Value) {
			path = strings.Replace(path, ".Record.", ".", 1)
			given := []string{"Edge.ID", "Edge.Relation", "Edge.From", "Edge.To"} // by one
			if slices.Contains(given, path) || slices.ContainsFunc(follow, func(p string) bool { return strings.HasPrefix(path, p) }) {
				return
			}
			tried++
			before := reflect.New(v.Type()).Elem()
			before.Set(v)
			alter(v)
			if d := un.Diff(one(old), one(fact)); len(d) == 0 {
				t.Errorf("%s changed, and there is no difference", path)
			}
			v.Set(before)
		})
		if tried < 5 {
			t.Errorf("%T: %d fields were tried", fact, tried)
		}
	}
}

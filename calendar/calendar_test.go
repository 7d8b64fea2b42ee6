package calendar_test

import (
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mandategraph/calendar"
	"mandategraph/data"
	"mandategraph/loader"
	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is the day on which tests run, but for those that say another.
const today un.Date = "2026-03-01"

// embedded are the real facts.
var embedded = sync.OnceValues(func() (*loader.Facts, error) { return loader.Load(data.Files) })

func facts(t *testing.T) un.Graph {
	t.Helper()
	f, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return f.Graph
}

// filled is a store with a graph.
func filled(t *testing.T, g un.Graph) store.Store {
	t.Helper()
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	return s
}

// serving answers what the package makes, on a day.
func serving(s store.Store, day un.Date) http.Handler {
	now := func() time.Time {
		midnight, _ := time.Parse(time.DateOnly, string(day))
		return midnight.Add(15 * time.Hour)
	}
	server := &reply.Server{Store: s, Now: now, Timeout: time.Minute, Log: slog.New(slog.DiscardHandler), Memo: new(query.Memo), Program: func() string { return "this one" }}
	mux := http.NewServeMux()
	for path, page := range map[string]reply.Page{
		"/calendar.ics": calendar.ICS(), "/feed.atom": calendar.Atom(), "/feed.json": calendar.JSONFeed(), "/digest": calendar.Digest(),
	} {
		mux.Handle(path, server.Handler(page))
	}
	return mux
}

// get asks for an address, with headers in pairs.
func get(t *testing.T, h http.Handler, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// text is what an address answers, which must be there.
func text(t *testing.T, h http.Handler, address string) string {
	t.Helper()
	w := get(t, h, address)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

// refused wants an address to be a mistake, and the answer to say what to do.
func refused(t *testing.T, h http.Handler, address, want string) {
	t.Helper()
	if w := get(t, h, address); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
		t.Errorf("%s: %d %s, want %q", address, w.Code, strings.TrimSpace(w.Body.String()), want)
	}
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./calendar -run Golden -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// Signs that mean something to one format or another, and texts of which an octet is no character.
const (
	signs  = "Seeds, soil; and a back\\slash: *all* _of_ <script>alert(1)</script> | `code` [link](x) &amp; 1. # “it”"
	tongue = "Отчёт о достигнутом прогрессе в осуществлении решений, 关于信息社会世界峰会成果执行情况的报告及其后续行动的进一步说明, 🌍🌱 été"
)

func date(s string) *un.PartialDate { return &un.PartialDate{EDTF: s, Basis: un.Stated} }

func record(id un.ID, paragraph, evidence string) un.Record {
	return un.Record{ID: id, Validity: un.Always, Sources: []un.Source{{Document: "document:A/RES/1/1", Paragraph: paragraph, Evidence: evidence}}}
}

func body(key, acronym, name string) *un.Body {
	return &un.Body{Record: record(un.ID("body:"+key), "1", ""), Acronym: acronym, Names: map[un.Language]string{un.English: name}, Kind: "FORUM", Standing: un.Fact}
}

// garden is a graph with a date of each kind, and each thing that can become of a deadline or a session.
func garden() un.Graph {
	due := func(slug, title, window string) *un.Deadline {
		d := &un.Deadline{Record: record(un.ID("deadline:"+slug), "2 (a)", "words of <i>"+slug+"</i>"), Title: title, Kind: "REPORT"}
		if window != "" {
			d.Window = date(window)
		}
		return d
	}
	moved := un.Source{Document: "document:letter", Evidence: "the fence comes later"}
	fence := due("fence", "Fence", "2026-12")
	fence.Changes = []un.Change{
		{On: "2026-01-15", Field: "due", From: "2026-05", To: "2026-11", Sources: []un.Source{moved}},
		{On: "2026-02-10", Field: "due", From: "2026-11", To: "2026-12", Sources: []un.Source{moved}},
	}
	wall, gate, shed := due("wall", "Wall", "2026-08"), due("gate", "Gate", "2026-09"), due("shed", "Shed", "2026-10")
	wall.CancelledOn, shed.MetOn = "2026-01-15", "2026-02-10"
	gate.Succeeded = un.Validity{From: "2025-12-17", Until: un.LastDay}
	meeting := &un.Session{
		Record: record("session:seeds-3", "5", "its third session, in 2027"), Name: "3rd session of the Forum", Ordinal: 3,
		Dates: date("2027-04-12/2027-04-16"), Place: "Geneva, Palais des Nations; Room <XX>",
		Changes: []un.Change{{On: "2026-02-10", Field: "dates", From: "2027", To: "2027-04-12/2027-04-16", Sources: []un.Source{moved}}},
	}
	g := un.Graph{Nodes: []un.Node{
		body("assembly", "GA", "General Assembly"), body("seeds", "", "Forum on seeds, soil; and a back\\slash"), body("bees", "BEES", "Bees"),
		&un.Document{Record: record("document:A/RES/1/1", "", ""), Symbol: "A/RES/1/1", Title: "Gardens", Type: "RESOLUTION", AdoptedOn: date("2025-12-17"), URL: "https://docs.un.org/en/A/RES/1/1"},
		&un.Document{Record: record("document:letter", "", ""), Title: "Letter of the Chair", Type: "NOTE", AdoptedOn: date("2026-02-10")},
		&un.Mandate{Record: record("mandate:plant", "2", "words"), Title: "Plant", Summary: "Seeds first,\n\nthen trees.", Verb: "REQUESTS", Kind: "REPORT"},
		due("day", signs, "2026-07-09"), due("days", "Days", "2026-07-06/2026-07-07"), due("across", tongue, "2026-12-30/2027-01-02"),
		due("month", "Month", "2026-07"), due("year", "Year", "2027"), due("decade", "Decade", "203X"), due("season", "Season", "2026-09/2027-09"),
		due("about", "About", "2028~"), due("perhaps", "Perhaps", "2028-03-01?"), due("leap", "Leap", "2028-02-29"), due("old", "Old", "1945"),
		due("on", "Goes on", "2026/.."), due("until", "Until", "../2026"), due("unknown", "Nobody knows", "2027/"), due("undated", "Undated", ""),
		fence, wall, gate, due("arch", "Arch", "2027-09"), shed, meeting,
		&un.Session{Record: record("session:seeds-4", "5", "fourth session"), Name: "4th session of the Forum", Ordinal: 4},
		due("plan", "Plan", "2027-04-12/2027-04-16"), due("off", "Called off", ""),
		&un.ReportingCycle{
			Record: un.Record{ID: "cycle:harvest", Sources: record("", "7", "a harvest each year").Sources, Validity: un.Validity{From: "2024-01-01", Until: un.LastDay}},
			Title:  "Harvest", Kind: "REPORT", Frequency: un.Annual,
		},
	}}
	g.Nodes[slices.IndexFunc(g.Nodes, func(n un.Node) bool { return n.Key() == "deadline:off" })].(*un.Deadline).CancelledOn = "2026-02-10"
	for _, e := range strings.Fields(`
		document:A/RES/1/1>ADOPTED_BY>body:assembly
		deadline:day>OBLIGES>body:bees deadline:day>OBLIGES>body:seeds deadline:day>HAS_FORUM>body:seeds deadline:day>BASED_ON>mandate:plant
		deadline:arch>SUPERSEDES>deadline:gate deadline:shed>FULFILLED_BY>document:letter
		session:seeds-3>SESSION_OF>body:seeds session:seeds-4>SESSION_OF>body:seeds
		deadline:plan>DUE_AT>session:seeds-3 deadline:plan>OBLIGES>body:bees deadline:off>DUE_AT>session:seeds-3
		cycle:harvest>OBLIGES>body:bees cycle:harvest>ADDRESSED_TO>body:seeds`) {
		p := strings.Split(e, ">")
		from, relation, to := un.ID(p[0]), un.Relation(p[1]), un.ID(p[2])
		edge := un.Edge{ID: un.EdgeID(relation, from, to, ""), Relation: relation, From: from, To: to, Validity: un.Always}
		if relation == un.FulfilledBy {
			edge.Sources = []un.Source{{Document: "document:letter", Evidence: "the shed is built"}}
		}
		g.Edges = append(g.Edges, edge)
	}
	return g
}

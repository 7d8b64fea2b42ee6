package export_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"mandategraph/data"
	"mandategraph/export"
	"mandategraph/loader"
	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

// today is the day on which every test runs, where it does not say another.
const today un.Date = "2026-03-01"

// facts are the embedded ones.
var facts = sync.OnceValues(func() (un.Graph, error) {
	f, err := loader.Load(data.Files)
	if err != nil {
		return un.Graph{}, err
	}
	return f.Graph, nil
})

func embedded(t *testing.T) un.Graph {
	t.Helper()
	g, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// open is a store with a graph.
func open(t *testing.T, g un.Graph) store.Store {
	t.Helper()
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve answers all tables from a store, on loopback, on a day.
func serve(t *testing.T, s store.Store, day un.Date) string {
	t.Helper()
	now, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		t.Fatal(err)
	}
	answers := &reply.Server{
		Store: s, Now: func() time.Time { return now }, Timeout: 10 * time.Second, Log: slog.New(slog.DiscardHandler), Memo: new(query.Memo),
	}
	mux := http.NewServeMux()
	for path, page := range export.Pages() {
		mux.Handle(path, answers.Handler(page))
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// A row is a line of a table: cells by their columns.
type row map[string]string

// read reads a table as a spreadsheet does.
func read(t *testing.T, address string) (header []string, rows []row) {
	t.Helper()
	r, text := get(t, address)
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", address, r.StatusCode, text)
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll() // which refuses lines of other lengths
	if err != nil || len(lines) == 0 {
		t.Fatalf("%s: %d lines, %v", address, len(lines), err)
	}
	for _, cells := range lines[1:] {
		rows = append(rows, row{})
		for i, name := range lines[0] {
			rows[len(rows)-1][name] = cells[i]
		}
	}
	return lines[0], rows
}

// column is one cell of each row.
func column(rows []row, name string) (cells []string) {
	for _, r := range rows {
		cells = append(cells, r[name])
	}
	return cells
}

// kept are the ids of the nodes of a kind that are wanted, in the kind's own order.
func kept(g un.Graph, kind un.Kind, keep func(un.Node) bool) (ids []string) {
	keys := map[string]string{}
	for _, n := range g.Nodes {
		if n.NodeKind() == kind && keep(n) {
			ids = append(ids, string(n.Key()))
			keys[string(n.Key())] = un.OrderKey(n, un.Orders[kind][0], false)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(keys[a], keys[b]) })
	return ids
}

func everything(un.Node) bool { return true }

func TestEveryFactIsARow(t *testing.T) {
	g := embedded(t)
	server := serve(t, open(t, g), today)
	for path, c := range map[string]struct {
		kind   un.Kind
		header string
	}{
		"/export/deadlines.csv": {un.KindDeadline, "id title kind status due window earliest latest basis explanation session obligors forum document paragraph evidence url metBy cancelledOn supersededBy"},
		"/export/mandates.csv":  {un.KindMandate, "id title summary verb kind status since until permanent holders addressees document paragraph evidence url supersededBy"},
		"/export/bodies.csv":    {un.KindBody, "id name acronym kind standing description established dissolved parent secretariat aliases url nameAR nameES nameFR nameRU nameZH"},
		"/export/documents.csv": {un.KindDocument, "id symbol title type adoptedOn adoptedBy adoptedAt url"},
	} {
		r, text := get(t, server+path)
		if got := r.Header.Get("Content-Type"); got != "text/csv; charset=utf-8; header=present" {
			t.Errorf("%s is %s", path, got)
		}
		if got, want := r.Header.Get("Content-Disposition"), fmt.Sprintf("attachment; filename=%q", strings.TrimPrefix(path, "/export/")); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
		if ends := strings.Count(text, "\r\n"); !strings.HasSuffix(text, "\r\n") || ends != strings.Count(text, "\n") || ends != strings.Count(text, "\r") {
			t.Errorf("%s has lines that do not end with CR and LF", path)
		}
		if !utf8.ValidString(text) || strings.HasPrefix(text, "\ufeff") {
			t.Errorf("%s is not plain UTF-8", path)
		}
		header, rows := read(t, server+path)
		if diff := gocmp.Diff(c.header, strings.Join(header, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		want := kept(g, c.kind, everything)
		if diff := gocmp.Diff(want, column(rows, "id")); diff != "" || len(want) < 100 {
			t.Errorf("%s has %d rows, want %d (-want +got):\n%s", path, len(rows), len(want), diff)
		}
	}
}

// A deadlinesFile is deadlines.json.
type deadlinesFile struct {
	DataVersion, CoveredUntil string
	Deadlines                 []map[string]any
}

func readJSON(t *testing.T, address string) (file deadlinesFile) {
	t.Helper()
	r, text := get(t, address)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s: %d %s", address, r.StatusCode, r.Header.Get("Content-Type"))
	}
	if got := r.Header.Get("Content-Disposition"); got != `inline; filename="deadlines.json"` {
		t.Errorf("%s is %s", address, got)
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatalf("%s: %v %.500s", address, err, text)
	}
	return file
}

// deadlines.json has the rows of deadlines.csv, with lists as lists and nothing as null.
func TestJSONHasTheRowsOfCSV(t *testing.T) {
	g := embedded(t)
	server := serve(t, open(t, g), today)
	for _, filter := range []string{"", "?body=CSTD", "?from=2027&deadlineKind=report"} {
		file := readJSON(t, server+"/export/deadlines.json"+filter)
		if file.DataVersion != g.Version() || file.CoveredUntil != "2025-12-17" {
			t.Errorf("%q: of the facts %s until %s", filter, file.DataVersion, file.CoveredUntil)
		}
		var got []row
		for _, members := range file.Deadlines {
			cells := row{}
			for name, value := range members {
				switch v := value.(type) {
				case nil:
					if cells[name] = ""; name == "obligors" || name == "supersededBy" {
						t.Errorf("%s of %v is null, not a list", name, members["id"])
					}
				case []any:
					var texts []string
					for _, text := range v {
						texts = append(texts, text.(string))
					}
					cells[name] = strings.Join(texts, "; ")
				case string:
					if cells[name] = v; v == "" {
						t.Errorf("%s of %v is empty, not null", name, members["id"])
					}
				default:
					t.Errorf("%s of %v is %v", name, members["id"], value)
				}
			}
			got = append(got, cells)
		}
		_, want := read(t, server+"/export/deadlines.csv"+filter)
		if diff := gocmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("%q (-CSV +JSON):\n%s", filter, diff)
		}
	}
}

func TestNothing(t *testing.T) {
	for name, c := range map[string]struct{ server, filter string }{
		"no facts":      {serve(t, memory.Open(), today), ""},
		"none are kept": {serve(t, open(t, embedded(t)), today), "?from=1900&to=1901"},
	} {
		if file := readJSON(t, c.server+"/export/deadlines.json"+c.filter); file.Deadlines == nil || len(file.Deadlines) > 0 {
			t.Errorf("%s: %v, want []", name, file.Deadlines)
		}
		if header, rows := read(t, c.server+"/export/deadlines.csv"+c.filter); len(rows) > 0 || len(header) != 20 {
			t.Errorf("%s: %q and %d rows", name, header, len(rows))
		}
	}
}

func record(id un.ID, sources ...un.Source) un.Record {
	return un.Record{ID: id, Validity: un.Always, Sources: sources}
}

func named(name string) map[un.Language]string { return map[un.Language]string{un.English: name} }

func stated(edtf string) *un.PartialDate { return &un.PartialDate{EDTF: edtf, Basis: un.Stated} }

func edges(all ...un.Edge) []un.Edge {
	for i, e := range all {
		all[i].ID, all[i].Validity = un.EdgeID(e.Relation, e.From, e.To, ""), un.Always
	}
	return all
}

// TestCells has a row of each table with everything in it, and one with as little as can be.
func TestCells(t *testing.T) {
	proof := un.Source{Document: "document:A/RES/80/173", Paragraph: "48 (a)", Evidence: "words that stand there"}
	page := un.Source{Document: "document:page", URL: "https://example.org/page#there"}
	server := serve(t, open(t, un.Graph{
		Nodes: []un.Node{
			&un.Body{
				Record: record("body:igf", proof), Acronym: "IGF", Aliases: []string{"the Forum", "Internet governance forum"}, Kind: "FORUM", Standing: un.Fact,
				Names:       map[un.Language]string{un.English: "Internet Governance Forum", "FR": "Forum sur la gouvernance d’Internet", "ZH": "互联网治理论坛"},
				Description: "Where all talk.", Established: stated("2006"), Dissolved: stated("2030-12"), URL: "https://example.org/igf",
			},
			&un.Body{Record: record("body:desa", page), Names: named("Department of Economic and Social Affairs"), Kind: "OFFICE", Standing: un.Foreseen},
			&un.Body{Record: record("body:un", page), Names: named("United Nations")},
			&un.Document{Record: record("document:A/RES/80/173"), Symbol: "A/RES/80/173", Title: "Review", Type: "RESOLUTION", AdoptedOn: stated("2025-12-17"), URL: "https://example.org/80/173"},
			&un.Document{Record: record("document:page"), Title: "A page", Type: "PAGE"},
			&un.Session{Record: record("session:un-80", proof), Name: "80th session"},
			&un.Mandate{
				Record: record("mandate:1", proof, page), Title: "Forum made permanent", Summary: "For good.", Verb: "DECIDES", Kind: "RENEW",
				Since: stated("2025-12-17"), Until: stated("2035"), Permanent: true,
			},
			&un.Mandate{Record: un.Record{ID: "mandate:2", Sources: []un.Source{page}, Validity: un.Validity{From: "2030-01-01", Until: un.LastDay}}, Title: "Next"},
			&un.Deadline{
				Record: record("deadline:1", proof, page), Title: "Report", Kind: "REPORT", Due: stated("2027"),
				Window: &un.PartialDate{EDTF: "2027-04/2027-05", Basis: un.Derived}, CancelledOn: "2026-02-14",
			},
			&un.Deadline{Record: record("deadline:2", page), Title: "Target", Kind: "TARGET"},
		},
		Edges: edges(
			un.Edge{Relation: un.PartOf, From: "body:igf", To: "body:un"},
			un.Edge{Relation: un.SecretariatProvidedBy, From: "body:igf", To: "body:desa"},
			un.Edge{Relation: un.AdoptedBy, From: "document:A/RES/80/173", To: "body:un"},
			un.Edge{Relation: un.AdoptedAt, From: "document:A/RES/80/173", To: "session:un-80"},
			un.Edge{Relation: un.Holds, From: "body:igf", To: "mandate:1"},
			un.Edge{Relation: un.Holds, From: "body:desa", To: "mandate:1"},
			un.Edge{Relation: un.AddressedTo, From: "mandate:1", To: "body:un"},
			un.Edge{Relation: un.StatedIn, From: "mandate:1", To: "document:A/RES/80/173"},
			un.Edge{Relation: un.StatedIn, From: "mandate:2", To: "document:page"},
			un.Edge{Relation: un.Supersedes, From: "mandate:2", To: "mandate:1"},
			un.Edge{Relation: un.Obliges, From: "deadline:1", To: "body:igf"},
			un.Edge{Relation: un.Obliges, From: "deadline:1", To: "body:desa"},
			un.Edge{Relation: un.HasForum, From: "deadline:1", To: "body:un"},
			un.Edge{Relation: un.DueAt, From: "deadline:1", To: "session:un-80"},
			un.Edge{Relation: un.FulfilledBy, From: "deadline:1", To: "document:page"},
			un.Edge{Relation: un.StatedIn, From: "deadline:1", To: "document:A/RES/80/173"},
			un.Edge{Relation: un.Supersedes, From: "deadline:2", To: "deadline:1"},
		),
	}), today)
	for path, want := range map[string][]row{
		"/export/bodies.csv": {
			{"id": "body:desa", "name": "Department of Economic and Social Affairs", "kind": "OFFICE", "standing": "FORESEEN"},
			{
				"id": "body:igf", "name": "Internet Governance Forum", "acronym": "IGF", "kind": "FORUM", "standing": "FACT", "description": "Where all talk.",
				"established": "2006", "dissolved": "2030-12", "parent": "United Nations", "secretariat": "Department of Economic and Social Affairs",
				"aliases": "the Forum; Internet governance forum", "url": "https://example.org/igf", "nameFR": "Forum sur la gouvernance d’Internet", "nameZH": "互联网治理论坛",
			},
			{"id": "body:un", "name": "United Nations"},
		},
		"/export/documents.csv": {
			{
				"id": "document:A/RES/80/173", "symbol": "A/RES/80/173", "title": "Review", "type": "RESOLUTION", "adoptedOn": "2025-12-17",
				"adoptedBy": "United Nations", "adoptedAt": "80th session", "url": "https://example.org/80/173",
			},
			{"id": "document:page", "title": "A page", "type": "PAGE"},
		},
		"/export/mandates.csv": {
			{
				"id": "mandate:1", "title": "Forum made permanent", "summary": "For good.", "verb": "DECIDES", "kind": "RENEW", "status": "IN_FORCE",
				"since": "2025-12-17", "until": "2035", "permanent": "true", "holders": "Department of Economic and Social Affairs; Internet Governance Forum",
				"addressees": "United Nations", "document": "A/RES/80/173", "paragraph": "48 (a)", "evidence": "words that stand there",
				"url": "https://example.org/80/173", "supersededBy": "mandate:2",
			},
			{"id": "mandate:2", "title": "Next", "status": "NOT_YET", "permanent": "false", "document": "A page", "url": "https://example.org/page#there"},
		},
		"/export/deadlines.csv": {
			{
				"id": "deadline:1", "title": "Report", "kind": "REPORT", "status": "CANCELLED", "due": "2027", "window": "2027-04/2027-05",
				"earliest": "2027-04-01", "latest": "2027-05-31", "basis": "DERIVED", "session": "80th session",
				"obligors": "Department of Economic and Social Affairs; Internet Governance Forum", "forum": "United Nations", "document": "A/RES/80/173",
				"paragraph": "48 (a)", "evidence": "words that stand there", "url": "https://example.org/80/173", "metBy": "A page",
				"cancelledOn": "2026-02-14", "supersededBy": "deadline:2",
			},
			{"id": "deadline:2", "title": "Target", "kind": "TARGET", "status": "UNDATED", "document": "A page", "url": "https://example.org/page#there"},
		},
	} {
		header, got := read(t, server+path)
		for _, cells := range want {
			for _, name := range header {
				cells[name] += "" // what is not said above is empty
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// What a spreadsheet would take for a formula begins with an apostrophe, in any cell. JSON says it as it is.
func TestFormulas(t *testing.T) {
	for text, want := range map[string]string{
		`=HYPERLINK("https://example.org")`: `'=HYPERLINK("https://example.org")`,
		"+1":                                "'+1",
		"-1":                                "'-1",
		"@SUM(1)":                           "'@SUM(1)",
		"\t=1":                              "'\t=1",
		"\r=1":                              "'=1", // encoding/csv ends lines with CR and LF, and writes no CR elsewhere
		"\n=1":                              "'\n=1",
		"＝1":                                "'＝1",
		"＋1":                                "'＋1",
		"－1":                                "'－1",
		"＠1":                                "'＠1",
		"1=1":                               "1=1",
		"1-2+3":                             "1-2+3",
		"a@b":                               "a@b",
		"'=1":                               "'=1",
		`"=1"`:                              `"=1"`,
		"−1":                                "−1", // the sign of mathematics
		"é":                                 "é",
		"组织":                                "组织",
	} {
		server := serve(t, open(t, un.Graph{
			Nodes: []un.Node{
				&un.Body{
					Record: record("body:a"), Names: map[un.Language]string{un.English: text, "FR": text}, Acronym: text, Aliases: []string{text, "=2"},
					Description: text, URL: text, Established: stated("2006"),
				},
				&un.Document{Record: record("document:a"), Symbol: text, Title: text, URL: text},
				&un.Session{Record: record("session:a"), Name: text},
				&un.Mandate{Record: record("mandate:a", un.Source{Document: "document:a", Paragraph: text, Evidence: text}), Title: text, Summary: text},
				&un.Deadline{Record: record("deadline:a", un.Source{Document: "document:a", Paragraph: text, Evidence: text, URL: text}), Title: text},
			},
			Edges: edges(
				un.Edge{Relation: un.AdoptedBy, From: "document:a", To: "body:a"},
				un.Edge{Relation: un.AdoptedAt, From: "document:a", To: "session:a"},
				un.Edge{Relation: un.Holds, From: "body:a", To: "mandate:a"},
				un.Edge{Relation: un.AddressedTo, From: "mandate:a", To: "body:a"},
				un.Edge{Relation: un.StatedIn, From: "mandate:a", To: "document:a"},
				un.Edge{Relation: un.Obliges, From: "deadline:a", To: "body:a"},
				un.Edge{Relation: un.HasForum, From: "deadline:a", To: "body:a"},
				un.Edge{Relation: un.DueAt, From: "deadline:a", To: "session:a"},
				un.Edge{Relation: un.FulfilledBy, From: "deadline:a", To: "document:a"},
			),
		}), today)
		for path, columns := range map[string]string{
			"/export/bodies.csv":    "name nameFR acronym description url",
			"/export/documents.csv": "symbol title url adoptedBy adoptedAt",
			"/export/mandates.csv":  "title summary holders addressees document paragraph evidence url",
			"/export/deadlines.csv": "title session obligors forum document paragraph evidence url metBy",
		} {
			_, rows := read(t, server+path)
			for name := range strings.FieldsSeq(columns) {
				if got := column(rows, name); !slices.Equal(got, []string{want}) {
					t.Errorf("%s: %s of %q is %q, want %q", path, name, text, got, want)
				}
			}
			if got := rows[0]["aliases"]; path == "/export/bodies.csv" && got != want+"; =2" {
				t.Errorf("%s: the aliases %q and =2 are %q", path, text, got)
			}
		}
		if file := readJSON(t, server+"/export/deadlines.json"); file.Deadlines[0]["title"] != text {
			t.Errorf("deadlines.json says %q where the facts have %q", file.Deadlines[0]["title"], text)
		}
	}
}

// What RFC 4180 must quote comes back as it was.
func TestQuotes(t *testing.T) {
	for _, text := range []string{
		`"`, `""`, ",", ";", "\n", " leading and trailing ", `He said "a, b"`, "one\ntwo\n\nthree", `\"`, `\.`, "tab\there", "a,\"b\"\n", "<&>", "Ā\u0300 \u200f ﷺ 🕊",
	} {
		server := serve(t, open(t, un.Graph{Nodes: []un.Node{
			&un.Body{Record: record("body:a"), Names: named("A"), Description: "x" + text + "x", Aliases: []string{"x" + text, text + "x"}},
			&un.Deadline{Record: record("deadline:a"), Title: "x" + text + "x"},
		}}), today)
		_, rows := read(t, server+"/export/bodies.csv")
		if len(rows) != 1 || rows[0]["description"] != "x"+text+"x" || rows[0]["aliases"] != "x"+text+"; "+text+"x" || rows[0]["url"] != "" {
			t.Errorf("%q: %q", text, rows)
		}
		if file := readJSON(t, server+"/export/deadlines.json"); file.Deadlines[0]["title"] != "x"+text+"x" {
			t.Errorf("deadlines.json says %q where the facts have %q", file.Deadlines[0]["title"], "x"+text+"x")
		}
		if _, text := get(t, server+"/export/bodies.csv"); strings.Count(text, "\n") != strings.Count(text, "\r\n") {
			t.Errorf("a line does not end with CR and LF: %q", text)
		}
	}
}

// tos are where a node's edges lead.
func tos(g un.Graph, relation un.Relation, from un.ID) (ids []un.ID) {
	for _, e := range g.Edges {
		if e.Relation == relation && e.From == from {
			ids = append(ids, e.To)
		}
	}
	return ids
}

// froms are where those come from that lead to a node.
func froms(g un.Graph, relation un.Relation, to un.ID) (ids []un.ID) {
	for _, e := range g.Edges {
		if e.Relation == relation && e.To == to {
			ids = append(ids, e.From)
		}
	}
	return ids
}

// takingPart are all who have a part in a deadline.
func takingPart(g un.Graph, n un.Node) []un.ID {
	ids := slices.Concat(tos(g, un.Obliges, n.Key()), tos(g, un.HasForum, n.Key()))
	for _, session := range tos(g, un.DueAt, n.Key()) {
		ids = append(ids, tos(g, un.SessionOf, session)...)
	}
	for _, mandate := range tos(g, un.BasedOn, n.Key()) {
		ids = slices.Concat(ids, tos(g, un.AddressedTo, mandate), froms(g, un.Holds, mandate))
	}
	return ids
}

// within says whether a deadline may fall on some day from one to another, "" for no bound.
func within(n un.Node, from, to un.Date) bool {
	on := n.(*un.Deadline).Window
	return on != nil && cmp.Or(on.Latest(), un.LastDay) >= from && cmp.Or(on.Earliest(), un.FirstDay) <= cmp.Or(to, un.LastDay)
}

// Each filter keeps what a look at all facts keeps.
func TestFilters(t *testing.T) {
	g := embedded(t)
	server := serve(t, open(t, g), today)
	is := func(n un.Node, kinds ...un.DeadlineKind) bool { return slices.Contains(kinds, n.(*un.Deadline).Kind) }
	in := func(n un.Node, symbol string) bool { return strings.Contains(string(n.Key()), ":"+symbol+"#") }
	part := func(n un.Node, body un.ID) bool { return slices.Contains(takingPart(g, n), body) }
	obliged := func(n un.Node, body un.ID) bool { return slices.Contains(tos(g, un.Obliges, n.Key()), body) }
	before := func(n un.Node, body un.ID) bool { return slices.Contains(tos(g, un.HasForum, n.Key()), body) }
	holds := func(n un.Node, body un.ID) bool { return slices.Contains(froms(g, un.Holds, n.Key()), body) }
	addressed := func(n un.Node, body un.ID) bool { return slices.Contains(tos(g, un.AddressedTo, n.Key()), body) }
	for _, c := range []struct {
		table, filter string
		kind          un.Kind
		keep          func(un.Node) bool
	}{
		{"deadlines", "body=CSTD", un.KindDeadline, func(n un.Node) bool { return part(n, "body:cstd") }},
		{"deadlines", "kind=session&kind=deadline&body=CSTD", un.KindDeadline, func(n un.Node) bool { return part(n, "body:cstd") }},
		{"deadlines", "body=body:cstd&body=Internet+Governance+Forum", un.KindDeadline, func(n un.Node) bool { return part(n, "body:cstd") || part(n, "body:igf") }},
		{"deadlines", "obligor=secretary-general", un.KindDeadline, func(n un.Node) bool { return obliged(n, "body:secretary-general") }},
		{"deadlines", "forum=CSTD", un.KindDeadline, func(n un.Node) bool { return before(n, "body:cstd") }},
		{"deadlines", "forum=CSTD&forum=general-assembly", un.KindDeadline, func(n un.Node) bool { return before(n, "body:cstd") || before(n, "body:general-assembly") }},
		{"deadlines", "document=80/173", un.KindDeadline, func(n un.Node) bool { return in(n, "A/RES/80/173") }},
		{"deadlines", "document=A/RES/79/1&document=resolution+70/125", un.KindDeadline, func(n un.Node) bool { return in(n, "A/RES/79/1") || in(n, "A/RES/70/125") }},
		{"deadlines", "deadlineKind=report", un.KindDeadline, func(n un.Node) bool { return is(n, "REPORT") }},
		{"deadlines", "deadlineKind=mandate-expiry&deadlineKind=REVIEW", un.KindDeadline, func(n un.Node) bool { return is(n, "MANDATE_EXPIRY", "REVIEW") }},
		{"deadlines", "from=2027", un.KindDeadline, func(n un.Node) bool { return within(n, "2027-01-01", "") }},
		{"deadlines", "to=2026-02", un.KindDeadline, func(n un.Node) bool { return within(n, "", "2026-02-28") }},
		{"deadlines", "from=2026-09-15&to=2027-03", un.KindDeadline, func(n un.Node) bool { return within(n, "2026-09-15", "2027-03-31") }},
		{"deadlines", "from=2027-01-01&to=2027-01-01", un.KindDeadline, func(n un.Node) bool { return within(n, "2027-01-01", "2027-01-01") }},
		{"deadlines", "from=1950", un.KindDeadline, func(n un.Node) bool { return within(n, "", "") }},
		{"deadlines", "to=2125", un.KindDeadline, func(n un.Node) bool { return within(n, "", "") }},
		{"deadlines", "body=CSTD&from=2026&deadlineKind=report&document=80/173", un.KindDeadline, func(n un.Node) bool {
			return part(n, "body:cstd") && within(n, "2026-01-01", "") && is(n, "REPORT") && in(n, "A/RES/80/173")
		}},
		{"mandates", "body=CSTD", un.KindMandate, func(n un.Node) bool { return holds(n, "body:cstd") || addressed(n, "body:cstd") }},
		{"mandates", "body=CSTD&body=UNGIS", un.KindMandate, func(n un.Node) bool {
			return holds(n, "body:cstd") || addressed(n, "body:cstd") || holds(n, "body:ungis") || addressed(n, "body:ungis")
		}},
		{"mandates", "obligor=IGF", un.KindMandate, func(n un.Node) bool { return holds(n, "body:igf") }},
		{"mandates", "obligor=IGF&obligor=ITU", un.KindMandate, func(n un.Node) bool { return holds(n, "body:igf") || holds(n, "body:itu") }},
		{"mandates", "document=70/125", un.KindMandate, func(n un.Node) bool { return in(n, "A/RES/70/125") }},
		{"mandates", "body=CSTD&obligor=ECOSOC&document=80/173", un.KindMandate, func(n un.Node) bool {
			return (holds(n, "body:cstd") || addressed(n, "body:cstd")) && holds(n, "body:ecosoc") && in(n, "A/RES/80/173")
		}},
	} {
		want := kept(g, c.kind, c.keep)
		if all := kept(g, c.kind, everything); len(want) == 0 || len(want) == len(all) {
			t.Errorf("%s?%s: %d of %d prove little", c.table, c.filter, len(want), len(all))
		}
		_, rows := read(t, server+"/export/"+c.table+".csv?"+c.filter)
		if diff := gocmp.Diff(want, column(rows, "id")); diff != "" {
			t.Errorf("%s?%s (-want +got):\n%s", c.table, c.filter, diff)
		}
		if c.table == "deadlines" {
			var got []string
			for _, d := range readJSON(t, server+"/export/deadlines.json?"+c.filter).Deadlines {
				got = append(got, d["id"].(string))
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s.json?%s (-want +got):\n%s", c.table, c.filter, diff)
			}
		}
	}
	undated := kept(g, un.KindDeadline, func(n un.Node) bool { return n.(*un.Deadline).Window == nil })
	_, rows := read(t, server+"/export/deadlines.csv")
	without := slices.DeleteFunc(rows, func(r row) bool { return r["window"] != "" })
	if diff := gocmp.Diff(undated, column(without, "id")); diff != "" || len(undated) == 0 {
		t.Errorf("without a date (-want +got):\n%s", diff)
	}
}

// An error names the parameter by the name that it was given.
func TestFiltersRefuse(t *testing.T) {
	server := serve(t, open(t, embedded(t)), today)
	for path, want := range map[string]string{
		"deadlines.csv?body=IGFF":                `body: there is no body "IGFF"; did you mean "body:igf"?`,
		"deadlines.json?obligor=IGFF":            `obligor: there is no body "IGFF"; did you mean "body:igf"?`,
		"deadlines.csv?forum=IGFF":               `forum: there is no body "IGFF"; did you mean "body:igf"?`,
		"deadlines.csv?document=80/174":          `document: there is no document "80/174"; did you mean "document:A/RES/80/173"?`,
		"deadlines.csv?deadlineKind=reprot":      `deadlineKind is "reprot"; did you mean report? It may be report, review, meeting, proposal, procedure, mandate-expiry, target, observance`,
		"deadlines.json?from=2027&to=2026":       "from 2027-01-01 is after to 2026-12-31; exchange them",
		"deadlines.csv?kind=session":             "kind: these are deadlines alone; leave kind out, or give deadline",
		"bodies.csv?kind=deadline":               `/export/bodies.csv has no parameter "kind". It has none`,
		"mandates.csv?body=IGFF":                 `body: there is no body "IGFF"; did you mean "body:igf"?`,
		"mandates.csv?obligor=CSTD&obligor=IGFF": `obligor: there is no body "IGFF"; did you mean "body:igf"?`,
		"mandates.csv?document=80/174":           `document: there is no document "80/174"; did you mean "document:A/RES/80/173"?`,
		"mandates.csv?from=2027":                 `/export/mandates.csv has no parameter "from". It has body, document, obligor`,
		"bodies.csv?body=IGF":                    `/export/bodies.csv has no parameter "body". It has none`,
		"documents.csv?document=80/173":          `/export/documents.csv has no parameter "document". It has none`,
	} {
		if r, body := get(t, server+"/export/"+path); r.StatusCode != http.StatusBadRequest || body != want+"\n" {
			t.Errorf("%s: %d %s\nwant %s", path, r.StatusCode, body, want)
		}
	}
}

func TestStatusesAreThoseOfTheDay(t *testing.T) {
	g := embedded(t)
	s := open(t, g)
	for _, c := range []struct {
		path   string
		kind   un.Kind
		status func(un.Node, un.Date) string
	}{
		{"/export/deadlines.csv", un.KindDeadline, func(n un.Node, day un.Date) string { return string(n.(*un.Deadline).Status(day)) }},
		{"/export/mandates.csv", un.KindMandate, func(n un.Node, day un.Date) string { return string(n.(*un.Mandate).Status(day)) }},
	} {
		seen := map[string]bool{}
		for _, day := range []un.Date{"2000-01-01", "2016-01-01", today, "2027-06-30"} {
			want := map[string]string{}
			for _, n := range g.Nodes {
				if n.NodeKind() == c.kind {
					want[string(n.Key())] = c.status(n, day)
				}
			}
			got := map[string]string{}
			_, rows := read(t, serve(t, s, day)+c.path)
			for _, r := range rows {
				got[r["id"]] = r["status"]
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s on %s (-want +got):\n%s", c.path, day, diff)
			}
			seen[fmt.Sprint(want)] = true
		}
		if len(seen) < 3 {
			t.Errorf("%s: four days have %d lists of statuses, which prove little", c.path, len(seen))
		}
	}
	for path, page := range export.Pages() {
		if statuses := strings.Contains(path, "deadlines") || strings.Contains(path, "mandates"); page.Daily != statuses {
			t.Errorf("%s: another day is another answer: %v", path, page.Daily)
		}
	}
}

// watched is a store that tells of every page that is read.
type watched struct {
	store.Store
	find func(context.Context, store.Select) error
}

func (w watched) Snapshot(ctx context.Context) (store.Reader, error) {
	r, err := w.Store.Snapshot(ctx)
	return watchedReader{r, w.find}, err
}

type watchedReader struct {
	store.Reader
	find func(context.Context, store.Select) error
}

func (r watchedReader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if err := r.find(ctx, s); err != nil {
		return store.Page{}, err
	}
	return r.Reader.Find(ctx, s)
}

// long has 250 deadlines, which is three pages, with long titles.
func long() un.Graph {
	var g un.Graph
	for i := range 250 {
		g.Nodes = append(g.Nodes, &un.Deadline{Record: record(un.ID(fmt.Sprintf("deadline:%03d", i))), Title: strings.Repeat("x", 1000)})
	}
	return g
}

// Rows are sent while further pages are read: the store gives the last page only after the client has read the first row.
func TestRowsAreSentBeforeTheLastPageIsRead(t *testing.T) {
	for _, path := range []string{"/export/deadlines.csv", "/export/deadlines.json"} {
		t.Run(path, func(t *testing.T) {
			var watching atomic.Bool
			var pages atomic.Int32
			received := make(chan struct{})
			server := serve(t, watched{open(t, long()), func(ctx context.Context, s store.Select) error {
				if !watching.Load() || pages.Add(1) < 3 {
					return nil
				}
				select {
				case <-received:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			}}, today)
			get(t, server+"/export/documents.csv") // so that the quality of the facts has been read
			watching.Store(true)
			r, err := http.Get(server + path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			body := bufio.NewReader(r.Body)
			var rows int
			for {
				line, err := body.ReadString('\n')
				if rows += strings.Count(line, "deadline:"); rows == 1 && strings.Contains(line, "deadline:") {
					close(received)
				}
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if r.StatusCode != http.StatusOK || rows != 250 || pages.Load() != 3 {
				t.Errorf("%d, %d rows of %d pages; want 250 of 3", r.StatusCode, rows, pages.Load())
			}
		})
	}
}

// Where a page cannot be read, no client takes the rows before it for all: it is told so, or cut off where rows were sent.
func TestAPageThatCannotBeRead(t *testing.T) {
	for _, path := range []string{"/export/deadlines.csv", "/export/deadlines.json"} {
		for page, sent := range map[int32]bool{1: false, 3: true} {
			var watching atomic.Bool
			var pages atomic.Int32
			server := serve(t, watched{open(t, long()), func(context.Context, store.Select) error {
				if !watching.Load() || pages.Add(1) < page {
					return nil
				}
				return fmt.Errorf("find: %w", store.ErrUnavailable)
			}}, today)
			get(t, server+"/export/documents.csv") // so that the quality of the facts has been read
			watching.Store(true)
			r, err := http.Get(server + path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			body, err := io.ReadAll(r.Body)
			switch {
			case sent && (r.StatusCode != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF)):
				t.Errorf("%s, page %d: %d and %d bytes to the end: %v", path, page, r.StatusCode, len(body), err)
			case !sent && (err != nil || r.StatusCode != http.StatusServiceUnavailable || strings.Contains(string(body), "title") || r.Header.Get("ETag") != ""):
				t.Errorf("%s, page %d: %d %.200s %v", path, page, r.StatusCode, body, err)
			}
		}
	}
}

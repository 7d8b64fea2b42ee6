package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"mandategraph/data"
	"mandategraph/loader"
	"mandategraph/store/memory"
)

// An edit puts a text in the place of another, in a file of the facts.
type edit struct{ file, old, new string }

// served is the real server over the facts with edits, on 1 July 2026.
func served(t *testing.T, edits []edit) *httptest.Server {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, data.Files); err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		file := filepath.Join(dir, e.file)
		text, err := os.ReadFile(file)
		if err != nil && e.old != "" {
			t.Fatal(err)
		}
		if e.old != "" && strings.Count(string(text), e.old) != 1 {
			t.Fatalf("%s has %q %d times", e.file, e.old, strings.Count(string(text), e.old))
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := loader.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), f.Graph); err != nil {
		t.Fatal(err)
	}
	july := func() time.Time { return time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC) }
	server := httptest.NewServer(routes(s, config{Origins: []string{"*"}, Timeout: time.Minute}, july, slog.New(slog.DiscardHandler), nil))
	t.Cleanup(server.Close)
	return server
}

// What the made-up notes of March and June say, as a curator enters it.
const (
	noteOfMarch = `key: note-of-march
title: Note of March on dates
type: note
adoptedOn: {date: "2026-03-10", evidence: circulated on 10 March 2026}
url: https://notes.example/march
`
	noteOfJune = `---
key: note-of-june
title: Note of June on dates
type: note
adoptedOn: {date: "2026-06-15", evidence: circulated on 15 June 2026}
---
key: road-map-of-june
title: Joint road map
type: report
adoptedOn: {date: "2026-06-20", evidence: submitted on 20 June 2026}
url: https://notes.example/road-map
`
	firstStep  = `      - {on: "2026-03-10", field: dates, from: "2027", to: 2027-04-12/2027-04-16, document: note-of-march, evidence: the session moves to April}`
	secondStep = `
      - {on: "2026-06-15", field: dates, from: 2027-04-12/2027-04-16, to: 2027-05-10/2027-05-14, document: note-of-june, evidence: the session moves to May}`
)

// thirtieth is the Commission's thirtieth session in its file, with its dates, who says them, and how it came to them.
func thirtieth(dates, note, evidence, changes string) string {
	return fmt.Sprintf(`  - ordinal: 30
    dates: {date: %s, document: %s, evidence: %s}
    document: A/RES/80/173
    paragraph: "113"
    evidence: "at its thirtieth session, in 2027"
    changes:
%s
`, dates, note, evidence, changes)
}

// inMarch and inJune are what changed until then.
func inMarch() []edit {
	return []edit{
		{"documents/notes.yaml", "", noteOfMarch},
		{
			"sessions/cstd.yaml", `  - {ordinal: 30, dates: "2027", document: A/RES/80/173, paragraph: "113", evidence: "at its thirtieth session, in 2027"}` + "\n",
			thirtieth("2027-04-12/2027-04-16", "note-of-march", "from 12 to 16 April 2027", firstStep),
		},
		{
			"documents/a-res-80-173.yaml", "        due: \"2026\"\n        obligors: [iawg-ai]\n", `        due: {date: "2026-09", document: note-of-march, evidence: in September 2026}
        changes: [{on: "2026-03-10", field: due, from: "2026", to: "2026-09", document: note-of-march, evidence: the report comes in September}]
        obligors: [iawg-ai]
`,
		},
	}
}

func inJune() []edit {
	return append(
		inMarch(),
		edit{"documents/notes.yaml", noteOfMarch, noteOfMarch + noteOfJune},
		edit{
			"sessions/cstd.yaml", thirtieth("2027-04-12/2027-04-16", "note-of-march", "from 12 to 16 April 2027", firstStep),
			thirtieth("2027-05-10/2027-05-14", "note-of-june", "from 10 to 14 May 2027", firstStep+secondStep),
		},
		edit{
			"documents/a-res-80-173.yaml", "        evidence: at its twenty-ninth session, in 2026\n", `        evidence: at its twenty-ninth session, in 2026
        fulfilledBy: {symbol: road-map-of-june, document: note-of-june, evidence: the road map has been submitted}
`,
		},
		edit{
			"documents/a-res-80-173.yaml", "        evidence: our commitment to connecting every school to the Internet by 2030\n", `        evidence: our commitment to connecting every school to the Internet by 2030
        cancelled: {on: "2026-06-15", document: note-of-june, evidence: the target is given up}
`,
		},
	)
}

// The occurrences that move, and what follows the session.
const (
	resolution = "A/RES/80/173"
	session30  = "session:cstd-30"
	lines      = "deadline:A/RES/80/173#113/action-line-report"
	indicators = "deadline:A/RES/80/173#117/indicator-report"
	financing  = "deadline:A/RES/80/173#67/financing-report"
	capacity   = "deadline:A/RES/80/173#86/ai-capacity-report"
	roadMap    = "deadline:A/RES/80/173#122/joint-road-map"
	schools    = "deadline:A/RES/80/173#37/school-connectivity"
)

// TestMovesInCalendars: whatever becomes of something, its event keeps its UID, and says in its SEQUENCE, its LAST-MODIFIED and
// its STATUS that something did.
func TestMovesInCalendars(t *testing.T) {
	type state [3]string // before, in March, in June
	got, stamps, tags := map[string]state{}, state{}, state{}
	for i, edits := range [][]edit{nil, inMarch(), inJune()} {
		address := served(t, edits).URL + "/calendar.ics?document=" + resolution
		r, body := get(t, address)
		tags[i] = r.Header.Get("ETag")
		calendar, err := ical.NewDecoder(strings.NewReader(body)).Decode()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range calendar.Events() {
			value := func(name string) string { return e.Props.Get(name).Value }
			id := strings.TrimPrefix(value("UID"), "occurrence:")
			s := got[id]
			s[i] = fmt.Sprintf("%s to %s, %s, %s, %.8s", value("DTSTART"), value("DTEND"), value("STATUS"), value("SEQUENCE"), value("LAST-MODIFIED"))
			got[id], stamps[i] = s, value("DTSTAMP")
		}
		for j, tag := range tags[:i] {
			if r, _ := get(t, address, "If-None-Match", tag); r.StatusCode != http.StatusOK {
				t.Errorf("whoever has calendar %d is told in state %d that nothing changed", j, i)
			}
		}
	}
	if want := (state{"20251217T000000Z", "20260310T000000Z", "20260620T000000Z"}); stamps != want {
		t.Errorf("the events are stamped %s, want %s", stamps, want)
	}
	moved := state{"20270101 to 20280101, CONFIRMED, 0, 20251217", "20270412 to 20270417, CONFIRMED, 1, 20260310", "20270510 to 20270515, CONFIRMED, 2, 20260615"}
	for id, want := range map[string]state{
		session30: moved, lines: moved, indicators: moved, financing: moved,
		capacity: {"20260101 to 20270101, CONFIRMED, 0, 20251217", "20260901 to 20261001, CONFIRMED, 1, 20260310", "20260901 to 20261001, CONFIRMED, 1, 20260310"},
		roadMap:  {"20260101 to 20270101, CONFIRMED, 0, 20251217", "20260101 to 20270101, CONFIRMED, 0, 20251217", "20260101 to 20270101, CONFIRMED, 1, 20260620"},
		schools:  {"20300101 to 20310101, CONFIRMED, 0, 20251217", "20300101 to 20310101, CONFIRMED, 0, 20251217", "20300101 to 20310101, CANCELLED, 1, 20260615"},
	} {
		if diff := cmp.Diff(want, got[id]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
		delete(got, id)
	}
	for id, s := range got {
		if id == "session:cstd-29" { // at which the road map was due
			if want := [2]string{"20251217", "20260620"}; !strings.HasSuffix(s[1], want[0]) || !strings.HasSuffix(s[2], want[1]) {
				t.Errorf("%s does not say that what is due at it was met: %q", id, s)
			}
			continue
		}
		if of, _, cycle := strings.Cut(id, "@"); cycle && strings.HasPrefix(of, "cycle:") && s[0] == "" {
			continue // with a later newest day, cycles are counted for longer
		}
		if s[0] != s[1] || s[1] != s[2] {
			t.Errorf("%s changed, and nothing became of it: %q", id, s)
		}
	}
}

// madeUp are the ids of the changes of March and of June.
func madeUp() (march, june []string) {
	for _, id := range []string{lines, indicators, financing, session30} {
		march = append(march, "change:"+id+"@2026-03-10/made-precise/dates")
		june = append(june, "change:"+id+"@2026-06-15/moved/dates")
	}
	march = append(march, "change:"+capacity+"@2026-03-10/made-precise/due")
	june = append(june, "change:"+schools+"@2026-06-15/cancelled", "change:"+roadMap+"@2026-06-20/met")
	return march, june
}

// TestMovesInFeeds: each change is an item of its own, whose id stays; what is due next keeps its id and has the new days.
func TestMovesInFeeds(t *testing.T) {
	march, june := madeUp()
	for _, path := range []string{"/feed.atom", "/feed.json"} {
		var before map[string]*gofeed.Item
		for i, edits := range [][]edit{nil, inMarch(), inJune()} {
			_, body := get(t, served(t, edits).URL+path+"?document="+resolution+"&to=2031")
			feed, err := gofeed.NewParser().ParseString(body)
			if err != nil {
				t.Fatal(err)
			}
			items := map[string]*gofeed.Item{}
			for _, it := range feed.Items {
				id, err := url.PathUnescape(strings.TrimPrefix(it.GUID, "urn:mandategraph:"))
				if err != nil || items[id] != nil {
					t.Fatalf("%s: %v", id, err)
				}
				items[id] = it
			}
			var fresh []string
			for id, it := range items {
				old := before[id]
				switch {
				case old == nil && strings.HasPrefix(id, "change:"):
					fresh = append(fresh, id)
				case old != nil && strings.HasPrefix(id, "change:") && (old.Title != it.Title || old.Updated != it.Updated):
					t.Errorf("%s: %s was %s of %s, and is %s of %s", path, id, old.Title, old.Updated, it.Title, it.Updated)
				}
			}
			for id := range before {
				if items[id] == nil && id != "occurrence:"+roadMap && id != "occurrence:"+schools {
					t.Errorf("%s: %s is there no more", path, id)
				}
			}
			if i > 0 {
				want := [][]string{march, june}[i-1]
				if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(fresh))); diff != "" {
					t.Errorf("%s, state %d: what is new (-want +got):\n%s", path, i, diff)
				}
				for _, id := range want {
					if !slices.Contains(feed.Items[len(due(feed)):][:len(want)], items[id]) {
						t.Errorf("%s, state %d: %s is not among the first that changed", path, i, id)
					}
				}
			}
			for id, titles := range map[string][3]string{
				lines: {"Due some time in 2027: Action line road maps before the Commission", "Due 12 to 16 April 2027: Action line road maps before the Commission", "Due 10 to 14 May 2027: Action line road maps before the Commission"},
				session30: {
					"30th session of the Commission on Science and Technology for Development, some time in 2027",
					"30th session of the Commission on Science and Technology for Development, 12 to 16 April 2027",
					"30th session of the Commission on Science and Technology for Development, 10 to 14 May 2027",
				},
				capacity: {
					"Due some time in 2026: Report on capacity-building before the first Global Dialogue",
					"Due some time in September 2026: Report on capacity-building before the first Global Dialogue",
					"Due some time in September 2026: Report on capacity-building before the first Global Dialogue",
				},
				roadMap: {"Due some time in 2026: Joint road map before the Commission", "Due some time in 2026: Joint road map before the Commission", ""},
				schools: {"Due some time in 2030: Every school on the Internet", "Due some time in 2030: Every school on the Internet", ""},
			} {
				title := ""
				if it := items["occurrence:"+id]; it != nil {
					title = it.Title
				}
				if title != titles[i] {
					t.Errorf("%s, state %d: %s is %q, want %q", path, i, id, title, titles[i])
				}
			}
			if want := []string{"2025-12-17T00:00:00Z", "2026-03-10T00:00:00Z", "2026-06-15T00:00:00Z"}[i]; items["occurrence:"+session30].Updated != want {
				t.Errorf("%s, state %d: the session is of %s, want %s", path, i, items["occurrence:"+session30].Updated, want)
			}
			before = items
		}
	}
}

// due are the items of a feed that say what is due next.
func due(f *gofeed.Feed) (items []*gofeed.Item) {
	for _, it := range f.Items {
		if slices.Contains(it.Categories, "due") {
			items = append(items, it)
		}
	}
	return items
}

// TestMovesInTheAPI: the changes say what happened, from which value to which, and who says so.
func TestMovesInTheAPI(t *testing.T) {
	const query = `{ changes(since: "2025-12-18", where: {document: ["A/RES/80/173"]}, first: 100) {
		totalCount nodes { id kind on field from to occurrence { id title } sources { document { id } evidence } } } }`
	type change struct {
		ID, Kind, On, Field, From, To string
		Occurrence                    struct{ ID, Title string }
		Sources                       []struct {
			Document struct{ ID string }
			Evidence string
		}
	}
	said := func(edits []edit) map[string]string {
		_, answer := post(t, served(t, edits).URL, query, nil)
		var got struct {
			Data struct {
				Changes struct {
					TotalCount int
					Nodes      []change
				}
			}
		}
		if err := json.Unmarshal(answer, &got); err != nil || strings.Contains(string(answer), `"errors"`) {
			t.Fatalf("%v: %s", err, answer)
		}
		all := map[string]string{}
		last := ""
		for _, c := range got.Data.Changes.Nodes {
			all[c.ID] = fmt.Sprintf("%s %s %s %q to %q", c.Kind, c.On, c.Field, c.From, c.To)
			for _, s := range c.Sources {
				all[c.ID] += fmt.Sprintf(" [%s: %s]", s.Document.ID, s.Evidence)
			}
			if !strings.HasPrefix(c.ID, strings.Replace(c.Occurrence.ID, "occurrence:", "change:", 1)+"@") || c.Occurrence.Title == "" || c.On < last {
				t.Errorf("%s is of %s, on %s after %s", c.ID, c.Occurrence.ID, c.On, last)
			}
			last = c.On
		}
		if got.Data.Changes.TotalCount != len(all) {
			t.Errorf("%d changes, and it says %d", len(all), got.Data.Changes.TotalCount)
		}
		return all
	}
	want := map[string]string{}
	if diff := cmp.Diff(want, said(nil)); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	for _, id := range []string{lines, indicators, financing, session30} {
		want["change:"+id+"@2026-03-10/made-precise/dates"] = `MADE_PRECISE 2026-03-10 dates "2027" to "2027-04-12/2027-04-16" [document:note-of-march: the session moves to April]`
	}
	want["change:"+capacity+"@2026-03-10/made-precise/due"] = `MADE_PRECISE 2026-03-10 due "2026" to "2026-09" [document:note-of-march: the report comes in September]`
	if diff := cmp.Diff(want, said(inMarch())); diff != "" {
		t.Errorf("in March (-want +got):\n%s", diff)
	}
	for _, id := range []string{lines, indicators, financing, session30} {
		want["change:"+id+"@2026-06-15/moved/dates"] = `MOVED 2026-06-15 dates "2027-04-12/2027-04-16" to "2027-05-10/2027-05-14" [document:note-of-june: the session moves to May]`
	}
	want["change:"+schools+"@2026-06-15/cancelled"] = `CANCELLED 2026-06-15  "" to "" [document:note-of-june: the target is given up]`
	want["change:"+roadMap+"@2026-06-20/met"] = `MET 2026-06-20  "" to "Joint road map" [document:note-of-june: the road map has been submitted]`
	got := said(inJune())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in June (-want +got):\n%s", diff)
	}
	march, june := madeUp()
	if diff := cmp.Diff(slices.Sorted(slices.Values(append(march, june...))), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("the feeds have other changes (-feeds +API):\n%s", diff)
	}
}

// TestMovesInTheSheet: the sheet of the session has its new days and how it came to them, and what is due at it follows.
func TestMovesInTheSheet(t *testing.T) {
	for i, edits := range [][]edit{nil, inMarch(), inJune()} {
		r, sheet := get(t, served(t, edits).URL+"/digest?session=cstd-30&format=markdown")
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", r.StatusCode, sheet)
		}
		when := []string{"some time in 2027", "12 to 16 April 2027", "10 to 14 May 2027"}[i]
		if n := strings.Count(sheet, "**When:** "+when); n != 4 { // the session, and three things that are due at it
			t.Errorf("state %d: %d times %s:\n%s", i, n, when, sheet)
		}
		for j, change := range []string{"made precise on 10 March 2026: 12 to 16 April 2027, before that some time in 2027", "moved on 15 June 2026: 10 to 14 May 2027, before that 12 to 16 April 2027"} {
			want := 0
			if i > j {
				want = 4
			}
			if n := strings.Count(sheet, "**Changed:** "+change); n != want {
				t.Errorf("state %d: %d times %s, want %d:\n%s", i, n, change, want, sheet)
			}
		}
	}
}

// TestMovesToAnotherSession: a deadline goes from the thirtieth session to the next, as a text of July says, which is all that
// proves it. Its SEQUENCE never falls, what it went through before stays told, and the thirtieth session no longer has it.
func TestMovesToAnotherSession(t *testing.T) {
	inJuly := append(
		inJune(),
		edit{"documents/notes.yaml", noteOfMarch + noteOfJune, noteOfMarch + noteOfJune + `---
key: note-of-july
title: Note of July on dates
type: note
adoptedOn: {date: "2026-06-30", evidence: circulated on 30 June 2026}
url: https://notes.example/july
`},
		edit{"sessions/cstd.yaml", "  - ordinal: 30\n", `  - ordinal: 31
    dates: {date: "2028", document: note-of-july, evidence: "the thirty-first session, in 2028"}
    document: note-of-july
    evidence: "moved to the thirty-first session, in 2028"
  - ordinal: 30
`},
		edit{"documents/a-res-80-173.yaml", `        due: "2027"
        session: cstd-30
        obligors: [partnership-measuring-ict]
`, `        due: {date: "2028", document: note-of-july, evidence: "the thirty-first session, in 2028"}
        session: cstd-31
        changes: [{on: "2026-06-30", field: session, from: cstd-30, to: cstd-31, document: note-of-july, evidence: moved to the thirty-first session}]
        obligors: [partnership-measuring-ict]
`},
	)
	server := served(t, inJuly)
	_, body := get(t, server.URL+"/calendar.ics?body=CSTD")
	calendar, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range calendar.Events() {
		switch e.Props.Get("UID").Value {
		case "occurrence:" + indicators:
			seen++
			if got := e.Props.Get("DTSTART").Value + " " + e.Props.Get("SEQUENCE").Value; got != "20280101 3" {
				t.Errorf("the event that moved begins and has the SEQUENCE %s, want 20280101 3", got)
			}
		case "occurrence:" + session30:
			seen++
			if text, err := e.Props.Text("DESCRIPTION"); err != nil || strings.Contains(text, "Findings on indicators") || !strings.Contains(text, "financing task force") {
				t.Errorf("the thirtieth session says %s, %v", text, err)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d of the two events are there", seen)
	}
	_, sheet := get(t, server.URL+"/digest?session=cstd-30&format=markdown")
	_, left, _ := strings.Cut(sheet, "## Moved to another session\n")
	for _, want := range []string{"### 1. Findings on indicators before the Commission\n", "- **At:** 31st session of", "- **Changed:** moved on 30 June 2026, session: cstd-31, before that cstd-30\n"} {
		if !strings.Contains(left, want) {
			t.Errorf("of what left the thirtieth session the sheet lacks %q:\n%s", want, sheet)
		}
	}
	_, answer := post(t, server.URL, `{ changes(since: "2026-01-01", where: {obligor: ["partnership-measuring-ict"]}) { nodes { id from to } } }`, nil)
	want := `{"nodes":[` +
		`{"id":"change:` + indicators + `@2026-03-10/made-precise/dates","from":"2027","to":"2027-04-12/2027-04-16"},` +
		`{"id":"change:` + indicators + `@2026-06-15/moved/dates","from":"2027-04-12/2027-04-16","to":"2027-05-10/2027-05-14"},` +
		`{"id":"change:` + indicators + `@2026-06-30/moved/session","from":"cstd-30","to":"cstd-31"}]}`
	if !strings.Contains(string(answer), want) {
		t.Errorf("the API tells %s, want %s", answer, want)
	}
}

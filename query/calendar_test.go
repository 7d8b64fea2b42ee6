package query_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// windows are as exact as they come, several of one extent, so that many things occur at one time.
var windows = []string{
	"2026", "2026-01-01/2026-12-31", "2026~", "2026-03", "2026-03-15", "2026-12-31", "2027", "2027-01-01", "2025-09/2026-09", "202X", "2026/..", "../2026",
	"2027/", "/2027", "0000", "9999-12-31", "1999-06",
}

// dataDate is the newest day in the facts of the random calendars.
const dataDate un.Date = "2026-02-14"

// busy has some hundred deadlines, sessions and cycles. Some ids begin as others do.
func busy(d *rand.Rand) un.Graph {
	when := func() *un.PartialDate {
		if d.IntN(8) == 0 {
			return nil
		}
		return date(windows[d.IntN(len(windows))])
	}
	var g un.Graph
	for n := range 80 {
		name := fmt.Sprintf("%d", n)
		if n%3 == 0 {
			name = fmt.Sprintf("A/RES/%d#1/~%d", n%7, n)
		}
		first, last := graphDays[d.IntN(len(graphDays))], graphDays[d.IntN(len(graphDays))]
		g.Nodes = append(
			g.Nodes,
			&un.Deadline{Record: record(un.ID("deadline:" + name)), Window: when()},
			&un.Session{Record: record(un.ID("session:" + name)), Dates: when()},
			&un.ReportingCycle{
				Record:    un.Record{ID: un.ID("cycle:" + name), Validity: un.Validity{From: min(first, last), Until: max(first, last)}},
				Frequency: []un.Frequency{un.Annual, un.Annual, "BIENNIAL", "DECENNIAL", un.Periodic}[d.IntN(5)], Anchor: when(),
			},
		)
	}
	d.Shuffle(len(g.Nodes), func(i, j int) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] })
	return g
}

// occurs is what a calendar says of an occurrence.
type occurs struct {
	ID   un.ID
	Kind query.OccurrenceKind
	Date *un.PartialDate
	Node un.ID
}

// order is the one of calendars.
func (o occurs) order(p occurs) int {
	return cmp.Or(cmp.Compare(un.Span(o.Date), un.Span(p.Date)), cmp.Compare(o.ID, p.ID))
}

// datedNodes are those of a graph that occur on some day from one to another, "" for no bound, in the order of calendars.
func datedNodes(g un.Graph, from, to un.Date) (all []occurs) {
	add := func(n un.Node, kind query.OccurrenceKind, on *un.PartialDate, more string) {
		if on != nil && cmp.Or(on.Latest(), un.LastDay) >= from && cmp.Or(on.Earliest(), un.FirstDay) <= cmp.Or(to, un.LastDay) {
			all = append(all, occurs{"occurrence:" + n.Key() + un.ID(more), kind, on, n.Key()})
		}
	}
	for _, n := range g.Nodes {
		switch n := n.(type) {
		case *un.Deadline:
			add(n, query.OfDeadline, n.Window, "")
		case *un.Session:
			add(n, query.OfSession, n.Dates, "")
		case *un.ReportingCycle:
			first, last := cmp.Or(from, un.FirstDay), to
			if last == "" { // ten years after the newest day, or after the first that is asked for
				year := max(string(dataDate), string(from))
				last = un.Date(fmt.Sprintf("%04d%s", un.Date(year).Year()+10, year[4:]))
			}
			if from == "" && n.Validity.From == un.FirstDay {
				first = "2026-01-01" // nobody knows since when it is in force
			}
			for _, on := range n.Occurrences(first, last) {
				add(n, query.OfCycle, on, "@"+string(on.Earliest())[:4])
			}
		}
	}
	slices.SortFunc(all, occurs.order)
	return all
}

// said is a page as it was answered.
func said(page *query.Occurrences) (all []occurs) {
	for _, o := range page.Items {
		all = append(all, occurs{o.ID, o.Kind, o.Date, o.Node.Key()})
	}
	return all
}

func TestEveryPageOfACalendarIsThatOfTheListOfAllNodes(t *testing.T) {
	for seed := range uint64(3) {
		g := busy(rand.New(rand.NewPCG(seed, 3)))
		a := query.Asked{Reader: open(t, g), Names: new(query.Names)}
		undated := 0
		for _, n := range g.Nodes {
			switch c, ok := n.(*un.ReportingCycle); {
			case ok && c.Validity.On(dataDate) && c.NextDue(dataDate) == nil, !ok && n.SortValue(un.Orders[n.NodeKind()][0]) == "":
				undated++
			}
		}
		if got, err := a.Undated(t.Context(), query.Calendar{}, dataDate); err != nil || len(got) != undated || undated < 10 {
			t.Errorf("seed %d: %d are undated, %v; want %d", seed, len(got), err, undated)
		}
		for _, span := range [][2]un.Date{
			{"2026-01-01", "2026-12-31"},
			{"2026-03-15", "2026-03-15"},
			{"2019-06-01", "2022-01-31"},
			{"9990-01-01", un.LastDay},
			{"3000-01-01", "3000-01-01"},
			{"2026-06-01", ""},
			{"", "2027-06-30"},
			{"", ""},
		} {
			want := datedNodes(g, span[0], span[1])
			if len(want) < 20 || span[0] == "" && len(want) < 200 {
				t.Errorf("seed %d, %s: %d occurrences prove little", seed, span, len(want))
			}
			q := query.Calendar{From: span[0], To: span[1]}
			for _, first := range []int{1, 7, 100} {
				if first == 1 && len(want) > 160 {
					continue // which takes long
				}
				var after store.Cursor
				rest := want
				for len(rest) > 0 {
					page, err := a.Occurrences(t.Context(), q, dataDate, first, after, true)
					if err != nil {
						t.Fatal(err)
					}
					now := min(first, len(rest))
					if diff := gocmp.Diff(rest[:now], said(page)); diff != "" {
						t.Fatalf("seed %d, %s, %d at once, after %d (-want +got):\n%s", seed, span, first, len(want)-len(rest), diff)
					}
					rest = rest[now:]
					if page.More != (len(rest) > 0) || page.Total != len(want) || len(page.Cursors) != now {
						t.Fatalf("seed %d, %s, %d at once, %d left: %d of %d, more: %t", seed, span, first, len(rest), len(page.Cursors), page.Total, page.More)
					}
					after = page.Cursors[now-1]
				}
				page, err := a.Occurrences(t.Context(), q, dataDate, first, after, false)
				if err != nil || len(page.Items) > 0 || page.More || page.Total != 0 {
					t.Errorf("seed %d, %s, after the last: %+v, %v", seed, span, page, err)
				}
			}
			whole, err := a.Whole(t.Context(), q, dataDate)
			if refused := q.Check(dataDate); refused != nil && err != nil && refused.Error() == err.Error() {
				continue // too far from any fact for a feed
			}
			if err != nil {
				t.Fatal(err)
			}
			var all query.Occurrences
			for _, e := range whole {
				all.Items = append(all.Items, e.Occurrence)
			}
			if diff := gocmp.Diff(want, said(&all)); diff != "" {
				t.Errorf("seed %d, %s, as a whole (-want +got):\n%s", seed, span, diff)
			}
			count, err := a.Occurrences(t.Context(), q, dataDate, 0, "", true)
			if err != nil || len(count.Items) > 0 || !count.More || count.Total != len(want) {
				t.Errorf("seed %d, %s, the count alone: %+v, %v; want %d", seed, span, count, err, len(want))
			}
		}
	}
}

// A cursor of any occurrence holds in a calendar that has not got it.
func TestACalendarGoesOnAfterWhatItLacks(t *testing.T) {
	g := busy(rand.New(rand.NewPCG(4, 3)))
	a := query.Asked{Reader: open(t, g), Names: new(query.Names)}
	q := query.Calendar{From: "2026-03-15", To: "2026-03-15"}
	every := datedNodes(g, q.From, q.To)
	var after store.Cursor
	for at, o := range every {
		page, err := a.Occurrences(t.Context(), q, dataDate, 1, after, false)
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		after = page.Cursors[0]
		for _, kind := range []query.OccurrenceKind{query.OfDeadline, query.OfCycle, query.OfSession} {
			want := slices.DeleteFunc(slices.Clone(every[at+1:]), func(p occurs) bool { return p.Kind != kind })
			q := query.Calendar{Where: where{"kind": []query.OccurrenceKind{kind}}, From: q.From, To: q.To}
			got, err := a.Occurrences(t.Context(), q, dataDate, 3, after, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want[:min(len(want), 3)], said(got), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s after %s (-want +got):\n%s", kind, o.ID, diff)
			}
		}
	}
}

// calendarOf has what a calendar of the small world has, without "occurrence:".
func calendarOf(t *testing.T, a query.Asked, q query.Calendar) string {
	t.Helper()
	page, err := a.Occurrences(t.Context(), q, "2025-12-17", store.MaxFirst, "", true)
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != len(page.Items) || page.More {
		t.Errorf("%v has %d occurrences and says %d, more: %t", q.Where, len(page.Items), page.Total, page.More)
	}
	var ids []string
	for _, o := range page.Items {
		ids = append(ids, strings.TrimPrefix(string(o.ID), "occurrence:"))
	}
	return strings.Join(ids, " ")
}

func TestCalendarKeeps(t *testing.T) {
	a := query.Asked{Reader: open(t, world()), Names: new(query.Names)}
	type kinds = []query.OccurrenceKind
	const everything = "cycle:annual@2027 deadline:review deadline:session session:cstd-30"
	for _, c := range []struct {
		where where
		want  string
	}{
		{nil, everything},
		{where{}, everything},
		{where{"body": ids(nil), "obligor": ids(nil), "kind": kinds(nil), "deadlineKind": []un.DeadlineKind(nil), "forum": nil}, everything},
		{where{"body": ids{"IGF"}}, "cycle:annual@2027 deadline:review"},                   // obligor
		{where{"body": ids{"CSTD"}}, "cycle:annual@2027 deadline:session session:cstd-30"}, // station of the route; the session's body
		{where{"body": ids{"ECOSOC"}}, "cycle:annual@2027 deadline:review"},                // addressee; forum
		{where{"body": ids{"IGF", "CSTD"}}, everything},                                    // any of them
		{where{"body": ids{"IGF"}, "forum": ids{"CSTD"}}, ""},                              // both
		{where{"obligor": ids{"IGF"}}, "cycle:annual@2027 deadline:review"},                // nobody is obliged by a session
		{where{"obligor": ids{"CSTD"}}, ""},                                                //
		{where{"forum": ids{"ECOSOC"}}, "cycle:annual@2027 deadline:review"},               //
		{where{"forum": ids{"CSTD"}}, "session:cstd-30"},                                   //
		{where{"document": ids{"80/173"}}, "cycle:annual@2027 deadline:review"},            //
		{where{"kind": kinds{query.OfSession}}, "session:cstd-30"},                         //
		{where{"kind": kinds{query.OfSession, query.OfCycle}}, "cycle:annual@2027 session:cstd-30"},
		{where{"kind": kinds{}}, ""},
		{where{"kind": kinds{}, "obligor": ids{"IGF"}}, ""},
		{where{"kind": kinds{query.OfDeadline, query.OfSession}, "obligor": ids{"IGF"}}, "deadline:review"},
		{where{"deadlineKind": []un.DeadlineKind{"REVIEW", "PROPOSAL"}}, "deadline:review"},
		{where{"deadlineKind": []un.DeadlineKind{}}, ""},
		{where{"deadlineKind": []un.DeadlineKind{"REVIEW"}, "kind": kinds{query.OfDeadline}}, "deadline:review"},
		{where{"deadlineKind": []un.DeadlineKind{"REVIEW"}, "kind": kinds{query.OfDeadline, query.OfSession}}, "deadline:review session:cstd-30"},
		{where{"deadlineKind": []un.DeadlineKind{"REVIEW"}, "kind": kinds{query.OfDeadline, query.OfSession}, "body": ids{"IGF"}}, "deadline:review"},
		{where{"body": ids{}}, ""},
	} {
		if got := calendarOf(t, a, query.Calendar{Where: c.where, From: "2027-01-01", To: "2027-12-31"}); got != c.want {
			t.Errorf("%v keeps %q, want %q", c.where, got, c.want)
		}
	}
}

// A calendar that begins late has cycles for ten years from there, so that it does not come out empty; one that begins or ends
// too far from the facts is refused, as is one that spans too much with the bound that it lacks.
func TestCalendarsFarFromTheFacts(t *testing.T) {
	a := query.Asked{Names: new(query.Names), Reader: open(t, un.Graph{Nodes: []un.Node{
		&un.ReportingCycle{Record: un.Record{ID: "cycle:yearly", Validity: un.Validity{From: "2022-06-01", Until: un.LastDay}}, Frequency: un.Annual},
	}})}
	for _, c := range []struct {
		from, to un.Date
		first    string // or a part of the refusal
		count    int
	}{
		{"2040-01-01", "", "2040", 11},
		{"2126-12-31", "", "2126", 11},
		{"2127-01-01", "", "from is 2127-01-01, over 100 years after the newest fact, of 2026-02-14", 0},
		{"", "2126-12-31", "2023", 104},
		{"", "2127-01-01", "to is 2127-01-01, over 100 years after the newest fact", 0},
		{"1936-01-01", "", "2023", 14},
		{"1935-12-31", "", "from 1935-12-31 is more than 100 years before the calendar ends, in 2036", 0},
		{"1935-12-31", "2030-01-01", "2023", 8},
		{"1000-01-01", "2030-01-01", "from 1000-01-01 to 2030-01-01 is more than 100 years", 0},
	} {
		all, err := a.Whole(t.Context(), query.Calendar{From: c.from, To: c.to}, dataDate)
		if c.count == 0 {
			if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), c.first) {
				t.Errorf("from %q to %q gives %d, %v; want %q", c.from, c.to, len(all), err, c.first)
			}
			continue
		}
		if err != nil || len(all) != c.count || all[0].Date.EDTF != c.first {
			t.Errorf("from %q to %q gives %d, %v; want %d from %s", c.from, c.to, len(all), err, c.count, c.first)
		}
	}
	if err := (query.Calendar{From: "2026-01-01", To: "2027-12-31"}).Check(un.FirstDay); err != nil {
		t.Errorf("where there are no facts, every time is near: %v", err)
	}
}

// A calendar without bounds does not go on for ever: a cycle begins when it is known to be in force, or else in the year of
// the newest fact, and is counted for ten years.
func TestACalendarWithoutBounds(t *testing.T) {
	yearly := func(name string, from, until un.Date) *un.ReportingCycle {
		return &un.ReportingCycle{Record: un.Record{ID: un.ID("cycle:" + name), Validity: un.Validity{From: from, Until: until}}, Frequency: un.Annual}
	}
	a := query.Asked{Names: new(query.Names), Reader: open(t, un.Graph{Nodes: []un.Node{
		yearly("known", "2022-06-01", "2024-12-31"), yearly("unknown", un.FirstDay, un.LastDay), yearly("over", un.FirstDay, "2025-01-01"),
		&un.Deadline{Record: record("deadline:old"), Window: date("1945")}, &un.Deadline{Record: record("deadline:far"), Window: date("2090")},
		&un.Deadline{Record: record("deadline:undated")},
	}})}
	const known = "cycle:known@2023"
	var unknown []string
	for year := 2025; year <= 2035; year++ {
		unknown = append(unknown, fmt.Sprintf("cycle:unknown@%d", year))
	}
	for _, c := range []struct {
		from, to un.Date
		want     []string
	}{
		{"", "", slices.Concat([]string{"deadline:old", known}, unknown, []string{"deadline:far"})},
		{"", "2024-12-31", []string{"deadline:old", known}},
		{"2034-12-31", "2035-12-17", []string{"cycle:unknown@2034", "cycle:unknown@2035"}},
		{"2043-12-31", "2044-01-01", []string{"cycle:unknown@2043", "cycle:unknown@2044"}},
		{"2024-01-01", "2024-12-31", []string{"cycle:over@2024", "cycle:unknown@2024"}}, // where the past is asked for, it is told
		{"2040-01-01", "2040-12-31", []string{"cycle:unknown@2040"}},
	} {
		if got := calendarOf(t, a, query.Calendar{From: c.from, To: c.to}); got != strings.Join(c.want, " ") {
			t.Errorf("from %q to %q it has %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestCalendarRefuses(t *testing.T) {
	a := query.Asked{Reader: open(t, world()), Names: new(query.Names)}
	type kinds = []query.OccurrenceKind
	other := store.Select{Kind: un.KindDeadline}.CursorAt(nil, "02027\x00deadline:review")
	for _, c := range []struct {
		q     query.Calendar
		after store.Cursor
		want  string
	}{
		{query.Calendar{From: "2027-01-02", To: "2027-01-01"}, "", "from 2027-01-02 is after to 2027-01-01; exchange them"},
		{query.Calendar{From: "2027-12-31", To: "2128-01-01"}, "", "from 2027-12-31 to 2128-01-01 is more than 100 years; ask for at most 100 at once"},
		{query.Calendar{Where: where{"body": ids{"IGFF"}}}, "", `body: there is no body "IGFF"; did you mean "body:igf"?`},
		{query.Calendar{Where: where{"obligor": ids{"IGF", "CSTDD"}}}, "", `obligor: there is no body "CSTDD"; did you mean "body:cstd"?`},
		{query.Calendar{Where: where{"document": ids{"80/174"}}}, "", `document: there is no document "80/174"; did you mean "document:A/RES/80/173"?`},
		{query.Calendar{Where: where{"kind": kinds{query.OfSession}, "obligor": ids{"IGF"}}}, "", "kind: nothing of kind SESSION can be kept by obligor; leave it out, or name another kind"},
		{query.Calendar{Where: where{"kind": kinds{query.OfCycle}, "deadlineKind": []un.DeadlineKind{"REVIEW"}, "body": ids{"IGF"}}}, "", "deadlineKind is about deadlines, and kind names none; leave one of the two out"},
		{query.Calendar{Where: where{"colour": []string{"RED"}}}, "", "colour: a calendar has no such member"},
		{query.Calendar{}, other, fmt.Sprintf("the cursor %q is of another list, order or direction; use one of this list, asked in the same order", other)},
		{query.Calendar{}, "nowhere", `the cursor "nowhere" is none of ours; use an edge's cursor, or pageInfo.endCursor`},
		{query.Calendar{}, store.CursorIn("OCCURRENCE", "2027"), fmt.Sprintf("the cursor %q is damaged", store.CursorIn("OCCURRENCE", "2027"))},
	} {
		page, err := a.Occurrences(t.Context(), c.q, "2025-12-17", 20, c.after, true)
		if page != nil || !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%+v gives %v, %v", c.q, page, err)
			continue
		}
		// As the API shows it.
		if got := strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", ""); got != c.want {
			t.Errorf("%+v is refused with\n%s, want\n%s", c.q, got, c.want)
		}
	}
	if err := query.CheckSpan("2027-01-01", "2127-12-31"); err != nil {
		t.Error(err)
	}
	t.Run("passes on that the store failed", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, kind := range []query.OccurrenceKind{query.OfDeadline, query.OfCycle, query.OfSession} {
			q := query.Calendar{Where: where{"kind": kinds{kind}}}
			if page, err := a.Occurrences(ctx, q, "2025-12-17", 20, "", false); page != nil || !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrInvalid) {
				t.Errorf("%s: %v, %v", kind, page, err)
			}
		}
	})
}

func TestCyclesUntil(t *testing.T) {
	for day, want := range map[un.Date]un.Date{
		"2025-12-17": "2035-12-17",
		"2024-02-29": "2034-02-28", // ten years later there is no 29 February
		"2023-02-28": "2033-02-28",
		"9988-02-29": "9998-02-28",
		"9989-06-30": "9999-06-30",
		"9990-01-01": un.LastDay,
		un.FirstDay:  "0010-01-01",
		un.LastDay:   un.LastDay,
	} {
		if got := query.CyclesUntil(day); got != want {
			t.Errorf("after %s cycles are counted until %s, want %s", day, got, want)
		}
	}
}

package query_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// by are sources, each a document and what it says.
func by(documents ...string) (all []un.Source) {
	for _, name := range documents {
		all = append(all, un.Source{Document: un.ID("document:" + name), Evidence: "what " + name + " says"})
	}
	return all
}

func step(on un.Date, field, from, to, document string) un.Change {
	return un.Change{On: on, Field: field, From: from, To: to, Sources: by(document)}
}

// tale is a graph in which each thing that can become of an occurrence became of one. The documents "first" and "second" were
// adopted on a day, "page" in a month, and nobody knows when "leaflet" was.
func tale() un.Graph {
	deadline := func(name string, window *un.PartialDate, sources []un.Source, changes ...un.Change) *un.Deadline {
		return &un.Deadline{Record: un.Record{ID: un.ID("deadline:" + name), Validity: un.Always, Sources: sources}, Title: name, Window: window, Changes: changes}
	}
	met, cancelled, old := deadline("met", date("2025"), by("first", "second")), deadline("off", date("2026"), by("first", "page", "second")), deadline("old", date("2026"), by("first"))
	met.MetOn, cancelled.CancelledOn, old.Succeeded = "2026-05-05", "2026-05-05", un.Validity{From: "2026-05-05", Until: un.LastDay}
	cycle := func(name string, from, until un.Date, source string) *un.ReportingCycle {
		return &un.ReportingCycle{
			Record: un.Record{ID: un.ID("cycle:" + name), Validity: un.Validity{From: from, Until: until}, Sources: by(source)}, Title: name, Frequency: un.Annual,
		}
	}
	rare := cycle("rare", "2024-01-10", un.LastDay, "first")
	rare.Frequency = "BIENNIAL"
	g := un.Graph{Nodes: []un.Node{
		body("igf", "IGF", "Forum"), body("cstd", "CSTD", "Commission"), body("ga", "", "Assembly"), body("ungis", "UNGIS", "Group"),
		&un.Document{Record: record("document:first"), Title: "First", AdoptedOn: date("2024-01-10")},
		&un.Document{Record: record("document:second"), Title: "Second", AdoptedOn: date("2026-05-05")},
		&un.Document{Record: record("document:page"), Title: "Page", AdoptedOn: date("2025-06")},
		&un.Document{Record: record("document:leaflet"), Title: "Leaflet"},
		&un.Session{
			Record: un.Record{ID: "session:cstd-30", Validity: un.Always, Sources: by("leaflet")}, Name: "30th", Dates: date("2027-05"), Place: "Geneva",
			Changes: []un.Change{
				step("2023-12-01", "dates", "2027", "2027-03", "page"), step("2026-02-01", "dates", "2027-03", "2027-05", "second"), step("2026-02-01", "place", "", "Geneva", "second"),
			},
		},
		&un.Session{Record: un.Record{ID: "session:cstd-31", Validity: un.Always, Sources: by("first")}, Name: "31st"},
		deadline("due", date("2027-05"), by("first")),
		deadline("came", date("2027-05"), by("first"), step("2026-05-05", "session", "cstd-29", "cstd-30", "second")),
		deadline("undated", nil, by("first"), step("2026-05-05", "due", "2027", "", "second")),
		deadline("precise", date("2027-07"), by("first", "second"), step("2026-05-05", "due", "2027", "2027-07", "second")),
		deadline("found", date("2028"), by("page"), step("2026-05-05", "due", "", "2028", "second")),
		deadline("twice", date("2031"), by("leaflet"), step("2026-05-05", "due", "2029", "2030", "second"), step("2026-05-05", "due", "2030", "2031", "second")),
		met, cancelled, old, deadline("new", date("2028"), by("second")),
		cycle("yearly", "2024-01-10", "2026-05-05", "first"), cycle("again", "2026-05-05", un.LastDay, "second"), rare,
		cycle("ended", "2024-01-01", "2025-01-01", "first"), // by itself, long before another came
		&un.Mandate{Record: record("mandate:m"), Title: "m"},
	}}
	for _, e := range strings.Fields(`
		session:cstd-30>SESSION_OF>body:cstd session:cstd-31>SESSION_OF>body:cstd deadline:due>DUE_AT>session:cstd-30 deadline:came>DUE_AT>session:cstd-30
		deadline:undated>DUE_AT>session:cstd-31 deadline:due>OBLIGES>body:ungis deadline:due>OBLIGES>body:igf deadline:due>HAS_FORUM>body:cstd deadline:due>BASED_ON>mandate:m
		deadline:met>FULFILLED_BY>document:second deadline:new>SUPERSEDES>deadline:old
		cycle:again>SUPERSEDES>cycle:yearly cycle:again>SUPERSEDES>cycle:ended cycle:yearly>OBLIGES>body:igf cycle:yearly>ADDRESSED_TO>body:ga
		document:first>ADOPTED_BY>body:ga`) {
		p := strings.Split(e, ">")
		from, relation, to := un.ID(p[0]), un.Relation(p[1]), un.ID(p[2])
		joined := un.Edge{ID: un.EdgeID(relation, from, to, ""), Relation: relation, From: from, To: to, Validity: un.Always}
		if relation == un.FulfilledBy {
			joined.Sources = by("page")
		}
		if to == "cycle:ended" {
			joined.Since = &un.PartialDate{EDTF: "2026-05-05", Basis: un.Derived, Explanation: "it recurs as that did"}
		}
		g.Edges = append(g.Edges, joined)
	}
	return g
}

// told is a change in a line: its id and its other values, with the names of the documents that prove it.
func told(c query.Change) string {
	var documents []string
	for i, s := range c.Sources {
		documents = append(documents, s.Document.Name())
		if p := c.Proofs[i]; p.Of == nil || p.Of.ID != s.Document || p.Source != s {
			documents = append(documents, "?")
		}
	}
	line := fmt.Sprintf("%s %s %s", c.On, c.Kind, c.ID)
	if c.Field != "" {
		line += fmt.Sprintf(" %s %q", c.Field, c.From)
	}
	if c.To != "" {
		line += fmt.Sprintf(" to %q", c.To)
	}
	return fmt.Sprintf("%s of %s, says %s", line, c.Of.ID, strings.Join(documents, ", "))
}

func lines(changes []query.Change) (all []string) {
	for _, c := range changes {
		all = append(all, told(c))
	}
	return all
}

func TestChanges(t *testing.T) {
	a := query.Asked{Reader: open(t, tale()), Names: new(query.Names)}
	const dataDate = "2026-05-05"
	want := []string{
		`2023-12-01 MADE_PRECISE change:session:cstd-30@2023-12-01/made-precise/dates dates "2027" to "2027-03" of occurrence:session:cstd-30, says page`,
		`2024-01-10 ADDED change:cycle:ended@2024-01-10/added of occurrence:cycle:ended@2024, says first`,
		`2024-01-10 ADDED change:cycle:yearly@2024-01-10/added of occurrence:cycle:yearly@2025, says first`,
		`2024-01-10 ADDED change:deadline:came@2024-01-10/added of occurrence:deadline:came, says first`,
		`2024-01-10 ADDED change:deadline:due@2024-01-10/added of occurrence:deadline:due, says first`,
		`2024-01-10 ADDED change:deadline:met@2024-01-10/added of occurrence:deadline:met, says first`,
		`2024-01-10 ADDED change:deadline:off@2024-01-10/added of occurrence:deadline:off, says first`,
		`2024-01-10 ADDED change:deadline:old@2024-01-10/added of occurrence:deadline:old, says first`,
		`2024-01-10 ADDED change:deadline:precise@2024-01-10/added of occurrence:deadline:precise, says first`,
		`2024-01-10 ADDED change:deadline:undated@2024-01-10/added of occurrence:deadline:undated, says first`, // with the date that it lost
		`2026-02-01 MOVED change:deadline:due@2026-02-01/moved/dates dates "2027-03" to "2027-05" of occurrence:deadline:due, says second`,
		`2026-02-01 MADE_PRECISE change:session:cstd-30@2026-02-01/made-precise/place place "" to "Geneva" of occurrence:session:cstd-30, says second`,
		`2026-02-01 MOVED change:session:cstd-30@2026-02-01/moved/dates dates "2027-03" to "2027-05" of occurrence:session:cstd-30, says second`,
		`2026-05-05 ADDED change:cycle:again@2026-05-05/added of occurrence:cycle:again@2027, says second`,
		`2026-05-05 SUPERSEDED change:cycle:ended@2026-05-05/superseded to "again (derived: it recurs as that did)" of occurrence:cycle:ended@2024, says second`,
		`2026-05-05 SUPERSEDED change:cycle:yearly@2026-05-05/superseded to "again" of occurrence:cycle:yearly@2025, says second`,
		`2026-05-05 MOVED change:deadline:came@2026-05-05/moved/session session "cstd-29" to "cstd-30" of occurrence:deadline:came, says second`,
		`2026-05-05 MADE_PRECISE change:deadline:found@2026-05-05/made-precise/due due "" to "2028" of occurrence:deadline:found, says second`,
		`2026-05-05 MET change:deadline:met@2026-05-05/met to "Second" of occurrence:deadline:met, says page`,
		`2026-05-05 ADDED change:deadline:new@2026-05-05/added of occurrence:deadline:new, says second`,
		`2026-05-05 CANCELLED change:deadline:off@2026-05-05/cancelled of occurrence:deadline:off, says second`,
		`2026-05-05 SUPERSEDED change:deadline:old@2026-05-05/superseded to "new" of occurrence:deadline:old, says second`,
		`2026-05-05 MADE_PRECISE change:deadline:precise@2026-05-05/made-precise/due due "2027" to "2027-07" of occurrence:deadline:precise, says second`,
		`2026-05-05 MOVED change:deadline:twice@2026-05-05/moved/due due "2029" to "2030" of occurrence:deadline:twice, says second`,
		`2026-05-05 MOVED change:deadline:twice@2026-05-05/moved/due/2 due "2030" to "2031" of occurrence:deadline:twice, says second`,
		`2026-05-05 MOVED change:deadline:undated@2026-05-05/moved/due due "2027" of occurrence:deadline:undated, says second`,
	}
	changes := func(q query.Calendar, since un.Date) []string {
		t.Helper()
		all, err := a.Changes(t.Context(), q, since, dataDate, store.MaxFirst, "")
		if err != nil {
			t.Fatal(err)
		}
		if all.More || all.Total != len(all.Items) || len(all.Cursors) != len(all.Items) {
			t.Errorf("%v since %s: %d of %d with %d cursors, more: %t", q, since, len(all.Items), all.Total, len(all.Cursors), all.More)
		}
		return lines(all.Items)
	}
	if diff := cmp.Diff(want, changes(query.Calendar{}, un.FirstDay)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	t.Run("since a day, that day included", func(t *testing.T) {
		for _, since := range []un.Date{"2023-12-01", "2023-12-02", "2024-01-10", "2024-01-11", "2026-05-05", "2026-05-06"} {
			some := slices.DeleteFunc(slices.Clone(want), func(line string) bool { return line < string(since) })
			if diff := cmp.Diff(some, changes(query.Calendar{}, since), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("since %s (-want +got):\n%s", since, diff)
			}
		}
	})

	t.Run("of some occurrences", func(t *testing.T) {
		for _, c := range []struct {
			q  query.Calendar
			of []string // words of the lines that are left
		}{
			{query.Calendar{Where: where{"kind": []query.OccurrenceKind{query.OfSession}}}, []string{"of occurrence:session:"}},
			{query.Calendar{Where: where{"kind": []query.OccurrenceKind{}}}, nil},
			{query.Calendar{Where: where{"body": ids{"IGF"}}}, []string{":due,", ":yearly@2025,"}},
			{query.Calendar{From: "2027-05-31", To: "2027-07-01"}, []string{":cstd-30,", ":due,", ":came,", ":precise,", ":again@"}},
			{query.Calendar{From: "2025-06-01", To: "2025-12-31"}, []string{":met,", ":yearly@2025,"}},
		} {
			some := slices.DeleteFunc(slices.Clone(want), func(line string) bool {
				return !slices.ContainsFunc(c.of, func(word string) bool { return strings.Contains(line, word) })
			})
			if diff := cmp.Diff(some, changes(c.q, un.FirstDay), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", c.q, diff)
			}
		}
	})

	t.Run("page by page", func(t *testing.T) {
		for _, first := range []int{1, 7} {
			var paged []string
			for after := store.Cursor(""); ; {
				page, err := a.Changes(t.Context(), query.Calendar{}, un.FirstDay, dataDate, first, after)
				if err != nil {
					t.Fatal(err)
				}
				paged = append(paged, lines(page.Items)...)
				if page.Total != len(want) || page.More != (len(paged) < len(want)) || len(page.Items) > first || len(page.Items) == 0 || len(page.Cursors) != len(page.Items) {
					t.Fatalf("after %d: %d of %d, more: %t", len(paged), len(page.Items), page.Total, page.More)
				}
				if !page.More {
					break
				}
				after = page.Cursors[len(page.Cursors)-1]
			}
			if diff := cmp.Diff(want, paged); diff != "" {
				t.Errorf("%d at once (-want +got):\n%s", first, diff)
			}
		}
		count, err := a.Changes(t.Context(), query.Calendar{}, un.FirstDay, dataDate, 0, "")
		if err != nil || len(count.Items) > 0 || !count.More || count.Total != len(want) {
			t.Errorf("the count alone: %+v, %v", count, err)
		}
	})
}

func TestChangesRefuse(t *testing.T) {
	a := query.Asked{Reader: open(t, tale()), Names: new(query.Names)}
	for _, c := range []struct {
		q     query.Calendar
		after store.Cursor
		want  string
	}{
		{query.Calendar{From: "2027-01-02", To: "2027-01-01"}, "", "from 2027-01-02 is after to 2027-01-01; exchange them"},
		{query.Calendar{Where: where{"body": ids{"IGFF"}}}, "", `body: there is no body "IGFF"; did you mean "body:igf"?`},
		{query.Calendar{}, store.CursorIn("OCCURRENCE", "2027\x00occurrence:deadline:due"), "is of another list, order or direction; use one of this list, asked in the same order"},
	} {
		page, err := a.Changes(t.Context(), c.q, "2025-12-17", "2026-05-05", 20, c.after)
		if page != nil || !errors.Is(err, store.ErrInvalid) || !strings.HasSuffix(strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", ""), c.want) {
			t.Errorf("%+v gives %v, %v; want %s", c.q, page, err, c.want)
		}
	}
}

// An asker counts what a store is asked, and fails at the call whose number is named.
type asker struct {
	store.Reader
	calls, fail int
}

func (r *asker) ask() error {
	if r.calls++; r.calls == r.fail {
		return errBroken
	}
	return nil
}

func (r *asker) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	if err := r.ask(); err != nil {
		return nil, err
	}
	return r.Reader.Nodes(ctx, ids)
}

func (r *asker) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	if err := r.ask(); err != nil {
		return nil, err
	}
	return r.Reader.Neighbors(ctx, from, h, s)
}

// occurrencesOf has an occurrence for each deadline and session and the first of each cycle, dated or not, by id.
func occurrencesOf(g un.Graph) (all []query.Occurrence) {
	for _, n := range g.Nodes {
		switch n := n.(type) {
		case *un.Deadline, *un.Session:
			all = append(all, query.OccurrenceOf(n))
		case *un.ReportingCycle:
			if of := query.Instances(n, "2020-01-01", "2030-12-31"); len(of) > 0 {
				all = append(all, of[0])
			}
		}
	}
	return all
}

func TestEntries(t *testing.T) {
	g := tale()
	r := &asker{Reader: open(t, g)}
	entries, err := query.Asked{Reader: r}.Entries(t.Context(), occurrencesOf(g))
	if err != nil {
		t.Fatal(err)
	}
	// described is an entry in words, without what is not there.
	described := func(e *query.Entry) string {
		var words []string
		add := func(what, who string) {
			if who != "" {
				words = append(words, what+" "+who)
			}
		}
		for _, b := range e.Obligors {
			add("obliges", b.Label())
		}
		if e.Forum != nil {
			add("before", e.Forum.Label())
		}
		if e.Session != nil {
			add("at", e.Session.Label())
		}
		if e.Mandate != nil {
			add("rests on", e.Mandate.Label())
		}
		for _, n := range e.Successors {
			add("then", n.Label())
		}
		if e.Met != nil {
			add("met by", e.Met.Label())
		}
		for _, p := range e.Proofs {
			who := p.Of.Label()
			if p.By != nil {
				who += " of the " + p.By.Label()
			}
			add("says", who)
		}
		for _, due := range e.Due {
			add("due", string(due.Node.Key()))
		}
		return strings.Join(words, ", ")
	}
	got := map[un.ID]string{}
	for _, e := range entries {
		got[e.ID] = described(e)
	}
	const first = "says First of the Assembly"
	want := map[un.ID]string{
		"occurrence:session:cstd-30":   "before Commission, says Leaflet, due deadline:came, due deadline:due",
		"occurrence:session:cstd-31":   "before Commission, " + first + ", due deadline:undated",
		"occurrence:deadline:due":      "obliges Forum, obliges Group, before Commission, at 30th, rests on m, " + first,
		"occurrence:deadline:came":     "at 30th, " + first,
		"occurrence:deadline:undated":  "at 31st, " + first,
		"occurrence:deadline:precise":  first + ", says Second",
		"occurrence:deadline:found":    "says Page",
		"occurrence:deadline:twice":    "says Leaflet",
		"occurrence:deadline:met":      "met by Second, " + first + ", says Second",
		"occurrence:deadline:off":      first + ", says Page, says Second",
		"occurrence:deadline:old":      "then new, " + first,
		"occurrence:deadline:new":      "says Second",
		"occurrence:cycle:yearly@2025": "obliges Forum, before Assembly, then again, " + first,
		"occurrence:cycle:again@2027":  "says Second",
		"occurrence:cycle:ended@2024":  "then again, " + first,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	t.Run("what is due at a session is described as well, dated or not", func(t *testing.T) {
		for _, e := range entries {
			for _, due := range e.Due {
				if diff := cmp.Diff(want[due.ID], described(due)); diff != "" {
					t.Errorf("%s at %s (-want +got):\n%s", due.ID, e.ID, diff)
				}
				if due.ID == "occurrence:deadline:undated" && (due.Date != nil || len(due.Changes) != 2) {
					t.Errorf("of what is undated: %v, %q", due.Date, lines(due.Changes))
				}
			}
		}
	})

	t.Run("of one day, in the order of what can happen", func(t *testing.T) {
		of := slices.IndexFunc(entries, func(e *query.Entry) bool { return e.ID == "occurrence:session:cstd-30" })
		var kinds []query.ChangeKind
		for _, c := range entries[of].Changes {
			kinds = append(kinds, c.Kind)
		}
		if diff := cmp.Diff([]query.ChangeKind{query.WasMadePrecise, query.WasMoved, query.WasMadePrecise}, kinds); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("the store is asked as often, however many they are", func(t *testing.T) {
		more := tale()
		for n := range 300 {
			more.Nodes = append(more.Nodes, &un.Deadline{Record: un.Record{ID: un.ID(fmt.Sprintf("deadline:%d", n)), Validity: un.Always, Sources: by("page")}})
		}
		many := &asker{Reader: open(t, more)}
		if _, err := (query.Asked{Reader: many}).Entries(t.Context(), occurrencesOf(more)); err != nil || many.calls != r.calls {
			t.Errorf("of %d it is asked %d times, of 300 more %d times, %v", len(entries), r.calls, many.calls, err)
		}
	})

	t.Run("passes on that the store failed", func(t *testing.T) {
		for call := 1; call <= r.calls; call++ {
			failing := &asker{Reader: r.Reader, fail: call}
			if _, err := (query.Asked{Reader: failing}).Entries(t.Context(), occurrencesOf(g)); !errors.Is(err, errBroken) || failing.calls != call {
				t.Errorf("at call %d: %v, after %d calls", call, err, failing.calls)
			}
		}
	})
}

// At a session more may be due than a page holds.
func TestEntriesReadEveryPage(t *testing.T) {
	session := &un.Session{Record: record("session:cstd-30")}
	g := un.Graph{Nodes: []un.Node{session}}
	var want, got []un.ID
	for n := range 250 {
		d := node(un.KindDeadline, n, un.Always)
		g.Nodes, g.Edges = append(g.Nodes, d), append(g.Edges, edge(un.DueAt, d, session, "", un.Always))
		want = append(want, d.Key())
	}
	entries, err := query.Asked{Reader: open(t, g)}.Entries(t.Context(), []query.Occurrence{query.OccurrenceOf(session)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries[0].Due {
		got = append(got, e.Node.Key())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a deadline went through at a session that it has left stays told: the number of its changes never falls.
func TestChangesOfASessionThatWasLeft(t *testing.T) {
	g := tale()
	g.Nodes = append(g.Nodes, &un.Session{
		Record: un.Record{ID: "session:cstd-29", Validity: un.Always, Sources: by("first")}, Name: "29th", Dates: date("2026-07"),
		Changes: []un.Change{
			step("2023-12-01", "dates", "2026", "2026-05", "page"), // before anything was due at it
			step("2024-02-01", "dates", "2026-05", "2026-06", "page"),
			step("2026-05-05", "dates", "2026-06", "2026-07", "second"), // on the day on which it was left
		},
	})
	a := query.Asked{Reader: open(t, g), Names: new(query.Names)}
	all, err := a.History(t.Context(), query.Calendar{}, un.FirstDay, dataDate)
	if err != nil {
		t.Fatal(err)
	}
	of := slices.DeleteFunc(all, func(c query.Change) bool { return c.Of.Node.Key() != "deadline:came" })
	want := []string{
		`2024-01-10 ADDED change:deadline:came@2024-01-10/added of occurrence:deadline:came, says first`,
		`2024-02-01 MOVED change:deadline:came@2024-02-01/moved/dates dates "2026-05" to "2026-06" of occurrence:deadline:came, says page`,
		`2026-05-05 MOVED change:deadline:came@2026-05-05/moved/session session "cstd-29" to "cstd-30" of occurrence:deadline:came, says second`,
	}
	if diff := cmp.Diff(want, lines(of)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A duty that recurs without a date is told of in a history, though it is no occurrence of the API; so is one that lost its date,
// with the last that it had.
func TestHistoryOfWhatHasNoDate(t *testing.T) {
	a := query.Asked{Reader: open(t, tale()), Names: new(query.Names)}
	all, err := a.History(t.Context(), query.Calendar{}, un.FirstDay, dataDate)
	if err != nil {
		t.Fatal(err)
	}
	dates := map[un.ID]string{}
	for _, c := range all {
		dates[c.ID] = "none"
		if d := c.Of.Date; d != nil {
			dates[c.ID] = d.EDTF + " " + string(d.Basis)
		}
	}
	for id, want := range map[un.ID]string{
		"change:cycle:rare@2024-01-10/added":           "none",
		"change:deadline:undated@2026-05-05/moved/due": "2027 DERIVED",
		"change:deadline:precise@2024-01-10/added":     "2027-07 STATED",
	} {
		if dates[id] != want {
			t.Errorf("%s is told with the date %q, want %q", id, dates[id], want)
		}
	}
	page, err := a.Changes(t.Context(), query.Calendar{}, un.FirstDay, dataDate, store.MaxFirst, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Items {
		if c.Of.Date == nil {
			t.Errorf("the API tells of %s, which has no date", c.ID)
		}
	}
}

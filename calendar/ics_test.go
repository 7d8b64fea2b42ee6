package calendar_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
)

// Lines end with CRLF and have at most 75 octets, of which none is a part of a character; unfolded they say what they said.
func TestLines(t *testing.T) {
	for name, g := range map[string]un.Graph{"real": facts(t), "made": garden()} {
		ics := text(t, serving(filled(t, g), today), "/calendar.ics?alarm=P30D")
		lines := strings.Split(ics, "\r\n")
		if strings.ContainsAny(strings.Join(lines, ""), "\r\n") || lines[len(lines)-1] != "" {
			t.Errorf("%s: a line does not end with CRLF", name)
		}
		longest := 0
		for _, line := range lines {
			longest = max(longest, len(line))
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("%s: %d octets: %q", name, len(line), line)
			}
		}
		if longest < 70 {
			t.Errorf("%s: no line has more than %d octets, which proves little", name, longest)
		}
		if name == "made" {
			escaped := strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`)
			for _, title := range []string{tongue, signs} {
				if unfolded := strings.ReplaceAll(ics, "\r\n ", ""); strings.Count(unfolded, escaped.Replace(title)) != 2 { // of event and alarm
					t.Errorf("unfolded, it lacks %q", title)
				}
			}
		}
	}
}

// Each event of the garden, but for what is the same in all of them.
func TestEvents(t *testing.T) {
	var got []string
	for _, e := range read(t, text(t, serving(filled(t, garden()), today), "/calendar.ics")).Events {
		if e.Transparency != "TRANSPARENT" || e.Stamp != "2026-02-10T00:00:00.000Z" {
			t.Errorf("%s is %s, stamped %s", e.UID, e.Transparency, e.Stamp)
		}
		got = append(got, fmt.Sprintf("%s %s to %s %s %s %.10s %.10s %q", strings.TrimPrefix(e.UID, "occurrence:"), e.Start, e.End, e.Status, e.Sequence, e.Created, e.Modified, e.Summary))
	}
	want := []string{
		`deadline:old 1945-01-01 to 1946-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Old (some time in 1945)"`,
		`cycle:harvest@2024 2024-01-01 to 2025-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in 2024)"`,
		`cycle:harvest@2025 2025-01-01 to 2026-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in 2025)"`,
		`cycle:harvest@2026 2026-01-01 to 2027-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in 2026)"`,
		`deadline:month 2026-07-01 to 2026-08-01 CONFIRMED 0 2025-12-17 2025-12-17 "Month (some time in July 2026)"`,
		`deadline:days 2026-07-06 to 2026-07-08 CONFIRMED 0 2025-12-17 2025-12-17 "Days"`,
		`deadline:day 2026-07-09 to 2026-07-10 CONFIRMED 0 2025-12-17 2025-12-17 ` + fmt.Sprintf("%q", signs),
		`deadline:wall 2026-08-01 to 2026-09-01 CANCELLED 1 2025-12-17 2026-01-15 "Wall (some time in August 2026)"`,
		`deadline:gate 2026-09-01 to 2026-10-01 CANCELLED 1 2025-12-17 2025-12-17 "Replaced by A/RES/1/1, paragraph 2 (a): Gate (some time in September 2026)"`,
		`deadline:season 2026-09-01 to 2027-10-01 CONFIRMED 0 2025-12-17 2025-12-17 "Season (some time from September 2026 to September 2027)"`,
		`deadline:shed 2026-10-01 to 2026-11-01 CONFIRMED 1 2025-12-17 2026-02-10 "Shed (some time in October 2026)"`,
		`deadline:fence 2026-12-01 to 2027-01-01 CONFIRMED 2 2025-12-17 2026-02-10 "Fence (some time in December 2026)"`,
		`deadline:across 2026-12-30 to 2027-01-03 CONFIRMED 0 2025-12-17 2025-12-17 ` + fmt.Sprintf("%q", tongue),
		`cycle:harvest@2027 2027-01-01 to 2028-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in 2027)"`,
		`deadline:year 2027-01-01 to 2028-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Year (some time in 2027)"`,
		`deadline:plan 2027-04-12 to 2027-04-17 CONFIRMED 1 2025-12-17 2026-02-10 "Plan"`,
		`session:seeds-3 2027-04-12 to 2027-04-17 CONFIRMED 1 2025-12-17 2026-02-10 "3rd session of the Forum"`,
		`deadline:arch 2027-09-01 to 2027-10-01 CONFIRMED 0 2025-12-17 2025-12-17 "Arch (some time in September 2027)"`,
		`cycle:harvest@2028 2028-01-01 to 2029-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in 2028)"`,
		`deadline:about 2028-01-01 to 2029-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "About (some time in 2028, approximately)"`,
		`deadline:leap 2028-02-29 to 2028-03-01 CONFIRMED 0 2025-12-17 2025-12-17 "Leap"`,
		`deadline:perhaps 2028-03-01 to 2028-03-02 CONFIRMED 0 2025-12-17 2025-12-17 "Perhaps"`,
	}
	for year := 2029; year <= 2036; year++ { // ten years after the newest day
		want = append(want, fmt.Sprintf(`cycle:harvest@%d %[1]d-01-01 to %d-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Harvest (some time in %[1]d)"`, year, year+1))
		if year == 2030 {
			want = append(want, `deadline:decade 2030-01-01 to 2040-01-01 CONFIRMED 0 2025-12-17 2025-12-17 "Decade (some time in the 2030s)"`)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a person reads of an event that is opened.
func TestWhatAnEventSays(t *testing.T) {
	events := map[string]event{}
	for _, e := range read(t, text(t, serving(filled(t, garden()), today), "/calendar.ics")).Events {
		events[strings.TrimPrefix(e.UID, "occurrence:")] = e
	}
	const forum, asked = "Forum on seeds, soil; and a back\\slash", "General Assembly, A/RES/1/1, paragraph "
	const resolution = "https://docs.un.org/en/A/RES/1/1"
	for id, want := range map[string]event{
		"deadline:day": {
			Description: "From: Bees (BEES) and " + forum + "\nBefore: " + forum + "\nWhat is asked: Plant. Seeds first,\n\nthen trees.\nWhen: 9 July 2026\n" +
				"Asked by: " + asked + "2 (a) (17 December 2025): “words of <i>day</i>”",
			URL: resolution, Categories: []string{"Report", forum},
		},
		"session:seeds-3": {
			Description: "When: 12 to 16 April 2027\nWhere: Geneva, Palais des Nations; Room <XX>\nSource: " + asked + "5 (17 December 2025): “its third session, in 2027”\n" +
				"Changed: made precise on 10 February 2026: 12 to 16 April 2027, before that some time in 2027\n\n" +
				"Due at it:\n- Plan, from Bees (BEES); stated in " + asked + "2 (a) (17 December 2025): “words of <i>plan</i>”",
			URL: resolution, Location: "Geneva, Palais des Nations; Room <XX>", Categories: []string{"Session", forum},
		},
		"deadline:plan": {
			Description: "From: Bees (BEES)\nAt: 3rd session of the Forum\nWhen: 12 to 16 April 2027\n" +
				"Stated in: " + asked + "2 (a) (17 December 2025): “words of <i>plan</i>”\n" +
				"Changed: made precise on 10 February 2026: 12 to 16 April 2027, before that some time in 2027",
			URL: resolution, Categories: []string{"Report"},
		},
		"deadline:fence": {
			Description: "When: some time in December 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>fence</i>”\n" +
				"Changed: moved on 15 January 2026: some time in November 2026, before that some time in May 2026\nChanged: moved on 10 February 2026: some time in December 2026, before that some time in November 2026",
			URL: resolution, Categories: []string{"Report"},
		},
		"deadline:wall": {
			Description: "When: some time in August 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>wall</i>”\nChanged: cancelled on 15 January 2026",
			URL:         resolution, Categories: []string{"Report"},
		},
		"deadline:gate": {
			Description: "When: some time in September 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>gate</i>”\nChanged: superseded on 17 December 2025 by A/RES/1/1, paragraph 2 (a): Arch",
			URL:         resolution, Categories: []string{"Report"},
		},
		"deadline:shed": {
			Description: "When: some time in October 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>shed</i>”\nChanged: met on 10 February 2026 by Letter of the Chair",
			URL:         resolution, Categories: []string{"Report"},
		},
		"cycle:harvest@2026": {
			Description: "From: Bees (BEES)\nBefore: " + forum + "\nWhen: some time in 2026 (derived: annual: once in each full year in which the rule is in force)\n" +
				"Stated in: " + asked + "7 (17 December 2025): “a harvest each year”",
			URL: resolution, Categories: []string{"Recurring report", forum},
		},
	} {
		got := events[id]
		got = event{Description: got.Description, URL: got.URL, Location: got.Location, Categories: got.Categories}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// The Commission's thirtieth session, as whoever prepares it sees it.
func TestTheThirtiethSession(t *testing.T) {
	events := read(t, text(t, serving(filled(t, facts(t)), today), "/calendar.ics?body=CSTD&from=2027&to=2027")).Events
	i := slices.IndexFunc(events, func(e event) bool { return e.UID == "occurrence:session:cstd-30" })
	if i < 0 {
		t.Fatal("it is not in the calendar of 2027")
	}
	got := events[i]
	if got.Start != "2027-01-01" || got.End != "2028-01-01" || got.Summary != "30th session of the Commission on Science and Technology for Development (some time in 2027)" {
		t.Errorf("%s to %s: %s", got.Start, got.End, got.Summary)
	}
	want := `When: some time in 2027
Source: General Assembly, A/RES/80/173, paragraph 113 (17 December 2025): “at its thirtieth session, in 2027”

Due at it:
- Action line road maps before the Commission, from World Summit action line facilitators; asked by General Assembly, A/RES/80/173, paragraph 113 (17 December 2025): “Commission on Science and Technology for Development at its thirtieth session, in 2027”
- Findings on indicators before the Commission, from Partnership on Measuring ICT for Development; asked by General Assembly, A/RES/80/173, paragraph 117 (17 December 2025): “Commission on Science and Technology for Development at its thirtieth session, in 2027”
- Outcomes of the financing task force before the Commission, from Internal task force of the United Nations Group on the Information Society on financial mechanisms for digital development; asked by General Assembly, A/RES/80/173, paragraph 67 (17 December 2025): “Commission on Science and Technology for Development at its thirtieth session, in 2027”`
	if diff := cmp.Diff(want, got.Description); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What the calendar says of itself: what it keeps, what it leaves out, and how often to ask again.
func TestTheCalendarItself(t *testing.T) {
	h := serving(filled(t, facts(t)), today)
	g := serving(filled(t, garden()), today)
	for _, c := range []struct {
		h                         http.Handler
		parameters, name, summary string
	}{
		{g, "", "Digital governance", "31 entries. Left out: 2 deadlines and 1 session without a date and 3 entries whose date has an open end. Recurring duties are counted until 10 February 2036. The facts go up to 10 February 2026"},
		{g, "kind=session", "Digital governance: session", "1 entry. Left out: 1 session without a date. The facts go up to 10 February 2026"},
		{g, "kind=session&from=2027", "Digital governance: session, from 2027", "1 entry. Left out: 1 session without a date."},
		{g, "document=letter", "Digital governance: set by Letter of the Chair", "0 entries. The facts"},
		{h, "body=CSTD", "Digital governance: CSTD", ""},
		{h, "body=body:cstd&body=internet governance forum", "Digital governance: CSTD or IGF", ""},
		{h, "obligor=secretary-general", "Digital governance: what must come from Secretary-General", ""},
		{h, "forum=CSTD&document=80/173", "Digital governance: before CSTD, set by A/RES/80/173", ""},
		{h, "kind=deadline&deadlineKind=mandate-expiry&from=2026-03&to=2027", "Digital governance: deadline, mandate expiry, from 2026-03, to 2027", ""},
		{h, "alarm=P30D", "Digital governance", ""},
	} {
		ics := text(t, c.h, "/calendar.ics?"+strings.ReplaceAll(c.parameters, " ", "+"))
		calendar := read(t, ics)
		want := map[string]string{
			"version": "2.0", "prodid": "-//Mandategraph//Calendar//EN", "calscale": "GREGORIAN", "name": c.name, "x-wr-calname": c.name,
			"refresh-interval": "P1D", "x-published-ttl": "P1D", "description": calendar.Text["x-wr-caldesc"], "x-wr-caldesc": calendar.Text["x-wr-caldesc"],
		}
		if diff := cmp.Diff(want, calendar.Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.parameters, diff)
		}
		if !strings.HasPrefix(calendar.Text["x-wr-caldesc"], c.name+". "+c.summary) {
			t.Errorf("%s: %s, want %s. %s", c.parameters, calendar.Text["x-wr-caldesc"], c.name, c.summary)
		}
		if want := fmt.Sprint(len(calendar.Events), " entr"); !strings.Contains(calendar.Text["x-wr-caldesc"], want) {
			t.Errorf("%s: %s, and it has %d events", c.parameters, calendar.Text["x-wr-caldesc"], len(calendar.Events))
		}
		if strings.Count(ics, "\r\nREFRESH-INTERVAL;VALUE=DURATION:P1D\r\n") != 1 || strings.Count(ics, "REFRESH-INTERVAL") != 1 {
			t.Errorf("%s: it does not say once how often to ask again", c.parameters)
		}
	}
}

// Without from and to a calendar has all that has a date, past or to come.
func TestACalendarIsWhole(t *testing.T) {
	g := facts(t)
	of := func(parameters string) (ids []string) {
		for _, e := range read(t, text(t, serving(filled(t, g), today), "/calendar.ics?"+parameters)).Events {
			ids = append(ids, strings.TrimPrefix(e.UID, "occurrence:"))
		}
		return ids
	}
	all := of("")
	past, cycles := 0, map[string]bool{}
	for _, n := range g.Nodes {
		var on *un.PartialDate
		switch n := n.(type) {
		case *un.Deadline:
			on = n.Window
		case *un.Session:
			on = n.Dates
		case *un.ReportingCycle:
			for _, on := range n.Occurrences("2025-01-01", "2035-12-17") { // ten years after the newest day
				cycles[fmt.Sprintf("%s@%.4s", n.ID, on.Earliest())] = true
			}
			continue
		}
		if on.Earliest() == "" || on.Latest() == "" {
			continue
		}
		if on.Latest() < today {
			past++
		}
		if !slices.Contains(all, string(n.Key())) {
			t.Errorf("it lacks %s, in %s", n.Key(), on.EDTF)
		}
	}
	if past < 20 || len(cycles) < 50 {
		t.Errorf("%d past things and %d instances of cycles prove little", past, len(cycles))
	}
	last := ""
	for _, id := range all {
		if of, year, cycle := strings.Cut(id, "@"); cycle && strings.HasPrefix(of, "cycle:") {
			delete(cycles, id)
			last = max(last, year)
		}
	}
	if len(cycles) > 0 || last != "2035" {
		t.Errorf("it lacks %v, and its cycles go on until %s", cycles, last)
	}
	for _, id := range of("from=2027&to=2027") {
		if id == "session:cstd-29" || strings.HasSuffix(id, "@2026") {
			t.Errorf("%s is in the calendar of 2027", id)
		}
	}
}

func TestAlarms(t *testing.T) {
	h := serving(filled(t, garden()), today)
	for _, e := range read(t, text(t, h, "/calendar.ics")).Events {
		if e.Alarms != nil {
			t.Errorf("%s has an alarm that nobody asked for", e.UID)
		}
	}
	ics := text(t, h, "/calendar.ics?alarm=P90D&alarm=P2W")
	events := read(t, ics).Events
	for _, trigger := range []string{"\r\nTRIGGER;RELATED=START:-P90D\r\n", "\r\nTRIGGER;RELATED=START:-P2W\r\n"} {
		if n := strings.Count(ics, trigger); n != len(events) {
			t.Errorf("%d of %d events have %q", n, len(events), strings.TrimSpace(trigger))
		}
	}
	for _, e := range events {
		want := []alarm{{"DISPLAY", e.Summary, "START", -90 * 86400}, {"DISPLAY", e.Summary, "START", -14 * 86400}}
		if diff := cmp.Diff(want, e.Alarms); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.UID, diff)
		}
	}
	for _, value := range []string{"P30", "30D", "-P30D", "P1DT2H", "PT5M", "P1M", "P3661D", "P523W", "P99999D", "P1D ", "p1d", "a%0D%0Aday"} {
		refused(t, h, "/calendar.ics?alarm="+strings.ReplaceAll(value, " ", "+"), "write how long before it goes off, in days or weeks: P30D, P2W, at most P3660D")
	}
	refused(t, h, "/calendar.ics?alarm=P1D"+strings.Repeat("&alarm=P1D", 10), "alarm is given 11 times; at most 10 are allowed")
	refused(t, h, "/calendar.ics?alarms=P1D", `did you mean "alarm"?`)
	refused(t, h, "/calendar.ics?body=BEE", `body: there is no body "BEE"; did you mean "body:bees"?`)
	text(t, h, "/calendar.ics?alarm=P3660D&alarm=P522W&alarm=P0D")
}

// A calendar is a function of the facts and the question: it is the same on every day and from every store.
func TestTheSameBytesEachDay(t *testing.T) {
	for name, g := range map[string]un.Graph{"real": facts(t), "made": garden()} {
		turned := un.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges)}
		slices.Reverse(turned.Nodes)
		slices.Reverse(turned.Edges)
		for _, parameters := range []string{"", "alarm=P1W&kind=session&kind=deadline", "from=2026&to=2028"} {
			address := "/calendar.ics?" + parameters
			first := get(t, serving(filled(t, g), today), address)
			for _, other := range []struct {
				of  string
				s   store.Store
				day un.Date
			}{{"another day", filled(t, g), "2031-12-31"}, {"another store", filled(t, turned), today}} {
				second := get(t, serving(other.s, other.day), address)
				if first.Body.String() != second.Body.String() || first.Code != http.StatusOK {
					t.Errorf("%s %s: %s makes another calendar (-first +second):\n%s", name, address, other.of, cmp.Diff(first.Body.String(), second.Body.String()))
				}
				if tag := first.Header().Get("ETag"); tag == "" || tag != second.Header().Get("ETag") {
					t.Errorf("%s %s: %s has the ETag %s, not %s", name, address, other.of, second.Header().Get("ETag"), tag)
				}
			}
		}
	}
}

// A client that asks each day what it has already is told so.
func TestAnUnchangedCalendarIsNotSentAgain(t *testing.T) {
	before := garden()
	s := filled(t, before)
	first := get(t, serving(s, today), "/calendar.ics?body=bees")
	tag := first.Header().Get("ETag")
	for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "no-cache", "Content-Disposition": `inline; filename="mandategraph.ics"`} {
		if got := first.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	later := serving(s, "2027-01-01")
	if w := get(t, later, "/calendar.ics?body=bees", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
		t.Errorf("%d, %d bytes, ETag %s", w.Code, w.Body.Len(), w.Header().Get("ETag"))
	}
	if w := get(t, later, "/calendar.ics?body=seeds", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("another question: %d", w.Code)
	}
	after := garden()
	after.Nodes = append(after.Nodes, &un.Deadline{Record: record("deadline:new", "9", "words"), Title: "New", Kind: "REPORT", Window: date("2026")})
	if err := s.Replace(t.Context(), after); err != nil {
		t.Fatal(err)
	}
	if w := get(t, later, "/calendar.ics?body=bees", "If-None-Match", tag); w.Code != http.StatusOK || w.Header().Get("ETag") == tag {
		t.Errorf("other facts: %d", w.Code)
	}
}

// What becomes of a thing that is due at a session changes what the session's event says.
func TestASessionIsModifiedByWhatIsDueAtIt(t *testing.T) {
	g := facts(t)
	events := map[string]event{}
	for _, e := range read(t, text(t, serving(filled(t, g), today), "/calendar.ics?kind=session")).Events {
		events[e.UID] = e
	}
	r, err := filled(t, g).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q, err := reply.Ask(t.Context(), r, new(query.Memo), today, url.Values{"kind": {"session"}})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := q.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := q.Whole(t.Context(), asked, q.DataDate)
	if err != nil {
		t.Fatal(err)
	}
	later := 0
	for _, s := range sessions {
		var own, last un.Date
		for _, c := range s.Changes {
			own = max(own, c.On)
		}
		last = own
		for _, due := range s.Due {
			for _, c := range due.Changes {
				last = max(last, c.On)
			}
		}
		if own == "" {
			continue
		}
		if last > own {
			later++
		}
		if got := events[string(s.ID)].Modified; got != string(last)+"T00:00:00.000Z" {
			t.Errorf("%s was modified at %s, want on %s", s.ID, got, last)
		}
	}
	if later == 0 {
		t.Error("at no session anything became due later, which proves nothing")
	}
}

package query

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// An OccurrenceKind says what occurs.
type OccurrenceKind string

// The kinds of occurrences.
const (
	OfDeadline OccurrenceKind = "DEADLINE"
	OfCycle    OccurrenceKind = "CYCLE"
	OfSession  OccurrenceKind = "SESSION"
)

// OccurrenceKinds are those kinds, with the schema's names.
var OccurrenceKinds = []string{string(OfDeadline), string(OfCycle), string(OfSession)}

// An Occurrence is one time at which something falls due or takes place: a deadline, an instance of a cycle, a session.
type Occurrence struct {
	ID   un.ID // for ever: that of the node after "occurrence:", with "@" and the year for an instance of a cycle
	Kind OccurrenceKind
	Date *un.PartialDate // when it can be: the window of a deadline, the dates of a session; never nil in a calendar
	Node un.Node         // *un.Deadline, *un.ReportingCycle or *un.Session
}

// OccurrenceOf is that of a deadline or session, whether it has a date or not.
func OccurrenceOf(n un.Node) Occurrence {
	o := Occurrence{ID: "occurrence:" + n.Key(), Node: n}
	switch n := n.(type) {
	case *un.Deadline:
		o.Kind, o.Date = OfDeadline, n.Window
	case *un.Session:
		o.Kind, o.Date = OfSession, n.Dates
	}
	return o
}

// instance is one occurrence of a cycle.
func instance(c *un.ReportingCycle, on *un.PartialDate) Occurrence {
	return Occurrence{un.ID("occurrence:" + string(c.ID) + "@" + string(on.Earliest()[:4])), OfCycle, on, c}
}

// Title is what occurs, in words.
func (o Occurrence) Title() string { return o.Node.Label() }

// ForumOf leads to the body before whom something occurs: the forum of a deadline, the addressee of a cycle, the body whose
// session it is.
func ForumOf(kind OccurrenceKind) store.Hop {
	return map[OccurrenceKind]store.Hop{OfDeadline: Forum, OfCycle: Addressees, OfSession: SessionBody}[kind]
}

// key orders occurrences: by their earliest day, then their latest, then their id.
func (o Occurrence) key() string { return un.Span(o.Date) + "\x00" + string(o.ID) }

// A Calendar asks what falls due or takes place.
type Calendar struct {
	Where    Where   // members: body, obligor, forum, document, kind, deadlineKind
	From, To un.Date // some day of it lies between them, both included; "" for no bound
	undated  bool    // what has no date, in place of what has
}

// MaxYears is how many years later the last year of a calendar may be than its first; so too in a question about one cycle.
const MaxYears = 100

// CycleYears is how many years after the newest day in the facts a calendar without an end goes on to count cycles.
const CycleYears = 10

// calendarMembers are the members that Where may have beside kind, and what they ask of the nodes of each kind. A kind
// without a member that is given has no part in the calendar: nobody is obliged by a session.
var calendarMembers = map[un.Kind]map[string]member{
	un.KindDeadline: {
		"body": inAnyRole(un.KindDeadline), "obligor": linked(Obligors), "forum": linked(Forum), "document": linked(StatedIn),
		"deadlineKind": is("kind"),
	},
	un.KindCycle: {
		"body": inAnyRole(un.KindCycle), "obligor": linked(Obligors), "forum": linked(Addressees), "document": linked(StatedIn),
	},
	un.KindSession: {"body": linked(SessionBody), "forum": linked(SessionBody), "document": linked(DueHere, StatedIn)},
}

// occurring are the kinds of nodes that occur.
var occurring = map[OccurrenceKind]un.Kind{OfDeadline: un.KindDeadline, OfCycle: un.KindCycle, OfSession: un.KindSession}

// Occurrences is one page of a calendar, and the cursors of its items.
type Occurrences struct {
	Items   []Occurrence
	Cursors []store.Cursor
	More    bool
	Total   int // counted only where it is asked
}

const occurrenceList = "OCCURRENCE"

// CheckSpan refuses a span that is reversed, or longer than MaxYears.
func CheckSpan(from, to un.Date) error {
	switch {
	case from == "" || to == "":
		return nil
	case to < from:
		return fmt.Errorf("%w: from %s is after to %s; exchange them", store.ErrInvalid, from, to)
	case to.Year()-from.Year() > MaxYears:
		return fmt.Errorf("%w: from %s to %s is more than %d years; ask for at most %d at once", store.ErrInvalid, from, to, MaxYears, MaxYears)
	}
	return nil
}

// Check refuses a calendar that spans too much. Where it has no beginning or no end, that is judged by the newest day in the
// facts: nothing but cycles lies beyond, and a year that is misspelt must not come out empty.
func (q Calendar) Check(dataDate un.Date) error {
	if dataDate == "" || dataDate == un.FirstDay { // there are no facts
		return CheckSpan(q.From, q.To)
	}
	for _, bound := range []struct {
		name string
		day  un.Date
	}{{"from", q.From}, {"to", q.To}} {
		if bound.day != "" && bound.day.Year()-dataDate.Year() > MaxYears {
			return fmt.Errorf("%w: %s is %s, over %d years after the newest fact, of %s; ask for an earlier day", store.ErrInvalid, bound.name, bound.day, MaxYears, dataDate)
		}
	}
	if until := CyclesUntil(dataDate); q.From != "" && q.To == "" && until.Year()-q.From.Year() > MaxYears {
		return fmt.Errorf("%w: from %s is more than %d years before the calendar ends, in %d; leave from out for everything, or give to", store.ErrInvalid, q.From, MaxYears, until.Year())
	}
	return CheckSpan(q.From, q.To)
}

// CyclesUntil is the last day for which a calendar without an end counts cycles: ten years after the newest day in the facts.
func CyclesUntil(dataDate un.Date) un.Date {
	year := dataDate.Year() + CycleYears
	if year > un.LastDay.Year() {
		return un.LastDay
	}
	until := un.Date(fmt.Sprintf("%04d%s", year, dataDate[4:]))
	if until.Year() == 0 { // 29 February
		return until[:8] + "28"
	}
	return until
}

// Occurrences gives one page of a calendar, in the order of dates, then of ids. dataDate, the newest day in the facts, is asked
// of a calendar without a beginning or an end alone. Its errors that wrap store.ErrInvalid name the member.
func (a Asked) Occurrences(ctx context.Context, q Calendar, dataDate un.Date, first int, after store.Cursor, total bool) (*Occurrences, error) {
	if err := CheckSpan(q.From, q.To); err != nil {
		return nil, err
	}
	from, err := after.In(occurrenceList, 2)
	if err != nil {
		return nil, err
	}
	filters, err := a.calendarFilters(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &Occurrences{}
	var all []Occurrence
	for _, kind := range []un.Kind{un.KindDeadline, un.KindSession} {
		where, some := filters[kind]
		if !some {
			continue
		}
		s := store.Select{Kind: kind, Where: where, First: first, Total: total}
		s.After = afterOccurrence(s, from)
		page, err := a.Reader.Find(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			all = append(all, OccurrenceOf(item.Node))
		}
		out.Total += page.Total
		out.More = out.More || page.More
	}
	if where, some := filters[un.KindCycle]; some {
		_, err := every(ctx, a.Reader, store.Select{Kind: un.KindCycle, Where: where}, func(n un.Node) {
			c := n.(*un.ReportingCycle)
			for _, o := range q.instances(c, dataDate) {
				out.Total++
				if o.key() > from {
					all = append(all, o)
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b Occurrence) int { return cmp.Compare(a.key(), b.key()) })
	if len(all) > first {
		all, out.More = all[:first], true
	}
	out.Items = all
	for _, o := range all {
		out.Cursors = append(out.Cursors, store.CursorIn(occurrenceList, o.key()))
	}
	if !total {
		out.Total = 0
	}
	return out, nil
}

// Whole is a calendar read to its end, each occurrence described.
func (a Asked) Whole(ctx context.Context, q Calendar, dataDate un.Date) ([]*Entry, error) {
	if err := q.Check(dataDate); err != nil {
		return nil, err
	}
	var all []Occurrence
	err := a.nodes(ctx, q, func(n un.Node) {
		if c, ok := n.(*un.ReportingCycle); ok {
			all = append(all, q.instances(c, dataDate)...)
		} else {
			all = append(all, OccurrenceOf(n))
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Occurrence) int { return cmp.Compare(a.key(), b.key()) })
	return a.Entries(ctx, all)
}

// nodes reads all deadlines, cycles and sessions of a calendar; a cycle also where it brings nothing in that time.
func (a Asked) nodes(ctx context.Context, q Calendar, each func(un.Node)) error {
	filters, err := a.calendarFilters(ctx, q)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		if where, some := filters[kind]; some {
			if _, err := every(ctx, a.Reader, store.Select{Kind: kind, Where: where}, each); err != nil {
				return err
			}
		}
	}
	return nil
}

// Deadlines selects the deadlines of a calendar; of one without a beginning and an end, those without a date too.
func (a Asked) Deadlines(ctx context.Context, q Calendar) (store.Select, error) {
	s := store.Select{Kind: un.KindDeadline, First: store.MaxFirst}
	if err := CheckSpan(q.From, q.To); err != nil {
		return s, err
	}
	if named, _ := q.Where["kind"].([]OccurrenceKind); named != nil && !slices.Contains(named, OfDeadline) {
		return s, fmt.Errorf("%w: kind: these are deadlines alone; leave kind out, or give deadline", store.ErrInvalid)
	}
	filter, _, err := a.calendarFilter(ctx, un.KindDeadline, q.Where, false)
	if err == nil && (q.From != "" || q.To != "") {
		var dated store.Filter
		dated, err = days("due")(ctx, a, &Days{From: q.From, To: q.To})
		filter = append(filter, dated)
	}
	s.Where = filter
	return s, err
}

// Undated is what a calendar would have, had it a date: deadlines and sessions, and cycles that are in force at the newest day
// in the facts and of which no instance can be told.
func (a Asked) Undated(ctx context.Context, q Calendar, dataDate un.Date) (all []Occurrence, err error) {
	err = a.nodes(ctx, Calendar{Where: q.Where, undated: true}, func(n un.Node) {
		c, ok := n.(*un.ReportingCycle)
		switch {
		case !ok:
			all = append(all, OccurrenceOf(n))
		case c.Validity.On(dataDate) && c.NextDue(dataDate) == nil:
			all = append(all, Occurrence{ID: "occurrence:" + c.ID, Kind: OfCycle, Node: c})
		}
	})
	return all, err
}

// afterOccurrence begins a list of deadlines or sessions after an occurrence of any kind. Ids of one date are in the order of
// their texts, so there each kind stands together.
func afterOccurrence(s store.Select, key string) store.Cursor {
	if key == "" {
		return ""
	}
	date, id, _ := strings.Cut(key, "\x00")
	own := "occurrence:" + namedOccurring[s.Kind]
	rest := ""
	switch node, ours := strings.CutPrefix(id, "occurrence:"); {
	case ours && strings.HasPrefix(id, own):
		rest = node
	case own < id:
		rest = "\U0010FFFF" // all of ours on that date came before
	}
	return s.CursorAt(nil, "0"+un.Fold(date)+"\x00"+rest)
}

// namedOccurring begins the ids of a kind.
var namedOccurring = map[un.Kind]string{un.KindDeadline: "deadline:", un.KindSession: "session:"}

// instances are those of a cycle in a calendar. One without an end counts cycles until CyclesUntil; where nobody knows since
// when a cycle is in force, its past is not made up.
func (q Calendar) instances(c *un.ReportingCycle, dataDate un.Date) (all []Occurrence) {
	from, to := cmp.Or(q.From, un.FirstDay), q.To
	if q.From == "" && c.Validity.From == un.FirstDay {
		from = dataDate[:4] + "-01-01"
	}
	if to == "" {
		to = CyclesUntil(max(dataDate, q.From))
	}
	return Instances(c, from, to)
}

// Instances are the occurrences of a cycle in a span of days.
func Instances(c *un.ReportingCycle, from, to un.Date) (all []Occurrence) {
	for _, on := range c.Occurrences(from, to) {
		all = append(all, instance(c, on))
	}
	return all
}

// calendarFilters are what a calendar asks of the nodes of each kind. A kind of which it wants none is absent.
func (a Asked) calendarFilters(ctx context.Context, q Calendar) (map[un.Kind]store.Filter, error) {
	wanted := []OccurrenceKind{OfDeadline, OfCycle, OfSession}
	named, _ := q.Where["kind"].([]OccurrenceKind)
	if named != nil {
		wanted = named
	}
	if given(q.Where["deadlineKind"]) && len(named) > 0 && !slices.Contains(named, OfDeadline) {
		return nil, fmt.Errorf("%w: deadlineKind is about deadlines, and kind names none; leave one of the two out", store.ErrInvalid)
	}
	out := map[un.Kind]store.Filter{}
	for _, kind := range wanted {
		node := occurring[kind]
		and, some, err := a.calendarFilter(ctx, node, q.Where, len(named) > 1)
		if err != nil {
			return nil, err
		}
		if field := map[un.Kind]string{un.KindDeadline: "due", un.KindSession: "dates"}[node]; field != "" {
			known := !q.undated
			dated, err := days(field)(ctx, a, &Days{From: q.From, To: q.To, Known: &known})
			if err != nil {
				return nil, err
			}
			and = append(and, dated)
		}
		if some {
			out[node] = and
		}
	}
	if len(out) == 0 && len(wanted) > 0 {
		return nil, fmt.Errorf("%w: kind: nothing of kind %s can be kept by %s; leave it out, or name another kind", store.ErrInvalid, wanted[0], without(occurring[wanted[0]], q.Where))
	}
	return out, nil
}

// calendarFilter is what a calendar asks of the nodes of one kind; false where it wants none of them. Where several kinds are
// named, deadlineKind is about deadlines alone.
func (a Asked) calendarFilter(ctx context.Context, kind un.Kind, where Where, several bool) (store.And, bool, error) {
	and := store.And{}
	for _, name := range slices.Sorted(maps.Keys(where)) {
		if name == "kind" || !given(where[name]) {
			continue
		}
		filter := calendarMembers[kind][name]
		switch {
		case calendarMembers[un.KindDeadline][name] == nil:
			return nil, false, fmt.Errorf("%w: %s: a calendar has no such member", store.ErrInvalid, name)
		case filter == nil && name == "deadlineKind" && several:
			continue
		case filter == nil:
			return nil, false, nil
		}
		f, err := filter(ctx, a, where[name])
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", name, err)
		}
		and = append(and, f)
	}
	return and, true, nil
}

// without are the members that are given and say nothing of a kind, in words.
func without(kind un.Kind, where Where) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(where)) {
		if name != "kind" && given(where[name]) && calendarMembers[kind][name] == nil {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

// A Sitting is one session, and what bears on it.
type Sitting struct {
	Session   *Entry
	Recurring []*Entry // cycles that bring something before its body, directly or on their way, and are in force when it meets
	Left      []*Entry // deadlines that were due at it and moved to another session
}

// Sitting describes a session.
func (a Asked) Sitting(ctx context.Context, id un.ID) (*Sitting, error) {
	found, err := a.Reader.Nodes(ctx, []un.ID{id})
	if err != nil {
		return nil, err
	}
	s, ok := found[id].(*un.Session)
	if !ok {
		return nil, fmt.Errorf("%w: there is no session %q", store.ErrInvalid, id)
	}
	entries, err := a.Entries(ctx, []Occurrence{OccurrenceOf(s)})
	if err != nil {
		return nil, err
	}
	out := &Sitting{Session: entries[0]}
	if out.Session.Forum == nil {
		return out, nil
	}
	body := out.Session.Forum.ID
	day := a.Day
	if s.Dates != nil && s.Dates.Latest() != "" {
		day = s.Dates.Latest()
	}
	cycles, err := Neighbors(ctx, a.Reader, []un.ID{body}, in(un.KindCycle, un.AddressedTo, un.RoutedThrough))
	if err != nil {
		return nil, err
	}
	var recurring, left []Occurrence
	for _, item := range cycles[body] {
		if item.Node.Valid().On(day) {
			recurring = append(recurring, Occurrence{Kind: OfCycle, Node: item.Node})
		}
	}
	partOf, err := inAnyRole(un.KindDeadline)(ctx, a, []un.ID{body})
	if err != nil {
		return nil, err
	}
	_, err = every(ctx, a.Reader, store.Select{Kind: un.KindDeadline, Where: partOf}, func(n un.Node) {
		for _, step := range n.(*un.Deadline).Changes {
			if step.Field == "session" && sessionID(step.From) == id {
				left = append(left, OccurrenceOf(n))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if out.Recurring, err = a.Entries(ctx, recurring); err != nil {
		return nil, err
	}
	out.Left, err = a.Entries(ctx, left)
	return out, err
}

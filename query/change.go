package query

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// A ChangeKind says what became of something.
type ChangeKind string

// The kinds of changes.
const (
	WasAdded       ChangeKind = "ADDED"        // its document was adopted
	WasMoved       ChangeKind = "MOVED"        // to other days, another session, another place
	WasMadePrecise ChangeKind = "MADE_PRECISE" // to days within those that were known, or from none
	WasMet         ChangeKind = "MET"
	WasCancelled   ChangeKind = "CANCELLED"
	WasSuperseded  ChangeKind = "SUPERSEDED"
)

// changeKinds are those kinds, in the order in which changes of one day are told.
var changeKinds = []ChangeKind{WasAdded, WasMoved, WasMadePrecise, WasMet, WasCancelled, WasSuperseded}

// A Change is one thing that became of an occurrence.
type Change struct {
	ID       un.ID // for ever: that of the node after "change:", with the day and what happened
	Kind     ChangeKind
	On       un.Date
	Field    string // what took another value: due, dates, session, place or url; "" where none did
	From, To string // its values
	Sources  []un.Source
	Proofs   []Proof // the same, with their documents
	Of       *Entry  // what it happened to
}

// history is what became of an entry, from the adoption of its document on, in the order of days.
func (e *Entry) history(met, successors []store.Item, sessions map[un.ID]un.Node) []Change {
	var all []Change
	add := func(kind ChangeKind, on un.Date, field, from, to string, sources []un.Source) {
		all = append(all, Change{Kind: kind, On: on, Field: field, From: from, To: to, Sources: sources, Of: e})
	}
	added := e.added()
	if added != "" {
		add(WasAdded, added, "", "", "", SourcesOf(e.Node)[:1])
	}
	for _, step := range e.steps(added, sessions) {
		add(kindOf(step), step.On, step.Field, step.From, step.To, step.Sources)
	}
	gone := un.Date("")
	switch n := e.Node.(type) {
	case *un.Deadline:
		if n.MetOn != "" {
			add(WasMet, n.MetOn, "", "", labels(met), edgeSources(met))
		}
		if n.CancelledOn != "" {
			add(WasCancelled, n.CancelledOn, "", "", "", e.proofsOf(n.CancelledOn))
		}
		gone = n.Succeeded.From
	case *un.ReportingCycle:
		for _, item := range successors {
			gone = min(cmp.Or(gone, un.LastDay), item.Node.Valid().From)
		}
	}
	if gone != "" {
		add(WasSuperseded, gone, "", "", labels(successors)+derived(successors), firstSources(successors))
	}
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(slices.Index(changeKinds, a.Kind), slices.Index(changeKinds, b.Kind)))
	})
	times := map[un.ID]int{}
	for i := range all {
		c := &all[i]
		id := fmt.Sprintf("change:%s@%s/%s", e.Node.Key(), c.On, strings.ToLower(strings.ReplaceAll(string(c.Kind), "_", "-")))
		if c.Field != "" {
			id += "/" + c.Field
		}
		c.ID = un.ID(id)
		if times[c.ID]++; times[c.ID] > 1 { // the same field twice on one day
			c.ID = un.ID(fmt.Sprintf("%s/%d", id, times[c.ID]))
		}
	}
	return all
}

// added is the day on which the document that asks for it was adopted, "" where that is no day.
func (e *Entry) added() un.Date {
	if len(e.Proofs) == 0 || e.Proofs[0].Of == nil {
		return ""
	}
	on := e.Proofs[0].Of.AdoptedOn
	if on.Earliest() != on.Latest() {
		return ""
	}
	return on.Latest()
}

// steps are the changes of its own fields, and those of the dates of each session at which it was due, while it was.
func (e *Entry) steps(added un.Date, sessions map[un.ID]un.Node) []un.Change {
	switch n := e.Node.(type) {
	case *un.Session:
		return n.Changes
	case *un.Deadline:
		all := slices.Clone(n.Changes)
		came := added
		for _, step := range n.Changes {
			if step.Field == "session" {
				all = append(all, datesWhile(sessions[sessionID(step.From)], came, step.On)...)
				came = max(came, step.On)
			}
		}
		if e.Session != nil {
			all = append(all, datesWhile(e.Session, came, un.LastDay)...)
		}
		return all
	}
	return nil
}

// sessionID is the id of a session as files name it: "cstd-30".
func sessionID(key string) un.ID { return un.ID("session:" + key) }

// datesWhile are the changes of a session's dates from one day on, and before another.
func datesWhile(n un.Node, from, before un.Date) (all []un.Change) {
	s, ok := n.(*un.Session)
	if !ok {
		return nil
	}
	for _, c := range s.Changes {
		if c.Field == "dates" && from <= c.On && c.On < before {
			all = append(all, c)
		}
	}
	return all
}

// kindOf tells a date that became more precise, or a value that was not known, from one that moved.
func kindOf(c un.Change) ChangeKind {
	if c.From == "" {
		return WasMadePrecise
	}
	if c.Field == "due" || c.Field == "dates" {
		from, err := un.ParseEDTF(c.From)
		to, errTo := un.ParseEDTF(c.To)
		if err == nil && errTo == nil && within(to, from) {
			return WasMadePrecise
		}
	}
	return WasMoved
}

// within says whether all of inner is in outer, which has more.
func within(inner, outer *un.PartialDate) bool {
	a, b := un.Span(inner), un.Span(outer)
	from, to, _ := strings.Cut(a, "/")
	first, last, _ := strings.Cut(b, "/")
	return first <= from && to <= last && a != b
}

func labels(items []store.Item) string {
	var out []string
	for _, item := range items {
		out = append(out, item.Node.Label())
	}
	return strings.Join(out, "; ")
}

// derived says why something took the place of another where no text says that it did.
func derived(successors []store.Item) string {
	for _, item := range successors {
		if since := item.Edge.Since; since != nil && since.Basis == un.Derived && since.Explanation != "" {
			return " (derived: " + since.Explanation + ")"
		}
	}
	return ""
}

func edgeSources(items []store.Item) (all []un.Source) {
	for _, item := range items {
		all = append(all, item.Edge.Sources...)
	}
	return all
}

// firstSources are where successors are said.
func firstSources(items []store.Item) (all []un.Source) {
	for _, item := range items {
		if sources := SourcesOf(item.Node); len(sources) > 0 {
			all = append(all, sources[0])
		}
	}
	return all
}

// proofsOf are the sources whose document was adopted on that day, all where there are none.
func (e *Entry) proofsOf(on un.Date) (sources []un.Source) {
	for _, p := range e.Proofs {
		if p.Of != nil && p.Of.AdoptedOn != nil && p.Of.AdoptedOn.EDTF == string(on) {
			sources = append(sources, p.Source)
		}
	}
	if len(sources) == 0 {
		return SourcesOf(e.Node)
	}
	return sources
}

// Changes is one page of what changed, and the cursors of its items.
type Changes struct {
	Items   []Change
	Cursors []store.Cursor
	More    bool
	Total   int
}

const changeList = "CHANGE"

// History is what became of the occurrences of a calendar since a day, that day included, in the order of days, then of ids.
// What has no date is among them, with the last that it had, unless q.From or q.To ask for what occurs in a time. What becomes of a cycle is told once, of its first instance.
func (a Asked) History(ctx context.Context, q Calendar, since, dataDate un.Date) ([]Change, error) {
	if err := CheckSpan(q.From, q.To); err != nil {
		return nil, err
	}
	var occurrences []Occurrence
	err := a.nodes(ctx, q, func(n un.Node) {
		c, ok := n.(*un.ReportingCycle)
		if !ok {
			occurrences = append(occurrences, OccurrenceOf(n))
		} else if all := q.instances(c, dataDate); len(all) > 0 {
			occurrences = append(occurrences, all[0])
		}
	})
	if err != nil {
		return nil, err
	}
	if q.From == "" && q.To == "" {
		undated, err := a.Undated(ctx, q, dataDate)
		if err != nil {
			return nil, err
		}
		for _, o := range undated {
			o.Date = lastKnown(o.Node)
			occurrences = append(occurrences, o)
		}
	}
	entries, err := a.Entries(ctx, occurrences)
	if err != nil {
		return nil, err
	}
	var all []Change
	for _, e := range entries {
		for _, c := range e.Changes {
			if c.On >= since {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.key(), b.key()) })
	return all, nil
}

// lastKnown is the date that something had before it lost it, nil where it never had one.
func lastKnown(n un.Node) *un.PartialDate {
	var steps []un.Change
	field := "due"
	switch n := n.(type) {
	case *un.Deadline:
		steps = n.Changes
	case *un.Session:
		steps, field = n.Changes, "dates"
	}
	for _, step := range slices.Backward(steps) {
		if step.Field != field || step.From == "" {
			continue
		}
		if date, err := un.ParseEDTF(step.From); err == nil {
			date.Basis, date.Explanation = un.Derived, "the last that was known: no source gives a date any more"
			return date
		}
	}
	return nil
}

// key orders changes.
func (c Change) key() string { return string(c.On) + "\x00" + string(c.ID) }

// Changes gives one page of a history.
func (a Asked) Changes(ctx context.Context, q Calendar, since, dataDate un.Date, first int, after store.Cursor) (*Changes, error) {
	from, err := after.In(changeList, 2)
	if err != nil {
		return nil, err
	}
	all, err := a.History(ctx, q, since, dataDate)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c Change) bool { return c.Of.Date == nil }) // which is no occurrence of the API
	out := &Changes{Total: len(all)}
	all = slices.DeleteFunc(all, func(c Change) bool { return c.key() <= from })
	if len(all) > first {
		all, out.More = all[:first], true
	}
	out.Items = all
	for _, c := range all {
		out.Cursors = append(out.Cursors, store.CursorIn(changeList, c.key()))
	}
	return out, nil
}

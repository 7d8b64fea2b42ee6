// Package calendar makes of what falls due or takes place what people already look at: calendars (RFC 5545), feeds (Atom, JSON
// Feed), and sheets. It imports reply, query, store and un, and alone writes iCalendar.
package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/un"
)

// content is what a calendar holds, read whole.
type content struct {
	*reply.Question
	calendar query.Calendar
	entries  []*query.Entry
	undated  []query.Occurrence // that the filter keeps, and that have no date
	name     string             // says the filter
}

// read reads the calendar that a question asks for.
func read(ctx context.Context, q *reply.Question) (*content, error) {
	asked, err := q.Calendar()
	if err != nil {
		return nil, err
	}
	c := &content{Question: q, calendar: asked}
	if c.entries, err = q.Whole(ctx, asked, q.DataDate); err != nil {
		return nil, err
	}
	if c.undated, err = q.Undated(ctx, asked, q.DataDate); err != nil {
		return nil, err
	}
	c.name, err = filterName(ctx, q)
	return c, err
}

// filterName is a name that says what is kept: "Digital governance: CSTD, report, from 2026".
func filterName(ctx context.Context, q *reply.Question) (string, error) {
	var parts []string
	for _, p := range []struct {
		name, before string
		kind         un.Kind
	}{
		{"body", "", un.KindBody}, {"obligor", "what must come from ", un.KindBody}, {"forum", "before ", un.KindBody}, {"document", "set by ", un.KindDocument},
	} {
		names, err := labels(ctx, q, p.kind, q.Values[p.name])
		if err != nil {
			return "", err
		}
		if len(names) > 0 {
			parts = append(parts, p.before+strings.Join(unique(names), " or "))
		}
	}
	for _, name := range []string{"kind", "deadlineKind"} {
		var words []string
		for _, value := range q.Values[name] {
			words = append(words, strings.ToLower(word(value)))
		}
		if len(words) > 0 {
			parts = append(parts, strings.Join(unique(words), " or "))
		}
	}
	for _, name := range []string{"from", "to"} {
		if value := q.Values.Get(name); value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	if parts == nil {
		return "Digital governance", nil
	}
	return "Digital governance: " + strings.Join(parts, ", "), nil
}

// unique are the words in their order, each once.
func unique(words []string) (out []string) {
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// labels are what the bodies or documents that people name are called, in short.
func labels(ctx context.Context, q *reply.Question, kind un.Kind, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	ids := make([]un.ID, len(names))
	for i, name := range names {
		ids[i] = un.ID(name)
	}
	ids, err := q.Names.Resolve(ctx, q.Reader, kind, ids)
	if err != nil {
		return nil, err
	}
	nodes, err := q.Reader.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		switch n := nodes[id].(type) {
		case *un.Body:
			out[i] = short(n)
		case *un.Document:
			out[i] = named(n)
		}
	}
	return out, nil
}

// summary says how many of its entries a calendar shows, what it leaves out, and up to when the facts go.
func (c *content) summary(shown int) string {
	text := fmt.Sprintf("%s. %s.", c.name, count(shown, "entry", "entries"))
	left := c.leftOut()
	if open := len(c.entries) - shown; open > 0 {
		left = append(left, count(open, "entry", "entries")+" whose date has an open end")
	}
	if left != nil {
		text += " Left out: " + list(left) + "."
	}
	if cycles := slices.ContainsFunc(c.entries, func(e *query.Entry) bool { return e.Kind == query.OfCycle }); cycles && c.calendar.To == "" {
		text += " Recurring duties are counted until " + day(query.CyclesUntil(max(c.DataDate, c.calendar.From))) + "."
	}
	return text + " " + coverage(c.Question)
}

// leftOut says how much has no date.
func (c *content) leftOut() (left []string) {
	n := map[query.OccurrenceKind]int{}
	for _, o := range c.undated {
		n[o.Kind]++
	}
	for _, k := range []struct {
		kind      query.OccurrenceKind
		one, many string
	}{{query.OfDeadline, "deadline", "deadlines"}, {query.OfSession, "session", "sessions"}, {query.OfCycle, "recurring duty", "recurring duties"}} {
		if n[k.kind] > 0 {
			left = append(left, count(n[k.kind], k.one, k.many))
		}
	}
	if left == nil {
		return nil
	}
	return []string{list(left) + " without a date"}
}

// coverage says up to when the facts go.
func coverage(q *reply.Question) string {
	return fmt.Sprintf("The facts go up to %s (data version %s).", day(q.CoveredUntil), q.Reader.Version())
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

package calendar

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
)

// ICS is the calendar feed, as RFC 5545 and RFC 7986 have it. It depends on the facts and the parameters alone: on another
// day it is the same, byte for byte.
func ICS() reply.Page {
	return reply.Page{
		Parameters: append([]string{"alarm"}, reply.CalendarParameters...),
		Make: func(_ context.Context, q *reply.Question) (reply.Answer, error) {
			alarms, err := alarms(q.Values["alarm"])
			if err != nil {
				return reply.Answer{}, err
			}
			return reply.Made("text/calendar; charset=utf-8", "mandategraph.ics", func(ctx context.Context) ([]byte, error) {
				c, err := read(ctx, q)
				if err != nil {
					return nil, err
				}
				return c.ics(alarms)
			}), nil
		},
	}
}

// most is how many alarms an event may have, and how many days before it they may go off.
const (
	mostAlarms = 10
	mostDays   = 3660
)

var duration = regexp.MustCompile(`^P(?:(\d{1,4})W|(\d{1,4})D)$`)

// alarms reads the times before an event at which its alarms go off.
func alarms(values []string) ([]string, error) {
	if len(values) > mostAlarms {
		return nil, fmt.Errorf("%w: alarm is given %d times; at most %d are allowed", store.ErrInvalid, len(values), mostAlarms)
	}
	for _, value := range values {
		var n int
		m := duration.FindStringSubmatch(value)
		if m != nil {
			n, _ = strconv.Atoi(m[1] + m[2]) // of four figures at most
			if m[1] != "" {
				n *= 7
			}
		}
		if m == nil || n > mostDays {
			return nil, fmt.Errorf("%w: alarm is %q; write how long before it goes off, in days or weeks: P30D, P2W, at most P%dD", store.ErrInvalid, value, mostDays)
		}
	}
	return unique(values), nil
}

// ics writes the calendar.
func (c *content) ics(alarms []string) ([]byte, error) {
	shown := slices.DeleteFunc(slices.Clone(c.entries), func(e *query.Entry) bool {
		_, _, bounded := days(e.Date)
		return !bounded
	})
	cal := ics.NewCalendarFor("Mandategraph")
	cal.SetProductId("-//Mandategraph//Calendar//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetName(c.name)
	cal.SetDescription(c.summary(len(shown)))
	cal.SetXWRCalDesc(c.summary(len(shown)))
	cal.SetRefreshInterval("P1D") // of which the library says that it is a duration
	cal.SetXPublishedTTL("P1D", ics.WithValue("DURATION"))
	for _, e := range shown {
		c.event(cal, e, alarms)
	}
	var out bytes.Buffer
	err := cal.SerializeTo(&out, ics.WithNewLineWindows)
	return out.Bytes(), err
}

// days are the first day of a date and the day after its last; false where it has an open end.
func days(d *un.PartialDate) (from, to un.Date, bounded bool) {
	from, to = d.Earliest(), d.Latest()
	return from, to.AddDays(1), from != "" && to != "" && to < un.LastDay
}

// event adds one event. All are of whole days. None takes anybody's time: those without a day are spans that say so.
func (c *content) event(cal *ics.Calendar, e *query.Entry, alarms []string) {
	from, to, _ := days(e.Date)
	title := heading(e)
	if !exact(e.Date) {
		title += " (" + lasting(e) + ")"
	}
	v := cal.AddEvent(string(e.ID)) // the id is for ever, so the event is known again wherever it moves
	v.SetProperty(ics.ComponentPropertyDtstamp, stamp(c.DataDate))
	v.SetProperty(ics.ComponentPropertyDtStart, compact(from), ics.WithValue("DATE"))
	v.SetProperty(ics.ComponentPropertyDtEnd, compact(to), ics.WithValue("DATE"))
	v.SetSummary(title)
	v.SetDescription(details(e))
	v.SetTimeTransparency(ics.TransparencyTransparent)
	v.SetProperty("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
	v.SetStatus(ics.ObjectStatusConfirmed)
	if withdrawn(e) {
		v.SetStatus(ics.ObjectStatusCancelled)
	}
	v.SetSequence(len(moves(e)))
	if on := addedOn(e); on != "" {
		v.SetProperty(ics.ComponentPropertyCreated, stamp(on))
	}
	if on := lastChange(e); on != "" {
		v.SetProperty(ics.ComponentPropertyLastModified, stamp(on))
	}
	v.AddCategory(kind(e.Occurrence))
	if e.Forum != nil {
		v.AddCategory(short(e.Forum))
	}
	if len(e.Proofs) > 0 {
		if url := e.Proofs[0].Link(); url != "" {
			v.SetURL(url)
		}
	}
	if s, ok := e.Node.(*un.Session); ok && s.Place != "" {
		v.SetLocation(s.Place)
	}
	for _, before := range alarms {
		a := v.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger("-"+before, &ics.KeyValues{Key: "RELATED", Value: []string{"START"}})
		a.SetDescription(title)
	}
}

// details is the description of an event: a line for each thing that is known, and of a session what is due at it.
func details(e *query.Entry) string {
	var b strings.Builder
	for _, line := range about(e) {
		fmt.Fprintf(&b, "%s: %s\n", line.Name, line.Value)
	}
	if e.Kind == query.OfSession {
		b.WriteString("\nDue at it:\n")
		due := dueAt(e)
		for _, line := range due {
			fmt.Fprintf(&b, "- %s\n", line.Value)
		}
		if due == nil {
			b.WriteString("nothing that is known\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// addedOn is the day on which its document was adopted, "" where that is not known.
func addedOn(e *query.Entry) un.Date {
	for _, c := range e.Changes {
		if c.Kind == query.WasAdded {
			return c.On
		}
	}
	return ""
}

// lastChange is the day on which an entry, or what is due at it, last changed.
func lastChange(e *query.Entry) (last un.Date) {
	for _, of := range append([]*query.Entry{e}, e.Due...) {
		if n := len(of.Changes); n > 0 {
			last = max(last, of.Changes[n-1].On)
		}
	}
	return last
}

// stamp is a day as the time at which it begins, in UTC.
func stamp(d un.Date) string { return compact(d) + "T000000Z" }

func compact(d un.Date) string { return strings.ReplaceAll(string(d), "-", "") }

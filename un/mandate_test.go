package un_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestMandateStatus(t *testing.T) {
	// The forum's mandate of 2006: ten years more in 2015, which a permanent one replaced in 2025.
	m := un.Mandate{
		Record:    un.Record{Validity: un.Validity{From: "2006-03-27", Until: "2010-12-20"}},
		Succeeded: un.Validity{From: "2015-12-16", Until: "2025-12-17"},
	}
	for day, want := range map[un.Date]un.MandateStatus{
		un.FirstDay: un.NotYet, "2006-03-26": un.NotYet, "2006-03-27": un.InForce, "2010-12-19": un.InForce, "2010-12-20": un.Ended,
		"2015-12-15": un.Ended, "2015-12-16": un.Superseded, "2025-12-16": un.Superseded, "2025-12-17": un.Ended, un.LastDay: un.Ended,
	} {
		if got := m.Status(day); got != want {
			t.Errorf("on %s it is %s, want %s", day, got, want)
		}
	}
	t.Run("without bounds or successor", func(t *testing.T) {
		m := un.Mandate{Record: un.Record{Validity: un.Always}, Permanent: true}
		for _, day := range []un.Date{un.FirstDay, "2026-01-01", "9999-12-30"} {
			if got := m.Status(day); got != un.InForce {
				t.Errorf("on %s it is %s", day, got)
			}
		}
	})
	t.Run("never in force", func(t *testing.T) {
		m := un.Mandate{Record: un.Record{Validity: un.Validity{From: "2026-01-01", Until: "2026-01-01"}}}
		if got := m.Status("2026-01-01"); got != un.Ended {
			t.Errorf("it is %s", got)
		}
	})
}

func TestEveryDayHasExactlyOneStatus(t *testing.T) {
	pick := func(name string) func(t *rapid.T) un.Date {
		return func(t *rapid.T) un.Date {
			return rapid.SampledFrom([]un.Date{un.FirstDay, "2027-01-29", "2027-01-30", "2027-03-01", "2027-03-31", "2027-04-01", un.LastDay}).Draw(t, name)
		}
	}
	period := func(t *rapid.T, name string) un.Validity {
		from, until := pick(name+" from")(t), pick(name+" until")(t)
		return un.Validity{From: min(from, until), Until: max(from, until)}
	}
	within := func(v un.Validity, day un.Date) bool { return v.From != "" && v.From <= day && day < v.Until }
	rapid.Check(t, func(t *rapid.T) {
		day := pick("day")(t)
		m := un.Mandate{Record: un.Record{Validity: period(t, "in force")}}
		d := un.Deadline{Window: windows().Draw(t, "window")}
		if rapid.Bool().Draw(t, "succeeded") {
			m.Succeeded = period(t, "succeeded")
			d.Succeeded = m.Succeeded
		}
		if rapid.IntRange(0, 3).Draw(t, "cancelled") == 0 {
			d.CancelledOn = pick("cancelled on")(t)
		}
		if rapid.IntRange(0, 3).Draw(t, "met") == 0 {
			d.MetOn = pick("met on")(t)
		}
		begun, over, succeeded := m.Validity.From <= day, m.Validity.Until <= day, within(m.Succeeded, day)
		var mandate []un.MandateStatus
		for status, holds := range map[un.MandateStatus]bool{
			un.NotYet: !begun, un.InForce: begun && !over, un.Superseded: begun && over && succeeded, un.Ended: begun && over && !succeeded,
		} {
			if holds {
				mandate = append(mandate, status)
			}
		}
		if !slices.Equal(mandate, []un.MandateStatus{m.Status(day)}) {
			t.Fatalf("a mandate in force %v, succeeded %v, is %s on %s, want %s", m.Validity, m.Succeeded, m.Status(day), day, mandate)
		}
		// The schema: the first that fits.
		deadline := un.Upcoming
		switch earliest, latest := d.Window.Earliest(), d.Window.Latest(); {
		case d.CancelledOn != "" && d.CancelledOn <= day:
			deadline = un.Cancelled
		case d.MetOn != "" && d.MetOn <= day:
			deadline = un.Met
		case within(d.Succeeded, day):
			deadline = un.DeadlineSuperseded
		case d.Window == nil:
			deadline = un.Undated
		case latest != "" && latest < day:
			deadline = un.Passed
		case earliest == "" || day.DaysUntil(earliest) <= 30:
			deadline = un.DueSoon
		}
		if got := d.Status(day); got != deadline {
			t.Fatalf("%+v in the window %v is %s on %s, want %s", d, d.Window, got, day, deadline)
		}
	})
}

package un_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestDeadlineStatus(t *testing.T) {
	march := un.Deadline{Window: date("2027-03")}
	for _, c := range []struct {
		behaviour string
		deadline  func(d *un.Deadline)
		day       un.Date
		want      un.DeadlineStatus
	}{
		{"31 days ahead", nil, "2027-01-29", un.Upcoming},
		{"30 days ahead", nil, "2027-01-30", un.DueSoon},
		{"begun", nil, "2027-03-01", un.DueSoon},
		{"on the last day", nil, "2027-03-31", un.DueSoon},
		{"the day is over", nil, "2027-04-01", un.Passed},
		{"without a window", func(d *un.Deadline) { d.Window = nil }, "2027-03-31", un.Undated},
		{"without an end it never passes", func(d *un.Deadline) { d.Window = date("2027/..") }, un.LastDay, un.DueSoon},
		{"without a start it has begun", func(d *un.Deadline) { d.Window = date("../2027") }, un.FirstDay, un.DueSoon},
		{"soon at the end of the calendar", func(d *un.Deadline) { d.Window = date(string(un.LastDay)) }, "9999-12-20", un.DueSoon},
		{"the day before it was met", func(d *un.Deadline) { d.MetOn = "2027-02-10" }, "2027-02-09", un.DueSoon},
		{"the day it was met", func(d *un.Deadline) { d.MetOn = "2027-02-10" }, "2027-02-10", un.Met},
		{"met stays met", func(d *un.Deadline) { d.MetOn = "2027-02-10" }, "2030-01-01", un.Met},
		{"the day before it was cancelled", func(d *un.Deadline) { d.CancelledOn = "2026-05-01" }, "2026-04-30", un.Upcoming},
		{"the day it was cancelled", func(d *un.Deadline) { d.CancelledOn = "2026-05-01" }, "2026-05-01", un.Cancelled},
		{"cancelled goes before met", func(d *un.Deadline) { d.CancelledOn, d.MetOn = "2027-05-01", "2027-02-10" }, "2027-05-01", un.Cancelled},
		{"the day before its successor", func(d *un.Deadline) { d.Succeeded = un.Validity{From: "2026-05-01", Until: "2028-01-01"} }, "2026-04-30", un.Upcoming},
		{"its successor's first day", func(d *un.Deadline) { d.Succeeded = un.Validity{From: "2026-05-01", Until: "2028-01-01"} }, "2026-05-01", un.DeadlineSuperseded},
		{"its successor's last day", func(d *un.Deadline) { d.Succeeded = un.Validity{From: "2026-05-01", Until: "2028-01-01"} }, "2027-12-31", un.DeadlineSuperseded},
		{"after its successor", func(d *un.Deadline) { d.Succeeded = un.Validity{From: "2026-05-01", Until: "2028-01-01"} }, "2028-01-01", un.Passed},
		{"met goes before superseded", func(d *un.Deadline) { d.Succeeded, d.MetOn = un.Always, "2027-02-10" }, "2027-02-10", un.Met},
		{"superseded goes before undated", func(d *un.Deadline) { d.Succeeded, d.Window = un.Always, nil }, "2027-02-10", un.DeadlineSuperseded},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			d := march
			if c.deadline != nil {
				c.deadline(&d)
			}
			if got := d.Status(c.day); got != c.want {
				t.Errorf("on %s it is %s, want %s", c.day, got, c.want)
			}
		})
	}
}

// windows are dates of 2026 to 2028, and nil.
func windows() *rapid.Generator[*un.PartialDate] {
	return rapid.Map(rapid.SampledFrom([]string{
		"", "2026", "2027", "2027-03", "2027-03-01", "2027-03-31", "2027-03~", "2027-02/2027-04", "2026-09/2027-09", "2026-12-31/2027-01-01", "2027/..", "../2026", "202X",
	}), func(s string) *un.PartialDate {
		if s == "" {
			return nil
		}
		return date(s)
	})
}

func TestWindowIsTheDaysInBoth(t *testing.T) {
	days := calendar()
	within := func(day string, d *un.PartialDate) bool { // nil bounds nothing
		from, to := d.Earliest(), d.Latest()
		return (from == "" || string(from) <= day) && (to == "" || day <= string(to))
	}
	rapid.Check(t, func(t *rapid.T) {
		due, session := windows().Draw(t, "due"), windows().Draw(t, "session")
		window, ok := un.WindowOf(due, session, "30th session of the Commission")
		common := false
		for _, day := range days {
			both := within(day, due) && within(day, session)
			common = common || both
			if ok && within(day, window) != both {
				t.Fatalf("due %v at the session of %v: the window %v is wrong about %s", due, session, window, day)
			}
		}
		switch {
		case ok != common:
			t.Fatalf("due %v at the session of %v: window %v, %t, though days in both: %t", due, session, window, ok, common)
		case !ok && window != nil:
			t.Fatalf("a contradiction has the window %v", window)
		case ok && (window == nil) != (due == nil && session == nil):
			t.Fatalf("due %v at the session of %v: the window is %v", due, session, window)
		case window == nil:
			return
		}
		derived := due == nil || *window != *due
		if (window.Basis == un.Derived) != derived || (window.Explanation != "") != derived {
			t.Fatalf("due %v at the session of %v: the window is %v", due, session, window)
		}
		if derived && !strings.Contains(window.Explanation, "the 30th session of the Commission") {
			t.Fatalf("%q does not name the session", window.Explanation)
		}
		if derived && due != nil && (window.EDTF == due.EDTF || !strings.Contains(window.Explanation, due.EDTF) || !strings.Contains(window.Explanation, session.EDTF)) {
			t.Fatalf("%q does not name %s and %s", window.Explanation, due.EDTF, session.EDTF)
		}
	})
}

func TestProofHasTheSourcesOfChanges(t *testing.T) {
	own, of := un.Source{Document: "document:A/1"}, un.Source{Document: "document:A/2"}
	record := un.Record{Sources: append(make([]un.Source, 0, 5), own)} // room, into which nothing may be written
	changes := []un.Change{{On: "2026-01-01", Sources: []un.Source{of}}}
	for _, n := range []un.Node{&un.Deadline{Record: record, Changes: changes}, &un.Session{Record: record, Changes: changes}} {
		if diff := cmp.Diff([]un.Source{own, of}, n.Proof()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", n.NodeKind(), diff)
		}
	}
	body := &un.Body{Record: record, Conflicts: []un.Conflict{{Values: []un.ConflictingValue{{Sources: []un.Source{of}}, {Sources: []un.Source{own}}}}}}
	if diff := cmp.Diff([]un.Source{own, of, own}, body.Proof()); diff != "" {
		t.Errorf("BODY (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(un.Source{}, record.Sources[:2][1]); diff != "" {
		t.Errorf("Proof wrote into the sources: %s", diff)
	}
}

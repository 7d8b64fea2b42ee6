package query_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// days are near to the bounds of what they bound, and at the ends of the calendar.
var days = []un.Date{
	un.FirstDay, "0000-01-02", "2027-01-29", "2027-01-30", "2027-01-31", "2027-02-28", "2027-03-01", "2027-03-31", "2027-04-01", "2028-02-29",
	"9999-12-01", "9999-12-02", "9999-12-30", un.LastDay,
}

func period(t *rapid.T, name string) un.Validity {
	from, until := rapid.SampledFrom(days).Draw(t, name+" from"), rapid.SampledFrom(days).Draw(t, name+" until")
	return un.Validity{From: min(from, until), Until: max(from, until)}
}

// agrees compares, on each of the days, a status filter with what the node says itself.
func agrees[S ~string](t *rapid.T, n un.Node, enum string, status func(un.Date) S) {
	var several []S
	for _, value := range un.Enums[enum] {
		if rapid.Bool().Draw(t, value) {
			several = append(several, S(value))
		}
	}
	for _, day := range days {
		a := query.Asked{Names: new(query.Names), Day: day}
		keeps := func(statuses ...S) bool {
			f, err := a.Filter(t.Context(), n.NodeKind(), query.Where{"status": statuses})
			if err == nil {
				err = store.Select{Kind: n.NodeKind(), Where: f}.Check(nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			return f.Match(n, nil)
		}
		for _, value := range un.Enums[enum] {
			if got := keeps(S(value)); got != (status(day) == S(value)) {
				t.Fatalf("%s on %s: the filter %s keeps it: %t", status(day), day, value, got)
			}
		}
		if got := keeps(several...); len(several) > 0 && got != slices.Contains(several, status(day)) {
			t.Fatalf("%s on %s: the filter %s keeps it: %t", status(day), day, several, got)
		}
	}
}

func TestStatusFilterAgreesWithStatus(t *testing.T) {
	t.Run("of mandates", rapid.MakeCheck(func(t *rapid.T) {
		m := &un.Mandate{Record: un.Record{Validity: period(t, "in force")}}
		if rapid.Bool().Draw(t, "succeeded") {
			m.Succeeded = period(t, "succeeded")
		}
		agrees(t, m, "MandateStatus", m.Status)
	}))
	t.Run("of deadlines", rapid.MakeCheck(func(t *rapid.T) {
		d := &un.Deadline{Record: un.Record{Validity: un.Always}}
		if dates := rapid.SampledFrom([]string{"", "2027", "2027-03", "2027-03-01", "2027-01-31/2027-03", "2027-03/..", "../2027-03", "0000", "9999", "9999-12-31"}).Draw(t, "window"); dates != "" {
			d.Window = date(dates)
		}
		if rapid.Bool().Draw(t, "succeeded") {
			d.Succeeded = period(t, "succeeded")
		}
		if rapid.IntRange(0, 3).Draw(t, "cancelled") == 0 {
			d.CancelledOn = rapid.SampledFrom(days).Draw(t, "cancelled on")
		}
		if rapid.IntRange(0, 3).Draw(t, "met") == 0 {
			d.MetOn = rapid.SampledFrom(days).Draw(t, "met on")
		}
		agrees(t, d, "DeadlineStatus", d.Status)
	}))
}

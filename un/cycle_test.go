package un_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestNextDue(t *testing.T) {
	annual := func(from, until un.Date) un.ReportingCycle {
		return un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: from, Until: until}}, Frequency: un.Annual}
	}
	every := func(f un.Frequency, anchor string, from, until un.Date) un.ReportingCycle {
		return un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: from, Until: until}}, Frequency: f, Anchor: date(anchor)}
	}
	fixed := func(rule string, from, until un.Date) un.ReportingCycle {
		return un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: from, Until: until}}, Frequency: un.Annual, RRule: rule}
	}
	const fourthThursday, leap = "FREQ=YEARLY;BYMONTH=4;BYDAY=4TH", "FREQ=YEARLY;BYMONTH=2;BYDAY=5TU"
	for _, c := range []struct {
		behaviour string
		cycle     un.ReportingCycle
		day       un.Date
		want      string
	}{
		{"annual begins with the first full year", annual("2025-12-17", un.LastDay), "2025-12-17", "2026"},
		{"annual counts a year from its first day on", annual("2025-01-01", un.LastDay), "2024-06-01", "2025"},
		{"annual is due until the year is over", annual("2020-01-01", un.LastDay), "2026-12-31", "2026"},
		{"annual goes on in the next year", annual("2020-01-01", un.LastDay), "2027-01-01", "2027"},
		{"annual counts a year that ends on its last day", annual("2020-01-01", "2027-01-01"), "2026-05-01", "2026"},
		{"annual counts no year that is cut short", annual("2020-01-01", "2026-12-31"), "2026-01-01", ""},
		{"annual without a full year", annual("2025-02-01", "2026-11-30"), "2025-02-01", ""},
		{"annual in the last year of the calendar", annual(un.FirstDay, un.LastDay), un.LastDay, "9999"},
		{"annual in the first year of the calendar", annual(un.FirstDay, un.LastDay), "", "0000"},
		{"annual never began", annual("9999-06-01", un.LastDay), "", ""},
		{"periodic says nothing", every(un.Periodic, "2027", un.FirstDay, un.LastDay), "2026-01-01", ""},
		{"no anchor, no occurrence", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: "TRIENNIAL"}, "2026-01-01", ""},
		{"the anchor itself", every("BIENNIAL", "2027-03", un.FirstDay, un.LastDay), "2027-03-31", "2027-03"},
		{"after the anchor", every("BIENNIAL", "2027-03", un.FirstDay, un.LastDay), "2027-04-01", "2029-03"},
		{"before the anchor", every("QUINQUENNIAL", "2027-03", un.FirstDay, un.LastDay), "2012-03-31", "2012-03"},
		{"not before the rule was in force", every("BIENNIAL", "2027-03", "2020-01-01", un.LastDay), "2000-01-01", "2021-03"},
		{"not after the rule was in force", every("BIENNIAL", "2027-03", "2020-01-01", "2029-03-01"), "2027-04-01", ""},
		{"never in force", every("BIENNIAL", "2027", "2027-06-01", "2027-06-01"), "2027-01-01", ""},
		{"an interval stays one", every("TRIENNIAL", "2027-09/2028-02", un.FirstDay, un.LastDay), "2028-03-01", "2030-09/2031-02"},
		{"an interval that outlasts the years between", every("BIENNIAL", "2020/2029", un.FirstDay, un.LastDay), "2020-01-01", "2012/2021"},
		{"a decade", every("DECENNIAL", "203X", un.FirstDay, un.LastDay), "2040-01-01", "204X"},
		{"a decade, by less than decades", every("QUINQUENNIAL", "203X", un.FirstDay, un.LastDay), "2040-01-01", "2035/2044"},
		{"29 February becomes 28", every("BIENNIAL", "2024-02-29", un.FirstDay, un.LastDay), "2025-01-01", "2026-02-28"},
		{"29 February comes back", every("BIENNIAL", "2024-02-29", un.FirstDay, un.LastDay), "2027-01-01", "2028-02-29"},
		{"an open end is no instance", every("BIENNIAL", "2024/..", un.FirstDay, un.LastDay), "2024-01-01", ""},
		{"nor is an open start", every("BIENNIAL", "../2024", un.FirstDay, un.LastDay), "2024-01-01", ""},
		{"nor an unknown end", every("BIENNIAL", "2024/", un.FirstDay, un.LastDay), "2024-01-01", ""},
		{"an unreadable anchor", every("BIENNIAL", "soon", un.FirstDay, un.LastDay), "2024-01-01", ""},
		{"from the year 1 to the end", every("DECENNIAL", "0001", un.FirstDay, un.LastDay), un.LastDay, ""},
		{"from the year 9 to the end", every("DECENNIAL", "0009", un.FirstDay, un.LastDay), un.LastDay, "9999"},
		{"from the end to the beginning", every("BIENNIAL", "9999", un.FirstDay, un.LastDay), "", "0001"},
		{"a decade that began before the calendar", every("BIENNIAL", "000X", un.FirstDay, un.LastDay), "", "000X"},
		{"the rule fixes the day", fixed(fourthThursday, "2012-01-01", un.LastDay), "2026-04-23", "2026-04-23"},
		{"the day after", fixed(fourthThursday, "2012-01-01", un.LastDay), "2026-04-24", "2027-04-22"},
		{"not a day before validity", fixed(fourthThursday, "2026-04-24", un.LastDay), "", "2027-04-22"},
		{"not the day when validity ends", fixed(fourthThursday, "2026-04-01", "2026-04-23"), "", ""},
		{"years that lack the day", fixed(leap, un.FirstDay, un.LastDay), "2001-01-01", "2028-02-29"},
		{"a rule that is none", fixed("FREQ=DAILY", un.FirstDay, un.LastDay), "2001-01-01", ""},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			got := c.cycle.NextDue(c.day)
			if got == nil {
				got = new(un.PartialDate)
			}
			if got.EDTF != c.want {
				t.Errorf("after %q it is %q, want %q", c.day, got.EDTF, c.want)
			}
			if derived := got.EDTF != "" && (c.cycle.Anchor == nil || got.EDTF != c.cycle.Anchor.EDTF); derived != (got.Basis == un.Derived) || derived != (got.Explanation != "") {
				t.Errorf("%s has the basis %q, explained %q", got.EDTF, got.Basis, got.Explanation)
			}
		})
	}
}

// An instance is a stated date in numbers: from one year, month and day to another, 0 where the date has none.
type instance struct {
	from, to         [3]int
	interval, decade bool
}

// text is the instance as it is n years later; false where the calendar ends before.
func (i instance) text(n int) (string, bool) {
	from, to := i.from, i.to
	from[0] += n
	to[0] += n
	if from[0] < 0 || to[0] > 9999 {
		return "", false
	}
	switch {
	case i.decade && n%10 == 0:
		return fmt.Sprintf("%03dX", from[0]/10), true
	case i.decade:
		return fmt.Sprintf("%04d/%04d", from[0], to[0]), true
	case i.interval:
		return written(from) + "/" + written(to), true
	}
	return written(from), true
}

// days are the first and the last day that the instance may mean n years later.
func (i instance) days(n int) (first, last un.Date) {
	y, m, d := i.from[0]+n, max(i.from[1], 1), max(i.from[2], 1)
	first = un.Date(written([3]int{y, m, min(d, length(y, m))}))
	if y, m, d = i.to[0]+n, i.to[1], i.to[2]; m == 0 {
		m = 12
	}
	if d == 0 {
		d = 31
	}
	return first, un.Date(written([3]int{y, m, min(d, length(y, m))}))
}

func written(p [3]int) string {
	text := fmt.Sprintf("%04d-%02d-%02d", p[0], p[1], min(p[2], length(p[0], p[1])))
	return strings.TrimSuffix(strings.TrimSuffix(text, "-00"), "-00")
}

func length(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func year() *rapid.Generator[int] {
	return rapid.OneOf(rapid.IntRange(2015, 2035), rapid.IntRange(2015, 2035), rapid.IntRange(0, 9999), rapid.SampledFrom([]int{0, 1, 9998, 9999}))
}

func day() *rapid.Generator[un.Date] {
	return rapid.OneOf(rapid.SampledFrom([]un.Date{un.FirstDay, un.LastDay}), rapid.Custom(func(t *rapid.T) un.Date {
		y, m := year().Draw(t, "year"), rapid.SampledFrom([]int{1, 2, 12}).Draw(t, "month")
		return un.Date(written([3]int{y, m, rapid.SampledFrom([]int{1, 28, 31}).Draw(t, "day")}))
	}))
}

func instances() *rapid.Generator[instance] {
	return rapid.Custom(func(t *rapid.T) instance {
		y := year().Draw(t, "year")
		p := [3]int{y}
		switch form := rapid.IntRange(0, 3).Draw(t, "form"); form {
		case 0:
			return instance{from: [3]int{y / 10 * 10}, to: [3]int{y/10*10 + 9}, decade: true}
		case 2, 3:
			p[1] = rapid.SampledFrom([]int{1, 2, 12}).Draw(t, "month")
			if form == 3 {
				p[2] = rapid.SampledFrom([]int{1, 28, length(y, p[1])}).Draw(t, "day")
			}
		}
		to := p
		to[0] = min(y+rapid.SampledFrom([]int{0, 1, 2, 7, 15}).Draw(t, "years"), 9999)
		if to[0] > y { // 29 February is no end of an interval: the other year may lack it
			p[2], to[2] = min(p[2], 28), min(to[2], 28)
		}
		return instance{from: p, to: to, interval: to[0] > y}
	})
}

func TestNextDueIsTheFirstOfAllOccurrences(t *testing.T) {
	years := map[un.Frequency]int{"ANNUAL": 1, "BIENNIAL": 2, "TRIENNIAL": 3, "QUADRENNIAL": 4, "QUINQUENNIAL": 5, "DECENNIAL": 10, "PERIODIC": 0}
	rapid.Check(t, func(t *rapid.T) {
		from, until := day().Draw(t, "from"), day().Draw(t, "until")
		c := un.ReportingCycle{
			Record:    un.Record{Validity: un.Validity{From: min(from, until), Until: max(from, until)}},
			Frequency: un.Frequency(rapid.SampledFrom(un.Enums["Frequency"]).Draw(t, "frequency")),
		}
		anchor := instances().Draw(t, "anchor")
		if rapid.IntRange(0, 5).Draw(t, "anchored") > 0 {
			text, _ := anchor.text(0)
			c.Anchor = date(text)
		}
		asOf := rapid.OneOf(rapid.Just(un.Date("")), day()).Draw(t, "as of")

		var want string // the first of all
		for y := 0; y <= 9999 && want == ""; y++ {
			text, first, last := fmt.Sprintf("%04d", y), un.Date(""), un.Date("")
			if c.Frequency != un.Annual {
				n := y - anchor.from[0]
				if c.Anchor == nil || years[c.Frequency] == 0 || n%years[c.Frequency] != 0 || anchor.to[0]+n < asOf.Year() {
					continue
				}
				var ok bool
				if text, ok = anchor.text(n); !ok {
					continue
				}
				first, last = anchor.days(n)
			} else if asOf <= un.Date(text+"-12-31") {
				first, last = un.Date(text+"-01-01"), un.Date(text+"-12-31")
			}
			v := c.Validity
			inForce := max(first, v.From) <= last && max(first, v.From) < v.Until // on one of its days
			if c.Frequency == un.Annual {
				inForce = v.From <= first && (last < v.Until || v.Until == un.LastDay) // on each of its days
			}
			if first != "" && inForce && asOf <= last {
				want = text
			}
		}
		got := c.NextDue(asOf)
		if got == nil {
			got = new(un.PartialDate)
		}
		if got.EDTF != want {
			t.Fatalf("%s from %v, in force %v: after %q it is %q, want %q", c.Frequency, c.Anchor, c.Validity, asOf, got.EDTF, want)
		}
	})
}

func TestOccurrencesAreEveryNextDueOfASpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, until := day().Draw(t, "in force from"), day().Draw(t, "until")
		c := un.ReportingCycle{
			Record:    un.Record{Validity: un.Validity{From: min(from, until), Until: max(from, until)}},
			Frequency: un.Frequency(rapid.SampledFrom(un.Enums["Frequency"]).Draw(t, "frequency")),
		}
		if text, _ := instances().Draw(t, "anchor").text(0); rapid.IntRange(0, 5).Draw(t, "anchored") > 0 {
			c.Anchor = date(text)
		}
		if rapid.IntRange(0, 3).Draw(t, "ruled") == 0 {
			c.Frequency, c.RRule = un.Annual, rules().Draw(t, "rule")
		}
		first := day().Draw(t, "first")
		last := first.AddDays(rapid.IntRange(0, 3000).Draw(t, "days"))

		var want []string // what is next on any day, until the next begins too late
		for on := first; ; on = on.AddDays(1) {
			next := c.NextDue(on)
			if next == nil || next.Earliest() > last {
				break
			}
			if len(want) == 0 || want[len(want)-1] != next.EDTF {
				want = append(want, next.EDTF)
			}
			if on == un.LastDay {
				break
			}
		}
		var got []string
		for _, o := range c.Occurrences(first, last) {
			if got = append(got, o.EDTF); o.Latest() < first || o.Earliest() > last {
				t.Fatalf("%s has no day from %s to %s", o.EDTF, first, last)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s from %v by %q, in force %v: from %s to %s (-want +got):\n%s", c.Frequency, c.Anchor, c.RRule, c.Validity, first, last, diff)
		}
	})
}

func TestOccurrences(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		cycle     un.ReportingCycle
		from, to  un.Date
		want      string
	}{
		{"each full year", un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: "2023-06-07", Until: "2026-12-31"}}, Frequency: un.Annual}, "2000-01-01", "2099-12-31", "2024 2025"},
		{"a day of a year is enough", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: un.Annual}, "2026-12-31", "2028-01-01", "2026 2027 2028"},
		{"one day", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: un.Annual}, "2026-06-30", "2026-06-30", "2026"},
		{"the anchor's years", un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: "2024-01-01", Until: "2030-01-01"}}, Frequency: "BIENNIAL", Anchor: date("2027-03")}, "2000-01-01", "2099-12-31", "2025-03 2027-03 2029-03"},
		{"none between the anchor's", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: "BIENNIAL", Anchor: date("2027-03")}, "2027-04-01", "2029-02-28", ""},
		{"intervals that overlap", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: "BIENNIAL", Anchor: date("2020/2023")}, "2022-01-01", "2022-12-31", "2020/2023 2022/2025"},
		{"the rule's days", un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: "2026-05-18", Until: "2029-05-17"}}, Frequency: un.Annual, RRule: "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17"}, "2000-01-01", "2099-12-31", "2027-05-17 2028-05-17"},
		{"nothing without an anchor", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: "BIENNIAL"}, "2000-01-01", "2099-12-31", ""},
		{"until the end of the calendar", un.ReportingCycle{Record: un.Record{Validity: un.Always}, Frequency: un.Annual}, "9998-01-01", un.LastDay, "9998 9999"},
	} {
		var got []string
		for _, o := range c.cycle.Occurrences(c.from, c.to) {
			got = append(got, o.EDTF)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: from %s to %s it has %q, want %q", c.behaviour, c.from, c.to, got, c.want)
		}
	}
}

// rules are those that RFC 5545 allows and that fix at most one day a year.
func rules() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		month := rapid.IntRange(1, 12).Draw(t, "month")
		by := fmt.Sprintf("BYMONTHDAY=%d", rapid.IntRange(1, length(2001, month)).Draw(t, "day"))
		if rapid.Bool().Draw(t, "weekday") {
			nth := rapid.SampledFrom([]int{-5, -4, -3, -2, -1, 1, 2, 3, 4, 5}).Draw(t, "nth")
			by = fmt.Sprintf("BYDAY=%d%s", nth, rapid.SampledFrom([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}).Draw(t, "day"))
		}
		parts := rapid.Permutation([]string{"FREQ=YEARLY", fmt.Sprintf("BYMONTH=%d", month), by}).Draw(t, "parts")
		return strings.Join(parts, ";")
	})
}

// fixes is what an independent implementation makes of a rule: the days of the years from one to another.
func fixes(text string, from, to int) (map[int]un.Date, error) {
	option, err := rrule.StrToROption(text)
	if err != nil {
		return nil, err
	}
	option.Dtstart = time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	option.Until = time.Date(to, 12, 31, 0, 0, 0, 0, time.UTC)
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, err
	}
	days := map[int]un.Date{}
	for _, day := range rule.All() {
		if days[day.Year()] != "" {
			return nil, fmt.Errorf("%s fixes two days of %d", text, day.Year())
		}
		days[day.Year()] = un.Date(day.Format(time.DateOnly))
	}
	return days, nil
}

func TestRuleFixesTheDaysThatRFC5545Does(t *testing.T) {
	const from, to = 1900, 2100
	rapid.Check(t, func(t *rapid.T) {
		text := rules().Draw(t, "rule")
		want, err := fixes(text, from, to)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := un.ParseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		got := map[int]un.Date{}
		for year := from; year <= to; year++ {
			if day := rule.In(year); day != "" {
				got[year] = day
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

// TestRuleOfSeveralDays: days that follow each other are one occurrence, as an independent implementation has them one by one.
func TestRuleOfSeveralDays(t *testing.T) {
	const text = "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=24,25,26,27,28,29,30,31"
	c := &un.ReportingCycle{Record: un.Record{Validity: un.Validity{From: "2023-06-07", Until: "2026-10-24"}}, Frequency: un.Annual, RRule: text}
	var got []string
	for _, on := range c.Occurrences("0000-01-01", "9999-12-31") {
		got = append(got, on.EDTF+" "+on.Explanation)
	}
	var want []string
	for year := 2023; year <= 2025; year++ { // the rule ends with the day on which that of 2026 begins
		want = append(want, fmt.Sprintf("%d-10-24/%[1]d-10-31 the rule fixes the days: each year from 24 to 31 October", year))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	option, err := rrule.StrToROption(text)
	if err != nil {
		t.Fatal(err)
	}
	option.Dtstart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		t.Fatal(err)
	}
	days := rule.Between(option.Dtstart, option.Dtstart.AddDate(1, 0, 0), true)
	if first, last := days[0].Format(time.DateOnly), days[len(days)-1].Format(time.DateOnly); len(days) != 8 || first+"/"+last != "2024-10-24/2024-10-31" {
		t.Errorf("it has %d days, from %s to %s", len(days), first, last)
	}
}

func TestParseRuleRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                          "",
		"another frequency":                "FREQ=MONTHLY;BYMONTH=5;BYMONTHDAY=17",
		"no frequency":                     "BYMONTH=5;BYMONTHDAY=17",
		"no month":                         "FREQ=YEARLY;BYMONTHDAY=17",
		"no day":                           "FREQ=YEARLY;BYMONTH=5",
		"both days":                        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17;BYDAY=4TH",
		"both days and no frequency":       "BYMONTH=5;BYMONTHDAY=17;BYDAY=4TH",
		"a part twice":                     "FREQ=YEARLY;BYMONTH=5;BYMONTH=5;BYMONTHDAY=17",
		"an interval":                      "FREQ=YEARLY;INTERVAL=2;BYMONTH=5;BYMONTHDAY=17",
		"an end":                           "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17;COUNT=3",
		"a part too many":                  "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17;",
		"the property's name":              "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17",
		"small letters":                    "freq=yearly;bymonth=5;bymonthday=17",
		"spaces":                           "FREQ=YEARLY; BYMONTH=5; BYMONTHDAY=17",
		"month 0":                          "FREQ=YEARLY;BYMONTH=0;BYMONTHDAY=17",
		"month 13":                         "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=17",
		"a signed month":                   "FREQ=YEARLY;BYMONTH=+5;BYMONTHDAY=17",
		"a month in three figures":         "FREQ=YEARLY;BYMONTH=005;BYMONTHDAY=17",
		"two months":                       "FREQ=YEARLY;BYMONTH=5,6;BYMONTHDAY=17",
		"day 0":                            "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=0",
		"day 32":                           "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=32",
		"a day a year on":                  "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=370",
		"a day that April lacks":           "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
		"a day that most years lack":       "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
		"days with a gap":                  "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17,19",
		"days the other way round":         "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=18,17",
		"a day twice":                      "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17,17",
		"days of which April lacks one":    "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30,31",
		"days and nothing":                 "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17,",
		"a day from the end":               "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=-1",
		"a weekday without a number":       "FREQ=YEARLY;BYMONTH=4;BYDAY=TH",
		"a weekday's number 0":             "FREQ=YEARLY;BYMONTH=4;BYDAY=0TH",
		"a weekday's number 6":             "FREQ=YEARLY;BYMONTH=4;BYDAY=6TH",
		"a weekday's number -6":            "FREQ=YEARLY;BYMONTH=4;BYDAY=-6TH",
		"a weekday's number with no digit": "FREQ=YEARLY;BYMONTH=4;BYDAY=-TH",
		"a weekday's number in three":      "FREQ=YEARLY;BYMONTH=4;BYDAY=004TH",
		"no weekday":                       "FREQ=YEARLY;BYMONTH=4;BYDAY=4TX",
		"two weekdays":                     "FREQ=YEARLY;BYMONTH=4;BYDAY=4TH,1MO",
	} {
		t.Run(name, func(t *testing.T) {
			rule, err := un.ParseRule(text)
			if err == nil {
				t.Fatalf("%q became %+v", text, rule)
			}
			if !strings.Contains(err.Error(), fmt.Sprintf("%q", text)) || !strings.Contains(err.Error(), "BYMONTH=4;BYDAY=4TH") {
				t.Errorf("the error does not name the text and the forms: %v", err)
			}
			if diff := cmp.Diff(un.Rule{}, rule); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzParseRule(f *testing.F) {
	for _, s := range []string{
		"FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17", "FREQ=YEARLY;BYMONTH=4;BYDAY=4TH", "BYDAY=-5SU;FREQ=YEARLY;BYMONTH=02",
		"FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=396", "FREQ=YEARLY;BYMONTH=5;BYDAY=+1MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rule, err := un.ParseRule(s)
		if err != nil {
			return
		}
		want, err := fixes(s, 2000, 2028)
		if err != nil {
			t.Fatalf("%q is accepted: %v", s, err)
		}
		for year := 2000; year <= 2028; year++ {
			if got := rule.In(year); got != want[year] {
				t.Fatalf("%q fixes %q in %d, want %q", s, got, year, want[year])
			}
		}
	})
}

func TestRuleInWords(t *testing.T) {
	for text, want := range map[string]string{
		"FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17":        "each year on 17 May",
		"FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=24,25,26": "each year from 24 to 26 October",
		"FREQ=YEARLY;BYMONTH=4;BYDAY=4TH":            "each year on the 4th Thursday of April",
		"FREQ=YEARLY;BYMONTH=9;BYDAY=-1MO":           "each year on the last Monday of September",
		"FREQ=YEARLY;BYMONTH=9;BYDAY=-2MO":           "each year on the 2nd Monday of September from its end",
	} {
		rule, err := un.ParseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule.String(); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

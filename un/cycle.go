package un

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// A ReportingCycle is a duty that recurs.
type ReportingCycle struct {
	Record
	Title        string
	Kind         CycleKind
	Frequency    Frequency
	Since, Until *PartialDate // when the rule is in force: never a start to count from
	Anchor       *PartialDate // one stated instance to count from
	RRule        string       // RFC 5545, of the forms that ParseRule reads; only where the sources fix the day
}

// NodeKind is REPORTING_CYCLE.
func (*ReportingCycle) NodeKind() Kind { return KindCycle }

// Label is the title.
func (c *ReportingCycle) Label() string { return c.Title }

var cycleFields = fields[*ReportingCycle]{
	"kind":         func(c *ReportingCycle) []string { return word(c.Kind) },
	"frequency":    func(c *ReportingCycle) []string { return word(c.Frequency) },
	"title":        func(c *ReportingCycle) []string { return word(c.Title) },
	"since":        func(c *ReportingCycle) []string { return earliest(c.Since) },
	"since.latest": func(c *ReportingCycle) []string { return latest(c.Since) },
}

// Field gives the values of a field of Fields.
func (c *ReportingCycle) Field(name string) []string {
	if v, ok := c.field(name); ok {
		return v
	}
	return cycleFields.of(c, name)
}

// SortValue is what TITLE and SINCE compare.
func (c *ReportingCycle) SortValue(order string) string {
	if order == "SINCE" {
		return Span(c.Since)
	}
	return c.Title
}

// Years is how many years lie between two instances; 0 for PERIODIC, which does not say.
func (f Frequency) Years() int {
	switch f {
	case "ANNUAL":
		return 1
	case "BIENNIAL":
		return 2
	case "TRIENNIAL":
		return 3
	case "QUADRENNIAL":
		return 4
	case "QUINQUENNIAL":
		return 5
	case "DECENNIAL":
		return 10
	}
	return 0
}

// NextDue is the first occurrence whose latest day is not before day, nil where nothing can be said.
//
// The rule: a cycle with an RRule occurs on the days that it fixes. An annual one occurs once in each full year in which
// it is in force, at the precision of a year. Any other is counted in both directions from its anchor, with the anchor's
// precision, where some day of it is in force; without an anchor, or with one that has an open end, it has no
// occurrences, since `since` is no start to count from.
func (c *ReportingCycle) NextDue(day Date) *PartialDate {
	for next := range c.since(day) {
		return next
	}
	return nil
}

// Occurrences are those of which some day is from from to to, both included, by the rule of NextDue.
func (c *ReportingCycle) Occurrences(from, to Date) (all []*PartialDate) {
	for next := range c.since(from) {
		if earliest(next)[0] > string(to) {
			break
		}
		all = append(all, next)
	}
	return all
}

// since gives the occurrences whose latest day is not before day, in their order.
func (c *ReportingCycle) since(day Date) iter.Seq[*PartialDate] {
	return func(yield func(*PartialDate) bool) {
		if c.Validity.Until <= c.Validity.From { // never in force
			return
		}
		for n := 0; ; n++ {
			next, more := c.occurrence(day, n)
			if !more || next != nil && string(day) <= latest(next)[0] && !yield(next) {
				return
			}
		}
	}
}

// occurrence is the n-th occurrence that may be in time for day, nil where there is none at that count; false when
// there are no more. It is called with n = 0, 1, 2 …
func (c *ReportingCycle) occurrence(day Date, n int) (*PartialDate, bool) {
	var next *PartialDate
	switch years := c.Frequency.Years(); {
	case c.RRule != "":
		rule, err := ParseRule(c.RRule)
		year := max(day.Year(), c.Validity.From.Year()) + n
		if err != nil || year > 9999 || year > c.Validity.Until.Year() {
			return nil, false
		}
		on := rule.In(year)
		if on == "" || !c.Validity.On(on) {
			return nil, true
		}
		next = &PartialDate{string(on), Derived, "the rule fixes the day: " + rule.String()}
		if rule.Last > 0 {
			next.EDTF += fmt.Sprintf("/%04d-%02d-%02d", year, rule.Month, rule.Last)
			next.Explanation = "the rule fixes the days: " + rule.String()
		}
		return next, true
	case c.Frequency == Annual:
		year := max(day.Year(), firstFullYear(c.Validity.From)) + n
		if c.Validity.Until < LastDay && year >= c.Validity.Until.Year() || year > 9999 {
			return nil, false
		}
		next = &PartialDate{fmt.Sprintf("%04d", year), Derived, "annual: once in each full year in which the rule is in force"}
		return next, true
	case c.Anchor == nil || years == 0:
		return nil, false
	default:
		// No lower count than this ends as late as in the year of the day, or of the rule's first day.
		start := max(day.Year(), c.Validity.From.Year()) - c.Anchor.Latest().Year()
		steps := start/years + n
		if steps == 0 {
			next = c.Anchor
		} else if next = c.Anchor.ShiftYears(steps * years); next != nil {
			next.Explanation = fmt.Sprintf("every %d years, counted from %s", years, c.Anchor.EDTF)
		}
		if next == nil || next.Earliest() == "" || next.Latest() == "" {
			return nil, c.Anchor.Earliest() != "" && c.Anchor.Latest() != "" && steps <= 0
		}
		if next.Earliest() >= c.Validity.Until {
			return nil, false
		}
		if next.Latest() < c.Validity.From {
			return nil, true
		}
		return next, true
	}
}

func firstFullYear(from Date) int {
	if strings.HasSuffix(string(from), "-01-01") {
		return from.Year()
	}
	return from.Year() + 1
}

// A Rule is a day that a recurrence rule fixes in each year: a day of a month, or the n-th weekday of a month; or some days of
// a month, one after the other.
type Rule struct {
	Month   time.Month
	Day     int          // of the month; 0 where Weekday and Nth fix it
	Last    int          // the last of several days, of which Day is the first; 0 where there is one
	Weekday time.Weekday // the Nth of the month, from its end where Nth is negative
	Nth     int
}

var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday,
	"TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// ParseRule reads the two forms of RFC 5545's recurrence rules that fix one day a year, and no others:
// FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17, also with days that follow each other (BYMONTHDAY=24,25,26), and
// FREQ=YEARLY;BYMONTH=4;BYDAY=4TH (the fourth Thursday of April).
func ParseRule(text string) (Rule, error) {
	refuse := func() (Rule, error) {
		return Rule{}, fmt.Errorf("rrule %q: write FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17 or FREQ=YEARLY;BYMONTH=4;BYDAY=4TH", text)
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if _, twice := parts[name]; twice {
			return refuse()
		}
		parts[name] = value
	}
	month, ok := figure(parts["BYMONTH"], 12)
	if !ok || len(parts) != 3 || parts["FREQ"] != "YEARLY" {
		return refuse()
	}
	r := Rule{Month: time.Month(month)}
	if day, ok := parts["BYMONTHDAY"]; ok {
		for i, text := range strings.Split(day, ",") {
			n, ok := figure(text, 31)
			// A day that some years lack is no day that is fixed in each year.
			if !ok || time.Date(2001, r.Month, n, 0, 0, 0, 0, time.UTC).Month() != r.Month || i > 0 && n != max(r.Day, r.Last)+1 {
				return refuse()
			}
			if i == 0 {
				r.Day = n
			} else {
				r.Last = n
			}
		}
		return r, nil
	}
	by := parts["BYDAY"]
	if len(by) < 3 {
		return refuse()
	}
	number, fromEnd := strings.CutPrefix(by[:len(by)-2], "-")
	if !fromEnd {
		number = strings.TrimPrefix(number, "+")
	}
	var known bool
	r.Weekday, known = weekdays[by[len(by)-2:]]
	r.Nth, ok = figure(number, 5)
	if !known || !ok {
		return refuse()
	}
	if fromEnd {
		r.Nth = -r.Nth
	}
	return r, nil
}

// figure reads a number from 1 to most, in one or two digits as RFC 5545 has them.
func figure(text string, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && len(text) <= 2 && digits(text) && 1 <= n && n <= most
}

// String says the rule in words: "each year on 17 May", "each year on the 4th Thursday of April".
func (r Rule) String() string {
	switch {
	case r.Last > 0:
		return fmt.Sprintf("each year from %d to %d %s", r.Day, r.Last, r.Month)
	case r.Day > 0:
		return fmt.Sprintf("each year on %d %s", r.Day, r.Month)
	case r.Nth == -1:
		return fmt.Sprintf("each year on the last %s of %s", r.Weekday, r.Month)
	case r.Nth < 0:
		return fmt.Sprintf("each year on the %s %s of %s from its end", Ordinal(-r.Nth), r.Weekday, r.Month)
	}
	return fmt.Sprintf("each year on the %s %s of %s", Ordinal(r.Nth), r.Weekday, r.Month)
}

// In is the day that the rule fixes in a year, of several the first, "" where the year has none: a fifth Thursday that the month lacks.
func (r Rule) In(year int) Date {
	day := r.Day
	if day == 0 {
		days := time.Date(year, r.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
		if r.Nth > 0 {
			first := time.Date(year, r.Month, 1, 0, 0, 0, 0, time.UTC).Weekday()
			day = 1 + (int(r.Weekday)-int(first)+7)%7 + 7*(r.Nth-1)
		} else {
			last := time.Date(year, r.Month, days, 0, 0, 0, 0, time.UTC).Weekday()
			day = days - (int(last)-int(r.Weekday)+7)%7 + 7*(r.Nth+1)
		}
		if day < 1 || day > days {
			return ""
		}
	}
	return Date(fmt.Sprintf("%04d-%02d-%02d", year, r.Month, day))
}

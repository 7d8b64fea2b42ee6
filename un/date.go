package un

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Date is one day of the proleptic Gregorian calendar, written as an RFC 3339 full-date: "2027-03-31". Dates compare
// as strings. "" is no day; so is, to the methods, a text that is not a day.
type Date string

// The first and the last day that a Date can name. They stand for "always" where a period must have bounds.
const (
	FirstDay Date = "0000-01-01"
	LastDay  Date = "9999-12-31"
)

// ParseDate reads a full-date (RFC 3339, section 5.6) that names a real day of the years 0000 to 9999. The error says
// what is wrong and shows an example.
func ParseDate(s string) (Date, error) {
	err := checkPart(s)
	if err == nil && len(s) != len(LastDay) {
		err = errors.New("is not one day")
	}
	if err != nil {
		return "", fmt.Errorf("date %q %w; write a day like 2027-03-31", s, err)
	}
	return Date(s), nil
}

// AddDays returns the day n days later, or earlier where n is negative, but never one beyond FirstDay or LastDay.
// No day stays no day.
func (d Date) AddDays(n int) Date {
	t, ok := d.midnight()
	switch {
	case !ok:
		return ""
	case n > d.DaysUntil(LastDay):
		return LastDay
	case n < d.DaysUntil(FirstDay):
		return FirstDay
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Year returns the year of d, 0 when d is no day.
func (d Date) Year() int {
	t, ok := d.midnight()
	if !ok {
		return 0
	}
	return t.Year()
}

// DaysUntil returns how many days e is after d: negative when e is before d, 0 when either is no day.
func (d Date) DaysUntil(e Date) int {
	from, ok := d.midnight()
	to, ok2 := e.midnight()
	if !ok || !ok2 {
		return 0
	}
	return int((to.Unix() - from.Unix()) / int64(24*time.Hour/time.Second))
}

func (d Date) midnight() (t time.Time, ok bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return t, err == nil
}

// A DateBasis says where a date comes from.
type DateBasis string

// The bases of a date.
const (
	Stated  DateBasis = "STATED"  // a source says it
	Derived DateBasis = "DERIVED" // a rule yields it, which the date's explanation names
)

// A DatePrecision says how long a time a date leaves open.
type DatePrecision string

// The precisions of a date.
const (
	PrecisionDay      DatePrecision = "DAY"      // 2027-03-31
	PrecisionMonth    DatePrecision = "MONTH"    // 2027-03
	PrecisionYear     DatePrecision = "YEAR"     // 2027
	PrecisionInterval DatePrecision = "INTERVAL" // 2027-09/2027-12, 2006/..
	PrecisionDecade   DatePrecision = "DECADE"   // 203X
)

// A PartialDate is a date as exact as its source and no more. EDTF is its text in the Extended Date/Time Format
// (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/); [ParseEDTF] lists the forms. Explanation names the rule
// that yields a derived date: "five years after 2010".
//
// Every method accepts nil and a text that is not such a date, and then returns the zero value.
type PartialDate struct {
	EDTF        string    `json:"edtf"`
	Basis       DateBasis `json:"basis"`
	Explanation string    `json:"explanation,omitempty"`
}

// ParseEDTF reads a stated date. It accepts the dates and intervals of EDTF level 0
//
//	2027   2027-03   2027-03-31   2027-09/2027-12
//
// and of level 1 the qualifiers (2006~ approximate, 2006? uncertain, 2006% both; on the ends of an interval too), the
// decade (203X) and the interval with one end open (2006/.., ../2006) or unknown (2006/, /2006). It refuses all else: times
// of day, seasons, sets, years outside 0000 to 9999, days that do not exist, and an interval that ends before it starts.
// The error names the text, what is wrong with it and a form that is accepted.
func ParseEDTF(s string) (*PartialDate, error) {
	if _, err := parseExtent(s); err != nil {
		return nil, fmt.Errorf("date %q %w", s, err)
	}
	return &PartialDate{EDTF: s, Basis: Stated}, nil
}

// Earliest returns the first day that d may mean, "" when its start is open or unknown.
func (d *PartialDate) Earliest() Date { return d.extent().from.first() }

// Latest returns the last day that d may mean, "" when its end is open or unknown.
func (d *PartialDate) Latest() Date { return d.extent().to.last() }

// Precision returns how exact d is.
func (d *PartialDate) Precision() DatePrecision {
	e := d.extent()
	switch {
	case e.interval:
		return PrecisionInterval
	case strings.HasSuffix(e.from.text, "X"):
		return PrecisionDecade
	}
	switch len(e.from.text) {
	case len("2027-03-31"):
		return PrecisionDay
	case len("2027-03"):
		return PrecisionMonth
	case len("2027"):
		return PrecisionYear
	}
	return ""
}

// Approximate reports whether d, or an end of it, is only about right (~ or %).
func (d *PartialDate) Approximate() bool { return d.extent().qualified("~%") }

// Uncertain reports whether d, or an end of it, is doubtful (? or %).
func (d *PartialDate) Uncertain() bool { return d.extent().qualified("?%") }

// Years returns the years that d names in four digits, each once, in the order of the text: "2006", "2010" for
// "2006-01/2010". A decade names none.
func (d *PartialDate) Years() []string {
	var years []string
	e := d.extent()
	for _, p := range []part{e.from, e.to} {
		if p.known() && p.text[3] != 'X' && !slices.Contains(years, p.text[:4]) {
			years = append(years, p.text[:4])
		}
	}
	return years
}

// ShiftYears returns the same form n years later (earlier where n is negative), derived and not yet explained:
// qualifiers stay, 29 February becomes 28 February in a common year, and a decade shifted by other than whole decades
// becomes the interval of its years. It returns nil when an end is open, unknown or would leave the years 0000 to 9999.
func (d *PartialDate) ShiftYears(n int) *PartialDate {
	e := d.extent()
	if strings.HasSuffix(e.from.text, "X") && n%10 != 0 {
		e = extent{from: part{text: string(e.from.first()[:4])}, to: part{text: string(e.to.last()[:4])}, interval: true}
	}
	from, ok := e.from.shift(n)
	to, ok2 := e.to.shift(n)
	if !ok || !ok2 {
		return nil
	}
	return &PartialDate{EDTF: extent{from, to, e.interval}.String(), Basis: Derived}
}

// Narrow returns, as EDTF, the days that lie in both a and b; ok is false when there are none. Where one lies wholly
// inside the other its own text is returned, a's when both cover the same days. Else it is the coarsest exact form: a
// year, a month, a day, or an interval between two of the same kind ("2027-09/2027-12", "2027-09-03/2027-12-31"). An open or unknown
// end bounds nothing, and nil leaves every day to the other; of nil and nil nothing is known, and ok is false.
func Narrow(a, b *PartialDate) (edtf string, ok bool) {
	af, al, aok := a.days()
	bf, bl, bok := b.days()
	from, to := max(af, bf), min(al, bl)
	switch {
	case !aok && !bok, from > to:
		return "", false
	case aok && from == af && to == al:
		return a.EDTF, true
	case bok && from == bf && to == bl:
		return b.EDTF, true
	}
	return coarsest(from, to), true
}

// days returns the bounds of d, the ends of the calendar where it has none. ok is false when d is no date.
func (d *PartialDate) days() (from, to Date, ok bool) {
	from, to = FirstDay, LastDay
	if e := d.Earliest(); e != "" {
		from, ok = e, true
	}
	if l := d.Latest(); l != "" {
		to, ok = l, true
	}
	return from, to, ok
}

// coarsest writes the days between two bounds, both included, in the fewest digits.
func coarsest(from, to Date) string {
	for _, n := range []int{len("2027"), len("2027-03"), len("2027-03-31")} {
		a, b := part{text: string(from[:n])}, part{text: string(to[:n])}
		if a.first() != from || b.last() != to {
			continue
		}
		if a == b {
			return a.text
		}
		return a.text + "/" + b.text
	}
	return "" // a day is its own first and last
}

func (d *PartialDate) extent() extent {
	if d == nil {
		return extent{}
	}
	e, err := parseExtent(d.EDTF)
	if err != nil {
		return extent{}
	}
	return e
}

// An extent is a parsed date: from one part to another, which are the same unless it is an interval.
type extent struct {
	from, to part
	interval bool
}

func parseExtent(s string) (extent, error) {
	a, b, interval := strings.Cut(s, "/")
	if !interval {
		from, err := parsePart(s)
		return extent{from: from, to: from}, err
	}
	var e extent
	for _, end := range []struct {
		name, text string
		part       *part
	}{{"start", a, &e.from}, {"end", b, &e.to}} {
		if end.text == "" || end.text == ".." {
			*end.part = part{text: end.text}
			continue
		}
		p, err := parsePart(end.text)
		if err == nil && strings.HasSuffix(p.text, "X") {
			err = fmt.Errorf("is a decade; write its years like %s/%s", p.first()[:4], p.last()[:4])
		}
		if err != nil {
			return extent{}, fmt.Errorf("is an interval whose %s %q %w", end.name, end.text, err)
		}
		*end.part = p
	}
	e.interval = true
	switch from, to := e.from.first(), e.to.last(); {
	case from == "" && to == "":
		return extent{}, errors.New("is an interval without a date; give one end like 2006/.. or ../2006")
	case from != "" && to != "" && to < from:
		return extent{}, errors.New("is an interval that ends before it starts; write it like 2027-09/2027-12")
	}
	return e, nil
}

func (e extent) String() string {
	if !e.interval {
		return e.from.String()
	}
	return e.from.String() + "/" + e.to.String()
}

func (e extent) qualified(by string) bool {
	return e.from.qualifier != "" && strings.Contains(by, e.from.qualifier) ||
		e.to.qualifier != "" && strings.Contains(by, e.to.qualifier)
}

// A part is a date without the means to be an interval, or an end of one: "" unknown, ".." open.
type part struct {
	text      string // "2027", "2027-03", "2027-03-31", "203X"; "" or ".." only as an end
	qualifier string // "", "~", "?" or "%"
}

func parsePart(s string) (part, error) {
	p := part{text: strings.TrimRight(s, "~?%")}
	p.qualifier = s[len(p.text):]
	if len(p.qualifier) > 1 {
		return part{}, errors.New("has more than one qualifier; write one like 2006~, 2006? or 2006%")
	}
	if decade, ok := strings.CutSuffix(p.text, "X"); ok && len(decade) == 3 && digits(decade) {
		if p.qualifier != "" {
			return part{}, fmt.Errorf("is a decade with a qualifier; write the decade alone like %s", p.text)
		}
		return p, nil
	}
	if err := checkPart(p.text); err != nil {
		return part{}, fmt.Errorf("%w; write it like 2027, 2027-03, 2027-03-31 or 203X", err)
	}
	return p, nil
}

// checkPart says what keeps s from being a year, a month or a day.
func checkPart(s string) error {
	n := len(s)
	if n != len("2027") && n != len("2027-03") && n != len("2027-03-31") ||
		!digits(s[:4]) || n > 4 && (s[4] != '-' || !digits(s[5:7])) || n > 7 && (s[7] != '-' || !digits(s[8:])) {
		return errors.New("is not a year, a month or a day")
	}
	if n > 4 && (s[5:7] < "01" || s[5:7] > "12") {
		return fmt.Errorf("has the month %s, which is not one of 01 to 12", s[5:7])
	}
	if n > 7 && (s[8:] < "01" || s[8:] > monthDays(s[:7])) {
		return fmt.Errorf("has the day %s, which is not one of 01 to %s", s[8:], monthDays(s[:7]))
	}
	return nil
}

// monthDays returns the number of days of a month like "2027-03".
func monthDays(month string) string {
	t, _ := time.Parse("2006-01", month)
	return strconv.Itoa(t.AddDate(0, 1, -1).Day())
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func (p part) String() string { return p.text + p.qualifier }

func (p part) known() bool { return p.text != "" && p.text != ".." }

// first returns the first day of p, "" where p is open or unknown.
func (p part) first() Date {
	if !p.known() {
		return ""
	}
	text := strings.TrimSuffix(p.text, "X")
	return Date(text) + FirstDay[len(text):]
}

// last returns the last day of p, "" where p is open or unknown.
func (p part) last() Date {
	if !p.known() {
		return ""
	}
	text := strings.TrimSuffix(p.text, "X")
	if len(text) == len("2027-03") {
		text += "-" + monthDays(text)
	}
	return Date(text) + LastDay[len(text):]
}

// shift returns p n years later. ok is false when there is no such year, or p is open or unknown.
func (p part) shift(n int) (q part, ok bool) {
	if !p.known() || n < -9999 || n > 9999 {
		return part{}, false
	}
	year := p.first().Year() + n
	if year < 0 || year > 9999 {
		return part{}, false
	}
	text := fmt.Sprintf("%04d", year) + p.text[4:]
	switch {
	case p.text[3] == 'X':
		text = text[:3] + "X"
	case checkPart(text) != nil: // 29 February
		text = string(part{text: text[:len("2027-02")]}.last())
	}
	return part{text, p.qualifier}, true
}

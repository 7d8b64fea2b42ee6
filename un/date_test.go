package un_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestParseDate(t *testing.T) {
	for _, s := range []string{"2027-03-31", "0000-01-01", "0000-02-29", "2024-02-29", "2000-02-29", "9999-12-31"} {
		if d, err := un.ParseDate(s); err != nil || string(d) != s {
			t.Errorf("ParseDate(%q) = %q, %v", s, d, err)
		}
	}
	for s, why := range map[string]string{
		"":                     "is not a year, a month or a day",
		"2027":                 "is not one day",
		"2027-03":              "is not one day",
		"203X":                 "is not a year, a month or a day",
		"2027-3-31":            "is not a year, a month or a day",
		"20270331":             "is not a year, a month or a day",
		"2027/03/31":           "is not a year, a month or a day",
		"-027-03-31":           "is not a year, a month or a day",
		"12027-03-31":          "is not a year, a month or a day",
		"2027-03-31T00:00:00Z": "is not a year, a month or a day",
		" 2027-03-31":          "is not a year, a month or a day",
		"٢٠٢٧-٠٣-٣١":           "is not a year, a month or a day",
		"2027-13-01":           "has the month 13, which is not one of 01 to 12",
		"2027-00-01":           "has the month 00, which is not one of 01 to 12",
		"2027-04-31":           "has the day 31, which is not one of 01 to 30",
		"2027-04-00":           "has the day 00, which is not one of 01 to 30",
		"2023-02-29":           "has the day 29, which is not one of 01 to 28",
		"1900-02-29":           "has the day 29, which is not one of 01 to 28",
	} {
		want := fmt.Sprintf("date %q %s; write a day like 2027-03-31", s, why)
		if d, err := un.ParseDate(s); d != "" || err == nil || err.Error() != want {
			t.Errorf("ParseDate(%q) = %q, %v, want error %q", s, d, err, want)
		}
	}
}

func TestParseDateAcceptsWhatTheTimePackageDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(0, 9999).Draw(t, "year"),
			rapid.IntRange(0, 14).Draw(t, "month"), rapid.IntRange(0, 33).Draw(t, "day"))
		_, want := time.Parse(time.DateOnly, s)
		if _, err := un.ParseDate(s); (err == nil) != (want == nil) {
			t.Fatalf("ParseDate(%q): %v, the time package says %v", s, err, want)
		}
	})
}

func TestDateArithmetic(t *testing.T) {
	t.Run("counts as a calendar does", func(t *testing.T) {
		days := calendar()
		rapid.Check(t, func(t *rapid.T) {
			i, j := rapid.IntRange(0, len(days)-1).Draw(t, "i"), rapid.IntRange(0, len(days)-1).Draw(t, "j")
			d, e := un.Date(days[i]), un.Date(days[j])
			if got := d.AddDays(j - i); got != e {
				t.Errorf("%s and %d days are %s, want %s", d, j-i, got, e)
			}
			if got := d.DaysUntil(e); got != j-i {
				t.Errorf("from %s to %s are %d days, want %d", d, e, got, j-i)
			}
			if got := strconv.Itoa(d.Year()); got != days[i][:4] {
				t.Errorf("the year of %s is %s", d, got)
			}
		})
	})
	t.Run("stays within the calendar", func(t *testing.T) {
		const maxInt = int(^uint(0) >> 1)
		for _, c := range []struct {
			d    un.Date
			n    int
			want un.Date
		}{
			{un.LastDay, 1, un.LastDay},
			{un.FirstDay, -1, un.FirstDay},
			{"2027-03-31", maxInt, un.LastDay},
			{"2027-03-31", -maxInt - 1, un.FirstDay},
			{un.FirstDay, un.FirstDay.DaysUntil(un.LastDay), un.LastDay},
			{un.LastDay, un.LastDay.DaysUntil(un.FirstDay), un.FirstDay},
			{"9999-12-30", 1, un.LastDay},
			{"0000-01-02", -1, un.FirstDay},
		} {
			if got := c.d.AddDays(c.n); got != c.want {
				t.Errorf("%s.AddDays(%d) = %s, want %s", c.d, c.n, got, c.want)
			}
		}
	})
	t.Run("no day stays no day", func(t *testing.T) {
		for _, d := range []un.Date{"", "2027", "tomorrow", "2027-02-30"} {
			if got := d.AddDays(1); got != "" {
				t.Errorf("%q.AddDays(1) = %q", d, got)
			}
			if d.Year() != 0 || d.DaysUntil("2027-03-31") != 0 || un.Date("2027-03-31").DaysUntil(d) != 0 {
				t.Errorf("%q counts as a day", d)
			}
		}
	})
}

func TestParseEDTF(t *testing.T) {
	type facts struct {
		Earliest, Latest       un.Date
		Precision              un.DatePrecision
		Approximate, Uncertain bool
		Years                  []string
	}
	for s, want := range map[string]facts{
		"2027":                  {"2027-01-01", "2027-12-31", un.PrecisionYear, false, false, []string{"2027"}},
		"0000":                  {"0000-01-01", "0000-12-31", un.PrecisionYear, false, false, []string{"0000"}},
		"9999-12":               {"9999-12-01", "9999-12-31", un.PrecisionMonth, false, false, []string{"9999"}},
		"2024-02":               {"2024-02-01", "2024-02-29", un.PrecisionMonth, false, false, []string{"2024"}},
		"1900-02":               {"1900-02-01", "1900-02-28", un.PrecisionMonth, false, false, []string{"1900"}},
		"2025-12-17":            {"2025-12-17", "2025-12-17", un.PrecisionDay, false, false, []string{"2025"}},
		"203X":                  {"2030-01-01", "2039-12-31", un.PrecisionDecade, false, false, nil},
		"2006~":                 {"2006-01-01", "2006-12-31", un.PrecisionYear, true, false, []string{"2006"}},
		"2006-07?":              {"2006-07-01", "2006-07-31", un.PrecisionMonth, false, true, []string{"2006"}},
		"2006-07-04%":           {"2006-07-04", "2006-07-04", un.PrecisionDay, true, true, []string{"2006"}},
		"2025-12-16/2025-12-17": {"2025-12-16", "2025-12-17", un.PrecisionInterval, false, false, []string{"2025"}},
		"2025-09/2026-09":       {"2025-09-01", "2026-09-30", un.PrecisionInterval, false, false, []string{"2025", "2026"}},
		"2006/2006-03":          {"2006-01-01", "2006-03-31", un.PrecisionInterval, false, false, []string{"2006"}},
		"2006-03/2006":          {"2006-03-01", "2006-12-31", un.PrecisionInterval, false, false, []string{"2006"}},
		"2006~/2010?":           {"2006-01-01", "2010-12-31", un.PrecisionInterval, true, true, []string{"2006", "2010"}},
		"2006/2010%":            {"2006-01-01", "2010-12-31", un.PrecisionInterval, true, true, []string{"2006", "2010"}},
		"2006/..":               {"2006-01-01", "", un.PrecisionInterval, false, false, []string{"2006"}},
		"../2006-02":            {"", "2006-02-28", un.PrecisionInterval, false, false, []string{"2006"}},
		"2006~/":                {"2006-01-01", "", un.PrecisionInterval, true, false, []string{"2006"}},
		"/2006":                 {"", "2006-12-31", un.PrecisionInterval, false, false, []string{"2006"}},
	} {
		t.Run("accepts "+s, func(t *testing.T) {
			d, err := un.ParseEDTF(s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&un.PartialDate{EDTF: s, Basis: un.Stated}, d); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(want, facts{d.Earliest(), d.Latest(), d.Precision(), d.Approximate(), d.Uncertain(), d.Years()}); diff != "" {
				t.Error(diff)
			}
		})
	}
	for s, why := range map[string]string{
		"":                      "is not a year, a month or a day",
		"27":                    "is not a year, a month or a day",
		"-0043":                 "is not a year, a month or a day",
		"Y17000":                "is not a year, a month or a day",
		"next year":             "is not a year, a month or a day",
		"2027 ":                 "is not a year, a month or a day",
		"2027-03-31T10:00:00Z":  "is not a year, a month or a day",
		"2027-XX":               "is not a year, a month or a day",
		"20XX":                  "is not a year, a month or a day",
		"203x":                  "is not a year, a month or a day",
		"X":                     "is not a year, a month or a day",
		"?2027":                 "is not a year, a month or a day",
		"[2026,2027]":           "is not a year, a month or a day",
		"..":                    "is not a year, a month or a day",
		"2027-21":               "has the month 21, which is not one of 01 to 12",
		"2027-13":               "has the month 13, which is not one of 01 to 12",
		"2027-02-30":            "has the day 30, which is not one of 01 to 28",
		"2027~?":                "has more than one qualifier",
		"203X~":                 "is a decade with a qualifier",
		"/":                     "is an interval without a date",
		"../..":                 "is an interval without a date",
		"/..":                   "is an interval without a date",
		"../":                   "is an interval without a date",
		"202X/2030":             `is an interval whose start "202X" is a decade; write its years like 2020/2029`,
		"2020/203X":             `is an interval whose end "203X" is a decade; write its years like 2030/2039`,
		"2020/21":               `is an interval whose end "21" is not a year, a month or a day`,
		"2020/2021/2022":        `is an interval whose end "2021/2022" is not a year, a month or a day`,
		"2027-13/2028":          `is an interval whose start "2027-13" has the month 13`,
		"2010/2006":             "is an interval that ends before it starts",
		"2027-03-02/2027-03-01": "is an interval that ends before it starts",
		"2027-04/2027-03-31":    "is an interval that ends before it starts",
	} {
		t.Run("refuses "+s, func(t *testing.T) {
			d, err := un.ParseEDTF(s)
			if d != nil || err == nil {
				t.Fatalf("got %v, %v", d, err)
			}
			if want := fmt.Sprintf("date %q %s", s, why); !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), " like ") {
				t.Errorf("%v\nwant %s … like …", err, want)
			}
		})
	}
}

// calendar returns the days of 2018 to 2041, in order.
func calendar() []string {
	var days []string
	for d := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() < 2042; d = d.AddDate(0, 0, 1) {
		days = append(days, d.Format(time.DateOnly))
	}
	return days
}

// lies says whether a day lies in an EDTF text that is known to be right: it compares as many digits as the text has.
func lies(day, edtf string) bool {
	from, to, interval := strings.Cut(edtf, "/")
	if !interval {
		to = from
	}
	from, to = strings.TrimRight(from, "~?%X."), strings.TrimRight(to, "~?%X.")
	return day[:len(from)] >= from && (to == "" || day[:len(to)] <= to)
}

func members(days []string, edtf ...string) []string {
	var in []string
	for _, d := range days {
		if !slices.ContainsFunc(edtf, func(s string) bool { return !lies(d, s) }) {
			in = append(in, d)
		}
	}
	return in
}

// part draws a year, a month or a day of the given years, qualified or not.
func part(from, to int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		day := time.Date(rapid.IntRange(from, to).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		if day.Year() > to {
			day = day.AddDate(-1, 0, 0)
		}
		return day.Format(rapid.SampledFrom([]string{"2006", "2006-01", time.DateOnly}).Draw(t, "layout")) +
			rapid.SampledFrom([]string{"", "", "~", "?", "%"}).Draw(t, "qualifier")
	})
}

// edtf draws a date that ParseEDTF accepts, of years around 2030.
func edtf(from, to int) *rapid.Generator[string] {
	interval := rapid.Custom(func(t *rapid.T) string {
		return part(from, to).Draw(t, "from") + "/" + part(from, to).Draw(t, "to")
	}).Filter(exist)
	open := rapid.SampledFrom([]string{"/..", "/"})
	return rapid.OneOf(part(from, to), interval,
		rapid.Custom(func(t *rapid.T) string { return part(from, to).Draw(t, "from") + open.Draw(t, "end") }),
		rapid.Custom(func(t *rapid.T) string {
			return strings.TrimPrefix(open.Draw(t, "start"), "/") + "/" + part(from, to).Draw(t, "to")
		}),
		rapid.Custom(func(t *rapid.T) string { return strconv.Itoa(rapid.IntRange(202, 203).Draw(t, "decade")) + "X" }))
}

func TestBoundsAreTheFirstAndLastMember(t *testing.T) {
	days := calendar()
	rapid.Check(t, func(t *rapid.T) {
		s := edtf(2020, 2039).Draw(t, "edtf")
		d, err := un.ParseEDTF(s)
		if err != nil {
			t.Fatal(err)
		}
		in := members(days, s)
		earliest, latest := un.Date(in[0]), un.Date(in[len(in)-1])
		if strings.HasPrefix(s, "/") || strings.HasPrefix(s, ".") {
			earliest = ""
		}
		if strings.HasSuffix(s, "/") || strings.HasSuffix(s, ".") {
			latest = ""
		}
		if d.EDTF != s || d.Earliest() != earliest || d.Latest() != latest {
			t.Fatalf("%s is %q to %q, want %q to %q", d.EDTF, d.Earliest(), d.Latest(), earliest, latest)
		}
		if earliest != "" && latest != "" && d.Earliest() > d.Latest() {
			t.Fatalf("%s ends before it starts", s)
		}
		if d.Approximate() != strings.ContainsAny(s, "~%") || d.Uncertain() != strings.ContainsAny(s, "?%") {
			t.Fatalf("%s: approximate %t, uncertain %t", s, d.Approximate(), d.Uncertain())
		}
	})
}

func TestParseEDTFRefusesMutants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := edtf(2020, 2039).Draw(t, "edtf")
		mutate := rapid.SampledFrom([]func(string) string{
			func(s string) string { return s + "T10:00:00Z" },
			func(s string) string { return s + "-99" },
			func(s string) string { return s + " " },
			func(s string) string { return s + "~~" },
			func(s string) string { return s + "\n" },
			func(s string) string { return "-" + s },
			func(s string) string { return "Y" + s },
			func(s string) string { return "[" + s + "]" },
			func(s string) string { return "{" + s + "}" },
			func(s string) string { return "?" + s },
			func(s string) string { return s + "/2030/2031" },
			func(s string) string { return strings.Replace(s, "20", "2", 1) },
			func(s string) string { return strings.Replace(s, "20", "+20", 1) },
			func(s string) string { return strings.Replace(s, "2", "２", 1) },
		}).Draw(t, "mutate")
		if d, err := un.ParseEDTF(mutate(s)); err == nil {
			t.Fatalf("accepted %q", d.EDTF)
		} else if !strings.Contains(err.Error(), strconv.Quote(mutate(s))) || !strings.Contains(err.Error(), " like ") {
			t.Fatalf("the error names no text or no form: %v", err)
		}
	})
}

func TestNilAndUnreadableDates(t *testing.T) {
	for _, d := range []*un.PartialDate{nil, {}, {EDTF: "soon"}, {EDTF: "2010/2006"}, {EDTF: "/"}} {
		if d.Earliest() != "" || d.Latest() != "" || d.Precision() != "" || d.Approximate() || d.Uncertain() || d.Years() != nil || d.ShiftYears(1) != nil {
			t.Errorf("%v says something", d)
		}
		if s, ok := un.Narrow(d, d); ok || s != "" {
			t.Errorf("%v narrows to %q", d, s)
		}
		if s, ok := un.Narrow(d, date("2027~")); !ok || s != "2027~" {
			t.Errorf("Narrow(%v, 2027~) = %q, %t", d, s, ok)
		}
		if s, ok := un.Narrow(date("2006/.."), d); !ok || s != "2006/.." {
			t.Errorf("Narrow(2006/.., %v) = %q, %t", d, s, ok)
		}
	}
}

func date(s string) *un.PartialDate { return &un.PartialDate{EDTF: s, Basis: un.Stated} }

func TestNarrow(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"2027", "2027-09/2028-01", "2027-09/2027-12"},
		{"2027", "2027-09-03/2028-01", "2027-09-03/2027-12-31"},
		{"2027-09/2028", "2026/2027-09", "2027-09"},
		{"2027-09-30/2028", "2026/2027-09", "2027-09-30"},
		{"2027/2029", "2025/2027", "2027"},
		{"2006/..", "../2010", "2006/2010"},
		{"2006/", "../2010-06", "2006-01/2010-06"},
		{"2006/..", "2010/", "2010/"},
		{"../2010", "/2006", "/2006"},
		{"2006~", "2006", "2006~"},
		{"2006", "2006~", "2006"},
		{"2027-01/2027-12", "2027", "2027-01/2027-12"},
		{"2030/2039", "203X", "2030/2039"},
		{"2025/2034", "203X", "2030/2034"},
		{"0000/2006", "../2010", "0000/2006"},
		{"2027", "2028", ""},
		{"2027-01-31", "2027-02", ""},
		{"2006/..", "../2005", ""},
	} {
		got, ok := un.Narrow(date(c.a), date(c.b))
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Narrow(%s, %s) = %q, %t, want %q", c.a, c.b, got, ok, c.want)
		}
	}
}

func TestNarrowIsTheIntersection(t *testing.T) {
	days := calendar()
	rapid.Check(t, func(t *rapid.T) {
		a, b := edtf(2026, 2031).Draw(t, "a"), edtf(2026, 2031).Draw(t, "b")
		in := members(days, a, b)
		got, ok := un.Narrow(date(a), date(b))
		if !ok {
			if len(in) > 0 {
				t.Fatalf("nothing lies in both %s and %s, want %s to %s", a, b, in[0], in[len(in)-1])
			}
			return
		}
		if _, err := un.ParseEDTF(got); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(members(days, got), in) {
			t.Fatalf("Narrow(%s, %s) = %s, want the days %v", a, b, got, in)
		}
		want := coarsest(days, in)
		switch {
		case slices.Equal(members(days, a), in):
			want = a
		case slices.Equal(members(days, b), in):
			want = b
		}
		if got != want {
			t.Fatalf("Narrow(%s, %s) = %s, want %s", a, b, got, want)
		}
	})
}

// coarsest tries years, then months, then days, alone before as an interval.
func coarsest(days, in []string) string {
	if len(in) == 0 {
		return ""
	}
	for _, n := range []int{4, 7, 10} {
		from, to := in[0][:n], in[len(in)-1][:n]
		for _, s := range []string{from, from + "/" + to} {
			if slices.Equal(members(days, s), in) {
				return s
			}
		}
	}
	return ""
}

func TestShiftYears(t *testing.T) {
	for _, c := range []struct {
		edtf string
		n    int
		want string
	}{
		{"2010", 5, "2015"},
		{"2006-03~", 10, "2016-03~"},
		{"2024-02-29", 1, "2025-02-28"},
		{"2024-02-29?", 4, "2028-02-29?"},
		{"2096-02-29", 4, "2100-02-28"},
		{"2024-02-28/2024-02-29%", -1, "2023-02-28/2023-02-28%"},
		{"2025-09/2026-09", 1, "2026-09/2027-09"},
		{"203X", 10, "204X"},
		{"203X", -2030, "000X"},
		{"203X", 5, "2035/2044"},
		{"999X", 1, ""},
		{"2027", 0, "2027"},
		{"9999", 0, "9999"},
		{"9999", 1, ""},
		{"0000-12", -1, ""},
		{"0001-12", -1, "0000-12"},
		{"2027", 1 << 62, ""},
		{"2027", -1 << 63, ""},
		{"2027/9999", 1, ""},
		{"2006/..", 1, ""},
		{"2006/", 1, ""},
		{"../2006", 1, ""},
		{"/2006", 1, ""},
	} {
		got := date(c.edtf).ShiftYears(c.n)
		want := &un.PartialDate{EDTF: c.want, Basis: un.Derived}
		if c.want == "" {
			want = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %d years later (-want +got):\n%s", c.edtf, c.n, diff)
		}
	}
}

func TestShiftYearsChangesTheYearAlone(t *testing.T) {
	year := regexp.MustCompile(`\d{4}(-\d\d-\d\d)?`)
	rapid.Check(t, func(t *rapid.T) {
		s := edtf(2020, 2039).Filter(func(s string) bool {
			return !strings.ContainsAny(s, "X.") && !strings.HasPrefix(s, "/") && !strings.HasSuffix(s, "/")
		}).Draw(t, "edtf")
		n := rapid.IntRange(-40, 40).Draw(t, "n")
		want := year.ReplaceAllStringFunc(s, func(s string) string {
			y, _ := strconv.Atoi(s[:4])
			shifted := strconv.Itoa(y+n) + s[4:]
			if _, err := time.Parse(time.DateOnly, shifted); err != nil && strings.HasSuffix(s, "-02-29") {
				return strconv.Itoa(y+n) + "-02-28"
			}
			return shifted
		})
		if got := date(s).ShiftYears(n); got == nil || got.EDTF != want {
			t.Fatalf("%s, %d years later, is %v, want %s", s, n, got, want)
		}
	})
}

func TestPartialDateInJSON(t *testing.T) {
	for want, d := range map[string]*un.PartialDate{
		`{"edtf":"2006/..","basis":"STATED"}`:                                     date("2006/.."),
		`{"edtf":"2015","basis":"DERIVED","explanation":"five years after 2010"}`: {EDTF: "2015", Basis: un.Derived, Explanation: "five years after 2010"},
	} {
		got, err := json.Marshal(d)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2027-03-31", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "2027", "", "203X"} {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		d, err := un.ParseDate(s)
		if _, want := time.Parse(time.DateOnly, s); (err == nil) != (want == nil) {
			t.Fatalf("ParseDate(%q): %v, the time package says %v", s, err, want)
		}
		if err != nil {
			if e := un.Date(s).AddDays(n); e != "" {
				t.Fatalf("%q and %d days are %s", s, n, e)
			}
			return
		}
		if again, err := un.ParseDate(string(d)); err != nil || again != d || string(d) != s {
			t.Fatalf("%q became %q, %v", s, again, err)
		}
		e := d.AddDays(n)
		if _, err := un.ParseDate(string(e)); err != nil || (n >= 0) != (e >= d) && e != d {
			t.Fatalf("%s and %d days are %s", d, n, e)
		}
		if e != un.FirstDay && e != un.LastDay && d.DaysUntil(e) != n {
			t.Fatalf("from %s to %s are %d days, want %d", d, e, d.DaysUntil(e), n)
		}
	})
}

func FuzzParseEDTF(f *testing.F) {
	for _, s := range []string{"2027", "2027-03", "2027-03-31", "2024-02-29", "2006~", "2006-07?/2010%", "203X", "2006/..", "../2006", "2006/", "/2006", "/", "../..", "2027-21", "2010/2006", "203X~", "2027-03-31T10:00Z"} {
		f.Add(s)
	}
	const p = `\d{4}(?:-\d\d(?:-\d\d)?)?[~?%]?`
	form := regexp.MustCompile(`^(?:\d{3}X|` + p + `|` + p + `/(?:` + p + `|\.\.|)|(?:\.\.|)/` + p + `)$`)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := un.ParseEDTF(s)
		if (err == nil) != (form.MatchString(s) && exist(s)) {
			t.Fatalf("ParseEDTF(%q): %v", s, err)
		}
		if err != nil {
			return
		}
		if again, err := un.ParseEDTF(d.EDTF); err != nil || *again != *d || d.EDTF != s {
			t.Fatalf("%q became %v, %v", s, again, err)
		}
		for _, day := range []un.Date{d.Earliest(), d.Latest()} {
			if _, err := un.ParseDate(string(day)); day != "" && (err != nil || !lies(string(day), s)) {
				t.Fatalf("%q has the bound %q, %v", s, day, err)
			}
		}
		if got, ok := un.Narrow(d, d); !ok || got != s {
			t.Fatalf("%q narrows itself to %q", s, got)
		}
		for _, n := range []int{-10, -1, 0, 1, 10} {
			if e := d.ShiftYears(n); e != nil {
				if _, err := un.ParseEDTF(e.EDTF); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// exist says whether the days in a well-formed EDTF text are real and, in an interval, in order.
func exist(s string) bool {
	from, to, _ := strings.Cut(s, "/")
	from, to = strings.TrimRight(from, "~?%."), strings.TrimRight(to, "~?%.")
	for _, p := range []string{from, to} {
		if p == "" || strings.HasSuffix(p, "X") {
			continue
		}
		if _, err := time.Parse(time.DateOnly[:len(p)], p); err != nil {
			return false
		}
	}
	n := min(len(from), len(to))
	return from[:n] <= to[:n]
}

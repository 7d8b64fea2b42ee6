package un_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/un"
)

func TestAssemblyDates(t *testing.T) {
	want := &un.PartialDate{
		EDTF: "2025-09/2026-09", Basis: un.Derived,
		Explanation: "the General Assembly's 80th session opens in September 2025 and ends in the next",
	}
	if diff := cmp.Diff(want, un.AssemblyDates(80)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for n := 1; n <= 200; n++ {
		d := un.AssemblyDates(n)
		if _, err := un.ParseEDTF(d.EDTF); err != nil {
			t.Error(err)
		}
		if err := un.CheckSession(un.GeneralAssembly, n, d); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckSession(t *testing.T) {
	for _, c := range []struct {
		body    un.ID
		ordinal int
		dates   string
		want    string // the error, "" where they agree
	}{
		{un.GeneralAssembly, 80, "2025", ""},
		{un.GeneralAssembly, 80, "2026", ""},
		{un.GeneralAssembly, 80, "2025-09-09/2026-09-08", ""},
		{un.GeneralAssembly, 1, "1946-01-10/1946-02-14", ""},
		{un.GeneralAssembly, 80, "2024", "the 80th session is in 2025 and 2026, not in 2024"},
		{un.GeneralAssembly, 80, "2027-01", "the 80th session is in 2025 and 2026, not in 2027-01"},
		{un.GeneralAssembly, 80, "2024-12/2025", "the 80th session is in 2025 and 2026, not in 2024-12/2025"},
		{un.GeneralAssembly, 80, "2025-09/2027-01", "the 80th session is in 2025 and 2026, not in 2025-09/2027-01"},
		{un.GeneralAssembly, 80, "2025-09/..", "the 80th session is in 2025 and 2026, not in 2025-09/.."},
		{un.GeneralAssembly, 80, "202X", "the 80th session is in 2025 and 2026, not in 202X"},
		{un.CSTD, 30, "2027", ""},
		{un.CSTD, 30, "2027-04-12/2027-04-16", ""},
		{un.CSTD, 7, "2004", ""},
		{un.CSTD, 30, "2026", "the 30th session is in 2027, not in 2026"},
		{un.CSTD, 30, "2028-04", "the 30th session is in 2027, not in 2028-04"},
		{un.CSTD, 7, "2005", "the 7th session is in 2004, not in 2005"},
		{un.CSTD, 6, "2001", ""}, // it met every other year then
		{un.CSTD, 1, "1993-04", ""},
		{"body:igf", 20, "1999", ""},
	} {
		got := ""
		if err := un.CheckSession(c.body, c.ordinal, date(c.dates)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %d in %s: %q, want %q", c.body, c.ordinal, c.dates, got, c.want)
		}
	}
	if err := un.CheckSession(un.GeneralAssembly, 80, nil); err != nil {
		t.Errorf("without dates: %v", err)
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{
		1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 10: "10th", 11: "11th", 12: "12th", 13: "13th", 14: "14th", 20: "20th", 21: "21st", 22: "22nd", 83: "83rd",
		100: "100th", 101: "101st", 111: "111th", 112: "112th", 113: "113th", 121: "121st", 1011: "1011th", 1102: "1102nd",
	} {
		if got := un.Ordinal(n); got != want {
			t.Errorf("Ordinal(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSessionNameAndID(t *testing.T) {
	for name, want := range map[string]string{
		"Commission on Science and Technology for Development": "30th session of the Commission on Science and Technology for Development",
		"The Forum":       "30th session of The Forum",
		"Theatre Council": "30th session of the Theatre Council",
	} {
		if got := un.SessionName(&un.Body{Names: map[un.Language]string{un.English: name}}, 30); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := un.SessionID(un.CSTD, 30); got != "session:cstd-30" {
		t.Errorf("the id is %q", got)
	}
}

package calendar_test

import (
	"testing"

	"mandategraph/calendar"
	"mandategraph/query"
	"mandategraph/un"
)

func TestWhen(t *testing.T) {
	for edtf, want := range map[string]string{
		"2026-07-09":            "9 July 2026",
		"2026-07-09~":           "9 July 2026, approximately",
		"2026-07-06/2026-07-07": "6 to 7 July 2026",
		"2026-06-29/2026-07-03": "29 June to 3 July 2026",
		"2026-12-30/2027-01-02": "30 December 2026 to 2 January 2027",
		"2026-07":               "some time in July 2026",
		"2027":                  "some time in 2027",
		"2027?":                 "some time in 2027, uncertain",
		"203X":                  "some time in the 2030s",
		"2026-09/2027-09":       "some time from September 2026 to September 2027",
		"2026/2028":             "some time from 2026 to 2028",
		"2026-09-15/2027":       "some time from 15 September 2026 to 2027",
		"2026/..":               "from 2026 on",
		"2027-03/":              "from March 2027 on",
		"../2026-06":            "until June 2026",
	} {
		d, err := un.ParseEDTF(edtf)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.When(d); got != want {
			t.Errorf("%s is %q, want %q", edtf, got, want)
		}
	}
	if got := calendar.When(nil); got != "no date is known" {
		t.Errorf("no date is %q", got)
	}
}

func TestPlace(t *testing.T) {
	resolution, letter := &un.Document{Symbol: "A/RES/1/1", Title: "Gardens"}, &un.Document{Title: "Letter of the Chair"}
	for _, c := range []struct {
		of              *un.Document
		paragraph, want string
	}{
		{resolution, "122", "A/RES/1/1, paragraph 122"},
		{resolution, "48 (a)", "A/RES/1/1, paragraph 48 (a)"},
		{resolution, "pp12", "A/RES/1/1, preambular paragraph 12"},
		{resolution, "fn 3", "A/RES/1/1, footnote 3"},
		{resolution, "chapeau", "A/RES/1/1, chapeau"},
		{resolution, "title", "A/RES/1/1, title"},
		{resolution, "closing", "A/RES/1/1, closing"},
		{resolution, "annex I/48 (b)", "A/RES/1/1, annex I, paragraph 48 (b)"},
		{resolution, "annex I/title", "A/RES/1/1, annex I, title"},
		{resolution, "", "A/RES/1/1"},
		{letter, "", "Letter of the Chair"},
		{nil, "7", "A/RES/9/9, paragraph 7"},
	} {
		p := query.Proof{Source: un.Source{Document: "document:A/RES/9/9", Paragraph: c.paragraph}, Of: c.of}
		if got := calendar.Place(p); got != c.want {
			t.Errorf("%s is %q, want %q", c.paragraph, got, c.want)
		}
	}
}

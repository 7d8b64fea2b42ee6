package loader_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/un"
)

const flowers = `
symbol: A/RES/70/7
title: Flowers
type: resolution
adoptedOn: {date: "2015-12-16", paragraph: chapeau, evidence: adopted on 16 December 2015}
paragraphs:
  "1":
    deadlines:
      - {slug: both, title: Year and session, kind: report, due: "2016", session: general-assembly-70, evidence: "at its seventieth session, in 2016"}
      - {slug: session, title: Session alone, kind: report, session: general-assembly-70, evidence: during its 70th session}
      - {slug: year, title: Year alone, kind: report, due: "2016", evidence: in the year 2016}
      - {slug: neither, title: Neither, kind: report, evidence: at some later time}
      - {slug: undated, title: A session without dates, kind: report, session: bees-121, evidence: at the one hundred and twenty-first session}
`

func TestWindowIsWhatIsDueNarrowedByTheSession(t *testing.T) {
	facts := load(t, with("documents/flowers.yaml", flowers, "sessions/bees.yaml",
		"body: bees\nsessions: [{ordinal: 121, document: A/RES/70/1, paragraph: \"1\", evidence: the 121st session of bees}]\n"))
	want := map[string]*un.PartialDate{
		"both":    {EDTF: "2016-01/2016-09", Basis: un.Derived, Explanation: "the date stated, 2016, narrowed by the dates of the 70th session of the General Assembly, 2015-09/2016-09"},
		"session": {EDTF: "2015-09/2016-09", Basis: un.Derived, Explanation: "the dates of the 70th session of the General Assembly, at which it is due"},
		"year":    {EDTF: "2016", Basis: un.Stated},
		"neither": nil,
		"undated": nil,
	}
	for slug, window := range want {
		got := node[*un.Deadline](t, facts, un.ID("deadline:A/RES/70/7#1/"+slug)).Window
		if diff := cmp.Diff(window, got); diff != "" {
			t.Errorf("%s: window differs (-want +got):\n%s", slug, diff)
		}
	}
}

func TestSessionsFollowTheirRule(t *testing.T) {
	const proof = `document: A/RES/70/1, paragraph: "1", evidence: `
	for _, test := range []struct {
		name, body, entry string
		dates             string // of the session, or else
		problem           string
	}{
		{name: "the Assembly's dates are derived", body: "general-assembly", entry: `ordinal: 80, ` + proof + `during its eightieth session`, dates: "2025-09/2026-09"},
		{name: "the first of its years fits", body: "general-assembly", entry: `ordinal: 80, dates: "2025", ` + proof + `eightieth session in 2025`, dates: "2025"},
		{name: "so does the second", body: "general-assembly", entry: `ordinal: 80, dates: "2026", ` + proof + `eightieth session in 2026`, dates: "2026"},
		{name: "no other year does", body: "general-assembly", entry: `ordinal: 80, dates: "2027", ` + proof + `eightieth session in 2027`, problem: "the 80th session is in 2025 and 2026, not in 2027"},
		{name: "the Commission's year", body: "cstd", entry: `ordinal: 30, dates: "2027", ` + proof + `thirtieth session in 2027`, dates: "2027"},
		{name: "another year than the Commission's", body: "cstd", entry: `ordinal: 30, dates: "2026", ` + proof + `thirtieth session in 2026`, problem: "the 30th session is in 2027, not in 2026"},
		{name: "other bodies have no rule", body: "bees", entry: `ordinal: 3, dates: "1999", ` + proof + `third session in 1999`, dates: "1999"},
		{name: "the year is not in the evidence", body: "bees", entry: `ordinal: 3, dates: "1999", ` + proof + `third session in 1998`, problem: `dates is 1999, but its evidence does not say 1999: "third session in 1998"`},
		{name: "another ordinal", body: "bees", entry: `ordinal: 3, ` + proof + `at the twenty-third session`, problem: `the evidence does not say that it is the 3rd session: "at the twenty-third session"`},
		{name: "ordinals in figures", body: "bees", entry: `ordinal: 3, ` + proof + `at the 23rd session`, problem: `the evidence does not say that it is the 3rd session: "at the 23rd session"`},
		{name: "a hundred and more", body: "bees", entry: `ordinal: 12, ` + proof + `at the one hundred and twelfth session`, problem: `the evidence does not say that it is the 12th session: "at the one hundred and twelfth session"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := with("sessions/test.yaml", "body: "+test.body+"\nsessions:\n  - {"+test.entry+"}\n", "bodies/cstd.yaml",
				"body: cstd\nname: Commission\nkind: commission\nsources: [{document: A/RES/70/1, paragraph: \"1\", evidence: the name of it}]\n")
			if test.problem != "" {
				if diff := cmp.Diff([]string{"sessions/test.yaml:3: " + test.problem}, problems(t, files)); diff != "" {
					t.Errorf("problems differ (-want +got):\n%s", diff)
				}
				return
			}
			for _, n := range load(t, files).Graph.Nodes {
				if s, ok := n.(*un.Session); ok && strings.Contains(test.entry, "ordinal: "+strings.TrimLeft(un.Number(s.Ordinal), "0")+",") {
					if s.Dates.EDTF != test.dates {
						t.Errorf("got the dates %v, want %s", s.Dates, test.dates)
					}
				}
			}
		})
	}
}

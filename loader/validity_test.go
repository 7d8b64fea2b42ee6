package loader_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mandategraph/loader"
	"mandategraph/un"
)

// A forum's mandate is extended twice and then made permanent; an annual report becomes a biennial one.
const gardening = `
symbol: A/RES/60/1
title: The first five years
type: resolution
adoptedOn: {date: "2006-03-27", paragraph: chapeau, evidence: adopted on 27 March 2006}
paragraphs:
  "9":
    mandates:
      - {slug: forum, title: A forum, verb: requests, kind: convene, holders: [gardens], since: "2006", evidence: in 2006 a forum}
---
symbol: A/RES/65/1
title: Five more years
type: resolution
adoptedOn: {date: "2010-12-20", paragraph: chapeau, evidence: adopted on 20 December 2010}
paragraphs:
  "17":
    mandates:
      - slug: forum
        title: A forum for five more years
        verb: decides
        kind: renew
        holders: [gardens]
        until: {date: "2015", basis: derived, explanation: five years after 2010}
        supersedes: ["A/RES/60/1#9/forum"]
        evidence: for a further five years
    cycles:
      - {slug: report, title: Annual report, kind: report, frequency: annual, obligors: [gardens], evidence: a report every year}
---
symbol: A/RES/70/7
title: Ten more years
type: resolution
adoptedOn: {date: "2015-12-16", paragraph: chapeau, evidence: adopted on 16 December 2015}
paragraphs:
  "63":
    mandates:
      - slug: forum
        title: A forum for ten more years
        verb: decides
        kind: renew
        holders: [gardens]
        until: {date: "2025", basis: derived, explanation: ten years after 2015}
        supersedes: ["A/RES/65/1#17/forum"]
        evidence: for another ten years
---
symbol: A/RES/80/1
title: For ever
type: resolution
adoptedOn: {date: "2025-12-17", paragraph: chapeau, evidence: adopted on 17 December 2025}
paragraphs:
  "99":
    mandates:
      - {slug: forum, title: A permanent forum, verb: decides, kind: renew, holders: [gardens], permanent: true, supersedes: ["A/RES/70/7#63/forum"], evidence: a permanent forum now}
    cycles:
      - {slug: report, title: Biennial report, kind: report, frequency: biennial, obligors: [gardens], supersedes: ["A/RES/65/1#17/report"], evidence: a report every other year}
`

func TestASuccessorEndsWhatItSupersedes(t *testing.T) {
	facts := load(t, with("documents/gardening.yaml", gardening))
	first := node[*un.Mandate](t, facts, "mandate:A/RES/60/1#9/forum")
	second := node[*un.Mandate](t, facts, "mandate:A/RES/65/1#17/forum")
	third := node[*un.Mandate](t, facts, "mandate:A/RES/70/7#63/forum")
	last := node[*un.Mandate](t, facts, "mandate:A/RES/80/1#99/forum")
	annual := node[*un.ReportingCycle](t, facts, "cycle:A/RES/65/1#17/report")
	biennial := node[*un.ReportingCycle](t, facts, "cycle:A/RES/80/1#99/report")

	t.Run("validity", func(t *testing.T) {
		want := map[un.ID]un.Validity{
			first.ID:    {From: "2006-01-01", Until: "2010-12-20"},
			second.ID:   {From: "2010-12-20", Until: "2015-12-16"},
			third.ID:    {From: "2015-12-16", Until: "2025-12-17"},
			last.ID:     {From: "2025-12-17", Until: un.LastDay},
			annual.ID:   {From: "2010-12-20", Until: "2025-12-17"},
			biennial.ID: {From: "2025-12-17", Until: un.LastDay},
		}
		got := map[un.ID]un.Validity{}
		for _, n := range []un.Node{first, second, third, last, annual, biennial} {
			got[n.Key()] = n.Valid()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("validity differs (-want +got):\n%s", diff)
		}
	})
	t.Run("succeeded by all that come after", func(t *testing.T) {
		want := []un.Validity{{From: "2010-12-20", Until: un.LastDay}, {From: "2015-12-16", Until: un.LastDay}, {From: "2025-12-17", Until: un.LastDay}, {}}
		if diff := cmp.Diff(want, []un.Validity{first.Succeeded, second.Succeeded, third.Succeeded, last.Succeeded}); diff != "" {
			t.Errorf("succession differs (-want +got):\n%s", diff)
		}
	})
	t.Run("as of a day", func(t *testing.T) {
		want := map[un.Date]string{
			"2005-12-31": "", "2006-01-01": "A forum", "2010-12-19": "A forum", "2010-12-20": "A forum for five more years",
			"2024-06-01": "A forum for ten more years", "2025-12-16": "A forum for ten more years", "2025-12-17": "A permanent forum",
			"2100-01-01": "A permanent forum",
		}
		for day, title := range want {
			var inForce []string
			for _, n := range facts.Graph.Nodes {
				if m, ok := n.(*un.Mandate); ok && m.Validity.On(day) {
					inForce = append(inForce, m.Title)
				}
			}
			if got := strings.Join(inForce, ", "); got != title {
				t.Errorf("on %s: got %q, want %q", day, got, title)
			}
		}
	})
	t.Run("edges follow their mandate", func(t *testing.T) {
		for _, e := range facts.Graph.Edges {
			if e.Relation == un.Holds && e.To == third.ID && e.Validity != third.Validity {
				t.Errorf("%s is in force %v", e.ID, e.Validity)
			}
		}
	})
	t.Run("without a start it holds from adoption", func(t *testing.T) {
		want := &un.PartialDate{EDTF: "2025-12-17", Basis: un.Derived, Explanation: "the day A/RES/80/1 was adopted; paragraph 99 states no start"}
		if diff := cmp.Diff(want, last.Since); diff != "" {
			t.Errorf("since differs (-want +got):\n%s", diff)
		}
	})
}

// Mandates of random years, superseding each other at random, are in force exactly on the days that the rule names.
func TestValidityIsWhatTheRuleSays(t *testing.T) {
	type duty struct {
		adopted, since, until int // years; 0 where there is none
		supersedes            []int
	}
	rapid.Check(t, func(t *rapid.T) {
		duties := make([]duty, rapid.IntRange(1, 7).Draw(t, "duties"))
		from := func(d duty) int {
			if d.since > 0 {
				return d.since
			}
			return d.adopted
		}
		var files strings.Builder
		for i := range duties {
			d := &duties[i]
			d.adopted = rapid.IntRange(2000, 2010).Draw(t, "adopted")
			if rapid.Bool().Draw(t, "states a start") {
				d.since = rapid.IntRange(2000, 2010).Draw(t, "since")
			}
			if rapid.Bool().Draw(t, "states an end") {
				d.until = rapid.IntRange(from(*d), 2012).Draw(t, "until")
			}
			for j := range i {
				if from(*d) >= from(duties[j]) && rapid.Bool().Draw(t, "supersedes") {
					d.supersedes = append(d.supersedes, j)
				}
			}
			fmt.Fprintf(&files, "---\nsymbol: A/RES/%d/1\ntitle: T\ntype: resolution\nadoptedOn: {date: \"%d-01-01\", basis: derived, explanation: drawn}\n", i+1, d.adopted)
			fmt.Fprintf(&files, "paragraphs:\n  \"1\":\n    mandates:\n      - slug: m\n        title: M\n        verb: decides\n        kind: other\n        evidence: years from %d until %d\n", d.since, d.until)
			if d.since > 0 {
				fmt.Fprintf(&files, "        since: \"%d\"\n", d.since)
			}
			if d.until > 0 {
				fmt.Fprintf(&files, "        until: \"%d\"\n", d.until)
			}
			if len(d.supersedes) > 0 {
				files.WriteString("        supersedes:\n")
			}
			for _, j := range d.supersedes {
				fmt.Fprintf(&files, "          - A/RES/%d/1#1/m\n", j+1)
			}
		}
		facts, err := loader.Load(with("documents/drawn.yaml", files.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, files.String())
		}
		for i, d := range duties {
			var m *un.Mandate
			for _, n := range facts.Graph.Nodes {
				if n.Key() == un.ID(fmt.Sprintf("mandate:A/RES/%d/1#1/m", i+1)) {
					m = n.(*un.Mandate)
				}
			}
			for year := 1999; year <= 2014; year++ {
				want := from(d) <= year && (d.until == 0 || year <= d.until)
				for j, later := range duties {
					for _, older := range later.supersedes {
						want = want && !(older == i && from(duties[j]) <= year)
					}
				}
				if got := m.Validity.On(un.Date(fmt.Sprintf("%d-07-01", year))); got != want {
					t.Fatalf("mandate %d of %+v in %d: in force is %v, want %v", i, duties, year, got, want)
				}
			}
		}
	})
}

package loader_test

import (
	"strings"
	"testing"
)

// A text may say any of this; the facts may not.
func TestRefusals(t *testing.T) {
	document := func(paragraph string) string {
		return "symbol: A/RES/70/8\ntitle: Ponds\ntype: resolution\n" +
			"adoptedOn: {date: \"2015-12-16\", paragraph: chapeau, evidence: adopted on 16 December 2015}\nparagraphs:\n  \"1\":\n" + paragraph
	}
	mandate := func(more string) string {
		return document("    mandates:\n      - {slug: ponds, title: Ponds, verb: decides, kind: other, " + more + "}\n")
	}
	body := func(more string) string {
		return "body: ponds\nname: Ponds\nkind: forum\nsources: [{document: A/RES/70/1, paragraph: \"1\", evidence: on the Forum of Ponds}]\n" + more
	}
	const proof = `document: A/RES/70/1, paragraph: "1", evidence: `
	for _, test := range []struct{ name, file, text, want string }{
		{
			"a stated date whose evidence says no time", "documents/ponds.yaml", mandate(`until: "2025", evidence: shall dig many ponds`),
			`documents/ponds.yaml:8: until is 2025, but its evidence does not say 2025: "shall dig many ponds"`,
		},
		{
			"a date proved elsewhere by words that say no time", "documents/ponds.yaml",
			mandate(`until: {date: "2025", ` + proof + `shall dig many ponds}, evidence: until the year 2025`),
			`documents/ponds.yaml:8: until is 2025, but its evidence does not say 2025: "shall dig many ponds"`,
		},
		{
			"a date derived from words that say no time", "documents/ponds.yaml",
			mandate(`until: {date: "2025", basis: derived, explanation: ten years on, ` + proof + `shall dig many ponds}, evidence: for another ten years`),
			`documents/ponds.yaml:8: until is derived from words that say no time: "shall dig many ponds"`,
		},
		{
			"a date derived from words that say one", "documents/ponds.yaml",
			mandate(`until: {date: "2025", basis: derived, explanation: ten years on, ` + proof + `for another ten years}, evidence: shall dig many ponds`), "",
		},
		{
			"a session in another year than its ordinal's", "sessions/ponds.yaml",
			"body: general-assembly\nsessions:\n  - {ordinal: 80, dates: \"2027\", " + proof + "eightieth session in 2027}\n",
			"sessions/ponds.yaml:3: the 80th session is in 2025 and 2026, not in 2027",
		},
		{
			"supersession in a circle", "documents/ponds.yaml", strings.Replace(circle, "A/RES/70/2", "A/RES/70/8", 1),
			"documents/ponds.yaml:9: mandate:A/RES/70/8#1/a: supersedes itself, by way of what it supersedes",
		},
		{
			"a mandate that supersedes a deadline", "documents/ponds.yaml", mandate("supersedes: [pond], evidence: shall dig many ponds") +
				"    deadlines:\n      - {slug: pond, title: Pond, kind: report, evidence: shall dig one pond}\n",
			"documents/ponds.yaml:8: unknown mandate pond; did you mean ponds?",
		},
		{
			"a body that holds a body", "bodies/ponds.yaml", body("relations: [{kind: holds, to: bees, " + proof + "the bees of ponds}]\n"),
			"bodies/ponds.yaml:5: holds joins no two bodies; allowed are part-of, ",
		},
		{
			"a body that is part of a document", "bodies/ponds.yaml", body("relations: [{kind: part-of, to: A/RES/70/1, " + proof + "the bees of ponds}]\n"),
			"bodies/ponds.yaml:5: unknown body A/RES/70/1",
		},
		{
			"evidence of two words", "documents/ponds.yaml", mandate("evidence: dig ponds"),
			`documents/ponds.yaml:8: the evidence has 2 words; 3 to 15 are allowed: "dig ponds"`,
		},
		{"evidence of three words", "documents/ponds.yaml", mandate("evidence: dig ponds now"), ""},
		{"evidence of fifteen words", "documents/ponds.yaml", mandate("evidence: " + strings.Repeat("dig ", 15)), ""},
		{
			"evidence of sixteen words", "documents/ponds.yaml", mandate("evidence: " + strings.Repeat("dig ", 16)),
			`documents/ponds.yaml:8: the evidence has 16 words; 3 to 15 are allowed: "dig`,
		},
		{
			"an id that vanished", "ids.txt", strings.Replace(gardenIDs, "document:", "body:ponds\ndocument:", 1),
			"ids.txt:4: body:ponds vanished, and an id is for ever: put it back, or name its successor in retired.yaml",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := with(test.file, test.text)
			if test.want == "" {
				load(t, files)
				return
			}
			got := problems(t, files)
			for _, line := range got {
				if strings.HasPrefix(line, test.want) {
					return
				}
			}
			t.Errorf("want %q, got\n%s", test.want, strings.Join(got, "\n"))
		})
	}
}

package loader_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// covering gives facts that rest on the chapeau, pp1, its footnote, 1 and 2 (a) of the resolution of gardeners, and a list.
func covering(list string) fstest.MapFS {
	files := claiming(`document: A/RES/70/1, paragraph: 2 (a), evidence: build a shed in 2016`,
		`  pp1: {citations: [{symbol: A/RES/65/9, footnote: "1", asWritten: [A/65/100]}]}`+"\n")
	files["coverage.yaml"] = &fstest.MapFile{Data: []byte(list)}
	return files
}

const covered = `A/RES/70/1:
  chapeau: facts
  title: {none: no body}
  pp1: facts
  "1": facts
  "2": facts
  fn 1: facts
`

func TestCoverage(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		want           []string
	}{
		{name: "all is covered"},
		{
			name: "a paragraph that the list lacks", old: "  \"2\": facts\n",
			want: []string{"coverage.yaml:2: A/RES/70/1 2: the text has it, and the list lacks it; write facts, or {none: why}"},
		},
		{
			name: "a footnote that the list lacks", old: "  fn 1: facts\n",
			want: []string{"coverage.yaml:2: A/RES/70/1 fn 1: the text has it, and the list lacks it; write facts, or {none: why}"},
		},
		{
			name: "a paragraph that the text lacks", old: "  fn 1", new: "  \"3\": {none: why}\n  fn 1",
			want: []string{"coverage.yaml:7: A/RES/70/1 3: the text has no such paragraph"},
		},
		{
			name: "a footnote that the text lacks", old: "  fn 1", new: "  fn 2: {none: why}\n  fn 1",
			want: []string{"coverage.yaml:7: A/RES/70/1 fn 2: the text has no such paragraph"},
		},
		{
			name: "facts where there are none", old: "{none: no body}", new: "facts",
			want: []string{"coverage.yaml:3: A/RES/70/1 title: facts are said to rest on it, and none does; enter them, or write {none: why}"},
		},
		{
			name: "none where there is one", old: "  pp1: facts", new: "  pp1: {none: no body}",
			want: []string{"coverage.yaml:4: A/RES/70/1 pp1: nothing is said to rest on it, and CITES:document:A/RES/70/1>document:A/RES/65/9@A/RES/70/1#pp1/fn 1 does; write facts"},
		},
		{
			name: "none where a citation makes a footnote", old: "fn 1: facts", new: "fn 1: {none: no body}",
			want: []string{"coverage.yaml:7: A/RES/70/1 fn 1: nothing is said to rest on it, and CITES:document:A/RES/70/1>document:A/RES/65/9@A/RES/70/1#pp1/fn 1 does; write facts"},
		},
		{
			name: "none where a sub-paragraph has one", old: `"2": facts`, new: `"2": {none: no body}`,
			want: []string{"coverage.yaml:6: A/RES/70/1 2: nothing is said to rest on it, and body:extra does; write facts"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := covered
			if test.old != "" {
				list = strings.Replace(covered, test.old, test.new, 1)
			}
			report := load(t, covering(list)).Verify(texts())
			var got []string
			for _, p := range report.Problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
			if want := strings.Count(list, "\n") - 1; report.Covered != want || report.NotFound > 0 {
				t.Errorf("counts are wrong: %+v", report)
			}
		})
	}
}

// What the facts say of the list needs no text.
func TestCoverageWithoutTexts(t *testing.T) {
	report := load(t, covering(strings.Replace(covered, "{none: no body}", "facts", 1))).Verify(fstest.MapFS{})
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0].Text, "none does") {
		t.Errorf("got %v", report.Problems)
	}
}

func TestCoverageIsReadStrictly(t *testing.T) {
	for _, test := range []struct{ name, list, want string }{
		{"another word", "A/RES/70/1:\n  \"1\": fact\n", `coverage.yaml:2: paragraph 1 is "fact"; write facts, or {none: why}`},
		{"no why", "A/RES/70/1:\n  \"1\": {none: ''}\n", "coverage.yaml:2: none is empty; leave the key out where there is nothing to say"},
		{"another key", "A/RES/70/1:\n  \"1\": {non: why}\n", "coverage.yaml:2: paragraph 1 lacks the key none\ncoverage.yaml:2: unknown key non; did you mean none?"},
		{"nothing", "A/RES/70/1:\n  \"1\":\n", "coverage.yaml:2: paragraph 1 must be text"},
		{"a number without quotes", "A/RES/70/1:\n  1: facts\n", `coverage.yaml:2: the number of a paragraph must be text; write it in quotes: "1"`},
		{"a number written otherwise", "A/RES/70/1:\n  fn3: facts\n", `coverage.yaml:2: paragraph "fn3" is written "fn 3"`},
		{"an unknown document", "A/RES/70/10:\n  \"1\": facts\n", "coverage.yaml:1: unknown document A/RES/70/10; did you mean A/RES/70/1?"},
		{"a paragraph twice", "A/RES/70/1:\n  \"1\": facts\n  \"1\": facts\n", "coverage.yaml:3: the key 1 stands twice; it was on line 2"},
		{"a document twice", "A/RES/70/1:\n  \"1\": facts\n---\nA/RES/70/1:\n  \"2\": facts\n", "coverage.yaml:4: A/RES/70/1 stands twice; it is on line 1 too"},
		{"a list", "- A/RES/70/1\n", "coverage.yaml:1: the list must be a mapping of keys to values"},
		{"a document without paragraphs", "A/RES/70/1: facts\n", "coverage.yaml:1: A/RES/70/1 must be a mapping of keys to values"},
		{"an empty file", "", "coverage.yaml:1: the file is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Split(test.want, "\n"), problems(t, covering(test.list))); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// diffOf is what the command says of two folders.
func diffOf(t *testing.T, old, new string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"diff", old, new}, nil, &stdout, &stderr, clock); code != 0 || stderr.Len() > 0 {
		t.Fatalf("exit status %d: %s", code, &stderr)
	}
	return stdout.String()
}

// TestDiff changes one thing in the real facts: the whole of what is said of it, and under which heading.
func TestDiff(t *testing.T) {
	extension := `Ten more years for the Forum \(mandate:A/RES/70/125#63/igf-extension\)`
	permanent := `The Forum becomes permanent \(mandate:A/RES/80/173#99/igf-permanent\)`
	for _, c := range []struct {
		name, file, old, new string
		back                 bool     // from the changed facts to the real ones
		lines                []string // regular expressions, in order
	}{
		{
			"a body renamed", "bodies/igf.yaml", "name: Internet Governance Forum\n", "name: Another Forum\n", false,
			[]string{`Bodies`, `  renamed name: Another Forum \(body:igf\): Internet Governance Forum → Another Forum \[.*A/RES/80/173, 96.*\]`},
		},
		{
			"a session moved", "sessions/cstd.yaml", "2024-04-15/2024-04-19", "2024-04-22/2024-04-26", false,
			[]string{`Sessions`, `  moved dates: 27th session of the Commission .* \(session:cstd-27\): 2024-04-15/2024-04-19 → 2024-04-22/2024-04-26 \[A/RES/78/132, 54; unctad-org-cstd-27\]`},
		},
		{
			"a year made precise, and with it what is due then", "sessions/cstd.yaml", `{ordinal: 30, dates: "2027"`,
			`{ordinal: 30, dates: {date: "2027-04", document: unctad-org-cstd-27, secondary: true}`, false,
			[]string{
				`Deadlines`, `  made precise window: Action line road maps .* \(deadline:A/RES/80/173#113/action-line-report\): 2027 → 2027-04 \(derived\) \[unctad-org-cstd-27\]`,
				`Sessions`, `  made precise dates: 30th session of the Commission .* \(session:cstd-30\): 2027 → 2027-04 \[unctad-org-cstd-27\]`,
			},
		},
		{
			"a mandate superseded", "documents/a-res-80-173.yaml", `["A/RES/70/125#63/igf-extension"]`, "[]", true,
			[]string{`Mandates`, `  superseded: ` + extension + `: ` + permanent + ` \[A/RES/80/173, 99\]`},
		},
		{
			"a mandate no longer superseded", "documents/a-res-80-173.yaml", `["A/RES/70/125#63/igf-extension"]`, "[]", false,
			[]string{`Mandates`, `  no longer superseded: ` + extension + `: ` + permanent + ` \[A/RES/80/173, 99\]`},
		},
		{
			"sources alone", "documents/a-res-80-173.yaml", "evidence: shall be made a permanent forum of the United Nations", "evidence: made a permanent forum of the United Nations", false,
			[]string{`no difference in meaning`, `not listed: 1 fact of which the sources alone changed`},
		},
		{"a comment", "bodies/igf.yaml", "body: igf\n", "body: igf # as ever\n", false, []string{`no difference in meaning`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := changedFacts(t, c.file, c.old, c.new)
			old, new := "data", changed
			if c.back {
				old, new = changed, "data"
			}
			said := diffOf(t, old, new)
			rest := strings.Split(strings.TrimSpace(said), "\n")
			for _, line := range c.lines {
				for len(rest) > 0 && !regexp.MustCompile(`^`+line+`$`).MatchString(rest[0]) {
					rest = rest[1:]
				}
				if len(rest) == 0 {
					t.Fatalf("no line matches %s after the ones before it:\n%s", line, said)
				}
			}
			for line := range strings.Lines(said) {
				if !regexp.MustCompile(`^(  .+: .+ \(.+\).* \[.+\]|[A-Z][a-z ]+|no difference in meaning|not listed: .+|)\n$`).MatchString(line) {
					t.Errorf("a line without title, id or paragraph: %s", line)
				}
			}
		})
	}
}

func TestDiffOfOtherFacts(t *testing.T) {
	said := diffOf(t, "loader/testdata/good", "data")
	last := -1
	for _, heading := range []string{"Bodies", "Legal bases", "Documents", "Mandates", "Deadlines", "Reporting cycles", "Sessions", "Relations", "Citations"} {
		at := strings.Index("\n"+said, "\n"+heading+"\n")
		if at <= last || strings.Count(said, "\n"+heading+"\n") > 1 {
			t.Errorf("%s stands at %d, after %d", heading, at, last)
		}
		last = at
	}
	if again := diffOf(t, "loader/testdata/good", "data"); again != said {
		t.Error("it is not the same twice")
	}
	if !regexp.MustCompile(`\n\nnot listed: \d+ mentions added, \d+ mentions? removed.*\n$`).MatchString(said) {
		t.Errorf("the last line does not count the mentions: %s", said[max(0, len(said)-200):])
	}
}

// TestDiffOfWhatCannotBeRead tells what is wrong in both folders, and says nothing of what changed.
func TestDiffOfWhatCannotBeRead(t *testing.T) {
	broken := changedFacts(t, "bodies/igf.yaml", "kind: forum", "kind: furum")
	other := changedFacts(t, "bodies/cstd.yaml", "name: ", "nmae: ")
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		stderr string
	}{
		{"problems in both", []string{broken, other}, 1, `(?s)` + regexp.QuoteMeta(filepath.Join(broken, "bodies/igf.yaml")) + `:\d+: .*furum.*` + regexp.QuoteMeta(filepath.Join(other, "bodies/cstd.yaml")) + `:\d+: .*nmae.*mandategraph: diff: the facts have \d+ problems`},
		{"an empty folder", []string{"data", empty}, 1, `there is no such folder; the facts are in bodies, documents and sessions`},
		{"no old folder", []string{"nowhere", "data"}, 1, `^mandategraph: diff: OLD nowhere: there is no such folder\n$`},
		{"no new folder", []string{"data", ""}, 1, `^mandategraph: diff: NEW : there is no such folder\n$`},
		{"a file", []string{"go.mod", "data"}, 1, `^mandategraph: diff: OLD go.mod: there is no such folder\n$`},
		{"no argument", nil, 2, `^mandategraph: usage: diff takes OLD and NEW, and was given \[\]; .mandategraph diff -h. explains them\n$`},
		{"one argument", []string{"data"}, 2, `takes OLD and NEW, and was given \["data"\]`},
		{"three arguments", []string{"data", "data", "data"}, 2, `takes OLD and NEW, and was given \["data" "data" "data"\]`},
		{"a flag", []string{"-data", "data"}, 2, `not defined: -data`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"diff"}, c.args...), nil, &stdout, &stderr, clock)
			if code != c.code || stdout.Len() > 0 || !regexp.MustCompile(c.stderr).MatchString(stderr.String()) {
				t.Errorf("exit status %d, standard output %q, standard error does not match %q:\n%s", code, &stdout, c.stderr, &stderr)
			}
		})
	}
}

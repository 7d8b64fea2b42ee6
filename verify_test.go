package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mandategraph/data"
)

// changedFacts is a folder with the embedded facts, in one file of which the first old is now new.
func changedFacts(t *testing.T, file, old, new string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, data.Files); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, file)
	text, err := fs.ReadFile(data.Files, file)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte(old), []byte(new), 1)
	if bytes.Equal(changed, text) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(path, changed, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestVerifyFindsAWrongFact makes one mistake at a time in the real facts: verify fails and names the place.
func TestVerifyFindsAWrongFact(t *testing.T) {
	documents := documentsDir(t)
	const file = "documents/a-res-80-173.yaml"
	for _, c := range []struct{ name, old, new, says string }{
		{"an evidence moved to the neighbouring paragraph", `  "122":`, `  "120":`, `a-res-80-173\.yaml:\d+: .*120.*"`},
		{"one word changed", "to prepare a joint implementation road map", "to prepare a common implementation road map", `a-res-80-173\.yaml:\d+: A/RES/80/173 122: .*"to prepare a common implementation road map"`},
		{"one year changed in the evidence", "evidence: at its twenty-ninth session, in 2026", "evidence: at its twenty-ninth session, in 2027", `a-res-80-173\.yaml:\d+: .*2026`},
		{"one year changed in the date", `        due: "2026"
        session: cstd-29`, `        due: "2027"
        session: cstd-29`, `a-res-80-173\.yaml:\d+: .*2027`},
		{"both years changed", `        due: "2035"`, `        due: "2036"`, `a-res-80-173\.yaml:\d+: .*2036`},
		{"a session of another year", "session: cstd-29", "session: cstd-30", `a-res-80-173\.yaml:\d+: `},
		{"an unknown key", "    cycles:\n", "    cycle:\n", `a-res-80-173\.yaml:\d+: .*cycle.*cycles`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "an evidence moved to the neighbouring paragraph" {
				// 120 has an entry of its own: it goes, and 122 stands in its place.
				text, err := fs.ReadFile(data.Files, file)
				if err != nil {
					t.Fatal(err)
				}
				own := regexp.MustCompile(`(?ms)^  "120":.*?\n\n`).Find(text)
				dir := changedFacts(t, file, string(own), "")
				if err := os.Remove(filepath.Join(dir, "ids.txt")); err != nil { // else ids vanish before evidence is looked for
					t.Fatal(err)
				}
				moved, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), bytes.Replace(moved, []byte(c.old), []byte(c.new), 1), 0o644); err != nil {
					t.Fatal(err)
				}
				verifyFails(t, dir, documents, c.says)
				return
			}
			verifyFails(t, changedFacts(t, file, c.old, c.new), documents, c.says)
		})
	}
}

func verifyFails(t *testing.T, dir, documents, says string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"verify", "-data", dir, "-documents", documents}, nil, &stdout, &stderr, clock)
	if code != 1 || !regexp.MustCompile(says).MatchString(stdout.String()+stderr.String()) {
		t.Errorf("exit status %d, and nothing matches %q:\n%s%s", code, says, &stdout, &stderr)
	}
}

// TestVerifyRefusesAHoleInCoverage says one thing wrongly of the real facts.
func TestVerifyRefusesAHoleInCoverage(t *testing.T) {
	documents := documentsDir(t)
	for _, c := range []struct{ name, old, new, says string }{
		{"a paragraph left out", "  \"126\": facts\n", "", `coverage\.yaml:\d+: A/RES/80/173 126: the text has it`},
		{"a footnote left out", "  fn 12: facts\n", "", `coverage\.yaml:\d+: A/RES/80/173 fn 12: the text has it`},
		{"a paragraph too many", "  \"126\": facts\n", "  \"126\": facts\n  \"128\": {none: invented}\n", `coverage\.yaml:\d+: A/RES/80/173 128: the text has no such`},
		{"facts where there are none", "  \"13\": {none: ", "  \"13\": facts # ", `coverage\.yaml:\d+: A/RES/80/173 13: .*none does`},
		{"none where there are facts", "  \"126\": facts", "  \"126\": {none: nothing}", `coverage\.yaml:\d+: A/RES/80/173 126: nothing is said`},
	} {
		t.Run(c.name, func(t *testing.T) { verifyFails(t, changedFacts(t, "coverage.yaml", c.old, c.new), documents, c.says) })
	}
}

// TestPublishIDs: a new fact is refused until its id is listed; one that vanished is refused until it has a successor,
// which node and nodes then give.
func TestPublishIDs(t *testing.T) {
	dir := changedFacts(t, "documents/a-res-80-173.yaml", "slug: joint-road-map\n        title: Joint road map for", "slug: common-road-map\n        title: Joint road map for")
	verify := func(want int, says string, flags ...string) {
		t.Helper()
		var out bytes.Buffer
		code := run(t.Context(), append([]string{"verify", "-data", dir}, flags...), nil, &out, &out, clock)
		if code != want || !strings.Contains(out.String(), says) {
			t.Fatalf("exit status %d, and no %q:\n%s", code, says, &out)
		}
	}
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	facts := filepath.Join(dir, "documents/a-res-80-173.yaml")
	text, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	write("documents/a-res-80-173.yaml", strings.Replace(string(text), "of: joint-road-map", "of: common-road-map", 1))
	const old, successor = "mandate:A/RES/80/173#122/joint-road-map", "mandate:A/RES/80/173#122/common-road-map"
	verify(1, old+" vanished")
	write("retired.yaml", old+": "+successor+"\n")
	verify(1, "lacks 1 id, such as "+successor+"; run make ids")
	verify(0, "", "-ids")
	verify(0, "")
	ids, err := os.ReadFile(filepath.Join(dir, "ids.txt"))
	if err != nil || !strings.Contains(string(ids), old+"\n") || !strings.Contains(string(ids), successor+"\n") {
		t.Errorf("ids.txt does not list both: %v", err)
	}

	server := startServer(t, "-data", dir)
	query := `{ node(id: "` + old + `") { id } nodes(ids: ["body:igf", "` + old + `", "mandate:none"]) { id } }`
	want := `{"node":{"id":"` + successor + `"},"nodes":[{"id":"body:igf"},{"id":"` + successor + `"},null]}`
	if _, answer := post(t, server.url, query, nil); !bytes.Contains(answer, []byte(want)) {
		t.Errorf("got %s, want %s", answer, want)
	}

	var out bytes.Buffer
	if code := run(t.Context(), []string{"verify", "-ids"}, nil, &out, &out, clock); code != 2 || !strings.Contains(out.String(), "-data data") {
		t.Errorf("-ids without -data: exit status %d: %s", code, &out)
	}
}

func TestVerifySaysWhatItCouldNotCheck(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"verify"}, nil, &stdout, &stderr, clock); code != 0 || !strings.Contains(stdout.String(), "absent: A/RES/80/173") {
		t.Errorf("exit status %d:\n%s%s", code, &stdout, &stderr)
	}
	stdout.Reset()
	if code := run(t.Context(), []string{"verify", "-strict"}, nil, &stdout, &stderr, clock); code != 1 || !strings.Contains(stderr.String(), "-documents") {
		t.Errorf("-strict: exit status %d:\n%s%s", code, &stdout, &stderr)
	}
}

func TestServeOtherFacts(t *testing.T) {
	dir := changedFacts(t, "bodies/igf.yaml", "name: Internet Governance Forum", "name: Another Forum")
	server := startServer(t, "-data", dir)
	if _, answer := post(t, server.url, `{ body(acronym: "IGF") { name } }`, nil); !bytes.Contains(answer, []byte("Another Forum")) {
		t.Errorf("-data was not served: %s", answer)
	}
}

func TestServeTexts(t *testing.T) {
	documents := documentsDir(t)
	query := `{ document(symbol: "A/RES/80/173") { provision(number: "99") { text } } }`
	if _, answer := post(t, startServer(t, "-documents", documents).url, query, nil); !bytes.Contains(answer, []byte("permanent forum of the United Nations")) {
		t.Errorf("the text of the paragraph was not served: %s", answer)
	}
	if _, answer := post(t, startServer(t).url, query, nil); !bytes.Contains(answer, []byte(`"text":null`)) {
		t.Errorf("a text without its document: %s", answer)
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mandategraph/data"
)

// TestAddingAResolution does what CONTRIBUTING.md tries: it takes a paragraph out of a copy of the facts and enters the
// page's own YAML in its place. What is missing, and what is added, is told; the ids stay what they were.
func TestAddingAResolution(t *testing.T) {
	page, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?ms)^   ```yaml\n(.*?)^   ```").FindSubmatch(page)
	if example == nil {
		t.Fatal("CONTRIBUTING.md has no example")
	}
	entry := strings.ReplaceAll(strings.ReplaceAll("\n"+string(example[1]), "\n   ", "\n  "), "\n\n", "\n") + "\n"
	old, fresh := t.TempDir(), t.TempDir()
	for _, dir := range []string{old, fresh} {
		if err := os.CopyFS(dir, data.Files); err != nil {
			t.Fatal(err)
		}
	}
	const file = "documents/a-res-60-252.yaml"
	text, err := os.ReadFile(filepath.Join(old, file))
	if err != nil {
		t.Fatal(err)
	}
	paragraph := regexp.MustCompile(`(?ms)^  "13":.*?^  "14":`)
	if !paragraph.Match(text) {
		t.Fatal("paragraph 13 has gone")
	}
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(old, file), paragraph.ReplaceAll(text, []byte(`  "14":`)))
	write(filepath.Join(fresh, file), paragraph.ReplaceAllLiteral(text, []byte(strings.TrimPrefix(entry, "\n")+`  "14":`)))
	ids, err := os.ReadFile(filepath.Join(old, "ids.txt"))
	if err != nil {
		t.Fatal(err)
	}

	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify", "-data", old}, nil, &out, &errs, clock); code != 1 || !strings.Contains(out.String()+errs.String(), "A/RES/60/252#13") {
		t.Errorf("an id that vanished is not told: %d\n%s%s", code, &out, &errs)
	}
	write(filepath.Join(old, "ids.txt"), regexp.MustCompile(`(?m)^.*60/252#13.*\n`).ReplaceAll(ids, nil))
	out.Reset()
	if code := run(t.Context(), []string{"verify", "-data", fresh, "-documents", documentsDir(t)}, nil, &out, &errs, clock); code != 0 {
		t.Errorf("what the page enters does not stand: %d\n%s%s", code, &out, &errs)
	}
	out.Reset()
	if code := run(t.Context(), []string{"diff", old, fresh}, nil, &out, &errs, clock); code != 0 || strings.Count(out.String(), "added: World Information Society Day") != 2 {
		t.Errorf("diff does not tell what was added: %d\n%s%s", code, &out, &errs)
	}
}

package loader_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"mandategraph/loader"
)

// Whatever stands in a file, Load comes back soon, and says of each problem where it is.
func FuzzLoad(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*/*/*.yaml")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, seed := range seeds {
		source, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Base(filepath.Dir(seed)), source)
	}
	for _, source := range hazards() {
		if len(source) < 1000 {
			f.Add("bodies", []byte(source))
			f.Add("documents", []byte(source))
		}
	}
	f.Fuzz(func(t *testing.T, folder string, source []byte) {
		if folder != "bodies" && folder != "documents" && folder != "sessions" {
			return
		}
		start := time.Now()
		files := fstest.MapFS{
			"bodies/assembly.yaml":      {Data: []byte(assembly)},
			"documents/meadows.yaml":    {Data: []byte(meadows)},
			"sessions/assembly.yaml":    {Data: []byte(assemblySessions)},
			folder + "/under-test.yaml": {Data: source},
		}
		facts, err := loader.Load(files)
		if time.Since(start) > 20*time.Second {
			t.Errorf("took %v", time.Since(start))
		}
		if (facts == nil) == (err == nil) {
			t.Fatalf("got facts %v and error %v", facts, err)
		}
		if err == nil {
			facts.Verify(fstest.MapFS{})
			return
		}
		var problems loader.Problems
		if !errors.As(err, &problems) || len(problems) == 0 {
			t.Fatalf("the error is no list of problems: %v", err)
		}
		lines := strings.Count(string(source), "\n") + 1
		for _, p := range problems {
			if !strings.HasPrefix(p.File, folder+"/") && files[p.File] == nil || p.Line < 1 || p.Text == "" || strings.ContainsAny(p.Text, "\n\r") {
				t.Errorf("a problem without a place or in more than one line: %#v", p)
			}
			if p.File == folder+"/under-test.yaml" && p.Line > lines+1 {
				t.Errorf("the file has %d lines: %v", lines, p)
			}
		}
	})
}

// hazards are files that must be refused, and soon.
func hazards() map[string]string {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		before := "*" + string(c-1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat(before+", ", 8) + before + "]\n"
	}
	return map[string]string{
		"aliases that multiply":  bomb,
		"brackets without end":   strings.Repeat("[", 45_000),
		"braces without end":     strings.Repeat("{a: ", 15_000),
		"lists in lists":         strings.Repeat("- ", 45_000),
		"keys in keys":           strings.Repeat("? ", 45_000),
		"values in values":       strings.Repeat("a: ", 20_000),
		"more than a megabyte":   "body: " + strings.Repeat("x", 1<<20),
		"too many keys":          strings.Repeat("a: 1\n", 150_000),
		"documents without end":  strings.Repeat("---\n", 200_000),
		"many keys":              strings.Repeat("a: 1\n", 16_000),
		"many entries":           "aliases:\n" + strings.Repeat("  - \"1\"\n", 24_000),
		"no UTF-8":               "body: igf\nname: \xff\xfe\n",
		"zero bytes":             "body: \"a\\0b\"\nname: a\x00b\n",
		"merge key":              "body: igf\n<<: {name: x}\n",
		"a list":                 "- body: igf\n",
		"text":                   "igf",
		"question mark":          "? a\n: c\n",
		"only a comment":         "# nothing\n",
		"carriage returns":       "body: igf\r\nname: 'a\r\n  b'\r\nkindd: forum\r\n",
		"byte order mark":        "\ufeffbody: igf\nnam: x\n",
		"tab":                    "body: igf\n\tname: x\n",
		"directive":              "%YAML 1.2\n---\nbody: igf\n",
		"tag":                    "body: !!binary aWdm\n",
		"unclosed quote":         "body: \"igf\nname: x\n",
		"paragraph of its own":   "symbol: A/1/2\ntitle: x\ntype: note\nparagraphs: {\"1\": {}, 2: {}}\n",
		"circle of supersession": circle,
	}
}

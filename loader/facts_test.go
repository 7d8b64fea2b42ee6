package loader_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"mandategraph/loader"
	"mandategraph/un"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The facts of the tests are made up: a General Assembly of gardens.
const (
	assembly = `
body: general-assembly
name: General Assembly
acronym: GA
kind: principal-organ
sources: [{document: A/RES/70/1, paragraph: chapeau, evidence: resolution adopted by the General Assembly}]
---
body: gardens
name: Forum of Gardens
acronym: FOG
kind: forum
sources: [{document: A/RES/70/1, paragraph: "1", evidence: convene a Forum of Gardens}]
---
body: bees
name: Commission on Bees
kind: commission
sources: [{document: A/RES/70/1, paragraph: "1", evidence: through the Commission on Bees}]
`
	meadows = `
symbol: A/RES/70/1
title: Meadows
type: resolution
adoptedBy: general-assembly
adoptedOn: {date: "2015-09-25", paragraph: chapeau, evidence: adopted by the General Assembly on 25 September 2015}
url: https://docs.un.org/en/A/RES/70/1
`
	assemblySessions = `
body: general-assembly
sessions: [{ordinal: 70, document: A/RES/70/1, paragraph: chapeau, evidence: Assembly at its seventieth session}]
`
	circle = `
symbol: A/RES/70/2
title: Circle
type: resolution
adoptedOn: {date: "2015-10-01", paragraph: chapeau, evidence: adopted on 1 October 2015}
paragraphs:
  "1":
    mandates:
      - {slug: a, title: A, verb: decides, kind: other, supersedes: [c], evidence: one two three}
      - {slug: b, title: B, verb: decides, kind: other, supersedes: [a], evidence: one two three}
      - {slug: c, title: C, verb: decides, kind: other, supersedes: [b], evidence: one two three}
`
)

// with gives the made-up facts and more files.
func with(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{
		"bodies/assembly.yaml":   {Data: []byte(assembly)},
		"documents/meadows.yaml": {Data: []byte(meadows)},
		"sessions/assembly.yaml": {Data: []byte(assemblySessions)},
	}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func load(t *testing.T, files fstest.MapFS) *loader.Facts {
	t.Helper()
	facts, err := loader.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// problems are the lines of Load's error.
func problems(t *testing.T, files fstest.MapFS) []string {
	t.Helper()
	_, err := loader.Load(files)
	var problems loader.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got the error %v, want problems", err)
	}
	return strings.Split(problems.Error(), "\n")
}

func node[T un.Node](t *testing.T, facts *loader.Facts, id un.ID) T {
	t.Helper()
	for _, n := range facts.Graph.Nodes {
		if n.Key() == id {
			return n.(T)
		}
	}
	t.Fatalf("there is no %s", id)
	panic("unreachable")
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

package main

import (
	"os"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

func TestTheTableIsUpToDate(t *testing.T) {
	want, err := table()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../fold_table.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run go generate ./un (-want +got):\n%s", diff)
	}
}

func TestEachLetterHasOneBase(t *testing.T) {
	for _, r := range composed() {
		bases := 0
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				bases++
			}
		}
		if bases > 1 {
			t.Errorf("%q decomposes into %d letters", r, bases)
		}
	}
}

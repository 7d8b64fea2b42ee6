package main

import (
	"os"
	"testing"

	"mandategraph/loader"
	"mandategraph/store/memory"
)

// TestGoldenOfMadeUpFacts asks for what the real facts have nothing of yet: documents that met a deadline, what was
// cancelled or moved, cycles counted from an anchor or ruled to a day, other languages, the place of a session.
func TestGoldenOfMadeUpFacts(t *testing.T) {
	gardens, err := loader.Load(os.DirFS("loader/testdata/good"))
	if err != nil {
		t.Fatal(err)
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), gardens.Graph); err != nil {
		t.Fatal(err)
	}
	query, err := os.ReadFile("testdata/gardens.graphql")
	if err != nil {
		t.Fatal(err)
	}
	_, answer := post(t, serveStore(t, s).URL, string(query), nil)
	golden(t, "testdata/gardens.json", prettyOf(t, gardens, answer))
}

package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store"
	"mandategraph/un"
)

func TestProof(t *testing.T) {
	sources := make([]un.Source, 1, 5) // room, into which nothing may be written
	sources[0] = un.Source{Document: "document:1", Evidence: "of the node"}
	node := &un.Document{Record: un.Record{ID: "document:1", Sources: sources}}
	edge := &un.Edge{Sources: []un.Source{{Document: "document:2", Evidence: "of the edge"}}}
	citation := &un.Edge{Citation: &un.Citation{Provision: "provision:3#1", Footnote: "2"}}
	for name, test := range map[string]struct {
		item store.Item
		want []un.Source
	}{
		"a node":              {store.Item{Node: node}, []un.Source{sources[0]}},
		"a node and its edge": {store.Item{Node: node, Edge: edge}, []un.Source{sources[0], edge.Sources[0]}},
		"a citation":          {store.Item{Node: node, Edge: citation}, []un.Source{sources[0], {Provision: "provision:3#1"}}},
		"nothing":             {store.Item{Node: &un.Document{}, Edge: &un.Edge{}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.item.Proof()); diff != "" {
				t.Errorf("proof (-want +got):\n%s", diff)
			}
			if more := sources[:2][1]; more != (un.Source{}) {
				t.Errorf("the node's own list was written to: %+v", more)
			}
		})
	}
}

func TestKindsOfFailureAreApart(t *testing.T) {
	kinds := []error{store.ErrInvalid, store.ErrUnavailable, store.ErrTimeout, store.ErrTooComplex, store.ErrInternal}
	for i, a := range kinds {
		for j, b := range kinds {
			if errors.Is(a, b) != (i == j) {
				t.Errorf("%q is %q: %t", a, b, i != j)
			}
		}
	}
}

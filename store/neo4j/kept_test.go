package neo4j_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/bench/shape"
	"mandategraph/store"
	"mandategraph/store/neo4j"
	"mandategraph/un"
)

// TestWhatIsKeptIsNotSentAgain reads a page and a hop again and again: once all of it is kept, ids are asked for alone; when
// it has been dropped, it is asked for whole; the answer is the same each time.
func TestWhatIsKeptIsNotSentAgain(t *testing.T) {
	loader, server := empty(t)
	if err := loader.Replace(t.Context(), shape.Graph(shape.Smallest, 1)); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var sent []string
	s, err := neo4j.Open(neo4j.Options{
		URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database, KeptPages: -1,
		Trace: func(name, text string, _ map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case strings.Contains(text, ".json"):
				sent = append(sent, name+" whole")
			case name != "live":
				sent = append(sent, name+" ids")
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(t.Context())
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := func() (store.Page, map[un.ID]store.Page, []string) {
		t.Helper()
		sent = nil
		page, err := r.Find(t.Context(), store.Select{Kind: un.KindBody, First: 5})
		if err != nil {
			t.Fatal(err)
		}
		var from []un.ID
		for _, it := range page.Items {
			from = append(from, it.Node.Key())
		}
		related := store.Hop{Relations: un.BodyRelations(), Direction: store.Both, Kind: un.KindBody, Edges: true}
		pages, err := r.Neighbors(t.Context(), from, related, store.Select{Kind: un.KindBody, First: 5})
		if err != nil {
			t.Fatal(err)
		}
		return page, pages, sent
	}
	page, pages, _ := read()
	if len(page.Items) != 5 || len(pages) == 0 {
		t.Fatalf("there is too little to read: %v %v", page, pages)
	}
	for i, want := range [][]string{
		{"find BODY whole", "neighbors BODY whole"}, // all was kept, which is seen
		{"find BODY ids", "neighbors BODY ids"},
		{"find BODY ids", "neighbors BODY ids"},
		{"find BODY ids", "find BODY whole", "neighbors BODY ids", "neighbors BODY whole"}, // dropped
		{"find BODY whole", "neighbors BODY whole"},
		{"find BODY ids", "neighbors BODY ids"},
	} {
		if i == 3 {
			s.Drop()
		}
		again, pagesAgain, sent := read()
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("reading %d sent (-want +got):\n%s", i+2, diff)
		}
		if diff := cmp.Diff(page, again); diff != "" {
			t.Errorf("reading %d found another page (-first +this):\n%s", i+2, diff)
		}
		if diff := cmp.Diff(pages, pagesAgain); diff != "" {
			t.Errorf("reading %d found other pages (-first +this):\n%s", i+2, diff)
		}
	}
}

// TestPagesAreKept reads the same again, which asks the database nothing until another load is live: only for parents whose
// page was not read yet. What a caller does with a page stays with the caller.
func TestPagesAreKept(t *testing.T) {
	loader, server := empty(t)
	if err := loader.Replace(t.Context(), stamped(0)); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var sent []string
	s, err := neo4j.Open(neo4j.Options{
		URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database,
		Trace: func(name, _ string, params map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			if keys, ok := params["p0"].([]string); ok && name != "live" {
				name += fmt.Sprintf(" of %d", len(keys))
			}
			if name != "live" {
				sent = append(sent, name)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(t.Context())
	holds := store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}
	read := func(change bool, want []string, titles string, from ...un.ID) {
		t.Helper()
		sent = nil
		r, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		page, err := r.Find(t.Context(), store.Select{Kind: un.KindBody, First: 3, Total: true, AsOf: "2026-01-01"})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := r.Neighbors(t.Context(), from, holds, store.Select{Kind: un.KindMandate, First: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) != 3 || !page.More || page.Total < 300 || page.Items[0].Node.Label() != titles {
			t.Errorf("the page is %+v", page)
		}
		for _, id := range from {
			if items := pages[id].Items; id != "body:none" && (len(items) != 1 || items[0].Node.Label() != titles) || id == "body:none" && len(items) > 0 {
				t.Errorf("of %s the page is %+v", id, pages[id])
			}
		}
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("what was sent (-want +got):\n%s", diff)
		}
		if change {
			page.Items[0], page.Items[1] = page.Items[1], store.Item{}
			for _, p := range pages {
				p.Items[0] = store.Item{}
			}
		}
	}
	read(true, []string{"find BODY", "neighbors MANDATE of 3"}, "load 0", "body:1", "body:2", "body:none")
	read(true, []string{"find BODY"}, "load 0", "body:2", "body:1", "body:none") // now without its total, which is known
	read(true, nil, "load 0", "body:2", "body:1", "body:none")
	read(false, []string{"neighbors MANDATE of 1"}, "load 0", "body:2", "body:3", "body:none")
	if err := loader.Replace(t.Context(), stamped(1)); err != nil {
		t.Fatal(err)
	}
	seesWithin(t, server, s, stamped(1).Version())
	read(false, []string{"find BODY", "neighbors MANDATE of 2"}, "load 1", "body:1", "body:2")
}

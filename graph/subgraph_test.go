package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"mandategraph/graph"
	"mandategraph/query"
	"mandategraph/store/memory"
	"mandategraph/un"
)

// ask sends a query to a server of its own over a graph.
func ask(t *testing.T, g un.Graph, text string) string {
	t.Helper()
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	h := (&graph.Server{Store: s, Now: func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }, Timeout: time.Minute}).Handler()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape(text), nil))
	answer, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(answer))
}

// forest has two mandates and, from each, that many successors, of whom each has as many again, and so on.
func forest(successors ...int) un.Graph {
	var g un.Graph
	add := func() un.ID {
		id := un.ID(fmt.Sprintf("mandate:%d", len(g.Nodes)))
		g.Nodes = append(g.Nodes, &un.Mandate{Record: un.Record{ID: id, Validity: un.Always}, Title: "Mandate", Verb: "DECIDES", Kind: "RENEW"})
		return id
	}
	level := []un.ID{add(), add()}
	for _, n := range successors {
		var next []un.ID
		for _, old := range level {
			for range n {
				id := add()
				next = append(next, id)
				g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(un.Supersedes, id, old, ""), Relation: un.Supersedes, From: id, To: old, Validity: un.Always})
			}
		}
		level = next
	}
	return g
}

// A subgraph may have 500 objects, a path seven: what is asked of each counts as often.
func TestGraphsArePricedByWhatTheyMayHold(t *testing.T) {
	const mandates = `{ node { ... on Body { mandates(first: 50) { nodes { holders { id } } } } } }`
	for text, allowed := range map[string]bool{
		`{ subgraph(around: ["mandate:0"]) { nodes ` + mandates + ` } }`:                                                                                   false,
		`{ path(from: "mandate:0", to: "mandate:2") { nodes ` + mandates + ` } }`:                                                                          true,
		`{ subgraph(around: ["mandate:0"]) { nodes { id node { id } } edges { sources { document { id } provision { document { id } } } } } }`:             true,
		`{ subgraph(around: ["mandate:0"]) { edges { sources { document { adoptedBy { id } session { id } provisions(first: 3) { nodes { id } } } } } } }`: true,
		`{ subgraph(around: ["mandate:0"]) { edges { sources { document { provisions(first: 20) { nodes { id } } } } } } }`:                                false,
	} {
		answer := ask(t, forest(1), text)
		if refused := strings.Contains(answer, `"TOO_COMPLEX"`); refused == allowed || !refused && strings.Contains(answer, `"errors"`) {
			t.Errorf("%s: %s", text, answer)
		}
	}
	if answer := ask(t, forest(3), `{ subgraph(around: ["mandate:0"]) { nodes { id } edges { id } } }`); !strings.Contains(answer, `"cost":{"objects":7}`) {
		t.Errorf("four nodes and three edges cost: %s", answer)
	}
}

func TestAPathThatLeadsTooFar(t *testing.T) {
	answer := ask(t, forest(70, 70, 3), `{ path(from: "mandate:0", to: "mandate:1") { length } }`)
	if want := fmt.Sprintf("more than %d objects would have to be looked at; name the relations to follow, or use a smaller maxLength", query.MaxVisited); !strings.Contains(answer, want) || !strings.Contains(answer, `"TOO_COMPLEX"`) || !strings.Contains(answer, `"path":["path"]`) {
		t.Errorf("%s", answer)
	}
}

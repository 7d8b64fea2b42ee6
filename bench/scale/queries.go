package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/graph"
	"mandategraph/store"
	"mandategraph/un"
)

// subjects are what the queries ask about. They are chosen so that the same is asked in every size: bodies that hold as
// much, a document with as many paragraphs. The General Assembly is the hub, of which there is ever more.
type subjects struct {
	body, forum, document un.ID
	bodies                []un.ID // twenty, that hold as many mandates as the profile says
	kind                  string  // a kind that keeps about a tenth of the mandates
}

// profile is how many mandates twenty bodies hold.
var profile = []int{30, 20, 16, 13, 11, 9, 8, 7, 6, 5, 5, 4, 4, 3, 3, 3, 2, 2, 2, 1}

func choose(g un.Graph) (s subjects) {
	held, heard, numbered := map[un.ID]int{}, map[un.ID]int{}, map[un.ID]int{}
	for _, e := range g.Edges {
		switch e.Relation {
		case un.Holds:
			held[e.From]++
		case un.HasForum:
			heard[e.To]++
		case un.ProvisionOf:
			numbered[e.To]++
		}
	}
	s.body, s.forum, s.document = nearest(held, 16, nil), nearest(heard, 15, nil), nearest(numbered, 25, nil)
	for _, n := range profile {
		s.bodies = append(s.bodies, nearest(held, n, s.bodies))
	}
	kinds := map[un.ID]int{}
	mandates := 0
	for _, n := range g.Nodes {
		if m, ok := n.(*un.Mandate); ok {
			kinds[un.ID(m.Kind)]++
			mandates++
		}
	}
	s.kind = string(nearest(kinds, mandates/10, nil))
	return s
}

// nearest is the id that is counted nearest to n, the first by name of several.
func nearest(counts map[un.ID]int, n int, but []un.ID) un.ID {
	var ids []un.ID
	for id := range counts {
		if !slices.Contains(but, id) {
			ids = append(ids, id)
		}
	}
	distance := func(id un.ID) int { return max(counts[id]-n, n-counts[id]) }
	return slices.MinFunc(ids, func(a, b un.ID) int { return cmp.Or(distance(a)-distance(b), cmp.Compare(a, b)) })
}

// A query is what a client asks.
type query struct {
	name, text string
	variables  map[string]any
}

// nestedText is three levels deep: 20 bodies, 20 mandates each, 5 deadlines each.
const nestedText = `query ($ids: [ID!]) {
  bodies(where: {id: $ids}, first: 20) {
    nodes { id name mandates(first: 20) { nodes { id title kind since { edtf } deadlines(first: 5) { nodes { id title window { edtf } } } } } }
  }
}`

// queries are the typical ones.
func (s subjects) queries() []query {
	const forum = `query ($forum: [ID!]) {
  deadlines(where: {forum: $forum, due: {from: "1990-01-01", to: "2030-12-31"}}) {
    nodes { title kind status window { edtf } forum { name } obligors { name } sources { document { symbol } evidence } }
  }
}`
	return []query{
		{"1. a page of deadlines with session and obligors", `{
  deadlines { nodes { title kind status due { edtf } window { edtf basis } session { name } obligors { name acronym } } }
}`, nil},
		{"2. a body's mandates, their provisions, documents and deadlines", `query ($id: ID!) {
  body(id: $id) {
    name
    mandates { nodes { title verb status conferredBy { number document { symbol } } deadlines { nodes { title window { edtf } } } } }
    deadlines { nodes { title status due { edtf } window { edtf } } }
  }
}`, map[string]any{"id": s.body}},
		{"3. deadlines of a forum in a span of time", forum, map[string]any{"forum": []un.ID{s.forum}}},
		{"3. the same of the General Assembly", forum, map[string]any{"forum": []un.ID{un.GeneralAssembly}}},
		{"4. relations of the General Assembly with sources", `query ($id: ID!) {
  body(id: $id) {
    relations { nodes { kind from { name } to { name } role standing since { edtf } sources { document { symbol } provision { number } evidence } } }
  }
}`, map[string]any{"id": un.GeneralAssembly}},
		{"5. a document's provisions, mandates and citations", `query ($symbol: String!) {
  document(symbol: $symbol) {
    symbol title
    provisions { nodes { number text mentions { name } } }
    mandates { nodes { title verb holders { name } } }
    cites { edges { node { symbol title } provision { number } verb } }
  }
}`, map[string]any{"symbol": s.document}},
	}
}

// An endpoint answers queries over HTTP on this machine.
type endpoint struct{ *httptest.Server }

// serve serves a store as the product does.
func serve(name string, s store.Store, sent *statements) *served {
	counted := &counting{Store: s}
	today := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	handler := (&graph.Server{Store: counted, Now: today, Timeout: time.Minute}).Handler()
	return &served{name, counted, &endpoint{httptest.NewServer(handler)}, sent}
}

// ask asks one query. An answer with errors is an error.
func (e *endpoint) ask(q query) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": q.text, "variables": q.variables})
	if err != nil {
		return nil, err
	}
	r, err := e.Client().Post(e.URL, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err == nil && (r.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
		err = fmt.Errorf("%s: %s", q.name, answer[:min(len(answer), 500)])
	}
	return answer, err
}

// expertText is what somebody who knows Cypher and the model would write for nestedText.
const expertText = `MATCH (b:Mandategraph) WHERE b.key IN $keys
WITH b ORDER BY b.sort_body_name LIMIT 20
RETURN b.id AS id, b.name AS name, COLLECT {
  MATCH (b)-[:HOLDS]->(m)
  WITH m ORDER BY m.sort_mandate_since LIMIT 20
  RETURN {id: m.id, title: m.title, kind: m.kind, since: m.since, deadlines: COLLECT {
    MATCH (m)<-[:BASED_ON]-(d:Deadline)
    WITH d ORDER BY d.sort_deadline_due LIMIT 5
    RETURN {id: d.id, title: d.title, window: d.window}
  }}
} AS mandates`

// expert measures the nested query on Neo4j, ours in turn with the expert's statement, which a plain handler sends and writes
// as JSON. Both must find the same.
func (c *scale) expert(ctx context.Context) error {
	ours := query{"nested", nestedText, map[string]any{"ids": c.subjects.bodies}}
	current, err := driver.ExecuteQuery(ctx, c.driver, "MATCH (s:MandategraphSwitch) RETURN s.current", nil, driver.EagerResultTransformer)
	if err != nil {
		return err
	}
	keys := make([]string, len(c.subjects.bodies))
	for i, id := range c.subjects.bodies {
		keys[i] = fmt.Sprintf("%v|%s", current.Records[0].Values[0], id)
	}
	plain := &endpoint{httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		result, err := driver.ExecuteQuery(r.Context(), c.driver, expertText, map[string]any{"keys": keys}, driver.EagerResultTransformer, driver.ExecuteQueryWithReadersRouting())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		bodies := make([]map[string]any, len(result.Records))
		for i, record := range result.Records {
			bodies[i] = record.AsMap()
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(bodies)
	}))}
	defer plain.Close()
	mine, err := c.neo4j.http.ask(ours)
	if err != nil {
		return err
	}
	theirs, err := plain.ask(ours)
	if err != nil {
		return err
	}
	bodies, mandates, deadlines, err := same(mine, theirs)
	if err != nil {
		return err
	}
	var took [4][]time.Duration
	for i, begin := 0, time.Now(); i < warming+2*times && (i < warming+least || time.Since(begin) < 5*atMost); i++ {
		for n, e := range []*endpoint{c.neo4j.http, plain, c.keeping.http, c.memory.http} {
			at := time.Now()
			if _, err := e.ask(ours); err != nil {
				return err
			}
			if i >= warming {
				took[n] = append(took[n], time.Since(at))
			}
		}
	}
	oursMedian, oursP95 := percentiles(took[0])
	expertMedian, expertP95 := percentiles(took[1])
	keptMedian, keptP95 := percentiles(took[2])
	memoryMedian, _ := percentiles(took[3])
	times := func(ours time.Duration) string {
		return fmt.Sprintf("**%.2f**", float64(ours)/float64(expertMedian))
	}
	c.nested = row(count(c.nodes), fmt.Sprintf("%d, %d, %d", bodies, mandates, deadlines), milliseconds(oursMedian)+" / "+milliseconds(oursP95),
		milliseconds(keptMedian)+" / "+milliseconds(keptP95), milliseconds(expertMedian)+" / "+milliseconds(expertP95), times(oursMedian), times(keptMedian), milliseconds(memoryMedian))
	return nil
}

// same wants two answers to hold the same objects in the same order.
func same(mine, theirs []byte) (bodies, mandates, deadlines int, err error) {
	type deadline struct{ ID string }
	type mandate struct {
		ID        string
		Deadlines []deadline
	}
	type body struct {
		ID       string
		Mandates []mandate
	}
	var expected []body
	if err := json.Unmarshal(theirs, &expected); err != nil {
		return 0, 0, 0, err
	}
	var answer struct {
		Data struct {
			Bodies struct {
				Nodes []struct {
					ID       string
					Mandates struct {
						Nodes []struct {
							ID        string
							Deadlines struct{ Nodes []deadline }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(mine, &answer); err != nil {
		return 0, 0, 0, err
	}
	var got []body
	for _, b := range answer.Data.Bodies.Nodes {
		found := body{b.ID, []mandate{}}
		bodies++
		for _, m := range b.Mandates.Nodes {
			mandates++
			deadlines += len(m.Deadlines.Nodes)
			found.Mandates = append(found.Mandates, mandate{m.ID, m.Deadlines.Nodes})
		}
		got = append(got, found)
	}
	if fmt.Sprint(got) != fmt.Sprint(expected) {
		err = fmt.Errorf("the expert's statement finds something else than ours:\n%.500s\n%.500s", fmt.Sprint(expected), fmt.Sprint(got))
	}
	return bodies, mandates, deadlines, err
}

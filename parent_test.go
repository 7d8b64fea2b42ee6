package main

import (
	"bytes"
	"fmt"
	"testing"

	"mandategraph/store/memory"
	"mandategraph/un"
)

// A body has one parent on a day; where no day is asked, that of today, else the latest.
func TestParentOnADay(t *testing.T) {
	var g un.Graph
	for _, id := range []un.ID{"body:moved", "body:orphan", "body:early", "body:late", "body:now"} {
		g.Nodes = append(g.Nodes, &un.Body{
			Record: un.Record{ID: id, Validity: un.Always, Sources: []un.Source{{Document: "document:d"}}},
			Names:  map[un.Language]string{un.English: string(id)}, Kind: "OFFICE", Standing: un.Fact,
		})
	}
	for _, e := range []struct {
		relation un.Relation
		from, to un.ID
		validity un.Validity
	}{
		{un.PartOf, "body:moved", "body:early", un.Validity{From: "2000-01-01", Until: "2010-01-01"}},
		{un.PartOf, "body:moved", "body:now", un.Validity{From: "2010-01-01", Until: "2026-06-01"}},
		{un.PartOf, "body:moved", "body:late", un.Validity{From: "2026-06-01", Until: un.LastDay}},
		{un.PartOf, "body:orphan", "body:late", un.Validity{From: "2005-01-01", Until: "2006-01-01"}},
		{un.PartOf, "body:orphan", "body:early", un.Validity{From: "2001-01-01", Until: "2002-01-01"}},
		{un.SecretariatProvidedBy, "body:moved", "body:early", un.Validity{From: "2000-01-01", Until: "2010-01-01"}},
		{un.SecretariatProvidedBy, "body:moved", "body:now", un.Validity{From: "2010-01-01", Until: un.LastDay}},
	} {
		g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(e.relation, e.from, e.to, ""), Relation: e.relation, From: e.from, To: e.to, Standing: un.Fact, Validity: e.validity})
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, s)
	for _, c := range []struct{ body, field, want string }{
		{"moved", `parent { id }`, `"parent":{"id":"body:now"}`}, // the clock stands in March 2026
		{"moved", `parent(asOf: "2009-12-31") { id }`, `"parent":{"id":"body:early"}`},
		{"moved", `parent(asOf: "2010-01-01") { id }`, `"parent":{"id":"body:now"}`},
		{"moved", `parent(asOf: "2030-01-01") { id }`, `"parent":{"id":"body:late"}`},
		{"moved", `parent(asOf: "1999-12-31") { id }`, `"parent":null`},
		{"orphan", `parent { id }`, `"parent":{"id":"body:late"}`},
		{"moved", `secretariat(asOf: "2009-12-31") { id }`, `"secretariat":[{"id":"body:early"}]`},
		{"moved", `secretariat { id }`, `"secretariat":[{"id":"body:early"},{"id":"body:now"}]`},
		{"moved", `parent(asOf: "2009-12-31") { children { nodes { id } } }`, `"children":{"nodes":[{"id":"body:moved"}]}`},
		{"moved", `parent(asOf: "2009-12-31") { children(asOf: "2015-01-01") { nodes { id } } }`, `"children":{"nodes":[]}`},
	} {
		if _, answer := post(t, server.URL, fmt.Sprintf(`{ body(id: "body:%s") { %s } }`, c.body, c.field), nil); !bytes.Contains(answer, []byte(c.want)) {
			t.Errorf("%s %s: %s, want %s", c.body, c.field, answer, c.want)
		}
	}
}

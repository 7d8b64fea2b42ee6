package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/graph"
	"mandategraph/un"
)

// An under is the ids of a list below each node, by the node's id, with the cursor of each.
type under map[string]struct {
	TotalCount int
	PageInfo   struct{ HasNextPage bool }
	Edges      []struct {
		Cursor string
		Node   struct{ ID string }
	}
}

func (u under) ids(of string) (ids []string) {
	for _, e := range u[of].Edges {
		ids = append(ids, e.Node.ID)
	}
	return ids
}

// askUnder asks for a list, with its arguments, below each of the nodes.
func askUnder(t *testing.T, url, on, list string, nodes []string) under {
	t.Helper()
	all := under{}
	for some := range slices.Chunk(nodes, 50) {
		ids, err := json.Marshal(some)
		if err != nil {
			t.Fatal(err)
		}
		query := fmt.Sprintf(`{ nodes(ids: %s) { id ... on %s { list: %s { totalCount pageInfo { hasNextPage } edges { cursor node { id } } } } } }`, ids, on, list)
		_, answer := post(t, url, query, nil)
		var got struct {
			Data struct {
				Nodes []struct {
					ID   string
					List json.RawMessage
				}
			}
			Errors []struct{ Message string }
		}
		if err := json.Unmarshal(answer, &got); err != nil || len(got.Errors) > 0 {
			t.Fatalf("%s: %v %.500s", query, err, answer)
		}
		for _, n := range got.Data.Nodes {
			entry := all[n.ID]
			if err := json.Unmarshal(n.List, &entry); err != nil {
				t.Fatal(err)
			}
			all[n.ID] = entry
		}
	}
	return all
}

// TestEveryListBelowANode gives each list field of each type all of its arguments: pages, filters, orders and the day
// mean there what they mean at the root.
func TestEveryListBelowANode(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]un.Node{}
	kinds := map[un.Kind][]string{}
	for _, n := range f.Graph.Nodes {
		facts[string(n.Key())] = n
		kinds[n.NodeKind()] = append(kinds[n.NodeKind()], string(n.Key()))
	}
	types := graph.NewExecutableSchema(graph.Config{Resolvers: graph.Resolver{}}).Schema().Types
	s := memoryStore(t) // storetest holds every other store to the same answers
	server := serveStore(t, s)
	tried := 0
	for on, kind := range map[string]un.Kind{
		"Body": un.KindBody, "Document": un.KindDocument, "Provision": un.KindProvision, "Mandate": un.KindMandate,
		"Deadline": un.KindDeadline, "ReportingCycle": un.KindCycle, "Session": un.KindSession,
	} {
		for _, field := range types[on].Fields {
			if field.Arguments.ForName("first") == nil || field.Name == "relations" {
				continue // a relation is no node: see TestRelationsBelowABody
			}
			tried++
			t.Run(on+"."+field.Name, func(t *testing.T) {
				all := askUnder(t, server.URL, on, field.Name+"(first: 100)", kinds[kind])
				whole := slices.DeleteFunc(slices.Clone(kinds[kind]), func(id string) bool { return all[id].PageInfo.HasNextPage })
				longest := slices.MaxFunc(whole, func(a, b string) int { return len(all[a].Edges) - len(all[b].Edges) })
				want := all.ids(longest)
				if len(want) == 0 || len(want) == 1 && on != "Provision" && on != "Mandate" || len(want) != all[longest].TotalCount {
					t.Fatalf("the facts prove little: %q", want)
				}

				var paged []string
				for after := "null"; ; {
					page := askUnder(t, server.URL, on, fmt.Sprintf("%s(first: 1, after: %s)", field.Name, after), []string{longest})[longest]
					if len(page.Edges) != 1 || page.TotalCount != len(want) || len(paged) > len(want) {
						t.Fatalf("a page of one: %+v", page)
					}
					paged = append(paged, page.Edges[0].Node.ID)
					if !page.PageInfo.HasNextPage {
						break
					}
					after = fmt.Sprintf("%q", page.Edges[0].Cursor)
				}
				if diff := cmp.Diff(want, paged); diff != "" {
					t.Errorf("page by page (-all +paged):\n%s", diff)
				}

				if field.Arguments.ForName("where") != nil {
					if got := askUnder(t, server.URL, on, field.Name+"(where: {not: {}})", []string{longest})[longest]; got.TotalCount != 0 {
						t.Errorf("of what a filter keeps none of, there are %d", got.TotalCount)
					}
				}
				if field.Arguments.ForName("orderBy") != nil {
					for _, order := range un.Orders[facts[want[0]].NodeKind()] {
						for _, direction := range []string{"ASC", "DESC"} {
							sorted := slices.Clone(want)
							slices.SortFunc(sorted, func(a, b string) int {
								desc := direction == "DESC"
								c := strings.Compare(un.OrderKey(facts[a], order, desc), un.OrderKey(facts[b], order, desc))
								if desc {
									return -c
								}
								return c
							})
							got := askUnder(t, server.URL, on, fmt.Sprintf("%s(first: 100, orderBy: {field: %s, direction: %s})", field.Name, order, direction), []string{longest})
							if diff := cmp.Diff(sorted, got.ids(longest)); diff != "" {
								t.Errorf("by %s %s (-want +got):\n%s", order, direction, diff)
							}
						}
					}
				}
				if field.Arguments.ForName("asOf") != nil {
					before := askUnder(t, server.URL, on, field.Name+`(asOf: "1800-01-01")`, kinds[kind])
					if !slices.ContainsFunc(kinds[kind], func(id string) bool { return before[id].TotalCount < all[id].TotalCount }) {
						t.Error("as of 1800 it has all that it has today")
					}
				}
			})
		}
	}
	if tried < 15 {
		t.Errorf("only %d lists were tried", tried)
	}
}

// TestRelationsBelowABody pages through a body's relations, and asks for them as of a day before them all.
func TestRelationsBelowABody(t *testing.T) {
	s := memoryStore(t) // storetest holds every other store to the same answers
	server := serveStore(t, s)
	ask := func(arguments string) (got struct {
		TotalCount int
		PageInfo   struct{ HasNextPage bool }
		Edges      []struct {
			Cursor string
			Node   struct {
				ID       string
				From, To struct{ ID string }
			}
		}
	},
	) {
		_, answer := post(t, server.URL, `{ body(acronym: "UNGIS") { relations(`+arguments+`) { totalCount pageInfo { hasNextPage } edges { cursor node { id from { id } to { id } } } } } }`, nil)
		var all struct {
			Data struct {
				Body struct{ Relations json.RawMessage }
			}
		}
		if err := json.Unmarshal(answer, &all); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(all.Data.Body.Relations, &got); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
		return got
	}
	whole := ask("first: 100")
	if len(whole.Edges) < 3 || whole.TotalCount != len(whole.Edges) {
		t.Fatalf("the facts prove little: %+v", whole)
	}
	after := "null"
	for i, e := range whole.Edges {
		page := ask("first: 1, after: " + after)
		if len(page.Edges) != 1 || page.Edges[0] != e || page.PageInfo.HasNextPage != (i+1 < len(whole.Edges)) {
			t.Errorf("page %d: %+v, want %+v", i, page, e)
		}
		if want := fmt.Sprintf(":%s>%s", e.Node.From.ID, e.Node.To.ID); !strings.Contains(e.Node.ID, want) {
			t.Errorf("%s leads from %s to %s", e.Node.ID, e.Node.From.ID, e.Node.To.ID)
		}
		after = fmt.Sprintf("%q", e.Cursor)
	}
	if before := ask(`asOf: "1800-01-01"`); before.TotalCount >= whole.TotalCount {
		t.Errorf("as of 1800 it has %d relations, today %d", before.TotalCount, whole.TotalCount)
	}
}

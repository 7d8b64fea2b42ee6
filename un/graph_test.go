package un_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mandategraph/un"
)

// kinds are those of nodes, with an empty one of each.
var kinds = map[un.Kind]func() un.Node{
	un.KindBody:      func() un.Node { return new(un.Body) },
	un.KindDocument:  func() un.Node { return new(un.Document) },
	un.KindProvision: func() un.Node { return new(un.Provision) },
	un.KindMandate:   func() un.Node { return new(un.Mandate) },
	un.KindDeadline:  func() un.Node { return new(un.Deadline) },
	un.KindCycle:     func() un.Node { return new(un.ReportingCycle) },
	un.KindSession:   func() un.Node { return new(un.Session) },
	un.KindBasis:     func() un.Node { return new(un.LegalBasis) },
}

// record is what every node has, for tests to change.
func record(n un.Node) *un.Record {
	return reflect.ValueOf(n).Elem().FieldByName("Record").Addr().Interface().(*un.Record)
}

// sound makes a node that nothing is wrong with, but what edges must say: its id is "BODY:igf" of the kind and the name.
func sound(kind un.Kind, name string) un.Node {
	n := kinds[kind]()
	*record(n) = un.Record{ID: un.ID(string(kind) + ":" + name), Validity: un.Always}
	if kind != un.KindDocument && kind != un.KindProvision { // which are what proves
		record(n).Sources = []un.Source{{Document: "DOCUMENT:a"}}
	}
	return n
}

func join(g *un.Graph, r un.Relation, from, to un.ID) {
	g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(r, from, to, ""), Relation: r, From: from, To: to, Validity: un.Always})
}

// required is what a node of a kind cannot be without, and how Check says that it is missing.
var required = []struct {
	kind     un.Kind
	relation un.Relation
	to       un.ID
	missing  string
}{
	{un.KindMandate, un.ConferredBy, "PROVISION:a", "lacks a provision that confers it"},
	{un.KindDeadline, un.ConferredBy, "PROVISION:a", "lacks a provision"},
	{un.KindCycle, un.ConferredBy, "PROVISION:a", "lacks a provision"},
	{un.KindProvision, un.ProvisionOf, "DOCUMENT:a", "lacks a document"},
	{un.KindSession, un.SessionOf, "BODY:a", "lacks a body"},
	{un.KindBasis, un.BasisOf, "BODY:a", "lacks a body"},
}

// complete adds the edges that nodes cannot be without.
func complete(g *un.Graph) {
	for _, n := range g.Nodes {
		for _, r := range required {
			has := slices.ContainsFunc(g.Edges, func(e un.Edge) bool { return e.Relation == r.relation && e.From == n.Key() })
			if n.NodeKind() == r.kind && !has {
				join(g, r.relation, n.Key(), r.to)
			}
		}
	}
}

// good is a graph without problems that has two nodes of each kind: "BODY:a", "BODY:b", "DOCUMENT:a" …
func good() un.Graph {
	var g un.Graph
	for kind := range kinds {
		g.Nodes = append(g.Nodes, sound(kind, "a"), sound(kind, "b"))
	}
	complete(&g)
	return g
}

// of is the record of the node with an id.
func of(g *un.Graph, id un.ID) *un.Record {
	return record(g.Nodes[slices.IndexFunc(g.Nodes, func(n un.Node) bool { return n.Key() == id })])
}

func check(t *testing.T, g un.Graph, want ...un.Problem) {
	t.Helper()
	if diff := cmp.Diff(want, g.Check(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAGoodGraphHasNoProblems(t *testing.T) {
	check(t, un.Graph{})
	check(t, good())
	g := good()
	join(&g, un.Cites, "DOCUMENT:a", "DOCUMENT:a") // a document may cite itself
	join(&g, un.Supersedes, "MANDATE:a", "MANDATE:b")
	of(&g, "BODY:a").Validity = un.Validity{From: "2026-01-01", Until: "2026-01-01"}
	of(&g, "BODY:b").Sources = make([]un.Source, un.MaxList)
	check(t, g)
}

func TestCheckFinds(t *testing.T) {
	edge := func(change func(e *un.Edge)) func(g *un.Graph) {
		return func(g *un.Graph) {
			join(g, un.PartOf, "BODY:a", "BODY:b")
			change(&g.Edges[len(g.Edges)-1])
		}
	}
	const id = "PART_OF:BODY:a>BODY:b"
	for _, c := range []struct {
		problem string
		make    func(g *un.Graph)
		want    []un.Problem
	}{
		{
			"a node without an id", func(g *un.Graph) { g.Nodes = append(g.Nodes, &un.Document{Record: un.Record{Validity: un.Always}}) },
			[]un.Problem{{"", "a node has an empty id, or one with a NUL byte"}},
		},
		{
			"a node whose id has a NUL byte", func(g *un.Graph) { g.Nodes = append(g.Nodes, sound(un.KindBody, "c\x00")) },
			[]un.Problem{{"BODY:c\x00", "a node has an empty id, or one with a NUL byte"}},
		},
		{
			"an id used twice", func(g *un.Graph) { g.Nodes = append(g.Nodes, sound(un.KindBody, "a")) },
			[]un.Problem{{"BODY:a", "the id is used twice"}},
		},
		{
			"a node's validity without a start", func(g *un.Graph) { of(g, "BODY:a").Validity.From = "" },
			[]un.Problem{{"BODY:a", "has no validity"}},
		},
		{
			"a node's validity without an end", func(g *un.Graph) { of(g, "BODY:a").Validity.Until = "" },
			[]un.Problem{{"BODY:a", "has no validity"}},
		},
		{
			"a node that ends before it begins", func(g *un.Graph) { of(g, "BODY:a").Validity = un.Validity{From: "2026-01-02", Until: "2026-01-01"} },
			[]un.Problem{{"BODY:a", "ends, on 2026-01-01, before it begins, on 2026-01-02"}},
		},
		{
			"a node with too many sources", func(g *un.Graph) { of(g, "DOCUMENT:a").Sources = make([]un.Source, un.MaxList+1) },
			[]un.Problem{{"DOCUMENT:a", "has 101 sources; at most 100 are allowed"}},
		},
		{
			"a fact without a source", func(g *un.Graph) { of(g, "MANDATE:a").Sources = nil },
			[]un.Problem{{"MANDATE:a", "has no source"}},
		},
		{
			"an edge without an id", edge(func(e *un.Edge) { e.ID = "" }),
			[]un.Problem{{"", "the relation's id is empty, used twice, or has a NUL byte"}},
		},
		{
			"an edge whose id has a NUL byte", edge(func(e *un.Edge) { e.ID = "e\x00" }),
			[]un.Problem{{"e\x00", "the relation's id is empty, used twice, or has a NUL byte"}},
		},
		{"an edge's id used twice", func(g *un.Graph) {
			join(g, un.PartOf, "BODY:a", "BODY:b")
			join(g, un.PartOf, "BODY:a", "BODY:b")
		}, []un.Problem{{id, "the relation's id is empty, used twice, or has a NUL byte"}}},
		{
			"an edge without validity", edge(func(e *un.Edge) { e.Validity = un.Validity{} }),
			[]un.Problem{{id, "has no validity"}},
		},
		{
			"an edge that ends before it begins", edge(func(e *un.Edge) { e.Validity = un.Validity{From: "2026-01-02", Until: "2026-01-01"} }),
			[]un.Problem{{id, "ends, on 2026-01-01, before it begins, on 2026-01-02"}},
		},
		{
			"an unknown relation", edge(func(e *un.Edge) { e.Relation = "LIKES" }),
			[]un.Problem{{id, "there is no relation LIKES"}},
		},
		{
			"an edge from nowhere", edge(func(e *un.Edge) { e.From = "BODY:c" }),
			[]un.Problem{{id, "PART_OF names BODY:c, which does not exist"}},
		},
		{
			"an edge to nowhere", edge(func(e *un.Edge) { e.To = "BODY:c" }),
			[]un.Problem{{id, "PART_OF names BODY:c, which does not exist"}},
		},
		{
			"a relation from the wrong kind", edge(func(e *un.Edge) { e.From = "SESSION:a" }),
			[]un.Problem{{id, "PART_OF cannot lead from a SESSION to a BODY"}},
		},
		{
			"a relation to the wrong kind", edge(func(e *un.Edge) { e.To = "SESSION:a" }),
			[]un.Problem{{id, "PART_OF cannot lead from a BODY to a SESSION"}},
		},
		{
			"what supersedes another kind", func(g *un.Graph) { join(g, un.Supersedes, "MANDATE:a", "DEADLINE:a") },
			[]un.Problem{{"SUPERSEDES:MANDATE:a>DEADLINE:a", "SUPERSEDES cannot lead from a MANDATE to a DEADLINE"}},
		},
		{
			"an edge to its own start", edge(func(e *un.Edge) { e.To = "BODY:a" }),
			[]un.Problem{{id, "PART_OF leads from BODY:a to itself"}},
		},
		{"supersession in a circle", func(g *un.Graph) {
			for _, k := range []string{"c", "d", "e"} {
				g.Nodes = append(g.Nodes, sound(un.KindMandate, k))
			}
			for _, e := range []string{"ca", "ab", "ba", "bd", "de"} { // c, d and e stand beside the circle
				join(g, un.Supersedes, "MANDATE:"+un.ID(e[:1]), "MANDATE:"+un.ID(e[1:]))
			}
			complete(g)
		}, []un.Problem{
			{"MANDATE:a", "supersedes itself, by way of what it supersedes"}, {"MANDATE:b", "supersedes itself, by way of what it supersedes"},
		}},
	} {
		t.Run(c.problem, func(t *testing.T) {
			g := good()
			c.make(&g)
			check(t, g, c.want...)
		})
	}
	for _, r := range required {
		t.Run(fmt.Sprintf("%s without %s", r.kind, r.relation), func(t *testing.T) {
			g, id := good(), un.ID(r.kind)+":a"
			g.Edges = slices.DeleteFunc(g.Edges, func(e un.Edge) bool { return e.Relation == r.relation && e.From == id })
			check(t, g, un.Problem{ID: id, Text: r.missing})
		})
	}
	t.Run("all problems, in the order of the graph", func(t *testing.T) {
		body, mandate := sound(un.KindBody, "a"), sound(un.KindMandate, "a")
		record(body).Sources, record(mandate).Validity = nil, un.Validity{}
		check(t, un.Graph{Nodes: []un.Node{mandate, body}, Edges: []un.Edge{{ID: "e", Relation: un.Holds, From: "BODY:a", To: "MANDATE:b", Validity: un.Always}}},
			un.Problem{ID: "MANDATE:a", Text: "has no validity"}, un.Problem{ID: "BODY:a", Text: "has no source"},
			un.Problem{ID: "e", Text: "HOLDS names MANDATE:b, which does not exist"}, un.Problem{ID: "MANDATE:a", Text: "lacks a provision that confers it"})
	})
}

func TestCheckFindsListsThatAreTooLong(t *testing.T) {
	const many = un.MaxList
	for _, c := range []struct {
		relation  un.Relation
		from, to  un.Kind // from has the list; it is the edges' end where they lead back
		back      bool
		most      int
		complaint string
	}{
		{un.PartOf, un.KindBody, un.KindBody, false, many, "parents"},
		{un.SecretariatProvidedBy, un.KindBody, un.KindBody, false, many, "providers of the secretariat"},
		{un.BasisOf, un.KindBody, un.KindBasis, true, many, "steps of the legal basis"},
		{un.AdoptedBy, un.KindDocument, un.KindBody, false, 1, "adopting body"},
		{un.AdoptedAt, un.KindDocument, un.KindSession, false, 1, "session"},
		{un.ProvisionOf, un.KindProvision, un.KindDocument, false, 1, "document"},
		{un.Mentions, un.KindProvision, un.KindBody, false, many, "mentions"},
		{un.Holds, un.KindMandate, un.KindBody, true, many, "holders"},
		{un.AddressedTo, un.KindMandate, un.KindBody, false, many, "addressees"},
		{un.ConferredBy, un.KindMandate, un.KindProvision, false, 1, "conferring provision"},
		{un.Supersedes, un.KindMandate, un.KindMandate, false, many, "superseded mandates"},
		{un.Supersedes, un.KindMandate, un.KindMandate, true, many, "successors"},
		{un.DueAt, un.KindDeadline, un.KindSession, false, 1, "session"},
		{un.Obliges, un.KindDeadline, un.KindBody, false, many, "obligors"},
		{un.HasForum, un.KindDeadline, un.KindBody, false, 1, "forum"},
		{un.BasedOn, un.KindDeadline, un.KindMandate, false, 1, "mandate"},
		{un.FulfilledBy, un.KindDeadline, un.KindDocument, false, 1, "fulfilling document"},
		{un.ConferredBy, un.KindDeadline, un.KindProvision, false, 1, "provision"},
		{un.Obliges, un.KindCycle, un.KindBody, false, many, "obligors"},
		{un.RoutedThrough, un.KindCycle, un.KindBody, false, many, "stations of the route"},
		{un.AddressedTo, un.KindCycle, un.KindBody, false, 1, "addressee"},
		{un.BasedOn, un.KindCycle, un.KindMandate, false, 1, "mandate"},
		{un.ConferredBy, un.KindCycle, un.KindProvision, false, 1, "provision"},
		{un.Supersedes, un.KindCycle, un.KindCycle, false, many, "superseded cycles"},
		{un.Supersedes, un.KindCycle, un.KindCycle, true, many, "successors"},
		{un.SessionOf, un.KindSession, un.KindBody, false, 1, "body"},
	} {
		t.Run(fmt.Sprintf("%s of a %s back %t", c.relation, c.from, c.back), func(t *testing.T) {
			for _, count := range []int{c.most, c.most + 1} {
				var g un.Graph
				for kind := range kinds {
					g.Nodes = append(g.Nodes, sound(kind, "a"))
				}
				list := sound(c.from, "long")
				g.Nodes = append(g.Nodes, list)
				for i := range count {
					member := sound(c.to, fmt.Sprint(i))
					g.Nodes = append(g.Nodes, member)
					from, to := list.Key(), member.Key()
					if c.back {
						from, to = to, from
					}
					join(&g, c.relation, from, to)
				}
				complete(&g)
				if count == c.most {
					check(t, g)
				} else {
					check(t, g, un.Problem{ID: list.Key(), Text: fmt.Sprintf("has %d %s; at most %d are allowed", count, c.complaint, c.most)})
				}
			}
		})
	}
}

func TestReaches(t *testing.T) {
	steps := map[un.ID][]un.ID{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"b"}, "e": {"e"}, "g": {"h"}}
	for pair, want := range map[string]bool{
		"ab": true, "gh": true, "ad": true, "bb": true, "dd": true, "ee": true, "cb": true, "aa": false, "ba": false, "ae": false, "ea": false, "ff": false, "cc": false,
	} {
		if got := un.Reaches(steps, un.ID(pair[:1]), un.ID(pair[1:])); got != want {
			t.Errorf("from %s to %s: %t", pair[:1], pair[1:], got)
		}
	}
}

func TestVersionIsIndependentOfOrder(t *testing.T) {
	g := good()
	join(&g, un.PartOf, "BODY:a", "BODY:b")
	want := g.Version()
	rapid.Check(t, func(t *rapid.T) {
		shuffled := un.Graph{Nodes: rapid.Permutation(g.Nodes).Draw(t, "nodes"), Edges: rapid.Permutation(g.Edges).Draw(t, "edges")}
		if got := shuffled.Version(); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
	if got := (un.Graph{}).Version(); got == want || len(got) != 16 {
		t.Errorf("the version of nothing is %q", got)
	}
}

// fill makes what is nil below v, and calls leaf with every value that is in it and the name of its place.
func fill(v reflect.Value, path string, leaf func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, leaf)
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), path, leaf)
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		fill(v.Index(0), path, leaf)
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		leaf(path, v)
	default:
		leaf(path, v)
	}
}

// full is a node of a kind, or an edge, of which every field has a value.
func full(n any) any {
	fill(reflect.ValueOf(n).Elem(), reflect.TypeOf(n).Elem().Name(), func(path string, v reflect.Value) {
		switch v.Interface().(type) {
		case un.Date:
			v.SetString("2026-12-31")
			return
		case map[un.Language]string:
			v.Set(reflect.ValueOf(map[un.Language]string{un.English: "name"}))
			return
		}
		switch {
		case strings.HasSuffix(path, ".EDTF"):
			v.SetString("2026-12")
		case v.Kind() == reflect.String:
			v.SetString(path)
		case v.Kind() == reflect.Int:
			v.SetInt(7)
		case v.Kind() == reflect.Bool:
			v.SetBool(true)
		}
	})
	return n
}

func TestVersionDiffersForEveryField(t *testing.T) {
	makers := []func() any{func() any { return new(un.Edge) }}
	for _, make := range kinds {
		makers = append(makers, func() any { return make() })
	}
	version := func(fact any) string {
		if e, ok := fact.(*un.Edge); ok {
			return un.Graph{Edges: []un.Edge{*e}}.Version()
		}
		return un.Graph{Nodes: []un.Node{fact.(un.Node)}}.Version()
	}
	for _, make := range makers {
		fact := full(make())
		seen := map[string]string{version(fact): "as it was", version(make()): "empty"}
		if len(seen) < 2 {
			t.Errorf("a full and an empty %T have one version", fact)
		}
		fill(reflect.ValueOf(fact).Elem(), fmt.Sprintf("%T", fact), func(path string, v reflect.Value) {
			before := reflect.New(v.Type()).Elem()
			before.Set(v)
			switch v.Kind() {
			case reflect.String:
				v.SetString(v.String() + "!")
			case reflect.Int:
				v.SetInt(v.Int() + 1)
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Map:
				v.Set(reflect.ValueOf(map[un.Language]string{un.English: "another name"}))
			default:
				t.Fatalf("%s has the kind %s, which the test cannot change", path, v.Kind())
			}
			got := version(fact)
			if other, same := seen[got]; same {
				t.Errorf("%s changed, and the version is that of %s", path, other)
			}
			seen[got] = path
			v.Set(before)
		})
	}
	t.Run("and for the kind", func(t *testing.T) {
		if version(&un.Body{}) == version(&un.Document{}) || version(sound(un.KindProvision, "a")) == version(sound(un.KindBasis, "a")) {
			t.Error("two kinds have one version")
		}
	})
}

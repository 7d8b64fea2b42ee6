package graph_test

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"mandategraph/graph"
	"mandategraph/query"
	"mandategraph/un"
)

func schema() *ast.Schema {
	return graph.NewExecutableSchema(graph.Config{Resolvers: graph.Resolver{}}).Schema()
}

// own are the definitions of our own schema, without those that every schema has.
func own(s *ast.Schema) (all []*ast.Definition) {
	for _, d := range s.Types {
		if !d.BuiltIn && !strings.HasPrefix(d.Name, "__") {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// gqlgen binds a method that takes fewer arguments than its field has, and drops the others without a word.
func TestEveryArgumentReachesGo(t *testing.T) {
	wrappers := []any{
		&graph.Body{}, &graph.Document{}, &graph.Provision{}, &graph.Mandate{}, &graph.Deadline{}, &graph.ReportingCycle{}, &graph.Session{},
		&graph.LegalBasis{}, &graph.Relation{}, &graph.Source{}, &graph.Conflict{}, &graph.ConflictingValue{}, &graph.CitationEdge{},
		&graph.Subgraph{}, &graph.SubgraphNode{}, &graph.SubgraphEdge{}, &graph.Path{}, &graph.Occurrence{}, &graph.Change{},
		&un.PartialDate{}, &un.Gap{}, &graph.PageInfo{},
	}
	known := map[string]reflect.Type{}
	for _, w := range wrappers {
		known[reflect.TypeOf(w).Elem().Name()] = reflect.TypeOf(w)
	}
	known["DataQuality"], known["KindCount"] = reflect.TypeFor[*graph.DataQuality](), reflect.TypeFor[*graph.KindCount]()
	checked := 0
	for _, d := range own(schema()) {
		if d.Kind != ast.Object || d.Name == "Query" || strings.HasSuffix(d.Name, "Connection") || strings.HasSuffix(d.Name, "Edge") && known[d.Name] == nil {
			continue
		}
		goType := known[d.Name]
		if goType == nil {
			t.Errorf("the test does not know the Go type of %s", d.Name)
			continue
		}
		for _, f := range d.Fields {
			if len(f.Arguments) == 0 {
				continue
			}
			m, ok := goType.MethodByName(strings.ToUpper(f.Name[:1]) + f.Name[1:])
			if !ok {
				t.Errorf("%s.%s has no method", d.Name, f.Name)
				continue
			}
			takes := m.Type.NumIn() - 1 // without the receiver
			if takes > 0 && m.Type.In(1).String() == "context.Context" {
				takes--
			}
			if takes != len(f.Arguments) {
				t.Errorf("%s.%s takes %d of %d arguments", d.Name, f.Name, takes, len(f.Arguments))
			}
			checked++
		}
	}
	if checked < 25 {
		t.Errorf("only %d fields with arguments were found", checked)
	}
}

func TestNoModelIsGenerated(t *testing.T) {
	for _, pattern := range []string{"../models_gen.go", "models_gen.go", "../*.resolvers.go", "*.resolvers.go"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			t.Errorf("%s: a type or a field of the schema has no place in Go", found)
		}
	}
}

func TestEnumsAreThoseOfUn(t *testing.T) {
	s := schema()
	enums := maps.Clone(un.Enums)
	enums["OccurrenceKind"] = query.OccurrenceKinds
	for name, values := range enums {
		d := s.Types[name]
		if d == nil {
			t.Errorf("the schema has no enum %s", name)
			continue
		}
		var got []string
		for _, v := range d.EnumValues {
			got = append(got, v.Name)
		}
		if !slices.Equal(got, values) {
			t.Errorf("%s: the schema has %v, un has %v", name, got, values)
		}
	}
	for name, kind := range map[string]un.Kind{
		"BodyOrderField": un.KindBody, "DocumentOrderField": un.KindDocument, "MandateOrderField": un.KindMandate,
		"DeadlineOrderField": un.KindDeadline, "ReportingCycleOrderField": un.KindCycle, "SessionOrderField": un.KindSession,
	} {
		var got []string
		for _, v := range s.Types[name].EnumValues {
			got = append(got, v.Name)
		}
		if !slices.Equal(got, un.Orders[kind]) {
			t.Errorf("%s: the schema has %v, un has %v", name, got, un.Orders[kind])
		}
	}
}

// Every definition is described, and every field, argument and member with an example.
func TestEverythingIsDescribed(t *testing.T) {
	check := func(where, description string, example bool) {
		t.Helper()
		switch {
		case description == "":
			t.Errorf("%s has no description", where)
		case example && !strings.Contains(description, "`"):
			t.Errorf("%s has no example: %s", where, description)
		}
	}
	relay := func(name string) bool {
		return strings.HasSuffix(name, "Connection") || strings.HasSuffix(name, "Edge") || name == "PageInfo"
	}
	for _, d := range own(schema()) {
		check(d.Name, d.Description, false)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(d.Name+"."+f.Name, f.Description, !relay(d.Name))
			for _, a := range f.Arguments {
				check(d.Name+"."+f.Name+"("+a.Name+")", a.Description, true)
			}
		}
		for _, v := range d.EnumValues {
			check(d.Name+"."+v.Name, v.Description, false)
		}
	}
}

// Every list is paged in the same way.
func TestFirstIsTwentyEverywhere(t *testing.T) {
	found := 0
	for _, d := range own(schema()) {
		for _, f := range d.Fields {
			if a := f.Arguments.ForName("first"); a != nil {
				found++
				if a.DefaultValue == nil || a.DefaultValue.Raw != "20" || a.Type.String() != "Int" {
					t.Errorf("%s.%s: first is not Int = 20", d.Name, f.Name)
				}
				if after := f.Arguments.ForName("after"); after == nil || after.Type.String() != "String" {
					t.Errorf("%s.%s has first and no after", d.Name, f.Name)
				}
			}
		}
	}
	if found < 24 {
		t.Errorf("only %d lists were found", found)
	}
}

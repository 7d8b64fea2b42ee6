package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"mandategraph/graph"
)

var (
	inQuotes = regexp.MustCompile("`([^`]+)`")
	nodeID   = regexp.MustCompile("`((?:body|document|provision|mandate|deadline|cycle|session):[^`]+)`")
)

// examples are what a description of an argument or of a filter's member gives as its value.
func examples(description string, t *ast.Type) (values []string) {
	_, after, _ := strings.Cut(description, "e.g. ")
	for i, m := range inQuotes.FindAllStringSubmatch(after, -1) {
		value := m[1]
		switch {
		case strings.HasPrefix(value, "{"), strings.HasPrefix(value, "["):
		case i > 0: // a word of the text
			continue
		case slices.Contains([]string{"ID", "String", "Date"}, t.Name()):
			value = fmt.Sprintf("%q", value)
		}
		values = append(values, value)
	}
	return values
}

// TestDescriptionsAreTrue runs every example that the schema's descriptions give for an argument or for a member of a
// filter, and looks for every node that they name.
func TestDescriptionsAreTrue(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	ran := 0
	works := func(where, query string) {
		t.Helper()
		ran++
		if _, answer := post(t, server.URL, query, nil); bytes.Contains(answer, []byte(`"errors"`)) {
			t.Errorf("%s: %s\n%s", where, query, answer)
		}
	}
	types := graph.NewExecutableSchema(graph.Config{Resolvers: graph.Resolver{}}).Schema().Types
	for name, enter := range map[string]string{
		"Query":          "{ %s }",
		"Body":           `{ body(acronym: "IGF") { %s } }`,
		"Document":       `{ document(symbol: "80/173") { %s } }`,
		"Provision":      `{ node(id: "provision:A/RES/80/173#99") { ... on Provision { %s } } }`,
		"Mandate":        `{ node(id: "mandate:A/RES/80/173#99/igf-permanent") { ... on Mandate { %s } } }`,
		"Deadline":       `{ node(id: "deadline:A/RES/80/173#122/joint-road-map") { ... on Deadline { %s } } }`,
		"ReportingCycle": `{ node(id: "cycle:A/RES/80/173#124/wsis-report") { ... on ReportingCycle { %s } } }`,
		"Session":        `{ node(id: "session:cstd-30") { ... on Session { %s } } }`,
	} {
		for _, f := range types[name].Fields {
			for _, a := range f.Arguments {
				if a.Name == "after" || strings.HasPrefix(f.Name, "__") {
					continue // an example of a cursor would be one of one list
				}
				for _, value := range examples(a.Description, a.Type) {
					field := fmt.Sprintf("%s(%s: %s", f.Name, a.Name, value)
					for _, b := range f.Arguments {
						if b != a && b.Type.NonNull && b.DefaultValue == nil {
							field += fmt.Sprintf(", %s: %s", b.Name, examples(b.Description, b.Type)[0])
						}
					}
					field += ")"
					if kind := types[f.Type.Name()].Kind; kind != ast.Enum && kind != ast.Scalar {
						field += " { __typename }"
					}
					works(name+"."+f.Name+"("+a.Name+")", fmt.Sprintf(enter, field))
				}
			}
		}
	}
	for _, l := range filterLists {
		for _, m := range types[l.input].Fields {
			for _, value := range examples(m.Description, m.Type) {
				works(l.input+"."+m.Name, fmt.Sprintf("{ %s(where: {%s: %s}) { totalCount } }", l.list, m.Name, value))
			}
		}
		for _, m := range types[strings.Replace(l.input, "Filter", "Order", 1)].Fields {
			field := ""
			if m.Name != "field" {
				field = "field: " + types[strings.Replace(l.input, "Filter", "OrderField", 1)].EnumValues[0].Name + ", "
			}
			for _, value := range examples(m.Description, m.Type) {
				works(l.input+"."+m.Name, fmt.Sprintf("{ %s(orderBy: {%s%s: %s}) { totalCount } }", l.list, field, m.Name, value))
			}
		}
	}
	for _, m := range types["CalendarFilter"].Fields {
		for _, value := range examples(m.Description, m.Type) {
			where := fmt.Sprintf("where: {%s: %s}", m.Name, value)
			works("CalendarFilter."+m.Name, fmt.Sprintf(`{ calendar(from: "2027-01-01", to: "2027-12-31", %s) { totalCount } }`, where))
			works("CalendarFilter."+m.Name, fmt.Sprintf(`{ changes(since: "2025-12-01", %s) { totalCount } }`, where))
		}
	}
	if ran < 170 {
		t.Errorf("only %d examples were found", ran)
	}

	text, err := os.ReadFile("schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range nodeID.FindAllStringSubmatch(string(text), -1) {
		if id := m[1]; !seen[id] {
			seen[id] = true
			if _, answer := post(t, server.URL, fmt.Sprintf("{ node(id: %q) { id } }", id), nil); !bytes.Contains(answer, []byte(`"node":{"id"`)) {
				t.Errorf("a description names %s: %s", id, answer)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d ids were found", len(seen))
	}
}

package un_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"mandategraph/un"
)

func TestParseEnum(t *testing.T) {
	for enum, values := range un.Enums {
		for _, value := range values {
			text := strings.ReplaceAll(strings.ToLower(value), "_", "-")
			if got, err := un.ParseEnum(enum, text); got != value || err != nil {
				t.Errorf("ParseEnum(%s, %q) = %q, %v, want %q", enum, text, got, err, value)
			}
			if got, err := un.ParseEnum(enum, value); err == nil {
				t.Errorf("ParseEnum(%s, %q) = %q, though files have it in lower case", enum, value, got)
			}
		}
	}
	for _, text := range []string{"", "specialized_agency", "specialized agency", "Specialized-Agency", "agency", " forum", "forum "} {
		_, err := un.ParseEnum("BodyKind", text)
		if err == nil {
			t.Errorf("%q is accepted", text)
		} else if got := err.Error(); !strings.HasPrefix(got, fmt.Sprintf("%q is no BodyKind; allowed are organization, principal-organ, ", text)) || !strings.HasSuffix(got, ", other") {
			t.Errorf("%q is refused by %q", text, got)
		}
	}
	if got, err := un.ParseEnum("Colour", "red"); err == nil {
		t.Errorf("an enum that does not exist has %q", got)
	}
}

// constants are the typed text constants of a file, by type.
func constants(t *testing.T, name string) map[string][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			kind, _ := spec.Type.(*ast.Ident)
			text, _ := spec.Values[0].(*ast.BasicLit)
			if kind != nil && text != nil && text.Kind == token.STRING {
				value, _ := strconv.Unquote(text.Value)
				found[kind.Name] = append(found[kind.Name], value)
			}
		}
		return true
	})
	return found
}

func TestConstantsAreMembersOfTheirEnum(t *testing.T) {
	found := constants(t, "enum.go")
	if len(found["DeadlineStatus"]) != 7 || len(found["MandateStatus"]) != 4 || len(found["Standing"]) != 3 {
		t.Fatalf("the constants are %v", found)
	}
	for enum, values := range found {
		for _, value := range values {
			if !slices.Contains(un.Enums[enum], value) {
				t.Errorf("%s has no %s", enum, value)
			}
		}
	}
}

// schema is that of the API.
func schema(t *testing.T) *gql.Schema {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&gql.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEnumsAreThoseOfTheSchema(t *testing.T) {
	s := schema(t)
	values := func(name string) (names []string) {
		if s.Types[name] != nil {
			for _, v := range s.Types[name].EnumValues {
				names = append(names, v.Name)
			}
		}
		return names
	}
	for enum, want := range un.Enums {
		if diff := cmp.Diff(want, values(enum)); diff != "" {
			t.Errorf("%s (-un +schema):\n%s", enum, diff)
		}
	}
	t.Run("orders", func(t *testing.T) {
		fields := map[un.Kind]string{
			un.KindBody: "BodyOrderField", un.KindDocument: "DocumentOrderField", un.KindMandate: "MandateOrderField", un.KindDeadline: "DeadlineOrderField",
			un.KindCycle: "ReportingCycleOrderField", un.KindSession: "SessionOrderField",
		}
		for kind, name := range fields {
			if diff := cmp.Diff(un.Orders[kind], values(name)); diff != "" {
				t.Errorf("%s (-un +schema):\n%s", kind, diff)
			}
		}
	})
	t.Run("kinds, bases and precisions", func(t *testing.T) {
		found := constants(t, "node.go")
		if diff := cmp.Diff(append(values("NodeKind"), string(un.KindBasis)), found["Kind"]); diff != "" {
			t.Errorf("-schema +un:\n%s", diff)
		}
		dates := constants(t, "date.go")
		for _, enum := range []string{"DateBasis", "DatePrecision"} {
			if diff := cmp.Diff(values(enum), dates[enum]); diff != "" {
				t.Errorf("%s (-schema +un):\n%s", enum, diff)
			}
		}
	})
}

func TestEveryRelationHasARow(t *testing.T) {
	found := constants(t, "relation.go")["Relation"]
	var rows []string
	for _, j := range un.Relations {
		rows = append(rows, string(j.Relation))
		if got, ok := un.JoinOf(j.Relation); !ok || !cmp.Equal(j, got) {
			t.Errorf("JoinOf(%s) = %v, %t", j.Relation, got, ok)
		}
		if len(j.From) == 0 || len(j.To) == 0 {
			t.Errorf("%s joins nothing", j.Relation)
		}
		if public := slices.Contains(un.Enums["RelationKind"], string(j.Relation)); public == j.Internal {
			t.Errorf("%s is internal: %t, in the schema's enum: %t", j.Relation, j.Internal, public)
		}
		// A legal basis is no node of the API, so what joins it is internal.
		if joins := slices.Contains(slices.Concat(j.From, j.To), un.KindBasis); joins && !j.Internal {
			t.Errorf("%s joins a legal basis and is not internal", j.Relation)
		}
	}
	if diff := cmp.Diff(found, rows); diff != "" {
		t.Errorf("-constants +table:\n%s", diff)
	}
	if j, ok := un.JoinOf("LIKES"); ok {
		t.Errorf("JoinOf(LIKES) = %v", j)
	}
	if len(un.Enums["RelationKind"]) != len(rows)-5 {
		t.Errorf("%d of %d relations are internal, want 5", len(rows)-len(un.Enums["RelationKind"]), len(rows))
	}
}

func TestBodyRelations(t *testing.T) {
	got := un.BodyRelations()
	if len(got) != 15 {
		t.Errorf("there are %d, want 15", len(got))
	}
	for i, r := range got {
		if string(r) != un.Enums["RelationKind"][i] {
			t.Errorf("%s is not among the first fifteen of the schema", r)
		}
	}
}

func TestBetween(t *testing.T) {
	count := 0
	for _, j := range un.Relations {
		for from := range maps.Keys(kinds) {
			for to := range maps.Keys(kinds) {
				want := slices.Contains(j.From, from) && slices.Contains(j.To, to) && (j.Relation != un.Supersedes || from == to)
				if j.Between(from, to) != want {
					t.Errorf("%s from %s to %s: %t", j.Relation, from, to, !want)
				}
				if want && j.Relation == un.Supersedes {
					count++
				}
			}
		}
	}
	if count != 3 {
		t.Errorf("%d kinds supersede their own, want mandates, deadlines and cycles", count)
	}
}

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
	"mandategraph/un"
)

const modelPage = "docs/graph-model.md"

// A modelled is a real database and the page about it. The database holds two generations: the embedded facts are live, and
// before them were the same facts under other names, and two nodes of every kind and every relation, with nothing left
// empty. So a query that forgets the generation finds too much, and whatever a label can have, something has.
type modelled struct {
	driver    driver.DriverWithContext
	database  string
	live, old int64
	page      string
}

// TestGoldenGraphModel runs every query of the page about the graph in Neo4j, whose answers are the real ones, and compares
// its tables and its drawing with un.Relations and the database, both ways.
func TestGoldenGraphModel(t *testing.T) {
	m := model(t)
	t.Run("labels", m.checkLabels)
	t.Run("relationship types", m.checkRelations)
	t.Run("properties", m.checkProperties)
	t.Run("properties of relationships", m.checkRelationProperties)
	t.Run("queries", m.checkQueries)
}

func model(t *testing.T) *modelled {
	t.Helper()
	server := neo4jtest.Need(t)
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(modelPage)
	if err != nil {
		t.Fatal(err)
	}
	s, err := neo4j.Open(neo4j.Options{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	m := &modelled{database: server.Database, page: string(page)}
	if m.driver, err = server.Driver(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.driver.Close(context.Background()) })
	full := everything(f.Graph)
	for _, g := range []un.Graph{full, f.Graph} {
		if err := s.Replace(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	generations := `MATCH (s:MandategraphSwitch {id: 'graph'})
MATCH (l:MandategraphLoad {gen: s.current}) MATCH (old:MandategraphLoad {hash: $old})
RETURN l.gen, l.hash, max(old.gen)`
	rows, _ := m.ask(t, generations, map[string]any{"old": full.Version()})
	if len(rows.Records) != 1 || rows.Records[0].Values[1] != f.Graph.Version() {
		t.Fatalf("the embedded facts are not live: %v", rows.Records)
	}
	m.live, m.old = rows.Records[0].Values[0].(int64), rows.Records[0].Values[2].(int64)
	return m
}

// ask runs a statement in read access mode, and gives what the database warned of.
func (m *modelled) ask(t *testing.T, text string, params map[string]any) (rows *driver.EagerResult, warnings []string) {
	t.Helper()
	rows, err := driver.ExecuteQuery(t.Context(), m.driver, text, params, driver.EagerResultTransformer,
		driver.ExecuteQueryWithReadersRouting(), driver.ExecuteQueryWithDatabase(m.database))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for _, n := range rows.Summary.Notifications() {
		warnings = append(warnings, n.Code()+": "+n.Description())
	}
	return rows, warnings
}

// pairs asks for two texts a row, and collects the second by the first.
func (m *modelled) pairs(t *testing.T, text string) map[string][]string {
	t.Helper()
	rows, _ := m.ask(t, text, map[string]any{"live": m.live, "old": m.old})
	out := map[string][]string{}
	for _, row := range rows.Records {
		key, value := fmt.Sprint(row.Values[0]), fmt.Sprint(row.Values[1])
		out[key] = append(out[key], value)
	}
	return out
}

// everything is g under other names, with two nodes more of every kind, all relations between them, and no field empty.
func everything(g un.Graph) un.Graph {
	out := un.Graph{Edges: slices.Clone(g.Edges)}
	for _, n := range g.Nodes {
		node := un.New(n.NodeKind())
		copied := reflect.ValueOf(node).Elem()
		copied.Set(reflect.ValueOf(n).Elem())
		for _, name := range []string{"Title", "Symbol", "Name", "Number", "Role"} {
			if f := copied.FieldByName(name); f.IsValid() {
				f.SetString("before: " + f.String())
			}
		}
		if b, ok := node.(*un.Body); ok {
			b.Names = map[un.Language]string{un.English: "before: " + b.Label()}
		}
		out.Nodes = append(out.Nodes, node)
	}
	kinds := slices.Sorted(maps.Keys(un.Orders))
	id := func(kind un.Kind, n int) un.ID {
		return un.ID(fmt.Sprintf("%s:full-%d", strings.ToLower(string(kind)), n))
	}
	for _, kind := range kinds {
		for n := range 2 {
			node := un.New(kind)
			fill(reflect.ValueOf(node).Elem())
			record := reflect.ValueOf(node).Elem().FieldByName("Record").Addr().Interface().(*un.Record)
			record.ID, record.Validity = id(kind, n), un.Always
			out.Nodes = append(out.Nodes, node)
		}
	}
	for _, j := range un.Relations {
		for _, from := range kinds {
			for _, to := range kinds {
				if !j.Between(from, to) {
					continue
				}
				for n := range 2 {
					if n == 1 && j.Relation == un.Supersedes {
						continue // it would run in a circle
					}
					var e un.Edge
					fill(reflect.ValueOf(&e).Elem())
					e.Relation, e.From, e.To, e.Validity = j.Relation, id(from, n), id(to, 1-n), un.Always
					e.ID = un.EdgeID(e.Relation, e.From, e.To, "")
					out.Edges = append(out.Edges, e)
				}
			}
		}
	}
	return out
}

// fill leaves nothing empty.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("2027") // as good as any text, and a date
	case reflect.Int:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map: // names by language
		v.Set(reflect.MakeMap(v.Type()))
		for _, language := range un.Enums["Language"] {
			v.SetMapIndex(reflect.ValueOf(un.Language(language)), reflect.ValueOf("2027"))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
		panic("fill a " + v.Kind().String())
	}
}

// firstLine is how a person's query picks the live generation.
const firstLine = "MATCH (s:MandategraphSwitch) WITH s.current AS live\n"

var (
	cypherFence = regexp.MustCompile("(?ms)^```cypher\n(.*?)^```\n")
	tableAfter  = regexp.MustCompile(`\A\n((?:\|.*\n)+)`)
)

// checkQueries runs every query of the page; the tables below them are the real answers.
func (m *modelled) checkQueries(t *testing.T) {
	var page strings.Builder
	rest, answered := m.page, 0
	for {
		at := cypherFence.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		query := rest[at[2]:at[3]]
		page.WriteString(rest[:at[1]])
		rest = rest[at[1]:]
		headings := strings.Split(page.String(), "\n#")
		name, _, _ := strings.Cut(headings[len(headings)-1], "\n")
		t.Run(strings.TrimLeft(name, "# "), func(t *testing.T) {
			got, warnings := m.ask(t, query, nil)
			for _, w := range warnings {
				t.Errorf("the database warns: %s", w)
			}
			if len(got.Records) == 0 {
				t.Errorf("nothing answers\n%s", query)
			}
			if !strings.Contains(query, ":MandategraphLoad") && !(strings.HasPrefix(query, firstLine) && strings.Contains(query, "{gen: live")) {
				t.Errorf("the query lacks {gen: live}, or does not begin with\n%s", firstLine)
			}
			table := tableAfter.FindStringSubmatch(rest)
			if table == nil {
				return // it shows how to ask, and its answer is another on each database
			}
			answered++
			if *update {
				page.WriteString("\n" + markdown(got))
				rest = rest[len(table[0]):]
			} else if diff := cmp.Diff(table[1], markdown(got)); diff != "" {
				t.Errorf("%s has another answer (-page +real); make golden writes it:\n%s", modelPage, diff)
			}
			if !strings.Contains(query, "ORDER BY") && len(got.Records) > 1 {
				t.Error("the rows have no order")
			}
		})
	}
	if answered < 10 {
		t.Errorf("%d queries have an answer; ten are promised", answered)
	}
	if *update {
		page.WriteString(rest)
		if err := os.WriteFile(modelPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// markdown is an answer as a table.
func markdown(rows *driver.EagerResult) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(rows.Keys)
	b.WriteString(strings.Repeat("|---", len(rows.Keys)) + "|\n")
	for _, row := range rows.Records {
		cells := make([]string, len(row.Values))
		for i, v := range row.Values {
			switch v := v.(type) {
			case nil:
			case []any:
				texts := make([]string, len(v))
				for j, item := range v {
					texts[j] = fmt.Sprint(item)
				}
				cells[i] = strings.Join(texts, "; ")
			default:
				cells[i] = fmt.Sprint(v)
			}
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		line(cells)
	}
	return b.String()
}

// table has the rows of the one table of the page with this head, each cell by its column.
func (m *modelled) table(t *testing.T, head string) (rows []map[string]string) {
	t.Helper()
	_, body, found := strings.Cut(m.page, "\n"+head+"\n")
	if !found {
		t.Fatalf("%s has no table with the head %s", modelPage, head)
	}
	cells := func(line string) []string {
		parts := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return parts
	}
	columns := cells(head)
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		if strings.HasPrefix(line, "|---") {
			continue
		}
		row := map[string]string{}
		for i, cell := range cells(line) {
			if i < len(columns) {
				row[columns[i]] = cell
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var code = regexp.MustCompile("`([^`]+)`")

// codes are the words of a cell that are set as code.
func codes(cell string) (out []string) {
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

// checkLabels compares the page's labels with those of the database.
func (m *modelled) checkLabels(t *testing.T) {
	var told []string
	for _, row := range m.table(t, "| label | what it is | id |") {
		told = append(told, codes(row["label"])...)
	}
	have := m.pairs(t, `MATCH (n:Mandategraph) WHERE n.gen IN [$live, $old] UNWIND labels(n) AS label RETURN DISTINCT label, ''
UNION MATCH (n:MandategraphSwitch|MandategraphLoad) UNWIND labels(n) AS label RETURN DISTINCT label, ''`)
	compareSets(t, "labels", told, slices.Collect(maps.Keys(have)))
	for _, row := range m.table(t, "| label | what it is | id |") {
		prefix := codes(row["id"])
		if len(prefix) == 0 {
			continue
		}
		kind, _, _ := strings.Cut(prefix[0], ":")
		for _, id := range m.pairs(t, "MATCH (n:Mandategraph {gen: $live}) WHERE n:"+codes(row["label"])[0]+" RETURN '', n.id")[""] {
			if !strings.HasPrefix(id, kind+":") {
				t.Errorf("%s is a %s, whose ids are said to be like %s", id, row["label"], prefix[0])
			}
		}
	}
}

// labelsOf are the labels of kinds, in the order of the page's table.
func (m *modelled) labelsOf(t *testing.T) map[un.Kind]string {
	out := map[un.Kind]string{}
	for kind, labels := range m.pairs(t, "MATCH (n:Mandategraph {gen: $live}) UNWIND labels(n) AS label WITH n, label WHERE label <> 'Mandategraph' RETURN DISTINCT n.nodeKind, label") {
		if len(labels) != 1 {
			t.Errorf("%s has the labels %v", kind, labels)
		}
		out[un.Kind(kind)] = labels[0]
	}
	return out
}

// checkRelations compares the page's relationship types, and its drawing, with un.Relations and the database.
func (m *modelled) checkRelations(t *testing.T) {
	labels := m.labelsOf(t)
	of := func(kinds []un.Kind) string {
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = "`" + labels[k] + "`"
		}
		return strings.Join(names, ", ")
	}
	var told, want, joins []string
	for _, row := range m.table(t, "| type | from | to | meaning |") {
		told = append(told, fmt.Sprintf("%s | %s | %s | internal %t", row["type"], row["from"], row["to"], strings.HasPrefix(row["meaning"], "Internal: ")))
	}
	for _, j := range un.Relations {
		want = append(want, fmt.Sprintf("`%s` | %s | %s | internal %t", j.Relation, of(j.From), of(j.To), j.Internal))
		for from := range un.Orders {
			for to := range un.Orders {
				if j.Between(from, to) {
					joins = append(joins, fmt.Sprintf("%s %s %s", labels[from], j.Relation, labels[to]))
				}
			}
		}
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("relationship types (-un.Relations +page):\n%s", diff)
	}
	var have []string
	for relation, ends := range m.pairs(t, "MATCH (a:Mandategraph)-[r]->(b) WHERE a.gen IN [$live, $old] UNWIND labels(a) AS from UNWIND labels(b) AS to WITH r, from, to WHERE from <> 'Mandategraph' AND to <> 'Mandategraph' RETURN DISTINCT type(r), from + ' ' + type(r) + ' ' + to") {
		if relation == "" {
			t.Error("a relation without a type")
		}
		have = append(have, ends...)
	}
	compareSets(t, "relations of the database", joins, have)
	compareSets(t, "relations of the drawing", m.drawn(t), joins)
}

var (
	drawing = regexp.MustCompile("(?ms)^```mermaid\n(.*?)^```$")
	arrow   = regexp.MustCompile(`^ +(\w+) (?:-->|-\.->)\|"([^"]+)"\| (\w+)$`)
)

// drawn are the relations of the drawing.
func (m *modelled) drawn(t *testing.T) (out []string) {
	t.Helper()
	found := drawing.FindStringSubmatch(m.page)
	if found == nil {
		t.Fatal("there is no drawing")
	}
	for line := range strings.Lines(found[1]) {
		line = strings.TrimRight(line, "\n")
		a := arrow.FindStringSubmatch(line)
		if a == nil {
			if strings.Contains(line, "|") || strings.Contains(line, "->") {
				t.Errorf("the drawing has the line %q, which is no arrow", line)
			}
			continue
		}
		for _, name := range strings.Split(a[2], "<br/>") {
			j, known := un.JoinOf(un.Relation(name))
			if known && j.Internal != strings.Contains(line, "-.->") {
				t.Errorf("%s: internal ones, and no others, are dotted", line)
			}
			out = append(out, a[1]+" "+name+" "+a[3])
		}
	}
	return out
}

// checkProperties compares the page's properties with those of the database, label by label.
func (m *modelled) checkProperties(t *testing.T) {
	have := m.pairs(t, `MATCH (n:Mandategraph) WHERE n.gen IN [$live, $old] UNWIND labels(n) AS label UNWIND keys(n) AS key WITH label, key WHERE label <> 'Mandategraph' RETURN DISTINCT label, key
UNION MATCH (n:MandategraphSwitch|MandategraphLoad) UNWIND labels(n) AS label UNWIND keys(n) AS key RETURN DISTINCT label, key`)
	var every []string
	for _, label := range m.labelsOf(t) {
		every = append(every, label)
	}
	told := map[string][]string{}
	for _, head := range []string{"| property | on | meaning |", "| machinery | on | for |"} {
		for _, row := range m.table(t, head) {
			on := codes(row["on"])
			switch row["on"] {
			case "every node":
				on = every
			case "every node and relationship":
				on = every
			case "every relationship":
				continue
			}
			for _, name := range slices.Concat(codes(row["property"]), codes(row["machinery"])) {
				for _, label := range on {
					told[label] = append(told[label], expand(t, name, have[label])...)
				}
			}
		}
	}
	for label := range have {
		compareSets(t, "properties of "+label, told[label], have[label])
	}
	for label := range m.pairs(t, `MATCH (n:Mandategraph {gen: $live}) WHERE NOT n:Mandate|Deadline|ReportingCycle|Document|Provision
AND (n.validFrom <> '0000-01-01' OR n.validTo <> '9999-12-31') UNWIND labels(n) AS label RETURN DISTINCT label, ''`) {
		t.Errorf("a %s has bounds, and the page says that of duties and documents alone", label)
	}
	for label := range told {
		if have[label] == nil {
			t.Errorf("the page gives properties to %s, which is no label", label)
		}
	}
}

// expand gives what a name of the page stands for: f_… is every name that begins with f_.
func expand(t *testing.T, name string, among []string) []string {
	t.Helper()
	prefix, open := strings.CutSuffix(name, "…")
	if !open {
		return []string{name}
	}
	var out []string
	for _, other := range among {
		if strings.HasPrefix(other, prefix) {
			out = append(out, other)
		}
	}
	if len(out) == 0 {
		t.Errorf("no property is like %s", name)
	}
	return out
}

// checkRelationProperties does the same for relationships.
func (m *modelled) checkRelationProperties(t *testing.T) {
	var told []string
	on := map[string][]string{}
	bodies := []string{}
	for _, r := range un.BodyRelations() {
		bodies = append(bodies, string(r))
	}
	for _, row := range m.table(t, "| property of a relationship | on | meaning |") {
		for _, name := range codes(row["property of a relationship"]) {
			told = append(told, name)
			but, isBut := strings.CutPrefix(row["on"], "every type but ")
			switch {
			case row["on"] == "every type":
			case strings.HasPrefix(row["on"], "those that join two bodies"):
				on[name] = append(slices.Clone(bodies), codes(row["on"])...) // and others that are named
			case isBut:
				on[name] = []string{"-"}
				for _, j := range un.Relations {
					if !slices.Contains(codes(but), string(j.Relation)) {
						on[name] = append(on[name], string(j.Relation))
					}
				}
			default:
				on[name] = codes(row["on"])
			}
		}
	}
	for _, row := range m.table(t, "| machinery | on | for |") {
		if strings.HasSuffix(row["on"], "relationship") {
			told = append(told, codes(row["machinery"])...)
		}
	}
	var have []string
	for key := range m.pairs(t, "MATCH (a:Mandategraph)-[r]->() WHERE a.gen IN [$live, $old] UNWIND keys(r) AS key RETURN DISTINCT key, ''") {
		have = append(have, key)
	}
	compareSets(t, "properties of relationships", told, have)
	for name, types := range m.pairs(t, "MATCH (a:Mandategraph {gen: $live})-[r]->() UNWIND keys(r) AS key RETURN DISTINCT key, type(r)") {
		for _, relation := range types {
			if on[name] != nil && !slices.Contains(on[name], relation) {
				t.Errorf("%s has a %s, which the page does not say", relation, name)
			}
		}
	}
}

// compareSets tells what one list has and the other lacks.
func compareSets(t *testing.T, what string, told, have []string) {
	t.Helper()
	slices.Sort(told)
	slices.Sort(have)
	if diff := cmp.Diff(slices.Compact(have), slices.Compact(told)); diff != "" {
		t.Errorf("%s (-real +page):\n%s", what, diff)
	}
}

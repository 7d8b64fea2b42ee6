package neo4j

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store"
	"mandategraph/un"
)

var update = flag.Bool("update", false, "write the golden files of the statements anew")

// TestGoldenStatements compares every form of statement with the file that shows it.
func TestGoldenStatements(t *testing.T) {
	kind := store.Cond{Field: "kind", Op: store.Is, Values: []string{"REPORT", "REVIEW"}}
	title := store.Cond{Field: "title", Op: store.Contains, Values: []string{"Überprüfung"}}
	forum := store.Hop{Relations: []un.Relation{un.HasForum}, Direction: store.Out, Kind: un.KindBody}
	cstd := store.Cond{Field: "id", Op: store.Is, Values: []string{"body:cstd"}}
	holds := store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}
	related := store.Hop{Relations: []un.Relation{un.PartOf, un.ReportsTo}, Direction: store.Both, Kind: un.KindBody, Edges: true}
	deadlines := store.Select{Kind: un.KindDeadline, First: 20}
	mandates := store.Select{Kind: un.KindMandate, First: 20}
	bodies := store.Select{Kind: un.KindBody, First: 20}
	with := func(s store.Select, change func(*store.Select)) store.Select {
		change(&s)
		return s
	}
	after := func(h *store.Hop, key string) func(*store.Select) {
		return func(s *store.Select) { s.After = s.CursorAt(h, key) }
	}
	igf, itu := un.ID("body:igf"), un.ID("body:itu")
	text := func(text string) statement { return statement{text: text} }
	statements := map[string]statement{
		"find": find(7, deadlines),
		"find filtered": find(7, with(deadlines, func(s *store.Select) {
			s.Where = store.And{kind, store.Or{title, store.Not{Filter: store.Cond{Field: "metOn", Op: store.Known}}}}
		})),
		"find after": find(7, with(deadlines, after(nil, "02027-01-01/2027-12-31\x00deadline:x"))),
		"find descending": find(7, with(deadlines, func(s *store.Select) {
			s.Desc = true
			after(nil, "12027-01-01/2027-12-31\x00deadline:x")(s)
		})),
		"find between": find(7, with(deadlines, func(s *store.Select) {
			s.Where = store.And{
				store.Cond{Field: "due", Op: store.From, Values: []string{"2026-01-01"}},
				store.Cond{Field: "due", Op: store.Before, Values: []string{"2028-01-01"}},
			}
		})),
		"find total": find(7, with(deadlines, func(s *store.Select) { s.Where, s.Total = kind, true })),
		"find by id": find(7, with(bodies, func(s *store.Select) {
			s.Where = store.And{cstd, store.Cond{Field: "standing", Op: store.Is, Values: []string{"FACT"}}}
		})),
		"find forum": find(7, with(deadlines, func(s *store.Select) { s.Where = store.And{store.Has{Hop: forum, Where: cstd}, kind} })),
		"find as of": find(7, with(mandates, func(s *store.Select) { s.AsOf = "2024-06-30" })),
		"find by has": find(7, with(deadlines, func(s *store.Select) {
			s.Where = store.Or{store.Has{Hop: forum, Where: cstd}, store.Has{Hop: forum}, kind}
		})),
		"find nothing": find(7, with(deadlines, func(s *store.Select) { s.Where = store.Or{} })),
		"find listed": find(7, with(bodies, func(s *store.Select) {
			s.Where = store.Or{store.Cond{Field: "name", Op: store.Is, Values: []string{"IGF"}}, store.Cond{Field: "name", Op: store.Contains, Values: []string{"forum"}}}
		})),
		"hop":       neighbors(7, []un.ID{igf, itu}, holds, mandates),
		"hop total": neighbors(7, []un.ID{igf}, holds, with(mandates, func(s *store.Select) { s.Where, s.Total = kind, true })),
		"hop after": neighbors(7, []un.ID{igf}, holds, with(mandates, after(&holds, "02027-01-01/2027-12-31\x00mandate:x"))),
		"hop as of": neighbors(7, []un.ID{igf}, holds, with(mandates, func(s *store.Select) { s.AsOf = "2024-06-30" })),
		"hop edges": neighbors(7, []un.ID{igf}, related, bodies),
		"hop edges after": neighbors(7, []un.ID{igf}, related, with(bodies, func(s *store.Select) {
			s.Desc, s.Total = true, true
			after(&related, "1itu\x00body:itu\x00PART_OF:body:igf>body:itu")(s)
		})),
		"nodes":          {text: nodesText, params: map[string]any{"keys": []string{nodeKey(7, igf)}}},
		"live":           text(liveText),
		"load begin":     text(beginText),
		"load nodes":     text(nodesOf(un.KindDeadline)),
		"load relations": text(relationsOf(un.Holds)),
		"load count":     text(countText),
		"load switch":    text(switchText),
		"sweep":          text(sweepText),
		"sweep give up":  text(giveUpText),
		"sweep drop":     text(dropText),
		"sweep dropped":  text(droppedText),
		"compare others": text(strangersText),
		"compare nodes":  text(heldNodesText),
		"compare edges":  text(heldRelationsText),
		"schema":         text(strings.Join(schema(), ";\n") + ";"),
	}
	for _, name := range []string{"find", "hop", "hop edges"} { // what is sent where all was kept before
		st := statements[name]
		statements[name+" ids"] = statement{text: st.ids, params: st.params}
	}
	written := map[string]bool{}
	for name, st := range statements {
		file := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".cypher")
		written[file] = true
		got := show(t, st)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v; make golden writes it", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	files, err := filepath.Glob("testdata/*.cypher")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !written[f] {
			t.Errorf("%s shows no statement", f)
		}
	}
}

// show is a statement and, in comments, its parameters.
func show(t *testing.T, st statement) string {
	t.Helper()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(st.params)) {
		value, err := json.Marshal(st.params[name])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "// $%s = %s\n", name, value)
	}
	return b.String() + st.text + "\n"
}

// TestStatementsHoldNoValues asks for values that would be seen in a text.
func TestStatementsHoldNoValues(t *testing.T) {
	const secret = "'}) DETACH DELETE n //"
	hop := store.Hop{Relations: []un.Relation{un.HasForum}, Direction: store.Out, Kind: un.KindBody}
	where := store.And{
		store.Or{store.Cond{Field: "kind", Op: store.Is, Values: []string{secret}}, store.Not{Filter: store.Cond{Field: "title", Op: store.Contains, Values: []string{secret}}}},
		store.Cond{Field: "due", Op: store.From, Values: []string{secret}},
		store.Cond{Field: "title", Op: store.Before, Values: []string{secret}},
		store.Has{Hop: hop, Where: store.Or{store.Cond{Field: "id", Op: store.Is, Values: []string{secret}}, store.Cond{Field: "name", Op: store.Contains, Values: []string{secret}}}},
	}
	for _, f := range []store.Filter{where, store.And{where, store.Has{Hop: hop, Where: store.Cond{Field: "id", Op: store.Is, Values: []string{secret}}}}} {
		s := store.Select{Kind: un.KindDeadline, First: 20, Where: f, Total: true}
		s.After = s.CursorAt(nil, "0"+secret+"\x00"+secret)
		if st := find(1, s); strings.Contains(st.text, "DETACH") {
			t.Errorf("find holds a value:\n%s", st.text)
		}
		from := store.Hop{Relations: []un.Relation{un.Obliges}, Direction: store.In, Kind: un.KindDeadline, Edges: true}
		s.After = s.CursorAt(&from, "0"+secret+"\x00"+secret+"\x00"+secret)
		if st := neighbors(1, []un.ID{secret}, from, s); strings.Contains(st.text, "DETACH") {
			t.Errorf("neighbors holds a value:\n%s", st.text)
		}
	}
}

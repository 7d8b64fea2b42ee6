package query_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// inputs are the schema's filters.
var inputs = map[un.Kind]string{
	un.KindBody: "BodyFilter", un.KindDocument: "DocumentFilter", un.KindMandate: "MandateFilter", un.KindDeadline: "DeadlineFilter",
	un.KindCycle: "ReportingCycleFilter", un.KindSession: "SessionFilter",
}

// fields are the members of a kind's filter in the schema, but and, or, not.
func fields(t *testing.T, kind un.Kind) map[string]*ast.Type {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]*ast.Type{}
	for _, f := range schema.Types[inputs[kind]].Fields {
		types[f.Name] = f.Type
	}
	for _, name := range []string{"and", "or", "not"} {
		if types[name] == nil || types[name].Name() != inputs[kind] {
			t.Errorf("%s has no member %s of its own type", inputs[kind], name)
		}
		delete(types, name)
	}
	return types
}

func TestMembersAreThoseOfTheSchema(t *testing.T) {
	for kind := range inputs {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(fields(t, kind))), query.Members(kind)); diff != "" {
			t.Errorf("%s (-schema +query):\n%s", kind, diff)
		}
	}
	if got := query.Members(un.KindBasis); len(got) > 0 {
		t.Errorf("legal bases, which nobody filters, have the members %s", got)
	}
}

func date(s string) *un.PartialDate { return &un.PartialDate{EDTF: s, Basis: un.Stated} }

func body(key, acronym, name string) *un.Body {
	return &un.Body{Record: un.Record{ID: un.ID("body:" + key), Validity: un.Always}, Acronym: acronym, Names: map[un.Language]string{un.English: name}}
}

func record(id un.ID) un.Record { return un.Record{ID: id, Validity: un.Always} }

// world is a small graph, in which every member of every filter finds something and leaves something out.
func world() un.Graph {
	igf, cstd, ecosoc, panel := body("igf", "IGF", "Internet Governance Forum"), body("cstd", "CSTD", "Commission on Science and Technology for Development"),
		body("ecosoc", "ECOSOC", "Economic and Social Council"), body("ai-panel", "", "International Scientific Panel")
	igf.Kind, igf.Standing, igf.Established, igf.Aliases = "FORUM", un.Fact, date("2006"), []string{"the Forum"}
	cstd.Kind, cstd.Standing, cstd.Established = "COMMISSION", un.Fact, date("1992")
	ecosoc.Kind, ecosoc.Standing, ecosoc.Established = "PRINCIPAL_ORGAN", un.Fact, date("1945-10-24")
	panel.Kind, panel.Standing = "PANEL", un.Foreseen
	g := un.Graph{Nodes: []un.Node{
		igf, cstd, ecosoc, panel,
		&un.Document{Record: record("document:A/RES/80/173"), Symbol: "A/RES/80/173", Title: "Outcome document", Type: "RESOLUTION", AdoptedOn: date("2025-12-17")},
		&un.Document{Record: record("document:E/RES/2023/3"), Symbol: "E/RES/2023/3", Title: "Assessment of the progress", Type: "RESOLUTION", AdoptedOn: date("2023-06")},
		&un.Document{Record: record("document:roadmap"), Title: "Roadmap", Type: "PAGE"},
		&un.Provision{Record: record("provision:A/RES/80/173#99"), Number: "99"}, &un.Provision{Record: record("provision:E/RES/2023/3#4"), Number: "4"},
		&un.Mandate{Record: record("mandate:permanent"), Title: "Permanence", Verb: "DECIDES", Kind: "RENEW", Since: date("2025-12-17")},
		&un.Mandate{
			Record: un.Record{ID: "mandate:report", Validity: un.Validity{From: "2023-06-01", Until: "2026-01-01"}}, Title: "Report on the follow-up",
			Verb: "REQUESTS", Kind: "REPORT", Since: date("2023-06"), Until: date("2025"),
		},
		&un.Deadline{Record: record("deadline:review"), Title: "Review", Kind: "REVIEW", Window: date("2027")},
		&un.Deadline{Record: record("deadline:proposal"), Title: "Proposal", Kind: "PROPOSAL"},
		&un.Deadline{Record: record("deadline:session"), Title: "Report to the session", Kind: "REPORT", Window: date("2027-04")},
		&un.ReportingCycle{Record: record("cycle:annual"), Title: "Annual report", Kind: "REPORT", Frequency: un.Annual},
		&un.ReportingCycle{Record: record("cycle:meeting"), Title: "Meeting", Kind: "MEETING", Frequency: "BIENNIAL"},
		&un.Session{Record: record("session:cstd-30"), Ordinal: 30, Dates: date("2027-04")}, &un.Session{Record: record("session:igf-21"), Ordinal: 21},
	}}
	for _, e := range strings.Fields(`
		body:cstd>PART_OF>body:ecosoc document:A/RES/80/173>ADOPTED_BY>body:ecosoc
		provision:A/RES/80/173#99>PROVISION_OF>document:A/RES/80/173 provision:E/RES/2023/3#4>PROVISION_OF>document:E/RES/2023/3
		body:igf>HOLDS>mandate:permanent body:cstd>HOLDS>mandate:report mandate:report>ADDRESSED_TO>body:ecosoc
		mandate:permanent>STATED_IN>document:A/RES/80/173 mandate:report>STATED_IN>document:E/RES/2023/3
		deadline:review>OBLIGES>body:igf deadline:review>HAS_FORUM>body:ecosoc deadline:session>DUE_AT>session:cstd-30 deadline:proposal>BASED_ON>mandate:report
		deadline:review>STATED_IN>document:A/RES/80/173
		cycle:annual>OBLIGES>body:igf cycle:annual>ADDRESSED_TO>body:ecosoc cycle:annual>ROUTED_THROUGH>body:cstd cycle:meeting>BASED_ON>mandate:report
		cycle:annual>STATED_IN>document:A/RES/80/173
		session:cstd-30>SESSION_OF>body:cstd session:igf-21>SESSION_OF>body:igf`) {
		p := strings.Split(e, ">")
		from, relation, to := un.ID(p[0]), un.Relation(p[1]), un.ID(p[2])
		g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(relation, from, to, ""), Relation: relation, From: from, To: to, Validity: un.Always})
	}
	return g
}

func open(t *testing.T, g un.Graph) store.Reader {
	t.Helper()
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// keeps are the names, without their kind, of what a filter keeps of the world.
func keeps(t *testing.T, a query.Asked, kind un.Kind, where query.Where) string {
	t.Helper()
	f, err := a.Filter(t.Context(), kind, where)
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.Reader.Find(t.Context(), store.Select{Kind: kind, Where: f, First: store.MaxFirst})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range page.Items {
		names = append(names, item.Node.Key().Name())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

type (
	where = query.Where
	ids   = []un.ID
	all   = []query.Where
)

func known(k bool) *query.Days { return &query.Days{Known: &k} }

func TestFilter(t *testing.T) {
	a := query.Asked{Reader: open(t, world()), Names: new(query.Names), Day: "2026-06-01"}
	const everyBody = "ai-panel cstd ecosoc igf"
	seen := map[un.Kind]map[string]bool{}
	for _, c := range []struct {
		kind  un.Kind
		where where
		want  string
	}{
		{un.KindBody, nil, everyBody},
		{un.KindBody, where{}, everyBody},
		{un.KindBody, where{"id": ids{"IGF", "body:cstd"}}, "cstd igf"},
		{un.KindBody, where{"name": &query.Text{Is: []string{"IGF", "economic and social council"}}}, "ecosoc igf"},
		{un.KindBody, where{"name": &query.Text{Contains: "FORUM"}}, "igf"},
		{un.KindBody, where{"name": &query.Text{Is: []string{"IGF", "ECOSOC"}, Contains: "council"}}, "ecosoc"},
		{un.KindBody, where{"name": &query.Text{}}, everyBody},
		{un.KindBody, where{"kind": []un.BodyKind{"FORUM", "PANEL"}}, "ai-panel igf"},
		{un.KindBody, where{"standing": []un.Standing{un.Foreseen}}, "ai-panel"},
		{un.KindBody, where{"parent": ids{"ECOSOC"}}, "cstd"},
		{un.KindBody, where{"established": &query.Days{From: "1992-12-31"}}, "cstd igf"},
		{un.KindBody, where{"established": &query.Days{To: "1992-01-01"}}, "cstd ecosoc"},
		{un.KindBody, where{"established": &query.Days{From: "1992-06-01", To: "1992-06-01"}}, "cstd"},
		{un.KindBody, where{"established": &query.Days{To: un.LastDay}}, "cstd ecosoc igf"},
		{un.KindBody, where{"established": &query.Days{}}, everyBody},
		{un.KindBody, where{"established": known(true)}, "cstd ecosoc igf"},
		{un.KindBody, where{"established": known(false)}, "ai-panel"},
		{un.KindBody, where{"kind": []un.BodyKind{"FORUM"}, "standing": []un.Standing{un.Foreseen}}, ""},
		{un.KindBody, where{"not": where{"kind": []un.BodyKind{"FORUM"}}}, "ai-panel cstd ecosoc"},
		{un.KindBody, where{"not": where{}}, ""},
		{un.KindBody, where{"or": all{{"id": ids{"IGF"}}, {"parent": ids{"ECOSOC"}}}}, "cstd igf"},
		{un.KindBody, where{"or": all{{"id": ids{"IGF"}}, {}}}, everyBody},
		{un.KindBody, where{"or": all{}}, ""},
		{un.KindBody, where{"and": all{}}, everyBody},
		{un.KindBody, where{"and": all{{"established": known(true)}, {"not": where{"parent": ids{"ECOSOC"}}}}}, "ecosoc igf"},
		{un.KindBody, where{"or": all{{"not": where{"or": all{{"established": known(true)}, {"id": ids{"IGF"}}}}}, {"and": all{{"id": ids{"IGF"}}}}}}, "ai-panel igf"},
		{un.KindBody, where{"not": where{"id": ids{"IGF"}}, "standing": []un.Standing{un.Fact}}, "cstd ecosoc"},

		{un.KindDocument, where{"symbol": &query.Text{Is: []string{"resolution 80/173", "2023/3"}}}, "A/RES/80/173 E/RES/2023/3"},
		{un.KindDocument, where{"symbol": &query.Text{Contains: "a/res"}}, "A/RES/80/173"},
		{un.KindDocument, where{"symbol": &query.Text{Is: []string{"not a symbol"}}}, ""},
		{un.KindDocument, where{"title": &query.Text{Contains: "road"}}, "roadmap"},
		{un.KindDocument, where{"type": []un.DocumentType{"PAGE"}}, "roadmap"},
		{un.KindDocument, where{"adoptedBy": ids{"ECOSOC"}}, "A/RES/80/173"},
		{un.KindDocument, where{"adoptedOn": &query.Days{From: "2023-06-30", To: "2025-12-16"}}, "E/RES/2023/3"},

		{un.KindProvision, where{"document": ids{"80/173"}}, "A/RES/80/173#99"},

		{un.KindMandate, where{"verb": []un.MandateVerb{"DECIDES"}}, "permanent"},
		{un.KindMandate, where{"kind": []un.MandateKind{"REPORT"}}, "report"},
		{un.KindMandate, where{"holder": ids{"IGF"}}, "permanent"},
		{un.KindMandate, where{"addressee": ids{"ECOSOC"}}, "report"},
		{un.KindMandate, where{"document": ids{"A/RES/80/173"}}, "permanent"},
		{un.KindMandate, where{"title": &query.Text{Is: []string{"permanence"}}}, "permanent"},
		{un.KindMandate, where{"since": &query.Days{To: "2023-06-01"}}, "report"},
		{un.KindMandate, where{"until": known(false)}, "permanent"},
		{un.KindMandate, where{"status": []un.MandateStatus{un.InForce}}, "permanent"},
		{un.KindMandate, where{"status": []un.MandateStatus{un.InForce, un.Ended}}, "permanent report"},

		{un.KindDeadline, where{"kind": []un.DeadlineKind{"REVIEW", "PROPOSAL"}}, "proposal review"},
		{un.KindDeadline, where{"due": &query.Days{From: "2027-06-01"}}, "review"},
		{un.KindDeadline, where{"due": known(false)}, "proposal"},
		{un.KindDeadline, where{"session": ids{"session:cstd-30"}}, "session"},
		{un.KindDeadline, where{"obligor": ids{"IGF"}}, "review"},
		{un.KindDeadline, where{"forum": ids{"ECOSOC"}}, "review"},
		{un.KindDeadline, where{"body": ids{"IGF"}}, "review"},             // obligor
		{un.KindDeadline, where{"body": ids{"ECOSOC"}}, "proposal review"}, // forum, and addressee of the mandate
		{un.KindDeadline, where{"body": ids{"CSTD"}}, "proposal session"},  // the session's body, and holder of the mandate
		{un.KindDeadline, where{"body": ids{"CSTD", "IGF"}, "title": &query.Text{Contains: "re"}}, "review session"},
		{un.KindDeadline, where{"document": ids{"80/173"}}, "review"},
		{un.KindDeadline, where{"title": &query.Text{Contains: "session"}}, "session"},
		{un.KindDeadline, where{"status": []un.DeadlineStatus{un.Undated}}, "proposal"},

		{un.KindCycle, where{"kind": []un.CycleKind{"MEETING"}}, "meeting"},
		{un.KindCycle, where{"frequency": []un.Frequency{un.Annual}}, "annual"},
		{un.KindCycle, where{"obligor": ids{"IGF"}}, "annual"},
		{un.KindCycle, where{"addressee": ids{"ECOSOC"}}, "annual"},
		{un.KindCycle, where{"body": ids{"IGF"}}, "annual"},
		{un.KindCycle, where{"body": ids{"CSTD"}}, "annual meeting"},   // station of the route, and holder of the mandate
		{un.KindCycle, where{"body": ids{"ECOSOC"}}, "annual meeting"}, // addressee of the cycle, and of the mandate
		{un.KindCycle, where{"body": ids{"body:ai-panel"}}, ""},
		{un.KindCycle, where{"document": ids{"80/173"}}, "annual"},

		{un.KindSession, where{"body": ids{"CSTD"}}, "cstd-30"},
		{un.KindSession, where{"ordinal": []int{21, 22}}, "igf-21"},
		{un.KindSession, where{"ordinal": []int{-30}}, ""},
		{un.KindSession, where{"dates": &query.Days{From: "2027-04-30", To: "2027-04-30"}}, "cstd-30"},
	} {
		for name := range c.where {
			if seen[c.kind] == nil {
				seen[c.kind] = map[string]bool{}
			}
			seen[c.kind][name] = true
		}
		if got := keeps(t, a, c.kind, c.where); got != c.want {
			t.Errorf("%s %v keeps %q, want %q", c.kind, c.where, got, c.want)
		}
	}
	for kind := range inputs {
		for _, name := range query.Members(kind) {
			if !seen[kind][name] {
				t.Errorf("%s of %s is not tried", name, kind)
			}
		}
	}
}

// empties are values of a member's type that ask for nothing: null as GraphQL hands it on, and the empty list.
func empties(of *ast.Type) (null, list any) {
	switch of.Name() {
	case "ID":
		return ids(nil), ids{}
	case "TextFilter":
		return (*query.Text)(nil), &query.Text{Is: []string{}}
	case "DateFilter":
		return (*query.Days)(nil), nil
	case "MandateStatus":
		return []un.MandateStatus(nil), []un.MandateStatus{}
	case "DeadlineStatus":
		return []un.DeadlineStatus(nil), []un.DeadlineStatus{}
	case "Int":
		return []int(nil), []int{}
	}
	return []string(nil), []string{}
}

func TestNullIsAsIfNotGivenAndAnEmptyListKeepsNothing(t *testing.T) {
	a := query.Asked{Reader: open(t, world()), Names: new(query.Names), Day: "2026-06-01"}
	for kind := range inputs {
		nulls := where{"and": all(nil), "or": all(nil), "not": where(nil)}
		every := keeps(t, a, kind, nil)
		for name, of := range fields(t, kind) {
			null, list := empties(of)
			nulls[name] = null
			f, err := a.Filter(t.Context(), kind, where{name: nil, "not": nil})
			if diff := cmp.Diff(store.And{}, f); diff != "" || err != nil {
				t.Errorf("%s of %s: %v, %s", name, kind, err, diff)
			}
			if list == nil {
				continue
			}
			if got := keeps(t, a, kind, where{name: list}); got != "" {
				t.Errorf("an empty %s of %s keeps %s", name, kind, got)
			}
			if got := keeps(t, a, kind, where{"not": where{name: list}}); got != every {
				t.Errorf("not an empty %s of %s keeps %s, want %s", name, kind, got, every)
			}
		}
		f, err := a.Filter(t.Context(), kind, nulls)
		if diff := cmp.Diff(store.And{}, f, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%s, everything null: %v, %s", kind, err, diff)
		}
	}
}

func TestFilterRefuses(t *testing.T) {
	a := query.Asked{Reader: open(t, world()), Names: new(query.Names), Day: "2026-06-01"}
	for _, c := range []struct {
		kind  un.Kind
		where where
		want  string
	}{
		{un.KindMandate, where{"holder": ids{"IGF", "IGFF"}}, `holder: there is no body "IGFF"; did you mean "body:igf"?`},
		{un.KindMandate, where{"or": all{{"holder": ids{"IGF"}}, {"holder": ids{"IGFF"}}}}, `or: holder: there is no body "IGFF"; did you mean "body:igf"?`},
		{un.KindMandate, where{"not": where{"and": all{{"document": ids{"80/174"}}}}}, `not: and: document: there is no document "80/174"; did you mean "document:A/RES/80/173"?`},
		{un.KindDeadline, where{"body": ids{"nobody at all"}}, `body: there is no body "nobody at all"; the nearest is "body:ai-panel"; the query bodies and /export/bodies.csv list what there is`},
		{un.KindBody, where{"established": &query.Days{From: "2026-01-02", To: "2026-01-01"}}, "established: from 2026-01-02 is after to 2026-01-01; exchange them"},
		{un.KindSession, where{"colour": []string{"red"}}, "colour: SESSION has no such member"},
		{un.KindBody, where{"and": all{{"status": []string{"RED"}}}}, "and: status: BODY has no such member"},
	} {
		f, err := a.Filter(t.Context(), c.kind, c.where)
		if f != nil || !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%v becomes %v, %v", c.where, f, err)
			continue
		}
		// As the API shows it.
		if got := strings.ReplaceAll(err.Error(), store.ErrInvalid.Error()+": ", ""); got != c.want {
			t.Errorf("%v is refused with\n%s, want\n%s", c.where, got, c.want)
		}
	}
	t.Run("passes on that the store failed", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		a := query.Asked{Reader: a.Reader, Names: new(query.Names)}
		if f, err := a.Filter(ctx, un.KindBody, where{"id": ids{"IGF"}}); f != nil || !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrInvalid) {
			t.Errorf("%v, %v", f, err)
		}
	})
}

package query_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/query"
	"mandategraph/store/memory"
	"mandategraph/un"
)

// TestQualityCounts puts one of each thing that is counted into a small graph, and counts them.
func TestQualityCounts(t *testing.T) {
	stated := func(edtf string) *un.PartialDate { return &un.PartialDate{EDTF: edtf, Basis: un.Stated} }
	derived := func(edtf string) *un.PartialDate {
		return &un.PartialDate{EDTF: edtf, Basis: un.Derived, Explanation: "a rule"}
	}
	proof := []un.Source{{Document: "document:d", Evidence: "words that stand there"}}
	secondary := append(proof, un.Source{Document: "document:d", Secondary: true})
	record := func(id un.ID, sources []un.Source) un.Record {
		return un.Record{ID: id, Sources: sources, Validity: un.Always}
	}
	g := un.Graph{
		Nodes: []un.Node{
			&un.Body{Record: record("body:a", proof), Kind: "FORUM", Established: stated("2006"), Dissolved: derived("2010"), Gaps: []un.Gap{{Field: "url", Text: "unknown"}}},
			&un.Body{Record: record("body:b", secondary), Kind: "PANEL", Conflicts: []un.Conflict{{Field: "established", Values: []un.ConflictingValue{{Value: "1", Sources: secondary}, {Value: "2", Sources: proof}}}}},
			&un.Body{Record: record("body:c", proof), Kind: "STAKEHOLDER_GROUP"},
			&un.Document{Record: record("document:d", proof), AdoptedOn: stated("2025-12-17")},
			&un.Document{Record: record("document:e", proof), AdoptedOn: stated("2027")}, // no day: nothing is covered until it
			&un.Provision{Record: record("provision:d#1", nil)},
			&un.Mandate{Record: record("mandate:m", proof), Since: derived("2025-12-17"), Until: stated("2030")},
			&un.Deadline{Record: record("deadline:1", proof), Due: stated("2026"), Window: derived("2026-04"), Changes: []un.Change{{On: "2026-01-09", Sources: proof}}},
			&un.Deadline{Record: record("deadline:2", proof), Window: derived("2026-09")},
			&un.Deadline{Record: record("deadline:3", proof)},
			&un.LegalBasis{Record: record("basis:a", proof), Date: stated("2006")},
			&un.LegalBasis{Record: record("basis:b", proof)},
		},
	}
	for _, e := range []un.Edge{
		{Relation: un.BasisOf, From: "basis:a", To: "body:a"},
		{Relation: un.BasisIn, From: "basis:a", To: "document:d"},
		{Relation: un.BasisOf, From: "basis:b", To: "body:b"},
		{Relation: un.PartOf, From: "body:a", To: "body:b", Since: stated("2006"), Sources: secondary},
		{Relation: un.CreatedBy, From: "body:a", To: "body:b", Since: stated("2006"), Sources: secondary}, // its legal basis has that
		{Relation: un.ProvisionOf, From: "provision:d#1", To: "document:d"},
		{Relation: un.ConferredBy, From: "mandate:m", To: "provision:d#1"},
		{Relation: un.ConferredBy, From: "deadline:1", To: "provision:d#1"},
		{Relation: un.ConferredBy, From: "deadline:2", To: "provision:d#1"},
		{Relation: un.ConferredBy, From: "deadline:3", To: "provision:d#1"},
	} {
		e.ID, e.Validity = un.EdgeID(e.Relation, e.From, e.To, ""), un.Always
		g.Edges = append(g.Edges, e)
	}
	if problems := g.Check(); len(problems) > 0 {
		t.Fatal(problems)
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var qualities query.Qualities
	got, err := qualities.Of(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want := query.Quality{
		Counts: []query.Count{{un.KindBody, 3}, {un.KindDocument, 2}, {un.KindProvision, 1}, {un.KindMandate, 1}, {un.KindDeadline, 3}, {un.KindCycle, 0}, {un.KindSession, 0}},
		// 2006 and 2010 of a body, 2 of documents, 2 of a mandate, 2 of deadlines, 1 of a basis, 1 of a relation
		CoveredUntil: "2025-12-17", StatedDates: 7, DerivedDates: 3, UndatedDeadlines: 1, BodiesWithoutInstrument: 1,
		SecondarySources: 3, Conflicts: 1, Gaps: 1, DataVersion: g.Version(), DataDate: "2026-01-09",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := qualities.Of(t.Context(), r)
	if err != nil || again != got {
		t.Errorf("the same load was read twice: %v", err)
	}
}

// TestQualityReadsEveryPage gives a body more relations than a page holds.
func TestQualityReadsEveryPage(t *testing.T) {
	var g un.Graph
	proof := []un.Source{{Document: "document:d", Secondary: true}}
	const many = 250
	for i := range many + 1 {
		id := un.ID(fmt.Sprintf("body:%03d", i))
		g.Nodes = append(g.Nodes, &un.Body{Record: un.Record{ID: id, Validity: un.Always, Sources: proof}, Kind: "FORUM"})
		if i > 0 {
			g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(un.ReportsTo, "body:000", id, ""), Relation: un.ReportsTo, From: "body:000", To: id, Validity: un.Always, Sources: proof})
		}
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := new(query.Qualities).Of(t.Context(), r)
	if err != nil || got.SecondarySources != 2*many+1 || got.BodiesWithoutInstrument != many+1 {
		t.Errorf("%+v, %v", got, err)
	}
}

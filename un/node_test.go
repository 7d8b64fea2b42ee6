package un_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mandategraph/un"
)

func TestEveryFieldIsAnswered(t *testing.T) {
	always := []string{"id", "ordinal"} // what a node cannot be without
	if len(un.Fields) != len(kinds) {
		t.Errorf("%d kinds have fields, want %d", len(un.Fields), len(kinds))
	}
	for kind, make := range kinds {
		filled, empty := full(make()).(un.Node), make()
		if filled.NodeKind() != kind {
			t.Errorf("%T says that it is a %s", filled, filled.NodeKind())
		}
		if filled.Key() != record(filled).ID || !slices.Contains(filled.Proof(), record(filled).Sources[0]) || filled.Valid() != record(filled).Validity {
			t.Errorf("%s: %q, %v, %v", kind, filled.Key(), filled.Valid(), filled.Proof())
		}
		for _, name := range un.Fields[kind] {
			if got := filled.Field(name); len(got) == 0 || slices.Contains(got, "") {
				t.Errorf("a filled %s has the %s %q", kind, name, got)
			}
			if got := empty.Field(name); got != nil && !slices.Contains(always, name) {
				t.Errorf("an empty %s has the %s %q", kind, name, got)
			}
			if day, dated := strings.CutSuffix(name, ".latest"); dated {
				if got := append(filled.Field(day), filled.Field(name)...); !slices.Equal(got, []string{"2026-12-01", "2026-12-31"}) {
					t.Errorf("the %s of December 2026 of a %s is %q", day, kind, got)
				}
			}
		}
		for _, name := range []string{"id", "validFrom", "validTo"} {
			if !slices.Contains(un.Fields[kind], name) {
				t.Errorf("%s has no field %s", kind, name)
			}
		}
		if got := filled.Field("colour"); got != nil {
			t.Errorf("a %s has the colour %q", kind, got)
		}
	}
}

func TestDatesWithoutABoundReachToTheEndOfTime(t *testing.T) {
	for edtf, want := range map[string][]string{
		"2027": {"2027-01-01", "2027-12-31"}, "2027/..": {"2027-01-01", "9999-12-31"}, "/2027": {"0000-01-01", "2027-12-31"},
	} {
		d := &un.Deadline{Window: date(edtf)}
		if diff := cmp.Diff(want, append(d.Field("due"), d.Field("due.latest")...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", edtf, diff)
		}
	}
	if d := (&un.Deadline{Due: date("2027")}); d.Field("due") != nil || d.SortValue("DUE") != "" {
		t.Error("due is not the window")
	}
}

func TestNames(t *testing.T) {
	b := &un.Body{
		Names:   map[un.Language]string{"FR": "Forum sur la gouvernance de l'Internet", un.English: "Internet Governance Forum"},
		Acronym: "IGF", Aliases: []string{"the Forum"},
	}
	if b.Name("FR") != b.Names["FR"] || b.Name("RU") != b.Names[un.English] {
		t.Errorf("it is called %q in French, %q in Russian", b.Name("FR"), b.Name("RU"))
	}
	want := []string{b.Names[un.English], b.Names["FR"], "IGF", "the Forum"}
	if diff := cmp.Diff(want, b.Field("name")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for id, want := range map[un.ID]string{"body:igf": "igf", "document:A/RES/80/173": "A/RES/80/173", "mandate:A/1#9/a:b": "A/1#9/a:b", "igf": ""} {
		if got := id.Name(); got != want {
			t.Errorf("the name of %s is %q", id, got)
		}
	}
	for want, n := range map[string]un.Node{
		"Internet Governance Forum": b, "A/RES/80/173": &un.Document{Symbol: "A/RES/80/173", Title: "Outcome"}, "Roadmap": &un.Document{Title: "Roadmap"},
		"A/RES/80/173, 48 (a)": &un.Provision{Record: un.Record{ID: un.ProvisionID("document:A/RES/80/173", "48 (a)")}},
		"Make it permanent":    &un.Mandate{Title: "Make it permanent"}, "Report": &un.Deadline{Title: "Report"}, "Meet": &un.ReportingCycle{Title: "Meet"},
		"30th session": &un.Session{Name: "30th session"}, "ENDORSED_BY": &un.LegalBasis{Role: "ENDORSED_BY"},
	} {
		if got := n.Label(); got != want {
			t.Errorf("a %s is called %q, want %q", n.NodeKind(), got, want)
		}
	}
}

func TestValidity(t *testing.T) {
	v := un.Validity{From: "2015-12-16", Until: "2025-12-17"}
	for day, want := range map[un.Date]bool{"2015-12-15": false, "2015-12-16": true, "2025-12-16": true, "2025-12-17": false, "": true} {
		if v.On(day) != want {
			t.Errorf("on %q: %t", day, !want)
		}
	}
	if !un.Always.On(un.FirstDay) || !un.Always.On("9999-12-30") {
		t.Error("always is not always")
	}
}

func TestEveryOrderHasASortValue(t *testing.T) {
	if len(un.Orders) != len(kinds) {
		t.Errorf("%d kinds have orders, want %d", len(un.Orders), len(kinds))
	}
	for kind, make := range kinds {
		values := map[string]string{}
		for _, order := range un.Orders[kind] {
			value := full(make()).(un.Node).SortValue(order)
			if other, same := values[value]; value == "" || same {
				t.Errorf("a filled %s sorts by %s with %q, like by %s", kind, order, value, other)
			}
			values[value] = order
			if got := make().SortValue(order); got != "" && order != "ORDINAL" {
				t.Errorf("an empty %s sorts by %s with %q", kind, order, got)
			}
		}
		first := full(make()).(un.Node).SortValue("")
		if own := un.Orders[kind][0]; values[first] != own {
			t.Errorf("a %s sorts by %q without an order, want %s", kind, values[first], own)
		}
	}
}

// compare is the order of two nodes in words: by the value, undated last in both directions, ties by id.
func compare(a, b un.Node, order string, descending bool) int {
	x, y := un.Fold(a.SortValue(order)), un.Fold(b.SortValue(order))
	undated := func(n un.Node) bool { return n.SortValue(order) == "" }
	way := 1
	if descending {
		way = -1
	}
	switch {
	case undated(a) != undated(b):
		if undated(a) {
			return 1
		}
		return -1
	case x != y:
		return way * strings.Compare(x, y)
	}
	return way * strings.Compare(string(a.Key()), string(b.Key()))
}

func TestOrderKey(t *testing.T) {
	body := func(id un.ID, name string) un.Node {
		return &un.Body{Record: un.Record{ID: id}, Names: map[un.Language]string{un.English: name}}
	}
	t.Run("sorts as told", func(t *testing.T) {
		for _, c := range []struct {
			order      string
			descending bool
			want       []un.ID
			nodes      []un.Node
		}{
			{"DUE", false, []un.ID{"d", "b", "c", "a", "e", "f"}, []un.Node{
				&un.Deadline{Record: un.Record{ID: "a"}, Window: date("2027")},
				&un.Deadline{Record: un.Record{ID: "b"}, Window: date("2027-01-01")}, // begins with the year, ends before it
				&un.Deadline{Record: un.Record{ID: "c"}, Window: date("2027-01")},
				&un.Deadline{Record: un.Record{ID: "d"}, Window: date("2026")},
				&un.Deadline{Record: un.Record{ID: "e"}}, &un.Deadline{Record: un.Record{ID: "f"}},
			}},
			{"DUE", true, []un.ID{"a", "d", "f", "e"}, []un.Node{
				&un.Deadline{Record: un.Record{ID: "d"}, Window: date("2026")}, &un.Deadline{Record: un.Record{ID: "e"}},
				&un.Deadline{Record: un.Record{ID: "a"}, Window: date("2027")}, &un.Deadline{Record: un.Record{ID: "f"}},
			}},
			{"ORDINAL", false, []un.ID{"a", "b"}, []un.Node{
				&un.Session{Record: un.Record{ID: "b"}, Ordinal: 10}, &un.Session{Record: un.Record{ID: "a"}, Ordinal: 9},
			}},
			{"NAME", false, []un.ID{"a", "b", "c", "d"}, []un.Node{body("b", "ecosoc"), body("a", "Économie"), body("d", "Forum"), body("c", "ecosoc")}},
		} {
			slices.SortFunc(c.nodes, func(a, b un.Node) int {
				way := strings.Compare(un.OrderKey(a, c.order, c.descending), un.OrderKey(b, c.order, c.descending))
				if c.descending {
					return -way
				}
				return way
			})
			var got []un.ID
			for _, n := range c.nodes {
				got = append(got, n.Key())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, descending %t (-want +got):\n%s", c.order, c.descending, diff)
			}
		}
	})
	t.Run("byte order is the order", func(t *testing.T) {
		texts := rapid.SampledFrom([]string{"", "a", "A", "ab", "a b", "é", "e", "\u0301", "ß", "～", "😀", "a\x00b", "1", "0"})
		rapid.Check(t, func(t *rapid.T) {
			ids := rapid.SampledFrom([]un.ID{"a", "b", "ab", "A", "0", "~"})
			a, b := body(ids.Draw(t, "id"), texts.Draw(t, "name")), body(ids.Draw(t, "other id"), texts.Draw(t, "other name"))
			for _, descending := range []bool{false, true} {
				want := compare(a, b, "NAME", descending)
				got := strings.Compare(un.OrderKey(a, "NAME", descending), un.OrderKey(b, "NAME", descending))
				if descending {
					got = -got
				}
				if got != want {
					t.Fatalf("%q and %q, descending %t: %d, want %d", a.Label(), b.Label(), descending, got, want)
				}
			}
		})
	})
}

func TestNumbersCompareAsTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(0, 9999999999).Draw(t, "a"), rapid.IntRange(0, 200).Draw(t, "b")
		if (un.Number(a) < un.Number(b)) != (a < b) || (un.Number(a) == un.Number(b)) != (a == b) {
			t.Fatalf("%q and %q", un.Number(a), un.Number(b))
		}
	})
}

func TestPositionsSortByAdoptionThenByPlace(t *testing.T) {
	old := &un.Document{Record: un.Record{ID: "document:Z"}, AdoptedOn: date("2015-12-16")}
	young := &un.Document{Record: un.Record{ID: "document:A"}, AdoptedOn: date("2025-12-17")}
	twin := &un.Document{Record: un.Record{ID: "document:B"}, AdoptedOn: date("2025-12-17")}
	positions := []string{
		un.PositionIn(old, "title"), un.PositionIn(old, "100"), un.PositionIn(young, "pp2"), un.PositionIn(young, "9"), un.PositionIn(young, "10"),
		un.PositionIn(young, "fn 1"), un.PositionIn(twin, "1"),
	}
	if !slices.IsSorted(positions) {
		t.Errorf("%q", positions)
	}
	p := &un.Provision{Record: un.Record{ID: un.ProvisionID("document:A/RES/80/173", "48 (a)")}, Position: positions[0]}
	if p.ID != "provision:A/RES/80/173#48 (a)" || p.SortValue("PLACE") != positions[0] {
		t.Errorf("%+v", p)
	}
}

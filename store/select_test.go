package store_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"mandategraph/store"
	"mandategraph/un"
)

// every is a list of each kind in each order and direction, as it is and over some hops.
func every(yield func(store.Select, *store.Hop) bool) {
	for _, kind := range slices.Sorted(maps.Keys(un.Orders)) {
		for _, order := range un.Orders[kind] {
			for _, desc := range []bool{false, true} {
				s := store.Select{Kind: kind, Order: order, Desc: desc}
				if !yield(s, nil) {
					return
				}
				for _, h := range []store.Hop{
					{Relations: []un.Relation{un.Cites}, Direction: store.Out},
					{Relations: []un.Relation{un.Cites}, Direction: store.In},
					{Relations: []un.Relation{un.Cites}, Direction: store.Both, Edges: true},
					{Relations: []un.Relation{un.Cites, un.Holds}, Direction: store.Out},
					{Direction: store.Out},
				} {
					h.Kind = kind
					if !yield(s, &h) {
						return
					}
				}
			}
		}
	}
}

// nodes has one of each kind, under an id and a title that are not easy to tell apart from a cursor's own parts.
func nodes() map[un.Kind]un.Node {
	r := un.Record{ID: "body:1 CITES", Validity: un.Always}
	const title = "0 ASC\x01OUT CITES 😀 é|"
	day := &un.PartialDate{EDTF: "2026"}
	return map[un.Kind]un.Node{
		un.KindBody:      &un.Body{Record: r, Names: map[un.Language]string{un.English: title}, Established: day},
		un.KindDocument:  &un.Document{Record: r, Title: title, Symbol: title, AdoptedOn: day},
		un.KindProvision: &un.Provision{Record: r, Position: title},
		un.KindMandate:   &un.Mandate{Record: r, Title: title, Since: day, Position: title},
		un.KindDeadline:  &un.Deadline{Record: r, Title: title, Window: day},
		un.KindCycle:     &un.ReportingCycle{Record: r, Title: title, Since: day},
		un.KindSession:   &un.Session{Record: r, Ordinal: 30},
		un.KindBasis:     &un.LegalBasis{Record: r},
	}
}

func TestCursorsAreOfOneList(t *testing.T) {
	edge := &un.Edge{ID: un.EdgeID(un.Cites, "document:1", "document:2", "fn 3")}
	name := func(s store.Select, h *store.Hop) string {
		if h == nil {
			return fmt.Sprint(s.Kind, s.Order, s.Desc)
		}
		return fmt.Sprint(s.Kind, s.Order, s.Desc, *h)
	}
	given := map[store.Cursor]string{}
	for s, h := range every {
		key := s.KeyOf(h, nodes()[s.Kind], edge)
		s.After = s.CursorAt(h, key)
		if got, err := s.Position(h); err != nil || got != key {
			t.Errorf("%s: position %q, %v; want %q", name(s, h), got, err, key)
		}
		if other, again := given[s.After]; again {
			t.Errorf("%s and %s give one cursor", name(s, h), other)
		}
		given[s.After] = name(s, h)
	}
	for s, h := range every {
		for cursor, of := range given {
			s.After = cursor
			if _, err := s.Position(h); of != name(s, h) && !errors.Is(err, store.ErrInvalid) {
				t.Fatalf("%s takes the cursor of %s: %v", name(s, h), of, err)
			}
		}
	}
}

func TestPosition(t *testing.T) {
	text := func(parts ...string) store.Cursor {
		return store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00"))))
	}
	const none, other, damaged = "is none of ours", "is of another list", "is damaged"
	for name, test := range map[string]struct {
		after store.Cursor
		says  string // "" where all is well
	}{
		"none":                  {"", ""},
		"one of ours":           {text("1", "BODY", "NAME", "ASC", "0igf", "body:igf"), ""},
		"of what has no name":   {text("1", "BODY", "NAME", "ASC", "1", "body:igf"), ""},
		"no base64":             {"not base64!", none},
		"padded":                {"MQ==", none},
		"not UTF-8":             {text("1", "BODY", "NAME", "ASC", "0\xff", "body:igf"), none},
		"of another version":    {text("2", "BODY", "NAME", "ASC", "0igf", "body:igf"), none},
		"of another kind":       {text("1", "SESSION", "NAME", "ASC", "0igf", "body:igf"), other},
		"of another order":      {text("1", "BODY", "ESTABLISHED", "ASC", "0igf", "body:igf"), other},
		"of another direction":  {text("1", "BODY", "NAME", "DESC", "0igf", "body:igf"), other},
		"without a key":         {text("1", "BODY", "NAME", "ASC"), other},
		"of a hop":              {text("1", "BODY", "NAME", "ASC", "OUT CITES", "0igf", "body:igf"), damaged},
		"with an empty key":     {text("1", "BODY", "NAME", "ASC", ""), damaged},
		"with half a key":       {text("1", "BODY", "NAME", "ASC", "0igf"), damaged},
		"with a key of no rank": {text("1", "BODY", "NAME", "ASC", "igf", "body:igf"), damaged},
		"with an empty rank":    {text("1", "BODY", "NAME", "ASC", "", "body:igf"), damaged},
		"with too long a key":   {text("1", "BODY", "NAME", "ASC", "0igf", "body:igf", "edge"), damaged},
		"very long":             {store.Cursor(strings.Repeat("é", 500)), none},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.Select{Kind: un.KindBody, First: 1, After: test.after}
			_, err := s.Position(nil)
			if test.says == "" && err != nil {
				t.Error(err)
			}
			if test.says != "" && (!errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("got %v, want that it %s", err, test.says)
			}
			if err != nil && len(err.Error()) > 500 {
				t.Errorf("the error repeats a long cursor: %d bytes", len(err.Error()))
			}
			if check := s.Check(nil); (check == nil) != (err == nil) {
				t.Errorf("Check says %v, Position %v", check, err)
			}
		})
	}
}

func TestCursorsOutliveHowTheListIsAsked(t *testing.T) {
	for name, same := range map[string]struct {
		s store.Select
		h *store.Hop
	}{
		"its own":                {store.Select{Kind: un.KindBody}, &store.Hop{Relations: []un.Relation{un.PartOf, un.MemberOf}, Direction: store.Out, Kind: un.KindBody}},
		"its order named":        {store.Select{Kind: un.KindBody, Order: "NAME"}, &store.Hop{Relations: []un.Relation{un.PartOf, un.MemberOf}, Direction: store.Out, Kind: un.KindBody}},
		"another page, day":      {store.Select{Kind: un.KindBody, First: 9, Total: true, AsOf: "2026-01-01", Where: store.Or{}}, &store.Hop{Relations: []un.Relation{un.PartOf, un.MemberOf}, Direction: store.Out, Kind: un.KindBody}},
		"relations turned":       {store.Select{Kind: un.KindBody}, &store.Hop{Relations: []un.Relation{un.MemberOf, un.PartOf}, Direction: store.Out, Kind: un.KindBody}},
		"relations named thrice": {store.Select{Kind: un.KindBody}, &store.Hop{Relations: []un.Relation{un.MemberOf, un.PartOf, un.MemberOf}, Direction: store.Out, Kind: un.KindBody}},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(same.h.Relations)
			h := store.Hop{Relations: []un.Relation{un.PartOf, un.MemberOf}, Direction: store.Out, Kind: un.KindBody}
			same.s.After = store.Select{Kind: un.KindBody}.CursorAt(&h, "0a\x00body:a")
			if key, err := same.s.Position(same.h); err != nil || key != "0a\x00body:a" {
				t.Errorf("got %q, %v", key, err)
			}
			if !slices.Equal(before, same.h.Relations) {
				t.Errorf("the hop is changed: %q", same.h.Relations)
			}
		})
	}
}

func TestCheckOfSelects(t *testing.T) {
	body := func(change func(*store.Select)) store.Select {
		s := store.Select{Kind: un.KindBody, First: 10}
		change(&s)
		return s
	}
	hop := &store.Hop{Relations: []un.Relation{un.PartOf}, Direction: store.Out, Kind: un.KindBody}
	for name, test := range map[string]struct {
		s    store.Select
		h    *store.Hop
		says string // "" where all is well
	}{
		"a list":              {body(func(*store.Select) {}), nil, ""},
		"a hop":               {body(func(*store.Select) {}), hop, ""},
		"none":                {body(func(s *store.Select) { s.First = 0 }), nil, ""},
		"a hundred":           {body(func(s *store.Select) { s.First = store.MaxFirst }), nil, ""},
		"an order":            {body(func(s *store.Select) { s.Order = "ESTABLISHED" }), nil, ""},
		"a day":               {body(func(s *store.Select) { s.AsOf = "2024-02-29" }), nil, ""},
		"a hop over nothing":  {body(func(*store.Select) {}), &store.Hop{Direction: store.Both, Kind: un.KindBody}, ""},
		"no kind":             {store.Select{First: 1}, nil, `there is no kind ""`},
		"an injected kind":    {store.Select{Kind: "Body`) DETACH DELETE n//"}, nil, "there is no kind"},
		"an unknown order":    {body(func(s *store.Select) { s.Order = "SIZE" }), nil, `BODY has no order "SIZE"; it has NAME, ESTABLISHED`},
		"fewer than none":     {body(func(s *store.Select) { s.First = -1 }), nil, "first is -1; it must be from 0 to 100"},
		"too many":            {body(func(s *store.Select) { s.First = 101 }), nil, "first is 101; it must be from 0 to 100"},
		"no day":              {body(func(s *store.Select) { s.AsOf = "2026-02-30" }), nil, "2026-02-30"},
		"a hop to other ends": {body(func(*store.Select) {}), &store.Hop{Direction: store.Out, Kind: un.KindMandate}, "the hop leads to MANDATE, not to BODY"},
		"a hop of no kind":    {body(func(*store.Select) {}), &store.Hop{Direction: store.Out}, `there is no kind ""`},
		"no direction":        {body(func(*store.Select) {}), &store.Hop{Kind: un.KindBody}, `there is no direction ""`},
		"an unknown relation": {body(func(*store.Select) {}), &store.Hop{Direction: store.In, Kind: un.KindBody, Relations: []un.Relation{un.PartOf, "KNOWS"}}, `there is no relation "KNOWS"`},
		"a bad filter":        {body(func(s *store.Select) { s.Where = store.Not{} }), nil, "nil"},
		"a bad cursor":        {body(func(s *store.Select) { s.After = "x" }), nil, "cursor"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.s.Check(test.h)
			if test.says == "" && err != nil {
				t.Fatal(err)
			}
			if test.says != "" && (!errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("got %v, want %s", err, test.says)
			}
		})
	}
	for kind, orders := range un.Orders {
		if got := (store.Select{Kind: kind}).OrderOf(); got != orders[0] {
			t.Errorf("the order of %s is %s", kind, got)
		}
	}
}

func TestKeysAreInOrder(t *testing.T) {
	body := func(id un.ID, name string) un.Node {
		return &un.Body{Record: un.Record{ID: id}, Names: map[un.Language]string{un.English: name}}
	}
	up := []un.Node{body("1", "a"), body("10", "A"), body("2", "á"), body("0", "a b"), body("0", "ab"), body("0", "😀"), body("A", ""), body("a", "")}
	down := []un.Node{up[5], up[4], up[3], up[2], up[1], up[0], up[7], up[6]}
	edges := []*un.Edge{{ID: "a"}, {ID: "aa"}, {ID: "b"}}
	for _, test := range []struct {
		s     store.Select
		nodes []un.Node
	}{{store.Select{Kind: un.KindBody}, up}, {store.Select{Kind: un.KindBody, Desc: true}, down}} {
		for i := range len(test.nodes) - 1 {
			a, b := test.nodes[i], test.nodes[i+1]
			if test.s.Compare(test.s.KeyOf(nil, a, nil), test.s.KeyOf(nil, b, nil)) >= 0 {
				t.Errorf("descending %t: %q %s is not before %q %s", test.s.Desc, a.Label(), a.Key(), b.Label(), b.Key())
			}
			list := &store.Hop{Edges: true}
			for j, e := range edges {
				for k, f := range edges {
					if test.s.Compare(test.s.KeyOf(list, a, e), test.s.KeyOf(list, b, f)) >= 0 {
						t.Errorf("descending %t: %s by %s is not before %s by %s", test.s.Desc, a.Key(), e.ID, b.Key(), f.ID)
					}
					if got := test.s.Compare(test.s.KeyOf(list, a, e), test.s.KeyOf(list, a, f)) < 0; got != (j < k) != test.s.Desc && j != k {
						t.Errorf("descending %t: %s by %s before %s: %t", test.s.Desc, a.Key(), e.ID, f.ID, got)
					}
				}
			}
		}
	}
}

// FuzzPosition: no cursor makes a panic; each is refused as invalid, or gives a key of the list's form, whose own cursor
// gives it again.
func FuzzPosition(f *testing.F) {
	for s, h := range every {
		f.Add(string(s.CursorAt(h, s.KeyOf(h, nodes()[s.Kind], &un.Edge{ID: "edge"}))))
	}
	for _, text := range []string{"", "x", "MQ", "MQA", "MQ==", "\xff", "MQBCT0RZAE5BTUUAQVNDAA", "MQBC\nT0RZ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		for s, h := range every {
			s.After = store.Cursor(cursor)
			key, err := s.Position(h)
			switch {
			case err != nil:
				if !errors.Is(err, store.ErrInvalid) || key != "" {
					t.Fatalf("%q, %v", key, err)
				}
			case cursor == "":
				if key != "" {
					t.Fatalf("the beginning is at %q", key)
				}
			default:
				parts := 2
				if h != nil && h.Edges {
					parts = 3
				}
				if strings.Count(key, "\x00") != parts-1 || !strings.Contains("01", key[:1]) {
					t.Fatalf("the key %q is not of the form of the list's", key)
				}
				s.After = s.CursorAt(h, key)
				if again, err := s.Position(h); err != nil || again != key {
					t.Fatalf("%q becomes %q, %v", key, again, err)
				}
			}
		}
	})
}

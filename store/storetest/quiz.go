package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store"
	"mandategraph/un"
)

// A quiz asks a reader and compares what it says with the brute force.
type quiz struct {
	dice
	ctx    context.Context
	reader store.Reader
	world
}

// nodes asks for all nodes, and for some that there are not.
func (q quiz) nodes() error {
	ids := []un.ID{"", "unknown", "unknown"}
	for i, n := range q.Nodes {
		ids = append(ids, n.Key())
		switch i % 4 {
		case 0:
			ids = append(ids, n.Key())
		case 1: // another id, be there such a node or not
			ids = append(ids, un.ID(strings.ToUpper(string(n.Key()))))
		}
	}
	for _, ids := range [][]un.ID{nil, {}, {""}, ids} {
		want := map[un.ID]un.Node{}
		for _, id := range ids {
			if n := q.node[id]; n != nil {
				want[id] = n
			}
		}
		got, err := q.reader.Nodes(q.ctx, ids)
		if err != nil {
			return fmt.Errorf("nodes %q: %w", ids, err)
		}
		if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			return fmt.Errorf("nodes %q (-want +got):\n%s", ids, cmp.Diff(want, got))
		}
	}
	return nil
}

// find walks over all pages that come after an item, over all of them where there is none.
func (q quiz) find(s store.Select, after *store.Item) error {
	for list := q.world.find(s); ; {
		if after != nil {
			s.After = s.CursorAt(nil, s.KeyOf(nil, after.Node, nil))
		}
		got, err := q.reader.Find(q.ctx, s)
		if err != nil {
			return fmt.Errorf("Find(%#v): %w", s, err)
		}
		want := pageOf(nil, s, list, after)
		if diff := differ(want, got); diff != "" {
			return fmt.Errorf("Find(%#v), the cursor being that of %s (-want +got):\n%s", s, tell(after), diff)
		}
		// Sometimes it asks once more, for what comes after the last.
		if n := len(want.Items); n > 0 && (want.More || q.once(3)) {
			after = &want.Items[n-1]
		} else {
			return nil
		}
	}
}

// hop walks over the pages of all parents at once. As a cursor belongs to each of them, it takes the one that lets no
// parent's item be passed over.
func (q quiz) hop(from []un.ID, h store.Hop, s store.Select, after *store.Item) error {
	for lists := q.world.hop(h, s); ; {
		if after != nil {
			s.After = s.CursorAt(&h, s.KeyOf(&h, after.Node, after.Edge))
		}
		want := map[un.ID]store.Page{}
		var last, next *store.Item
		for _, id := range from {
			p := pageOf(&h, s, lists[id], after)
			if len(p.Items) == 0 && !p.More && p.Total == 0 {
				continue
			}
			want[id] = p
			if n := len(p.Items); n > 0 {
				if it := &p.Items[n-1]; p.More && (next == nil || precedes(&h, s, *it, *next)) {
					next = it
				}
				if it := &p.Items[n-1]; last == nil || precedes(&h, s, *last, *it) {
					last = it
				}
			}
		}
		got, err := q.reader.Neighbors(q.ctx, from, h, s)
		if err != nil {
			return fmt.Errorf("Neighbors(%#v, %#v): %w", h, s, err)
		}
		question := fmt.Sprintf("Neighbors(%q, %#v, %#v), the cursor being that of %s", from, h, s, tell(after))
		for id := range got {
			if _, ok := want[id]; !ok {
				return fmt.Errorf("%s: there is a page for %q: %+v", question, id, got[id])
			}
		}
		for id := range want {
			if _, ok := got[id]; !ok {
				return fmt.Errorf("%s: there is no page for %q", question, id)
			}
			if diff := differ(want[id], got[id]); diff != "" {
				return fmt.Errorf("%s: from %q (-want +got):\n%s", question, id, diff)
			}
		}
		switch {
		case next != nil:
			after = next
		case last != nil && q.once(3):
			after = last
		default:
			return nil
		}
	}
}

// differ shows how two pages differ, "" where they do not. A page without items may have nil or an empty list.
func differ(want, got store.Page) string {
	if len(want.Items) == 0 && len(got.Items) == 0 {
		want.Items, got.Items = nil, nil
	}
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}

func tell(it *store.Item) string {
	switch {
	case it == nil:
		return "no item"
	case it.Edge == nil:
		return fmt.Sprintf("node %q", it.Node.Key())
	}
	return fmt.Sprintf("node %q and edge %q", it.Node.Key(), it.Edge.ID)
}

// everything checks the whole graph: the version, each node, each list in each order, each hop.
func (q quiz) everything() error {
	if got, want := q.reader.Version(), q.Version(); got != want {
		return fmt.Errorf("the version is %q, not %q", got, want)
	}
	if err := q.nodes(); err != nil {
		return err
	}
	for _, kind := range kinds {
		for _, order := range un.Orders[kind] {
			for _, desc := range []bool{false, true} {
				if err := q.find(store.Select{Kind: kind, Order: order, Desc: desc, First: 20, Total: true}, nil); err != nil {
					return err
				}
			}
		}
	}
	for _, to := range kinds {
		for _, direction := range directions[:2] {
			h := store.Hop{Direction: direction, Kind: to, Edges: true}
			for _, join := range un.Relations {
				h.Relations = append(h.Relations, join.Relation)
			}
			if err := q.hop(q.ids(), h, store.Select{Kind: to, First: store.MaxFirst, Total: true}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// ids are those of all nodes, in the graph's order.
func (w world) ids() (ids []un.ID) {
	for _, n := range w.Nodes {
		ids = append(ids, n.Key())
	}
	return ids
}

// some are a few parents: known, repeated, unknown; those first that are worth asking.
func (q quiz) some(lists map[un.ID][]store.Item, few bool) []un.ID {
	from := q.ids()
	q.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	if few {
		slices.SortStableFunc(from, func(a, b un.ID) int { return min(len(lists[b]), 2) - min(len(lists[a]), 2) })
		from = from[:min(len(from), 5)]
	}
	if len(from) > 0 {
		from = append(from, from[0], "unknown", from[len(from)/2])
	}
	return from
}

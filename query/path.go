package query

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"mandategraph/store"
	"mandategraph/un"
)

// What a path may be asked for.
const (
	MaxLength  = 6      // edges of a path
	MaxVisited = 20_000 // nodes that may be looked at to find one
)

// ErrTooWide says that a path was not found among the nodes that may be looked at.
var ErrTooWide = fmt.Errorf("%w: over %d objects lie between the two", store.ErrTooComplex, MaxVisited)

// A Between asks for a path.
type Between struct {
	From, To  un.ID // ids, acronyms of bodies, symbols of documents
	MaxLength int
	Relations []un.Relation // nil: all that are walkable but Mentions: that one paragraph names two bodies ties them little
}

// A Path leads from one node to another over edges, whichever way these lead: the n-th edge joins the n-th node and the
// next. It is a shortest one; of several it is the one whose edges' ids, read from its start, are the least where they
// first differ.
type Path struct {
	Nodes []un.Node
	Edges []*un.Edge
}

// FindPath searches from both ends, level by level, always from the end whose last level is smaller, until two levels
// meet. It is nil where there is no path as short as asked.
//
// Where a level has nodes with more neighbours than a page holds, they are not read in the hope of meeting: the store is
// first asked for those alone that the other end has reached, and how many neighbours either end has; then the end with
// fewer is read on.
func FindPath(ctx context.Context, r store.Reader, names *Names, q Between) (*Path, error) {
	if q.MaxLength < 1 || q.MaxLength > MaxLength {
		return nil, fmt.Errorf("%w: maxLength is %d; it must be from 1 to %d", store.ErrInvalid, q.MaxLength, MaxLength)
	}
	if q.Relations == nil {
		q.Relations = slices.DeleteFunc(Walkable(), func(r un.Relation) bool { return r == un.Mentions })
	}
	w, err := newWalk(r, q.Relations, "")
	if err != nil {
		return nil, err
	}
	ends, err := names.Objects(ctx, r, []un.ID{q.From, q.To})
	if err != nil {
		return nil, err
	}
	if ends[0].Key() == ends[1].Key() {
		return &Path{Nodes: ends[:1]}, nil
	}
	from, to := newSide(ends[0]), newSide(ends[1])
	for length := 1; length <= q.MaxLength; length++ {
		near, far := from, to
		if len(to.rim) < len(from.rim) {
			near, far = to, from
		}
		if len(near.rim) == 0 {
			return nil, nil
		}
		met, err := w.step(ctx, near, far, length == q.MaxLength)
		if err != nil {
			return nil, err
		}
		if met {
			return meet(from, to), nil
		}
	}
	return nil, nil
}

// A side is what one end has reached.
type side struct {
	nodes map[un.ID]un.Node
	back  map[un.ID][]link // the ways that lead one edge back to the end
	rim   []un.Node        // the nodes that are farthest from it
	next  *advance         // the level beyond the rim, so far as it has been read
}

// A link is an edge and the node that it leads to. Of several edges between the same two, the store gives the one whose
// id is the least, and that is the only one which a path can take.
type link struct {
	to   un.ID
	edge *un.Edge
}

func newSide(end un.Node) *side {
	return &side{nodes: map[un.ID]un.Node{end.Key(): end}, back: map[un.ID][]link{}, rim: []un.Node{end}}
}

// step goes one level on from one of the sides, and reports whether they have met. If they have not at the last step,
// nobody asks where they stand.
func (w walk) step(ctx context.Context, near, far *side, last bool) (met bool, _ error) {
	next := w.beyondRim(near, far)
	if !next.begun {
		next.begun = true
		if err := w.read(ctx, next.lists, next.visit); err != nil {
			return false, err
		}
	}
	if !next.unread() {
		return next.accept(), nil
	}
	meeting := &advance{side: near, other: far, nodes: map[un.ID]un.Node{}, back: map[un.ID][]link{}}
	lists, ids := w.lists(near.rim, store.Both), idsOf(far.rim)
	lists = slices.DeleteFunc(lists, func(l *list) bool { return len(ids[l.hop.Kind]) == 0 })
	for _, l := range lists {
		l.only(ids)
	}
	away := w.beyondRim(far, near)
	for _, a := range []*advance{next, away} {
		if a.scales == nil && !last {
			a.scales = w.lists(a.side.rim, store.Both)
			for _, l := range a.scales {
				l.sel.First, l.sel.Total = 0, true
			}
			lists = append(lists, a.scales...)
		}
	}
	if err := w.readAll(ctx, lists, meeting.visit); err != nil {
		return false, err
	}
	if last || len(meeting.rim) > 0 {
		return meeting.accept(), nil
	}
	if away.weight() < next.weight() {
		next = away
	}
	if err := w.readAll(ctx, next.lists, next.visit); err != nil {
		return false, err
	}
	return next.accept(), nil
}

// An advance is the next level of a side while it is read.
type advance struct {
	*side
	other *side
	nodes map[un.ID]un.Node
	back  map[un.ID][]link
	rim   []un.Node

	lists  []*list
	begun  bool    // their first pages have been read
	scales []*list // the same, for their totals alone
}

// beyondRim is the next level of a side, as far as it was read before.
func (w walk) beyondRim(s, other *side) *advance {
	if s.next == nil {
		s.next = &advance{side: s, other: other, nodes: map[un.ID]un.Node{}, back: map[un.ID][]link{}, lists: w.lists(s.rim, store.Both)}
	}
	return s.next
}

// unread reports whether there are further pages.
func (a *advance) unread() bool {
	return slices.ContainsFunc(a.lists, func(l *list) bool { return len(l.from) > 0 })
}

// weight is how many neighbours the rim has.
func (a *advance) weight() (sum int) {
	for _, l := range a.scales {
		sum += l.total
	}
	return sum
}

func (a *advance) visit(from un.ID, item store.Item) error {
	id := item.Node.Key()
	if a.side.nodes[id] != nil {
		return nil
	}
	if a.nodes[id] == nil {
		if len(a.side.nodes)+len(a.other.nodes)+len(a.nodes) >= MaxVisited {
			return ErrTooWide
		}
		a.nodes[id] = item.Node
		a.rim = append(a.rim, item.Node)
	}
	a.back[id] = append(a.back[id], link{from, item.Edge})
	return nil
}

// accept makes the level the side's own, and reports whether the other side has reached any of it. Since they had not
// met before, what both have reached is in the last level of both.
func (a *advance) accept() (met bool) {
	for id, n := range a.nodes {
		a.side.nodes[id], a.side.back[id] = n, a.back[id]
		met = met || a.other.nodes[id] != nil
	}
	a.side.rim, a.side.next = a.rim, nil
	return met
}

// meet is the path through two sides that have met.
func meet(from, to *side) *Path {
	forth := map[un.ID][]link{} // along the paths alone, from the start
	level := map[un.ID]bool{}
	for _, n := range from.rim {
		if to.nodes[n.Key()] != nil {
			level[n.Key()] = true
		}
	}
	var at un.ID
	for len(level) > 0 {
		before := map[un.ID]bool{}
		for id := range level {
			if len(from.back[id]) == 0 {
				at = id
			}
			for _, l := range from.back[id] {
				before[l.to] = true
				forth[l.to] = append(forth[l.to], link{id, l.edge})
			}
		}
		level = before
	}
	p := &Path{Nodes: []un.Node{from.nodes[at]}}
	for {
		ways := forth[at]
		if len(ways) == 0 {
			ways = to.back[at]
		}
		if len(ways) == 0 {
			return p
		}
		way := slices.MinFunc(ways, func(a, b link) int { return cmp.Compare(a.edge.ID, b.edge.ID) })
		at = way.to
		n := from.nodes[at]
		if n == nil {
			n = to.nodes[at]
		}
		p.Nodes, p.Edges = append(p.Nodes, n), append(p.Edges, way.edge)
	}
}

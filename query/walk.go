package query

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"mandategraph/store"
	"mandategraph/un"
)

// kinds are those of the API's nodes, in the schema's order.
var kinds = []un.Kind{un.KindBody, un.KindDocument, un.KindProvision, un.KindMandate, un.KindDeadline, un.KindCycle, un.KindSession}

// Walkable are the relations that a question about the graph may follow: all but the internal ones.
func Walkable() []un.Relation {
	var out []un.Relation
	for _, j := range un.Relations {
		if !j.Internal {
			out = append(out, j.Relation)
		}
	}
	return out
}

// A walk goes over some relations of one load, from level to level: what is one edge farther is one level farther.
//
// A hop of the store leads to nodes of one kind, so a level is a call for each kind that un.Relations lets the relations
// reach from the kinds that stand there. These calls are made at the same time: a level is one round trip in time, and
// one more for each further page where a node has more neighbours of a kind than a page holds.
type walk struct {
	store.Reader
	joins []un.Join // of the relations
	asOf  un.Date
}

func newWalk(r store.Reader, relations []un.Relation, asOf un.Date) (walk, error) {
	w := walk{Reader: r, asOf: asOf}
	for _, name := range relations {
		if j, ok := un.JoinOf(name); !ok || j.Internal {
			return w, fmt.Errorf("%w: relations: there is no relation %q", store.ErrInvalid, name)
		}
	}
	for _, j := range un.Relations { // each once, in the table's order
		if slices.Contains(relations, j.Relation) {
			w.joins = append(w.joins, j)
		}
	}
	return w, nil
}

// lists are the hops from nodes, one for each kind that they can lead to. Both ways are for who walks the graph, Out for
// who wants each edge once.
func (w walk) lists(from []un.Node, way store.Direction) (lists []*list) {
	here := map[un.Kind]bool{}
	for _, n := range from {
		here[n.NodeKind()] = true
	}
	for _, kind := range kinds {
		l := &list{hop: store.Hop{Direction: way, Kind: kind}, sel: store.Select{Kind: kind, First: store.MaxFirst, AsOf: w.asOf}, ends: map[un.ID]string{}}
		leads := map[un.Kind]bool{}
		for _, j := range w.joins {
			used := false
			for _, k := range kinds {
				if here[k] && (j.Between(k, kind) || way == store.Both && j.Between(kind, k)) {
					leads[k], used = true, true
				}
			}
			if used {
				l.hop.Relations = append(l.hop.Relations, j.Relation)
			}
		}
		for _, n := range from {
			if leads[n.NodeKind()] {
				l.from = append(l.from, n.Key())
			}
		}
		if len(l.from) > 0 {
			lists = append(lists, l)
		}
	}
	return lists
}

// A list is one hop from many nodes, and how far it has been read.
type list struct {
	from  []un.ID // of whom there is more to read
	hop   store.Hop
	sel   store.Select
	want  int                 // how many items, of all nodes together and first in the list's order, are enough; 0 wants all
	ends  map[un.ID]string    // the last key read of each that has more
	keys  map[string]struct{} // read so far, where not all are wanted
	total int
}

// only keeps what leads to these nodes.
func (l *list) only(nodes map[un.Kind][]string) {
	l.sel.Where = store.Cond{Field: "id", Op: store.Is, Values: nodes[l.hop.Kind]}
}

// but leaves out what leads to these nodes.
func (l *list) but(nodes map[un.Kind][]string) {
	if ids := nodes[l.hop.Kind]; len(ids) > 0 {
		l.sel.Where = store.Not{Filter: store.Cond{Field: "id", Op: store.Is, Values: ids}}
	}
}

// idsOf are the nodes' ids by kind, as filters compare them.
func idsOf(nodes []un.Node) map[un.Kind][]string {
	ids := map[un.Kind][]string{}
	for _, n := range nodes {
		ids[n.NodeKind()] = append(ids[n.NodeKind()], string(n.Key()))
	}
	return ids
}

// A visit is told of each item once for each node that the hop led from.
type visit func(from un.ID, item store.Item) error

// readAll reads the lists to their ends, or as far as they are wanted: all of them at once, page by page.
func (w walk) readAll(ctx context.Context, lists []*list, v visit) error {
	for open := lists; ; {
		open = slices.DeleteFunc(slices.Clone(open), func(l *list) bool { return len(l.from) == 0 })
		if len(open) == 0 {
			return nil
		}
		if err := w.read(ctx, open, v); err != nil {
			return err
		}
	}
}

// read reads the next page of each list.
func (w walk) read(ctx context.Context, lists []*list, v visit) error {
	pages, err := w.together(ctx, lists)
	if err != nil {
		return err
	}
	for i, l := range lists {
		if err := l.take(pages[i], v); err != nil {
			return err
		}
	}
	return nil
}

// take notes what was read, and where the next page begins: after the least key at which one of those that have more has
// been left. So a page has no gap for any of them, and each page settles at least as many of the items of all together
// as it may hold, however many nodes have more.
func (l *list) take(pages map[un.ID]store.Page, v visit) error {
	var more []un.ID
	for _, id := range l.from {
		p := pages[id]
		l.total += p.Total
		for _, item := range p.Items {
			if item.Key <= l.ends[id] {
				continue // it was read before
			}
			if l.want > 0 {
				if l.keys == nil {
					l.keys = map[string]struct{}{}
				}
				l.keys[item.Key] = struct{}{}
			}
			if err := v(id, item); err != nil {
				return err
			}
		}
		if p.More && len(p.Items) > 0 {
			l.ends[id] = max(l.ends[id], p.Items[len(p.Items)-1].Key)
			more = append(more, id)
		}
	}
	if l.want > 0 && len(l.keys) >= l.want {
		sorted := make([]string, 0, len(l.keys))
		for key := range l.keys {
			sorted = append(sorted, key)
		}
		slices.Sort(sorted)
		enough := sorted[l.want-1]
		more = slices.DeleteFunc(more, func(id un.ID) bool { return l.ends[id] >= enough })
	}
	if l.from = more; len(more) > 0 {
		next := slices.MinFunc(more, func(a, b un.ID) int { return cmp.Compare(l.ends[a], l.ends[b]) })
		l.sel.After = l.sel.CursorAt(&l.hop, l.ends[next])
	}
	return nil
}

// together asks for a page of each list at the same time. The first that fails ends the others.
func (w walk) together(ctx context.Context, lists []*list) ([]map[un.ID]store.Page, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pages := make([]map[un.ID]store.Page, len(lists))
	var asking sync.WaitGroup
	for i, l := range lists {
		asking.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					cancel(panicked(fmt.Sprintf("%v\n%s", p, debug.Stack())))
				}
			}()
			var err error
			if pages[i], err = w.Neighbors(ctx, l.from, l.hop, l.sel); err != nil {
				cancel(err)
			}
		})
	}
	asking.Wait()
	err := context.Cause(ctx)
	if p, ok := err.(panicked); ok {
		panic(string(p)) // where whoever asked can recover it
	}
	return pages, err
}

// panicked is what a store said when it panicked.
type panicked string

func (p panicked) Error() string { return string(p) }

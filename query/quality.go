package query

import (
	"cmp"
	"context"
	"fmt"
	"sync"

	"mandategraph/store"
	"mandategraph/un"
)

// A Quality says how much the facts know, how well, and what they know that they do not know.
type Quality struct {
	Counts                  []Count
	CoveredUntil            un.Date // adoption of the newest document
	StatedDates             int     // dates of facts that a source states
	DerivedDates            int     // dates of facts that a named rule derives
	UndatedDeadlines        int     // of which nothing is known in time, not even through a session
	BodiesWithoutInstrument int     // of which no document is known that brought them about; classes of actors and States need none
	SecondarySources        int     // sources of facts whose document's text is not at hand
	Conflicts, Gaps         int
	DataVersion             string
	DataDate                un.Date // newest day in the facts: of an adoption, or of a change
}

// A Count is how many nodes of a kind there are.
type Count struct {
	Kind  un.Kind
	Count int
}

// Qualities keeps the quality of the last load that was asked about. It may be used by several goroutines at once.
type Qualities struct {
	mu   sync.Mutex
	kept *Quality
}

// Of is the quality of r's load.
func (q *Qualities) Of(ctx context.Context, r store.Reader) (*Quality, error) {
	q.mu.Lock()
	defer q.mu.Unlock() // one reads, the others wait for what it finds
	if q.kept != nil && q.kept.DataVersion == r.Version() {
		return q.kept, nil
	}
	found, err := readQuality(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("reading the quality of the facts: %w", err)
	}
	q.kept = found
	return found, nil
}

func readQuality(ctx context.Context, r store.Reader) (*Quality, error) {
	q := &Quality{DataVersion: r.Version(), CoveredUntil: un.FirstDay, DataDate: un.FirstDay}
	var bodies []un.ID
	for _, kind := range append(kinds[:len(kinds):len(kinds)], un.KindBasis) {
		n, err := every(ctx, r, store.Select{Kind: kind}, func(n un.Node) {
			q.see(n)
			if b, ok := n.(*un.Body); ok {
				bodies = append(bodies, b.ID)
				if b.Kind != "STAKEHOLDER_GROUP" && b.Kind != "STATE" {
					q.BodiesWithoutInstrument++ // less those that have one
				}
			}
		})
		if err != nil {
			return nil, err
		}
		if kind != un.KindBasis {
			q.Counts = append(q.Counts, Count{kind, n})
		}
	}
	if len(bodies) == 0 {
		return q, nil
	}
	instrument := store.Select{Kind: un.KindBasis, First: 1, Where: store.Has{Hop: BasisDocument}}
	with, err := r.Neighbors(ctx, bodies, LegalBasis, instrument)
	if err != nil {
		return nil, err
	}
	classes, err := r.Nodes(ctx, bodies)
	if err != nil {
		return nil, err
	}
	for id := range with {
		if b, ok := classes[id].(*un.Body); ok && b.Kind != "STAKEHOLDER_GROUP" && b.Kind != "STATE" {
			q.BodiesWithoutInstrument--
		}
	}
	return q, q.seeRelations(ctx, r, bodies)
}

// every calls each for every node that s keeps, and counts them.
func every(ctx context.Context, r store.Reader, s store.Select, each func(un.Node)) (count int, err error) {
	s.First = store.MaxFirst
	for {
		page, err := r.Find(ctx, s)
		if err != nil {
			return count, err
		}
		for _, item := range page.Items {
			each(item.Node)
			s.After = s.CursorAt(nil, item.Key)
		}
		count += len(page.Items)
		if !page.More {
			return count, nil
		}
	}
}

// see counts what one node knows.
func (q *Quality) see(n un.Node) {
	q.prove(n.Proof())
	switch n := n.(type) {
	case *un.Body:
		q.date(n.Established)
		q.date(n.Dissolved)
		q.Gaps += len(n.Gaps)
		q.Conflicts += len(n.Conflicts)
	case *un.Document:
		q.date(n.AdoptedOn)
		if on := n.AdoptedOn.Latest(); on == n.AdoptedOn.Earliest() { // a day, or nothing
			q.CoveredUntil, q.DataDate = max(q.CoveredUntil, on), max(q.DataDate, on)
		}
	case *un.Mandate:
		q.date(n.Since)
		q.date(n.Until)
	case *un.Deadline:
		if n.Due == nil {
			q.date(n.Window)
		}
		q.date(n.Due)
		if n.Window == nil {
			q.UndatedDeadlines++
		}
		q.changes(n.Changes)
		q.DataDate = max(q.DataDate, n.CancelledOn)
	case *un.ReportingCycle:
		q.date(n.Since)
		q.date(n.Until)
		q.date(n.Anchor)
	case *un.Session:
		q.date(n.Dates)
		q.changes(n.Changes)
	case *un.LegalBasis:
		q.date(n.Date)
	}
}

func (q *Quality) date(d *un.PartialDate) {
	switch {
	case d == nil:
	case cmp.Or(d.Basis, un.Stated) == un.Stated:
		q.StatedDates++
	default:
		q.DerivedDates++
	}
}

func (q *Quality) changes(changes []un.Change) {
	for _, c := range changes {
		q.DataDate = max(q.DataDate, c.On)
	}
}

func (q *Quality) prove(sources []un.Source) {
	for _, s := range sources {
		if s.Secondary {
			q.SecondarySources++
		}
	}
}

// seeRelations counts the sources and dates of the relations between bodies that files state, each once.
func (q *Quality) seeRelations(ctx context.Context, r store.Reader, bodies []un.ID) error {
	items, err := Neighbors(ctx, r, bodies, Related(store.Out, statedRelations()))
	for _, list := range items {
		for _, item := range list {
			q.prove(item.Edge.Sources)
			q.date(item.Edge.Since)
			q.date(item.Edge.Until)
		}
	}
	return err
}

// statedRelations are those between bodies that are not derived from a legal basis, which has sources of its own.
func statedRelations() (out []un.Relation) {
	for _, r := range un.BodyRelations() {
		if r != un.MandatedBy && r != un.CreatedBy {
			out = append(out, r)
		}
	}
	return out
}

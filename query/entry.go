package query

import (
	"context"
	"maps"
	"slices"

	"mandategraph/store"
	"mandategraph/un"
)

// An Entry is an occurrence with what a person wants to read beside it.
type Entry struct {
	Occurrence
	Obligors   []*un.Body
	Forum      *un.Body     // before whom: the forum of a deadline, the addressee of a cycle, the body whose session it is
	Session    *un.Session  // at which a deadline is due
	Mandate    *un.Mandate  // on which it rests
	Asked      *Proof       // where that mandate is conferred; nil where nobody asked, and it is only stated
	Proofs     []Proof      // where it is stated first, then what else says something of it
	Successors []un.Node    // what took its place
	Met        *un.Document // by which it was met
	Due        []*Entry     // of a session: what is due at it, dated or not
	Changes    []Change     // what became of it, in the order of days
}

// A Proof is a source with its document, and who adopted that.
type Proof struct {
	un.Source
	Of *un.Document
	By *un.Body // nil where nobody is known to have adopted it
}

// Link is where it can be read, "" where no address is known.
func (p Proof) Link() string {
	if p.URL != "" || p.Of == nil {
		return p.URL
	}
	return p.Of.URL
}

// Entries describes occurrences. However many they are, it asks the store as often.
func (a Asked) Entries(ctx context.Context, occurrences []Occurrence) ([]*Entry, error) {
	d := describing{Reader: a.Reader, ctx: ctx, nodes: map[un.Kind][]un.ID{}, known: map[un.ID]un.Node{}, adopters: map[un.ID][]store.Item{}}
	entries := make([]*Entry, len(occurrences))
	for i, o := range occurrences {
		entries[i] = d.add(o)
	}
	due := d.hop(un.KindSession, DueHere)
	whole := entries
	for _, e := range entries {
		for _, item := range due[e.Node.Key()] {
			e.Due = append(e.Due, d.add(OccurrenceOf(item.Node)))
		}
		whole = append(whole, e.Due...)
	}
	d.describe(whole)
	return entries, d.err
}

// describing asks the store the same of all entries of a kind at once. After an error it asks no more.
type describing struct {
	store.Reader
	ctx   context.Context
	nodes map[un.Kind][]un.ID
	err   error

	known    map[un.ID]un.Node // documents
	adopters map[un.ID][]store.Item
}

func (d *describing) add(o Occurrence) *Entry {
	kind := o.Node.NodeKind()
	d.nodes[kind] = append(d.nodes[kind], o.Node.Key())
	return &Entry{Occurrence: o}
}

func (d *describing) hop(from un.Kind, h store.Hop) map[un.ID][]store.Item {
	return d.hopFrom(d.nodes[from], h)
}

func (d *describing) hopFrom(from []un.ID, h store.Hop) map[un.ID][]store.Item {
	if d.err != nil || len(from) == 0 {
		return nil
	}
	items, err := Neighbors(d.ctx, d.Reader, from, h)
	d.err = err
	return items
}

// Neighbors is every neighbour of nodes, whatever a page holds.
func Neighbors(ctx context.Context, r store.Reader, from []un.ID, h store.Hop) (map[un.ID][]store.Item, error) {
	s := store.Select{Kind: h.Kind, First: store.MaxFirst}
	pages, err := r.Neighbors(ctx, from, h, s)
	if err != nil {
		return nil, err
	}
	out := map[un.ID][]store.Item{}
	for id, page := range pages {
		out[id] = page.Items
		for page.More {
			s.After = s.CursorAt(&h, page.Items[len(page.Items)-1].Key)
			next, err := r.Neighbors(ctx, []un.ID{id}, h, s)
			if err != nil {
				return nil, err
			}
			page = next[id]
			out[id] = append(out[id], page.Items...)
		}
	}
	return out, nil
}

func (d *describing) describe(entries []*Entry) {
	obligors := map[un.Kind]map[un.ID][]store.Item{un.KindDeadline: d.hop(un.KindDeadline, Obligors), un.KindCycle: d.hop(un.KindCycle, Obligors)}
	forums := map[un.Kind]map[un.ID][]store.Item{}
	for _, kind := range []OccurrenceKind{OfDeadline, OfCycle, OfSession} {
		node := occurring[kind]
		forums[node] = d.hop(node, ForumOf(kind))
	}
	successors := map[un.Kind]map[un.ID][]store.Item{
		un.KindDeadline: d.hop(un.KindDeadline, Successors(un.KindDeadline)), un.KindCycle: d.hop(un.KindCycle, Successors(un.KindCycle)),
	}
	sessions := d.hop(un.KindDeadline, DueAt)
	mandates := map[un.Kind]map[un.ID][]store.Item{un.KindDeadline: d.hop(un.KindDeadline, Mandate), un.KindCycle: d.hop(un.KindCycle, Mandate)}
	met := d.hop(un.KindDeadline, FulfilledBy)
	before := d.sessionsBefore(entries)
	documents := map[un.ID]bool{}
	for _, e := range entries {
		kind, id := e.Node.NodeKind(), e.Node.Key()
		e.Obligors = bodies(obligors[kind][id])
		if forum := bodies(forums[kind][id]); len(forum) > 0 {
			e.Forum = forum[0]
		}
		for _, item := range successors[kind][id] {
			e.Successors = append(e.Successors, item.Node)
		}
		for _, item := range sessions[id] {
			e.Session = item.Node.(*un.Session)
		}
		for _, item := range mandates[kind][id] {
			e.Mandate = item.Node.(*un.Mandate)
			if sources := e.Mandate.Sources; len(sources) > 0 {
				documents[sources[0].Document] = true
			}
		}
		for _, item := range met[id] {
			e.Met = item.Node.(*un.Document)
		}
		for _, s := range SourcesOf(e.Node) {
			e.Proofs = append(e.Proofs, Proof{Source: s})
			documents[s.Document] = true
		}
	}
	d.documents(slices.Sorted(maps.Keys(documents)))
	more := map[un.ID]bool{}
	for _, e := range entries {
		for i := range e.Proofs {
			e.Proofs[i] = d.proof(e.Proofs[i].Source)
		}
		if e.Mandate != nil && len(e.Mandate.Sources) > 0 {
			p := d.proof(e.Mandate.Sources[0])
			e.Asked = &p
		}
		e.Changes = e.history(met[e.Node.Key()], successors[e.Node.NodeKind()][e.Node.Key()], before)
		for _, c := range e.Changes {
			for _, s := range c.Sources {
				if !documents[s.Document] {
					more[s.Document] = true
				}
			}
		}
	}
	d.documents(slices.Sorted(maps.Keys(more)))
	for _, e := range entries {
		for i := range e.Changes {
			for _, s := range e.Changes[i].Sources {
				e.Changes[i].Proofs = append(e.Changes[i].Proofs, d.proof(s))
			}
		}
	}
}

// sessionsBefore are the sessions at which deadlines were due before they moved to others.
func (d *describing) sessionsBefore(entries []*Entry) map[un.ID]un.Node {
	var ids []un.ID
	for _, e := range entries {
		if n, ok := e.Node.(*un.Deadline); ok {
			for _, step := range n.Changes {
				if step.Field == "session" && step.From != "" {
					ids = append(ids, sessionID(step.From))
				}
			}
		}
	}
	if d.err != nil || len(ids) == 0 {
		return nil
	}
	found, err := d.Nodes(d.ctx, ids)
	d.err = err
	return found
}

// documents reads documents, and who adopted them.
func (d *describing) documents(ids []un.ID) {
	if d.err != nil || len(ids) == 0 {
		return
	}
	known, err := d.Nodes(d.ctx, ids)
	d.err = err
	maps.Copy(d.known, known)
	maps.Copy(d.adopters, d.hopFrom(ids, Adopter))
}

// proof is a source whose document was read.
func (d *describing) proof(s un.Source) Proof {
	p := Proof{Source: s}
	p.Of, _ = d.known[s.Document].(*un.Document)
	if by := bodies(d.adopters[s.Document]); len(by) > 0 {
		p.By = by[0]
	}
	return p
}

func bodies(items []store.Item) []*un.Body {
	var out []*un.Body
	for _, item := range items {
		out = append(out, item.Node.(*un.Body))
	}
	return out
}

// SourcesOf are the sources of what occurs itself, without those of its changes.
func SourcesOf(n un.Node) []un.Source {
	switch n := n.(type) {
	case *un.Deadline:
		return n.Sources
	case *un.ReportingCycle:
		return n.Sources
	case *un.Session:
		return n.Sources
	}
	return nil
}

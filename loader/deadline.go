package loader

import (
	"slices"

	"mandategraph/un"
)

func (b *builder) stateDeadline(provision un.ID, h home, f *deadline) {
	d := b.stateDuty("deadline", f.at, f.Slug, provision, h, f.ownProof)
	due, dueSources := b.date("due", f.Due, d.in(f.ownProof))
	n := &un.Deadline{
		Record: un.Record{
			ID:      d.id,
			Sources: unique(slices.Concat([]un.Source{d.source}, dueSources)),
		},
		Title:  f.Title.Text,
		Kind:   f.Kind,
		Due:    due,
		Window: due,
	}
	d.rests, d.inPlaceOf = f.Of, f.inPlaceOf
	d.validity, d.succeeded = &n.Validity, &n.Succeeded
	present := map[string]string{"due": "", "session": f.Session.Text}
	if due != nil {
		present["due"] = due.EDTF
	}
	n.Changes = b.changes(f.Changes, h, present)
	b.add(f.at, n)
	if s := b.session(f.Session); s != nil {
		where, evidence := f.at, f.Evidence
		for i := range f.Changes { // what moved to another session is proved by the text that moved it
			if f.Changes[i].Field.Text == "session" {
				where, evidence = f.Changes[i].at, f.Changes[i].Evidence
			}
		}
		b.saysSession(where, s, evidence)
		b.relate(f.Session.at, d, un.DueAt, s.ID)
		if due == nil || due.EDTF != "" {
			n.Window = b.window(f, due, s)
		}
	}
	for _, body := range b.each("obligors", f.Obligors) {
		b.relate(f.at, d, un.Obliges, body.ID)
	}
	if forum := b.body(f.Forum); forum != nil {
		b.relate(f.Forum.at, d, un.HasForum, forum.ID)
	}
	if f.FulfilledBy != nil {
		b.stateFulfilment(d, n, f.FulfilledBy)
	}
	if c := f.Cancelled; c != nil {
		n.CancelledOn = b.day("cancelled on", c.On, c.at, c.proof, h)
		n.Sources = unique(append(n.Sources, b.source(c.at, c.proof, h)))
	}
}

// window is when the deadline can fall due, at the session.
func (b *builder) window(f *deadline, due *un.PartialDate, s *un.Session) *un.PartialDate {
	window, ok := un.WindowOf(due, s.Dates, s.Name)
	if !ok {
		b.report(f.Due.at, "due is %s, but the %s is in %s", due.EDTF, s.Name, s.Dates.EDTF)
	}
	return window
}

// stateFulfilment says that a document fulfils the deadline: on the day on which it was adopted, or else on that of the
// document that says so.
func (b *builder) stateFulfilment(d *duty, n *un.Deadline, f *fulfilment) {
	source := b.source(f.at, f.proof, d.home)
	n.Sources = unique(append(n.Sources, source))
	by := b.document(f.Symbol)
	if by == nil {
		return
	}
	b.join(f.at, un.Edge{Relation: un.FulfilledBy, From: d.id, To: by.ID, Sources: []un.Source{source}}, "", d)
	n.MetOn = by.AdoptedOn.Latest()
	if says := b.documents[f.Document.Text]; n.MetOn == "" && says != nil {
		n.MetOn = says.AdoptedOn.Latest()
	}
	if n.MetOn == "" {
		b.report(f.at, "neither %s nor the document that says so has a day of adoption: nothing says when it was met", by.name)
	}
}

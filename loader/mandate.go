package loader

import (
	"slices"

	"mandategraph/un"
)

func (b *builder) stateMandate(provision un.ID, h home, f *mandate) {
	d := b.stateDuty("mandate", f.at, f.Slug, provision, h, f.ownProof)
	since, sinceSources := b.date("since", f.Since, d.in(f.ownProof))
	until, untilSources := b.date("until", f.Until, d.in(f.ownProof))
	if f.Permanent && f.Until != nil {
		b.report(f.Until.at, "a permanent mandate has no until")
	}
	m := &un.Mandate{
		Record: un.Record{
			ID:      d.id,
			Sources: unique(slices.Concat([]un.Source{d.source}, sinceSources, untilSources)),
		},
		Title:     f.Title.Text,
		Summary:   f.Summary.Text,
		Verb:      f.Verb,
		Kind:      f.Kind,
		Since:     d.from(since),
		Until:     until,
		Permanent: f.Permanent,
		Position:  un.PositionIn(h.document.Document, h.paragraph),
	}
	d.since, d.until, d.inPlaceOf = m.Since, m.Until, f.inPlaceOf
	d.validity, d.succeeded = &m.Validity, &m.Succeeded
	b.add(f.at, m)
	for _, body := range b.each("holders", f.Holders) {
		if b.duties[d.id] == d {
			b.join(f.at, un.Edge{Relation: un.Holds, From: body.ID, To: d.id, Sources: []un.Source{d.source}}, "", d)
		}
	}
	for _, body := range b.each("addressees", f.Addressees) {
		b.relate(f.at, d, un.AddressedTo, body.ID)
	}
}

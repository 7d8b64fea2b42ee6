package loader

import (
	"slices"

	"mandategraph/un"
)

func (b *builder) stateCycle(provision un.ID, h home, f *cycle) {
	d := b.stateDuty("cycle", f.at, f.Slug, provision, h, f.ownProof)
	since, sinceSources := b.date("since", f.Since, d.in(f.ownProof))
	until, untilSources := b.date("until", f.Until, d.in(f.ownProof))
	anchor, anchorSources := b.date("anchor", f.Anchor, d.in(f.ownProof))
	n := &un.ReportingCycle{
		Record: un.Record{
			ID:      d.id,
			Sources: unique(slices.Concat([]un.Source{d.source}, sinceSources, untilSources, anchorSources)),
		},
		Title:     f.Title.Text,
		Kind:      f.Kind,
		Frequency: f.Frequency,
		Since:     d.from(since),
		Until:     until,
		Anchor:    anchor,
		RRule:     f.RRule.Text,
	}
	d.since, d.until = n.Since, n.Until
	d.rests, d.inPlaceOf = f.Of, f.inPlaceOf
	d.validity = &n.Validity
	b.checkRecurrence(f, n)
	b.add(f.at, n)
	for _, body := range b.each("obligors", f.Obligors) {
		b.relate(f.at, d, un.Obliges, body.ID)
	}
	for i, body := range b.each("route", f.Route) {
		b.join(f.at, un.Edge{
			Relation: un.RoutedThrough, From: d.id, To: body.ID, Place: i + 1, Sources: []un.Source{d.source},
		}, "", d)
	}
	if addressee := b.body(f.Addressee); addressee != nil {
		b.relate(f.Addressee.at, d, un.AddressedTo, addressee.ID)
	}
}

// checkRecurrence refuses what nothing can be counted from.
func (b *builder) checkRecurrence(f *cycle, n *un.ReportingCycle) {
	if a := n.Anchor; a != nil && a.EDTF != "" {
		switch {
		case a.Basis != un.Stated:
			b.report(f.Anchor.at, "an anchor is an instance that a source states, never derived")
		case a.Earliest() == "" || a.Latest() == "":
			b.report(f.Anchor.at, "an anchor is one instance, and %s has no two ends", a.EDTF)
		}
	}
	if n.RRule == "" {
		return
	}
	if _, err := un.ParseRule(n.RRule); err != nil {
		b.report(f.RRule.at, "%v", err)
	} else if n.Frequency != un.Annual && n.Frequency != "" {
		b.report(f.RRule.at, "the rule fixes a day in each year, but the frequency is %s", enumText(n.Frequency))
	}
}

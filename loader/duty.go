package loader

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"mandategraph/un"
)

// A duty is a mandate, a deadline or a cycle on its way into the graph.
type duty struct {
	at
	home
	id     un.ID
	name   string // "A/RES/80/173#99/igf-permanent"
	since  *un.PartialDate
	until  *un.PartialDate
	source un.Source
	rests  word // the mandate that it rests on
	inPlaceOf
	successors []*duty
	validity   *un.Validity // of the node
	succeeded  *un.Validity // of the node; nil for a cycle
}

// stateDuty makes a duty known, and joins it to the paragraph that it stands in. kind is the first word of its id.
func (b *builder) stateDuty(kind string, where at, slug word, provision un.ID, h home, p ownProof) *duty {
	d := &duty{at: where, home: h}
	d.name = h.spot() + "/" + b.key("slug", where, slug)
	d.id = un.ID(kind + ":" + d.name)
	d.source = b.source(where, proof{ownProof: p}, h)
	if b.duties[d.id] == nil {
		b.duties[d.id] = d
		b.order = append(b.order, d)
	}
	b.relate(where, d, un.ConferredBy, provision)
	b.relate(where, d, un.StatedIn, h.document.ID)
	return d
}

// relate joins a duty to something, for as long as the duty is in force.
func (b *builder) relate(where at, d *duty, relation un.Relation, to un.ID) {
	if b.duties[d.id] == d {
		b.join(where, un.Edge{Relation: relation, From: d.id, To: to, Sources: []un.Source{d.source}}, "", d)
	}
}

// in is a fact that this duty states.
func (d *duty) in(p ownProof) fact { return fact{d.home, []word{p.Evidence}} }

// from is when a duty begins that may state no start.
func (d *duty) from(since *un.PartialDate) *un.PartialDate {
	if since != nil || d.document.AdoptedOn == nil {
		return since
	}
	return d.document.adoption(d.statesNoStart())
}

// duty finds a duty of a kind by a slug of the same paragraph, or by "A/RES/80/173#99/slug".
func (b *builder) duty(kind string, ref word, h home) *duty {
	if ref.Text == "" {
		return nil
	}
	prefix := kind + ":"
	if !strings.Contains(ref.Text, "#") {
		prefix += h.spot() + "/"
	}
	if d := b.duties[un.ID(prefix+ref.Text)]; d != nil {
		return d
	}
	var known []string
	for id := range maps.Keys(b.duties) {
		if other, found := strings.CutPrefix(string(id), prefix); found {
			known = append(known, other)
		}
	}
	hint := didYouMean(ref.Text, known)
	if hint == "" && !strings.Contains(ref.Text, "#") {
		hint = "; write a slug of this paragraph, or one like A/RES/80/173#99/slug"
	}
	b.report(ref.at, "unknown %s %s%s", kind, ref, hint)
	return nil
}

// succession joins each duty to what it rests on and to what it supersedes.
func (b *builder) succession() {
	for _, d := range b.order {
		kind, _, _ := strings.Cut(string(d.id), ":")
		if m := b.duty("mandate", d.rests, d.home); m != nil {
			b.relate(d.rests.at, d, un.BasedOn, m.id)
		}
		if why := d.DerivedSuccession; why.Text != "" && len(d.Supersedes) == 0 {
			b.report(why.at, "derivedSuccession says why something is superseded, and nothing is")
		}
		for _, ref := range d.Supersedes {
			older := b.duty(kind, ref, d.home)
			if older == nil {
				continue
			}
			if slices.Contains(older.successors, d) {
				b.report(ref.at, "supersedes: %s stands twice", ref)
				continue
			}
			older.successors = append(older.successors, d)
			e := un.Edge{Relation: un.Supersedes, From: d.id, To: older.id, Sources: []un.Source{d.source}}
			if on := d.document.AdoptedOn; d.DerivedSuccession.Text != "" && on != nil {
				e.Since = &un.PartialDate{EDTF: on.EDTF, Basis: un.Derived, Explanation: d.DerivedSuccession.Text}
			}
			b.join(ref.at, e, "", nil)
		}
	}
}

// validity computes when each duty is in force, and when those that come after it are.
func (b *builder) validity() {
	for _, d := range b.order {
		*d.validity = un.Validity{
			From:  cmp.Or(d.since.Earliest(), d.document.AdoptedOn.Earliest(), un.FirstDay),
			Until: dayAfter(d.until),
		}
		if d.validity.Until < d.validity.From {
			b.report(d.at, "%s ends before it begins: it holds from %s to %s", d.name, d.validity.From, d.until.Latest())
			d.validity.Until = d.validity.From
		}
	}
	for _, d := range b.order {
		for _, s := range d.successors {
			switch {
			case s.validity.From < d.validity.From:
				b.report(s.at, "%s begins on %s and so cannot supersede %s, which begins on %s (%s:%d)",
					s.name, s.validity.From, d.name, d.validity.From, d.File, d.Line)
			case s.validity.From < d.validity.Until:
				d.validity.Until = s.validity.From
			}
		}
	}
	for _, d := range b.order {
		if d.succeeded != nil {
			*d.succeeded = d.succession(map[*duty]bool{d: true})
		}
	}
}

// succession is from when to when any of those that come after a duty are in force, directly or by others.
func (d *duty) succession(seen map[*duty]bool) un.Validity {
	var all un.Validity
	for _, s := range d.successors {
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, v := range []un.Validity{*s.validity, s.succession(seen)} {
			switch {
			case v == un.Validity{}:
			case all == un.Validity{}:
				all = v
			default:
				all = un.Validity{From: min(all.From, v.From), Until: max(all.Until, v.Until)}
			}
		}
	}
	return all
}

// dayAfter is the first day on which what lasts until a date is no more in force.
func dayAfter(until *un.PartialDate) un.Date {
	if last := until.Latest(); last != "" {
		return last.AddDays(1)
	}
	return un.LastDay
}

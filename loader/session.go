package loader

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"mandategraph/un"
)

// stateSessions adds the sessions of a body.
func (b *builder) stateSessions(f *sessionsFile) {
	body := b.body(f.Body)
	if body == nil {
		body = &un.Body{Record: un.Record{ID: un.ID("body:" + b.key("body", f.at, word{}))}} // reported
	}
	for i := range f.Sessions {
		b.stateSession(body, &f.Sessions[i])
	}
}

func (b *builder) stateSession(body *un.Body, f *session) {
	source := b.source(f.at, f.proof, home{})
	own := fact{home{b.documents[f.Document.Text], f.Paragraph.Text}, []word{f.Evidence}}
	dates, sources := b.date("dates", f.Dates, own)
	if dates == nil && body.ID == un.GeneralAssembly && f.Ordinal > 0 {
		dates = un.AssemblyDates(f.Ordinal)
	}
	s := &un.Session{
		Record: un.Record{
			ID:       un.SessionID(body.ID, f.Ordinal),
			Sources:  unique(append([]un.Source{source}, sources...)),
			Validity: un.Always,
		},
		Name:    un.SessionName(body, f.Ordinal),
		Ordinal: f.Ordinal,
		Dates:   dates,
		Place:   f.Place.Text,
		URL:     b.url("url", f.URL),
	}
	if f.Ordinal > 0 && f.Dates != nil && dates.EDTF != "" {
		if err := un.CheckSession(body.ID, f.Ordinal, dates); err != nil {
			b.report(f.Dates.at, "%v", err)
		}
	}
	b.saysSession(f.at, s, f.Evidence)
	present := map[string]string{"dates": "", "place": s.Place, "url": s.URL}
	if f.Dates != nil {
		present["dates"] = s.Dates.EDTF
	}
	s.Changes = b.changes(f.Changes, home{}, present)
	if f.Ordinal == 0 {
		return // reported
	}
	b.add(f.at, s)
	key := body.ID.Name() + "-" + strconv.Itoa(f.Ordinal)
	if b.sessions[key] == nil {
		b.sessions[key] = s
		b.join(f.at, un.Edge{Relation: un.SessionOf, From: s.ID, To: body.ID, Sources: []un.Source{source}}, "", nil)
	}
}

// saysSession checks that evidence says which session it is.
func (b *builder) saysSession(where at, s *un.Session, evidence word) {
	if evidence.Text != "" && s.Ordinal > 0 && !saysOrdinal(evidence.Text, s.Ordinal) {
		b.report(where, "the evidence does not say that it is the %s session: %q", un.Ordinal(s.Ordinal), evidence)
	}
}

// changes reads the steps in which fields came to their present values.
func (b *builder) changes(steps []change, h home, present map[string]string) []un.Change {
	var out []un.Change
	last := map[string]*change{}
	for i := range steps {
		c := &steps[i]
		on := b.day("on", c.On, c.at, c.proof, h)
		source := b.source(c.at, c.proof, h)
		out = append(out, un.Change{On: on, Field: c.Field.Text, From: c.From.Text, To: c.To.Text, Sources: []un.Source{source}})
		if _, known := present[c.Field.Text]; !known {
			if c.Field.Text != "" {
				b.report(c.Field.at, "the field %q has no changes; those that can have are %s", c.Field, strings.Join(slices.Sorted(maps.Keys(present)), ", "))
			}
			continue
		}
		if c.Field.Text == "due" || c.Field.Text == "dates" {
			for _, value := range []word{c.From, c.To} {
				if _, err := un.ParseEDTF(value.Text); value.Text != "" && err != nil {
					b.report(value.at, "%v", err)
				}
			}
		}
		if before := last[c.Field.Text]; before != nil {
			if before.To.Text != c.From.Text {
				b.report(c.at, "%s changed from %q, but the change before, on line %d, led to %q", c.Field, c.From, before.Line, before.To)
			}
			if on != "" && c.On.Text < before.On.Text {
				b.report(c.at, "the changes of %s are not in the order of their days", c.Field)
			}
		}
		last[c.Field.Text] = c
	}
	for _, field := range slices.Sorted(maps.Keys(last)) {
		if c := last[field]; c.To.Text != present[field] {
			b.report(c.at, "the last change of %s led to %q, but it is %q", field, c.To, present[field])
		}
	}
	return out
}

// day reads a day on which something happened: that on which the document that says it was adopted, or one that its
// evidence says.
func (b *builder) day(what string, w word, where at, p proof, h home) un.Date {
	if w.Text == "" {
		return ""
	}
	day, err := un.ParseDate(w.Text)
	if err != nil {
		b.report(w.at, "%s: %v", what, err)
		return ""
	}
	d := h.document
	if p.Document.Text != "" {
		d = b.documents[p.Document.Text]
	}
	if d == nil || d.AdoptedOn == nil || d.AdoptedOn.EDTF != w.Text {
		b.states(what, where, &un.PartialDate{EDTF: w.Text, Basis: un.Stated}, []word{p.Evidence})
	}
	return day
}

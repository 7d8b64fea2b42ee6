package loader

import (
	"maps"
	"slices"
	"strings"

	"mandategraph/un"
)

// changes reads the steps in which the fields of something came to their present values.
func (b *builder) changes(steps []change, h home, present map[string]string) []un.Change {
	var out []un.Change
	last := map[string]*change{}
	for i := range steps {
		c := &steps[i]
		out = append(out, un.Change{
			On:    b.day("on", c.On, c.at, c.proof, h),
			Field: c.Field.Text,
			From:  c.From.Text, To: c.To.Text,
			Sources: []un.Source{b.source(c.at, c.proof, h)},
		})
		if _, known := present[c.Field.Text]; known {
			b.checkStep(c, last[c.Field.Text])
			last[c.Field.Text] = c
		} else if c.Field.Text != "" {
			fields := strings.Join(slices.Sorted(maps.Keys(present)), ", ")
			b.report(c.Field.at, "the field %q has no changes; those that can have are %s", c.Field, fields)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(last)) {
		if c := last[field]; c.To.Text != present[field] {
			b.report(c.at, "the last change of %s led to %q, but it is %q", field, c.To, present[field])
		}
	}
	return out
}

// checkStep checks a change of a field by itself, and against the change before it, if any.
func (b *builder) checkStep(c, before *change) {
	if c.Field.Text == "due" || c.Field.Text == "dates" {
		for _, value := range []word{c.From, c.To} {
			if _, err := un.ParseEDTF(value.Text); value.Text != "" && err != nil {
				b.report(value.at, "%v", err)
			}
		}
	}
	if before == nil {
		return
	}
	if before.To.Text != c.From.Text {
		b.report(c.at, "%s changed from %q, but the change before, on line %d, led to %q", c.Field, c.From, before.Line, before.To)
	}
	if c.On.Text < before.On.Text {
		b.report(c.at, "the changes of %s are not in the order of their days", c.Field)
	}
}

// day reads the day of an event: one that its evidence says, or that on which the document that tells of it was adopted.
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

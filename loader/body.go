package loader

import (
	"cmp"
	"slices"
	"strings"

	"mandategraph/un"
)

// declareBody makes a body known by its key.
func (b *builder) declareBody(f *bodyFile) *un.Body {
	key := b.key("body", f.at, f.Body)
	body := &un.Body{
		Record:      un.Record{ID: un.ID("body:" + key), Validity: un.Always},
		Names:       map[un.Language]string{un.English: f.Name.Text},
		Acronym:     f.Acronym.Text,
		Aliases:     texts(f.Aliases),
		Kind:        f.Kind,
		Description: f.Description.Text,
		Standing:    cmp.Or(f.Standing, un.Fact),
		URL:         b.url("url", f.URL),
		SameAs:      texts(f.SameAs),
	}
	for _, address := range f.SameAs {
		b.url("sameAs", address)
	}
	for _, g := range f.Gaps {
		body.Gaps = append(body.Gaps, un.Gap{Field: g.Field.Text, Text: g.Text.Text})
	}
	b.add(cmp.Or(f.Body.at, f.at), body)
	if b.bodies[key] == nil {
		b.bodies[key] = body
	}
	return body
}

// stateBody adds what the file says of a body that is known.
func (b *builder) stateBody(body *un.Body, f *bodyFile) {
	var own fact
	for _, p := range f.Sources {
		body.Sources = append(body.Sources, b.source(p.at, p.proof, home{}))
		own.evidence = append(own.evidence, p.Evidence)
	}
	for _, n := range f.Names {
		switch {
		case n.Language == un.English:
			b.report(n.at, "the English name is the body's name; write other names that texts use in aliases")
		case body.Names[n.Language] != "" && n.Language != "":
			b.report(n.at, "there are two names in the language %s", strings.ToLower(string(n.Language)))
		case n.Language != "":
			body.Names[n.Language] = n.Name.Text
		}
		body.Sources = append(body.Sources, b.source(n.at, n.proof, home{}))
	}
	for _, d := range []struct {
		what string
		from *date
		to   **un.PartialDate
	}{{"established", f.Established, &body.Established}, {"dissolved", f.Dissolved, &body.Dissolved}} {
		value, sources := b.date(d.what, d.from, own)
		*d.to = value
		body.Sources = append(body.Sources, sources...)
	}
	if body.Standing != un.Fact && f.Established != nil {
		b.report(f.Established.at, "a body whose standing is %s is not there yet: it cannot have been established",
			enumText(body.Standing))
	}
	body.Sources = unique(body.Sources)
	for _, c := range f.Conflicts {
		said := un.Conflict{Field: c.Field.Text}
		for _, v := range c.Values {
			said.Values = append(said.Values, un.ConflictingValue{Value: v.Value.Text, Sources: []un.Source{b.source(v.at, v.proof, home{})}})
		}
		if len(c.Values) == 1 {
			b.report(c.at, "a conflict has at least two values")
		}
		body.Conflicts = append(body.Conflicts, said)
	}
	for i := range f.LegalBasis {
		b.stateBasis(body, &f.LegalBasis[i])
	}
	for i := range f.Relations {
		b.stateRelation(body, &f.Relations[i])
	}
}

// stateBasis adds a step of a body's legal basis: a node, and the relation to the creator that it amounts to.
func (b *builder) stateBasis(body *un.Body, f *legalBasis) {
	source := b.source(f.at, f.proof, home{})
	creator := b.body(f.By)
	own := fact{home{b.documents[f.Document.Text], f.Paragraph.Text}, []word{f.Evidence}}
	instrument := own.document
	if !isInstrument(instrument, creator) {
		instrument = nil
	}
	basis := &un.LegalBasis{
		Record: un.Record{Sources: []un.Source{source}, Validity: un.Always},
		Role:   f.Role,
		Note:   f.Note.Text,
	}
	for _, d := range []struct {
		what string
		from *date
		to   **un.PartialDate
	}{{"date", f.Date, &basis.Date}, {"since", f.Since, &basis.Since}, {"until", f.Until, &basis.Until}} {
		value, sources := b.date(d.what, d.from, own)
		*d.to = value
		basis.Sources = append(basis.Sources, sources...)
	}
	basis.Sources = unique(basis.Sources)
	if basis.Date == nil && instrument != nil && instrument.AdoptedOn != nil {
		basis.Date = instrument.adoption("it is the day " + instrument.name + " was adopted")
	}

	// Sources that are no instruments of their own may prove more than one step; then the date tells them apart.
	role := strings.ToLower(strings.ReplaceAll(string(f.Role), "_", "-"))
	id := "basis:" + body.ID.Name() + "/" + role
	if creator != nil {
		id += "/" + creator.ID.Name()
	}
	id += "/" + own.spot()
	if instrument == nil && basis.Date != nil {
		id += "/" + basis.Date.EDTF
	}
	basis.ID = un.ID(id)
	b.add(f.at, basis)
	b.join(f.at, un.Edge{Relation: un.BasisOf, From: basis.ID, To: body.ID}, "", nil)
	if instrument != nil {
		b.join(f.at, un.Edge{Relation: un.BasisIn, From: basis.ID, To: instrument.ID}, "", nil)
		if source.Provision != "" {
			b.join(f.at, un.Edge{Relation: un.BasisProvision, From: basis.ID, To: source.Provision}, "", nil)
		}
	}
	if creator == nil {
		return
	}
	b.join(f.at, un.Edge{Relation: un.BasisBy, From: basis.ID, To: creator.ID}, "", nil)
	if creator == body || f.Role == un.NotedBy || f.Role == "" {
		return
	}
	e := un.Edge{
		Relation: un.MandatedBy,
		From:     body.ID, To: creator.ID,
		Role:     strings.ReplaceAll(role, "-", " "),
		Standing: un.Fact,
		Since:    cmp.Or(basis.Since, basis.Date),
		Until:    basis.Until,
		Validity: un.Validity{From: cmp.Or(basis.Since.Earliest(), basis.Date.Earliest(), un.FirstDay), Until: dayAfter(basis.Until)},
		Sources:  basis.Sources,
	}
	if f.Role == un.EstablishedBy {
		e.Relation = un.CreatedBy
	}
	b.join(f.at, e, strings.TrimPrefix(id, "basis:"+body.ID.Name()+"/"), nil)
}

// isInstrument reports whether a document is the act of a body's creator, and not just a text that tells of it.
func isInstrument(d *document, creator *un.Body) bool {
	return d != nil && d.Type != "PAGE" && (creator == nil || d.adoptedBy == nil || d.adoptedBy == creator)
}

// stateRelation adds what a body has to do with another.
func (b *builder) stateRelation(body *un.Body, f *relation) {
	source := b.source(f.at, f.proof, home{})
	own := fact{home{b.documents[f.Document.Text], f.Paragraph.Text}, []word{f.Evidence}}
	since, sinceSources := b.date("since", f.Since, own)
	until, untilSources := b.date("until", f.Until, own)
	to := b.body(f.To)
	switch {
	case f.Kind == un.CreatedBy, f.Kind == un.MandatedBy:
		b.report(f.at, "%s is derived from legalBasis: write it there", enumText(f.Kind))
		return
	case f.Kind != "" && !slices.Contains(un.BodyRelations(), f.Kind):
		b.report(f.at, "%s joins no two bodies; allowed are %s", enumText(f.Kind), allowedRelations())
		return
	case to == nil, f.Kind == "":
		return
	}
	validity := un.Validity{From: since.Earliest(), Until: dayAfter(until)}
	if validity.From == "" && own.document != nil {
		validity.From = own.document.AdoptedOn.Earliest()
	}
	if validity.From == "" || since == nil && validity.From > validity.Until {
		validity.From = un.FirstDay
	}
	b.join(f.at, un.Edge{
		Relation: f.Kind,
		From:     body.ID, To: to.ID,
		Role:     f.Role.Text,
		Standing: cmp.Or(f.Standing, un.Fact),
		Since:    since, Until: until,
		Validity: validity,
		Sources:  unique(slices.Concat([]un.Source{source}, sinceSources, untilSources)),
	}, own.spot(), nil)
}

func allowedRelations() string {
	var names []string
	for _, r := range un.BodyRelations() {
		if r != un.CreatedBy && r != un.MandatedBy {
			names = append(names, enumText(r))
		}
	}
	return strings.Join(names, ", ")
}

// enumText writes a value of an enum as files have it.
func enumText[T ~string](value T) string {
	return strings.ToLower(strings.ReplaceAll(string(value), "_", "-"))
}

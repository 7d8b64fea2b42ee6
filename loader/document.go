package loader

import (
	"cmp"
	"fmt"
	"strings"

	"mandategraph/un"
)

// A document on its way into the graph.
type document struct {
	*un.Document
	name      string // symbol or key
	page      bool   // without a symbol, and so without paragraphs that can be cited
	secondary bool   // its text is not at hand
	adoptedBy *un.Body
	file      *documentFile
}

// adoption is the day on which the document was adopted, as the reason of another date.
func (d *document) adoption(explanation string) *un.PartialDate {
	if d.AdoptedOn == nil {
		return nil
	}
	return &un.PartialDate{EDTF: d.AdoptedOn.EDTF, Basis: un.Derived, Explanation: explanation}
}

// declareDocument makes a document known by its symbol or key.
func (b *builder) declareDocument(f *documentFile) *document {
	where := cmp.Or(f.Symbol.at, f.Key.at, f.at)
	var name string
	switch symbol, ok := un.ParseSymbol(f.Symbol.Text); {
	case (f.Symbol.Text == "") == (f.Key.Text == ""):
		b.report(where, "a document has a symbol, or a key where it is a page without one")
		name = cmp.Or(f.Symbol.Text, b.key("key", f.at, word{}))
	case f.Key.Text != "":
		name = b.key("key", f.at, f.Key)
	case !ok:
		b.report(where, "%q is no symbol of a document", f.Symbol)
		name = f.Symbol.Text
	case symbol != f.Symbol.Text:
		b.report(where, "symbol %q is written %q", f.Symbol, symbol)
		name = f.Symbol.Text
	default:
		name = symbol
	}
	d := &document{
		Document: &un.Document{
			Record: un.Record{ID: un.ID("document:" + name), Validity: un.Always},
			Symbol: f.Symbol.Text,
			Title:  f.Title.Text,
			Type:   f.Type,
			URL:    b.url("url", f.URL),
		},
		name:      name,
		page:      f.Symbol.Text == "",
		secondary: f.Secondary,
		adoptedBy: b.body(f.AdoptedBy),
		file:      f,
	}
	if f.AdoptedOn != nil {
		d.AdoptedOn = f.AdoptedOn.value
	}
	// A document, and what stands in it, is there from its adoption on.
	if on := d.AdoptedOn.Earliest(); on != "" {
		d.Validity.From = on
	}
	b.add(where, d.Document)
	if b.documents[name] == nil {
		b.documents[name] = d
	}
	return d
}

// stateDocument adds what the file says of a document as a whole.
func (b *builder) stateDocument(d *document, f *documentFile) {
	if on := f.AdoptedOn; on != nil {
		if on.plain && !d.secondary {
			b.report(on.at, "adoptedOn has no evidence; write {date: %q, paragraph: chapeau, evidence: …}", on.Date)
		}
		_, d.Sources = b.date("adoptedOn", on, fact{home: home{document: d}})
	}
	if d.adoptedBy != nil {
		b.join(f.AdoptedBy.at, un.Edge{Relation: un.AdoptedBy, From: d.ID, To: d.adoptedBy.ID, Sources: d.Sources, Validity: d.Validity}, "", nil)
	}
	if s := b.session(f.Session); s != nil {
		b.join(f.Session.at, un.Edge{Relation: un.AdoptedAt, From: d.ID, To: s.ID, Sources: d.Sources, Validity: d.Validity}, "", nil)
		if d.AdoptedOn.Latest() != "" && s.Dates.Latest() != "" {
			if _, ok := un.Narrow(d.AdoptedOn, s.Dates); !ok {
				b.report(f.Session.at, "%s was adopted on %s, not at the %s, of %s", d.name, d.AdoptedOn.EDTF, s.Name, s.Dates.EDTF)
			}
		}
	}
}

// provision is the paragraph of a document, which there is as soon as something is said in it.
func (b *builder) provision(where at, h home) un.ID {
	id := un.ID("provision:" + h.spot())
	if b.provisions[id] == nil {
		b.provisions[id] = &un.Provision{
			Record:   un.Record{ID: id, Validity: h.document.Validity},
			Number:   h.paragraph,
			Position: un.PositionIn(h.document.Document, h.paragraph),
		}
		b.places[id] = where
		b.join(where, un.Edge{Relation: un.ProvisionOf, From: id, To: h.document.ID, Validity: h.document.Validity}, "", nil)
	}
	return id
}

// stateParagraphs adds what a document says, paragraph by paragraph.
func (b *builder) stateParagraphs(d *document) {
	if d.page && len(d.file.Paragraphs) > 0 {
		b.report(d.file.Paragraphs[0].at, "%s is a page without a symbol: it has no paragraphs that facts can stand in", d.name)
		return
	}
	duties := false
	for i := range d.file.Paragraphs {
		p := &d.file.Paragraphs[i]
		h := home{d, p.number}
		provision := b.provision(p.at, h)
		b.stateMentions(provision, h, p.Mentions)
		for j := range p.Citations {
			b.stateCitation(provision, h, &p.Citations[j])
		}
		for j := range p.Mandates {
			b.stateMandate(provision, h, &p.Mandates[j])
		}
		for j := range p.Deadlines {
			b.stateDeadline(provision, h, &p.Deadlines[j])
		}
		for j := range p.Cycles {
			b.stateCycle(provision, h, &p.Cycles[j])
		}
		duties = duties || len(p.Mandates)+len(p.Deadlines)+len(p.Cycles) > 0
	}
	if duties && d.AdoptedOn == nil {
		b.report(b.places[d.ID], "%s confers duties: it needs adoptedOn", d.name)
	}
}

func (b *builder) stateMentions(provision un.ID, h home, mentions []mention) {
	keys := make([]word, len(mentions))
	for i, m := range mentions {
		keys[i] = m.Body
	}
	bodies := b.each("mentions", keys)
	for _, m := range mentions {
		body := b.bodies[m.Body.Text]
		if len(bodies) == 0 || body != bodies[0] {
			continue // unknown, or there already
		}
		bodies = bodies[1:]
		var s un.Source
		if m.ownProof == (ownProof{}) {
			s = b.reference(m.at, h)
			b.claim(claim{at: m.at, body: body}, h)
		} else {
			s = b.source(m.at, proof{ownProof: m.ownProof}, h)
		}
		b.join(m.at, un.Edge{Relation: un.Mentions, From: provision, To: body.ID, Sources: []un.Source{s}, Validity: h.document.Validity}, "", nil)
	}
}

// stateCitation adds one place where the document cites another.
func (b *builder) stateCitation(provision un.ID, h home, c *citation) {
	cited := b.document(c.Symbol)
	footnote := strings.TrimPrefix(c.Footnote.Text, "fn ")
	if number := "fn " + footnote; footnote != "" {
		if n, ok := un.ParseParagraph(number); !ok || n != number || footnote != c.Footnote.Text {
			b.report(c.Footnote.at, "%q is no number of a footnote; write it like 3", c.Footnote)
		}
	}
	stands, spot := h, h.spot()
	if footnote != "" {
		stands.paragraph = "fn " + footnote
		spot += "/" + stands.paragraph
	}
	if len(c.AsWritten) == 0 && !c.Secondary && !h.document.secondary {
		b.report(c.at, "asWritten is missing: how the text writes %s", c.Symbol)
	}
	for _, written := range c.AsWritten {
		if written.Text != "" {
			b.claim(claim{at: written.at, words: written.Text}, stands)
		}
	}
	if cited == nil {
		return
	}
	s := un.Source{
		Document: h.document.ID, Provision: provision, Paragraph: h.paragraph,
		URL: h.document.URL, Secondary: c.Secondary || h.document.secondary,
	}
	asWritten := texts(c.AsWritten)
	if len(asWritten) > 0 {
		s.Evidence = asWritten[0]
	}
	b.join(c.at, un.Edge{
		Relation: un.Cites, From: h.document.ID, To: cited.ID, Sources: []un.Source{s}, Validity: h.document.Validity,
		Citation: &un.Citation{Provision: provision, Footnote: footnote, Verb: c.Verb.Text, AsWritten: asWritten},
	}, spot, nil)
}

// statesNoStart says why a duty holds from the day that its document was adopted.
func (h home) statesNoStart() string {
	return fmt.Sprintf("the day %s was adopted; paragraph %s states no start", h.document.name, h.paragraph)
}

package loader

import (
	"fmt"
	"slices"

	"mandategraph/un"
)

// A claim is what Verify looks for in a paragraph of a document: words, or any of the names of a body.
type claim struct {
	at
	document  string // symbol or key
	paragraph string // "" for the whole of a page
	page      bool
	words     string   // evidence, or a symbol as written
	body      *un.Body // instead of words
}

// A home is the paragraph that proves a fact where it names none itself.
type home struct {
	document  *document
	paragraph string
}

// source reads the proof of a fact.
func (b *builder) source(where at, p proof, h home) un.Source {
	h = b.place(where, p, h)
	secondary := p.Secondary
	if h.document != nil {
		secondary = secondary || h.document.secondary
	}
	switch words := Words(p.Evidence.Text); {
	case p.Evidence.Text == "" && !secondary:
		b.report(where, "the evidence is missing; only secondary: true, where the document's text is not at hand, can do without")
	case p.Evidence.Text != "" && (words < 3 || words > 15):
		b.report(p.Evidence.at, "the evidence has %s; 3 to 15 are allowed: %q", count(words, "word"), p.Evidence)
	}
	if h.document == nil {
		return un.Source{Document: "document:?"} // reported
	}
	if p.Evidence.Text != "" {
		b.claim(claim{at: p.Evidence.at, words: p.Evidence.Text}, h)
	}
	s := b.reference(where, h)
	s.Evidence = p.Evidence.Text
	s.Secondary = secondary
	return s
}

// reference is a source without words.
func (b *builder) reference(where at, h home) un.Source {
	s := un.Source{Document: h.document.ID, Paragraph: h.paragraph, URL: h.document.URL, Secondary: h.document.secondary}
	if h.paragraph != "" && !h.document.page {
		s.Provision = b.provision(where, h)
	}
	return s
}

// place finds the paragraph that a proof names.
func (b *builder) place(where at, p proof, h home) home {
	if p.Document.Text != "" {
		h = home{document: b.document(p.Document)}
	} else if h.document == nil {
		b.report(where, "names no document that says it; write document, paragraph and evidence")
	}
	if p.Paragraph.Text != "" {
		h.paragraph = p.Paragraph.Text
		b.checkNumber(p.Paragraph.at, h.paragraph)
	}
	if d := h.document; d != nil && h.paragraph == "" && !d.page && !d.secondary && !p.Secondary {
		b.report(where, "names no paragraph of %s", d.name)
	}
	return h
}

// checkNumber refuses a paragraph's number that is not written as we print it.
func (l *log) checkNumber(where at, number string) {
	switch printed, ok := un.ParseParagraph(number); {
	case !ok:
		l.report(where, "%q is no number of a paragraph; "+
			"write it like 99, 48 (a), pp12, annex I/10, fn 3, title, chapeau or closing", number)
	case printed != number:
		l.report(where, "paragraph %q is written %q", number, printed)
	}
}

func (b *builder) claim(c claim, h home) {
	c.document, c.paragraph, c.page = h.document.name, h.paragraph, h.document.page
	b.claims = append(b.claims, c)
}

// spot names a place in the documents, to tell facts apart: "A/RES/80/173#99".
func (h home) spot() string {
	switch {
	case h.document == nil:
		return "?"
	case h.paragraph == "":
		return h.document.name
	}
	return h.document.name + "#" + h.paragraph
}

// A fact is what dates may rest on: where it stands and the words that prove it.
type fact struct {
	home
	evidence []word
}

// date reads a date of a fact, and its sources where it is proved elsewhere. It is nil where there is none.
func (b *builder) date(what string, d *date, f fact) (*un.PartialDate, []un.Source) {
	if d == nil {
		return nil, nil
	}
	if d.plain {
		b.states(what, d.at, d.value, f.evidence)
		return d.value, nil
	}
	if d.value.Basis == un.Derived && d.proof == (proof{}) {
		return d.value, nil
	}
	s := b.source(d.at, d.proof, f.home)
	b.states(what, d.at, d.value, []word{d.Evidence})
	return d.value, []un.Source{s}
}

// states checks that words say a stated date, and that a derived one rests on words that say a time, where there are words.
func (b *builder) states(what string, where at, d *un.PartialDate, evidence []word) {
	evidence = slices.DeleteFunc(slices.Clone(evidence), func(w word) bool { return w.Text == "" })
	if d.EDTF == "" || len(evidence) == 0 {
		return
	}
	if d.Basis == un.Derived {
		if !slices.ContainsFunc(evidence, func(w word) bool { return saysTime(w.Text) }) {
			b.report(where, "%s is derived from words that say no time: %q", what, evidence[0])
		}
		return
	}
	if !slices.ContainsFunc(evidence, func(w word) bool { return missingFrom(w.Text, d.EDTF) == "" }) {
		missing := missingFrom(evidence[0].Text, d.EDTF)
		b.report(where, "%s is %s, but its evidence does not say %s: %q", what, d.EDTF, missing, evidence[0])
	}
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

// unique drops sources that say the same again.
func unique(sources []un.Source) []un.Source {
	var out []un.Source
	for _, s := range sources {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

package loader

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"mandategraph/un"
)

// coverageFile lists, for documents whose facts are said to be complete, every paragraph and footnote.
const coverageFile = "coverage.yaml"

// A covered is a paragraph or footnote of the list.
type covered struct {
	at
	document *un.Document
	name     string // symbol or key of the document
	number   string
	none     string // why nothing rests on it, "" where facts do
}

// why is the form of an entry that says why there are no facts.
type why struct {
	at
	None word `yaml:"none,required"`
}

// coverage reads the list, if there is one.
func (b *builder) coverage(files fs.FS) []covered {
	source, err := readFile(files, coverageFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		b.report(at{coverageFile, 1}, "cannot be read: %v", err)
		return nil
	}
	r := &reader{b.log, coverageFile}
	var all []covered
	listed := map[string]at{}
	for _, root := range r.parse(source) {
		for key, paragraphs := range r.pairs("the list", root) {
			name := word{at: r.at(key), Text: r.text("a document", key)}
			if first, twice := listed[name.Text]; twice {
				b.report(name.at, "%s stands twice; it is on line %d too", name, first.Line)
			}
			listed[name.Text] = name.at
			d := b.document(name)
			for number, says := range r.pairs(name.Text, paragraphs) {
				c := covered{at: r.at(number), name: name.Text, number: r.text("the number of a paragraph", number)}
				if c.number == "" || !r.becomes(&c, says) || d == nil {
					continue
				}
				b.checkNumber(c.at, c.number)
				c.document = d.Document
				all = append(all, c)
			}
		}
	}
	return all
}

// becomes reads what the list says of a paragraph: facts, or {none: why}.
func (r *reader) becomes(c *covered, n ast.Node) bool {
	if isMapping(n) {
		var w why
		r.structure("paragraph "+c.number, n, &w)
		c.none = w.None.Text
		return c.none != ""
	}
	if text := r.text("paragraph "+c.number, n); text != "facts" {
		if text != "" {
			r.report(r.at(n), "paragraph %s is %q; write facts, or {none: why}", c.number, text)
		}
		return false
	}
	return true
}

// checkCoverage reports what the list of paragraphs says wrongly: of the facts, and of the texts that are at hand.
func (f *Facts) checkCoverage(l *log, shelf *shelf) {
	rests := f.restsOn()
	var documents []string
	for i, c := range f.coverage {
		switch id := rests[place{c.document.ID, c.number}]; {
		case id == "" && c.none == "":
			l.report(c.at, "%s %s: facts are said to rest on it, and none does; enter them, or write {none: why}", c.name, c.number)
		case id != "" && c.none != "":
			l.report(c.at, "%s %s: nothing is said to rest on it, and %s does; write facts", c.name, c.number, id)
		}
		t, number, err := shelf.open(c.name, c.number)
		if err == nil {
			if _, ok := t.passages.Find(number); !ok {
				l.report(c.at, "%s %s: the text has no such paragraph", c.name, c.number)
			}
		}
		if !slices.Contains(documents, c.name) {
			documents = append(documents, c.name)
			f.checkListed(l, shelf, f.coverage[i:])
		}
	}
}

// checkListed reports the paragraphs and footnotes of a document's text that its list lacks. The list begins with list[0].
func (f *Facts) checkListed(l *log, shelf *shelf, list []covered) {
	first := list[0]
	t, _, err := shelf.open(first.name, "title")
	if err != nil {
		return // absent
	}
	for _, passage := range t.passages {
		if number := withoutLetter(passage.Number); number == passage.Number && !slices.ContainsFunc(list, func(c covered) bool {
			return c.name == first.name && c.number == number
		}) {
			l.report(first.at, "%s %s: the text has it, and the list lacks it; write facts, or {none: why}", first.name, number)
		}
	}
}

// A place is a paragraph or footnote of a document.
type place struct {
	document  un.ID
	paragraph string
}

// restsOn has for each paragraph and footnote a fact whose source it is. What rests on a lettered sub-paragraph rests on
// its paragraph, a citation also on the footnote that makes it.
func (f *Facts) restsOn() map[place]un.ID {
	rests := map[place]un.ID{}
	rest := func(id un.ID, document un.ID, paragraph string) {
		for _, p := range []place{{document, paragraph}, {document, withoutLetter(paragraph)}} {
			if paragraph != "" && rests[p] == "" {
				rests[p] = id
			}
		}
	}
	for _, n := range f.Graph.Nodes {
		for _, s := range n.Proof() {
			rest(n.Key(), s.Document, s.Paragraph)
		}
	}
	for _, e := range f.Graph.Edges {
		for _, s := range e.Sources {
			rest(e.ID, s.Document, s.Paragraph)
		}
		if e.Citation != nil && e.Citation.Footnote != "" {
			rest(e.ID, e.From, "fn "+e.Citation.Footnote)
		}
	}
	return rests
}

// withoutLetter is the paragraph that a sub-paragraph belongs to: "48" of "48 (a)".
func withoutLetter(number string) string {
	paragraph, _, _ := strings.Cut(number, " (")
	return paragraph
}

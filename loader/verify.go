package loader

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"mandategraph/un"
)

// A Report is what came of looking for evidence in the texts of documents.
type Report struct {
	Found    int
	NotFound int
	Absent   int // the document's text is not there
	Covered  int // paragraphs and footnotes of which coverage.yaml says what becomes of them

	Problems        []Problem // one for each that was not found, covered or listed, sorted by place
	AbsentDocuments []string  // symbols or keys of the documents of which evidence could not be looked for, sorted
}

// Verify looks for all evidence in the very paragraphs that it is said to stand in. documents has a text file for each
// document: A_RES_80_173.txt, A_RES_79_1_annex_I.txt, gdc-background-note.txt.
//
// A page, which has no numbered paragraphs, is looked through as a whole. A mention stands by itself where the
// paragraph has a name, an alias or the acronym of the body.
//
// It also holds coverage.yaml against the facts, and against the texts that are there, and ids.txt against the facts.
func (f *Facts) Verify(documents fs.FS) Report {
	var r Report
	l := &log{}
	shelf := &shelf{files: documents, texts: map[string]*text{}}
	for _, c := range f.claims {
		t, paragraph, err := shelf.open(c.document, c.paragraph)
		if errors.Is(err, fs.ErrNotExist) {
			r.Absent++
			if !slices.Contains(r.AbsentDocuments, c.document) {
				r.AbsentDocuments = append(r.AbsentDocuments, c.document)
			}
			continue
		}
		wrong := ""
		if err != nil {
			wrong = err.Error()
		} else {
			wrong = c.wrong(t, paragraph)
		}
		if wrong == "" {
			r.Found++
			continue
		}
		r.NotFound++
		l.report(c.at, "%s: %s: %q", strings.TrimSpace(c.document+" "+c.paragraph), wrong, c.sought())
	}
	slices.Sort(r.AbsentDocuments)
	r.Covered = len(f.coverage)
	f.checkCoverage(l, shelf)
	f.checkPublished(l)
	r.Problems = l.sorted()
	return r
}

// WithTexts sets the text of each provision whose document's text is there.
func (f *Facts) WithTexts(documents fs.FS) {
	symbols := map[un.ID]string{}
	for _, n := range f.Graph.Nodes {
		if d, ok := n.(*un.Document); ok {
			symbols[d.ID] = d.Symbol
		}
	}
	shelf := &shelf{files: documents, texts: map[string]*text{}}
	of := map[un.ID]un.ID{}
	for _, e := range f.Graph.Edges {
		if e.Relation == un.ProvisionOf {
			of[e.From] = e.To
		}
	}
	for _, n := range f.Graph.Nodes {
		p, ok := n.(*un.Provision)
		if !ok {
			continue
		}
		if t, number, err := shelf.open(symbols[of[p.ID]], p.Number); err == nil {
			if passage, ok := t.passages.Find(number); ok {
				p.Text = passage.Text
			}
		}
	}
}

// sought is what the claim says to find.
func (c claim) sought() string {
	if c.body != nil {
		return strings.Join(c.body.Called(), " / ")
	}
	return c.words
}

// wrong says what is wrong with a claim on a paragraph of a text, "" where it holds.
func (c claim) wrong(t *text, paragraph string) string {
	if c.page && paragraph == "" {
		if c.stands(t.whole) {
			return ""
		}
		return "the page does not hold it"
	}
	passage, ok := t.passages.Find(paragraph)
	if ok && c.stands(passage.Text) {
		return ""
	}
	wrong := "the paragraph does not hold it"
	if !ok {
		wrong = "the document has no such paragraph"
	}
	if c.body != nil {
		wrong += ", none of the names of " + c.body.ID.Name() + "; write evidence"
	}
	var elsewhere []string
	for _, other := range t.passages {
		if other.Number != paragraph && c.stands(other.Text) {
			elsewhere = append(elsewhere, other.Number)
		}
	}
	if len(elsewhere) > 0 && (c.body == nil || !ok) {
		const most = 3
		if len(elsewhere) > most {
			elsewhere = append(elsewhere[:most], "more")
		}
		wrong += "; it stands in " + strings.Join(elsewhere, ", ")
	}
	return wrong
}

// stands reports whether what the claim seeks stands in a text.
func (c claim) stands(text string) bool {
	if c.body == nil {
		return Holds(text, c.words)
	}
	return slices.ContainsFunc(c.body.Called(), func(name string) bool {
		if isAcronym(name) {
			return hasWord(text, name)
		}
		return Holds(text, name) || Holds(text, name+"’s") || Holds(text, name+"’")
	})
}

// isAcronym reports whether case tells a name from other words: "IGF", "WGEC".
func isAcronym(name string) bool {
	return len(name) > 1 && strings.ToUpper(name) == name && !strings.ContainsFunc(name, unicode.IsSpace)
}

// hasWord reports whether a word stands in a text, in the same case.
func hasWord(text, word string) bool {
	return regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(word) + `($|[^\pL\pN])`).MatchString(text)
}

// A text is the text of a document or of one of its annexes.
type text struct {
	whole    string
	passages Passages
	err      error
}

// A shelf has texts by the names of their files. It reads each once.
type shelf struct {
	files fs.FS
	texts map[string]*text
}

// open finds the text in which a paragraph of a document stands, and the paragraph's number there.
func (s *shelf) open(document, paragraph string) (*text, string, error) {
	name := strings.ReplaceAll(document, "/", "_")
	if annex, number, ok := strings.Cut(paragraph, "/"); ok {
		if t := s.read(name + "_" + strings.ReplaceAll(annex, " ", "_") + ".txt"); !errors.Is(t.err, fs.ErrNotExist) {
			if _, whole := t.passages.Find(paragraph); whole {
				number = paragraph
			}
			return t, number, t.err
		}
		// The annex may stand in the text of the document.
		if t := s.read(name + ".txt"); t.err == nil {
			if _, ok := t.passages.Find(paragraph); ok {
				return t, paragraph, nil
			}
		}
		return nil, "", fmt.Errorf("annex of %s: %w", document, fs.ErrNotExist)
	}
	t := s.read(name + ".txt")
	return t, paragraph, t.err
}

func (s *shelf) read(file string) *text {
	t := s.texts[file]
	if t == nil {
		source, err := fs.ReadFile(s.files, file)
		t = &text{whole: string(source), passages: Paragraphs(string(source)), err: err}
		s.texts[file] = t
	}
	return t
}

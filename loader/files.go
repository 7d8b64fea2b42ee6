package loader

import (
	"github.com/goccy/go-yaml/ast"

	"mandategraph/un"
)

// The shapes of the files, as data/README.md describes them. A field's tag is its key; "required" keys must be there.
// Enum values are read as the schema's. Everything knows where it stands.

// A word is a text and where it stands.
type word struct {
	at
	Text string
}

func (w word) String() string { return w.Text }

// A proof says where a fact stands: which words of which paragraph of which document.
type proof struct {
	Document  word `yaml:"document"`
	Paragraph word `yaml:"paragraph"`
	ownProof
}

// An ownProof is a proof by the paragraph under which the fact is written.
type ownProof struct {
	Evidence  word `yaml:"evidence"`
	Secondary bool `yaml:"secondary"`
}

// A date is a text, proved by the evidence of its fact, or an object that is proved elsewhere or derived. Value is
// never nil in a date that was read; where it was read with problems, it is no date.
type date struct {
	at
	Date        word         `yaml:"date,required"`
	Basis       un.DateBasis `yaml:"basis"`
	Explanation word         `yaml:"explanation"`
	proof

	value *un.PartialDate
	plain bool // a text
}

type bodyFile struct {
	at
	Body        word          `yaml:"body,required"`
	Name        word          `yaml:"name,required"`
	Acronym     word          `yaml:"acronym"`
	Aliases     []word        `yaml:"aliases"`
	Names       []name        `yaml:"names"`
	Kind        un.BodyKind   `yaml:"kind,required"`
	Description word          `yaml:"description"`
	Standing    un.Standing   `yaml:"standing"`
	Established *date         `yaml:"established"`
	Dissolved   *date         `yaml:"dissolved"`
	URL         word          `yaml:"url"`
	SameAs      []word        `yaml:"sameAs"`
	LegalBasis  []legalBasis  `yaml:"legalBasis"`
	Relations   []relation    `yaml:"relations"`
	Sources     []placedProof `yaml:"sources"`
	Gaps        []gap         `yaml:"gaps"`
	Conflicts   []conflict    `yaml:"conflicts"`
}

type placedProof struct {
	at
	proof
}

type name struct {
	at
	Language un.Language `yaml:"language,required"`
	Name     word        `yaml:"name,required"`
	proof
}

type legalBasis struct {
	at
	Role  un.LegalBasisRole `yaml:"role,required"`
	By    word              `yaml:"by"`
	Date  *date             `yaml:"date"`
	Since *date             `yaml:"since"`
	Until *date             `yaml:"until"`
	Note  word              `yaml:"note"`
	proof
}

type relation struct {
	at
	Kind     un.Relation `yaml:"kind,required"`
	To       word        `yaml:"to,required"`
	Role     word        `yaml:"role"`
	Standing un.Standing `yaml:"standing"`
	Since    *date       `yaml:"since"`
	Until    *date       `yaml:"until"`
	proof
}

type gap struct {
	at
	Field word `yaml:"field,required"`
	Text  word `yaml:"text,required"`
}

type conflict struct {
	at
	Field  word               `yaml:"field,required"`
	Values []conflictingValue `yaml:"values,required"`
}

type conflictingValue struct {
	at
	Value word `yaml:"value,required"`
	proof
}

type documentFile struct {
	at
	Symbol     word            `yaml:"symbol"`
	Key        word            `yaml:"key"`
	Title      word            `yaml:"title,required"`
	Type       un.DocumentType `yaml:"type,required"`
	AdoptedBy  word            `yaml:"adoptedBy"`
	AdoptedOn  *date           `yaml:"adoptedOn"`
	Session    word            `yaml:"session"`
	URL        word            `yaml:"url"`
	Secondary  bool            `yaml:"secondary"`
	Paragraphs paragraphs      `yaml:"paragraphs"`
}

// paragraphs are a mapping by number, in the order of the file.
type paragraphs []paragraph

type paragraph struct {
	at
	Mentions  []mention  `yaml:"mentions"`
	Citations []citation `yaml:"citations"`
	Mandates  []mandate  `yaml:"mandates"`
	Deadlines []deadline `yaml:"deadlines"`
	Cycles    []cycle    `yaml:"cycles"`

	number string
}

// A mention is a body, or an object where the paragraph calls it by none of its names.
type mention struct {
	at
	Body word `yaml:"body,required"`
	ownProof
}

type citation struct {
	at
	Symbol    word   `yaml:"symbol,required"`
	Verb      word   `yaml:"verb"`
	Footnote  word   `yaml:"footnote"`
	AsWritten []word `yaml:"asWritten"`
	Secondary bool   `yaml:"secondary"`
}

type mandate struct {
	at
	Slug       word           `yaml:"slug,required"`
	Title      word           `yaml:"title,required"`
	Summary    word           `yaml:"summary"`
	Verb       un.MandateVerb `yaml:"verb,required"`
	Kind       un.MandateKind `yaml:"kind,required"`
	Holders    []word         `yaml:"holders"`
	Addressees []word         `yaml:"addressees"`
	Since      *date          `yaml:"since"`
	Until      *date          `yaml:"until"`
	Permanent  bool           `yaml:"permanent"`
	inPlaceOf
	ownProof
}

type deadline struct {
	at
	Slug        word            `yaml:"slug,required"`
	Of          word            `yaml:"of"`
	Title       word            `yaml:"title,required"`
	Kind        un.DeadlineKind `yaml:"kind,required"`
	Due         *date           `yaml:"due"`
	Session     word            `yaml:"session"`
	Obligors    []word          `yaml:"obligors"`
	Forum       word            `yaml:"forum"`
	FulfilledBy *fulfilment     `yaml:"fulfilledBy"`
	Cancelled   *cancellation   `yaml:"cancelled"`
	Changes     []change        `yaml:"changes"`
	inPlaceOf
	ownProof
}

// inPlaceOf says what a duty takes the place of and, where no text says that it does, why it is so all the same.
type inPlaceOf struct {
	Supersedes        []word `yaml:"supersedes"`
	DerivedSuccession word   `yaml:"derivedSuccession"`
}

type fulfilment struct {
	at
	Symbol word `yaml:"symbol,required"`
	proof
}

type cancellation struct {
	at
	On word `yaml:"on,required"`
	proof
}

type change struct {
	at
	On    word `yaml:"on,required"`
	Field word `yaml:"field,required"`
	From  word `yaml:"from"`
	To    word `yaml:"to"`
	proof
}

type cycle struct {
	at
	Slug      word         `yaml:"slug,required"`
	Of        word         `yaml:"of"`
	Title     word         `yaml:"title,required"`
	Kind      un.CycleKind `yaml:"kind,required"`
	Frequency un.Frequency `yaml:"frequency,required"`
	Since     *date        `yaml:"since"`
	Until     *date        `yaml:"until"`
	Anchor    *date        `yaml:"anchor"`
	RRule     word         `yaml:"rrule"`
	Obligors  []word       `yaml:"obligors"`
	Route     []word       `yaml:"route"`
	Addressee word         `yaml:"addressee"`
	inPlaceOf
	ownProof
}

type sessionsFile struct {
	at
	Body     word      `yaml:"body,required"`
	Sessions []session `yaml:"sessions,required"`
}

type session struct {
	at
	Ordinal int      `yaml:"ordinal,required"`
	Dates   *date    `yaml:"dates"`
	Place   word     `yaml:"place"`
	URL     word     `yaml:"url"`
	Changes []change `yaml:"changes"`
	proof
}

func (w *word) read(r *reader, what string, n ast.Node) {
	w.at = r.at(n)
	w.Text = r.text(what, n)
}

func (d *date) read(r *reader, what string, n ast.Node) {
	d.value = &un.PartialDate{Basis: un.Stated}
	if isMapping(n) {
		r.structure(what, n, d)
	} else {
		d.plain = true
		d.at = r.at(n)
		d.Date.read(r, what, n)
	}
	switch value, err := un.ParseEDTF(d.Date.Text); {
	case d.Date.Text == "": // reported
	case err != nil:
		r.report(d.Date.at, "%s: %v", what, err)
	default:
		d.value = value
	}
	if d.Basis != "" {
		d.value.Basis = d.Basis
	}
	d.value.Explanation = d.Explanation.Text
	switch {
	case d.value.Basis == un.Derived && d.Explanation.Text == "":
		r.report(d.at, "%s is derived: write an explanation that names the rule", what)
	case d.value.Basis == un.Stated && d.Explanation.Text != "":
		r.report(d.Explanation.at, "%s is stated and needs no explanation; if a rule yields it, write basis: derived", what)
	}
}

func (m *mention) read(r *reader, what string, n ast.Node) {
	if isMapping(n) {
		r.structure(what, n, m)
		return
	}
	m.at = r.at(n)
	m.Body.read(r, what, n)
}

func (p *paragraphs) read(r *reader, what string, n ast.Node) {
	for key, value := range r.pairs(what, n) {
		q := paragraph{number: r.text("the number of a paragraph", key)}
		if q.number == "" {
			continue
		}
		r.checkNumber(r.at(key), q.number)
		if r.structure("paragraph "+q.number, value, &q) {
			q.at = r.at(key)
			*p = append(*p, q)
		}
	}
}

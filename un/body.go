package un

import (
	"maps"
	"slices"
)

// A Body is an organ, commission, agency, forum, group, panel, office or its holder, process, partnership, conference,
// or a class of actors that texts address.
type Body struct {
	Record
	Names                  map[Language]string
	Acronym                string
	Aliases                []string
	Kind                   BodyKind
	Description            string
	Standing               Standing
	Established, Dissolved *PartialDate
	URL                    string
	SameAs                 []string
	Gaps                   []Gap
	Conflicts              []Conflict
}

// A Gap is what the sources do not say about a field.
type Gap struct{ Field, Text string }

// A Conflict is a field of which sources say different things.
type Conflict struct {
	Field  string
	Values []ConflictingValue
}

// A ConflictingValue is one of the things said.
type ConflictingValue struct {
	Value   string
	Sources []Source
}

// Name is the body's name in a language, in English where it has none.
func (b *Body) Name(language Language) string {
	if name := b.Names[language]; name != "" {
		return name
	}
	return b.Names[English]
}

// Called has all that texts call the body: its names, its acronym and its aliases.
func (b *Body) Called() []string {
	var out []string
	for _, language := range slices.Sorted(maps.Keys(b.Names)) {
		out = append(out, b.Names[language])
	}
	if b.Acronym != "" {
		out = append(out, b.Acronym)
	}
	return append(out, b.Aliases...)
}

// NodeKind is BODY.
func (*Body) NodeKind() Kind { return KindBody }

// Label is the English name.
func (b *Body) Label() string { return b.Names[English] }

// Proof has the body's sources and those of its conflicting values.
func (b *Body) Proof() []Source {
	all := b.Sources
	for _, c := range b.Conflicts {
		for _, v := range c.Values {
			all = append(slices.Clip(all), v.Sources...)
		}
	}
	return all
}

var bodyFields = fields[*Body]{
	"name":               func(b *Body) []string { return b.Called() },
	"kind":               func(b *Body) []string { return word(b.Kind) },
	"standing":           func(b *Body) []string { return word(b.Standing) },
	"established":        func(b *Body) []string { return earliest(b.Established) },
	"established.latest": func(b *Body) []string { return latest(b.Established) },
}

// Field gives the values of a field of Fields.
func (b *Body) Field(name string) []string {
	if v, ok := b.field(name); ok {
		return v
	}
	return bodyFields.of(b, name)
}

// SortValue is what NAME and ESTABLISHED compare.
func (b *Body) SortValue(order string) string {
	if order == "ESTABLISHED" {
		return Span(b.Established)
	}
	return b.Label()
}

// A LegalBasis is one step in how a body came to be and what became of it: who asked for it, established, endorsed,
// renewed, changed or noted it. Its creator, document and provision are edges.
type LegalBasis struct {
	Record
	Role               LegalBasisRole
	Date, Since, Until *PartialDate
	Note               string
}

// NodeKind is LEGAL_BASIS.
func (*LegalBasis) NodeKind() Kind { return KindBasis }

// Label is the role.
func (l *LegalBasis) Label() string { return string(l.Role) }

var basisFields = fields[*LegalBasis]{}

// Field gives the values of a field of Fields.
func (l *LegalBasis) Field(name string) []string {
	v, _ := l.field(name)
	return v
}

// SortValue is what DATE compares.
func (l *LegalBasis) SortValue(string) string { return Span(l.Date) }

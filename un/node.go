// Package un says what the facts are: bodies, documents, provisions, mandates, deadlines, reporting cycles, sessions, and
// the relations, dates and validity that tie them together. It imports the standard library only, and everything else
// in the project may import it.
package un

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An ID names a node or an edge for ever: "body:igf", "mandate:A/RES/80/173#99/igf-permanent". It is derived from the
// facts' own keys and never holds a NUL byte.
type ID string

// A Kind is what a node is. Its values are those of the schema's NodeKind, and LEGAL_BASIS, which is no Node of the API.
type Kind string

// The kinds of nodes.
const (
	KindBody      Kind = "BODY"
	KindDocument  Kind = "DOCUMENT"
	KindProvision Kind = "PROVISION"
	KindMandate   Kind = "MANDATE"
	KindDeadline  Kind = "DEADLINE"
	KindCycle     Kind = "REPORTING_CYCLE"
	KindSession   Kind = "SESSION"
	KindBasis     Kind = "LEGAL_BASIS"
)

// A Node is a thing with an id that other things point to. The types of this package that are nodes are pointers to
// Body, Document, Provision, Mandate, Deadline, ReportingCycle, Session and LegalBasis.
type Node interface {
	Key() ID
	NodeKind() Kind
	// Label is what a person calls the node.
	Label() string
	// Proof has every source that anything in the node rests on.
	Proof() []Source
	Valid() Validity
	// Field gives the values that filters compare, none where the node has none. Names are those of Fields.
	Field(name string) []string
	// SortValue gives the text that an order compares, "" where the node has none. Orders are those of Orders.
	SortValue(order string) string
}

// A Record is what every node has.
type Record struct {
	ID       ID
	Sources  []Source
	Validity Validity
}

// Key is the node's id.
func (r *Record) Key() ID { return r.ID }

// Proof is the node's own sources.
func (r *Record) Proof() []Source { return r.Sources }

// Valid is when the node is in force.
func (r *Record) Valid() Validity { return r.Validity }

// A Source is where a fact is said. Evidence is a fragment of 3 to 15 words of that very paragraph; it is empty only
// where Secondary says that the document's text is not at hand.
type Source struct {
	Document  ID
	Provision ID     `json:",omitempty"` // "" for a page without numbered paragraphs
	Paragraph string `json:",omitempty"` // as printed: "99", "48 (a)", "fn 3"
	Evidence  string `json:",omitempty"`
	URL       string `json:",omitempty"`
	Secondary bool   `json:",omitempty"`
}

// Validity is when something is in force: on every day with From <= day < Until. In a loaded graph neither is empty;
// FirstDay and LastDay stand for no bound.
type Validity struct{ From, Until Date }

// Always is the validity of what has no bounds.
var Always = Validity{FirstDay, LastDay}

// On reports whether day is in v. Every validity holds on the day "", which stands for no question asked.
func (v Validity) On(day Date) bool { return day == "" || v.From <= day && day < v.Until }

// fields has the values of one kind's fields by their names.
type fields[T any] map[string]func(T) []string

func (f fields[T]) of(n T, name string) []string {
	if field := f[name]; field != nil {
		return field(n)
	}
	return nil
}

func (f fields[T]) names() []string {
	names := []string{"id", "validFrom", "validTo"}
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// field has the fields that every node has.
func (r *Record) field(name string) ([]string, bool) {
	switch name {
	case "id":
		return []string{string(r.ID)}, true
	case "validFrom":
		return word(r.Validity.From), true
	case "validTo":
		return word(r.Validity.Until), true
	}
	return nil, false
}

// Fields has the names of the fields that filters may compare, by kind. Dates have two: "due" is the earliest day,
// "due.latest" the latest.
var Fields = map[Kind][]string{
	KindBody: bodyFields.names(), KindDocument: documentFields.names(), KindProvision: provisionFields.names(),
	KindMandate: mandateFields.names(), KindDeadline: deadlineFields.names(), KindCycle: cycleFields.names(),
	KindSession: sessionFields.names(), KindBasis: basisFields.names(),
}

// Listed are the fields that may have several values; every other has one or none, and its value is never empty.
var Listed = map[Kind][]string{KindBody: {"name"}}

// New makes an empty node of a kind, nil where there is no such kind.
func New(kind Kind) Node {
	switch kind {
	case KindBody:
		return new(Body)
	case KindDocument:
		return new(Document)
	case KindProvision:
		return new(Provision)
	case KindMandate:
		return new(Mandate)
	case KindDeadline:
		return new(Deadline)
	case KindCycle:
		return new(ReportingCycle)
	case KindSession:
		return new(Session)
	case KindBasis:
		return new(LegalBasis)
	}
	return nil
}

// Orders has the names of the orders of each kind, as the schema has them; the first is the kind's own.
var Orders = map[Kind][]string{
	KindBody:      {"NAME", "ESTABLISHED"},
	KindDocument:  {"ADOPTED_ON", "SYMBOL", "TITLE"},
	KindProvision: {"PLACE"},
	KindMandate:   {"SINCE", "TITLE", "DOCUMENT"},
	KindDeadline:  {"DUE", "TITLE"},
	KindCycle:     {"TITLE", "SINCE"},
	KindSession:   {"DATES", "ORDINAL"},
	KindBasis:     {"DATE"},
}

// OrderKey is what a store keeps for one order in one direction: byte order is the order, ties fall to the id, and a
// node without the value comes last in both directions.
func OrderKey(n Node, order string, descending bool) string {
	value := n.SortValue(order)
	first := byte('0')
	if (value == "") != descending {
		first = '1'
	}
	return string(first) + Fold(value) + "\x00" + string(n.Key())
}

// Number writes n, from 0 to 9999999999, so that texts compare as the numbers do.
func Number(n int) string { return fmt.Sprintf("%010d", n) }

func word[T ~string](v T) []string {
	if v == "" {
		return nil
	}
	return []string{string(v)}
}

// earliest and latest are the bounds of a date as filters compare them: a date without a bound reaches to the end of time.
func earliest(d *PartialDate) []string {
	if d == nil {
		return nil
	}
	return []string{string(cmp.Or(d.Earliest(), FirstDay))}
}

func latest(d *PartialDate) []string {
	if d == nil {
		return nil
	}
	return []string{string(cmp.Or(d.Latest(), LastDay))}
}

// Span is a date as orders compare it: by its earliest day, then by its latest; "" where there is none.
func Span(d *PartialDate) string {
	if d == nil {
		return ""
	}
	return earliest(d)[0] + "/" + latest(d)[0]
}

// Name is the id without its kind: "igf" of "body:igf".
func (id ID) Name() string {
	_, name, _ := strings.Cut(string(id), ":")
	return name
}

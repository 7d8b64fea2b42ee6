package un

import "strings"

// A Document is anything with a symbol or a title that facts rest on.
type Document struct {
	Record
	Symbol, Title string
	Type          DocumentType
	AdoptedOn     *PartialDate
	URL           string
}

// NodeKind is DOCUMENT.
func (*Document) NodeKind() Kind { return KindDocument }

// Label is the symbol, or the title of what has none.
func (d *Document) Label() string {
	if d.Symbol != "" {
		return d.Symbol
	}
	return d.Title
}

var documentFields = fields[*Document]{
	"symbol":           func(d *Document) []string { return word(d.Symbol) },
	"title":            func(d *Document) []string { return word(d.Title) },
	"type":             func(d *Document) []string { return word(d.Type) },
	"adoptedOn":        func(d *Document) []string { return earliest(d.AdoptedOn) },
	"adoptedOn.latest": func(d *Document) []string { return latest(d.AdoptedOn) },
}

// Field gives the values of a field of Fields.
func (d *Document) Field(name string) []string {
	if v, ok := d.field(name); ok {
		return v
	}
	return documentFields.of(d, name)
}

// SortValue is what ADOPTED_ON, SYMBOL and TITLE compare.
func (d *Document) SortValue(order string) string {
	switch order {
	case "SYMBOL":
		return d.Symbol
	case "TITLE":
		return d.Title
	}
	return Span(d.AdoptedOn)
}

// A Provision is a numbered or lettered paragraph of a document, a footnote, its title, or its chapeau.
type Provision struct {
	Record
	Number   string // as printed: "99", "48 (a)", "pp12", "annex I/10", "fn 3", "chapeau", "title"
	Text     string // only where the document's text has been loaded
	Position string // sorts provisions by document, then by place in it: see PositionIn
}

// PositionIn sorts what stands in documents: by the day of adoption, then by document, then by place in it.
func PositionIn(d *Document, number string) string {
	return Span(d.AdoptedOn) + " " + string(d.ID) + " " + Place(number)
}

// NodeKind is PROVISION.
func (*Provision) NodeKind() Kind { return KindProvision }

// Label is the document and the number: "A/RES/80/173, 99".
func (p *Provision) Label() string { return strings.Replace(p.ID.Name(), "#", ", ", 1) }

var provisionFields = fields[*Provision]{
	"number": func(p *Provision) []string { return word(p.Number) },
}

// Field gives the values of a field of Fields.
func (p *Provision) Field(name string) []string {
	if v, ok := p.field(name); ok {
		return v
	}
	return provisionFields.of(p, name)
}

// SortValue is what PLACE compares.
func (p *Provision) SortValue(string) string { return p.Position }

// ProvisionID is the id of a document's paragraph: "provision:A/RES/80/173#99".
func ProvisionID(document ID, number string) ID {
	return ID("provision:" + document.Name() + "#" + number)
}

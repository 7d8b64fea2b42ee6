package un

// A Mandate is what a provision charges a body with, or a change of its status.
type Mandate struct {
	Record
	Title, Summary string
	Verb           MandateVerb
	Kind           MandateKind
	Since, Until   *PartialDate
	Permanent      bool
	Succeeded      Validity // when a later mandate is in force in its place; empty where there is none
	Position       string   // see PositionIn
}

// Status is derived for a day, never stored. A mandate that is over is SUPERSEDED while a successor, or a successor's
// successor, is in force, else ENDED.
func (m *Mandate) Status(day Date) MandateStatus {
	switch {
	case day < m.Validity.From:
		return NotYet
	case m.Validity.On(day):
		return InForce
	case m.Succeeded.On(day):
		return Superseded
	}
	return Ended
}

// NodeKind is MANDATE.
func (*Mandate) NodeKind() Kind { return KindMandate }

// Label is the title.
func (m *Mandate) Label() string { return m.Title }

var mandateFields = fields[*Mandate]{
	"verb":          func(m *Mandate) []string { return word(m.Verb) },
	"kind":          func(m *Mandate) []string { return word(m.Kind) },
	"title":         func(m *Mandate) []string { return word(m.Title) },
	"since":         func(m *Mandate) []string { return earliest(m.Since) },
	"since.latest":  func(m *Mandate) []string { return latest(m.Since) },
	"until":         func(m *Mandate) []string { return earliest(m.Until) },
	"until.latest":  func(m *Mandate) []string { return latest(m.Until) },
	"succeededFrom": func(m *Mandate) []string { return word(m.Succeeded.From) },
	"succeededTo":   func(m *Mandate) []string { return word(m.Succeeded.Until) },
}

// Field gives the values of a field of Fields.
func (m *Mandate) Field(name string) []string {
	if v, ok := m.field(name); ok {
		return v
	}
	return mandateFields.of(m, name)
}

// SortValue is what SINCE, TITLE and DOCUMENT compare.
func (m *Mandate) SortValue(order string) string {
	switch order {
	case "TITLE":
		return m.Title
	case "DOCUMENT":
		return m.Position
	}
	return Span(m.Since)
}

package un

import (
	"fmt"
	"strings"
)

// A Session is the n-th meeting of a body.
type Session struct {
	Record
	Name       string
	Ordinal    int
	Dates      *PartialDate
	Place, URL string
	Changes    []Change `json:",omitempty"`
}

// Proof has the session's sources and those of its changes.
func (s *Session) Proof() []Source {
	return append(s.Sources[:len(s.Sources):len(s.Sources)], proofs(s.Changes)...)
}

// NodeKind is SESSION.
func (*Session) NodeKind() Kind { return KindSession }

// Label is the name.
func (s *Session) Label() string { return s.Name }

var sessionFields = fields[*Session]{
	"ordinal":      func(s *Session) []string { return []string{Number(s.Ordinal)} },
	"dates":        func(s *Session) []string { return earliest(s.Dates) },
	"dates.latest": func(s *Session) []string { return latest(s.Dates) },
}

// Field gives the values of a field of Fields.
func (s *Session) Field(name string) []string {
	if v, ok := s.field(name); ok {
		return v
	}
	return sessionFields.of(s, name)
}

// SortValue is what DATES and ORDINAL compare.
func (s *Session) SortValue(order string) string {
	if order == "ORDINAL" {
		return Number(s.Ordinal)
	}
	return Span(s.Dates)
}

// SessionID is the id of a body's n-th session: "session:cstd-30".
func SessionID(body ID, ordinal int) ID {
	return ID(fmt.Sprintf("session:%s-%d", body.Name(), ordinal))
}

// SessionName is what a session is called: "30th session of the Commission on Science and Technology for Development".
func SessionName(body *Body, ordinal int) string {
	name := body.Label()
	if !strings.HasPrefix(name, "The ") {
		name = "the " + name
	}
	return Ordinal(ordinal) + " session of " + name
}

// Ordinal writes n as an English ordinal in figures: "1st", "12th", "83rd".
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}

// The bodies whose sessions follow a rule.
const (
	GeneralAssembly ID = "body:general-assembly"
	CSTD            ID = "body:cstd"
)

// AssemblyDates are the dates of the n-th session of the General Assembly where none are stated: it opens in September
// of 1945 + n and ends in the next September. The rule rests on how the Assembly numbers its regular sessions (the
// eightieth adopted A/RES/80/173 in December 2025), and holds at the precision of a month.
func AssemblyDates(n int) *PartialDate {
	return &PartialDate{
		EDTF:        fmt.Sprintf("%04d-09/%04d-09", 1945+n, 1946+n),
		Basis:       Derived,
		Explanation: fmt.Sprintf("the General Assembly's %s session opens in September %d and ends in the next", Ordinal(n), 1945+n),
	}
}

// CheckSession refuses dates that disagree with the ordinal where a rule ties the two: the General Assembly's n-th
// session is in 1945 + n and the next year; that of the Commission on Science and Technology for Development is in
// 1997 + n since 2004.
func CheckSession(body ID, n int, dates *PartialDate) error {
	if dates == nil {
		return nil
	}
	first, last := dates.Earliest().Year(), dates.Latest().Year()
	var from, to int
	switch {
	case body == GeneralAssembly:
		from, to = 1945+n, 1946+n
	case body == CSTD && n >= 7:
		from, to = 1997+n, 1997+n
	default:
		return nil
	}
	if dates.Earliest() == "" || dates.Latest() == "" || first < from || last > to {
		years := fmt.Sprint(from)
		if to != from {
			years = fmt.Sprintf("%d and %d", from, to)
		}
		return fmt.Errorf("the %s session is in %s, not in %s", Ordinal(n), years, dates.EDTF)
	}
	return nil
}

package un

// A Deadline is one dated or session-bound thing.
type Deadline struct {
	Record
	Title       string
	Kind        DeadlineKind
	Due         *PartialDate // as the paragraph states it; nil where it gives no year
	Window      *PartialDate // Due narrowed by the session's dates, or those dates alone: see Window
	CancelledOn Date
	MetOn       Date     // the day of the document that fulfils it
	Succeeded   Validity // when a later deadline is in force in its place; empty where there is none
	Changes     []Change `json:",omitempty"`
}

// A Change is one step in what became of a deadline or session.
type Change struct {
	On              Date
	Field, From, To string
	Sources         []Source
}

// SoonDays is how many days ahead a deadline is DUE_SOON.
const SoonDays = 30

// Status is derived for a day, never stored, and never accuses: PASSED says that the day is over, MET only what a text says.
func (d *Deadline) Status(day Date) DeadlineStatus {
	switch {
	case d.CancelledOn != "" && d.CancelledOn <= day:
		return Cancelled
	case d.MetOn != "" && d.MetOn <= day:
		return Met
	case d.Succeeded.On(day):
		return DeadlineSuperseded
	case d.Window == nil:
		return Undated
	case latest(d.Window)[0] < string(day):
		return Passed
	case earliest(d.Window)[0] <= string(day.AddDays(SoonDays)):
		return DueSoon
	}
	return Upcoming
}

// Proof has the deadline's sources and those of its changes.
func (d *Deadline) Proof() []Source {
	return append(d.Sources[:len(d.Sources):len(d.Sources)], proofs(d.Changes)...)
}

func proofs(changes []Change) (all []Source) {
	for _, c := range changes {
		all = append(all, c.Sources...)
	}
	return all
}

// NodeKind is DEADLINE.
func (*Deadline) NodeKind() Kind { return KindDeadline }

// Label is the title.
func (d *Deadline) Label() string { return d.Title }

var deadlineFields = fields[*Deadline]{
	"kind":          func(d *Deadline) []string { return word(d.Kind) },
	"title":         func(d *Deadline) []string { return word(d.Title) },
	"due":           func(d *Deadline) []string { return earliest(d.Window) },
	"due.latest":    func(d *Deadline) []string { return latest(d.Window) },
	"cancelledOn":   func(d *Deadline) []string { return word(d.CancelledOn) },
	"metOn":         func(d *Deadline) []string { return word(d.MetOn) },
	"succeededFrom": func(d *Deadline) []string { return word(d.Succeeded.From) },
	"succeededTo":   func(d *Deadline) []string { return word(d.Succeeded.Until) },
}

// Field gives the values of a field of Fields. "due" is the window.
func (d *Deadline) Field(name string) []string {
	if v, ok := d.field(name); ok {
		return v
	}
	return deadlineFields.of(d, name)
}

// SortValue is what DUE and TITLE compare. DUE means the window: its earliest day, then its latest.
func (d *Deadline) SortValue(order string) string {
	if order == "TITLE" {
		return d.Title
	}
	return Span(d.Window)
}

// WindowOf is when a deadline can fall due: what the paragraph states, narrowed by the dates of its session, or those
// dates alone. It says so where it is derived. Both nil give nil; false means that the two contradict each other.
func WindowOf(due, session *PartialDate, sessionName string) (*PartialDate, bool) {
	switch {
	case session == nil:
		return due, true
	case due == nil:
		return &PartialDate{session.EDTF, Derived, "the dates of the " + sessionName + ", at which it is due"}, true
	}
	narrow, ok := Narrow(due, session)
	switch {
	case !ok:
		return nil, false
	case narrow == due.EDTF:
		return due, true
	}
	return &PartialDate{narrow, Derived, "the date stated, " + due.EDTF + ", narrowed by the dates of the " + sessionName + ", " + session.EDTF}, true
}

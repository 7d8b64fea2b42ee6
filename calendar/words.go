package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mandategraph/query"
	"mandategraph/un"
)

// when says in words when something is, no more precisely than is known: "9 July 2026", "6 to 7 July 2026", "some time in
// 2027".
func when(d *un.PartialDate) string {
	if d == nil {
		return "no date is known"
	}
	var text string
	switch d.Precision() {
	case un.PrecisionDay:
		text = day(d.Earliest())
	case un.PrecisionMonth:
		text = "some time in " + month(d.Earliest())
	case un.PrecisionYear:
		text = "some time in " + string(d.Earliest()[:4])
	case un.PrecisionDecade:
		text = "some time in the " + string(d.Earliest()[:4]) + "s"
	default:
		text = interval(d)
	}
	switch {
	case d.Approximate():
		text += ", approximately"
	case d.Uncertain():
		text += ", uncertain"
	}
	return text
}

// interval is a date with two ends, of which one may be open, each as precisely as it is stated.
func interval(d *un.PartialDate) string {
	first, last, _ := strings.Cut(d.EDTF, "/")
	from, to := d.Earliest(), d.Latest()
	switch {
	case from == "":
		return "until " + end(last)
	case to == "":
		return "from " + end(first) + " on"
	case !exact(d):
		return "some time from " + end(first) + " to " + end(last)
	case from[:7] == to[:7]:
		return fmt.Sprintf("%d to %s", midnight(from).Day(), day(to))
	case from[:4] == to[:4]:
		return midnight(from).Format("2 January") + " to " + day(to)
	}
	return day(from) + " to " + day(to)
}

// end is one end of an interval: a day, a month, a year or a decade.
func end(edtf string) string {
	d, err := un.ParseEDTF(strings.TrimRight(edtf, "~?%"))
	if err != nil {
		return edtf
	}
	return strings.TrimPrefix(when(d), "some time in ")
}

// lasting says when an entry is: a session lasts from one month to another, while anything else falls on some day between.
func lasting(e *query.Entry) string {
	text := when(e.Date)
	if e.Kind == query.OfSession && e.Date != nil && e.Date.Precision() == un.PrecisionInterval {
		return strings.TrimPrefix(text, "some time ")
	}
	return text
}

// exact says whether a source gives the days: a day, or an interval of days.
func exact(d *un.PartialDate) bool {
	switch d.Precision() {
	case un.PrecisionDay:
		return true
	case un.PrecisionInterval:
		from, to, _ := strings.Cut(d.EDTF, "/")
		return len(strings.TrimRight(from, "~?%")) == len(un.LastDay) && len(strings.TrimRight(to, "~?%")) == len(un.LastDay)
	}
	return false
}

func midnight(d un.Date) time.Time {
	t, _ := time.Parse(time.DateOnly, string(d)) // of a date that was parsed before
	return t
}

func day(d un.Date) string { return midnight(d).Format("2 January 2006") }

func month(d un.Date) string { return midnight(d).Format("January 2006") }

// called is a body's name with its acronym.
func called(b *un.Body) string {
	if b.Acronym == "" {
		return b.Label()
	}
	return b.Label() + " (" + b.Acronym + ")"
}

// short is a body's acronym, else its name.
func short(b *un.Body) string {
	if b.Acronym == "" {
		return b.Label()
	}
	return b.Acronym
}

func each(bodies []*un.Body, name func(*un.Body) string) string {
	names := make([]string, len(bodies))
	for i, b := range bodies {
		names[i] = name(b)
	}
	return list(names)
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// place says where a source stands: "A/RES/80/173, paragraph 122".
func place(p query.Proof) string {
	text := strings.TrimPrefix(string(p.Document), "document:")
	if p.Of != nil {
		text = named(p.Of)
	}
	n := p.Paragraph
	if annex, in, ok := strings.Cut(n, "/"); ok {
		text, n = text+", "+annex, in
	}
	switch {
	case n == "":
		return text
	case strings.HasPrefix(n, "fn "):
		return text + ", footnote " + strings.TrimPrefix(n, "fn ")
	case strings.HasPrefix(n, "pp"):
		return text + ", preambular paragraph " + strings.TrimPrefix(n, "pp")
	case n == "chapeau" || n == "title" || n == "closing":
		return text + ", " + n
	default:
		return text + ", paragraph " + n
	}
}

// asked says who said it, where, and in which words.
func asked(p query.Proof) string {
	text := place(p)
	if p.By != nil {
		text = p.By.Label() + ", " + text
	}
	if p.Of != nil && p.Of.AdoptedOn != nil && p.Paragraph != "" {
		text += " (" + when(p.Of.AdoptedOn) + ")"
	}
	if p.Evidence != "" {
		text += ": “" + p.Evidence + "”"
	}
	return text
}

// kind is what occurs, in words: "Report", "Session", "Recurring meeting".
func kind(o query.Occurrence) string {
	switch n := o.Node.(type) {
	case *un.Deadline:
		return word(string(n.Kind))
	case *un.ReportingCycle:
		return "Recurring " + strings.ToLower(word(string(n.Kind)))
	}
	return "Session"
}

// word writes MANDATE_EXPIRY, and mandate-expiry as files have it, as Mandate expiry.
func word(enum string) string {
	text := strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(enum))
	return strings.ToUpper(text[:1]) + text[1:]
}

// withdrawn says whether something is called off, or something else took its place before it was met.
func withdrawn(e *query.Entry) bool {
	d, ok := e.Node.(*un.Deadline)
	return ok && d.MetOn == "" && (d.CancelledOn != "" || len(e.Successors) > 0)
}

// heading is what an event is called: what took the place of another thing is named, since nobody called that off.
func heading(e *query.Entry) string {
	title := e.Title()
	if withdrawn(e) && len(e.Successors) > 0 {
		for _, c := range e.Changes {
			if c.Kind == query.WasSuperseded {
				title = "Replaced" + first(c.Proofs, " by ", "") + ": " + title
			}
		}
	}
	return title
}

// A pair is one line about something: what it says, and where that can be read. Place is the part of it that says where.
type pair struct{ Name, Value, Place, Link string }

// Before, Linked and After are the value around what leads to the place where it can be read.
func (p pair) Before() string {
	before, _, _ := strings.Cut(p.Value, p.Linked())
	return before
}

// Linked is all of the value where no part of it says where it can be read.
func (p pair) Linked() string {
	if p.Place == "" {
		return p.Value
	}
	return p.Place
}

// After is the rest.
func (p pair) After() string {
	_, after, _ := strings.Cut(p.Value, p.Linked())
	return after
}

// proved is a line that a source proves.
func proved(name string, p query.Proof) pair { return pair{name, asked(p), place(p), p.Link()} }

// about says all about an entry, a line each.
func about(e *query.Entry) (lines []pair) {
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, pair{Name: name, Value: value})
		}
	}
	if e.Kind != query.OfSession {
		add("From", each(e.Obligors, called))
		if e.Forum != nil {
			add("Before", called(e.Forum))
		}
	}
	if e.Mandate != nil {
		add("What is asked", strings.TrimSuffix(e.Mandate.Title+". "+e.Mandate.Summary, " "))
	}
	if e.Session != nil {
		add("At", e.Session.Label())
	}
	text := lasting(e)
	if e.Date != nil && e.Date.Basis == un.Derived {
		text += " (derived: " + e.Date.Explanation + ")"
	}
	add("When", text)
	if s, ok := e.Node.(*un.Session); ok {
		add("Where", s.Place)
		if s.URL != "" {
			lines = append(lines, pair{Name: "Page", Value: s.URL, Link: s.URL})
		}
	}
	for i, p := range e.Proofs {
		lines = append(lines, proved(says(e, i), p))
	}
	if e.Asked != nil && !askedHere(e) {
		lines = append(lines, proved("Asked by", *e.Asked))
	}
	for _, c := range e.Changes {
		if c.Kind != query.WasAdded {
			add("Changed", happened(c))
		}
	}
	return lines
}

// says is what a source does for an entry: it asks for it, states it, or says more of it.
func says(e *query.Entry, i int) string {
	switch {
	case i > 0:
		return "Also"
	case e.Kind == query.OfSession:
		return "Source"
	case askedHere(e):
		return "Asked by"
	}
	return "Stated in"
}

// askedHere says whether the paragraph that states something is the one that asks for it: noting is not asking.
func askedHere(e *query.Entry) bool {
	if e.Asked == nil || len(e.Proofs) == 0 || e.Asked.Document != e.Proofs[0].Document {
		return false
	}
	at := e.Proofs[0].Paragraph
	return at == e.Asked.Paragraph || strings.HasPrefix(at, e.Asked.Paragraph+" (") // a part of it
}

// happened says what a change was: "moved on 1 May 2026: 4 to 8 May 2027, before that 12 to 16 April 2027".
func happened(c query.Change) string {
	text := strings.ToLower(word(string(c.Kind))) + " on " + day(c.On)
	switch c.Kind {
	case query.WasMoved, query.WasMadePrecise:
		value := func(s string) string { return s }
		if c.Field == "due" || c.Field == "dates" {
			value = func(s string) string {
				d, err := un.ParseEDTF(s)
				if err != nil {
					return s
				}
				return when(d)
			}
		} else {
			text += ", " + c.Field
		}
		if text += ": "; c.To == "" {
			text += "nothing more is known"
		} else {
			text += value(c.To)
		}
		if c.From != "" {
			text += ", before that " + value(c.From)
		}
	case query.WasMet:
		if met := c.Of.Met; met != nil && met.AdoptedOn != nil && met.AdoptedOn.EDTF == string(c.On) {
			return text + " by " + named(met)
		}
		return "met by " + c.To + first(c.Proofs, ", as ", " says")
	case query.WasSuperseded:
		return text + first(c.Proofs, " by ", "") + ": " + c.To
	}
	return text
}

// first is the place of the first of some proofs, between two words; nothing where there is none.
func first(proofs []query.Proof, before, after string) string {
	if len(proofs) == 0 {
		return ""
	}
	return before + place(proofs[0]) + after
}

// named is what a document is called in short: its symbol, else its title.
func named(d *un.Document) string {
	if d.Symbol != "" {
		return d.Symbol
	}
	return d.Title
}

// moves are the changes after something was added.
func moves(e *query.Entry) []query.Change {
	return slices.DeleteFunc(slices.Clone(e.Changes), func(c query.Change) bool { return c.Kind == query.WasAdded })
}

// dueAt says what is due at a session, a line each: what, from whom, and who asked for it.
func dueAt(e *query.Entry) (lines []pair) {
	for _, due := range e.Due {
		if withdrawn(due) {
			continue
		}
		line := pair{Name: "Due at it", Value: due.Title()}
		if from := each(due.Obligors, called); from != "" {
			line.Value += ", from " + from
		}
		if len(due.Proofs) > 0 {
			p := due.Proofs[0]
			if due.Asked != nil {
				p = *due.Asked
			}
			if askedHere(due) {
				p = due.Proofs[0] // which has the words about the time
			}
			verb := "asked by"
			if due.Asked == nil {
				verb = "stated in"
			}
			line.Value += "; " + verb + " " + asked(p)
			line.Place, line.Link = place(p), p.Link()
		}
		lines = append(lines, line)
	}
	return lines
}

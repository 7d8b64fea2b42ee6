package un

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A side is one of the two graphs.
type side struct {
	nodes map[ID]Node
	edges map[edgeEnd][]Edge
	all   []Edge
}

// An edgeEnd is an end of edges: where they begin, or where they end.
type edgeEnd struct {
	relation Relation
	id       ID
	backward bool
}

func sideOf(g Graph) *side {
	s := &side{nodes: make(map[ID]Node, len(g.Nodes)), edges: map[edgeEnd][]Edge{}}
	for _, n := range g.Nodes {
		if n.NodeKind() != KindProvision {
			s.nodes[n.Key()] = n
		}
	}
	s.all = slices.SortedFunc(slices.Values(g.Edges), func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID))
	})
	for _, e := range s.all {
		forth, back := edgeEnd{e.Relation, e.From, false}, edgeEnd{e.Relation, e.To, true}
		s.edges[forth] = append(s.edges[forth], e)
		s.edges[back] = append(s.edges[back], e)
	}
	return s
}

// called is a name for something at the other end of a relation.
func (s *side) called(id ID) string {
	switch n := s.nodes[id].(type) {
	case nil:
		return strings.Replace(id.Name(), "#", ", ", 1) // a provision
	case *Body:
		return cmp.Or(n.Acronym, n.Label())
	case *Mandate, *Deadline, *ReportingCycle:
		return fmt.Sprintf("%s (%s)", n.Label(), id)
	default:
		return n.Label()
	}
}

// label is what the node with an id is called in full.
func (s *side) label(id ID) string {
	switch n := s.nodes[id].(type) {
	case nil, *Mandate, *Deadline, *ReportingCycle:
		return s.called(id)
	case *LegalBasis:
		label := s.ends("", BasisOf, id, false).text + ": " + words(n.Role)
		if by := s.ends("", BasisBy, id, false).text; by != "" {
			label += " " + by
		}
		if in := s.ends("", BasisIn, id, false).text; in != "" {
			label += ", " + in
		}
		return label
	default:
		return n.Label()
	}
}

// An aspect is a value of a fact.
type aspect struct {
	name  string
	key   string // compared
	text  string // read
	chief bool   // told of what was added or removed
	date  *PartialDate
	when  bool // the date may move
}

func said(name, text string) aspect { return aspect{name: name, key: text, text: text} }

func dated(name string, d *PartialDate) aspect {
	a := said(name, "")
	if d != nil {
		a.text, a.date = d.EDTF, d
		if d.Basis == Derived {
			a.text += " (derived)"
		}
		a.key = a.text
	}
	return a
}

// timed is a date that may move.
func timed(name string, d *PartialDate) aspect {
	a := dated(name, d)
	a.when = true
	if d == nil {
		a.text = "undated"
	}
	return a
}

// unless is told of what was added or removed only where the value is not the usual one.
func unless(usual string, a aspect) aspect {
	a.chief = a.key != usual
	return a
}

func chief(all ...aspect) []aspect {
	for i := range all {
		all[i].chief = true
	}
	return all
}

func words[T ~string](v T) string { return strings.ToLower(strings.ReplaceAll(string(v), "_", " ")) }

// ends are the other ends of a node's relations of one kind.
func (s *side) ends(name string, r Relation, id ID, backward bool) aspect {
	var keys, texts []string
	for _, e := range s.edges[edgeEnd{r, id, backward}] {
		other := e.To
		if backward {
			other = e.From
		}
		keys, texts = append(keys, string(other)), append(texts, s.called(other))
	}
	return aspect{name: name, key: strings.Join(keys, "\x00"), text: strings.Join(texts, ", ")}
}

// aspects are all that a node means.
func (s *side) aspects(n Node) []aspect {
	id := n.Key()
	to := func(name string, r Relation) aspect { return s.ends(name, r, id, false) }
	switch n := n.(type) {
	case *Body:
		return bodyAspects(n)
	case *LegalBasis:
		return append(
			chief(dated("date", n.Date), dated("since", n.Since), dated("until", n.Until)),
			said("role", words(n.Role)), said("note", n.Note), to("body", BasisOf), to("by", BasisBy), to("instrument", BasisIn), to("paragraph", BasisProvision),
		)
	case *Document:
		return append(
			chief(said("title", n.Title), said("type", words(n.Type)), dated("adopted on", n.AdoptedOn), to("adopted by", AdoptedBy)),
			said("symbol", n.Symbol), to("adopted at", AdoptedAt),
		)
	case *Mandate:
		permanent := "no"
		if n.Permanent {
			permanent = "yes"
		}
		return append(
			chief(
				said("verb", words(n.Verb)), said("kind", words(n.Kind)), s.ends("holders", Holds, id, true), to("addressees", AddressedTo),
				dated("since", n.Since), dated("until", n.Until),
			),
			unless("no", said("permanent", permanent)), said("title", n.Title), said("summary", n.Summary), to("paragraph", ConferredBy),
		)
	case *Deadline:
		return append(
			chief(
				said("kind", words(n.Kind)), timed("window", n.Window), to("obligors", Obliges), to("session", DueAt), to("forum", HasForum),
				s.met(n), said("cancelled", string(n.CancelledOn)),
			),
			said("title", n.Title), timed("due", n.Due), to("mandate", BasedOn), history(n.Changes), to("paragraph", ConferredBy),
		)
	case *ReportingCycle:
		return append(
			chief(
				said("kind", words(n.Kind)), said("frequency", words(n.Frequency)), to("obligors", Obliges), to("route", RoutedThrough), to("addressee", AddressedTo),
				dated("since", n.Since), dated("until", n.Until), dated("anchor", n.Anchor), said("rule", n.RRule),
			),
			said("title", n.Title), to("mandate", BasedOn), to("paragraph", ConferredBy),
		)
	case *Session:
		return append(
			chief(timed("dates", n.Dates), said("place", n.Place)),
			said("ordinal", fmt.Sprint(n.Ordinal)), history(n.Changes), to("body", SessionOf),
		)
	}
	return nil
}

func bodyAspects(n *Body) []aspect {
	all := append(
		chief(said("acronym", n.Acronym), said("kind", words(n.Kind)), dated("established", n.Established), dated("dissolved", n.Dissolved)),
		unless(words(Fact), said("standing", words(n.Standing))), said("name", n.Label()), said("description", n.Description),
		said("aliases", strings.Join(slices.Sorted(slices.Values(n.Aliases)), ", ")),
	)
	for language, name := range n.Names {
		if language != English {
			all = append(all, said("name in "+words(language), name))
		}
	}
	for _, g := range n.Gaps {
		all = append(all, said("gap: "+g.Field, g.Text))
	}
	for _, c := range n.Conflicts {
		values := make([]string, len(c.Values))
		for i, v := range c.Values {
			values[i] = v.Value
		}
		all = append(all, said("conflict: "+c.Field, strings.Join(values, " or ")))
	}
	return all
}

// met is when a deadline was met, and by which documents.
func (s *side) met(n *Deadline) aspect {
	by := s.ends("met", FulfilledBy, n.ID, false)
	by.key = string(n.MetOn) + by.key
	if by.text != "" {
		by.text = " by " + by.text
	}
	by.text = strings.TrimSpace(string(n.MetOn) + by.text)
	return by
}

// history is what became of a deadline or session.
func history(changes []Change) aspect {
	steps := make([]string, len(changes))
	for i, c := range changes {
		steps[i] = fmt.Sprintf("%s %s %s to %s", c.On, c.Field, cmp.Or(c.From, "nothing"), cmp.Or(c.To, "nothing"))
	}
	return said("history", strings.Join(steps, ", "))
}

// chiefly writes the chief values, as Old and New have them for what was added or removed.
func chiefly(all []aspect) string {
	var out []string
	for _, a := range all {
		if a.chief && a.text != "" {
			out = append(out, a.name+" "+a.text)
		}
	}
	return strings.Join(out, "; ")
}

// byName gives values that have one name, such as two gaps of a field, as one.
func byName(all []aspect) map[string]aspect {
	out := make(map[string]aspect, len(all))
	for _, a := range all {
		if first, twice := out[a.name]; twice {
			a.key, a.text = first.key+"\x00"+a.key, first.text+"; "+a.text
		}
		out[a.name] = a
	}
	return out
}

func edgeAspects(e Edge) []aspect {
	var in Citation
	if e.Citation != nil {
		in = *e.Citation
	}
	return append(
		chief(said("role", e.Role), dated("since", e.Since), dated("until", e.Until), said("verb", in.Verb), said("footnote", in.Footnote)),
		unless(words(Fact), said("standing", words(e.Standing))),
	)
}

// text is the days of v as an interval of EDTF.
func (v Validity) text() string {
	from, to := string(v.From), string(v.Until.AddDays(-1))
	switch {
	case v.Until <= v.From:
		return "never"
	case v.From == FirstDay:
		from = ".."
	}
	if v.Until == LastDay {
		to = ".."
	}
	return from + "/" + to
}

// rest is a node without what follows from other facts.
func rest(n Node) string {
	switch of := n.(type) {
	case *Mandate:
		c := *of
		c.Validity, c.Succeeded, c.Position = Validity{}, Validity{}, ""
		n = &c
	case *Deadline:
		c := *of
		c.Validity, c.Succeeded = Validity{}, Validity{}
		if c.Window != nil {
			window := *c.Window
			window.Explanation = "" // names the session
			c.Window = &window
		}
		n = &c
	case *ReportingCycle:
		c := *of
		c.Validity = Validity{}
		n = &c
	case *Session:
		c := *of
		c.Name = ""
		n = &c
	}
	return encoded(n)
}

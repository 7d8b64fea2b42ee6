package un

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// An Event is what became of a fact between two graphs. Its value is what a person calls it.
type Event string

// The events, in the order of Diff.
const (
	EventAdded      Event = "added"
	EventRemoved    Event = "removed"
	EventRenamed    Event = "renamed" // another name or title
	EventChanged    Event = "changed"
	EventMoved      Event = "moved"             // its time has days that it had not, and lacks some that it had
	EventPrecise    Event = "made precise"      // its time lies inside the old one; no time at all is any time
	EventVague      Event = "made less precise" // the old time lies inside its time
	EventMet        Event = "met"
	EventCancelled  Event = "cancelled"
	EventSuperseded Event = "superseded"
	EventReinstated Event = "no longer superseded"
	EventRestated   Event = "restated" // it means the same; its sources, explanations or addresses on the web differ
)

var events = []Event{
	EventAdded, EventRemoved, EventRenamed, EventChanged, EventMoved, EventPrecise, EventVague, EventMet, EventCancelled,
	EventSuperseded, EventReinstated, EventRestated,
}

// A Difference is one thing that two graphs say differently.
type Difference struct {
	Kind     Kind     // of the node; "" for a relation
	Relation Relation // "" for a node
	What     Event
	Field    string // what changed of it, as a person calls it: "holders"; "" where it is the whole
	ID       ID
	Label    string // in the new graph; in the old one where it was removed
	Old, New string // as a person reads them, "" where there is nothing
	Sources  []Source
}

// diffOrder is the order of kinds and relations in Diff; "" stands for the relations of bodies.
var diffOrder = []string{
	string(KindBody), string(KindBasis), string(KindDocument), string(KindMandate), string(KindDeadline), string(KindCycle), string(KindSession),
	"", string(Cites), string(Mentions),
}

func (d *Difference) group() int {
	if d.Relation == Cites || d.Relation == Mentions {
		return slices.Index(diffOrder, string(d.Relation))
	}
	return slices.Index(diffOrder, string(d.Kind))
}

// Diff says what a new graph means that an old one does not, and the other way round. It is empty for two graphs that say
// the same, whatever order they are in, and what is added from the one to the other is what is removed the other way.
//
// It has one difference for each value that changed of a node that both have. Old and New of what was added or removed
// are the chief values of the whole. Sources are the paragraphs that say the new value (the old, where there is no new):
// those that the fact did not rest on before, or else all of it; each paragraph once, in the order of the fact.
//
// What follows from another difference is none of its own: the validity of a mandate that was superseded, a session's
// name, a provision (there is one as soon as something is said in it), CREATED_BY and MANDATED_BY (which follow from a
// legal basis). Two relations that join the same two with the same role, standing and dates are one, proved twice.
//
// The order: bodies, legal bases, documents, mandates, deadlines, cycles, sessions, relations of bodies, citations,
// mentions; then by event, as they are declared; by id, paragraphs as they stand in their document; by field; by value.
func Diff(old, new Graph) []Difference {
	d := differ{old: sideOf(old), new: sideOf(new)}
	for id, n := range d.new.nodes {
		if o := d.old.nodes[id]; o != nil && o.NodeKind() == n.NodeKind() {
			d.node(o, n)
			continue
		}
		d.whole(EventAdded, d.new, n)
	}
	for id, o := range d.old.nodes {
		if n := d.new.nodes[id]; n == nil || o.NodeKind() != n.NodeKind() {
			d.whole(EventRemoved, d.old, o)
		}
	}
	for join := range d.joins() {
		d.relation(join)
	}
	places := map[ID]string{}
	for _, f := range d.found {
		places[f.ID] = placed(f.ID)
	}
	slices.SortFunc(d.found, func(a, b Difference) int {
		return cmp.Or(
			cmp.Compare(a.group(), b.group()),
			cmp.Compare(slices.Index(events, a.What), slices.Index(events, b.What)),
			cmp.Compare(places[a.ID], places[b.ID]), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Old, b.Old), cmp.Compare(a.New, b.New),
		)
	})
	return d.found
}

// placed sorts ids by the place in their document: paragraph 99 before 103.
func placed(id ID) string {
	document, spot, ok := strings.Cut(string(id), "#")
	if !ok {
		return document
	}
	end := len(spot)
	if slash := strings.LastIndex(spot, "/"); slash >= 0 {
		end = slash
	}
	return document + "#" + Place(spot[:end]) + spot[end:]
}

// A differ gathers differences.
type differ struct {
	old, new *side
	found    []Difference
}

// whole is of a node that only one side has.
func (d *differ) whole(what Event, s *side, n Node) {
	all := s.aspects(n)
	all = append(all, chief(s.ends("superseded by", Supersedes, n.Key(), true))...)
	found := Difference{Kind: n.NodeKind(), What: what, ID: n.Key(), Label: n.Label(), Sources: fresh(nil, n.Proof())}
	if found.Kind == KindBasis {
		found.Label = s.label(found.ID)
	}
	if found.Kind == KindDocument && len(found.Sources) == 0 {
		found.Sources = []Source{{Document: found.ID}}
	}
	if what == EventAdded {
		found.New = chiefly(all)
	} else {
		found.Old = chiefly(all)
	}
	d.found = append(d.found, found)
}

// node is of a node that both sides have.
func (d *differ) node(o, n Node) {
	before := len(d.found)
	found := Difference{Kind: n.NodeKind(), ID: n.Key(), Label: n.Label()}
	if found.Kind == KindBasis {
		found.Label = d.new.label(found.ID)
	}
	olds, news := byName(d.old.aspects(o)), byName(d.new.aspects(n))
	names := slices.Collect(maps.Keys(news))
	for name := range olds {
		if _, both := news[name]; !both {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return olds[name].key == news[name].key })
	differs := func(name string) bool { return slices.Contains(names, name) }
	for _, name := range names {
		was, is := olds[name], news[name]
		if name == "due" && differs("window") && was.key == olds["window"].key && is.key == news["window"].key {
			continue // it says the same
		}
		if name == "history" && (differs("window") || differs("due") || differs("dates") || differs("place")) {
			continue // it is said already
		}
		found.Field, found.Old, found.New = name, was.text, is.text
		found.What = eventOf(name, was, is)
		found.Sources = fresh(o.Proof(), n.Proof())
		if name == "window" && !differs("due") && !differs("session") {
			found.Sources = d.sessionSources(n, found.Sources)
		}
		if is.key == "" {
			found.Sources = fresh(n.Proof(), o.Proof())
		}
		if found.Kind == KindDocument && len(found.Sources) == 0 {
			found.Sources = []Source{{Document: found.ID}}
		}
		d.found = append(d.found, found)
	}
	successors := d.succession(found)
	if len(d.found) > before {
		return
	}
	found.Field, found.Old, found.New = "", "", ""
	switch found.Kind {
	case KindMandate, KindDeadline, KindCycle:
		if o.Valid() != n.Valid() {
			found.What, found.Field, found.Old, found.New = EventChanged, "in force", o.Valid().text(), n.Valid().text()
			found.Sources = fresh(nil, append(successors, fresh(o.Proof(), n.Proof())...))
			d.found = append(d.found, found)
			return
		}
	}
	if rest(o) != rest(n) {
		found.What, found.Sources = EventRestated, fresh(o.Proof(), n.Proof())
		d.found = append(d.found, found)
	}
}

func eventOf(name string, was, is aspect) Event {
	switch {
	case is.when:
		return moved(was.date, is.date)
	case name == "name" || name == "title":
		return EventRenamed
	case name == "met" && was.key == "":
		return EventMet
	case name == "cancelled" && was.key == "":
		return EventCancelled
	}
	return EventChanged
}

// moved says how a time relates to an old one. No time leaves every day open.
func moved(old, new *PartialDate) Event {
	of, ol, _ := old.days()
	nf, nl, _ := new.days()
	switch {
	case of == nf && ol == nl:
		return EventChanged // how sure it is, or how it is known
	case of <= nf && nl <= ol:
		return EventPrecise
	case nf <= of && ol <= nl:
		return EventVague
	}
	return EventMoved
}

// sessionSources are what says when the session of a deadline is, where that is what moved the deadline.
func (d *differ) sessionSources(n Node, own []Source) []Source {
	for _, e := range d.new.edges[edgeEnd{DueAt, n.Key(), false}] {
		if o, n := d.old.nodes[e.To], d.new.nodes[e.To]; o != nil && n != nil {
			return fresh(o.Proof(), n.Proof())
		}
	}
	return own
}

// succession is what supersedes a node and did not, and the other way round. It gives what proves those that do.
func (d *differ) succession(found Difference) (proof []Source) {
	id := found.ID
	found.Field, found.Old, found.New = "", "", ""
	olds, news := d.old.edges[edgeEnd{Supersedes, id, true}], d.new.edges[edgeEnd{Supersedes, id, true}]
	in := func(edges []Edge, e Edge) bool {
		return slices.ContainsFunc(edges, func(o Edge) bool { return o.From == e.From })
	}
	for _, e := range news {
		proof = append(proof, d.new.proof(e)...)
		if !in(olds, e) {
			f := found
			f.What, f.New, f.Sources = EventSuperseded, d.new.called(e.From), fresh(nil, d.new.proof(e))
			d.found = append(d.found, f)
		}
	}
	for _, e := range olds {
		if !in(news, e) {
			f := found
			f.What, f.Old, f.Sources = EventReinstated, d.old.called(e.From), fresh(nil, d.old.proof(e))
			d.found = append(d.found, f)
		}
	}
	return proof
}

// proof is what says a relation, or else what says the node that it leads from.
func (s *side) proof(e Edge) []Source {
	if n := s.nodes[e.From]; len(e.Sources) == 0 && n != nil {
		return n.Proof()
	}
	return e.Sources
}

func encoded(facts any) string {
	text, _ := json.Marshal(facts) // facts are plain data
	return string(text)
}

// fresh are the sources whose paragraphs the old ones lack, all where there are none; each paragraph once.
func fresh(old, new []Source) []Source {
	in := func(all []Source, s Source) bool {
		return slices.ContainsFunc(all, func(o Source) bool { return o.Document == s.Document && o.Paragraph == s.Paragraph })
	}
	var all, unknown []Source
	for _, s := range new {
		if !in(all, s) {
			all = append(all, s)
			if !in(old, s) {
				unknown = append(unknown, s)
			}
		}
	}
	if len(unknown) > 0 {
		return unknown
	}
	return all
}

// A joined is what relations that are compared with each other have in common.
type joined struct {
	relation Relation
	from, to ID
	id       ID // of a citation or mention, each of which stands in a paragraph of its own
}

// joins are the relations that are facts of their own. Others are values of nodes.
func (d *differ) joins() map[joined]bool {
	out := map[joined]bool{}
	for _, s := range []*side{d.old, d.new} {
		for _, e := range s.all {
			if j, ok := joinOfEdge(e); ok {
				out[j] = true
			}
		}
	}
	return out
}

func joinOfEdge(e Edge) (joined, bool) {
	join, _ := JoinOf(e.Relation)
	switch {
	case e.Relation == Cites, e.Relation == Mentions:
		return joined{e.Relation, e.From, e.To, e.ID}, true
	case e.Relation == CreatedBy, e.Relation == MandatedBy, !join.Between(KindBody, KindBody):
		return joined{}, false
	}
	return joined{e.Relation, e.From, e.To, ""}, true
}

// meanings has the relations of a joined by what they mean.
func (s *side) meanings(j joined) map[string][]Edge {
	out := map[string][]Edge{}
	for _, e := range s.edges[edgeEnd{j.relation, j.from, false}] {
		if other, ok := joinOfEdge(e); ok && other == j {
			var key strings.Builder
			for _, a := range edgeAspects(e) {
				key.WriteString(a.key + "\x00")
			}
			out[key.String()] = append(out[key.String()], e)
		}
	}
	return out
}

// relation compares the relations of a joined.
func (d *differ) relation(j joined) {
	olds, news := d.old.meanings(j), d.new.meanings(j)
	for _, meaning := range slices.Collect(maps.Keys(olds)) {
		if o, n := olds[meaning], news[meaning]; n != nil {
			if proved(o) != proved(n) {
				d.edge(EventRestated, d.new, "", "", "", n, fresh(sources(o), sources(n)))
			}
			delete(olds, meaning)
			delete(news, meaning)
		}
	}
	if len(olds) == 1 && len(news) == 1 {
		for _, o := range olds {
			for _, n := range news {
				was, is := byName(edgeAspects(o[0])), byName(edgeAspects(n[0]))
				for name := range is {
					if was[name].key != is[name].key {
						d.edge(EventChanged, d.new, name, was[name].text, is[name].text, n, fresh(sources(o), sources(n)))
					}
				}
			}
		}
		return
	}
	for _, n := range news {
		d.edge(EventAdded, d.new, "", "", chiefly(edgeAspects(n[0])), n, fresh(nil, sources(n)))
	}
	for _, o := range olds {
		d.edge(EventRemoved, d.old, "", chiefly(edgeAspects(o[0])), "", o, fresh(nil, sources(o)))
	}
}

func (d *differ) edge(what Event, s *side, field, old, new string, edges []Edge, sources []Source) {
	e := edges[0]
	d.found = append(d.found, Difference{
		Relation: e.Relation, What: what, Field: field, ID: e.ID,
		Label: s.label(e.From) + " " + words(e.Relation) + " " + s.label(e.To),
		Old:   old, New: new, Sources: sources,
	})
}

func sources(edges []Edge) (all []Source) {
	for _, e := range edges {
		all = append(all, e.Sources...)
	}
	return all
}

// proved is what says the same relations.
func proved(edges []Edge) string {
	type proof struct {
		Sources  []Source
		Citation *Citation
		Dates    [2]*PartialDate
	}
	all := make([]proof, len(edges))
	for i, e := range edges {
		all[i] = proof{e.Sources, e.Citation, [2]*PartialDate{e.Since, e.Until}}
	}
	return encoded(all)
}

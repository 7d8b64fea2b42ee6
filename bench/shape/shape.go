// Package shape makes graphs of the facts' shape in any size, so that what a store costs can be measured on more facts than
// there are. It imports un.
package shape

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"mandategraph/un"
)

// shares are how many of a hundred nodes are of a kind. The facts of today have more bodies and legal bases for each
// document than that; with more documents read, paragraphs and duties outgrow the bodies that hold them.
var shares = []struct {
	kind  un.Kind
	share int
}{
	{un.KindBody, 6},
	{un.KindDocument, 14},
	{un.KindProvision, 24},
	{un.KindMandate, 22},
	{un.KindDeadline, 12},
	{un.KindCycle, 4},
	{un.KindSession, 3},
	{un.KindBasis, 15},
}

// Smallest is how many nodes a graph has at least.
const Smallest = 300

// Graph makes a graph of so many nodes, at least Smallest, that has no problems. The same seed makes the same graph.
func Graph(nodes int, seed uint64) un.Graph {
	nodes = max(nodes, Smallest)
	random := rand.New(rand.NewPCG(seed, uint64(nodes)))
	m := &maker{Rand: random, count: map[un.Kind]int{}, edges: map[un.ID]bool{}}
	left := nodes
	for _, s := range shares {
		m.count[s.kind] = nodes * s.share / 100
		left -= m.count[s.kind]
	}
	m.count[un.KindProvision] += left
	m.hub = rand.NewZipf(random, 1.3, 3, uint64(m.count[un.KindBody]-1))
	m.addBodies()
	m.addSessions()
	m.addDocuments()
	m.addMandates()
	m.addDeadlines()
	m.addCycles()
	m.addBases()
	m.addRelations()
	return m.graph
}

// A maker makes one graph.
type maker struct {
	*rand.Rand
	graph un.Graph
	count map[un.Kind]int
	hub   *rand.Zipf
	edges map[un.ID]bool

	bodies     []*un.Body
	sessions   []*un.Session
	meets      map[*un.Session]*un.Body
	documents  []*un.Document
	provisions []paragraph // by document, in order of adoption
	mandates   []*un.Mandate
}

// A paragraph is a provision and where it stands.
type paragraph struct {
	*un.Provision
	in *un.Document
}

// join adds an edge, once for each place that states it.
func (m *maker) join(r un.Relation, from, to un.Node, place string, v un.Validity, sources []un.Source) *un.Edge {
	id := un.EdgeID(r, from.Key(), to.Key(), place)
	if m.edges[id] || from.Key() == to.Key() {
		return nil
	}
	m.edges[id] = true
	m.graph.Edges = append(m.graph.Edges, un.Edge{ID: id, Relation: r, From: from.Key(), To: to.Key(), Validity: v, Sources: sources})
	return &m.graph.Edges[len(m.graph.Edges)-1]
}

// body draws a body: few of them often, most of them rarely.
func (m *maker) body() *un.Body { return m.bodies[m.hub.Uint64()] }

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// text makes words until they have about so many characters.
func (m *maker) text(length int) string {
	var b strings.Builder
	for b.Len() < length {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(pick(m, words))
	}
	return strings.ToUpper(b.String()[:1]) + b.String()[1:]
}

// length draws around a mean: from half of it to one and a half.
func (m *maker) length(mean int) int { return mean/2 + m.IntN(mean) }

// day draws a day of the years from first to last.
func (m *maker) day(first, last int) un.Date {
	return un.Date(time.Date(first+m.IntN(last-first+1), time.January, 1+m.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// about is a date as exact as texts are: most say the day, some the month or the year.
func (m *maker) about(day un.Date) *un.PartialDate {
	text := string(day)
	switch {
	case m.chance(20):
		text = text[:len("2027")]
	case m.chance(15):
		text = text[:len("2027-03")]
	}
	return &un.PartialDate{EDTF: text, Basis: un.Stated}
}

// source is a paragraph as the proof of a fact.
func (m *maker) source(p paragraph) []un.Source {
	return []un.Source{{
		Document: p.in.ID, Provision: p.ID, Paragraph: p.Number, Evidence: strings.ToLower(m.text(m.length(70))), URL: p.in.URL,
	}}
}

// page is a document without numbered paragraphs as the proof of a fact.
func (m *maker) page(d *un.Document) []un.Source {
	return []un.Source{{Document: d.ID, URL: d.URL, Secondary: true}}
}

// slug writes a title as ids have it.
func slug(title string) string {
	words := strings.Fields(strings.ToLower(title))
	return strings.Join(words[:min(3, len(words))], "-")
}

func (m *maker) addBodies() {
	for i := range m.count[un.KindBody] {
		b := &un.Body{Standing: un.Fact}
		var name string
		if i < len(known) {
			b.ID, b.Acronym, b.Kind, name = un.ID("body:"+known[i].id), known[i].acronym, known[i].kind, known[i].name
		} else {
			kind := pick(m, kinds)
			b.Kind, name = kind.kind, kind.name+" on "+m.text(m.length(30))
			b.ID = un.ID(fmt.Sprintf("body:%s-%d", slug(strings.TrimPrefix(name, kind.name+" on ")), i))
			if m.chance(40) {
				b.Acronym = fmt.Sprintf("%c%c%d", name[0], 'A'+rune(i%26), i)
			}
			if m.chance(8) {
				b.Standing = un.Foreseen
			}
		}
		b.Names = map[un.Language]string{un.English: name}
		if m.chance(20) {
			b.Names["FR"] = m.text(len(name))
		}
		if m.chance(30) {
			b.Aliases = []string{m.text(m.length(25))}
		}
		b.Description, b.URL = m.text(m.length(180))+".", "https://www.un.org/"+b.ID.Name()
		b.Validity = un.Always
		if m.chance(70) || i == 0 {
			on := m.day(1946, 2026)
			b.Established, b.Validity.From = m.about(on), on
			if m.chance(10) && i >= len(known) {
				end := on.AddDays(365 * (2 + m.IntN(30)))
				b.Dissolved, b.Validity.Until = m.about(end), end
			}
		} else {
			b.Gaps = []un.Gap{{Field: "established", Text: m.text(m.length(120)) + "."}}
		}
		m.bodies = append(m.bodies, b)
		m.graph.Nodes = append(m.graph.Nodes, b)
	}
}

func (m *maker) addSessions() {
	m.meets = map[*un.Session]*un.Body{}
	last := map[*un.Body]int{}
	for i := range m.count[un.KindSession] {
		b := m.bodies[0]
		if i%2 == 1 || last[b] == 95 { // the General Assembly's sessions from 1946 to 2040, and those of others
			b = m.bodies[1+m.IntN(1+len(m.bodies)/20)]
		}
		last[b]++
		n := last[b]
		dates := &un.PartialDate{EDTF: fmt.Sprint(1945 + n%95), Basis: un.Stated}
		if b == m.bodies[0] {
			dates = un.AssemblyDates(n)
		}
		s := &un.Session{Name: un.SessionName(b, n), Ordinal: n, Dates: dates}
		s.ID, s.Validity = un.SessionID(b.ID, n), un.Always
		m.sessions, m.meets[s] = append(m.sessions, s), b
		m.graph.Nodes = append(m.graph.Nodes, s)
	}
}

// types are what documents are, as often as they are among the facts.
var types = []un.DocumentType{"RESOLUTION", "RESOLUTION", "RESOLUTION", "RESOLUTION", "PAGE", "PAGE", "PAGE", "REPORT", "DECISION", "OUTCOME"}

// addDocuments makes documents in the order of their adoption, and the provisions of the tenth of them that was read:
// most have few, some have many.
func (m *maker) addDocuments() {
	days := make([]un.Date, m.count[un.KindDocument])
	for i := range days {
		days[i] = m.day(1946, 2026)
	}
	slices.Sort(days)
	assembly := map[int]*un.Session{}
	for _, s := range m.sessions {
		if m.meets[s] == m.bodies[0] {
			assembly[s.Ordinal] = s
		}
	}
	for i, on := range days {
		d := &un.Document{Title: m.text(m.length(80)), Type: pick(m, types)}
		d.Validity = un.Always
		adopted := m.body()
		switch d.Type {
		case "PAGE":
			d.ID = un.ID(fmt.Sprintf("document:%s-%d", slug(d.Title), i))
			d.URL = "https://www.un.org/" + d.ID.Name()
		default:
			switch adopted {
			case m.bodies[0]:
				d.Symbol = fmt.Sprintf("A/RES/%d/%d", max(1, on.Year()-1945), i+1)
			case m.bodies[1]:
				d.Symbol = fmt.Sprintf("E/RES/%d/%d", on.Year(), i+1)
			default:
				d.Symbol = fmt.Sprintf("A/%d/%d", max(1, on.Year()-1945), i+1)
			}
			d.ID, d.URL = un.ID("document:"+d.Symbol), "https://docs.un.org/en/"+d.Symbol
			d.AdoptedOn = &un.PartialDate{EDTF: string(on), Basis: un.Stated}
		}
		m.documents = append(m.documents, d)
		m.graph.Nodes = append(m.graph.Nodes, d)
		if d.Symbol == "" {
			continue
		}
		m.join(un.AdoptedBy, d, adopted, "", un.Always, m.page(d))
		if at := assembly[on.Year()-1945]; at != nil && adopted == m.bodies[0] {
			m.join(un.AdoptedAt, d, at, "", un.Always, m.page(d))
		}
	}
	var read []*un.Document
	for _, d := range m.documents {
		if d.Symbol != "" && m.chance(15) {
			read = append(read, d)
		}
	}
	share := rand.NewZipf(m.Rand, 1.5, 20, 200) // how much longer than the others a document is
	weights, sum := make([]int, len(read)), 0
	for i := range read {
		weights[i] = 4 + int(share.Uint64())
		sum += weights[i]
	}
	for i, d := range read {
		left := m.count[un.KindProvision] - len(m.provisions)
		n := min(left, max(1, m.count[un.KindProvision]*weights[i]/sum))
		if i == len(read)-1 {
			n = left
		}
		for number := range n {
			p := &un.Provision{Number: fmt.Sprint(number + 1), Text: m.text(m.length(350)) + "."}
			p.ID, p.Validity, p.Position = un.ProvisionID(d.ID, p.Number), un.Always, un.PositionIn(d, p.Number)
			m.graph.Nodes = append(m.graph.Nodes, p)
			m.join(un.ProvisionOf, p, d, "", un.Always, nil)
			at := paragraph{p, d}
			for range m.IntN(3) {
				m.join(un.Mentions, p, m.body(), "", un.Always, m.source(at))
			}
			if m.chance(40) {
				cited := pick(m, m.documents)
				if e := m.join(un.Cites, d, cited, d.ID.Name()+"#"+p.Number, un.Always, m.source(at)); e != nil {
					e.Citation = &un.Citation{Provision: p.ID, Verb: "recall", AsWritten: []string{cited.Label()}}
				}
			}
			m.provisions = append(m.provisions, at)
		}
	}
	for _, s := range m.sessions { // their proof is a paragraph, as is that of bodies
		s.Sources = m.source(pick(m, m.provisions))
		m.join(un.SessionOf, s, m.meets[s], "", un.Always, s.Sources)
	}
	for _, b := range m.bodies {
		b.Sources = m.source(pick(m, m.provisions))
		if m.chance(20) {
			b.Sources = append(b.Sources, m.page(pick(m, m.documents))...)
		}
	}
}

// stated joins a duty to the paragraph that states it.
func (m *maker) stated(duty un.Node, p paragraph, v un.Validity) {
	m.join(un.ConferredBy, duty, p.Provision, "", v, duty.Proof())
	m.join(un.StatedIn, duty, p.in, "", v, duty.Proof())
}

// spread are n paragraphs in the order of the texts: duties go by the order of their paragraphs' adoption.
func (m *maker) spread(n int) []paragraph {
	at := make([]int, n)
	for i := range at {
		at[i] = m.IntN(len(m.provisions))
	}
	slices.Sort(at)
	out := make([]paragraph, n)
	for i := range at {
		out[i] = m.provisions[at[i]]
	}
	return out
}

// addMandates makes mandates, oldest first; a sixth takes the place of an earlier one.
func (m *maker) addMandates() {
	at := m.spread(m.count[un.KindMandate])
	for i, p := range at {
		on := p.in.AdoptedOn.Earliest()
		d := &un.Mandate{
			Title: m.text(m.length(50)), Verb: un.MandateVerb(pick(m, un.Enums["MandateVerb"])), Kind: un.MandateKind(pick(m, un.Enums["MandateKind"])),
			Since: since(p), Position: p.Position,
		}
		if m.chance(50) {
			d.Summary = m.text(m.length(150)) + "."
		}
		d.ID = un.ID(fmt.Sprintf("mandate:%s/%s-%d", p.ID.Name(), slug(d.Title), i))
		d.Sources, d.Validity = m.source(p), un.Validity{From: on, Until: un.LastDay}
		switch {
		case m.chance(20):
			until := on.AddDays(365 * (1 + m.IntN(15)))
			d.Until, d.Validity.Until = m.about(until), until
		case m.chance(10):
			d.Permanent = true
		}
		if i > 10 && m.chance(20) {
			old := m.mandates[i-1-m.IntN(min(i, 500))]
			if old.Succeeded.From == "" && old.Validity.From < on {
				old.Succeeded, old.Validity.Until = un.Validity{From: on, Until: un.LastDay}, min(old.Validity.Until, on)
				m.join(un.Supersedes, d, old, "", un.Always, d.Sources)
			}
		}
		m.mandates = append(m.mandates, d)
		m.graph.Nodes = append(m.graph.Nodes, d)
	}
	for i, d := range m.mandates { // now that it is known how long they hold
		m.stated(d, at[i], d.Validity)
		m.join(un.Holds, m.body(), d, "", d.Validity, d.Sources)
		for m.chance(12) {
			m.join(un.Holds, m.body(), d, "", d.Validity, d.Sources)
		}
		for m.chance(20) {
			m.join(un.AddressedTo, d, m.body(), "", d.Validity, d.Sources)
		}
	}
}

func since(p paragraph) *un.PartialDate {
	return &un.PartialDate{
		EDTF: p.in.AdoptedOn.EDTF, Basis: un.Derived,
		Explanation: "the day " + p.in.Symbol + " was adopted; paragraph " + p.Number + " states no start",
	}
}

// addDeadlines makes what is due within fourteen years of the text that asks for it; most rest on a mandate, some of
// which have several.
func (m *maker) addDeadlines() {
	several := rand.NewZipf(m.Rand, 1.1, 10, uint64(len(m.mandates)-1))
	for i, p := range m.spread(m.count[un.KindDeadline]) {
		on := p.in.AdoptedOn.Earliest()
		d := &un.Deadline{Title: m.text(m.length(55)), Kind: un.DeadlineKind(pick(m, un.Enums["DeadlineKind"]))}
		d.ID = un.ID(fmt.Sprintf("deadline:%s/%s-%d", p.ID.Name(), slug(d.Title), i))
		d.Sources, d.Validity = m.source(p), un.Validity{From: on, Until: un.LastDay}
		day := on.AddDays(30 + m.IntN(365*14))
		if m.chance(80) {
			d.Due = m.about(day)
		}
		m.graph.Nodes = append(m.graph.Nodes, d)
		m.stated(d, p, d.Validity)
		if m.chance(60) {
			at := pick(m, m.sessions)
			m.join(un.DueAt, d, at, "", d.Validity, d.Sources)
			if d.Due == nil {
				d.Window = &un.PartialDate{EDTF: at.Dates.EDTF, Basis: un.Derived, Explanation: "the dates of the " + at.Name + ", at which it is due"}
			}
		}
		if d.Due != nil {
			d.Window = d.Due
		}
		m.join(un.Obliges, d, m.body(), "", d.Validity, d.Sources)
		for m.chance(15) {
			m.join(un.Obliges, d, m.body(), "", d.Validity, d.Sources)
		}
		if m.chance(95) {
			m.join(un.HasForum, d, m.body(), "", d.Validity, d.Sources)
		}
		if m.chance(80) {
			m.join(un.BasedOn, d, m.mandates[several.Uint64()], "", d.Validity, d.Sources)
		}
		if d.Window != nil && m.chance(15) {
			d.MetOn = day
			m.join(un.FulfilledBy, d, pick(m, m.documents), "", d.Validity, d.Sources)
		}
	}
}

// addCycles makes what recurs; a fifth takes the place of an earlier one.
func (m *maker) addCycles() {
	var before []*un.ReportingCycle
	at := m.spread(m.count[un.KindCycle])
	for i, p := range at {
		on := p.in.AdoptedOn.Earliest()
		c := &un.ReportingCycle{
			Title: m.text(m.length(50)), Kind: un.CycleKind(pick(m, un.Enums["CycleKind"])), Frequency: un.Frequency(pick(m, un.Enums["Frequency"])),
			Since: since(p),
		}
		c.ID = un.ID(fmt.Sprintf("cycle:%s/%s-%d", p.ID.Name(), slug(c.Title), i))
		c.Sources, c.Validity = m.source(p), un.Validity{From: on, Until: un.LastDay}
		if i > 5 && m.chance(20) {
			old := pick(m, before)
			if old.Validity.Until == un.LastDay && old.Validity.From < on {
				old.Validity.Until, old.Until = on, &un.PartialDate{EDTF: string(on), Basis: un.Derived, Explanation: "the day it was superseded"}
				m.join(un.Supersedes, c, old, "", un.Always, c.Sources)
			}
		}
		before = append(before, c)
		m.graph.Nodes = append(m.graph.Nodes, c)
	}
	for i, c := range before {
		m.stated(c, at[i], c.Validity)
		m.join(un.Obliges, c, m.body(), "", c.Validity, c.Sources)
		m.join(un.AddressedTo, c, m.body(), "", c.Validity, c.Sources)
		for station := range m.IntN(4) {
			if e := m.join(un.RoutedThrough, c, m.body(), "", c.Validity, c.Sources); e != nil {
				e.Place = station + 1
			}
		}
		m.join(un.BasedOn, c, pick(m, m.mandates), "", c.Validity, c.Sources)
	}
}

// addBases makes how bodies came to be, step by step, and the relations to their creators that this amounts to.
func (m *maker) addBases() {
	for i := range m.count[un.KindBasis] {
		of, by, p := m.bodies[i*7%len(m.bodies)], m.body(), pick(m, m.provisions)
		if of == by {
			by = m.bodies[(i*7+1)%len(m.bodies)]
		}
		l := &un.LegalBasis{Role: un.LegalBasisRole(pick(m, un.Enums["LegalBasisRole"])), Date: since(p)}
		l.Date.Explanation = "it is the day " + p.in.Symbol + " was adopted"
		if m.chance(40) {
			l.Note = m.text(m.length(80)) + "."
		}
		role := strings.ReplaceAll(strings.ToLower(string(l.Role)), "_", "-")
		step := fmt.Sprintf("%s/%s/%s-%d", role, by.ID.Name(), p.ID.Name(), i)
		l.ID = un.ID("basis:" + of.ID.Name() + "/" + step)
		l.Sources, l.Validity = m.source(p), un.Always
		m.graph.Nodes = append(m.graph.Nodes, l)
		m.join(un.BasisOf, l, of, "", un.Always, nil)
		m.join(un.BasisBy, l, by, "", un.Always, nil)
		m.join(un.BasisIn, l, p.in, "", un.Always, nil)
		if m.chance(60) {
			m.join(un.BasisProvision, l, p.Provision, "", un.Always, nil)
		}
		relation := un.MandatedBy
		if l.Role == un.EstablishedBy {
			relation = un.CreatedBy
		}
		if e := m.join(relation, of, by, step, un.Validity{From: p.in.AdoptedOn.Earliest(), Until: un.LastDay}, l.Sources); e != nil {
			e.Standing, e.Since, e.Role = un.Fact, l.Date, strings.ReplaceAll(role, "-", " ")
		}
	}
}

// addRelations makes how bodies relate: each is part of an earlier one, and has two more relations.
func (m *maker) addRelations() {
	stated := func(r un.Relation, from, to *un.Body) {
		p := pick(m, m.provisions)
		v := un.Validity{From: p.in.AdoptedOn.Earliest(), Until: un.LastDay}
		if m.chance(10) {
			v.Until = v.From.AddDays(365 * 10)
		}
		if e := m.join(r, from, to, p.ID.Name(), v, m.source(p)); e != nil {
			e.Standing = un.Fact
			if m.chance(30) {
				e.Role = m.text(m.length(20))
			}
		}
	}
	var others []un.Relation
	for _, r := range un.BodyRelations() {
		if r != un.PartOf && r != un.MandatedBy && r != un.CreatedBy {
			others = append(others, r)
		}
	}
	for i, b := range m.bodies[1:] {
		stated(un.PartOf, b, m.bodies[m.IntN(min(i+1, 1+len(m.bodies)/8))])
		for range 1 + m.IntN(3) {
			stated(pick(m, others), b, m.body())
		}
	}
}

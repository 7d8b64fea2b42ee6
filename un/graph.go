package un

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Graph is all facts: a pure function of the files that state them.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// Version is a hash of the facts, whatever order they are in: the same facts have the same version in every store.
func (g Graph) Version() string {
	h := sha256.New()
	w := json.NewEncoder(h)
	for _, n := range slices.SortedFunc(slices.Values(g.Nodes), func(a, b Node) int { return cmp.Compare(a.Key(), b.Key()) }) {
		_ = w.Encode(n.NodeKind()) // a hash takes every write, and facts are plain data
		_ = w.Encode(n)
	}
	for _, e := range slices.SortedFunc(slices.Values(g.Edges), func(a, b Edge) int { return cmp.Compare(a.ID, b.ID) }) {
		_ = w.Encode(e)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// A Problem is a fact that cannot stand. ID names the node or edge.
type Problem struct {
	ID   ID
	Text string
}

// MaxList is how many members a list without pages may have.
const MaxList = 100

// lists are the hops that the API gives without pages, with how many members each may have.
var lists = []struct {
	relation Relation
	from     Kind
	backward bool // counted at the edge's end
	most     int
	what     string
}{
	{Holds, KindMandate, true, MaxList, "holders"},
	{AddressedTo, KindMandate, false, MaxList, "addressees"},
	{AddressedTo, KindCycle, false, 1, "addressee"},
	{ConferredBy, KindMandate, false, 1, "conferring provision"},
	{ConferredBy, KindDeadline, false, 1, "provision"},
	{ConferredBy, KindCycle, false, 1, "provision"},
	{Obliges, KindDeadline, false, MaxList, "obligors"},
	{Obliges, KindCycle, false, MaxList, "obligors"},
	{DueAt, KindDeadline, false, 1, "session"},
	{HasForum, KindDeadline, false, 1, "forum"},
	{BasedOn, KindDeadline, false, 1, "mandate"},
	{BasedOn, KindCycle, false, 1, "mandate"},
	{FulfilledBy, KindDeadline, false, 1, "fulfilling document"},
	{RoutedThrough, KindCycle, false, MaxList, "stations of the route"},
	{Mentions, KindProvision, false, MaxList, "mentions"},
	{ProvisionOf, KindProvision, false, 1, "document"},
	{AdoptedBy, KindDocument, false, 1, "adopting body"},
	{AdoptedAt, KindDocument, false, 1, "session"},
	{SessionOf, KindSession, false, 1, "body"},
	{PartOf, KindBody, false, MaxList, "parents"},
	{SecretariatProvidedBy, KindBody, false, MaxList, "providers of the secretariat"},
	{BasisOf, KindBody, true, MaxList, "steps of the legal basis"},
	{Supersedes, KindMandate, false, MaxList, "superseded mandates"},
	{Supersedes, KindMandate, true, MaxList, "successors"},
	{Supersedes, KindCycle, false, MaxList, "superseded cycles"},
	{Supersedes, KindCycle, true, MaxList, "successors"},
}

// needed are the hops that the API promises never to be empty.
var needed = []struct {
	relation Relation
	from     Kind
	what     string
}{
	{ConferredBy, KindMandate, "a provision that confers it"},
	{ConferredBy, KindDeadline, "a provision"},
	{ConferredBy, KindCycle, "a provision"},
	{ProvisionOf, KindProvision, "a document"},
	{SessionOf, KindSession, "a body"},
	{BasisOf, KindBasis, "a body"},
}

// Check finds what no store may be given: ids that clash or dangle, relations between the wrong kinds, duties without
// proof, lists that are too long, validity that ends before it begins, supersession that runs in a circle. It finds all
// problems at once, in the order of the graph.
func (g Graph) Check() []Problem {
	var problems []Problem
	report := func(id ID, format string, args ...any) {
		problems = append(problems, Problem{id, fmt.Sprintf(format, args...)})
	}
	kinds := make(map[ID]Kind, len(g.Nodes))
	for _, n := range g.Nodes {
		id := n.Key()
		switch {
		case !id.valid():
			report(id, "a node has an empty id, or one with a NUL byte")
		case kinds[id] != "":
			report(id, "the id is used twice")
		}
		kinds[id] = n.NodeKind()
		checkValidity(n.Valid(), func(text string) { report(id, "%s", text) })
		if len(n.Proof()) > MaxList {
			report(id, "has %d sources; at most %d are allowed", len(n.Proof()), MaxList)
		}
		if len(n.Proof()) == 0 && n.NodeKind() != KindProvision && n.NodeKind() != KindDocument {
			report(id, "has no source")
		}
	}
	type end struct {
		relation Relation
		id       ID
		backward bool
	}
	count := map[end]int{}
	edges := map[ID]bool{}
	older := map[ID][]ID{}
	for _, e := range g.Edges {
		if e.ID == "" || edges[e.ID] || strings.ContainsRune(string(e.ID), 0) {
			report(e.ID, "the relation's id is empty, used twice, or has a NUL byte")
		}
		edges[e.ID] = true
		checkValidity(e.Validity, func(text string) { report(e.ID, "%s", text) })
		join, known := JoinOf(e.Relation)
		from, to := kinds[e.From], kinds[e.To]
		switch {
		case !known:
			report(e.ID, "there is no relation %s", e.Relation)
		case from == "":
			report(e.ID, "%s names %s, which does not exist", e.Relation, e.From)
		case to == "":
			report(e.ID, "%s names %s, which does not exist", e.Relation, e.To)
		case !join.Between(from, to):
			report(e.ID, "%s cannot lead from a %s to a %s", e.Relation, from, to)
		case e.From == e.To && e.Relation != Cites:
			report(e.ID, "%s leads from %s to itself", e.Relation, e.From)
		}
		count[end{e.Relation, e.From, false}]++
		count[end{e.Relation, e.To, true}]++
		if e.Relation == Supersedes {
			older[e.From] = append(older[e.From], e.To)
		}
	}
	for _, n := range g.Nodes {
		for _, l := range lists {
			if c := count[end{l.relation, n.Key(), l.backward}]; n.NodeKind() == l.from && c > l.most {
				report(n.Key(), "has %d %s; at most %d are allowed", c, l.what, l.most)
			}
		}
		for _, l := range needed {
			if n.NodeKind() == l.from && count[end{l.relation, n.Key(), false}] == 0 {
				report(n.Key(), "lacks %s", l.what)
			}
		}
		if Reaches(older, n.Key(), n.Key()) {
			report(n.Key(), "supersedes itself, by way of what it supersedes")
		}
	}
	return problems
}

// valid reports whether a cursor can hold the id.
func (id ID) valid() bool {
	return id != "" && utf8.ValidString(string(id)) && !strings.ContainsRune(string(id), 0)
}

func checkValidity(v Validity, report func(string)) {
	if v.From == "" || v.Until == "" {
		report("has no validity")
	} else if v.Until < v.From {
		report(fmt.Sprintf("ends, on %s, before it begins, on %s", v.Until, v.From))
	}
}

// Reaches reports whether to can be reached from from over at least one step.
func Reaches(steps map[ID][]ID, from, to ID) bool {
	seen := map[ID]bool{}
	queue := []ID{from}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, next := range steps[id] {
			if next == to {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}

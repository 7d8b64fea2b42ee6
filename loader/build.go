package loader

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"mandategraph/un"
)

// A builder makes the graph. It never stops at what is wrong: it reports it, and goes on with the best that is left, so
// that the rest is checked too.
type builder struct {
	*log
	bodies    map[string]*un.Body
	documents map[string]*document // by symbol or key
	sessions  map[string]*un.Session
	places    map[un.ID]at // of nodes and edges
	claims    []claim

	provisions map[un.ID]*un.Provision
	duties     map[un.ID]*duty
	order      []*duty
	nodes      map[un.Kind][]un.Node
	edges      []edge
}

// An edge is in force as long as its duty, where it belongs to one.
type edge struct {
	un.Edge
	of *duty
}

func newBuilder(l *log) *builder {
	return &builder{
		log:        l,
		bodies:     map[string]*un.Body{},
		documents:  map[string]*document{},
		sessions:   map[string]*un.Session{},
		places:     map[un.ID]at{},
		provisions: map[un.ID]*un.Provision{},
		duties:     map[un.ID]*duty{},
		nodes:      map[un.Kind][]un.Node{},
	}
}

// build declares what has a name, then states what is said of it.
func (b *builder) build(bodies []bodyFile, documents []documentFile, sessions []sessionsFile) *Facts {
	declaredBodies := make([]*un.Body, len(bodies))
	for i := range bodies {
		declaredBodies[i] = b.declareBody(&bodies[i])
	}
	declaredDocuments := make([]*document, len(documents))
	for i := range documents {
		declaredDocuments[i] = b.declareDocument(&documents[i])
	}
	for i := range sessions {
		b.stateSessions(&sessions[i])
	}
	for i, d := range declaredDocuments {
		b.stateDocument(d, &documents[i])
	}
	for i, body := range declaredBodies {
		b.stateBody(body, &bodies[i])
	}
	for _, d := range declaredDocuments {
		b.stateParagraphs(d)
	}
	b.succession()
	b.validity()
	return &Facts{Graph: b.graph(), claims: b.claims}
}

// graph puts together what was stated, and checks it as a whole.
func (b *builder) graph() un.Graph {
	g := un.Graph{Edges: make([]un.Edge, 0, len(b.edges))}
	for _, id := range slices.Sorted(maps.Keys(b.provisions)) {
		b.nodes[un.KindProvision] = append(b.nodes[un.KindProvision], b.provisions[id])
	}
	slices.SortStableFunc(b.nodes[un.KindProvision], func(p, q un.Node) int {
		return cmp.Compare(p.SortValue("PLACE"), q.SortValue("PLACE"))
	})
	for _, kind := range []un.Kind{
		un.KindBody, un.KindDocument, un.KindProvision, un.KindMandate, un.KindDeadline, un.KindCycle, un.KindSession, un.KindBasis,
	} {
		g.Nodes = append(g.Nodes, b.nodes[kind]...)
	}
	for _, e := range b.edges {
		if e.of != nil {
			e.Validity = *e.of.validity
		}
		g.Edges = append(g.Edges, e.Edge)
	}
	for _, p := range g.Check() {
		b.report(b.places[p.ID], "%s: %s", p.ID, p.Text)
	}
	return g
}

// add takes a node into the graph.
func (b *builder) add(where at, n un.Node) {
	if first, twice := b.places[n.Key()]; twice {
		b.report(where, "%s stands twice; it is in %s:%d too", n.Key(), first.File, first.Line)
		return
	}
	b.places[n.Key()] = where
	b.nodes[n.NodeKind()] = append(b.nodes[n.NodeKind()], n)
}

// join takes an edge into the graph. place tells it from another that joins the same two.
func (b *builder) join(where at, e un.Edge, place string, of *duty) {
	e.ID = un.EdgeID(e.Relation, e.From, e.To, place)
	e.Validity = cmp.Or(e.Validity, un.Always)
	if first, twice := b.places[e.ID]; twice {
		b.report(where, "%s stands twice; it is in %s:%d too", e.ID, first.File, first.Line)
		return
	}
	b.places[e.ID] = where
	b.edges = append(b.edges, edge{e, of})
}

// body finds a body by its key, nil where there is none: the key is missing, or it is wrong, which is reported.
func (b *builder) body(key word) *un.Body { return find(b.log, "body", key, b.bodies) }

func (b *builder) document(name word) *document { return find(b.log, "document", name, b.documents) }

func (b *builder) session(key word) *un.Session { return find(b.log, "session", key, b.sessions) }

func find[T any](l *log, kind string, name word, known map[string]*T) *T {
	found := known[name.Text]
	if found == nil && name.Text != "" {
		meant := name.Text
		if symbol, ok := un.ParseSymbol(meant); ok {
			meant = symbol
		}
		l.report(name.at, "unknown %s %s%s", kind, name, didYouMean(meant, slices.Collect(maps.Keys(known))))
	}
	return found
}

// each finds the bodies of a list, each of which may stand there once.
func (b *builder) each(what string, keys []word) []*un.Body {
	var bodies []*un.Body
	for _, key := range keys {
		body := b.body(key)
		switch {
		case body == nil:
		case slices.Contains(bodies, body):
			b.report(key.at, "%s: %s stands twice", what, key)
		default:
			bodies = append(bodies, body)
		}
	}
	return bodies
}

// key checks a key or slug. Where it is missing or wrong it gives one that nothing else has.
func (b *builder) key(what string, where at, w word) string {
	if w.Text == "" {
		return fmt.Sprintf("?%s:%d", where.File, where.Line)
	}
	if !isKey(w.Text) {
		b.report(w.at, "%s %q must be lower-case letters, digits and single hyphens between them", what, w)
	}
	return w.Text
}

func isKey(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// url checks the address of something on the web.
func (b *builder) url(what string, w word) string {
	u, err := url.Parse(w.Text)
	if w.Text != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(w.Text, " \t\n")) {
		b.report(w.at, "%s %q is no web address; write one like https://docs.un.org/en/A/RES/80/173, with %%20 for a space", what, w)
	}
	return w.Text
}

func texts(words []word) []string {
	var out []string
	for _, w := range words {
		if w.Text != "" {
			out = append(out, w.Text)
		}
	}
	return out
}

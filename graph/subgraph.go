package graph

import (
	"context"
	"errors"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A Subgraph has nodes and the edges between them.
type Subgraph struct {
	Nodes     []*SubgraphNode
	Edges     []*SubgraphEdge
	Truncated bool
}

// A SubgraphNode is a node of an answer that is a graph.
type SubgraphNode struct{ Node Node }

// ID is the node's.
func (n *SubgraphNode) ID() un.ID { return n.Node.Key() }

// Kind says what it is.
func (n *SubgraphNode) Kind() un.Kind { return n.Node.NodeKind() }

// Label is what people call it.
func (n *SubgraphNode) Label() string { return n.Node.Label() }

// A SubgraphEdge is an edge of an answer that is a graph.
type SubgraphEdge struct {
	*un.Edge
	*cohort
}

// Sources prove the edge.
func (e *SubgraphEdge) Sources() []*Source { return e.prove(e.Edge.Sources) }

// A Path leads from its first node to its last.
type Path struct {
	Nodes []*SubgraphNode
	Edges []*SubgraphEdge
}

// Length is how many edges it has.
func (p *Path) Length() int { return len(p.Edges) }

func (c *cohort) subgraph(ctx context.Context, around []un.ID, depth *int, relations []un.Relation, asOf *un.Date) (*Subgraph, error) {
	q := query.Around{Names: around, Depth: 1, Relations: relations, AsOf: c.dayOr(asOf)}
	if depth != nil {
		q.Depth = *depth
	}
	found, err := query.FindSubgraph(ctx, c.Reader, c.names, q)
	if err != nil {
		return nil, err
	}
	nodes, edges := c.drawn(q.AsOf, found.Nodes, found.Edges)
	return &Subgraph{nodes, edges, found.Truncated}, nil
}

func (c *cohort) path(ctx context.Context, from, to un.ID, maxLength *int, relations []un.Relation) (*Path, error) {
	q := query.Between{From: from, To: to, MaxLength: query.MaxLength, Relations: relations}
	if maxLength != nil {
		q.MaxLength = *maxLength
	}
	found, err := query.FindPath(ctx, c.Reader, c.names, q)
	switch {
	case errors.Is(err, query.ErrTooWide):
		return nil, refuse(codeTooComplex, "more than %d objects would have to be looked at; name the relations to follow, or use a smaller maxLength", query.MaxVisited)
	case err != nil || found == nil:
		return nil, err
	}
	nodes, edges := c.drawn("", found.Nodes, found.Edges)
	return &Path{nodes, edges}, nil
}

// drawn puts an answer that is a graph in one cohort: its nodes are asked on, and its facts proved, together.
func (c *cohort) drawn(day un.Date, nodes []un.Node, edges []*un.Edge) ([]*SubgraphNode, []*SubgraphEdge) {
	next := newCohort(c.operation, day, make([]store.Item, 0, len(nodes)+len(edges)))
	drawnNodes, drawnEdges := make([]*SubgraphNode, len(nodes)), make([]*SubgraphEdge, len(edges))
	at := make(map[un.ID]un.Node, len(nodes))
	for i, n := range nodes {
		at[n.Key()] = n
		next.items = append(next.items, store.Item{Node: n})
		drawnNodes[i] = &SubgraphNode{next.wrap(n)}
	}
	for i, e := range edges {
		next.items = append(next.items, store.Item{Node: at[e.To], Edge: e})
		drawnEdges[i] = &SubgraphEdge{e, next}
	}
	c.objects.Add(int64(len(nodes) + len(edges)))
	return drawnNodes, drawnEdges
}

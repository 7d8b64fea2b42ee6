// Package store says what a place that keeps the graph must do. Its interfaces' comments are obligations, which package
// storetest checks on every store; filters and orders are defined here, in Go, and a store that translates them to a
// query language must agree. It imports un alone.
package store

import (
	"context"
	"errors"
	"strings"

	"mandategraph/un"
)

// The kinds of failure. A store wraps exactly one of them, or the context's error, in each error that it returns.
var (
	ErrInvalid     = errors.New("invalid request")          // the caller's mistake; the rest of the message says which
	ErrUnavailable = errors.New("the store is unavailable") // no answer now; perhaps later
	ErrTimeout     = errors.New("the store took too long")
	ErrTooComplex  = errors.New("too much for the store")
	ErrInternal    = errors.New("the store failed")
)

// Mistake is what an error says of the caller's mistake; false where it is none.
func Mistake(err error) (string, bool) {
	if !errors.Is(err, ErrInvalid) {
		return "", false
	}
	return strings.ReplaceAll(err.Error(), ErrInvalid.Error()+": ", ""), true
}

// A Reader reads one load of the graph: whatever Replace does meanwhile, all its answers come from that one. Take one
// for each operation and let it go after. It may be used by several goroutines at once.
type Reader interface {
	// Version names the load: un.Graph.Version of what was loaded, so the same in every store. "" before the first load.
	Version() string
	// Nodes gives the nodes with these ids. Unknown ids are absent.
	Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error)
	// Find gives one page of the nodes of a kind.
	Find(ctx context.Context, s Select) (Page, error)
	// Neighbors takes one hop from many nodes in one round trip and gives each its own page. A node is absent whose page
	// says nothing: no items, no more, no total; so is one that is unknown. Ids that are repeated count once. After
	// belongs to each of them.
	Neighbors(ctx context.Context, from []un.ID, h Hop, s Select) (map[un.ID]Page, error)
}

// A Store keeps one graph and replaces it as a whole.
type Store interface {
	// Snapshot pins the load that is current now.
	Snapshot(ctx context.Context) (Reader, error)
	// Replace puts g in the place of what was there. Readers see the old graph or the new one, never a mixture; when it
	// fails, they go on seeing the old one. g must have no problems (un.Graph.Check) and is not changed afterwards.
	Replace(ctx context.Context, g un.Graph) error
	// Ping says whether the store answers, at once and without retrying.
	Ping(ctx context.Context) error
	// Close lets go of what the store holds. To close it again does nothing.
	Close(ctx context.Context) error
}

// A Page is one page of a list.
type Page struct {
	Items []Item
	More  bool // there is a further page
	Total int  // of all pages, counted only where Select.Total asks; else 0
}

// An Item is one entry of a list: a node, and in a hop the edge that led to it.
type Item struct {
	Key  string // the stored key that ordered it, with the edge's id where items are edges: what a cursor holds
	Node un.Node
	Edge *un.Edge
}

// Proof is what proves the item: the sources of its node and of its edge, and the paragraph of a citation.
func (it Item) Proof() []un.Source {
	all := it.Node.Proof()
	if it.Edge == nil {
		return all
	}
	all = append(all[:len(all):len(all)], it.Edge.Sources...)
	if it.Edge.Citation != nil {
		all = append(all, un.Source{Provision: it.Edge.Citation.Provision})
	}
	return all
}

// Package graph is the GraphQL API. Every type of the schema is a Go type of the same name, here or in un; every field is a
// struct field of un or a one-line method of its wrapper here. It imports query, store and un, and alone imports gqlgen.
package graph

import (
	"fmt"

	"mandategraph/un"
)

// A Node is a node where an operation met it. The schema's interface Node is this one, so that a bare un.Node, which
// leads nowhere, cannot be returned.
type Node interface {
	un.Node
	in() *cohort
}

// wrap puts a node where this cohort stands.
func (c *cohort) wrap(n un.Node) Node {
	switch n := n.(type) {
	case *un.Body:
		return &Body{n, c}
	case *un.Document:
		return &Document{n, c}
	case *un.Provision:
		return &Provision{n, c}
	case *un.Mandate:
		return &Mandate{n, c}
	case *un.Deadline:
		return &Deadline{n, c}
	case *un.ReportingCycle:
		return &ReportingCycle{n, c}
	case *un.Session:
		return &Session{n, c}
	case *un.LegalBasis:
		return &LegalBasis{n, c}
	}
	panic(fmt.Sprintf("graph: no wrapper for %T", n)) // a test wraps every kind
}

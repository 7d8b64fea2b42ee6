package store

import (
	"fmt"
	"slices"
	"strings"

	"mandategraph/un"
)

// A Filter says which nodes are wanted. It is one of And, Or, Not, Cond and Has, and no other: stores translate them.
type Filter interface {
	// Match reports whether the node is wanted. It is the meaning of the filter in every store.
	Match(n un.Node, near Near) bool
	// Check refuses, for nodes of a kind, what no store may see. Its errors wrap ErrInvalid.
	Check(kind un.Kind) error
}

// Near gives the nodes that a hop reaches from a node, whatever their validity.
type Near func(from un.ID, h Hop) []un.Node

type (
	// And keeps what all of its filters keep; everything where it has none.
	And []Filter
	// Or keeps what one of its filters keeps; nothing where it has none.
	Or []Filter
	// Not keeps what its filter does not.
	Not struct{ Filter Filter }
	// Cond compares the values of one field. A node that has none is kept by no operation, nor one where Values is empty.
	Cond struct {
		Field  string
		Op     Op
		Values []string
	}
	// Has keeps what the hop leads from to a node that Where keeps; nil keeps any.
	Has struct {
		Hop   Hop
		Where Filter
	}
)

// An Op is how a condition compares a node's value with its own. Text is compared folded (un.Fold), byte by byte; ids
// are compared as they are.
type Op string

// The operations. All but Is take exactly one value; Known takes none.
const (
	Is       Op = "is"       // equals any of the values
	Contains Op = "contains" // has the value as a part
	Before   Op = "before"   // is less than the value
	From     Op = "from"     // is the value, or greater
	Known    Op = "known"    // has a value
)

// Match reports whether all keep n.
func (f And) Match(n un.Node, near Near) bool {
	for _, f := range f {
		if !f.Match(n, near) {
			return false
		}
	}
	return true
}

// Match reports whether any keeps n.
func (f Or) Match(n un.Node, near Near) bool {
	for _, f := range f {
		if f.Match(n, near) {
			return true
		}
	}
	return false
}

// Match reports whether the filter does not keep n.
func (f Not) Match(n un.Node, near Near) bool { return !f.Filter.Match(n, near) }

// Match reports whether the hop leads from n to a wanted node.
func (f Has) Match(n un.Node, near Near) bool {
	return slices.ContainsFunc(near(n.Key(), f.Hop), func(n un.Node) bool { return f.Where == nil || f.Where.Match(n, near) })
}

// Match reports whether one of n's values passes.
func (f Cond) Match(n un.Node, _ Near) bool {
	values := n.Field(f.Field)
	if f.Op == Known {
		return len(values) > 0
	}
	for _, value := range values {
		value = f.fold(value)
		for _, wanted := range f.Values {
			if f.passes(value, f.fold(wanted)) {
				return true
			}
		}
	}
	return false
}

// fold leaves ids as they are: two ids may differ in case alone.
func (f Cond) fold(s string) string {
	if f.Field == "id" {
		return s
	}
	return un.Fold(s)
}

func (f Cond) passes(value, wanted string) bool {
	switch f.Op {
	case Is:
		return value == wanted
	case Contains:
		return strings.Contains(value, wanted)
	case Before:
		return value < wanted
	case From:
		return value >= wanted
	}
	return false
}

// Check refuses what its filters refuse.
func (f And) Check(kind un.Kind) error { return checkAll(f, kind) }

// Check refuses what its filters refuse.
func (f Or) Check(kind un.Kind) error { return checkAll(f, kind) }

// Check refuses what its filter refuses.
func (f Not) Check(kind un.Kind) error { return checkAll([]Filter{f.Filter}, kind) }

// Check refuses an unknown hop, and what its filter refuses for the hop's kind.
func (f Has) Check(un.Kind) error {
	if err := f.Hop.Check(); err != nil {
		return err
	}
	if f.Where == nil {
		return nil
	}
	return f.Where.Check(f.Hop.Kind)
}

// Check refuses a field that the kind lacks, an unknown operation, and a wrong number of values.
func (f Cond) Check(kind un.Kind) error {
	if !slices.Contains(un.Fields[kind], f.Field) {
		return fmt.Errorf("%w: %s has no field %q", ErrInvalid, kind, f.Field)
	}
	switch f.Op {
	case Is:
		return nil
	case Contains, Before, From:
		if len(f.Values) != 1 {
			return fmt.Errorf("%w: %s %s takes one value, not %d", ErrInvalid, f.Field, f.Op, len(f.Values))
		}
		return nil
	case Known:
		if len(f.Values) != 0 {
			return fmt.Errorf("%w: %s %s takes no value", ErrInvalid, f.Field, f.Op)
		}
		return nil
	}
	return fmt.Errorf("%w: there is no operation %q", ErrInvalid, f.Op)
}

func checkAll(all []Filter, kind un.Kind) error {
	for _, f := range all {
		if f == nil {
			return fmt.Errorf("%w: a filter inside of another is nil", ErrInvalid)
		}
		if err := f.Check(kind); err != nil {
			return err
		}
	}
	return nil
}

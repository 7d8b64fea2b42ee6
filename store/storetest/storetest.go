// Package storetest checks that a store keeps the promises of package store: one suite for every store, without skips
// and without flags for what a store can. It compares all answers with a brute force that is written from the comments
// of package store alone. It imports store and un, and go-cmp to show differences.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"mandategraph/store"
)

// Run checks a store. open gives an empty one, which its t.Cleanup closes. At least so many random graphs are tried, up to
// forty, and as many more as it takes to show every kind of question: forty where a load takes no time, a few where it does.
func Run(t *testing.T, open func(t *testing.T) store.Store, graphs int) {
	for _, c := range Checks(graphs) {
		t.Run(c.Name, func(t *testing.T) {
			if err := c.Run(t.Context(), open(t)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A Check tries some promises on a store that is still empty. Its error says which one is broken, and with which seed.
type Check struct {
	Name string
	Run  func(ctx context.Context, s store.Store) error
}

// Checks are all checks of the suite, in the order in which Run takes them.
func Checks(graphs int) []Check {
	return []Check{
		{"is empty before the first load", emptyBefore},
		{"refuses what is invalid", refuses},
		{"agrees with brute force", func(ctx context.Context, s store.Store) error { return agrees(ctx, s, graphs) }},
		{"gives pages of a hundred", hundreds},
		{"names the graph by its version", versions},
		{"keeps a snapshot through replacements", outlives},
		{"keeps the old graph where a replacement fails", survives},
		{"never mixes two graphs", neverMixes},
		{"answers several goroutines from one reader", shares},
		{"stops where the context has ended", stops},
		{"answers a ping and closes", closes},
	}
}

var (
	kindsOfFailure = []error{store.ErrInvalid, store.ErrUnavailable, store.ErrTimeout, store.ErrTooComplex, store.ErrInternal}
	endsOfContext  = []error{context.Canceled, context.DeadlineExceeded}
)

// failedAs checks that an error is one of those wanted, and of no second kind.
func failedAs(err error, wanted ...error) error {
	if err == nil {
		return errors.New("there is no error")
	}
	var is []error
	for _, kind := range slices.Concat(kindsOfFailure, endsOfContext) {
		if errors.Is(err, kind) {
			is = append(is, kind)
		}
	}
	if len(is) != 1 || !slices.Contains(wanted, is[0]) {
		return fmt.Errorf("the error %q wraps %q; it must wrap exactly one, of %q", err, is, wanted)
	}
	return nil
}

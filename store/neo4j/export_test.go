package neo4j

import (
	"context"
	"time"
)

// Ask runs any text, for tests of what the server does.
func (s *Store) Ask(ctx context.Context, text string, params map[string]any) ([][]any, error) {
	rows, err := s.run(ctx, statement{name: "test", text: text, params: params}, writing)
	out := make([][]any, len(rows))
	for i, r := range rows {
		out[i] = r.Values
	}
	return out, err
}

// Sweep sweeps what is older than the grace.
func (s *Store) Sweep(ctx context.Context, grace, stale time.Duration) error {
	return s.sweep(ctx, grace, stale)
}

// TooOld is what checkVersion asks.
var TooOld = tooOld

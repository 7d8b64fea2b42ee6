package graph

import (
	"context"

	"mandategraph/query"
)

// The types of the schema that are answers of package query as they are.
type (
	DataQuality = query.Quality
	KindCount   = query.Count
)

func (entry) DataQuality(ctx context.Context) (*DataQuality, error) {
	c := start(ctx)
	c.objects.Add(1)
	return c.qualities.Of(ctx, c.Reader)
}

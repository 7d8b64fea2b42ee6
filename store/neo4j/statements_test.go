package neo4j

import (
	"context"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/store"
	"mandategraph/un"
)

// A Statement is a text and its parameters, for tests.
type Statement struct {
	Text   string
	Params map[string]any
}

// FindStatement is what Find sends for the load that is live.
func (s *Store) FindStatement(ctx context.Context, sel store.Select) (Statement, error) {
	l, err := s.live(ctx)
	st := find(l.gen, sel)
	return Statement{st.text, st.params}, err
}

// NeighborsStatement is what Neighbors sends for the load that is live.
func (s *Store) NeighborsStatement(ctx context.Context, from []un.ID, h store.Hop, sel store.Select) (Statement, error) {
	l, err := s.live(ctx)
	st := neighbors(l.gen, from, h, sel)
	return Statement{st.text, st.params}, err
}

// Profile runs a statement and says how the database went about it.
func (s *Store) Profile(ctx context.Context, st Statement) (driver.ProfiledPlan, []*driver.Record, error) {
	r, err := driver.ExecuteQuery(ctx, s.driver, "PROFILE "+st.Text, st.Params, driver.EagerResultTransformer,
		driver.ExecuteQueryWithDatabase(s.database), driver.ExecuteQueryWithReadersRouting())
	if err != nil {
		return nil, nil, err
	}
	return r.Summary.Profile(), r.Records, nil
}

// Schema is what a load makes.
var Schema = schema

// Drop drops the nodes and edges that are kept.
func (s *Store) Drop() {
	s.nodes.Purge()
	s.edges.Purge()
}

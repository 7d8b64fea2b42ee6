package neo4j

import (
	"context"

	"mandategraph/store"
	"mandategraph/un"
)

// The statements that compare.
const (
	strangersText = `RETURN COUNT { (n) }
 - COUNT { (:Mandategraph) } - COUNT { (:MandategraphLoad) } - COUNT { (:MandategraphSwitch) }`
	heldNodesText = `MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
RETURN n.nodeKind, n.id, n.hash`
	heldRelationsText = `MATCH (n:Mandategraph)-[r]->(:Mandategraph) WHERE n.key STARTS WITH $p
RETURN type(r), r.id, r.hash`
)

// Changes are what a load would change against what the database holds, counted by kind of node and by relation.
type Changes struct {
	Held, Loaded string // the versions of the facts; Held is "" before the first load
	Nothing      bool   // a load would write nothing: the same facts are there, in the form that this program reads
	Strangers    int    // nodes in the database that are not ours, and that no statement of ours touches
	Nodes        map[un.Kind]Change
	Relations    map[un.Relation]Change
}

// A Change counts what is new, what says something else, and what is gone.
type Change struct{ Added, Changed, Removed int }

// Any reports whether there is any change.
func (c Change) Any() bool { return c != Change{} }

// Compare says what loading g would change. It writes nothing.
func (s *Store) Compare(ctx context.Context, g un.Graph) (Changes, error) {
	c := Changes{Loaded: g.Version(), Nodes: map[un.Kind]Change{}, Relations: map[un.Relation]Change{}}
	live, err := s.live(ctx)
	if err != nil {
		return c, err
	}
	c.Held, c.Nothing = live.hash, live.holds(c.Loaded)
	values, err := s.one(ctx, statement{name: "strangers", text: strangersText}, reading)
	if err != nil {
		return c, err
	}
	strangers, _ := values[0].(int64)
	c.Strangers = int(strangers)
	held := map[un.Kind]map[string]string{}
	relations := map[un.Relation]map[string]string{}
	if live.gen != 0 && c.Held != c.Loaded {
		p := map[string]any{"p": prefix(live.gen)}
		if err := s.hashes(ctx, statement{name: "hashes", text: heldNodesText, params: p}, func(kind, id, hash string) { put(held, un.Kind(kind), id, hash) }); err != nil {
			return c, err
		}
		if err := s.hashes(ctx, statement{name: "hashes", text: heldRelationsText, params: p}, func(kind, id, hash string) { put(relations, un.Relation(kind), id, hash) }); err != nil {
			return c, err
		}
	}
	if live.gen != 0 && c.Held == c.Loaded {
		return c, nil
	}
	for _, n := range g.Nodes {
		row, err := encodeNode(0, n)
		if err != nil {
			return c, err
		}
		hash, _ := row["hash"].(string)
		count(c.Nodes, held, n.NodeKind(), string(n.Key()), hash)
	}
	for _, e := range g.Edges {
		row, err := encodeEdge(e)
		if err != nil {
			return c, err
		}
		hash, _ := row["hash"].(string)
		count(c.Relations, relations, e.Relation, string(e.ID), hash)
	}
	gone(c.Nodes, held)
	gone(c.Relations, relations)
	return c, nil
}

func (s *Store) hashes(ctx context.Context, st statement, each func(kind, id, hash string)) error {
	rows, err := s.run(ctx, st, reading)
	for _, r := range rows {
		var texts [3]string
		for i := range texts {
			texts[i], _ = r.Values[i].(string)
		}
		each(texts[0], texts[1], texts[2])
	}
	return err
}

func put[K comparable](all map[K]map[string]string, kind K, id, hash string) {
	if all[kind] == nil {
		all[kind] = map[string]string{}
	}
	all[kind][id] = hash
}

// count compares one fact with what is held, and takes it from there.
func count[K comparable](changes map[K]Change, held map[K]map[string]string, kind K, id, hash string) {
	c := changes[kind]
	switch old, known := held[kind][id]; {
	case !known:
		c.Added++
	case old != hash:
		c.Changed++
	}
	delete(held[kind], id)
	if c.Any() {
		changes[kind] = c
	}
}

// gone counts what is held and was not loaded.
func gone[K comparable](changes map[K]Change, held map[K]map[string]string) {
	for kind, left := range held {
		if len(left) > 0 {
			c := changes[kind]
			c.Removed = len(left)
			changes[kind] = c
		}
	}
}

// Usable says why a database cannot be loaded, nil where it can: it must answer, let us in, and be new enough.
func (s *Store) Usable(ctx context.Context) error {
	if err := s.Ping(ctx); err != nil {
		return err
	}
	return s.checkVersion(ctx)
}

// Ready says why a server cannot serve from the database, nil where it can: it must be usable, and have facts.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.Usable(ctx); err != nil {
		return err
	}
	live, err := s.live(ctx)
	switch {
	case err != nil:
		return err
	case live.gen == 0:
		return &Failure{kind: store.ErrUnavailable, Mend: "the database holds no facts; fill it with `mandategraph load`"}
	}
	return live.readable()
}

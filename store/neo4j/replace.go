package neo4j

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mandategraph/store"
	"mandategraph/un"
)

// How a load writes, and when what it wrote is swept.
const (
	batch = 5_000           // rows of a transaction
	grace = 5 * time.Minute // a generation that is no longer live is kept this long: longer than any operation
	stale = 2 * time.Minute // a load that has not shown life so long is dead
)

// The statements of a load.
const (
	// beginText takes a number of its own, also with two loads at once: the lock on the switch orders them.
	beginText = `MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.last = coalesce(s.last, 0) + 1
CREATE (:MandategraphLoad {gen: s.last, hash: $hash, form: $form, state: 'writing', beat: timestamp()})
RETURN s.last`
	// beatText begins each statement that writes rows: it shows life, and writes nothing once the load was given up as dead.
	beatText = `MATCH (l:MandategraphLoad {gen: $gen, state: 'writing'})
SET l.beat = timestamp()
WITH l
UNWIND $rows AS row
`
	countText = `MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
RETURN count(n), sum(COUNT { (n)-->(:Mandategraph) })`
	switchText = `MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.at = timestamp()
WITH s MATCH (l:MandategraphLoad {gen: $gen, state: 'writing'})
OPTIONAL MATCH (old:MandategraphLoad {state: 'live'})
SET l += $counts, l.state = 'live', l.loaded = datetime(), old.state = 'old', old.beat = timestamp(), s.current = $gen
RETURN count(*)`
	sweepText = `MATCH (s:MandategraphSwitch {id: 'graph'})
SET s.at = timestamp()
WITH s MATCH (l:MandategraphLoad)
WHERE l.state = 'dead' OR l.state = 'old' AND l.beat < timestamp() - $grace OR l.state = 'writing' AND l.beat < timestamp() - $stale
SET l.state = 'dead'
RETURN l.gen`
	giveUpText = `MATCH (l:MandategraphLoad {gen: $gen}) WHERE l.state <> 'live'
SET l.state = 'dead'`
	dropText = `MATCH (l:MandategraphLoad {gen: $gen, state: 'dead'})
MATCH (n:Mandategraph) WHERE n.key STARTS WITH $p
WITH n LIMIT $batch
DETACH DELETE n
RETURN count(*)`
	formsText = `MATCH (l:MandategraphLoad) WHERE coalesce(l.form, 0) <> $form
RETURN count(l)`
	indexesText = `SHOW INDEXES YIELD name, properties, labelsOrTypes, owningConstraint
WHERE name STARTS WITH 'mandategraph_' AND labelsOrTypes = ['Mandategraph'] AND owningConstraint IS NULL
RETURN name, reduce(text = head(properties), property IN tail(properties) | text + ', ' + property)`
	droppedText = `MATCH (l:MandategraphLoad {gen: $gen, state: 'dead'})
DELETE l`
)

// nodesOf writes nodes of a kind.
func nodesOf(kind un.Kind) string {
	return beatText + fmt.Sprintf("CREATE (n:Mandategraph:%s) SET n = row\nRETURN count(*)", labels[kind])
}

// relationsOf writes relations, whose name must be of the closed table.
func relationsOf(r un.Relation) string {
	return beatText + fmt.Sprintf("MATCH (a:Mandategraph {key: row.from}) MATCH (b:Mandategraph {key: row.to})\nCREATE (a)-[r:%s]->(b) SET r = row.facts\nRETURN count(*)", r)
}

// Progress is how far a load has come.
type Progress struct {
	Nodes, AllNodes         int
	Relations, AllRelations int
	Unchanged               bool // the database holds these facts already: nothing was written
}

// Replace loads g, unless the database holds the same facts in the same form already.
func (s *Store) Replace(ctx context.Context, g un.Graph) error {
	return s.Load(ctx, g, func(Progress) {})
}

// Load is Replace that tells how far it has come. Two loads at once do not disturb each other: the one that ends last wins.
func (s *Store) Load(ctx context.Context, g un.Graph, tell func(Progress)) error {
	if err := ctx.Err(); err != nil {
		return wrap(ctx, "load", err)
	}
	if problems := g.Check(); len(problems) > 0 {
		return fmt.Errorf("%w: the graph has %d problems; the first: %s %s", store.ErrInvalid, len(problems), problems[0].ID, problems[0].Text)
	}
	if err := s.prepare(ctx); err != nil {
		return err
	}
	live, err := s.live(ctx)
	if err != nil {
		return err
	}
	p := Progress{AllNodes: len(g.Nodes), AllRelations: len(g.Edges)}
	hash := g.Version()
	if live.holds(hash) {
		p.Unchanged = true
		tell(p)
		return s.sweep(ctx, grace, stale)
	}
	l, err := s.begin(ctx, hash)
	if err != nil {
		return err
	}
	if err = l.write(ctx, g, p, tell); err == nil {
		err = l.publish(ctx, g)
	}
	if err != nil {
		return errors.Join(err, s.drop(context.WithoutCancel(ctx), l.gen))
	}
	s.forget()
	return s.sweep(ctx, grace, stale)
}

// indexes are the columns of our indexes, by name. Names end with the form, since IF NOT EXISTS goes by the name alone.
func indexes() map[string][]string {
	all := map[string][]string{fmt.Sprintf("mandategraph_id_%d", form): {"id", "gen"}} // for people: docs/graph-model.md
	for kind, orders := range un.Orders {
		for _, order := range orders {
			for _, desc := range []bool{false, true} {
				sort := sortProperty(kind, order, desc)
				all[fmt.Sprintf("mandategraph_%s_%d", sort, form)] = columns(kind, sort)
			}
		}
	}
	return all
}

// schema makes the constraints and indexes. Their names begin with mandategraph_.
func schema() []string {
	texts := []string{
		"CREATE CONSTRAINT mandategraph_key IF NOT EXISTS FOR (n:Mandategraph) REQUIRE n.key IS UNIQUE",
		"CREATE CONSTRAINT mandategraph_switch IF NOT EXISTS FOR (s:MandategraphSwitch) REQUIRE s.id IS UNIQUE",
		"CREATE CONSTRAINT mandategraph_load IF NOT EXISTS FOR (l:MandategraphLoad) REQUIRE l.gen IS UNIQUE",
	}
	all := indexes()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		texts = append(texts, fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:Mandategraph) ON (n.%s)", name, strings.Join(all[name], ", n.")))
	}
	return texts
}

// prepare makes the schema, and the one switch. It may be repeated.
func (s *Store) prepare(ctx context.Context) error {
	for _, text := range append(schema(), "MERGE (s:MandategraphSwitch {id: 'graph'})", "CALL db.awaitIndexes(300)") {
		if _, err := s.run(ctx, statement{name: "schema", text: text}, writing); err != nil {
			return err
		}
	}
	return nil
}

// A loading is one generation while it is written.
type loading struct {
	*Store
	gen int64
}

// begin takes a number of its own, also with two loads at once: the lock on the switch orders them.
func (s *Store) begin(ctx context.Context, hash string) (*loading, error) {
	values, err := s.one(ctx, statement{name: "begin", text: beginText, params: map[string]any{"hash": hash, "form": form}}, writing)
	if err != nil {
		return nil, err
	}
	gen, _ := values[0].(int64)
	return &loading{s, gen}, nil
}

// write writes all nodes, then all relations, in batches of one kind.
func (l *loading) write(ctx context.Context, g un.Graph, p Progress, tell func(Progress)) error {
	nodes := map[un.Kind][]any{}
	for _, n := range g.Nodes {
		row, err := encodeNode(l.gen, n)
		if err != nil {
			return fmt.Errorf("%w: neo4j: node %s: %w", store.ErrInternal, n.Key(), err)
		}
		nodes[n.NodeKind()] = append(nodes[n.NodeKind()], row)
	}
	for _, kind := range slices.Sorted(maps.Keys(nodes)) {
		text := nodesOf(kind)
		for rows := range slices.Chunk(nodes[kind], batch) {
			if err := l.send(ctx, "write "+string(kind), text, rows); err != nil {
				return err
			}
			p.Nodes += len(rows)
			tell(p)
		}
	}
	edges := map[un.Relation][]any{}
	for _, e := range g.Edges {
		row, err := encodeEdge(e)
		if err != nil {
			return fmt.Errorf("%w: neo4j: relation %s: %w", store.ErrInternal, e.ID, err)
		}
		edges[e.Relation] = append(edges[e.Relation], map[string]any{"from": nodeKey(l.gen, e.From), "to": nodeKey(l.gen, e.To), "facts": row})
	}
	for _, relation := range slices.Sorted(maps.Keys(edges)) {
		if _, known := un.JoinOf(relation); !known {
			return fmt.Errorf("%w: neo4j: there is no relation %q", store.ErrInvalid, relation)
		}
		text := relationsOf(relation)
		for rows := range slices.Chunk(edges[relation], batch) {
			if err := l.send(ctx, "write "+string(relation), text, rows); err != nil {
				return err
			}
			p.Relations += len(rows)
			tell(p)
		}
	}
	return nil
}

// send writes a batch, which must be written whole.
func (l *loading) send(ctx context.Context, name, text string, rows []any) error {
	values, err := l.one(ctx, statement{name: name, text: text, params: map[string]any{"rows": rows, "gen": l.gen}}, writing)
	if err == nil && values[0] != int64(len(rows)) {
		err = fmt.Errorf("%w: neo4j: %s: %v of %d rows were written: the load was given up as dead, or its nodes are gone", store.ErrInternal, name, values[0], len(rows))
	}
	return err
}

// publish counts what was written, and changes readers over to it: the one moment.
func (l *loading) publish(ctx context.Context, g un.Graph) error {
	p := map[string]any{"gen": l.gen, "p": prefix(l.gen)}
	// A batch that was repeated after a lost acknowledgement would have doubled its relations.
	values, err := l.one(ctx, statement{name: "count", text: countText, params: p}, reading)
	if err != nil {
		return err
	}
	if values[0] != int64(len(g.Nodes)) || values[1] != int64(len(g.Edges)) {
		return fmt.Errorf("%w: neo4j: %v nodes and %v relations were written, of %d and %d", store.ErrInternal, values[0], values[1], len(g.Nodes), len(g.Edges))
	}
	counts := map[string]int{}
	for _, n := range g.Nodes {
		counts["nodes"+string(n.NodeKind())]++
	}
	p["counts"] = counts
	values, err = l.one(ctx, statement{name: "switch", text: switchText, params: p}, writing)
	if err == nil && values[0] == int64(0) {
		err = fmt.Errorf("%w: neo4j: the load was given up as dead before it ended", store.ErrInternal)
	}
	return err
}

func prefix(gen int64) string { return strconv.FormatInt(gen, 10) + "|" }

// sweep deletes the generations that nobody reads or writes any more, and then the indexes that no generation needs.
func (s *Store) sweep(ctx context.Context, grace, stale time.Duration) error {
	rows, err := s.run(ctx, statement{name: "sweep", text: sweepText, params: map[string]any{"grace": grace.Milliseconds(), "stale": stale.Milliseconds()}}, writing)
	if err != nil {
		return err
	}
	for _, row := range rows {
		gen, _ := row.Values[0].(int64)
		if err := s.drop(ctx, gen); err != nil {
			return err
		}
	}
	return s.dropIndexes(ctx)
}

// dropIndexes drops those of our indexes that this form has not, once no load of another form is left to read by them.
func (s *Store) dropIndexes(ctx context.Context) error {
	values, err := s.one(ctx, statement{name: "forms", text: formsText, params: map[string]any{"form": form}}, reading)
	if err != nil || values[0] != int64(0) {
		return err
	}
	rows, err := s.run(ctx, statement{name: "indexes", text: indexesText}, reading)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, columns := range indexes() {
		wanted[strings.Join(columns, ", ")] = true
	}
	for _, row := range rows {
		name, _ := row.Values[0].(string)
		if columns, _ := row.Values[1].(string); wanted[columns] {
			continue // also under the name of another form: there is one index for the same columns
		}
		text := "DROP INDEX `" + strings.ReplaceAll(name, "`", "``") + "` IF EXISTS"
		if _, err := s.run(ctx, statement{name: "drop index", text: text}, writing); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes one generation in batches, its mark last.
func (s *Store) drop(ctx context.Context, gen int64) error {
	p := map[string]any{"gen": gen, "p": prefix(gen), "batch": batch}
	if _, err := s.run(ctx, statement{name: "give up", text: giveUpText, params: p}, writing); err != nil {
		return err
	}
	for {
		values, err := s.one(ctx, statement{name: "drop", text: dropText, params: p}, writing)
		if err != nil {
			return err
		}
		if values[0] == int64(0) {
			break
		}
	}
	_, err := s.run(ctx, statement{name: "dropped", text: droppedText, params: p}, writing)
	return err
}

package neo4j_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store"
	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
	"mandategraph/store/storetest"
	"mandategraph/un"
)

func TestMain(m *testing.M) {
	if os.Getenv("LOADER_URI") != "" { // this binary is a loader that the test kills
		os.Exit(loader())
	}
	os.Exit(neo4jtest.Main(m))
}

// open is a store over the shared server.
func open(t *testing.T, server *neo4jtest.Server) *neo4j.Store {
	t.Helper()
	s, err := neo4j.Open(neo4j.Options{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func empty(t *testing.T) (*neo4j.Store, *neo4jtest.Server) {
	t.Helper()
	server := neo4jtest.Need(t)
	server.Empty(t)
	return open(t, server), server
}

func TestContract(t *testing.T) {
	server := neo4jtest.Need(t)
	server.Empty(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		server.Clear(t)
		return open(t, server)
	}, 1)
}

// stamped is a graph of which every node carries n, with as many nodes as n tells.
func stamped(n int) un.Graph {
	var g un.Graph
	proof := []un.Source{{Document: "document:d"}}
	title := "load " + strconv.Itoa(n)
	count := 300 + 10*n
	for i := range count {
		body, mandate := un.ID(fmt.Sprintf("body:%d", i)), un.ID(fmt.Sprintf("mandate:d#%d/m", i))
		provision := un.ID(fmt.Sprintf("provision:d#%d", i))
		g.Nodes = append(g.Nodes,
			&un.Body{Record: un.Record{ID: body, Validity: un.Always, Sources: proof}, Names: map[un.Language]string{un.English: title}, Kind: "FORUM", Standing: un.Fact},
			&un.Mandate{Record: un.Record{ID: mandate, Validity: un.Always, Sources: proof}, Title: title, Verb: "DECIDES", Kind: "OTHER"},
			&un.Provision{Record: un.Record{ID: provision, Validity: un.Always}, Number: strconv.Itoa(i), Position: title})
		for _, e := range []un.Edge{
			{Relation: un.Holds, From: body, To: mandate}, {Relation: un.ConferredBy, From: mandate, To: provision}, {Relation: un.ProvisionOf, From: provision, To: "document:d"},
		} {
			e.ID, e.Validity = un.EdgeID(e.Relation, e.From, e.To, ""), un.Always
			g.Edges = append(g.Edges, e)
		}
	}
	g.Nodes = append(g.Nodes, &un.Document{Record: un.Record{ID: "document:d", Validity: un.Always}, Title: title, Type: "OTHER"})
	return g
}

// loader loads one stamped graph, in a process of its own.
func loader() int {
	n, err := strconv.Atoi(os.Getenv("LOADER_N"))
	if err != nil {
		return 2
	}
	s, err := neo4j.Open(neo4j.Options{URI: os.Getenv("LOADER_URI"), Username: os.Getenv("LOADER_USERNAME"), Password: os.Getenv("LOADER_PASSWORD"), Database: os.Getenv("LOADER_DATABASE")})
	if err != nil {
		return 2
	}
	defer s.Close(context.Background())
	if err := s.Replace(context.Background(), stamped(n)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func startLoader(t *testing.T, server *neo4jtest.Server, n int) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LOADER_URI="+server.URI, "LOADER_USERNAME="+server.Username, "LOADER_PASSWORD="+server.Password,
		"LOADER_DATABASE="+server.Database, "LOADER_N="+strconv.Itoa(n))
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// readAll reads a whole load in pages and hops, and says which one it was; an error where it is mixed or not whole.
func readAll(ctx context.Context, s store.Store) (stamp string, err error) {
	r, err := s.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	nodes := 0
	see := func(title string) {
		nodes++
		if stamp == "" {
			stamp = title
		}
		if title != stamp {
			err = fmt.Errorf("a mixture of %s and %s", stamp, title)
		}
	}
	var bodies []un.ID
	sel := store.Select{Kind: un.KindBody, First: store.MaxFirst, Total: true}
	for {
		p, failed := r.Find(ctx, sel)
		if failed != nil {
			return "", failed
		}
		for _, item := range p.Items {
			see(item.Node.Label())
			bodies = append(bodies, item.Node.Key())
			sel.After = sel.CursorAt(nil, item.Key)
		}
		if !p.More {
			if p.Total != len(bodies) {
				err = errors.Join(err, fmt.Errorf("%d bodies, of a total of %d", len(bodies), p.Total))
			}
			break
		}
	}
	held, failed := r.Neighbors(ctx, bodies, store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}, store.Select{Kind: un.KindMandate, First: 2})
	if failed != nil {
		return "", failed
	}
	for _, p := range held {
		for _, item := range p.Items {
			see(item.Node.Label())
		}
	}
	documents, failed := r.Nodes(ctx, []un.ID{"document:d"})
	if failed != nil {
		return "", failed
	}
	for _, n := range documents {
		see(n.Label())
	}
	var n int
	if _, failed := fmt.Sscanf(stamp, "load %d", &n); failed != nil || nodes != 2*(300+10*n)+1 {
		err = errors.Join(err, fmt.Errorf("%s has %d nodes, not %d", stamp, nodes, 2*(300+10*n)+1))
	}
	if err == nil && r.Version() != stamped(n).Version() {
		err = fmt.Errorf("%s has another version than its facts", stamp)
	}
	return stamp, err
}

// TestReadersSeeNoMixture reads without pause during twenty loads, ten of which are killed somewhere in the middle, by
// processes of their own, at times two at once.
func TestReadersSeeNoMixture(t *testing.T) {
	s, server := empty(t)
	if err := s.Replace(t.Context(), stamped(0)); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var reading sync.WaitGroup
	answers, seen := 0, map[string]bool{}
	reading.Go(func() {
		other := open(t, server)
		for {
			select {
			case <-stop:
				return
			default:
			}
			stamp, err := readAll(t.Context(), other)
			if err != nil {
				t.Error(err)
				return
			}
			answers++
			seen[stamp] = true
		}
	})
	r := rand.New(rand.NewPCG(1, 2))
	var typical time.Duration
	ended, killed := 0, 0
	for n := 1; ended < 20 || killed < 10; n++ {
		begin := time.Now()
		c := startLoader(t, server, n)
		switch {
		case n%2 == 0 && killed < 10: // killed
			time.Sleep(time.Duration(r.Int64N(int64(typical) + 1)))
			_ = c.Process.Kill()
			if c.Wait() != nil {
				killed++
			} else {
				ended++
			}
		case n%5 == 0: // two at once: the one that ends last wins
			n++
			d := startLoader(t, server, n)
			for _, c := range []*exec.Cmd{c, d} {
				if err := c.Wait(); err != nil {
					t.Error("a loader failed:", err)
				}
				ended++
			}
		default:
			if err := c.Wait(); err != nil {
				t.Error("a loader failed:", err)
			}
			ended++
			typical = time.Since(begin)
			seesWithin(t, server, s, stamped(n).Version())
		}
	}
	close(stop)
	reading.Wait()
	if answers < 10 || len(seen) < 5 {
		t.Errorf("only %d answers of %d loads during the loads", answers, len(seen))
	}
	t.Logf("%d loads ended, %d were killed; %d answers of %d different loads", ended, killed, answers, len(seen))

	// What was killed is invisible, and swept once it has shown no life for long enough.
	if err := s.Sweep(t.Context(), 0, 0); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Ask(t.Context(), "MATCH (n:Mandategraph) RETURN count(DISTINCT n.gen), COUNT { (:MandategraphLoad) }", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]any{{int64(1), int64(1)}}, rows); diff != "" {
		t.Errorf("generations left after a sweep (-want +got):\n%s", diff)
	}
	if _, err := readAll(t.Context(), s); err != nil {
		t.Error("after the sweep:", err)
	}
}

// seesWithin wants another store, in this process, to see what another process has loaded within two seconds.
func seesWithin(t *testing.T, server *neo4jtest.Server, s store.Store, version string) {
	t.Helper()
	for by := time.Now().Add(2 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r.Version() == version {
			return
		}
		if time.Now().After(by) {
			t.Fatalf("the new load was not seen within two seconds")
		}
	}
}

// TestStrangersAreLeftAlone keeps nodes of somebody else in the same database, made to look like ours.
func TestStrangersAreLeftAlone(t *testing.T) {
	s, _ := empty(t)
	if _, err := s.Ask(t.Context(), `CREATE (d:Deadline {title: 'a stranger', sort: '1|0', sort_deadline_due: '1|02026-01-01', key: '1|deadline:stranger', id: 'deadline:stranger', gen: 1, nodeKind: 'DEADLINE', json: '{}'})
CREATE (b:Body {name: 'a stranger', sort_body_name: '1|0a', id: 'body:0'})-[:HOLDS {id: 'x'}]->(d)
CREATE (:Load {gen: 1, state: 'live', hash: 'stranger'}), (:Switch {id: 'graph', current: 1})`, nil); err != nil {
		t.Fatal(err)
	}
	const look = "MATCH (n) WHERE n:Load OR n:Switch OR n.title = 'a stranger' OR n.name = 'a stranger' RETURN labels(n), properties(n), COUNT { (n)--() } ORDER BY labels(n)[0]"
	before, err := s.Ask(t.Context(), look, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		if err := s.Replace(t.Context(), stamped(n)); err != nil {
			t.Fatal(err)
		}
		if _, err := readAll(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	changes, err := s.Compare(t.Context(), stamped(7))
	if err != nil || changes.Strangers != 4 {
		t.Errorf("%d strangers were found, want 4: %v", changes.Strangers, err)
	}
	if err := s.Sweep(t.Context(), 0, 0); err != nil {
		t.Fatal(err)
	}
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found, err := r.Nodes(t.Context(), []un.ID{"deadline:stranger"})
	if err != nil || len(found) > 0 {
		t.Errorf("a stranger was read: %v %v", found, err)
	}
	p, err := r.Find(t.Context(), store.Select{Kind: un.KindDeadline, First: 10, Total: true})
	if err != nil || len(p.Items) > 0 || p.Total > 0 {
		t.Errorf("a stranger was found: %v %v", p, err)
	}
	after, err := s.Ask(t.Context(), look, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("strangers changed (-before +after):\n%s", diff)
	}
}

// TestOtherForm makes of a load one that another version of the program wrote: it is not read, and the same facts are written
// again. Its indexes go when nobody is left to read by them.
func TestOtherForm(t *testing.T) {
	s, server := empty(t)
	g := stamped(0)
	ask := func(text string) [][]any {
		t.Helper()
		rows, err := s.Ask(t.Context(), text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	ask("MATCH (l:MandategraphLoad {state: 'live'}) REMOVE l.form")
	ask("CREATE INDEX mandategraph_sort_deadline_due_0 FOR (n:Mandategraph) ON (n.sort_deadline_due, n.f_gone)")
	ask("CREATE INDEX strangers FOR (n:Mandategraph) ON (n.stranger)")
	other := open(t, server)
	mend := "loaded by another version of this program"
	_, err := other.Snapshot(t.Context())
	wantFailure(t, "snapshot", err, store.ErrUnavailable, mend)
	wantFailure(t, "serve", other.Ready(t.Context()), store.ErrUnavailable, mend)
	stale := "SHOW INDEXES YIELD name WHERE name IN ['mandategraph_sort_deadline_due_0', 'strangers'] RETURN name ORDER BY name"
	if c, err := other.Compare(t.Context(), g); err != nil || c.Nothing || c.Held != c.Loaded || len(c.Nodes) > 0 {
		t.Errorf("%+v %v", c, err)
	}
	var told []neo4j.Progress
	if err := other.Load(t.Context(), g, func(p neo4j.Progress) { told = append(told, p) }); err != nil {
		t.Fatal(err)
	}
	if len(told) == 0 || told[0].Unchanged {
		t.Errorf("the same facts in another form were not written: %v", told)
	}
	if rows := ask(stale); len(rows) != 2 {
		t.Errorf("indexes that the old load is read by were dropped: %v are left", rows)
	}
	if _, err := readAll(t.Context(), other); err != nil {
		t.Error(err)
	}
	if c, err := other.Compare(t.Context(), g); err != nil || !c.Nothing {
		t.Errorf("%+v %v", c, err)
	}
	before := ask("SHOW INDEXES YIELD name WHERE name STARTS WITH 'mandategraph_' RETURN count(*)")[0][0].(int64)
	if err := other.Sweep(t.Context(), 0, 0); err != nil {
		t.Fatal(err)
	}
	after := ask("SHOW INDEXES YIELD name WHERE name STARTS WITH 'mandategraph_' RETURN count(*)")[0][0].(int64)
	if rows := ask(stale); len(rows) != 1 || rows[0][0] != "strangers" || after != before-1 {
		t.Errorf("of %d indexes %d are left, among them %v", before, after, rows)
	}
	if _, err := readAll(t.Context(), other); err != nil {
		t.Error(err)
	}
}

// TestCompareCountsByKind adds, changes and removes, and the same facts again write nothing.
func TestCompareCountsByKind(t *testing.T) {
	s, _ := empty(t)
	old := stamped(0)
	compare := func(g un.Graph) neo4j.Changes {
		t.Helper()
		c, err := s.Compare(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := compare(old); c.Held != "" || c.Nodes[un.KindBody] != (neo4j.Change{Added: 300}) || c.Relations[un.Holds] != (neo4j.Change{Added: 300}) {
		t.Errorf("against nothing: %+v", c)
	}
	if err := s.Replace(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if c := compare(old); c.Held != c.Loaded || len(c.Nodes) > 0 || len(c.Relations) > 0 {
		t.Errorf("against itself: %+v", c)
	}
	fresh := stamped(0)
	fresh.Nodes = slices.DeleteFunc(fresh.Nodes, func(n un.Node) bool { return n.Key() == "body:7" })
	fresh.Edges = slices.DeleteFunc(fresh.Edges, func(e un.Edge) bool { return e.From == "body:7" })
	fresh.Nodes[0].(*un.Body).Acronym = "NEW"
	fresh.Edges[0].Role = "new"
	fresh.Nodes = append(fresh.Nodes, &un.Body{Record: un.Record{ID: "body:new", Validity: un.Always, Sources: []un.Source{{Document: "document:d"}}}, Names: map[un.Language]string{un.English: "New"}})
	want := neo4j.Changes{
		Held: old.Version(), Loaded: fresh.Version(),
		Nodes:     map[un.Kind]neo4j.Change{un.KindBody: {Added: 1, Changed: 1, Removed: 1}},
		Relations: map[un.Relation]neo4j.Change{un.Holds: {Changed: 1, Removed: 1}},
	}
	if diff := cmp.Diff(want, compare(fresh)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	generations := func() any {
		rows, err := s.Ask(t.Context(), "MATCH (s:MandategraphSwitch) RETURN s.last, s.current", nil)
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	before := generations()
	var told []neo4j.Progress
	if err := s.Load(t.Context(), old, func(p neo4j.Progress) { told = append(told, p) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, generations()); diff != "" || len(told) != 1 || !told[0].Unchanged {
		t.Errorf("the same facts were written again: %v\n%s", told, diff)
	}
}

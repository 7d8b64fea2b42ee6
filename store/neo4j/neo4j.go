// Package neo4j keeps the graph in a Neo4j database, 5.6 or later, beside whatever else is there: its nodes carry
// the label Mandategraph, and no statement reads or changes others. It imports store and un, and alone imports the driver.
//
// A load writes immutable nodes and relations of its own generation, then flips one pointer; readers read one generation.
// So readers see the old graph or the new one, whatever is killed, and what was read of a generation may be kept for ever.
package neo4j

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"mandategraph/store"
	"mandategraph/un"
)

// Options say where the database is.
type Options struct {
	URI                string // bolt://host:7687, or neo4j:// for routing; +s for TLS
	Username, Password string // without a username the server's authentication must be off
	Database           string // the server's default where empty
	KeptPages          int    // how many pages of lists are kept: 20,000 where 0, none where negative

	// Trace is told of each statement before it is sent; nil tells nobody. It must be quick and may be called by several
	// goroutines at once.
	Trace func(name, text string, params map[string]any)
}

// How long things take at most, and how long an answer about the current load is believed.
const (
	connectTimeout = 2 * time.Second
	acquireTimeout = 3 * time.Second
	retryTime      = 3 * time.Second
	fresh          = time.Second
)

// How many decoded nodes, relations, pages, totals and texts are kept.
const (
	keptNodes  = 50_000
	keptEdges  = 100_000
	keptPages  = 20_000
	keptTotals = 5_000
	keptTexts  = 1_000
)

// A Store is a graph in a Neo4j database.
type Store struct {
	driver   driver.DriverWithContext
	database string
	trace    func(name, text string, params map[string]any)
	nodes    *lru.Cache[string, un.Node]    // by the facts' hash and id
	edges    *lru.Cache[string, *un.Edge]   // likewise
	pages    *lru.Cache[string, store.Page] // by the facts' hash, statement and parent; nil where none is kept
	totals   *lru.Cache[string, int]        // by the facts' hash and statement
	known    *lru.Cache[string, struct{}]   // statements' texts that last gave nothing that was not kept

	mu      sync.Mutex
	current load
	until   time.Time // how long current is believed
}

var _ store.Store = (*Store)(nil)

// Open prepares a store. It does not connect; Ping does. Its error is a URI that is none.
func Open(o Options) (*Store, error) {
	auth := driver.NoAuth()
	if o.Username != "" {
		auth = driver.BasicAuth(o.Username, o.Password, "")
	}
	d, err := driver.NewDriverWithContext(o.URI, auth, func(c *config.Config) {
		c.MaxTransactionRetryTime = retryTime
		c.SocketConnectTimeout = connectTimeout
		c.ConnectionAcquisitionTimeout = acquireTimeout
		c.MaxConnectionPoolSize = 50
		c.UserAgent = "mandategraph"
	})
	if err != nil {
		return nil, fmt.Errorf("%w: neo4j: %w", store.ErrInvalid, err)
	}
	s := &Store{driver: d, database: o.Database, trace: o.Trace}
	s.nodes, _ = lru.New[string, un.Node](keptNodes) // fails for a size below one alone
	s.edges, _ = lru.New[string, *un.Edge](keptEdges)
	if o.KeptPages >= 0 {
		s.pages, _ = lru.New[string, store.Page](cmp.Or(o.KeptPages, keptPages))
	}
	s.totals, _ = lru.New[string, int](keptTotals)
	s.known, _ = lru.New[string, struct{}](keptTexts)
	return s, nil
}

// Ping asks whether the database answers, without retrying.
func (s *Store) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return wrap(ctx, "ping", err)
	}
	if err := s.driver.VerifyConnectivity(ctx); err != nil {
		return wrap(ctx, "ping", err)
	}
	_, err := s.run(ctx, statement{name: "ping", text: "RETURN 1"}, reading)
	return err
}

// Close lets the connections go.
func (s *Store) Close(ctx context.Context) error {
	if err := s.driver.Close(ctx); err != nil {
		return wrap(ctx, "close", err)
	}
	return nil
}

// A statement is a query text and its parameters. Texts are made of closed tables alone, values are parameters.
type statement struct {
	name, text string
	ids        string // of a list: the same that gives ids alone
	params     map[string]any
}

// access says what a statement does.
type access bool

const (
	reading access = false
	writing access = true
)

// run sends one statement in a transaction of its own. A reading one may be sent to any member of a cluster and is
// repeated by the driver when that can help.
func (s *Store) run(ctx context.Context, st statement, a access) ([]*driver.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, st.name, err)
	}
	if s.trace != nil {
		s.trace(st.name, st.text, st.params)
	}
	settings := []driver.ExecuteQueryConfigurationOption{driver.ExecuteQueryWithDatabase(s.database), driver.ExecuteQueryWithWritersRouting()}
	if a == reading {
		settings[1] = driver.ExecuteQueryWithReadersRouting()
	}
	if by, ok := ctx.Deadline(); ok { // so that the server stops when we do; 0 would mean never
		settings = append(settings, driver.ExecuteQueryWithTransactionConfig(driver.WithTxTimeout(max(time.Until(by), time.Millisecond))))
	}
	result, err := driver.ExecuteQuery(ctx, s.driver, st.text, st.params, driver.EagerResultTransformer, settings...)
	if err != nil {
		return nil, wrap(ctx, st.name, err)
	}
	return result.Records, nil
}

// one runs a statement that answers with one row.
func (s *Store) one(ctx context.Context, st statement, a access) ([]any, error) {
	rows, err := s.run(ctx, st, a)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, fmt.Errorf("%w: neo4j: %s: %d rows, not one", store.ErrInternal, st.name, len(rows))
	}
	return rows[0].Values, nil
}

// A load is one generation that is or was live.
type load struct {
	gen    int64 // 0 before the first
	form   int64 // 0 before there were forms
	hash   string
	counts map[un.Kind]int // of nodes
}

// holds says whether a load of these facts would change nothing.
func (l load) holds(hash string) bool { return l.gen != 0 && l.hash == hash && l.form == form }

// readable is an error where a load is of another form than this program reads.
func (l load) readable() error {
	if l.gen == 0 || l.form == form {
		return nil
	}
	return &Failure{kind: store.ErrUnavailable, Mend: fmt.Sprintf("the database was loaded by another version of this program (form %d, this one reads form %d); load it anew with `mandategraph load` of this version", l.form, form)}
}

// Snapshot pins the load that is live. The database is asked at most once a second.
func (s *Store) Snapshot(ctx context.Context) (store.Reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap(ctx, "snapshot", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.After(s.until) {
		l, err := s.live(ctx)
		if err == nil {
			err = l.readable()
		}
		if err != nil {
			return nil, err
		}
		s.current, s.until = l, now.Add(fresh)
	}
	return &snapshot{s, s.current}, nil
}

// forget makes the next Snapshot ask the database.
func (s *Store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = time.Time{}
}

// live reads which load is live.
func (s *Store) live(ctx context.Context) (l load, err error) {
	rows, err := s.run(ctx, statement{name: "live", text: liveText}, reading)
	if err != nil || len(rows) == 0 {
		return l, err
	}
	values := rows[0].Values
	var ok bool
	if l.gen, ok = values[0].(int64); !ok {
		return l, nil // nothing has been loaded yet
	}
	l.hash, _ = values[1].(string)
	l.counts = map[un.Kind]int{}
	counts, _ := values[2].(map[string]any)
	l.form, _ = counts["form"].(int64)
	for kind := range un.Orders {
		n, _ := counts["nodes"+string(kind)].(int64)
		l.counts[kind] = int(n)
	}
	return l, nil
}

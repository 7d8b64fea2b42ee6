package neo4jtest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// shared is the one server of this test binary.
var shared struct {
	once   sync.Once
	server *Server
	err    error
	unlock func()
	logs   logs

	mu      sync.Mutex
	leftOut string // what Main says at the end
}

// Need gives the server that the tests of a package share; Main stops it. Tests EMPTY its database.
//
// It is the server of NEO4J_TEST_URI where that is set (with NEO4J_TEST_USERNAME, neo4j when only a password is given,
// NEO4J_TEST_PASSWORD and NEO4J_TEST_DATABASE; never the variables that name a production database), locked for the life
// of the test binary, so that no other binary empties it meanwhile. Otherwise it is one that this binary starts.
// Where java, mvn or the artifacts are missing the test is skipped with a line that begins with LEFT OUT; with
// REQUIRE_NEO4J (not empty, not 0) it fails. Any other trouble fails it.
//
// A test that kills or restarts its server uses Own. A goroutine lives as long as a server: a test that looks for
// goroutine leaks ignores those that run after Need.
func Need(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() {
		ctx := context.Background() // it outlives the test
		if uri := os.Getenv("NEO4J_TEST_URI"); uri != "" {
			shared.server, shared.unlock, shared.err = external(ctx, t, uri)
			return
		}
		if shared.server, shared.err = Start(ctx, Options{JVM: []string{"-XX:+UseSerialGC", "-Xshare:auto"}}); shared.err == nil {
			shared.logs = shared.server.logs()
		}
	})
	if shared.err != nil {
		without(t, shared.err)
	}
	select {
	case <-shared.server.Done():
		t.Fatalf("the shared Neo4j has ended (a test that ends its server uses Own); its last lines:\n%s", lastLines(shared.logs.since()))
	default:
	}
	return shared.server
}

// Own starts a server for one test, which may kill it; it is stopped when the test ends. Where there can be none it does
// as Need does. NEO4J_TEST_URI has no part in it.
func Own(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		without(t, err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

// without ends a test that got no server.
func without(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, ErrMissing) {
		t.Fatal(err)
	}
	line := LeftOut(err)
	if v := os.Getenv("REQUIRE_NEO4J"); v != "" && v != "0" {
		t.Fatal(line + " (REQUIRE_NEO4J is set)")
	}
	shared.mu.Lock()
	shared.leftOut = line
	shared.mu.Unlock()
	t.Skip(line)
}

// LeftOut is the line that says what was left out for an ErrMissing, and how to get it.
func LeftOut(err error) string {
	return "LEFT OUT: tests on a real Neo4j: " + strings.TrimPrefix(err.Error(), "neo4jtest: ") +
		"; set NEO4J_TEST_URI (tests empty that database), or install a JDK 17 and mvn"
}

// external takes the server of NEO4J_TEST_URI for this binary alone.
func external(ctx context.Context, t testing.TB, uri string) (*Server, func(), error) {
	s := &Server{
		URI:      uri,
		Username: os.Getenv("NEO4J_TEST_USERNAME"),
		Password: os.Getenv("NEO4J_TEST_PASSWORD"),
		Database: os.Getenv("NEO4J_TEST_DATABASE"),
	}
	if s.Password != "" {
		s.Username = cmp.Or(s.Username, "neo4j")
	}
	dir, err := cacheDir()
	if err != nil {
		return nil, nil, err
	}
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if by, ok := d.Deadline(); ok { // rather a line than a panic of the test binary
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, by.Add(-5*time.Second))
			defer cancel()
		}
	}
	key := sha256.Sum256([]byte(s.URI + " " + s.Database))
	unlock, err := lock(ctx, filepath.Join(dir, fmt.Sprintf("neo4j-test-%x.lock", key[:8])))
	if err != nil {
		return nil, nil, fmt.Errorf("neo4jtest: NEO4J_TEST_URI: another test binary uses it: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := s.answers(ctx); err != nil {
		unlock()
		return nil, nil, fmt.Errorf("neo4jtest: NEO4J_TEST_URI=%s does not answer; start it or unset the variable: %w", uri, err)
	}
	return s, unlock, nil
}

// Main runs the tests, stops the shared server, and says once on standard error what was left out (go test ./... hides
// that of packages that pass: `neo4jdev -check` says it beforehand). TestMain gives its result to os.Exit.
func Main(m *testing.M) int {
	code := m.Run()
	if s := shared.server; s != nil && s.dir != "" {
		_ = s.Stop(context.Background())
	}
	if shared.unlock != nil {
		shared.unlock()
	}
	if shared.leftOut != "" {
		fmt.Fprintln(os.Stderr, shared.leftOut)
	}
	return code
}

// Empty removes all relations, nodes, constraints and indexes of the database, ten thousand at a time; Neo4j's own two
// token lookup indexes stay.
func (s *Server) Empty(t testing.TB) {
	t.Helper()
	s.with(t, func(ask asking) error {
		if err := dropSchema(ask); err != nil {
			return err
		}
		return removeAll(ask)
	})
}

// Clear removes all relations and nodes, ten thousand at a time. Constraints and indexes stay, and with them what the server has
// planned: a test that asks the same of an empty database again and again is much faster so.
func (s *Server) Clear(t testing.TB) {
	t.Helper()
	s.with(t, removeAll)
}

// asking runs one statement.
type asking func(cypher string) ([]*neo4j.Record, error)

func (s *Server) with(t testing.TB, do func(asking) error) {
	t.Helper()
	d, err := s.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close(context.Background()) // nothing was left open
	err = do(func(cypher string) ([]*neo4j.Record, error) {
		res, err := neo4j.ExecuteQuery(t.Context(), d, cypher, nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(s.Database))
		if err != nil {
			return nil, err
		}
		return res.Records, nil
	})
	if err != nil {
		t.Fatalf("emptying %s: %v", s.URI, err)
	}
}

func dropSchema(ask asking) error {
	for _, schema := range []struct{ show, drop string }{
		{"SHOW CONSTRAINTS YIELD name", "DROP CONSTRAINT `%s` IF EXISTS"},
		{"SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name", "DROP INDEX `%s` IF EXISTS"},
	} {
		rows, err := ask(schema.show)
		if err != nil {
			return err
		}
		for _, row := range rows {
			name, _, err := neo4j.GetRecordValue[string](row, "name")
			if err != nil {
				return err
			}
			if _, err := ask(fmt.Sprintf(schema.drop, strings.ReplaceAll(name, "`", "``"))); err != nil {
				return err
			}
		}
	}
	return nil
}

func removeAll(ask asking) error {
	for _, batch := range []string{
		"MATCH ()-[r]->() WITH r LIMIT 10000 DELETE r RETURN count(*) AS n",
		"MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS n",
	} {
		for {
			rows, err := ask(batch)
			if err != nil {
				return err
			}
			n, _, err := neo4j.GetRecordValue[int64](rows[0], "n")
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

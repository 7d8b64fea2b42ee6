package neo4j_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"mandategraph/store"
	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
	"mandategraph/un"
)

// within is a context that ends.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func wantFailure(t *testing.T, what string, err, kind error, mend string) {
	t.Helper()
	var f *neo4j.Failure
	if !errors.Is(err, kind) || !errors.As(err, &f) || !strings.Contains(f.Mend, mend) {
		t.Errorf("%s: %v; want %v and a mend with %q", what, err, kind, mend)
	}
}

func TestDownAtStart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close() // nothing answers there
	s, err := neo4j.Open(neo4j.Options{URI: "bolt://" + address})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(context.Background())
	begin := time.Now()
	wantFailure(t, "ping", s.Ping(within(t, 5*time.Second)), store.ErrUnavailable, "")
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("ping took %s to see that nothing answers", took)
	}
	_, err = s.Snapshot(within(t, 500*time.Millisecond))
	wantFailure(t, "snapshot", err, store.ErrUnavailable, "")
}

func TestURIThatIsNone(t *testing.T) {
	if _, err := neo4j.Open(neo4j.Options{URI: "localhost:7687"}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

// TestDownLater kills the server under a store, and starts it again.
func TestDownLater(t *testing.T) {
	server := neo4jtest.Own(t, neo4jtest.Options{})
	s := open(t, server)
	if err := s.Replace(t.Context(), stamped(0)); err != nil {
		t.Fatal(err)
	}
	r, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := 5
	find := func(r store.Reader) error {
		first++ // a page that was read is kept
		_, err := r.Find(within(t, 3*time.Second), store.Select{Kind: un.KindMandate, First: first, Desc: true})
		return err
	}
	if err := find(r); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	begin := time.Now()
	wantFailure(t, "find on a server that was killed", find(r), store.ErrUnavailable, "")
	wantFailure(t, "ping of a server that was killed", s.Ping(within(t, 3*time.Second)), store.ErrUnavailable, "")
	if took := time.Since(begin); took > 7*time.Second {
		t.Errorf("it took %s to see that the server is gone", took)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	for by := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if err = find(r); err == nil || time.Now().After(by) {
			break
		}
	}
	if err != nil {
		t.Errorf("after the restart: %v", err)
	}
	if _, err := readAll(t.Context(), s); err != nil {
		t.Errorf("after the restart: %v", err)
	}
}

func TestRefusedByTheServer(t *testing.T) {
	server := neo4jtest.Own(t, neo4jtest.Options{Auth: true})
	with := func(o neo4j.Options) *neo4j.Store {
		t.Helper()
		o.URI = server.URI
		s, err := neo4j.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close(context.Background()) })
		return s
	}
	right := neo4j.Options{Username: server.Username, Password: server.Password}
	wantFailure(t, "a wrong password", with(neo4j.Options{Username: server.Username, Password: "wrong-password"}).Ready(within(t, 10*time.Second)), store.ErrUnavailable, "NEO4J_PASSWORD")
	wantFailure(t, "no password", with(neo4j.Options{}).Ready(within(t, 10*time.Second)), store.ErrUnavailable, "NEO4J_PASSWORD")
	other := right
	other.Database = "nowhere"
	wantFailure(t, "a wrong database", with(other).Ready(within(t, 10*time.Second)), store.ErrUnavailable, "NEO4J_DATABASE")
	s := with(right)
	if err := s.Usable(within(t, 10*time.Second)); err != nil {
		t.Errorf("the right password: %v", err)
	}
	wantFailure(t, "an empty database", s.Ready(within(t, 10*time.Second)), store.ErrUnavailable, "mandategraph load")
	if err := s.Replace(t.Context(), stamped(0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(within(t, 10*time.Second)); err != nil {
		t.Errorf("a database with facts: %v", err)
	}
}

func TestOldVersions(t *testing.T) {
	for version, old := range map[string]bool{"4.4.38": true, "5.5.0": true, "5.6.0": false, "5.26.20": false, "2026.01.3": false, "": false, "unknown": false} {
		if neo4j.TooOld(version) != old {
			t.Errorf("%s: too old is %v", version, !old)
		}
	}
}

// TestOldServer asks a real server of the last version that is too old.
func TestOldServer(t *testing.T) {
	server := neo4jtest.Own(t, neo4jtest.Options{Version: "5.5.0", Conf: []string{"server.config.strict_validation.enabled=false"}})
	s := open(t, server)
	mend := "the server is Neo4j 5.5.0; version 5.6 or later is needed"
	wantFailure(t, "serve", s.Ready(within(t, 10*time.Second)), store.ErrUnavailable, mend)
	wantFailure(t, "load", s.Usable(within(t, 10*time.Second)), store.ErrUnavailable, mend)
}

// TestSlowQuery gives a statement less time than it takes: it is told so, and the server stops working on it.
func TestSlowQuery(t *testing.T) {
	s, _ := empty(t)
	for _, c := range []struct {
		name string
		kind error
		ctx  func() (context.Context, context.CancelFunc)
	}{
		{"out of time", store.ErrTimeout, func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 700*time.Millisecond)
		}},
		{"canceled", context.Canceled, func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(700*time.Millisecond, cancel)
			return ctx, cancel
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := c.ctx()
			defer cancel()
			_, err := s.Ask(ctx, "UNWIND range(1, 3000000000) AS slow RETURN count(slow % 7 + slow)", nil)
			if !errors.Is(err, c.kind) {
				t.Errorf("%v, want %v", err, c.kind)
			}
			var rows [][]any
			for by := time.Now().Add(5 * time.Second); time.Now().Before(by); time.Sleep(100 * time.Millisecond) {
				rows, err = s.Ask(t.Context(), "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'AS slow' AND NOT currentQuery STARTS WITH 'SHOW' RETURN currentQuery", nil)
				if err != nil {
					t.Fatal(err)
				}
				if len(rows) == 0 {
					return
				}
			}
			t.Errorf("the server still works on %v", rows)
		})
	}
}

// TestTooMuchMemory asks for more than a transaction may have.
func TestTooMuchMemory(t *testing.T) {
	s, _ := empty(t)
	_, err := s.Ask(within(t, 60*time.Second), "UNWIND range(1, 100000000) AS n WITH collect(toString(n) + 'a text that takes room') AS texts RETURN size(texts)", nil)
	if !errors.Is(err, store.ErrTooComplex) {
		t.Errorf("%v, want %v", err, store.ErrTooComplex)
	}
	if err := s.Ping(within(t, 10*time.Second)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

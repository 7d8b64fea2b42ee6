package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mandategraph/data"
	"mandategraph/loader"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is the day on which every test runs.
var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return today }

// facts are the embedded ones.
var facts = sync.OnceValues(func() (*loader.Facts, error) { return loader.Load(data.Files) })

// memoryStore is a memory store with the embedded facts.
func memoryStore(t *testing.T) store.Store {
	t.Helper()
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	s := memory.Open()
	if err := s.Replace(t.Context(), f.Graph); err != nil {
		t.Fatal(err)
	}
	return s
}

// serveStore is the real server over a store, on loopback.
func serveStore(t *testing.T, s store.Store) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(routes(s, config{Origins: []string{"*"}, Timeout: time.Minute}, clock, slog.New(slog.DiscardHandler), nil))
	t.Cleanup(server.Close)
	return server
}

// post sends a query as a client does.
func post(t *testing.T, url, query string, variables json.RawMessage) (status int, answer []byte) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.Post(url+"/graphql", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	answer, err = io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, answer
}

// TestGolden asks every query of graph/testdata and every example of the playground, of every store, and compares the
// answer, and the calls that the store was asked, with what is committed beside the query.
func TestGolden(t *testing.T) {
	var files []string
	for _, pattern := range []string{"graph/testdata/*.graphql", "web/examples/*.graphql"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 30 {
		t.Fatalf("only %d queries were found", len(files))
	}
	goldens, err := filepath.Glob("graph/testdata/*.[cj]*") // .calls and .json
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goldens {
		name := strings.TrimSuffix(filepath.Base(g), filepath.Ext(g)) + ".graphql"
		if !slices.ContainsFunc(files, func(f string) bool { return filepath.Base(f) == name }) {
			t.Errorf("%s belongs to no query", g)
		}
	}
	eachStore(t, func(t *testing.T, s store.Store) {
		c := &counted{Store: s}
		server := serveStore(t, c)
		post(t, server.URL, `{ body(acronym: "IGF") { id } dataQuality { dataDate } }`, nil)
		once := c.take() // the names and the quality of the facts are read once for each load
		t.Run("once", func(t *testing.T) { golden(t, "testdata/once.calls", []byte(strings.Join(once, "\n")+"\n")) })
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				query, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				variables, err := os.ReadFile(strings.TrimSuffix(file, ".graphql") + ".variables.json")
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				c.take()
				_, answer := post(t, server.URL, string(query), variables)
				base := "graph/testdata/" + strings.TrimSuffix(filepath.Base(file), ".graphql")
				golden(t, base+".json", pretty(t, answer))
				golden(t, base+".calls", []byte(strings.Join(c.take(), "\n")+"\n"))
			})
		}
	})
}

// pretty indents an answer, and leaves out the version of the facts once it has been checked: it changes with each of them.
func pretty(t *testing.T, answer []byte) []byte {
	t.Helper()
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	return prettyOf(t, f, answer)
}

// prettyOf is pretty for an answer from other facts.
func prettyOf(t *testing.T, f *loader.Facts, answer []byte) []byte {
	t.Helper()
	version := fmt.Appendf(nil, `"dataVersion":%q`, f.Graph.Version())
	if bytes.Contains(answer, []byte(`"cost"`)) && !bytes.Contains(answer, version) {
		t.Errorf("the answer lacks %s", version)
	}
	answer = bytes.Replace(answer, version, []byte(`"dataVersion":"…"`), 1)
	var out bytes.Buffer
	if err := json.Indent(&out, answer, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return out.Bytes()
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update && !strings.Contains(t.Name(), "/neo4j/") { // the memory store's answers are the golden ones
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make golden writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// counted notes what a store is asked. Fields of one object are asked at the same time, so calls are compared sorted.
type counted struct {
	store.Store
	mu    sync.Mutex
	calls []string
}

func (c *counted) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, fmt.Sprintf(format, args...))
}

// take gives the calls since it was last asked.
func (c *counted) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	slices.Sort(calls)
	return calls
}

func (c *counted) Snapshot(ctx context.Context) (store.Reader, error) {
	r, err := c.Store.Snapshot(ctx)
	return countedReader{r, c}, err
}

type countedReader struct {
	store.Reader
	*counted
}

func (r countedReader) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	r.note("nodes")
	return r.Reader.Nodes(ctx, ids)
}

func (r countedReader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	r.note("find %s%s", s.Kind, counting(s))
	return r.Reader.Find(ctx, s)
}

func (r countedReader) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	r.note("hop %s %s to %s%s", h.Direction, h.Relations, h.Kind, counting(s))
	return r.Reader.Neighbors(ctx, from, h, s)
}

// counting says that a store was asked for a total too, which can cost it much.
func counting(s store.Select) string {
	if s.Total {
		return ", and count"
	}
	return ""
}

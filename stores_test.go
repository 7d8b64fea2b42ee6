package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store"
	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
	"mandategraph/un"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// eachStore runs a test on every store, filled with the embedded facts. Where there is no Neo4j, that part is skipped, and
// says so; with REQUIRE_NEO4J it fails.
func eachStore(t *testing.T, test func(t *testing.T, s store.Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, memoryStore(t)) })
	t.Run("neo4j", func(t *testing.T) { test(t, neo4jStore(t)) })
}

// filled is the shared Neo4j with the embedded facts in it.
var filled struct {
	sync.Mutex
	done bool
}

func neo4jStore(t *testing.T) store.Store {
	t.Helper()
	server := neo4jtest.Need(t)
	s, err := neo4j.Open(neo4j.Options{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	filled.Lock()
	defer filled.Unlock()
	if !filled.done {
		f, err := facts()
		if err != nil {
			t.Fatal(err)
		}
		server.Empty(t)
		if err := s.Replace(t.Context(), f.Graph); err != nil {
			t.Fatal(err)
		}
		filled.done = true
	}
	return s
}

// at are the variables that name a server.
func at(s *neo4jtest.Server, more ...string) []string {
	return append([]string{"NEO4J_URI=" + s.URI, "NEO4J_USERNAME=" + s.Username, "NEO4J_PASSWORD=" + s.Password, "NEO4J_DATABASE=" + s.Database}, more...)
}

// says runs a command line and wants its exit status and a pattern in what it writes.
func says(t *testing.T, environ []string, code int, pattern string, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(t.Context(), args, environ, &out, &errs, time.Now); got != code || !regexp.MustCompile(pattern).MatchString(out.String()+errs.String()) {
		t.Errorf("%s: exit status %d, want %d and %q:\n%s%s", args, got, code, pattern, &out, &errs)
	}
	if code != 0 && strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("%s: not one line:\n%s", args, &errs)
	}
}

// TestLoadAndServe fills a database by the command, and serves from it.
func TestLoadAndServe(t *testing.T) {
	server := neo4jtest.Own(t, neo4jtest.Options{Auth: true})
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	version := f.Graph.Version()
	bodies := 0
	for _, n := range f.Graph.Nodes {
		if n.NodeKind() == un.KindBody {
			bodies++
		}
	}
	added := fmt.Sprintf(`\n  BODY +%d added`, bodies)
	wrong := append(at(server), "NEO4J_PASSWORD=wrong-password")
	says(t, at(server), 1, "the database holds no facts; fill it with `mandategraph load`", "serve", "-port", "0")
	says(t, at(server), 0, "facts "+version+" would take the place of nothing:"+added, "load", "-dry-run")
	says(t, at(server), 0, "facts "+version+" took the place of nothing:"+added, "load")
	says(t, at(server), 0, "the database holds facts "+version+" already: nothing to write", "load")
	says(t, wrong, 1, "the user name or the password is wrong; set NEO4J_USERNAME and NEO4J_PASSWORD", "load")
	says(t, append(at(server), "NEO4J_DATABASE=nowhere"), 1, "there is no such database; set NEO4J_DATABASE", "serve", "-port", "0")
	says(t, nil, 2, "load fills a Neo4j database: set NEO4J_URI", "load")
	says(t, []string{"NEO4J_URI=localhost"}, 2, "NEO4J_URI is \"localhost\": write it like neo4j://", "load")
	changed := changedFacts(t, "bodies/igf.yaml", "name: Internet Governance Forum", "name: Another Forum")
	says(t, at(server), 0, `BODY +0 added +1 changed +0 removed\n`, "load", "-data", changed)

	live := startWith(t, at(server))
	if _, answer := post(t, live.url, `{ body(acronym: "IGF") { name } }`, nil); !bytes.Contains(answer, []byte("Another Forum")) {
		t.Errorf("the loaded facts are not served: %s", answer)
	}
	says(t, at(server), 0, "took the place of", "load")
	for by := time.Now().Add(2 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		_, answer := post(t, live.url, `{ body(acronym: "IGF") { name } }`, nil)
		if bytes.Contains(answer, []byte("Internet Governance Forum")) {
			break
		}
		if time.Now().After(by) {
			t.Fatalf("two seconds after the load the server answers %s", answer)
		}
	}
	port := live.url[strings.LastIndex(live.url, ":")+1:]
	says(t, nil, 0, "", "healthcheck", "-port", port)

	server.Kill()
	begin := time.Now()
	_, answer := post(t, live.url, `{ bodies(first: 3, orderBy: {field: ESTABLISHED}) { nodes { id } } }`, nil)
	if !bytes.Contains(answer, []byte(`"UNAVAILABLE"`)) || time.Since(begin) > 10*time.Second {
		t.Errorf("without its database the server answers, after %s: %s", time.Since(begin), answer)
	}
	if r, body := get(t, live.url+"/readyz"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without its database /readyz answers %d %s", r.StatusCode, body)
	}
	if r, _ := get(t, live.url+"/healthz"); r.StatusCode != http.StatusOK {
		t.Errorf("without its database /healthz answers %d", r.StatusCode)
	}
	says(t, nil, 1, "/readyz answers 503", "healthcheck", "-port", port)
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	for by := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		_, answer = post(t, live.url, `{ bodies(first: 3, orderBy: {field: ESTABLISHED}) { nodes { id } } }`, nil)
		if !bytes.Contains(answer, []byte("errors")) {
			break
		}
		if time.Now().After(by) {
			t.Fatalf("after the database is back the server answers %s", answer)
		}
	}
	if r, body := get(t, live.url+"/readyz"); r.StatusCode != http.StatusOK {
		t.Errorf("after the database is back /readyz answers %d %s", r.StatusCode, body)
	}
}

// TestDatabaseDownAtStart waits a while for a database that does not answer, and says so.
func TestDatabaseDownAtStart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close() // nothing answers there
	var log bytes.Buffer
	a := &app{t.Context(), io.Discard, &log, time.Now, 700 * time.Millisecond}
	c := config{Port: 0, Host: "127.0.0.1", Timeout: time.Second, LogFormat: "text", Neo4j: neo4jConfig{URI: "bolt://" + address}}
	begin := time.Now()
	err = a.serve(c)
	if err == nil || !strings.HasPrefix(err.Error(), "no database answers at bolt://"+address+"; start it, or set NEO4J_URI") {
		t.Errorf("%v", err)
	}
	if took := time.Since(begin); took < 700*time.Millisecond || took > 10*time.Second {
		t.Errorf("it gave up after %s", took)
	}
	if n := strings.Count(log.String(), "trying again"); n < 2 {
		t.Errorf("it tried again %d times:\n%s", n, &log)
	}
	if startPatience != 30*time.Second {
		t.Errorf("a server waits %s for its database", startPatience)
	}
}

// TestNeo4jAnswersTheSame asks both stores for calendars, feeds, sheets and tables: the same bytes.
func TestNeo4jAnswersTheSame(t *testing.T) {
	here, there := serveStore(t, memoryStore(t)), serveStore(t, neo4jStore(t))
	body := func(url string) string {
		t.Helper()
		r, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(r.StatusCode, " ", string(text))
	}
	for _, path := range []string{
		"/calendar.ics", "/calendar.ics?body=CSTD&alarm=P90D", "/calendar.ics?document=80/173&from=2026&to=2027",
		"/calendar.ics?forum=general-assembly&deadlineKind=report", "/calendar.ics?kind=cycle&obligor=secretary-general",
		"/feed.atom", "/feed.json?body=IGF", "/digest?session=cstd-30", "/digest?days=400&format=markdown", "/digest?session=general-assembly-80&format=text",
		"/export/deadlines.json", "/export/deadlines.csv?body=ITU", "/export/mandates.csv?body=CSTD", "/export/bodies.csv", "/export/documents.csv",
		"/calendar.ics?body=CSDT", "/digest?session=cstd-99",
	} {
		mine := strings.ReplaceAll(body(here.URL+path), here.URL, "")
		if theirs := strings.ReplaceAll(body(there.URL+path), there.URL, ""); mine != theirs {
			t.Errorf("%s (-memory +neo4j):\n%s", path, cmp.Diff(mine, theirs))
		}
	}
}

// TestNeo4jPagesOfACalendar walks a calendar in pages of three, whose cursors stand between kinds as well as within them.
func TestNeo4jPagesOfACalendar(t *testing.T) {
	walk := func(url string) (ids []string) {
		t.Helper()
		after := "null"
		for range 200 {
			_, answer := post(t, url, fmt.Sprintf(`{ calendar(from: "2020-01-01", to: "2035-12-31", first: 3, after: %s) { nodes { id } pageInfo { hasNextPage endCursor } } }`, after), nil)
			var got struct {
				Data struct {
					Calendar struct {
						Nodes    []struct{ ID string }
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
			if err := json.Unmarshal(answer, &got); err != nil {
				t.Fatal(err)
			}
			for _, n := range got.Data.Calendar.Nodes {
				ids = append(ids, n.ID)
			}
			if !got.Data.Calendar.PageInfo.HasNextPage {
				return ids
			}
			after = fmt.Sprintf("%q", got.Data.Calendar.PageInfo.EndCursor)
		}
		t.Fatal("the calendar has no end")
		return nil
	}
	mine, theirs := walk(serveStore(t, memoryStore(t)).URL), walk(serveStore(t, neo4jStore(t)).URL)
	if len(mine) < 100 {
		t.Errorf("the calendar has %d occurrences, which proves little", len(mine))
	}
	if diff := cmp.Diff(mine, theirs); diff != "" {
		t.Errorf("(-memory +neo4j):\n%s", diff)
	}
}

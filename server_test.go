package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

// running is a server started as main starts it, with what it writes.
type running struct {
	url  string
	stop context.CancelFunc
	done chan int
	log  *buffer
}

// buffer may be written and read at once.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

var servingURL = regexp.MustCompile(`"url":"(http[^"]*)"`)

func startServer(t *testing.T, args ...string) *running {
	t.Helper()
	return startWith(t, nil, args...)
}

// startWith is startServer with variables of the environment.
func startWith(t *testing.T, environ []string, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{stop: stop, done: make(chan int, 1), log: new(buffer)}
	go func() {
		r.done <- run(ctx, append([]string{"serve", "-host", "127.0.0.1", "-port", "0", "-log", "json"}, args...), environ, io.Discard, r.log, clock)
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-r.done:
		case <-time.After(20 * time.Second):
			t.Error("the server did not stop")
		}
	})
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if m := servingURL.FindStringSubmatch(r.log.String()); m != nil {
			r.url = m[1]
			return r
		}
	}
	t.Fatalf("no server: %s", r.log)
	return nil
}

func TestServeAnswersAndStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, stop := context.WithCancel(t.Context())
	log, done := new(buffer), make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"-host", "127.0.0.1", "-port", "0", "-log", "json"}, nil, io.Discard, log, clock)
	}()
	var address string
	for address == "" {
		if m := servingURL.FindStringSubmatch(log.String()); m != nil {
			address = m[1]
		}
		time.Sleep(time.Millisecond)
	}
	_, answer := post(t, address, `{ body(acronym: "IGF") { legalBasis { role } } }`, nil)
	if !bytes.Contains(answer, []byte("RENEWED_BY")) {
		t.Errorf("answer: %s", answer)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit status %d: %s", code, log)
	}
	if lines := log.String(); !strings.Contains(lines, `"msg":"operation"`) || !strings.Contains(lines, `"objects":`) {
		t.Errorf("the log has no line for the operation:\n%s", lines)
	}
}

// TestCommandLine has each mistake that a person can make: one clear line and an exit status.
func TestCommandLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	broken := t.TempDir()
	for name, text := range map[string]string{
		"bodies/igf.yaml":      "body: igf\nname: Internet Governance Forum\nkind: forum\nobligor: x\n",
		"documents/a.yaml":     "symbol: A/RES/1/1\ntitle: One\ntype: resolution\n",
		"sessions/igf.yaml":    "body: igf\nsessions: []\n",
		"bodies/not-read.text": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(broken, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(broken, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		args    []string
		environ []string
		code    int
		stderr  string // a regular expression
		lines   int
	}{
		{"an unknown flag", []string{"serve", "-prot", "1"}, nil, 2, `flag provided but not defined: -prot.*serve -h`, 1},
		{"a flag without the command's name", []string{"-prot", "1"}, nil, 2, `not defined: -prot`, 1},
		{"an unknown command", []string{"sevre"}, nil, 2, `there is no command "sevre"; there are diff, digest, healthcheck, load, serve, verify, version`, 1},
		{"an argument too many", []string{"serve", "now"}, nil, 2, `serve takes no argument "now"`, 1},
		{"a flag's value", []string{"serve", "-port", "http"}, nil, 2, `invalid value "http" for flag -port`, 1},
		{"a port out of range", []string{"serve", "-port", "70000"}, nil, 2, `port is 70000; it must be from 0 to 65535`, 1},
		{"a variable's value", nil, []string{"PORT=http"}, 2, `PORT is "http"; it must be a whole number`, 1},
		{"a variable's time", nil, []string{"TIMEOUT=ten"}, 2, `TIMEOUT is "ten"; it must be a time, such as 10s`, 1},
		{"an origin without a scheme", []string{"serve", "-cors-origins", "https://a.example, b.example"}, nil, 2, `cors-origins has " b.example"; an origin is scheme and host`, 1},
		{"a timeout of nothing", []string{"serve", "-timeout", "0s"}, nil, 2, `timeout is 0s`, 1},
		{"a log format", []string{"serve", "-log", "xml"}, nil, 2, `log is "xml"; it must be text or json`, 1},
		{"a port that is taken", []string{"serve", "-host", "127.0.0.1", "-port", port}, nil, 1, `port ` + port + ` is taken; choose another with -port`, 1},
		{"a folder that is missing", []string{"serve", "-port", "0", "-data", "nowhere"}, nil, 1, `-data nowhere: there is no such folder`, 1},
		{"a folder of texts that is missing", []string{"verify", "-documents", "nowhere"}, nil, 1, `-documents nowhere: there is no such folder`, 1},
		{"a broken data file", []string{"serve", "-port", "0", "-data", broken}, nil, 1, `igf\.yaml:4: .*obligor`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), c.args, c.environ, &stdout, &stderr, clock); code != c.code {
				t.Errorf("exit status %d, want %d", code, c.code)
			}
			if !regexp.MustCompile(c.stderr).MatchString(stderr.String()) {
				t.Errorf("standard error %q does not match %q", stderr.String(), c.stderr)
			}
			if n := strings.Count(stderr.String(), "\n"); c.lines > 0 && n != c.lines {
				t.Errorf("%d lines, want %d:\n%s", n, c.lines, &stderr)
			}
			if stdout.Len() > 0 {
				t.Errorf("standard output: %s", &stdout)
			}
		})
	}
}

func TestHelpExplainsEverySetting(t *testing.T) {
	for name, chosen := range commands() {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{name, "-h"}, nil, &stdout, &stderr, clock); code != 0 || stderr.Len() > 0 {
			t.Errorf("%s -h: exit status %d, standard error %q", name, code, &stderr)
		}
		for _, flag := range chosen.flags {
			if !strings.Contains(stdout.String(), "-"+flag) {
				t.Errorf("%s -h says nothing of -%s", name, flag)
			}
		}
		if call := strings.Join(append([]string{name}, chosen.arguments...), " "); !strings.Contains(stdout.String(), call+":") {
			t.Errorf("%s -h does not begin with %q", name, call)
		}
	}
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"help"}, nil, &stdout, io.Discard, clock); code != 0 || !strings.Contains(stdout.String(), "verify") {
		t.Errorf("help: %d %s", code, &stdout)
	}
}

func TestVersionNamesTheFacts(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"version"}, nil, &stdout, io.Discard, clock); code != 0 || !strings.Contains(stdout.String(), "facts "+f.Graph.Version()) {
		t.Errorf("version: %d %s", code, &stdout)
	}
}

func get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestRoutes(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, memoryStore(t))
	for _, c := range []struct {
		path   string
		status int
		part   string // of the body
	}{
		{"/playground", 200, "<title>"},
		{"/schema.graphqls", 200, "type Query {"},
		{"/healthz", 200, "alive"},
		{"/readyz", 200, f.Graph.Version()},
		{"/nothing", 404, "/playground"},
		{"/graphql?query=" + url.QueryEscape(`{ body(acronym: "IGF") { name } }`), 200, "Internet Governance Forum"},
	} {
		r, body := get(t, server.URL+c.path)
		if r.StatusCode != c.status || !strings.Contains(body, c.part) {
			t.Errorf("%s: %d %.200s", c.path, r.StatusCode, body)
		}
		if strings.HasPrefix(c.path, "/graphql") || c.path == "/readyz" {
			if v := r.Header.Get("Mandategraph-Data-Version"); v != f.Graph.Version() {
				t.Errorf("%s: Mandategraph-Data-Version is %q, want %q", c.path, v, f.Graph.Version())
			}
		}
	}
	for _, path := range []string{"/", "/schema.graphqls", "/healthz", "/readyz"} {
		r, err := http.Post(server.URL+path, "text/plain", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d, allowed is %q", path, r.StatusCode, r.Header.Get("Allow"))
		}
	}
	if r, _ := get(t, server.URL+"/"); r.StatusCode != http.StatusFound || r.Header.Get("Location") != "/playground" {
		t.Errorf("/: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	empty := serveStore(t, memory.Open())
	if r, body := get(t, empty.URL+"/readyz"); r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "no facts") {
		t.Errorf("/readyz of an empty store: %d %s", r.StatusCode, body)
	}
}

func TestOrigins(t *testing.T) {
	s := memoryStore(t)
	few := httptest.NewServer(routes(s, config{Origins: []string{"https://mission.example"}}, clock, slog.New(slog.DiscardHandler), nil))
	defer few.Close()
	for _, c := range []struct{ url, origin, allowed string }{
		{serveStore(t, s).URL, "https://anywhere.example", "*"},
		{few.URL, "https://mission.example", "https://mission.example"},
		{few.URL, "https://elsewhere.example", ""},
	} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			r, err := http.NewRequestWithContext(t.Context(), method, c.url+"/graphql", strings.NewReader(`{"query": "{ __typename }"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", c.origin)
			r.Header.Set("Content-Type", "application/json")
			if method == http.MethodOptions {
				r.Header.Set("Access-Control-Request-Method", "POST")
				r.Header.Set("Access-Control-Request-Headers", "content-type")
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("Access-Control-Allow-Origin"); got != c.allowed {
				t.Errorf("%s from %s: allowed is %q, want %q", method, c.origin, got, c.allowed)
			}
			if got := response.Header.Get("Access-Control-Allow-Credentials"); got != "" {
				t.Errorf("%s from %s: credentials are %q", method, c.origin, got)
			}
			if got := response.Header.Get("Access-Control-Expose-Headers"); method == http.MethodPost && c.allowed != "" && !strings.Contains(got, reply.DataVersionHeader) {
				t.Errorf("%s from %s: a page may read the headers %q, not %s", method, c.origin, got, reply.DataVersionHeader)
			}
		}
		if r, _ := get(t, c.url+"/schema.graphqls", "Origin", c.origin); r.Header.Get("Access-Control-Allow-Origin") != c.allowed {
			t.Errorf("/schema.graphqls from %s: allowed is %q, want %q", c.origin, r.Header.Get("Access-Control-Allow-Origin"), c.allowed)
		}
	}
}

// Spaces after the commas of a list are no part of the origins.
func TestOriginsByConfiguration(t *testing.T) {
	for _, set := range []struct{ args, environ []string }{
		{[]string{"serve", "-cors-origins", "https://a.example, https://b.example"}, nil},
		{nil, []string{"CORS_ORIGINS=https://a.example, https://b.example"}},
	} {
		_, c, err := parse(set.args, set.environ, io.Discard)
		if want := []string{"https://a.example", "https://b.example"}; err != nil || !slices.Equal(c.Origins, want) {
			t.Errorf("%q %q: %q, %v", set.args, set.environ, c.Origins, err)
		}
	}
}

// TestEnvironment sets the variables of the server.
func TestEnvironment(t *testing.T) {
	_, got, err := parse(nil, []string{
		"HOST=127.0.0.1", "PORT=81", "DATA_DIR=facts", "DOCUMENTS_DIR=texts", "TIMEOUT=3s", "CORS_ORIGINS=https://a.example", "LOG_FORMAT=json",
	}, io.Discard)
	want := got
	want.Host, want.Port, want.Data, want.Documents, want.Timeout = "127.0.0.1", 81, "facts", "texts", 3*time.Second
	want.Origins, want.LogFormat = []string{"https://a.example"}, "json"
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	_, got, err = parse([]string{"serve", "-port", "82"}, []string{"PORT=81"}, io.Discard)
	if err != nil || got.Port != 82 {
		t.Errorf("the flag's port is 82, the variable's 81, and the server's %d: %v", got.Port, err)
	}
}

// Clients that would rather speak another protocol, as those of Java and curl --http2 do, are answered in this one.
func TestUpgrades(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	address := server.URL + "/graphql?query=" + url.QueryEscape("{ __typename }")
	if r, body := get(t, address, "Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "HTTP2-Settings", "AAMAAABkAAQAAP__"); r.StatusCode != http.StatusOK || !strings.Contains(body, `"Query"`) {
		t.Errorf("h2c: %d %s", r.StatusCode, body)
	}
	if r, body := get(t, address, "Connection", "Upgrade", "Upgrade", "websocket"); r.StatusCode != http.StatusBadRequest || !strings.Contains(body, "BAD_USER_INPUT") {
		t.Errorf("websocket: %d %s", r.StatusCode, body)
	}
}

// What a client accepts decides the media type, and with it the status of a request that did not run.
func TestMediaTypes(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	for _, c := range []struct {
		accept, query, contentType string
		status                     int
	}{
		{"application/graphql-response+json", "{ __typename }", "application/graphql-response+json; charset=utf-8", 200},
		{"application/graphql-response+json, application/json;q=0.9", "{ nonsense }", "application/graphql-response+json; charset=utf-8", 400},
		{"application/json", "{ nonsense }", "application/json; charset=utf-8", 200},
		{"", "{ __typename }", "application/json; charset=utf-8", 200},
	} {
		r, body := get(t, server.URL+"/graphql?query="+url.QueryEscape(c.query), "Accept", c.accept)
		if r.StatusCode != c.status || r.Header.Get("Content-Type") != c.contentType {
			t.Errorf("%q %s: %d %s %s", c.accept, c.query, r.StatusCode, r.Header.Get("Content-Type"), body)
		}
	}
}

// TestBadRequests sends what should not be sent: each gets an answer that says what to do, and the server goes on.
func TestBadRequests(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	const typeJSON = "application/json"
	query := func(q string) string {
		b, err := json.Marshal(map[string]string{"query": q})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	for _, c := range []struct {
		name, method, contentType, body string
		status                          int
		code, part                      string
	}{
		{"10 MB", "POST", typeJSON, query(many(10<<20, " ")), 413, "BAD_USER_INPUT", "larger than 256 kB"},
		{"10,000 braces", "POST", typeJSON, query(many(10_000, "{")), 200, "GRAPHQL_PARSE_FAILED", "not well formed: Expected Name, found {"},
		{"10,000 nested fields", "POST", typeJSON, query(many(10_000, "{a")), 200, "TOO_COMPLEX", "1000 levels"},
		{"10,000 fields", "POST", typeJSON, query("{" + many(10_000, "a ") + "}"), 200, "TOO_COMPLEX", "2000 tokens"},
		{"deep", "POST", typeJSON, query(many(20, "{ a ") + many(20, "}")), 200, "TOO_COMPLEX", "20 levels deep"},
		{"many aliases", "POST", typeJSON, query("{" + many(31, "a: __typename ") + "}"), 200, "TOO_COMPLEX", "root"},
		{"many aliases below the root", "POST", typeJSON, query("{ bodies {" + many(31, "a: totalCount ") + "} }"), 200, "TOO_COMPLEX", "31 aliases"},
		{"many fields", "POST", typeJSON, query("{ bodies {" + many(251, "totalCount ") + "} }"), 200, "TOO_COMPLEX", "252 fields"},
		{"many directives", "POST", typeJSON, query("{ __typename " + many(51, "@skip(if: false) ") + "}"), 200, "TOO_COMPLEX", "51 directives"},
		{"many operations", "POST", typeJSON, query(many(11, "query A { __typename } ")), 200, "TOO_COMPLEX", "11 operations"},
		{"too many objects by a variable", "POST", typeJSON, `{"variables": {"n": 100}, "query": "query A($n: Int) { bodies(first: $n) { nodes { mandates(first: $n) { nodes { holders { mandates(first: $n) { nodes { id } } } } } } } }"}`, 200, "TOO_COMPLEX", "smaller first"},
		{"too many objects by a text in a variable", "POST", typeJSON, `{"variables": {"n": "100"}, "query": "query A($n: Int) { bodies(first: $n) { nodes { mandates(first: $n) { nodes { holders { mandates(first: $n) { nodes { id } } } } } } } }"}`, 200, "TOO_COMPLEX", "smaller first"},
		{"too many objects by ids", "POST", typeJSON, query(`{ nodes(ids: [` + many(100, `"IGF" `) + `]) { ... on Body { mandates(first: 100) { nodes { deadlines(first: 100) { nodes { id } } } } } } }`), 200, "TOO_COMPLEX", "smaller first"},
		{"too many ids", "POST", typeJSON, query(`{ nodes(ids: [` + many(101, `"IGF" `) + `]) { id } }`), 200, "BAD_USER_INPUT", "at most 100"},
		{"a fragment bomb", "POST", typeJSON, query(bomb(25)), 200, "TOO_COMPLEX", "1000 fields"},
		{"too many objects", "POST", typeJSON, query("{ bodies(first: 100) { nodes { mandates(first: 100) { nodes { holders { mandates(first: 100) { nodes { id } } } } } } } }"), 200, "TOO_COMPLEX", "smaller first"},
		{"no query", "POST", typeJSON, `{}`, 400, "BAD_USER_INPUT", "the query is missing"},
		{"no JSON", "POST", typeJSON, `query`, 400, "BAD_USER_INPUT", "one JSON object"},
		{"an array", "POST", typeJSON, `[{"query": "{ __typename }"}]`, 400, "BAD_USER_INPUT", "one JSON object"},
		{"two values", "POST", typeJSON, `{"query": "{ __typename }"} {}`, 400, "BAD_USER_INPUT", "one JSON object"},
		{"a form", "POST", "application/x-www-form-urlencoded", `query={__typename}`, 415, "BAD_USER_INPUT", "application/json"},
		{"a method", "PUT", typeJSON, query("{ __typename }"), 405, "BAD_USER_INPUT", "use POST"},
		{"a syntax error", "POST", typeJSON, query("{ bodies { nodes {"), 200, "GRAPHQL_PARSE_FAILED", ""},
		{"an unknown field", "POST", typeJSON, query("{ bodys { nodes { id } } }"), 200, "GRAPHQL_VALIDATION_FAILED", "bodies"},
		{"no operation of that name", "POST", typeJSON, `{"query": "query A { __typename }", "operationName": "B"}`, 200, "GRAPHQL_VALIDATION_FAILED", "B"},
		{"a number for a text", "POST", typeJSON, `{"query": "query A($s: String!) { document(symbol: $s) { id } }", "variables": {"s": 80}}`, 200, "BAD_USER_INPUT", "a text is wanted"},
		{"a date in a variable", "POST", typeJSON, `{"query": "query A($d: Date) { deadlines(asOf: $d) { nodes { id } } }", "variables": {"d": "tomorrow"}}`, 200, "BAD_USER_INPUT", "tomorrow"},
		{"a huge first", "POST", typeJSON, query("{ bodies(first: 99999999999) { nodes { id } } }"), 200, "BAD_USER_INPUT", "from 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+"/graphql", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", c.contentType)
			begin := time.Now()
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			var answer struct {
				Errors []struct {
					Message    string
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal(body, &answer); err != nil || len(answer.Errors) == 0 {
				t.Fatalf("%d %.300s: %v", response.StatusCode, body, err)
			}
			if first := answer.Errors[0]; response.StatusCode != c.status || first.Extensions.Code != c.code || !strings.Contains(first.Message, c.part) {
				t.Errorf("%d %+v, want %d %s and %q", response.StatusCode, answer.Errors, c.status, c.code, c.part)
			}
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if _, answer := post(t, server.URL, "{ __typename }", nil); !bytes.Contains(answer, []byte(`"Query"`)) {
				t.Errorf("afterwards the server answers %s", answer)
			}
		})
	}
}

// At most 20 errors are told, in the order of the text, and signs of HTML in them as they are.
func TestErrorsAreFewAndInOrder(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	for query, want := range map[string]int{
		`{ bodies(first: 100) { nodes { mandates(after: "<&>") { totalCount } } } }`:                                      20,
		`{ a: bodies(first: -1) { totalCount } b: bodies(first: -2) { totalCount } c: bodies(first: -3) { totalCount } }`: 3,
	} {
		for range 20 { // fields of one object are answered at once
			_, answer := post(t, server.URL, query, nil)
			var got struct {
				Errors []struct {
					Message string
					Path    []any
				}
			}
			if err := json.Unmarshal(answer, &got); err != nil || len(got.Errors) != want {
				t.Fatalf("%d errors, want %d: %v %s", len(got.Errors), want, err, answer)
			}
			if want == 3 && (got.Errors[0].Path[0] != "a" || got.Errors[1].Path[0] != "b" || got.Errors[2].Path[0] != "c") {
				t.Fatalf("the errors are not in the order of the text: %s", answer)
			}
			if want == 20 && !bytes.Contains(answer, []byte("<&>")) {
				t.Fatalf("signs are not as they were: %s", answer)
			}
		}
	}
}

// A body that is compressed is refused, not taken for JSON.
func TestCompressedBody(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql", strings.NewReader(`{"query": "{ __typename }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Encoding", "gzip")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("status %d", response.StatusCode)
	}
}

// Today is the day in UTC, wherever the server stands.
func TestTodayIsInUTC(t *testing.T) {
	s := memoryStore(t)
	geneva := time.FixedZone("Geneva", 2*60*60)
	for hour, status := range map[int]string{1: "UPCOMING", 3: "DUE_SOON"} { // 30 days before 2027
		now := func() time.Time { return time.Date(2026, 12, 2, hour, 30, 0, 0, geneva) }
		server := httptest.NewServer(routes(s, config{Origins: []string{"*"}}, now, slog.New(slog.DiscardHandler), nil))
		_, answer := post(t, server.URL, `{ node(id: "deadline:A/RES/80/173#113/action-line-report") { ... on Deadline { status } } }`, nil)
		if !bytes.Contains(answer, []byte(`"`+status+`"`)) {
			t.Errorf("at %d.30 in Geneva: %s, want %s", hour, answer, status)
		}
		server.Close()
	}
}

// A legal basis is stored as a node, and is none of the API.
func TestALegalBasisIsNoNode(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(f.Graph.Nodes, func(n un.Node) bool { return n.NodeKind() == un.KindBasis })
	query := fmt.Sprintf(`{ node(id: %q) { id } }`, f.Graph.Nodes[i].Key())
	if _, answer := post(t, serveStore(t, memoryStore(t)).URL, query, nil); !bytes.Contains(answer, []byte(`"node":null`)) || bytes.Contains(answer, []byte(`"errors"`)) {
		t.Errorf("%s: %s", query, answer)
	}
}

// A request that has begun is answered after the server was told to stop; then it stops, with status 0.
func TestStoppingFinishesWhatHasBegun(t *testing.T) {
	server := startServer(t)
	connection, err := net.Dial("tcp", strings.TrimPrefix(server.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	const body = `{"query": "{ body(acronym: \"IGF\") { id } }"}`
	fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
	answer := bufio.NewReader(connection)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the handler reads the body
		t.Fatalf("%q %v", line, err)
	}
	server.stop()
	for !strings.Contains(server.log.String(), "stopping") {
		time.Sleep(time.Millisecond)
	}
	fmt.Fprint(connection, body)
	rest, err := io.ReadAll(answer)
	if err != nil || !strings.Contains(string(rest), "body:igf") {
		t.Errorf("%q %v", rest, err)
	}
	code := <-server.done
	server.done <- code // for the cleanup
	if code != 0 {
		t.Errorf("exit status %d: %s", code, server.log)
	}
}

// away is a store that does not answer.
type away struct{ store.Store }

func (away) Snapshot(context.Context) (store.Reader, error) {
	return nil, fmt.Errorf("snapshot: %w", store.ErrUnavailable)
}

// A store that is away is said so in words, in the code, and in the status for clients that want it there.
func TestStoreAway(t *testing.T) {
	server := serveStore(t, away{memoryStore(t)})
	address := server.URL + "/graphql?query=" + url.QueryEscape("{ __typename }")
	for accept, status := range map[string]int{"application/json": 200, "application/graphql-response+json": 503} {
		if r, body := get(t, address, "Accept", accept); r.StatusCode != status || !strings.Contains(body, "UNAVAILABLE") {
			t.Errorf("%s: %d %s, want %d", accept, r.StatusCode, body, status)
		}
	}
	if r, body := get(t, server.URL+"/readyz"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d %s", r.StatusCode, body)
	}
}

// bomb is a short text that holds 2ⁿ fields.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { __typename }", n)
	return b.String()
}

// A cursor of another list, or of the same in another order or direction, is refused.
func TestCursorsKeepToTheirList(t *testing.T) {
	server := serveStore(t, memoryStore(t))
	_, answer := post(t, server.URL, `{ deadlines(first: 1) { pageInfo { endCursor } } }`, nil)
	var got struct {
		Data struct {
			Deadlines struct{ PageInfo struct{ EndCursor string } }
		}
	}
	if err := json.Unmarshal(answer, &got); err != nil || got.Data.Deadlines.PageInfo.EndCursor == "" {
		t.Fatalf("%v: %s", err, answer)
	}
	cursor := got.Data.Deadlines.PageInfo.EndCursor
	for _, c := range []struct {
		list    string
		refused bool
	}{
		{`deadlines(after: "CURSOR")`, false},
		{`deadlines(after: "CURSOR", orderBy: {field: DUE})`, false},
		{`deadlines(after: "CURSOR", orderBy: {field: DUE, direction: DESC})`, true},
		{`deadlines(after: "CURSOR", orderBy: {field: TITLE})`, true},
		{`mandates(after: "CURSOR")`, true},
		{`bodies(after: "CURSOR")`, true},
	} {
		_, answer := post(t, server.URL, "{ "+strings.Replace(c.list, "CURSOR", cursor, 1)+" { nodes { id } } }", nil)
		refused := bytes.Contains(answer, []byte("BAD_USER_INPUT")) && bytes.Contains(answer, []byte("another list, order or direction"))
		if refused != c.refused {
			t.Errorf("%s: %s", c.list, answer)
		}
	}
	_, answer = post(t, server.URL, `{ body(acronym: "IGF") { deadlines(after: "`+cursor+`") { nodes { id } } } }`, nil)
	if !bytes.Contains(answer, []byte("another list")) {
		t.Errorf("a cursor of the root's list was taken below a body: %s", answer)
	}
}

// failing is a store whose reads fail as a test says.
type failing struct {
	store.Store
	fail func(context.Context) error
}

func (f failing) Snapshot(ctx context.Context) (store.Reader, error) {
	r, err := f.Store.Snapshot(ctx)
	return failingReader{r, f.fail}, err
}

type failingReader struct {
	store.Reader
	fail func(context.Context) error
}

func (r failingReader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if err := r.fail(ctx); err != nil {
		return store.Page{}, err
	}
	return r.Reader.Find(ctx, s)
}

// TestFailures has each way in which a store fails, and what a client is told.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name       string
		fail       func(context.Context) error
		code, part string
	}{
		{"slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, "TIMEOUT", "longer than 50ms"},
		{"slow by its own word", func(context.Context) error { return fmt.Errorf("find: %w", store.ErrTimeout) }, "TIMEOUT", "ask for less"},
		{"down", func(context.Context) error { return fmt.Errorf("find: %w", store.ErrUnavailable) }, "UNAVAILABLE", "try again"},
		{"asked too much", func(context.Context) error { return store.ErrTooComplex }, "TOO_COMPLEX", "ask for less"},
		{"broken", func(context.Context) error { return errors.New("secret of the house") }, "INTERNAL", "request ID"},
		{"panicking", func(context.Context) error { panic("secret of the house") }, "INTERNAL", "request ID"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := failing{memoryStore(t), c.fail}
			log := new(buffer)
			cfg := config{Origins: []string{"*"}, LogFormat: "json", Timeout: 50 * time.Millisecond}
			server := httptest.NewServer(routes(s, cfg, clock, cfg.logger(log), nil))
			defer server.Close()
			_, answer := post(t, server.URL, `{ bodies { nodes { id } } }`, nil)
			if !bytes.Contains(answer, []byte(`"code":"`+c.code+`"`)) || !bytes.Contains(answer, []byte(c.part)) {
				t.Errorf("answer: %s", answer)
			}
			if bytes.Contains(answer, []byte("secret")) {
				t.Errorf("the answer tells secrets: %s", answer)
			}
			if c.code == "INTERNAL" {
				id := regexp.MustCompile(`request ID (\w+)`).FindSubmatch(answer)
				if id == nil || !strings.Contains(log.String(), string(id[1])) || !strings.Contains(log.String(), "secret of the house") {
					t.Errorf("the log does not tell what happened in request %s:\n%s", id, log)
				}
			}
		})
	}
}

// TestOneOperationOneLoad asks in a loop while the graph is replaced: no answer mixes two loads.
func TestOneOperationOneLoad(t *testing.T) {
	s := memory.Open()
	load := func(n int) un.Graph {
		var g un.Graph
		for i := range 30 {
			id := un.ID(fmt.Sprintf("body:b%d", i))
			g.Nodes = append(g.Nodes, &un.Body{
				Record: un.Record{ID: id, Validity: un.Always, Sources: []un.Source{{Document: "document:d"}}},
				Names:  map[un.Language]string{un.English: fmt.Sprint("load ", n)}, Kind: "FORUM", Standing: un.Fact,
			})
			if i > 0 {
				g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(un.PartOf, id, "body:b0", ""), Relation: un.PartOf, From: id, To: "body:b0", Standing: un.Fact, Validity: un.Always})
			}
		}
		return g
	}
	if err := s.Replace(t.Context(), load(0)); err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, s)
	stop, answered := make(chan struct{}), make(chan struct{}, 1)
	var loading sync.WaitGroup
	loading.Go(func() {
		defer close(stop)
		for n := range 20 { // while answers are made, a load or more for each
			if err := s.Replace(t.Context(), load(n+1)); err != nil {
				t.Error(err)
			}
			if n%2 == 1 {
				<-answered
			}
		}
	})
	names := regexp.MustCompile(`"name":"(load \d+)"`)
	answers := 0
	for reading := true; reading; answers++ {
		select {
		case <-stop:
			reading = false
		default:
		}
		_, answer := post(t, server.URL, `{ bodies(first: 30) { nodes { name parent { name children(first: 30) { nodes { name } } } } } }`, nil)
		found := names.FindAllSubmatch(answer, -1)
		if len(found) != 30+29+29*29 {
			t.Errorf("%d names in %.300s", len(found), answer)
		}
		for _, name := range found[min(1, len(found)):] {
			if string(name[1]) != string(found[0][1]) {
				t.Errorf("an answer has %s and %s", found[0][1], name[1])
			}
		}
		select {
		case answered <- struct{}{}:
		default:
		}
	}
	loading.Wait()
	if answers < 10 {
		t.Errorf("only %d answers during 20 loads", answers)
	}
}

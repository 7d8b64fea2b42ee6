package main

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mandategraph/un"
)

// TestAnswers asks for each path of answered with as few parameters as it takes.
func TestAnswers(t *testing.T) {
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, memoryStore(t))
	paths := slices.Sorted(maps.Keys(answered()))
	if len(paths) != 9 {
		t.Errorf("%d paths are answered: %s", len(paths), paths)
	}
	like, _ := get(t, server.URL+"/schema.graphqls", "Origin", "https://anywhere.example")
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			address := server.URL + path
			if path == "/digest" {
				r, body := get(t, address)
				if r.StatusCode != http.StatusBadRequest || body != "give either session, such as cstd-30, or days, such as 90\n" {
					t.Errorf("without parameters: %d %s", r.StatusCode, body)
				}
				address += "?days=90"
			}
			r, body := get(t, address, "Origin", "https://anywhere.example")
			if r.StatusCode != http.StatusOK || body == "" {
				t.Fatalf("%d %.300s", r.StatusCode, body)
			}
			if got := r.Header.Get("Mandategraph-Data-Version"); got != f.Graph.Version() {
				t.Errorf("Mandategraph-Data-Version is %q, want %q", got, f.Graph.Version())
			}
			for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Allow-Credentials", "Vary", "X-Content-Type-Options"} {
				if !slices.Equal(r.Header.Values(name), like.Header.Values(name)) {
					t.Errorf("%s is %q, and of the schema %q", name, r.Header.Values(name), like.Header.Values(name))
				}
			}
			if got := r.Header.Get("Access-Control-Allow-Origin"); got != "*" {
				t.Errorf("pages of the origins %q may read it", got)
			}
			tag := r.Header.Get("ETag")
			if tag == "" {
				t.Fatal("there is no ETag")
			}
			again, body := get(t, address, "Origin", "https://anywhere.example", "If-None-Match", tag)
			if again.StatusCode != http.StatusNotModified || body != "" || again.Header.Get("ETag") != tag {
				t.Errorf("asked again: %d %.300s, ETag %s", again.StatusCode, body, again.Header.Get("ETag"))
			}
			if got := again.Header.Get("Access-Control-Allow-Origin"); got != "*" {
				t.Errorf("asked again, pages of the origins %q may read it", got)
			}
			head, err := http.Head(address)
			if err != nil {
				t.Fatal(err)
			}
			head.Body.Close()
			if head.StatusCode != http.StatusOK || head.Header.Get("ETag") != tag {
				t.Errorf("HEAD: %d, ETag %s, want %s", head.StatusCode, head.Header.Get("ETag"), tag)
			}
			preflight, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{"Origin": "https://anywhere.example", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"} {
				preflight.Header.Set(name, value)
			}
			may, err := http.DefaultClient.Do(preflight)
			if err != nil {
				t.Fatal(err)
			}
			may.Body.Close()
			if may.StatusCode >= 300 || may.Header.Get("Access-Control-Allow-Origin") != "*" || may.Header.Get("Access-Control-Allow-Headers") != "if-none-match" {
				t.Errorf("a page elsewhere that asks again may not: %d %v", may.StatusCode, may.Header)
			}
			post, err := http.Post(address, "text/plain", nil)
			if err != nil {
				t.Fatal(err)
			}
			post.Body.Close()
			if post.StatusCode != http.StatusMethodNotAllowed || post.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("POST: %d, allowed is %q", post.StatusCode, post.Header.Get("Allow"))
			}
			if r, body := get(t, server.URL+path+"?nonsense=1"); r.StatusCode != http.StatusBadRequest || !strings.HasPrefix(body, path+` has no parameter "nonsense"`) {
				t.Errorf("with an unknown parameter: %d %s", r.StatusCode, body)
			}
		})
	}
	t.Run("without a store", func(t *testing.T) {
		server := serveStore(t, away{memoryStore(t)})
		for _, path := range paths {
			if r, body := get(t, server.URL+path); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" || !strings.Contains(body, "try again") {
				t.Errorf("%s: %d %s", path, r.StatusCode, body)
			}
		}
	})
}

// The help, and with it the answer to an unknown path, names each path that is answered.
func TestHelpNamesEveryAnswer(t *testing.T) {
	_, body := get(t, serveStore(t, memoryStore(t)).URL+"/nothing")
	for path := range answered() {
		name := path
		if table, ok := strings.CutPrefix(path, "/export/"); ok && strings.Contains(routesHelp, "/export/…") {
			name = table
		}
		for where, text := range map[string]string{"the help": routesHelp, "the answer to an unknown path": body} {
			if !slices.Contains(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;:?\n", r) }), name) {
				t.Errorf("%s does not name %s", where, path)
			}
		}
	}
}

// TestFingerprint: a restart, and a build of the same again, leave the ETags as they are; another program has others.
func TestFingerprint(t *testing.T) {
	file := filepath.Join(t.TempDir(), "program")
	write := func(text string, at time.Time) string {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
		return fingerprint(file)
	}
	first := write("one program", today)
	if again := write("one program", today.Add(time.Hour)); first == "" || again != first {
		t.Errorf("the same program built later is %q, and was %q", again, first)
	}
	if other := write("two program", today.Add(time.Hour)); other == first {
		t.Errorf("two programs are %q", other)
	}
	if got := fingerprint(filepath.Join(t.TempDir(), "nothing")); got != "" {
		t.Errorf("no file is %q", got)
	}
}

// TestRetiredNamesInAddresses: who subscribed by an id that is gone goes on with its successor, in calendars as in the API.
func TestRetiredNamesInAddresses(t *testing.T) {
	s := memoryStore(t)
	retired := map[un.ID]un.ID{"body:old-forum": "body:igf"}
	server := httptest.NewServer(routes(s, config{Origins: []string{"*"}}, clock, slog.New(slog.DiscardHandler), retired))
	defer server.Close()
	for _, path := range []string{"/calendar.ics?body=", "/export/deadlines.csv?obligor="} {
		r, old := get(t, server.URL+path+"body:old-forum")
		if _, now := get(t, server.URL+path+"body:igf"); r.StatusCode != http.StatusOK || old != now {
			t.Errorf("%s: %d, not what its successor gives: %.300s", path, r.StatusCode, old)
		}
	}
	if _, answer := post(t, server.URL, `{ mandates(where: {holder: ["body:old-forum"]}) { totalCount } }`, nil); strings.Contains(string(answer), "errors") {
		t.Errorf("the API says %s", answer)
	}
}

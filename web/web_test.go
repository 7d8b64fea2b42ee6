package web_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"mandategraph/web"
)

var handler = sync.OnceValue(web.Handler)

func ask(t *testing.T, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	referenceInHTML = regexp.MustCompile(`(?i)\b(?:src|href|action|data|poster|srcset)\s*=\s*["']?([^"'\s>]+)`)
	referenceInCSS  = regexp.MustCompile(`(?i)url\(\s*["']?([^"')\s]{1,80})|@import\s+["']([^"']+)`)
	otherHost       = regexp.MustCompile(`(?i)^(?:[a-z][a-z0-9+.-]*:)?//`)
	pathInScript    = regexp.MustCompile(`['"\x60](/[a-z][^'"\x60?$]*)`)
)

func TestThePageNeedsOnlyThisServer(t *testing.T) {
	page := body(t, ask(t, "GET", "/playground"))
	references := referenceInHTML.FindAllStringSubmatch(page, -1)
	if len(references) < 7 {
		t.Fatalf("only %d references found in the page", len(references))
	}
	for _, m := range references {
		t.Run(m[1], func(t *testing.T) {
			if !strings.HasPrefix(m[1], "/playground/") {
				t.Fatalf("%s is not below /playground/", m[1])
			}
			if r := ask(t, "GET", m[1]); r.StatusCode != http.StatusOK {
				t.Errorf("status %d", r.StatusCode)
			}
		})
	}
	t.Run("no script stands in the page", func(t *testing.T) {
		for _, tag := range regexp.MustCompile(`(?i)<script[^>]*>`).FindAllString(page, -1) {
			if !strings.Contains(tag, " src=") {
				t.Errorf("%s would be refused by the page's own policy", tag)
			}
		}
		if m := regexp.MustCompile(`(?i)\son[a-z]+\s*=|javascript:`).FindString(page); m != "" {
			t.Errorf("%q would be refused by the page's own policy", m)
		}
	})
	t.Run("the script asks for what is there", func(t *testing.T) {
		paths := pathInScript.FindAllStringSubmatch(body(t, ask(t, "GET", "/playground/playground.js")), -1)
		if len(paths) == 0 {
			t.Fatal("no path found in the script")
		}
		for _, m := range paths {
			if m[1] == "/graphql" {
				continue
			}
			if r := ask(t, "GET", m[1]); r.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", m[1], r.StatusCode)
			}
		}
	})
}

func TestNothingRefersToAnotherHost(t *testing.T) {
	for _, folder := range []string{"playground", "static"} {
		for name, content := range readFolder(t, folder) {
			switch filepath.Ext(name) {
			case ".css":
				for _, m := range referenceInCSS.FindAllSubmatch(content, -1) {
					at := string(m[1]) + string(m[2])
					if !strings.HasPrefix(at, "data:") && !strings.HasPrefix(at, "/playground/") {
						t.Errorf("%s/%s refers to %.80s", folder, name, at)
					}
				}
			case ".html":
				for _, m := range referenceInHTML.FindAllSubmatch(content, -1) {
					if otherHost.Match(m[1]) {
						t.Errorf("%s/%s refers to %s", folder, name, m[1])
					}
				}
			case ".js":
				if m := regexp.MustCompile(`(?i)https?://[^\s'"\x60]*`).Find(content); folder == "playground" && m != nil {
					t.Errorf("%s/%s refers to %s", folder, name, m)
				}
				if m := regexp.MustCompile(`importScripts|new (Shared)?Worker|\beval\(|new Function\(`).Find(content); m != nil {
					t.Errorf("%s/%s has %s, which the page's policy refuses", folder, name, m)
				}
			}
		}
	}
}

func TestExamples(t *testing.T) {
	examples := web.Examples()
	if len(examples) < 8 {
		t.Fatalf("%d examples, want at least 8", len(examples))
	}
	if !slices.IsSortedFunc(examples, func(a, b web.Example) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the examples are not sorted by name")
	}
	titles := map[string]bool{}
	names := map[string]bool{}
	for _, e := range examples {
		t.Run(e.Name, func(t *testing.T) {
			if names[e.Name] || titles[e.Title] {
				t.Error("the name or title is taken")
			}
			names[e.Name], titles[e.Title] = true, true
			if !regexp.MustCompile(`^\d\d-[a-z0-9-]+$`).MatchString(e.Name) {
				t.Errorf("name %q is not NN-slug", e.Name)
			}
			if e.Title == "" || len(e.Title) > 100 {
				t.Errorf("title %q: want 1 to 100 bytes", e.Title)
			}
			if len(e.Explanation) < 40 || !strings.HasSuffix(e.Explanation, ".") {
				t.Errorf("explanation %q: want a sentence or two", e.Explanation)
			}
			if !strings.HasPrefix(e.Query, "# "+e.Title+"\n") {
				t.Error("the query does not open with its title")
			}
			doc, err := parser.ParseQuery(&ast.Source{Name: e.Name, Input: e.Query})
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query || doc.Operations[0].Name == "" {
				t.Error("want one query with a name")
			}
			wantVariables := len(doc.Operations[0].VariableDefinitions) > 0
			if (e.Variables != "") != wantVariables {
				t.Errorf("variables %q do not fit the query", e.Variables)
			}
			var variables map[string]any
			if err := json.Unmarshal([]byte(e.Variables), &variables); wantVariables && err != nil {
				t.Errorf("variables: %v", err)
			}
		})
	}
	t.Run("no file is left over", func(t *testing.T) {
		want := map[string]bool{}
		for _, e := range examples {
			want[e.Name+".graphql"] = true
			if e.Variables != "" {
				want[e.Name+".variables.json"] = true
			}
		}
		got := map[string]bool{}
		for name := range readFolder(t, "examples") {
			got[name] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the page gets them all", func(t *testing.T) {
		var got []web.Example
		if err := json.Unmarshal([]byte(body(t, ask(t, "GET", "/playground/examples.json"))), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(examples, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestExamplesFitTheSchema(t *testing.T) {
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Skipf("the schema is not at hand: %v", err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range web.Examples() {
		t.Run(e.Name, func(t *testing.T) {
			if _, err := gqlparser.LoadQueryWithRules(schema, e.Query, rules.NewDefaultRules()); err != nil {
				t.Error(err)
			}
		})
	}
}

// The table in static/README.md is what the licences and the bytes are held to.
func TestPublishedFilesAreThoseOfTheTable(t *testing.T) {
	files := readFolder(t, "static")
	readme := files["README.md"]
	got := map[string]string{}
	folders := map[string]bool{}
	for name, content := range files {
		if name == "README.md" || strings.HasPrefix(name, ".") {
			continue
		}
		sum := sha256.Sum256(content)
		got[name] = hex.EncodeToString(sum[:])
		folders[filepath.Dir(name)] = true
	}
	want := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| `([^`]+)` \\| `([0-9a-f]{64})` \\|$")
	for _, m := range row.FindAllSubmatch(readme, -1) {
		want[string(m[4])] = string(m[5])
		if !strings.Contains(filepath.Dir(string(m[4])), string(m[2])) {
			t.Errorf("the folder of %s does not name version %s", m[4], m[2])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table and files differ (-table +files):\n%s", diff)
	}
	for folder := range folders {
		if _, ok := got[filepath.Join(folder, "LICENSE")]; !ok {
			t.Errorf("%s has no LICENSE", folder)
		}
	}
}

func TestAnswers(t *testing.T) {
	const versioned = "/playground/graphiql-4.1.2/graphiql.min.js"
	for _, tt := range []struct {
		path, contentType, cache string
	}{
		{"/playground", "text/html; charset=utf-8", "no-cache"},
		{"/playground?example=01-due-at-cstd-30", "text/html; charset=utf-8", "no-cache"},
		{"/playground/playground.js", "text/javascript; charset=utf-8", "no-cache"},
		{"/playground/playground.css", "text/css; charset=utf-8", "no-cache"},
		{"/playground/icon.svg", "image/svg+xml", "no-cache"},
		{"/playground/examples.json", "application/json", "no-cache"},
		{versioned, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/playground/graphiql-4.1.2/graphiql.min.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		{"/playground/react-18.3.1/LICENSE", "text/plain; charset=utf-8", "public, max-age=31536000, immutable"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			r := ask(t, "GET", tt.path)
			plain := body(t, r)
			want := map[string]string{
				"Content-Type": tt.contentType, "Cache-Control": tt.cache, "X-Content-Type-Options": "nosniff",
				"Vary": "Accept-Encoding", "Content-Length": fmt.Sprint(len(plain)),
			}
			got := map[string]string{}
			for name := range want {
				got[name] = r.Header.Get(name)
			}
			if diff := cmp.Diff(want, got); diff != "" || r.StatusCode != http.StatusOK {
				t.Errorf("status %d, headers (-want +got):\n%s", r.StatusCode, diff)
			}

			head := ask(t, "HEAD", tt.path)
			if head.StatusCode != http.StatusOK || body(t, head) != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(plain)) {
				t.Errorf("HEAD: status %d, headers %v", head.StatusCode, head.Header)
			}
			again := ask(t, "GET", tt.path, "If-None-Match", r.Header.Get("ETag"))
			if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
				t.Errorf("asked again with its ETag %q: status %d", r.Header.Get("ETag"), again.StatusCode)
			}

			squeezed := ask(t, "GET", tt.path, "Accept-Encoding", "br, gzip;q=0.8")
			if squeezed.Header.Get("Content-Encoding") == "gzip" {
				if squeezed.Header.Get("ETag") == r.Header.Get("ETag") {
					t.Error("plain and compressed share an ETag")
				}
				z, err := gzip.NewReader(squeezed.Body)
				if err != nil {
					t.Fatal(err)
				}
				if b, err := io.ReadAll(z); err != nil || !bytes.Equal(b, []byte(plain)) {
					t.Errorf("compressed content differs: %v", err)
				}
			} else if len(plain) > 2000 {
				t.Error("not compressed")
			}
		})
	}
	t.Run("gzip is refused with a weight of 0", func(t *testing.T) {
		if got := ask(t, "GET", versioned, "Accept-Encoding", "gzip;q=0, *").Header.Get("Content-Encoding"); got != "" {
			t.Errorf("Content-Encoding %q", got)
		}
	})
	t.Run("the policy allows this server alone", func(t *testing.T) {
		policy := ask(t, "GET", "/playground").Header.Get("Content-Security-Policy")
		directives := map[string]string{}
		for d := range strings.SplitSeq(policy, ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(d), " ")
			directives[name] = sources
		}
		want := map[string]string{
			"default-src": "'self'", "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data:", "font-src": "'self' data:",
			"object-src": "'none'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'self'",
		}
		if diff := cmp.Diff(want, directives); diff != "" {
			t.Error(diff)
		}
	})
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		t.Run(method+" is not allowed", func(t *testing.T) {
			r := ask(t, method, "/playground")
			if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("status %d, Allow %q", r.StatusCode, r.Header.Get("Allow"))
			}
		})
	}
	for _, path := range []string{
		"/", "/playground/nothing.js", "/playground/README.md", "/playground/index.html", "/playground/graphiql-4.1.2",
		"/playground/graphiql-4.1.2/", "/playground/../web.go", "/playground/static/graphiql-4.1.2/LICENSE", "/playgrounds",
	} {
		t.Run("not found: "+path, func(t *testing.T) {
			if r := ask(t, "GET", path); r.StatusCode != http.StatusNotFound {
				t.Errorf("status %d", r.StatusCode)
			}
		})
	}
	t.Run("a slash at the end leads to the page", func(t *testing.T) {
		r := ask(t, "GET", "/playground/?example=x")
		if r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != "/playground?example=x" {
			t.Errorf("status %d, Location %q", r.StatusCode, r.Header.Get("Location"))
		}
	})
}

// readFolder returns the files below a folder of this package by their path in it.
func readFolder(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS(folder)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

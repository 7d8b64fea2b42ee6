package main

import (
	"bufio"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The floors of the house. A package may import the packages of this module that its line names, and those libraries
// alone: imports go down, never sideways or up.
const floors = `
mandategraph/un             |                                      | facts rest on the standard library alone
mandategraph/data           |                                      | files, embedded
mandategraph/store          | un                                   | a contract over facts
mandategraph/store/memory   | un store                             | one store
mandategraph/store/neo4j    | un store                             | another store: alone imports the driver, github.com/neo4j/neo4j-go-driver; github.com/hashicorp/golang-lru keeps what was decoded
mandategraph/store/neo4j/neo4jtest |                               | a real server for tests: github.com/gofrs/flock, github.com/neo4j/neo4j-go-driver
mandategraph/store/neo4j/neo4jtest/cmd/neo4jdev | store/neo4j/neo4jtest | keeps one running for a developer
mandategraph/store/storetest| un store                             | the one test for every store; it may use go-cmp
mandategraph/query          | un store                             | questions over any store: github.com/agnivade/levenshtein finds the nearest name
mandategraph/loader         | un                                   | files to a graph: github.com/goccy/go-yaml reads YAML with positions
mandategraph/web            |                                      | pages, embedded
mandategraph/reply          | un store query                       | what answers to GET have in common
mandategraph/calendar       | un store query reply                 | calendars, feeds, sheets: github.com/arran4/golang-ical writes iCalendar
mandategraph/export         | un store query reply                 | tables
mandategraph/graph          | un store query reply                 | alone speaks GraphQL: github.com/99designs/gqlgen github.com/vektah/gqlparser
mandategraph                | un data store store/memory store/neo4j query graph loader web reply calendar export | wires everything: github.com/rs/cors github.com/caarlos0/env golang.org/x/term
`

// libraries are what each package may import from elsewhere, by prefix.
var libraries = map[string][]string{
	"mandategraph/store/storetest":       {"github.com/google/go-cmp/"},
	"mandategraph/query":                 {"github.com/agnivade/levenshtein"},
	"mandategraph/loader":                {"github.com/goccy/go-yaml", "github.com/agnivade/levenshtein"},
	"mandategraph/calendar":              {"github.com/arran4/golang-ical"},
	"mandategraph/graph":                 {"github.com/99designs/gqlgen/", "github.com/vektah/gqlparser/"},
	"mandategraph/store/neo4j":           {"github.com/neo4j/neo4j-go-driver/", "github.com/hashicorp/golang-lru/"},
	"mandategraph/store/neo4j/neo4jtest": {"github.com/neo4j/neo4j-go-driver/", "github.com/gofrs/flock"},
	"mandategraph":                       {"github.com/rs/cors", "github.com/caarlos0/env/", "golang.org/x/term"},
}

func TestImportsGoDown(t *testing.T) {
	allowed := map[string][]string{}
	for line := range strings.Lines(floors) {
		cells := strings.Split(line, "|")
		if len(cells) != 3 {
			continue
		}
		name := strings.TrimSpace(cells[0])
		allowed[name] = []string{}
		for _, below := range strings.Fields(cells[1]) {
			allowed[name] = append(allowed[name], "mandategraph/"+below)
		}
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for scan := bufio.NewScanner(strings.NewReader(string(out))); scan.Scan(); {
		name, imports, _ := strings.Cut(scan.Text(), " ")
		if strings.Contains(name, "/internal/") || strings.HasPrefix(name, "mandategraph/bench") {
			continue // generators and benchmarks: not part of the server
		}
		below, known := allowed[name]
		if !known {
			t.Errorf("%s has no floor: give it a line", name)
		}
		seen++
		for _, i := range strings.Fields(imports) {
			switch {
			case strings.HasPrefix(i, "mandategraph/"):
				if !slices.Contains(below, i) {
					t.Errorf("%s imports %s, which is not below it", name, i)
				}
			case strings.Contains(strings.Split(i, "/")[0], "."):
				if !slices.ContainsFunc(libraries[name], func(p string) bool { return strings.HasPrefix(i, p) }) {
					t.Errorf("%s imports %s, which is not for it", name, i)
				}
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("%d packages, but the table has %d", seen, len(allowed))
	}
}

// TestOnlyMainReadsTheTime keeps the clock in package main, which hands it on, so that every answer is a function of the
// facts and of a day. A store may measure its own timeouts, and a benchmark what it measures.
func TestOnlyMainReadsTheTime(t *testing.T) {
	reads := regexp.MustCompile(`\b(time\.(Now|Since|Until)|graphql\.Now)\b`)
	looked := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.HasSuffix(name, "generated.go") || strings.HasPrefix(name, "store/neo4j/") || strings.HasPrefix(name, "bench/") {
			return err
		}
		looked++
		text, err := os.ReadFile(name)
		if found := reads.FindAllString(string(text), -1); name != "server.go" && found != nil || name == "server.go" && len(found) != 1 {
			t.Errorf("%s reads the time: %q", name, found)
		}
		return err
	})
	if err != nil || looked < 40 {
		t.Errorf("%d files were looked at: %v", looked, err)
	}
}

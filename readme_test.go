package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/store/neo4j/neo4jtest"
)

// A fence is a block of README.md.
type fence struct{ language, text string }

var fences = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// TestREADME runs every command and every query of README.md; the answers in it are the real ones.
func TestREADME(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, memoryStore(t))
	var blocks []fence
	for _, m := range fences.FindAllStringSubmatch(string(page), -1) {
		blocks = append(blocks, fence{m[1], m[2]})
	}
	queries, commands := 0, 0
	for i, b := range blocks {
		switch b.language {
		case "sh":
			for line := range strings.Lines(b.text) {
				command := strings.TrimSpace(strings.Split(line, "  # ")[0])
				if command == "" {
					continue
				}
				commands++
				t.Run(command, func(t *testing.T) { runCommand(t, command, server.URL, string(ci)) })
			}
		case "graphql":
			queries++
			if i+1 == len(blocks) || blocks[i+1].language != "json" {
				t.Errorf("no answer follows the query %s", b.text)
				continue
			}
			_, answer := post(t, server.URL, b.text, nil)
			var got struct{ Data json.RawMessage }
			if err := json.Unmarshal(answer, &got); err != nil || got.Data == nil || bytes.Contains(answer, []byte(`"errors"`)) {
				t.Fatalf("%s: %s", b.text, answer)
			}
			shown := compact(t, got.Data)
			if *update {
				page = bytes.Replace(page, []byte(b.text+"```\n\n```json\n"+blocks[i+1].text), []byte(b.text+"```\n\n```json\n"+shown), 1)
			} else if diff := cmp.Diff(blocks[i+1].text, shown); diff != "" {
				t.Errorf("README.md has another answer (-README +real); make golden writes it:\n%s", diff)
			}
		}
	}
	if queries < 3 || commands < 4 {
		t.Errorf("README.md has %d queries and %d commands", queries, commands)
	}
	if *update {
		if err := os.WriteFile("README.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runCommand runs one line of a shell as a reader would.
func runCommand(t *testing.T, command, url, ci string) {
	switch {
	case command == "make run" || command == "make test":
		// .ci/run runs these two; a test that runs all tests would run itself.
		if !regexp.MustCompile(`(?m)^(PORT=0 setsid )?` + command + `\b`).MatchString(ci) {
			t.Errorf(".ci/run does not run %s", command)
		}
	case strings.HasPrefix(command, "curl "):
		if _, err := exec.LookPath("curl"); err != nil {
			t.Skip("left out: this machine has no curl to run the README's command with")
		}
		out, err := exec.Command("sh", "-c", strings.ReplaceAll(command, "localhost:8080", strings.TrimPrefix(url, "http://"))).CombinedOutput()
		if strings.Contains(command, "/calendar.ics") {
			if err != nil || !bytes.HasPrefix(out, []byte("BEGIN:VCALENDAR\r\n")) || !bytes.Contains(out, []byte("occurrence:session:cstd-30")) {
				t.Errorf("%v: %.300s", err, out)
			}
			return
		}
		if err != nil || !json.Valid(out) || bytes.Contains(out, []byte(`"errors"`)) {
			t.Errorf("%v: %s", err, out)
		}
	case strings.HasPrefix(command, "go run . "):
		args := strings.Fields(command)[3:]
		for i, arg := range args {
			if arg == "../shared/documents" {
				args[i] = documentsDir(t)
			}
		}
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, nil, &stdout, &stderr, clock); code != 0 {
			t.Errorf("exit status %d: %s%s", code, &stdout, &stderr)
		}
	case strings.HasPrefix(command, "NEO4J_URI="):
		variables, line, found := strings.Cut(command, " go run .")
		if !found || !regexp.MustCompile(`^NEO4J_URI=\S+ NEO4J_PASSWORD=\S+$`).MatchString(variables) {
			t.Fatalf("the test does not know how to run %q", command)
		}
		database := neo4jtest.Need(t) // in place of the reader's
		environ := []string{
			"NEO4J_URI=" + database.URI, "NEO4J_PASSWORD=" + database.Password,
			"NEO4J_USERNAME=" + database.Username, "NEO4J_DATABASE=" + database.Database,
		}
		args := strings.Fields(line)
		if len(args) == 0 { // it serves until the reader stops it
			_, answer := post(t, serveEnviron(t, args, environ), `{ body(acronym: "IGF") { id } }`, nil)
			if !bytes.Contains(answer, []byte("body:igf")) {
				t.Errorf("the server answers %s", answer)
			}
			return
		}
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, environ, &stdout, &stderr, clock); code != 0 {
			t.Errorf("exit status %d: %s%s", code, &stdout, &stderr)
		}
	case strings.HasSuffix(command, " docker compose up"):
		// The test needs no Docker: it reads the file as Docker would, and TestComposeOnNeo4j runs what is in it.
		if _, err := composeProject(t.Context(), strings.Fields(strings.TrimSuffix(command, " docker compose up"))...); err != nil {
			t.Error(err)
		}
	default:
		t.Errorf("the test does not know how to run %q", command)
	}
}

// documentsDir is the folder of the documents' texts; without it the test is skipped, and says so.
func documentsDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DOCUMENTS_DIR")
	if dir == "" {
		dir = "../shared/documents"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("left out: evidence was not looked for, since there is no folder %s; name it with DOCUMENTS_DIR", dir)
	}
	return dir
}

// compact writes JSON with each value that fits on a line of its own.
func compact(t *testing.T, data []byte) string {
	t.Helper()
	var out strings.Builder
	if err := fit(&out, data, ""); err != nil {
		t.Fatal(err)
	}
	return out.String() + "\n"
}

func fit(out *strings.Builder, data json.RawMessage, indent string) error {
	var line bytes.Buffer
	if err := json.Compact(&line, data); err != nil {
		return err
	}
	if len(indent)+line.Len() <= 118 || data[0] != '{' && data[0] != '[' {
		out.WriteString(line.String())
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	open, err := d.Token()
	if err != nil {
		return err
	}
	fmt.Fprint(out, open)
	for first := true; d.More(); first = false {
		if !first {
			out.WriteString(",")
		}
		out.WriteString("\n" + indent + "  ")
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%q: ", key)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if err := fit(out, value, indent+"  "); err != nil {
			return err
		}
	}
	end, err := d.Token()
	fmt.Fprintf(out, "\n%s%v", indent, end)
	return err
}

// TestEvidence looks for every piece of evidence of the embedded facts in the documents themselves.
func TestEvidence(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"verify", "-documents", documentsDir(t)}, nil, &stdout, &stderr, clock); code != 0 {
		t.Errorf("exit status %d:\n%s%s", code, &stdout, &stderr)
	}
}

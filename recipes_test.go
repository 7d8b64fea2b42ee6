package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestRecipes runs every command of docs/recipes.md: those of the shell, the line for cron, the step of the GitHub Action, and
// the lines of the web page. What would send mail or open an issue is a program of the test's, which keeps what it is given.
func TestRecipes(t *testing.T) {
	page, err := os.ReadFile("docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	server := serveStore(t, memoryStore(t))
	ran := map[string]int{}
	for _, m := range fences.FindAllStringSubmatch(string(page), -1) {
		language, text := m[1], m[2]
		ran[language]++
		switch language {
		case "sh":
			for line := range strings.Lines(text) {
				command, want, _ := strings.Cut(strings.TrimSpace(line), "  # ")
				t.Run(command, func(t *testing.T) { runRecipe(t, server.URL, command, want) })
			}
		case "cron":
			command := strings.TrimSpace(regexp.MustCompile(`^(\S+ ){5} *`).ReplaceAllString(text, ""))
			t.Run("cron", func(t *testing.T) {
				kept := runRecipe(t, server.URL, command, "")
				if !strings.Contains(kept["mail"], "desk@example.org") || !strings.Contains(kept["mail"], "due in the next 90 days") {
					t.Errorf("what was mailed is %q", kept["mail"])
				}
			})
		case "yaml":
			t.Run("action", func(t *testing.T) { runAction(t, server.URL, text) })
		case "js":
			t.Run("page", func(t *testing.T) { runPage(t, server.URL, text) })
		default:
			t.Errorf("docs/recipes.md has a block of %s, which the test does not know how to run", language)
		}
	}
	if ran["sh"] < 7 || ran["cron"] != 1 || ran["yaml"] != 1 || ran["js"] != 1 {
		t.Errorf("docs/recipes.md has %v", ran)
	}
}

// runRecipe runs one line of a shell against the server, in a folder of its own. It gives what programs of the test's own
// were given.
func runRecipe(t *testing.T, url, command, want string) (kept map[string]string) {
	t.Helper()
	if arguments, ok := strings.CutPrefix(command, "go run . "); ok {
		var stdout, stderr strings.Builder
		if code := run(t.Context(), strings.Fields(arguments), nil, &stdout, &stderr, clock); code != 0 || stdout.Len() == 0 {
			t.Errorf("exit status %d: %s", code, stderr.String())
		}
		return nil
	}
	for _, name := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("left out: this machine has no %s to run the recipe with", name)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"mail", "gh"} {
		program := fmt.Sprintf("#!/bin/sh\necho \"$@\" > %[1]s/kept-%[2]s\nfor word in \"$@\"; do [ -f \"$word\" ] && cat \"$word\" >> %[1]s/kept-%[2]s; done\n[ -t 0 ] || cat >> %[1]s/kept-%[2]s\n", dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(program), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(command, "http://localhost:8080", url))
	c.Dir = dir
	c.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "MANDATEGRAPH="+url)
	out, err := c.Output()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if want != "" && !strings.Contains(string(out), want) {
		t.Errorf("it says %q, and not %q", out, want)
	}
	if m := regexp.MustCompile(` -o ([a-z]\S+)`).FindStringSubmatch(command); m != nil {
		if made, err := os.Stat(filepath.Join(dir, m[1])); err != nil || made.Size() < 200 {
			t.Errorf("%s was not written: %v", m[1], err)
		}
	} else if len(out) == 0 && !strings.Contains(command, "mail -s") {
		t.Error("it says nothing")
	}
	kept = map[string]string{}
	for _, name := range []string{"mail", "gh"} {
		text, _ := os.ReadFile(filepath.Join(dir, "kept-"+name)) // what was not called kept nothing
		kept[name] = string(text)
	}
	return kept
}

// runAction reads the workflow as GitHub does, and runs its step.
func runAction(t *testing.T, url, text string) {
	var workflow struct {
		On          struct{ Schedule []struct{ Cron string } }
		Permissions map[string]string
		Jobs        map[string]struct {
			Steps []struct {
				Env map[string]string
				Run string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	steps := workflow.Jobs["digest"].Steps
	if len(steps) != 1 || len(workflow.On.Schedule) != 1 || workflow.Permissions["issues"] != "write" || steps[0].Env["MANDATEGRAPH"] == "" {
		t.Fatalf("the workflow is %+v", workflow)
	}
	kept := runRecipe(t, url, steps[0].Run, "")
	if !strings.Contains(kept["gh"], "issue create") || !strings.Contains(kept["gh"], "# Digital governance: due in the next 90 days") {
		t.Errorf("the issue is %q", kept["gh"])
	}
}

// runPage runs the lines of the web page, which Node.js understands as a browser does.
func runPage(t *testing.T, url, text string) {
	node, err := exec.LookPath("node")
	if err != nil {
		withoutNode(t, "the lines of docs/recipes.md for a web page were not run")
	}
	out, err := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", strings.ReplaceAll(text, "http://localhost:8080", url)).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "2027: Findings on indicators before the Commission, from Partnership on Measuring ICT for Development (A/RES/80/173, paragraph 117)") {
		t.Errorf("%v: %s", err, out)
	}
}

// withoutNode ends a test that needs Node.js: it is left out, and fails where REQUIRE_NODE is set.
func withoutNode(t *testing.T, what string) {
	t.Helper()
	line := "LEFT OUT: " + what + "; install Node.js 20 with npm"
	if v := os.Getenv("REQUIRE_NODE"); v != "" && v != "0" {
		t.Fatal(line + " (REQUIRE_NODE is set)")
	}
	t.Skip(line)
}

package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"mandategraph/store/neo4j/neo4jtest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

func needed(t *testing.T) {
	t.Helper()
	if err := neo4jtest.Available(t.Context()); err != nil {
		neo4jtest.Own(t, neo4jtest.Options{}) // skips or fails
	}
}

// interrupter ends the context when the command has written.
type interrupter struct {
	said      bytes.Buffer
	at        string
	interrupt context.CancelFunc
}

func (w *interrupter) Write(b []byte) (int, error) {
	w.said.Write(b)
	if strings.Contains(w.said.String(), w.at) {
		w.interrupt()
	}
	return len(b), nil
}

func TestCommandFindsTheServerInItsEnvironment(t *testing.T) {
	needed(t)
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out := &interrupter{at: "\ngot bolt://127.0.0.1:", interrupt: cancel}
	var stderr bytes.Buffer
	code := run(ctx, []string{"-port", "0", "-dir", dir, "--", "sh", "-c", `echo "got $NEO4J_URI"`}, out, &stderr)
	said := out.said.String()
	if code != 0 || !strings.HasPrefix(said, "NEO4J_URI=bolt://127.0.0.1:") || !strings.Contains(said, out.at) {
		t.Errorf("%d, %q, %q", code, said, stderr.String())
	}
	if _, err := os.Stat(dir + "/data/databases/neo4j"); err != nil {
		t.Errorf("the data are gone: %v", err)
	}

	stderr.Reset()
	code = run(t.Context(), []string{"-port", "0", "-dir", dir, "--", "sh", "-c", "exit 3"}, &bytes.Buffer{}, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "exit status 3") {
		t.Errorf("a command that fails: %d, %q", code, stderr.String())
	}
}

func TestCheckSaysWhatIsLeftOut(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("NEO4J_TEST_URI", "")
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"-check"}, nil, &stderr); code != 1 || !strings.HasPrefix(stderr.String(), "LEFT OUT: ") {
		t.Errorf("%d, %q", code, stderr.String())
	}
	t.Setenv("NEO4J_TEST_URI", "bolt://127.0.0.1:1")
	stderr.Reset()
	if code := run(t.Context(), []string{"-check"}, nil, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("with a server named: %d, %q", code, stderr.String())
	}
}

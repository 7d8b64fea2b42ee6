package neo4jtest_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/store/neo4j/neo4jtest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// ask runs one statement and gives the first value of its first row.
func ask(t *testing.T, s *neo4jtest.Server, cypher string) (any, error) {
	t.Helper()
	d, err := s.Driver()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close(context.Background()) // nothing was left open
	session := d.NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: s.Database})
	defer session.Close(context.Background()) // nothing was left open
	res, err := session.Run(t.Context(), cypher, nil)
	if err != nil {
		return nil, err
	}
	if !res.Next(t.Context()) {
		return nil, res.Err()
	}
	return res.Record().Values[0], nil
}

func want(t *testing.T, s *neo4jtest.Server, cypher string, value any) {
	t.Helper()
	if got, err := ask(t, s, cypher); err != nil || got != value {
		t.Fatalf("%s = %v, %v, want %v", cypher, got, err, value)
	}
}

func TestServerWithPasswordLosesNothingWhenKilled(t *testing.T) {
	const password = "correct horse"
	begin := time.Now()
	s := neo4jtest.Own(t, neo4jtest.Options{Auth: true, Password: password})
	t.Logf("started in %v", time.Since(begin).Round(100*time.Millisecond))
	want(t, s, "RETURN 1", int64(1))

	for _, wrong := range []string{"neo4j", "wrong horse"} {
		other := &neo4jtest.Server{URI: s.URI, Username: s.Username, Password: wrong}
		var refused *neo4j.Neo4jError
		if _, err := ask(t, other, "RETURN 1"); !errors.As(err, &refused) || refused.Code != "Neo.ClientError.Security.Unauthorized" {
			t.Errorf("password %q: %v, want Unauthorized", wrong, err)
		}
	}

	want(t, s, "CREATE (n:Kept {value: 7}) RETURN n.value", int64(7))
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if got, err := ask(t, s, "RETURN 1"); err == nil {
		t.Fatalf("a killed server answers %v", got)
	}
	uri := s.URI
	begin = time.Now()
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("restarted in %v", time.Since(begin).Round(100*time.Millisecond))
	if s.URI != uri {
		t.Errorf("restarted on %s, was on %s", s.URI, uri)
	}
	want(t, s, "MATCH (n:Kept) RETURN n.value", int64(7))

	begin = time.Now()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("stopped in %v", time.Since(begin).Round(100*time.Millisecond))
	if err := s.Restart(t.Context()); err == nil || !strings.Contains(err.Error(), "folder removed") {
		t.Errorf("restart after Stop: %v", err)
	}
}

func TestEmptyLeavesNothing(t *testing.T) {
	s := neo4jtest.Need(t)
	for _, cypher := range []string{
		"CREATE CONSTRAINT `odd ``name` FOR (n:A) REQUIRE n.id IS UNIQUE",
		"CREATE INDEX FOR (n:B) ON (n.name)",
		"CREATE FULLTEXT INDEX words FOR (n:B) ON EACH [n.text]",
		"UNWIND range(1, 12000) AS i CREATE (:A {id: i})-[:TO]->(:B {name: i})",
	} {
		if _, err := ask(t, s, cypher); err != nil {
			t.Fatal(err)
		}
	}
	s.Empty(t)
	want(t, s, "MATCH (n) RETURN count(n)", int64(0))
	want(t, s, "SHOW CONSTRAINTS YIELD name RETURN count(name)", int64(0))
	want(t, s, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN count(name)", int64(0))
	if other := neo4jtest.Need(t); other != s {
		t.Error("a second Need gave another server")
	}
}

func TestServerOfAnotherProcessIsNotStopped(t *testing.T) {
	s := &neo4jtest.Server{URI: "bolt://127.0.0.1:1"}
	for name, err := range map[string]error{"Stop": s.Stop(t.Context()), "Kill": s.Kill(), "Restart": s.Restart(t.Context())} {
		if err == nil {
			t.Errorf("%s of a server that was not started here gives no error", name)
		}
	}
}

// child is a run of this test binary for one test, with variables of its own.
func child(t *testing.T, name string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+name+"$", "-test.v")
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "NEO4J_TEST_") && !strings.HasPrefix(v, "REQUIRE_NEO4J=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "NEO4JTEST_CHILD=1")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// TestChildNeeds is what a child runs.
func TestChildNeeds(t *testing.T) {
	if os.Getenv("NEO4JTEST_CHILD") == "" {
		return
	}
	s := neo4jtest.Need(t)
	fmt.Println("SERVER", s.URI)
	if os.Getenv("NEO4JTEST_STAY") != "" {
		select {}
	}
}

func TestNeedWithoutJava(t *testing.T) {
	nothing := []string{"PATH=" + t.TempDir(), "JAVA_HOME="}
	for _, c := range []struct {
		name, require, verdict string
		fails                  bool
	}{
		{"skips", "", "--- SKIP", false},
		{"skips for 0", "0", "--- SKIP", false},
		{"fails where Neo4j is required", "1", "--- FAIL", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := child(t, "TestChildNeeds", append(nothing, "REQUIRE_NEO4J="+c.require)...).CombinedOutput()
			if (err != nil) != c.fails || !bytes.Contains(out, []byte(c.verdict)) {
				t.Errorf("%v, want %s:\n%s", err, c.verdict, out)
			}
			const line = "LEFT OUT: tests on a real Neo4j: no Neo4j: java is not in PATH and JAVA_HOME is not set"
			if !bytes.Contains(out, []byte(line)) || !bytes.Contains(out, []byte("set NEO4J_TEST_URI")) {
				t.Errorf("no line says what was left out:\n%s", out)
			}
			if _, last, _ := bytes.Cut(out, []byte("\nPASS\n")); !c.fails && !bytes.HasPrefix(last, []byte("LEFT OUT")) {
				t.Errorf("Main did not repeat it:\n%s", out)
			}
		})
	}
}

func TestNeedTakesTheServerOfTheVariable(t *testing.T) {
	s := neo4jtest.Need(t)
	if s.Pid() == 0 {
		t.Skip("NEO4J_TEST_URI is in use: this test runs without it")
	}
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} { // the locks are in the cache
		t.Setenv(name, t.TempDir())
	}
	t.Run("without Java", func(t *testing.T) {
		out, err := child(t, "TestChildNeeds", "PATH="+t.TempDir(), "JAVA_HOME=", "NEO4J_TEST_URI="+s.URI).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("SERVER "+s.URI)) {
			t.Errorf("%v:\n%s", err, out)
		}
		want(t, s, "RETURN 1", int64(1)) // the child did not stop it
	})
	t.Run("and fails when it does not answer", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		dead := "bolt://" + l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := child(t, "TestChildNeeds", "NEO4J_TEST_URI="+dead).CombinedOutput()
		if err == nil || !bytes.Contains(out, []byte("NEO4J_TEST_URI="+dead+" does not answer")) {
			t.Errorf("%v:\n%s", err, out)
		}
	})
	t.Run("one binary at a time", func(t *testing.T) {
		_, end := untilServer(t, child(t, "TestChildNeeds", "NEO4J_TEST_URI="+s.URI, "NEO4JTEST_STAY=1"))
		second := child(t, "TestChildNeeds", "NEO4J_TEST_URI="+s.URI)
		second.Args = append(second.Args, "-test.timeout=7s") // it waits for two
		out, err := second.CombinedOutput()
		if err == nil || !bytes.Contains(out, []byte("another test binary uses it")) {
			t.Errorf("%v:\n%s", err, out)
		}
		end()
		if out, err := child(t, "TestChildNeeds", "NEO4J_TEST_URI="+s.URI).CombinedOutput(); err != nil {
			t.Errorf("after the first has ended: %v:\n%s", err, out)
		}
	})
}

// untilServer starts a child and waits until it says which server it has; kill ends the child as a crash would.
func untilServer(t *testing.T, cmd *exec.Cmd) (uri string, kill func()) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(kill)
	for scan := bufio.NewScanner(out); scan.Scan(); {
		if uri, ok := strings.CutPrefix(scan.Text(), "SERVER "); ok {
			return uri, kill
		}
	}
	t.Fatal("the child ended before it had a server")
	return "", nil
}

func TestServerEndsWithItsProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ties a child's life to its parent's")
	}
	if err := neo4jtest.Available(t.Context()); err != nil {
		neo4jtest.Need(t) // skips or fails
		t.Skip(err)
	}
	uri, kill := untilServer(t, child(t, "TestChildNeeds", "NEO4JTEST_STAY=1", "TMPDIR="+t.TempDir()))
	address := strings.TrimPrefix(uri, "bolt://")
	if c, err := net.Dial("tcp", address); err != nil {
		t.Fatal(err)
	} else if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	kill()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		_ = c.Close()
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("the server outlived the process that started it")
		}
	}
}

// tools is a folder to be the whole PATH, with scripts of these names, and an empty cache.
func tools(t *testing.T, scripts map[string]string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a shell")
	}
	dir, home := t.TempDir(), t.TempDir()
	for name, body := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{"PATH": dir, "JAVA_HOME": "", "MAVEN_ARGS": "", "HOME": home, "XDG_CACHE_HOME": home} {
		t.Setenv(name, value)
	}
}

const java17 = `echo 'openjdk version "17.0.15" 2025-04-15' >&2`

func TestStartSaysWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name    string
		scripts map[string]string
		env     map[string]string
		want    []string
	}{
		{"no java", nil, nil, []string{"java is not in PATH and JAVA_HOME is not set", "install a JDK 17"}},
		{"JAVA_HOME is not one", map[string]string{"java": java17}, map[string]string{"JAVA_HOME": "/nowhere"}, []string{"JAVA_HOME is /nowhere", "unset it"}},
		{"old java", map[string]string{"java": `echo 'java version "1.8.0_392"' >&2`}, nil, []string{"is Java 8", "needs 17 or later"}},
		{"no java behind the name", map[string]string{"java": "echo Unable to locate a Java Runtime.; exit 1"}, nil, []string{`says "Unable to locate a Java Runtime."`}},
		{"no mvn", map[string]string{"java": java17}, nil, []string{"mvn is not in PATH", "install Maven"}},
		{
			"Maven fails",
			map[string]string{"java": java17, "mvn": `echo '[INFO] Scanning'; printf '\033[1m[ERROR]\033[m Could not resolve %s\n[ERROR] more\n' "$1"; exit 1`},
			map[string]string{"MAVEN_ARGS": "-Dmaven.repo.local=/nowhere -o"},
			[]string{"Maven could not get Neo4j " + neo4jtest.Version, "Could not resolve -Dmaven.repo.local=/nowhere", "MAVEN_ARGS"},
		},
		{"Maven says nothing", map[string]string{"java": java17, "mvn": "exit 0"}, nil, []string{"Maven gave no class path"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tools(t, c.scripts)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			s, err := neo4jtest.Start(t.Context(), neo4jtest.Options{})
			if err == nil {
				_ = s.Stop(t.Context())
				t.Fatal("it started")
			}
			if !errors.Is(err, neo4jtest.ErrMissing) || strings.Contains(err.Error(), "\n") {
				t.Errorf("want one line, an ErrMissing: %v", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
		})
	}
}

func TestMavenIsAskedOnce(t *testing.T) {
	count, jar := filepath.Join(t.TempDir(), "count"), filepath.Join(t.TempDir(), "neo4j.jar")
	if err := os.WriteFile(jar, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tools(t, map[string]string{"java": java17, "mvn": `
echo asked >>` + count + `
for a; do case $a in -Dmdep.outputFile=*) echo ` + jar + ` >"${a#*=}" ;; esac; done`})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := neo4jtest.Available(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	asked := func(times int) {
		t.Helper()
		b, err := os.ReadFile(count)
		if err != nil || bytes.Count(b, []byte("\n")) != times {
			t.Errorf("mvn was run %d times, want %d (%v)", bytes.Count(b, []byte("\n")), times, err)
		}
	}
	asked(1)
	if err := os.Remove(jar); err != nil {
		t.Fatal(err)
	}
	if err := neo4jtest.Available(t.Context()); !errors.Is(err, neo4jtest.ErrMissing) {
		t.Errorf("jars that are gone: %v", err)
	}
	asked(2)
}

func TestStartSaysWhyTheServerEnded(t *testing.T) {
	if err := neo4jtest.Available(t.Context()); err != nil {
		neo4jtest.Need(t) // skips or fails
		t.Skip(err)
	}
	t.Run("a setting that is none", func(t *testing.T) {
		_, err := neo4jtest.Start(t.Context(), neo4jtest.Options{Conf: []string{"db.nonsense=1"}})
		if err == nil || !strings.Contains(err.Error(), "db.nonsense") {
			t.Errorf("%v, want its last lines", err)
		}
	})
	t.Run("a port that is taken", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // a test's listener
		_, err = neo4jtest.Start(t.Context(), neo4jtest.Options{Port: l.Addr().(*net.TCPAddr).Port})
		if err == nil || !strings.Contains(err.Error(), "port is taken") {
			t.Errorf("%v", err)
		}
	})
	t.Run("no time", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if _, err := neo4jtest.Start(ctx, neo4jtest.Options{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

package neo4jtest

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Version is the Neo4j that pom.xml names, and that runs where Options name none.
const Version = "5.26.20"

// ErrMissing is wrapped by errors that say which of java, mvn and the artifacts this machine lacks.
var ErrMissing = errors.New("no Neo4j")

//go:embed pom.xml
var pom []byte

const (
	oldestJava   = 17
	entryPoint   = "org.neo4j.server.CommunityEntryPoint"
	lockInterval = 100 * time.Millisecond
)

// missing is an ErrMissing with one line that says what is missing and the mend.
func missing(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrMissing, fmt.Sprintf(format, a...))
}

// Available says what keeps Start from working on this machine: nil, or an ErrMissing. It asks Maven for the artifacts
// where they are not there yet (150 MB the first time), so that a test's time limit need not pay for it.
func Available(ctx context.Context) error {
	if _, err := findJava(ctx); err != nil {
		return err
	}
	_, err := classpath(ctx, Version)
	return err
}

// findJava gives the java of JAVA_HOME, or else of PATH.
func findJava(ctx context.Context) (string, error) {
	name := "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		name = filepath.Join(home, "bin", "java")
	}
	java, err := exec.LookPath(name)
	switch {
	case err != nil && name == "java":
		return "", missing("java is not in PATH and JAVA_HOME is not set; install a JDK %d or later", oldestJava)
	case err != nil:
		return "", missing("JAVA_HOME is %s, but that has no bin/java; unset it or name a JDK %d or later", os.Getenv("JAVA_HOME"), oldestJava)
	}
	out, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	have := javaVersion(out)
	switch {
	case err != nil || have == 0:
		return "", missing("%s -version says %q; install a JDK %d or later", java, firstLine(out), oldestJava)
	case have < oldestJava:
		return "", missing("%s is Java %d and Neo4j %s needs %d or later; install one, or name it in JAVA_HOME", java, have, Version, oldestJava)
	}
	return java, nil
}

var versionRE = regexp.MustCompile(`version "(?:1\.)?(\d+)`)

// javaVersion reads the feature release from what java -version says: 17 of "17.0.15", 8 of "1.8.0_392"; 0 if it cannot.
func javaVersion(out []byte) int {
	m := versionRE.FindSubmatch(out)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// classpath gives the jars of a version of the server, in Java's form. Maven is asked once; the answer stays in the user's cache for as
// long as its jars exist. A file lock lets one test binary ask while others wait.
func classpath(ctx context.Context, version string) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "neo4j-"+version+".classpath")
	if cp, ok := keptClasspath(file); ok {
		return cp, nil
	}
	unlock, err := lock(ctx, file+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if cp, ok := keptClasspath(file); ok {
		return cp, nil
	}
	if err := askMaven(ctx, version, file); err != nil {
		return "", err
	}
	cp, ok := keptClasspath(file)
	if !ok {
		return "", missing("Maven named jars that do not exist in %s; remove it and try again", file)
	}
	return cp, nil
}

// keptClasspath reads what Maven once said, and whether all of it is still there.
func keptClasspath(file string) (string, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", false
	}
	cp := strings.TrimSpace(string(b))
	for _, jar := range filepath.SplitList(cp) {
		if _, err := os.Stat(jar); err != nil {
			return "", false
		}
	}
	return cp, cp != ""
}

// askMaven writes the class path to file. MAVEN_ARGS is given to mvn, which before 3.9 does not read it.
func askMaven(ctx context.Context, version, file string) error {
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return missing("mvn is not in PATH, and the artifacts of Neo4j %s are not in the cache; install Maven", version)
	}
	tmp, err := os.MkdirTemp("", "mandategraph-pom-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) // a leftover in the temporary folder
	pomFile, out := filepath.Join(tmp, "pom.xml"), filepath.Join(tmp, "classpath")
	if err := os.WriteFile(pomFile, pom, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "neo4jtest: asking Maven for Neo4j %s (about 150 MB the first time)\n", version)
	args := append(strings.Fields(os.Getenv("MAVEN_ARGS")), "-q", "-B", "-f", pomFile, "-Dneo4j.version="+version,
		"dependency:build-classpath", "-Dmdep.outputFile="+out)
	cmd := exec.CommandContext(ctx, mvn, args...)
	cmd.Env = append(os.Environ(), "MAVEN_ARGS=")
	cmd.WaitDelay = 5 * time.Second // mvn is a script: its java may hold the pipe
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("the time was over before Maven had fetched Neo4j %s; run `%s` by hand: %w", version, mavenByHand, ctx.Err())
	}
	if err != nil {
		return missing("Maven could not get Neo4j %s (%v: %s); see that it reaches Maven Central (MAVEN_ARGS, ~/.m2/settings.xml)", version, err, firstError(said))
	}
	cp, err := os.ReadFile(out)
	if err != nil || len(bytes.TrimSpace(cp)) == 0 {
		return missing("Maven gave no class path for Neo4j %s (%s)", version, firstError(said))
	}
	next := file + ".new"
	if err := os.WriteFile(next, cp, 0o600); err != nil {
		return err
	}
	return os.Rename(next, file)
}

const mavenByHand = "mvn -f store/neo4j/neo4jtest/pom.xml dependency:build-classpath"

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// firstError is the first line that Maven marks as an error, without colours, else the first line at all.
func firstError(out []byte) string {
	out = colours.ReplaceAll(out, nil)
	for line := range bytes.Lines(out) {
		if said, ok := bytes.CutPrefix(line, []byte("[ERROR] ")); ok {
			return cut(string(bytes.TrimSpace(said)), 300)
		}
	}
	return firstLine(out)
}

func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if line == "" {
		return "no output"
	}
	return cut(strings.TrimSpace(line), 300)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// cacheDir is mandategraph's folder in the user's cache; it makes it.
func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for a cache (%w); set HOME%s", err, map[bool]string{true: " or XDG_CACHE_HOME"}[runtime.GOOS == "linux"])
	}
	dir := filepath.Join(base, "mandategraph")
	return dir, os.MkdirAll(dir, 0o755)
}

// lock waits for the file lock. The file stays: removing it would let two hold locks of one name.
func lock(ctx context.Context, file string) (unlock func(), err error) {
	l := flock.New(file)
	if _, err := l.TryLockContext(ctx, lockInterval); err != nil {
		return nil, fmt.Errorf("waiting for %s, which another process holds: %w", file, err)
	}
	return func() { _ = l.Unlock() }, nil
}

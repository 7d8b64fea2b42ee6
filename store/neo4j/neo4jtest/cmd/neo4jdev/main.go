// Command neo4jdev keeps a Neo4j server running for a developer, with its data, until it is interrupted.
//
//	neo4jdev [-port 7687] [-dir FOLDER] [-heap 512m] [-- COMMAND ARGUMENT…]
//	neo4jdev -check
//
// It prints NEO4J_URI=… once the server answers, then runs the command, if any, with that in its environment. When the
// command fails the server stops too. -check starts nothing: it says whether the tests will find a Neo4j, and fetches the
// artifacts. It ends with 1 where something failed, 2 where it was called wrongly. It imports neo4jtest alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"mandategraph/store/neo4j/neo4jtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("neo4jdev", flag.ContinueOnError)
	flags.SetOutput(stderr)
	port := flags.Int("port", 7687, "port of 127.0.0.1")
	dir := flags.String("dir", "", "folder that keeps the data (neo4j-dev in mandategraph's cache)")
	heap := flags.String("heap", "512m", "Java's heap")
	check := flags.Bool("check", false, "say whether tests will find a Neo4j, and start nothing")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if *check {
		return checked(ctx, stderr)
	}
	if *dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			fmt.Fprintf(stderr, "neo4jdev: %v; name a folder with -dir\n", err)
			return 1
		}
		*dir = filepath.Join(cache, "mandategraph", "neo4j-dev")
	}
	s, err := neo4jtest.Start(ctx, neo4jtest.Options{
		Dir: *dir, Port: *port, Heap: *heap,
		JVM: []string{"-XX:+UseG1GC"}, // it runs long: let it compile well
	})
	if err != nil {
		fmt.Fprintln(stderr, "neo4jdev:", err)
		return 1
	}
	code := serve(ctx, s, flags.Args(), stdout, stderr)
	if err := s.Stop(context.WithoutCancel(ctx)); err != nil {
		fmt.Fprintln(stderr, "neo4jdev:", err)
		return 1
	}
	return code
}

// checked says on stderr why tests will find no Neo4j, if so.
func checked(ctx context.Context, stderr io.Writer) int {
	if os.Getenv("NEO4J_TEST_URI") != "" {
		return 0 // the tests themselves say when it does not answer
	}
	err := neo4jtest.Available(ctx)
	switch {
	case errors.Is(err, neo4jtest.ErrMissing):
		fmt.Fprintln(stderr, neo4jtest.LeftOut(err))
	case err != nil:
		fmt.Fprintln(stderr, "neo4jdev:", err)
	default:
		return 0
	}
	return 1
}

// serve says where the server is, runs the command and waits until it is interrupted or the server ends.
func serve(ctx context.Context, s *neo4jtest.Server, command []string, stdout, stderr io.Writer) int {
	fmt.Fprintf(stdout, "NEO4J_URI=%s\n", s.URI)
	if len(command) > 0 {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "NEO4J_URI="+s.URI)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
		if err := cmd.Run(); err != nil && ctx.Err() == nil {
			fmt.Fprintf(stderr, "neo4jdev: %s: %v\n", command[0], err)
			return 1
		}
	}
	select {
	case <-ctx.Done():
		return 0
	case <-s.Done():
		fmt.Fprintln(stderr, "neo4jdev: the server has ended; its log is in logs/ of its folder")
		return 1
	}
}

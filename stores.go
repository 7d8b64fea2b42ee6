package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"mandategraph/loader"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/store/neo4j"
)

// startPatience is how long a server waits for a database that does not answer when it starts.
const startPatience = 30 * time.Second

// open is the store that the configuration names, ready to be read, and what the log says about it.
func (a *app) open(c config, log *slog.Logger) (store.Store, []any, error) {
	if c.Neo4j.URI != "" {
		s, err := a.openNeo4j(c, log)
		if err != nil {
			return nil, nil, err
		}
		return s, []any{"store", "neo4j", "neo4j", c.Neo4j.URI}, nil
	}
	facts, err := a.factsWithTexts(c)
	if err != nil {
		return nil, nil, err
	}
	s := memory.Open()
	if err := s.Replace(a.ctx, facts.Graph); err != nil {
		return nil, nil, err
	}
	reader, err := s.Snapshot(a.ctx)
	if err != nil {
		return nil, nil, err
	}
	return s, []any{"store", "memory", "nodes", len(facts.Graph.Nodes), "relations", len(facts.Graph.Edges), "dataVersion", reader.Version()}, nil
}

func (a *app) factsWithTexts(c config) (*loader.Facts, error) {
	facts, err := a.facts(c)
	if err != nil {
		return nil, err
	}
	documents, err := texts(c)
	if err == nil && documents != nil {
		facts.WithTexts(documents)
	}
	return facts, err
}

// connect is the database that the configuration names, without a word with it yet.
func connect(c config) (*neo4j.Store, error) {
	o := neo4j.Options{URI: c.Neo4j.URI, Password: c.Neo4j.Password, Database: c.Neo4j.Database}
	if c.Neo4j.Password != "" {
		o.Username = c.Neo4j.Username
	}
	s, err := neo4j.Open(o)
	if err != nil {
		return nil, fmt.Errorf("%w: NEO4J_URI is %q: write it like neo4j://localhost:7687 (%v)", errUsage, c.Neo4j.URI, err)
	}
	return s, nil
}

// openNeo4j waits for a database that does not answer; what no waiting mends is an error at once.
func (a *app) openNeo4j(c config, log *slog.Logger) (*neo4j.Store, error) {
	s, err := connect(c)
	if err != nil {
		return nil, err
	}
	if err := a.await(c, log, s.Ready); err != nil {
		return nil, errors.Join(err, s.Close(context.WithoutCancel(a.ctx)))
	}
	return s, nil
}

// await repeats what a database that is down refuses.
func (a *app) await(c config, log *slog.Logger, ready func(context.Context) error) error {
	by := time.NewTimer(a.patience)
	defer by.Stop()
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 4*time.Second) {
		err := a.attempt(ready)
		var failure *neo4j.Failure
		if err == nil || errors.As(err, &failure) && failure.Mend != "" || !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrTimeout) {
			return err
		}
		log.Warn("the database does not answer; trying again", "neo4j", c.Neo4j.URI, "error", err)
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-by.C:
			return fmt.Errorf("no database answers at %s; start it, or set NEO4J_URI: %w", c.Neo4j.URI, err)
		case <-a.ctx.Done():
			return a.ctx.Err()
		}
	}
}

func (a *app) attempt(ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(a.ctx, 5*time.Second)
	defer cancel()
	return ready(ctx)
}

// load fills a database, and says what that changed.
func (a *app) load(c config) error {
	if c.Neo4j.URI == "" {
		return fmt.Errorf("%w: load fills a Neo4j database: set NEO4J_URI, such as neo4j://localhost:7687", errUsage)
	}
	facts, err := a.factsWithTexts(c)
	if err != nil {
		return err
	}
	s, err := connect(c)
	if err != nil {
		return err
	}
	defer s.Close(context.WithoutCancel(a.ctx))
	if err := a.await(c, c.logger(a.stderr), s.Usable); err != nil {
		return err
	}
	changes, err := s.Compare(a.ctx, facts.Graph)
	if err != nil {
		return err
	}
	if changes.Strangers > 0 {
		fmt.Fprintf(a.stdout, "the database holds %d other nodes; they are left as they are\n", changes.Strangers)
	}
	switch {
	case changes.Nothing:
		fmt.Fprintf(a.stdout, "the database holds facts %s already: nothing to write\n", changes.Held)
		if c.DryRun {
			return nil
		}
		return s.Load(a.ctx, facts.Graph, func(neo4j.Progress) {}) // which sweeps what nobody reads any more
	case c.DryRun && changes.Held == changes.Loaded:
		fmt.Fprintf(a.stdout, "the database holds facts %s in the form of another version of this program: they would be written anew\n", changes.Held)
		return nil
	case c.DryRun:
		fmt.Fprintf(a.stdout, "facts %s would take the place of %s:\n%s", changes.Loaded, orNothing(changes.Held), tally(changes))
		return nil
	}
	p := a.newProgress()
	if err := s.Load(a.ctx, facts.Graph, p.tell); err != nil {
		p.end()
		return err
	}
	p.end()
	if changes.Held == changes.Loaded {
		fmt.Fprintf(a.stdout, "facts %s were written anew: the database held them in the form of another version of this program\n", changes.Held)
		return nil
	}
	fmt.Fprintf(a.stdout, "facts %s took the place of %s:\n%s", changes.Loaded, orNothing(changes.Held), tally(changes))
	return nil
}

func orNothing(version string) string {
	if version == "" {
		return "nothing"
	}
	return version
}

// tally has a line for each kind and relation that changes.
func tally(c neo4j.Changes) string {
	var b strings.Builder
	line := func(what string, c neo4j.Change) {
		fmt.Fprintf(&b, "  %-23s %6d added %6d changed %6d removed\n", what, c.Added, c.Changed, c.Removed)
	}
	for _, kind := range slices.Sorted(maps.Keys(c.Nodes)) {
		line(string(kind), c.Nodes[kind])
	}
	for _, relation := range slices.Sorted(maps.Keys(c.Relations)) {
		line(string(relation), c.Relations[relation])
	}
	return b.String()
}

// A progress tells how far a load has come: one line that is written over on a terminal, plain lines elsewhere.
type progress struct {
	*app
	begin, last time.Time
	terminal    bool
	open        bool // a line has no end yet
}

func (a *app) newProgress() *progress {
	f, ok := a.stderr.(interface{ Fd() uintptr })
	return &progress{app: a, begin: a.now(), terminal: ok && term.IsTerminal(int(f.Fd()))}
}

func (p *progress) tell(n neo4j.Progress) {
	now := p.now()
	done, whole := n.Nodes+n.Relations, n.AllNodes+n.AllRelations
	if now.Sub(p.last) < 500*time.Millisecond && done < whole {
		return
	}
	p.last = now
	took := now.Sub(p.begin)
	rate := float64(done) / max(took.Seconds(), 0.001)
	left := time.Duration(float64(whole-done) / max(rate, 1) * float64(time.Second))
	text := fmt.Sprintf("loading: %d of %d nodes, %d of %d relations, %.0f a second, %s left",
		n.Nodes, n.AllNodes, n.Relations, n.AllRelations, rate, left.Round(time.Second))
	if p.terminal {
		fmt.Fprintf(p.stderr, "\r\x1b[K%s", text)
		p.open = true
		return
	}
	fmt.Fprintln(p.stderr, text)
}

func (p *progress) end() {
	if p.open {
		fmt.Fprintln(p.stderr)
	}
}

// healthcheck asks the server on this machine whether it is ready: an image without a shell has nothing else to ask with.
func (a *app) healthcheck(c config) error {
	ctx, cancel := context.WithTimeout(a.ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port))+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answers %s", response.Status)
	}
	return nil
}

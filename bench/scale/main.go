// Command scale measures both stores on graphs of 1,000, 20,000 and 100,000 nodes of the facts' shape, and writes what it
// found into bench/RESULTS.md, between the marks there. It starts the Neo4j servers that it measures: a JDK and mvn are
// needed. Sizes are measured one after the other; what is compared is measured in turn, request by request.
//
//	scale [-sizes 1000,20000,100000] [-out bench/RESULTS.md]
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/bench/shape"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/store/neo4j"
	"mandategraph/store/neo4j/neo4jtest"
	"mandategraph/un"
)

// How long one thing is measured: until it was asked so often, or for so long.
const (
	warming = 100 // times before it counts: a server compiles what it does often
	times   = 60
	least   = 10
	atMost  = 3 * time.Second
	seed    = 1
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	sizes := flag.String("sizes", "1000,20000,100000", "how many nodes the graphs have")
	out := flag.String("out", "bench/RESULTS.md", "the file whose marked part is written")
	flag.Parse()
	if err := run(ctx, *sizes, *out); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sizes, out string) (err error) {
	debug.SetGCPercent(400) // as the server does
	begin, load := time.Now(), loadAverage()
	r := &results{}
	defer func() {
		for _, c := range r.cases {
			err = errors.Join(err, c.close())
		}
	}()
	for field := range strings.SplitSeq(sizes, ",") {
		size, err := strconv.Atoi(field)
		if err != nil {
			return fmt.Errorf("-sizes: %w", err)
		}
		c, err := measure(ctx, size)
		if c != nil {
			r.cases = append(r.cases, c)
		}
		if err != nil {
			return fmt.Errorf("%d nodes: %w", size, err)
		}
	}
	if err := r.growth(ctx); err != nil {
		return err
	}
	for _, c := range r.cases {
		disk, err := c.disk(ctx)
		if err != nil {
			return err
		}
		c.loads = append(c.loads, c.loaded(disk))
	}
	r.about = fmt.Sprintf("Measured with `make bench-scale` on %s: %s. The machine was shared: its load average was %s before the run and %s after it, %s later.",
		time.Now().UTC().Format(time.DateOnly), machine(ctx, r.cases[0]), load, loadAverage(), time.Since(begin).Round(time.Second))
	return r.write(out)
}

// A scale is one size, with both stores filled and served.
type scale struct {
	nodes, relations int
	graph            un.Graph
	subjects         subjects
	memory, neo4j    *served // neo4j keeps no pages: what the database takes is measured
	keeping          *served // another store over the same database, which keeps them, as the server does
	server           *neo4jtest.Server
	dir              string
	driver           driver.DriverWithContext
	real, keeper     *neo4j.Store

	loads   []string // rows of tables
	loaded  func(disk int64) string
	answers []string
	nested  string
}

// A served store is asked over HTTP and directly, and counts.
type served struct {
	name  string
	store *counting
	http  *endpoint
	sent  *statements // nil for a store that sends none
}

// statements are what a database was sent while anybody wanted to know.
type statements struct {
	mu   sync.Mutex
	on   bool
	sent []statement
}

type statement struct {
	text   string
	params map[string]any
}

func (s *statements) trace(name, text string, params map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on && name != "live" { // which is asked once a second, whatever is asked
		s.sent = append(s.sent, statement{text, params})
	}
}

func (s *statements) take(on bool) []statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.sent
	s.on, s.sent = on, nil
	return sent
}

func (c *scale) close() error {
	var err error
	if c.memory != nil {
		c.memory.http.Close()
	}
	if c.neo4j != nil {
		c.neo4j.http.Close()
	}
	if c.keeping != nil {
		c.keeping.http.Close()
	}
	for _, s := range []*neo4j.Store{c.real, c.keeper} {
		if s != nil {
			err = errors.Join(err, s.Close(context.Background()))
		}
	}
	if c.driver != nil {
		err = errors.Join(err, c.driver.Close(context.Background()))
	}
	if c.server != nil {
		err = errors.Join(err, c.server.Stop(context.Background()))
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

func measure(ctx context.Context, size int) (*scale, error) {
	say("%d nodes: memory", size)
	c := &scale{}
	m := memory.Open()
	before := heap()
	g := shape.Graph(size, seed)
	begin := time.Now()
	if err := m.Replace(ctx, g); err != nil {
		return c, err
	}
	took := time.Since(begin)
	c.nodes, c.relations = len(g.Nodes), len(g.Edges)
	g = un.Graph{}
	held := heap() - before
	c.loads = append(c.loads, row(count(c.nodes), count(c.relations), "memory", seconds(took), rate(c.nodes+c.relations, took), megabytes(held)+" heap", ""))
	c.graph = shape.Graph(size, seed)
	c.subjects = choose(c.graph)
	if err := c.start(ctx); err != nil {
		return c, err
	}
	say("%d nodes: loading Neo4j", size)
	if err := c.load(ctx); err != nil {
		return c, err
	}
	c.graph = un.Graph{}
	c.memory = serve("memory", m, nil)
	for _, s := range []*served{c.memory, c.neo4j} {
		say("%d nodes: asking %s", size, s.name)
		if err := c.ask(ctx, s); err != nil {
			return c, err
		}
	}
	say("%d nodes: ours and the expert's", size)
	return c, c.expert(ctx)
}

// start starts a server of its own for this size, and warms its compiler with another graph.
func (c *scale) start(ctx context.Context) (err error) {
	if c.dir, err = os.MkdirTemp("", "mandategraph-scale-"); err != nil {
		return err
	}
	c.server, err = neo4jtest.Start(ctx, neo4jtest.Options{Dir: c.dir, Heap: "1g", PageCache: "512m", JVM: []string{"-XX:+UseG1GC"}})
	if err != nil {
		return err
	}
	if c.driver, err = c.server.Driver(); err != nil {
		return err
	}
	sent := &statements{}
	if c.real, err = neo4j.Open(neo4j.Options{URI: c.server.URI, KeptPages: -1, Trace: sent.trace}); err != nil {
		return err
	}
	if c.keeper, err = neo4j.Open(neo4j.Options{URI: c.server.URI}); err != nil {
		return err
	}
	c.keeping = serve("Neo4j, pages kept", c.keeper, nil)
	c.neo4j = serve("Neo4j", c.real, sent)
	return c.warm(ctx)
}

// warm loads small graphs and deletes them again.
func (c *scale) warm(ctx context.Context) error {
	other, err := neo4j.Open(neo4j.Options{URI: c.server.URI})
	if err != nil {
		return err
	}
	defer other.Close(context.WithoutCancel(ctx))
	for n := range uint64(10) {
		if err := other.Replace(ctx, shape.Graph(shape.Smallest, 100+n)); err != nil {
			return err
		}
		if _, err := driver.ExecuteQuery(ctx, c.driver, "MATCH (n) DETACH DELETE n", nil, driver.EagerResultTransformer); err != nil {
			return err
		}
	}
	return nil
}

// load fills the database and looks what that took.
func (c *scale) load(ctx context.Context) error {
	watching, done := context.WithCancel(ctx)
	most := make(chan int64, 1)
	go func() { most <- c.transactionHeap(watching) }()
	begin := time.Now()
	err := c.real.Replace(ctx, c.graph)
	took := time.Since(begin)
	done()
	transaction := <-most
	if err != nil {
		return err
	}
	c.loaded = func(disk int64) string {
		return row(count(c.nodes), count(c.relations), "Neo4j", seconds(took), rate(c.nodes+c.relations, took), megabytes(disk)+" of disk", megabytes(transaction))
	}
	return nil
}

// transactionHeap is the most that a transaction took of Java's heap, looked at until ctx ends.
func (c *scale) transactionHeap(ctx context.Context) (most int64) {
	for {
		r, err := driver.ExecuteQuery(ctx, c.driver, "SHOW TRANSACTIONS YIELD estimatedUsedHeapMemory AS used RETURN max(used)", nil, driver.EagerResultTransformer)
		if err == nil && len(r.Records) == 1 {
			used, _ := r.Records[0].Values[0].(int64)
			most = max(most, used)
		}
		select {
		case <-ctx.Done():
			return most
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// disk stops the server, so that it writes what it holds, and says what the database takes without its transaction logs.
func (c *scale) disk(ctx context.Context) (size int64, err error) {
	if err := c.server.Stop(ctx); err != nil {
		return 0, err
	}
	err = filepath.WalkDir(filepath.Join(c.dir, "data", "databases", "neo4j"), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		size += info.Size()
		return err
	})
	return size, err
}

// ask measures the typical queries.
func (c *scale) ask(ctx context.Context, s *served) error {
	begin := time.Now()
	if _, err := s.http.ask(c.subjects.queries()[1]); err != nil {
		return err
	}
	firstAnswer := time.Since(begin)
	for i, q := range c.subjects.queries() {
		for range warming {
			if _, err := s.http.ask(q); err != nil {
				return err
			}
		}
		s.store.take()
		if s.sent != nil {
			s.sent.take(true)
		}
		answer, err := s.http.ask(q)
		if err != nil {
			return err
		}
		calls := s.store.take()
		trips, hits := "–", "–"
		if s.sent != nil {
			sent := s.sent.take(false)
			n, err := c.hits(ctx, sent)
			if err != nil {
				return err
			}
			trips, hits = strconv.Itoa(len(sent)), count(int(n))
		}
		p50, p95, err := repeated(ctx, func() error { _, err := s.http.ask(q); return err })
		if err != nil {
			return err
		}
		c.answers = append(c.answers, row(q.name, count(c.nodes), s.name, milliseconds(p50), milliseconds(p95), strconv.Itoa(calls), trips, hits, fmt.Sprintf("%.1f kB", float64(len(answer))/1000)))
		if i == 1 {
			c.answers = append(c.answers, row("the first query after a load, which reads the names", count(c.nodes), s.name, milliseconds(firstAnswer), "", "", "", "", ""))
		}
	}
	return nil
}

// hits runs statements again, and asks the database what that took.
func (c *scale) hits(ctx context.Context, sent []statement) (sum int64, err error) {
	for _, st := range sent {
		r, err := driver.ExecuteQuery(ctx, c.driver, "PROFILE "+st.text, st.params, driver.EagerResultTransformer, driver.ExecuteQueryWithReadersRouting())
		if err != nil {
			return 0, err
		}
		sum += hits(r.Summary.Profile())
	}
	return sum, nil
}

func hits(p driver.ProfiledPlan) int64 {
	sum := p.DbHits()
	for _, c := range p.Children() {
		sum += hits(c)
	}
	return sum
}

// repeated runs f often and gives the median and the 95th of a hundred.
func repeated(ctx context.Context, f func() error) (p50, p95 time.Duration, err error) {
	var took []time.Duration
	for begin := time.Now(); len(took) < times && (len(took) < least || time.Since(begin) < atMost); {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		at := time.Now()
		if err := f(); err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(at))
	}
	p50, p95 = percentiles(took)
	return p50, p95, nil
}

func percentiles(took []time.Duration) (p50, p95 time.Duration) {
	took = slices.Clone(took)
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*95/100]
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "scale: "+format+"\n", args...) }

// loadAverage is that of the last minute.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}

// machine is what was measured on, in words.
func machine(ctx context.Context, c *scale) string {
	memory := ""
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if found := regexp.MustCompile(`MemTotal:\s+(\d+) kB`).FindSubmatch(text); found != nil {
			kB, _ := strconv.Atoi(string(found[1]))
			memory = fmt.Sprintf(", %.0f GiB", float64(kB)/(1<<20))
		}
	}
	java := "Java"
	if text, err := exec.CommandContext(ctx, "java", "-version").CombinedOutput(); err == nil {
		if found := regexp.MustCompile(`version "(\d+)`).FindSubmatch(text); found != nil {
			java += " " + string(bytes.TrimSpace(found[1]))
		}
	}
	library := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if strings.HasSuffix(d.Path, "neo4j-go-driver/v5") || strings.HasSuffix(d.Path, "gqlgen") {
				library += ", " + filepath.Base(strings.TrimSuffix(d.Path, "/v5")) + " " + d.Version
			}
		}
	}
	return fmt.Sprintf("%d cores%s, which servers, client and whatever else ran shared; %s, Neo4j Community %s (heap 1 GB, page cache 512 MB, %s)%s",
		runtime.NumCPU(), memory, runtime.Version(), neo4jtest.Version, java, library)
}

// counting counts what a store is asked.
type counting struct {
	store.Store
	mu    sync.Mutex
	calls int
}

func (c *counting) count() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
}

func (c *counting) take() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.calls
	c.calls = 0
	return n
}

func (c *counting) Snapshot(ctx context.Context) (store.Reader, error) {
	r, err := c.Store.Snapshot(ctx)
	return reader{r, c}, err
}

type reader struct {
	store.Reader
	*counting
}

func (r reader) Nodes(ctx context.Context, ids []un.ID) (map[un.ID]un.Node, error) {
	r.count()
	return r.Reader.Nodes(ctx, ids)
}

func (r reader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	r.count()
	return r.Reader.Find(ctx, s)
}

func (r reader) Neighbors(ctx context.Context, from []un.ID, h store.Hop, s store.Select) (map[un.ID]store.Page, error) {
	r.count()
	return r.Reader.Neighbors(ctx, from, h, s)
}

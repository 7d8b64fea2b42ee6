// Mandategraph serves the graph of digital-governance bodies, their mandates, deadlines and reporting cycles, and the
// resolutions behind them. Package main has the configuration, the wiring, the routes, the commands, and the clock.
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/rs/cors"

	"mandategraph/calendar"
	"mandategraph/data"
	"mandategraph/export"
	"mandategraph/graph"
	"mandategraph/loader"
	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
	"mandategraph/web"
)

//go:embed schema.graphqls
var schema []byte

func main() {
	tuneMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr, time.Now))
}

// run is the whole program: what main calls, and tests too. It returns the exit status: 0, 1 for a failure, 2 for a
// mistake in the command line.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer, now func() time.Time) int {
	name, c, err := parse(args, environ, stdout)
	if err == nil && name != "" {
		err = commands()[name].run(&app{ctx, stdout, stderr, now, startPatience}, c)
	}
	var problems loader.Problems
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return 1
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, "mandategraph:", err)
		return 2
	case errors.As(err, &problems): // a line each, with file and line
		fmt.Fprintln(stderr, problems.Error())
		count := "1 problem"
		if len(problems) > 1 {
			count = fmt.Sprint(len(problems), " problems")
		}
		fmt.Fprintf(stderr, "mandategraph: %s: the facts have %s\n", name, count)
		return 1
	}
	fmt.Fprintf(stderr, "mandategraph: %s: %v\n", name, err)
	return 1
}

// errReported is a failure that the command has told already.
var errReported = errors.New("reported")

// An app is what commands work with.
type app struct {
	ctx            context.Context
	stdout, stderr io.Writer
	now            func() time.Time
	patience       time.Duration // with a database that does not answer
}

// facts reads the facts that the configuration names.
func (a *app) facts(c config) (*loader.Facts, error) {
	files, err := factFiles(c)
	if err != nil {
		return nil, err
	}
	return factsIn(files, filePath(c, ""))
}

// factsOf reads the facts in a folder, which the setting called name names.
func factsOf(name, folder string) (*loader.Facts, error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s %s: there is no such folder", name, folder)
	}
	return factsIn(os.DirFS(folder), folder)
}

// factsIn reads facts, and names the files of problems as a person finds them.
func factsIn(files fs.FS, folder string) (*loader.Facts, error) {
	// What reading leaves behind is garbage at its end: to collect it meanwhile would double the time of a start.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	facts, err := loader.Load(files)
	return facts, located(folder, err)
}

// retired are the successors of the ids that are gone.
func (a *app) retired(c config) (map[un.ID]un.ID, error) {
	files, err := factFiles(c)
	if err != nil {
		return nil, err
	}
	successors, err := loader.Retired(files)
	return successors, located(filePath(c, ""), err)
}

// located names in each problem the file as a person finds it.
func located(folder string, err error) error {
	var problems loader.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = filepath.Join(folder, problems[i].File)
		}
	}
	return err
}

// factFiles are the embedded facts, or those of the folder that is named.
func factFiles(c config) (fs.FS, error) {
	if c.Data == "" {
		return data.Files, nil
	}
	if info, err := os.Stat(c.Data); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("-data %s: there is no such folder", c.Data)
	}
	return os.DirFS(c.Data), nil
}

// filePath is where a person finds a file of the facts.
func filePath(c config, name string) string { return filepath.Join(cmp.Or(c.Data, "data"), name) }

// texts is the folder of the documents' texts, nil where none is named.
func texts(c config) (fs.FS, error) {
	if c.Documents == "" {
		return nil, nil
	}
	if info, err := os.Stat(c.Documents); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("-documents %s: there is no such folder", c.Documents)
	}
	return os.DirFS(c.Documents), nil
}

// serve serves until the context ends, then lets running requests finish.
func (a *app) serve(c config) error {
	begin := a.now()
	log := c.logger(a.stderr)
	listener, err := net.Listen("tcp", net.JoinHostPort(c.Host, strconv.Itoa(c.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken; choose another with -port, or 0 for a free one", c.Port)
	}
	if err != nil {
		return err
	}
	defer listener.Close()
	keep, about, err := a.open(c, log)
	if err != nil {
		return err
	}
	defer keep.Close(context.WithoutCancel(a.ctx))
	retired, err := a.retired(c)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: routes(keep, c, a.now, log, retired),
		// Slow clients must not hold connections; an answer may take as long as an operation, and its sending some more.
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: c.Timeout + 20*time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 1 << 20, // a GET may carry a long query
	}
	url := "http://" + net.JoinHostPort(hostName(c.Host), strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))
	log.Info("serving", append([]any{"url", url, "playground", url + "/playground", "ready", a.now().Sub(begin)}, about...)...)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-a.ctx.Done():
	}
	log.Info("stopping")
	grace, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), c.Timeout+5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// hostName is what a browser on this machine calls the address that is listened on.
func hostName(host string) string {
	if host == "" || host == "0.0.0.0" || host == "::" {
		return "localhost"
	}
	return host
}

// tuneMemory trades memory for speed where the environment says nothing: the graph is small, and answers are garbage, as
// is most of what reading the facts leaves: to collect it at once would double the time of a start.
func tuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(2 << 30)
	}
}

// routes is what the server answers.
func routes(s store.Store, c config, now func() time.Time, log *slog.Logger, retired map[un.ID]un.ID) http.Handler {
	memo := &query.Memo{}
	memo.Names.Retired = retired
	timeout := cmp.Or(c.Timeout, graph.DefaultTimeout)
	api := &graph.Server{Store: s, Now: now, Timeout: timeout, Log: log, Retired: retired, Memo: memo}
	answers := &reply.Server{Store: s, Now: now, Timeout: timeout, Log: log, Memo: memo, Program: program}
	readable := cors.New(cors.Options{
		AllowedOrigins: c.Origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Content-Type", "Accept", "If-None-Match"},
		ExposedHeaders: []string{reply.DataVersionHeader, "Request-Id", "ETag"},
		MaxAge:         3600,
	})
	mux := http.NewServeMux()
	mux.Handle("/graphql", readable.Handler(api.Handler()))
	pages := web.Handler()
	mux.Handle("/playground", pages)
	mux.Handle("/playground/", pages)
	mux.Handle("GET /{$}", http.RedirectHandler("/playground", http.StatusFound))
	mux.Handle("GET /schema.graphqls", readable.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(schema)
	})))
	reads := []string{"/{$}", "/schema.graphqls", "/healthz", "/readyz"}
	for path, page := range answered() {
		mux.Handle("GET "+path, readable.Handler(answers.Handler(page)))
		mux.Handle("OPTIONS "+path, readable.Handler(http.NotFoundHandler())) // answers a preflight itself
		reads = append(reads, path)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		status(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		version, err := ready(ctx, s)
		if err != nil {
			status(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
			return
		}
		w.Header().Set(reply.DataVersionHeader, version)
		status(w, http.StatusOK, map[string]string{"status": "ready", "dataVersion": version})
	})
	for _, read := range reads {
		mux.HandleFunc(read, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, r.URL.Path+" is there to be read: use GET.", http.StatusMethodNotAllowed)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "There is nothing at "+r.URL.Path+".\n"+routesHelp, http.StatusNotFound)
	})
	return mux
}

// answered are the paths at which what falls due is answered for calendars, readers and spreadsheets.
func answered() map[string]reply.Page {
	pages := export.Pages()
	maps.Copy(pages, map[string]reply.Page{
		"/calendar.ics": calendar.ICS(),
		"/feed.atom":    calendar.Atom(),
		"/feed.json":    calendar.JSONFeed(),
		"/digest":       calendar.Digest(),
	})
	return pages
}

// ready is the version of the facts that the store serves.
func ready(ctx context.Context, s store.Store) (string, error) {
	if err := s.Ping(ctx); err != nil {
		return "", err
	}
	reader, err := s.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	if reader.Version() == "" {
		return "", errors.New("the store has no facts yet")
	}
	return reader.Version(), nil
}

func status(w http.ResponseWriter, code int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // a client that has left needs no answer
}

// verify checks the facts and says what it found.
func (a *app) verify(c config) error {
	facts, err := a.facts(c)
	if err == nil && c.IDs {
		facts, err = a.publish(c, facts)
	}
	if err != nil {
		return err
	}
	documents, err := texts(c)
	if err != nil {
		return err
	}
	if documents == nil {
		documents = embed.FS{} // a folder without files
	}
	report := facts.Verify(documents)
	for _, p := range report.Problems {
		p.File = filePath(c, p.File)
		fmt.Fprintln(a.stdout, p)
	}
	fmt.Fprintf(a.stdout, "facts: %d nodes, %d relations, version %s\nevidence: %d found, %d not found, %d in documents that are absent\ncoverage: %d paragraphs and footnotes\n",
		len(facts.Graph.Nodes), len(facts.Graph.Edges), facts.Graph.Version(), report.Found, report.NotFound, report.Absent, report.Covered)
	for _, line := range report.AbsentDocuments {
		fmt.Fprintln(a.stdout, "absent:", line)
	}
	switch {
	case len(report.Problems) > 0:
		return errReported
	case c.Strict && report.Absent > 0:
		fmt.Fprintln(a.stderr, "mandategraph: verify: documents are absent; name their folder with -documents, or leave -strict out")
		return errReported
	}
	return nil
}

// publish adds the new ids to the list of those that were ever published.
func (a *app) publish(c config, facts *loader.Facts) (*loader.Facts, error) {
	if c.Data == "" {
		return nil, fmt.Errorf("%w: -ids writes to the folder that -data names, such as -data data", errUsage)
	}
	if err := os.WriteFile(filePath(c, "ids.txt"), []byte(facts.IDs()), 0o644); err != nil {
		return nil, err
	}
	return a.facts(c)
}

// version says which program and which facts these are.
func (a *app) version(c config) error {
	facts, err := a.facts(c)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "mandategraph %s, %s %s/%s\nfacts %s\n", built(), runtime.Version(), runtime.GOOS, runtime.GOARCH, facts.Graph.Version())
	return nil
}

// built is the version and the revision that the program was built from.
func built() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			text += " " + s.Value
		}
	}
	return text
}

// program tells this program from another that may answer otherwise, and is the same after a restart. It is worked out when
// it is first asked for, since a start need not wait for it.
var program = sync.OnceValue(func() string {
	file, err := os.Executable()
	if err != nil {
		return built()
	}
	return built() + " " + fingerprint(file)
})

// fingerprint is that of what a file holds, whenever it was written: a working copy is built again and again. It is "" where the
// file cannot be read.
func fingerprint(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// digest writes a sheet of what is due.
func (a *app) digest(c config) error {
	keep, _, err := a.open(c, c.logger(a.stderr))
	if err != nil {
		return err
	}
	defer keep.Close(context.WithoutCancel(a.ctx))
	ctx, cancel := context.WithTimeout(a.ctx, c.Timeout)
	defer cancel()
	r, err := keep.Snapshot(ctx)
	if err != nil {
		return err
	}
	values := url.Values{}
	if c.Session != "" {
		values.Set("session", c.Session)
	}
	if c.Days != "" {
		values.Set("days", c.Days)
	}
	if len(c.Bodies) > 0 {
		values["body"] = c.Bodies
	}
	q, err := reply.Ask(ctx, r, new(query.Memo), un.Date(a.now().UTC().Format(time.DateOnly)), values)
	if err != nil {
		return err
	}
	sheet, err := calendar.Sheet(q, c.Format)
	if err == nil {
		err = sheet.Write(ctx, a.stdout)
	}
	if mistake, ours := store.Mistake(err); ours {
		return fmt.Errorf("%w: digest: %s; `mandategraph digest -h` shows how", errUsage, mistake)
	}
	return err
}

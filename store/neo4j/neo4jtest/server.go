// Package neo4jtest runs a real Neo4j Community server, from its Maven artifacts, for tests and for a developer. It needs a
// JDK 17 and mvn, and asks Maven once (150 MB). It imports the standard library, the driver, which asks a server whether
// it answers, and flock, since test binaries run at the same time.
//
// A package that tests against Neo4j has
//
//	func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }
//
// and its tests call Need, for the server they all share, or Own, for one that a test may kill.
package neo4jtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// Options say what server Start starts. The zero value is one without a password, in a folder and on a port of its own.
type Options struct {
	Version string // of Neo4j, this package's when empty

	// Auth turns authentication on. A new server has the user neo4j with the password neo4j, and refuses every statement
	// with CredentialsExpired until that is changed: Start changes it to Password.
	Auth     bool
	Password string // with Auth: at least 8 characters, a random one when empty

	Heap      string // Java's heap, 512m when empty
	PageCache string // Neo4j's page cache, 128m when empty
	Conf      []string
	// JVM are flags in place of those that make a start quick and long runs slow (the first compiler alone, the serial
	// collector). To measure, give -XX:+UseG1GC alone.
	JVM []string

	// Dir keeps configuration, data and logs, also after Stop. When empty, a temporary folder that Stop removes.
	Dir  string
	Port int // of 127.0.0.1; a free one when 0
}

// Server is a Neo4j server: one that this process started, or that of NEO4J_TEST_URI.
type Server struct {
	URI      string // bolt://127.0.0.1:PORT
	Username string // empty without authentication
	Password string
	Database string // empty for the default one

	opt       Options
	java      string
	classpath string
	dir       string // empty for a server that this process did not start
	temporary bool

	mu   sync.Mutex // one change of the process at a time
	proc *process
}

const (
	startWithin = 3 * time.Minute
	stopWithin  = 15 * time.Second
	pollEvery   = 50 * time.Millisecond
	portTries   = 5
)

var errPortTaken = errors.New("the port is taken")

// Start starts a server and waits until it answers Bolt, three minutes at most. ctx bounds the start, not the server's life:
// it lives until Stop, Kill, or the end of this process (on Linux also when that is killed; a goroutine stays with it).
// An error is one line that names the mend, then the server's last lines where it had said something; errors.Is
// ErrMissing when java, mvn or the artifacts are not there.
func Start(ctx context.Context, o Options) (*Server, error) {
	s := &Server{opt: o}
	if err := s.prepare(ctx); err != nil {
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	err := s.firstStart(ctx)
	if err != nil {
		s.removeTemporary()
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	return s, nil
}

// prepare finds what the start needs and makes the folder.
func (s *Server) prepare(ctx context.Context) (err error) {
	if s.java, err = findJava(ctx); err != nil {
		return err
	}
	if s.classpath, err = classpath(ctx, or(s.opt.Version, Version)); err != nil {
		return err
	}
	if s.opt.Auth {
		s.Username, s.Password = "neo4j", s.opt.Password
		if s.Password == "" {
			s.Password = rand.Text()
		}
	}
	if s.dir = s.opt.Dir; s.dir == "" {
		s.temporary = true
		if s.dir, err = os.MkdirTemp("", "mandategraph-neo4j-"); err != nil {
			return err
		}
	}
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return err
	}
	for _, d := range []string{"conf", "logs", "data", "run", "plugins", "import"} {
		if err := os.MkdirAll(filepath.Join(s.dir, d), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// firstStart finds a port and starts on it. Neo4j takes port 0 but never tells which it got, so one is picked, and another
// when somebody took it meanwhile.
func (s *Server) firstStart(ctx context.Context) error {
	for try := 1; ; try++ {
		port := s.opt.Port
		if port == 0 {
			var err error
			if port, err = freePort(); err != nil {
				return err
			}
		}
		s.URI = "bolt://" + address(port)
		err := s.start(ctx, port)
		if s.opt.Port == 0 && try < portTries && errors.Is(err, errPortTaken) {
			continue
		}
		return err
	}
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// freePort picks a port below those that the kernel hands out, so that it stays free between Kill and Restart.
func freePort() (int, error) {
	for range 100 {
		n, err := rand.Int(rand.Reader, big.NewInt(12000))
		if err != nil {
			return 0, err
		}
		port := 20000 + int(n.Int64())
		if portFree(port) == nil {
			return port, nil
		}
	}
	return 0, errors.New("found no free port between 20000 and 32000 on 127.0.0.1")
}

func portFree(port int) error {
	l, err := net.Listen("tcp", address(port))
	if err != nil {
		return fmt.Errorf("%w: another process listens on %s; stop it or name another port", errPortTaken, address(port))
	}
	return l.Close()
}

// start runs the server on a port, waits until it answers and sets its first password.
func (s *Server) start(ctx context.Context, port int) error {
	if err := portFree(port); err != nil {
		return err
	}
	if err := s.configure(port); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(s.dir, "data", "databases", "system"))
	fresh := err != nil
	logs := s.logs()
	cmd, err := s.command()
	if err != nil {
		return err
	}
	proc, err := launch(cmd)
	_ = cmd.Stdout.(io.Closer).Close() // the child has its own
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startWithin, fmt.Errorf("it did not answer within %v", startWithin))
	defer cancel()
	if err := s.untilStarted(ctx, proc, logs); err != nil {
		proc.kill()
		return err
	}
	if err := s.untilAnswers(ctx, fresh); err != nil {
		proc.kill()
		return fmt.Errorf("the server started, but: %w", err)
	}
	s.proc = proc
	return nil
}

// configure writes neo4j.conf. The internal settings make a stop take half a second in place of ten.
func (s *Server) configure(port int) error {
	conf := append([]string{
		"server.default_listen_address=127.0.0.1",
		"server.bolt.listen_address=" + address(port),
		"server.http.enabled=false",
		"server.https.enabled=false",
		"dbms.usage_report.enabled=false",
		"dbms.security.auth_enabled=" + strconv.FormatBool(s.opt.Auth),
		"server.memory.heap.max_size=" + or(s.opt.Heap, "512m"),
		"server.memory.pagecache.size=" + or(s.opt.PageCache, "128m"),
		"db.tx_log.preallocate=false",
		"internal.dbms.bolt.netty_server_shutdown_quiet_period=0",
		"internal.server.bolt.thread_pool_shutdown_wait_time=100ms",
	}, s.opt.Conf...)
	return os.WriteFile(filepath.Join(s.dir, "conf", "neo4j.conf"), []byte(strings.Join(conf, "\n")+"\n"), 0o600)
}

// command is the server's java. Its arguments are in a file, since 200 jars make a long command line.
func (s *Server) command() (*exec.Cmd, error) {
	heap := or(s.opt.Heap, "512m")
	args := []string{
		"-Xms" + heap, "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
		"-Dio.netty.tryReflectionSetAccessible=true",
	}
	if s.opt.JVM != nil {
		args = append(args, s.opt.JVM...)
	} else {
		args = append(args, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
	}
	args = append(args, "-cp", s.classpath, entryPoint, "--home-dir="+s.dir, "--config-dir="+filepath.Join(s.dir, "conf"))
	var file strings.Builder
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for _, a := range args {
		fmt.Fprintf(&file, "\"%s\"\n", quote.Replace(a))
	}
	name := filepath.Join(s.dir, "conf", "java.args")
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		return nil, err
	}
	out, err := os.OpenFile(s.outLog(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(s.java, "@"+name)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, out, out
	return cmd, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// untilStarted waits for the line in the log by which this run says that it serves. An answer on the port could come from
// somebody else's server.
func (s *Server) untilStarted(ctx context.Context, proc *process, logs logs) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		ended := !proc.alive()
		said := logs.since()
		switch {
		case bytes.Contains(said, []byte(" Started.\n")) && !ended:
			return nil
		case ended && (bytes.Contains(said, []byte("PortBindException")) || bytes.Contains(said, []byte("Address already in use"))):
			return fmt.Errorf("%w: another process took that of %s meanwhile", errPortTaken, s.URI)
		case ended:
			return fmt.Errorf("the server ended before it answered; its last lines:\n%s", lastLines(said))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server was not ready: %w; its last lines:\n%s", context.Cause(ctx), lastLines(logs.since()))
		case <-tick.C:
		case <-proc.done:
		}
	}
}

// untilAnswers asks the server over Bolt, until ctx ends where nothing listens yet. In a fresh folder with authentication
// it changes the first password.
func (s *Server) untilAnswers(ctx context.Context, fresh bool) error {
	if s.opt.Auth && fresh {
		if err := s.setFirstPassword(ctx); err != nil {
			return fmt.Errorf("its first password cannot be set: %w", err)
		}
	}
	return s.answers(ctx)
}

func (s *Server) setFirstPassword(ctx context.Context) error {
	d, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth("neo4j", "neo4j", ""), patient)
	if err != nil {
		return err
	}
	defer d.Close(ctx) // nothing was left open
	_, err = neo4j.ExecuteQuery(ctx, d, "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
		map[string]any{"password": s.Password}, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("system"))
	return err
}

// answers asks the server over Bolt with the names that this Server has.
func (s *Server) answers(ctx context.Context) error {
	d, err := s.Driver()
	if err != nil {
		return err
	}
	defer d.Close(ctx) // nothing was left open
	return d.VerifyConnectivity(ctx)
}

// Driver is a driver for the server; whoever asks closes it.
func (s *Server) Driver() (neo4j.DriverWithContext, error) {
	auth := neo4j.NoAuth()
	if s.Username != "" {
		auth = neo4j.BasicAuth(s.Username, s.Password, "")
	}
	return neo4j.NewDriverWithContext(s.URI, auth, patient)
}

// patient suits a machine that runs many tests at once.
func patient(c *config.Config) {
	c.SocketConnectTimeout = 10 * time.Second
	c.ConnectionAcquisitionTimeout = 30 * time.Second
}

var errNotOurs = errors.New("neo4jtest: this process did not start that server")

// Pid is the process id of the server, 0 for one that this process did not start.
func (s *Server) Pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return 0
	}
	return s.proc.proc.Pid
}

// Done is closed when the server's present process has ended; nil for a server that this process did not start.
func (s *Server) Done() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return nil
	}
	return s.proc.done
}

// Stop asks the server to end, kills it when it has not after 15 s or when ctx ends, and removes a temporary folder. It is
// an error only for a server that this process did not start. A second Stop does nothing.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return errNotOurs
	}
	s.proc.stop(stopWithin, ctx.Done())
	s.removeTemporary()
	return nil
}

// Kill ends the server at once, as a crash would, and returns when it is gone; its folder stays for Restart.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return errNotOurs
	}
	s.proc.kill()
	return nil
}

// Restart starts the server again on the same port and folder, after a Stop of the process where it still runs.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return errNotOurs
	}
	if _, err := os.Stat(s.dir); err != nil {
		return errors.New("neo4jtest: the server was stopped and its folder removed; start a new one")
	}
	s.proc.stop(stopWithin, ctx.Done())
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URI, "bolt://"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	if err := s.start(ctx, n); err != nil {
		return fmt.Errorf("neo4jtest: restart: %w", err)
	}
	return nil
}

func (s *Server) removeTemporary() {
	if s.temporary {
		_ = os.RemoveAll(s.dir)
	}
}

package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"mandategraph/store"
)

// A Failure says what kind of failure an error of the driver is, and what a person can do about it.
type Failure struct {
	Code string // of Neo4j, "" where the server did not answer
	Mend string // one line, "" where waiting is all that helps
	kind error
	err  error
}

func (f *Failure) Error() string {
	switch {
	case f.err == nil:
		return f.Mend
	case f.Mend != "":
		return f.Mend + " (" + f.err.Error() + ")"
	}
	return f.err.Error()
}

// Unwrap is the kind alone: one of package store's, or context.Canceled.
func (f *Failure) Unwrap() error { return f.kind }

// mends are what a person can do about a code.
var mends = map[string]string{
	"Neo.ClientError.Security.Unauthorized":            "the user name or the password is wrong; set NEO4J_USERNAME and NEO4J_PASSWORD",
	"Neo.ClientError.Security.AuthenticationRateLimit": "too many attempts with a wrong password; wait a few seconds, and set NEO4J_USERNAME and NEO4J_PASSWORD",
	"Neo.ClientError.Security.CredentialsExpired":      "the first password must be changed before anything else; change it, and set NEO4J_PASSWORD",
	"Neo.ClientError.Security.Forbidden":               "the user may not do this; give it the right, or set NEO4J_USERNAME to another",
	"Neo.ClientError.Database.DatabaseNotFound":        "there is no such database; set NEO4J_DATABASE, or leave it empty for the server's default",
}

// oldest is the first version that has what the statements need: COUNT and COLLECT with whole queries in them.
var oldest = [2]int{5, 6}

// checkVersion refuses a server that is too old.
func (s *Store) checkVersion(ctx context.Context) error {
	values, err := s.one(ctx, statement{name: "version", text: "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"}, reading)
	if err != nil {
		return err
	}
	version, _ := values[0].(string)
	if tooOld(version) {
		return &Failure{kind: store.ErrUnavailable, Mend: fmt.Sprintf("the server is Neo4j %s; version %d.%d or later is needed", version, oldest[0], oldest[1])}
	}
	return nil
}

// tooOld reads "5.26.20" and "2026.01.3"; a version that it cannot read is new.
func tooOld(version string) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 {
		return false
	}
	return major < oldest[0] || major == oldest[0] && minor < oldest[1]
}

// wrap says what kind of failure it was. The driver hides its reasons: two of its errors do not unwrap.
func wrap(ctx context.Context, what string, err error) error {
	last := err
	var limit *driver.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		last = limit.Errors[len(limit.Errors)-1]
	}
	f := &Failure{kind: store.ErrInternal, err: fmt.Errorf("neo4j: %s: %w", what, last)}
	var server *driver.Neo4jError
	var connection *driver.ConnectivityError
	if errors.As(last, &server) {
		f.Code, f.Mend = server.Code, mends[server.Code]
	}
	switch {
	case server != nil:
		f.kind = kindOf(server.Code)
	case errors.As(last, &connection) && connection.Inner != nil && !errors.Is(connection.Inner, context.DeadlineExceeded) && !errors.Is(connection.Inner, context.Canceled):
		f.kind = store.ErrUnavailable // refused, reset, closed: also when the time ran out while repeating
	case errors.Is(ctx.Err(), context.Canceled):
		f.kind = context.Canceled
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		f.kind = store.ErrTimeout
	case connection != nil, driver.IsConnectivityError(last):
		f.kind = store.ErrUnavailable
	}
	return f
}

// kindOf sorts the server's codes.
func kindOf(code string) error {
	switch {
	case strings.HasPrefix(code, "Neo.ClientError.Transaction.TransactionTimedOut"), code == "Neo.ClientError.Transaction.LockClientStopped":
		return store.ErrTimeout
	case code == "Neo.TransientError.General.MemoryPoolOutOfMemoryError", code == "Neo.TransientError.General.OutOfMemoryError":
		return store.ErrTooComplex // the driver repeats it, which does not help
	case strings.HasPrefix(code, "Neo.TransientError."), strings.HasPrefix(code, "Neo.ClientError.Security."),
		code == "Neo.ClientError.Database.DatabaseNotFound", code == "Neo.ClientError.Cluster.NotALeader":
		return store.ErrUnavailable
	}
	return store.ErrInternal
}

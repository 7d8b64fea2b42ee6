package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"mandategraph/store"
)

type graphqlError = gqlerror.Error

// The codes in extensions.code that a client may see, beside GRAPHQL_PARSE_FAILED and GRAPHQL_VALIDATION_FAILED.
const (
	codeBadInput    = "BAD_USER_INPUT" // the message says what to do
	codeTimeout     = "TIMEOUT"
	codeUnavailable = "UNAVAILABLE"
	codeTooComplex  = "TOO_COMPLEX"
	codeInternal    = "INTERNAL" // with a request ID, under which the log has the rest
)

// present decides what a client sees of an error. What it does not know is INTERNAL: logged in full, told in brief.
func (e *engine) present(ctx context.Context, err error) *gqlerror.Error {
	var known *gqlerror.Error
	if errors.As(err, &known) && known.Extensions["code"] != nil {
		return known
	}
	code, message := codeInternal, ""
	mistake, theirs := store.Mistake(cause(err))
	switch {
	case theirs:
		code, message = codeBadInput, mistake
	case errors.Is(err, store.ErrTimeout), errors.Is(err, context.DeadlineExceeded), errors.Is(ctx.Err(), context.DeadlineExceeded):
		code, message = codeTimeout, fmt.Sprintf("the answer took longer than %s; ask for less: fewer fields, a smaller first", e.Timeout)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.Canceled):
		code, message = codeUnavailable, "the store does not answer now; try again in a moment"
	case errors.Is(err, store.ErrTooComplex):
		code, message = codeTooComplex, "the store refuses so large a question; ask for less: fewer fields, a smaller first"
	case known != nil && known.Rule != "":
		return known
	default:
		message = "something went wrong here; report it with request ID " + requestID(ctx)
		e.Log.ErrorContext(ctx, "internal error", slog.String("request", requestID(ctx)), slog.Any("error", err))
	}
	shown := &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
	if known != nil {
		shown.Path, shown.Locations = known.Path, known.Locations
	}
	if shown.Path == nil && graphql.HasOperationContext(ctx) {
		shown.Path = graphql.GetPath(ctx)
	}
	return shown
}

// inTheText orders errors by the fields' places in the query's text, then by their paths.
func inTheText(a, b *gqlerror.Error) int {
	place := func(e *gqlerror.Error) (line, column int) {
		if len(e.Locations) > 0 {
			line, column = e.Locations[0].Line, e.Locations[0].Column
		}
		return line, column
	}
	line, column := place(a)
	otherLine, otherColumn := place(b)
	return cmp.Or(cmp.Compare(line, otherLine), cmp.Compare(column, otherColumn), cmp.Compare(a.Path.String(), b.Path.String()))
}

// cause is the error inside of what gqlgen wraps around it.
func cause(err error) error {
	var known *gqlerror.Error
	if errors.As(err, &known) && known.Unwrap() != nil {
		return known.Unwrap()
	}
	return err
}

// recovered turns a panic into an internal error.
func (e *engine) recovered(ctx context.Context, panicked any) error {
	e.Log.ErrorContext(ctx, "panic", slog.String("request", requestID(ctx)), slog.Any("panic", panicked), slog.String("stack", string(debug.Stack())))
	return fmt.Errorf("%w: panic", store.ErrInternal)
}

// refuse is an error of a request that does not run.
func refuse(code, format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, code)
	return err
}

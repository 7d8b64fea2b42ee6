package graph

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// DefaultTimeout is how long an operation may take where Server says nothing.
const DefaultTimeout = 10 * time.Second

// A Server answers GraphQL operations from a store.
type Server struct {
	Store   store.Store
	Now     func() time.Time // the clock: what today is, in UTC
	Timeout time.Duration    // of one operation; DefaultTimeout where zero
	Log     *slog.Logger     // one line an operation; nil logs nothing
	Retired map[un.ID]un.ID  // the successors of ids that are gone, which node and nodes give instead
	Memo    *query.Memo      // shared with others that answer from the same store; nil keeps its own
}

// Handler answers /graphql by POST and GET.
func (s *Server) Handler() http.Handler {
	e := &engine{Server: *s}
	e.Memo = cmp.Or(s.Memo, new(query.Memo))
	e.Timeout = cmp.Or(s.Timeout, DefaultTimeout)
	if s.Log == nil {
		e.Log = slog.New(slog.DiscardHandler)
	}
	h := handler.New(NewExecutableSchema(Config{Resolvers: Resolver{}}))
	h.AddTransport(transport{})
	h.SetQueryCache(shortQueries{lru.New[*ast.QueryDocument](1000)})
	h.SetParserTokenLimit(maxTokens)
	h.Use(extension.Introspection{})
	h.Use(newLimits())
	h.AroundOperations(e.pin)
	h.AroundResponses(e.stamp)
	h.SetErrorPresenter(e.present)
	h.SetRecoverFunc(e.recovered)
	return e.timed(h)
}

// An engine is a Server at work.
type engine struct {
	Server
}

type requestKey struct{}

// timed gives each request an id, a time limit and a line in the log.
func (e *engine) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:12]
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), requestKey{}, id), e.Timeout)
		defer cancel()
		w.Header().Set("Request-Id", id)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// pin gives an operation one load of the graph and one day.
func (e *engine) pin(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	r, err := e.Store.Snapshot(ctx)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: []*graphqlError{e.present(ctx, err)}})
	}
	today := un.Date(e.Now().UTC().Format(time.DateOnly))
	return next(context.WithValue(ctx, operationKey{}, &operation{Reader: r, names: &e.Memo.Names, qualities: &e.Memo.Qualities, today: today, retired: e.Retired}))
}

// stamp says which load an answer is from and what it cost, and writes the log's line.
func (e *engine) stamp(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	begin := e.Now()
	response := next(ctx)
	if response == nil {
		return nil
	}
	o, ok := ctx.Value(operationKey{}).(*operation)
	if !ok {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	slices.SortStableFunc(response.Errors, inTheText) // fields are answered at once, so their errors come in any order
	objects := o.objects.Load()
	response.Extensions["dataVersion"] = o.Version()
	response.Extensions["cost"] = map[string]int64{"objects": objects}
	name := graphql.GetOperationContext(ctx).OperationName
	e.Log.LogAttrs(ctx, slog.LevelInfo, "operation", slog.String("request", requestID(ctx)), slog.String("name", name),
		slog.Int64("objects", objects), slog.Int("errors", len(response.Errors)), slog.Duration("took", e.Now().Sub(begin)))
	return response
}

// shortQueries keeps short query texts alone, so that the cache cannot hold gigabytes.
type shortQueries struct {
	graphql.Cache[*ast.QueryDocument]
}

func (c shortQueries) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= 8<<10 {
		c.Cache.Add(ctx, text, doc)
	}
}

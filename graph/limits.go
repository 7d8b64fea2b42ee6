package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"mandategraph/query"
	"mandategraph/store"
)

// What one request may hold. The standard introspection query is 15 deep.
const (
	maxTokens     = 2_000
	maxDepth      = 16
	maxFields     = 250     // as written
	maxExpanded   = 1_000   // with every fragment in its places
	maxAliases    = 30      //
	maxDirectives = 50      //
	maxOperations = 10      //
	maxRoots      = 20      // fields of one operation
	maxPossible   = 200_000 // objects that the answer might hold
)

// Limits refuses what would cost too much, before validation, whose rule about overlapping fields takes quadratic time,
// and before execution.
type limits struct {
	seen graphql.Cache[struct{}] // texts that have passed
}

func newLimits() *limits { return &limits{lru.New[struct{}](2000)} }

var (
	_ graphql.HandlerExtension          = (*limits)(nil)
	_ graphql.OperationParameterMutator = (*limits)(nil)
	_ graphql.OperationContextMutator   = (*limits)(nil)
)

func (*limits) ExtensionName() string                   { return "limits" }
func (*limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters measures the text before it is validated.
func (l *limits) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if _, ok := l.seen.Get(ctx, p.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, maxTokens)
	if err != nil {
		return explain(asGraphQL(err))
	}
	m := measure{fragments: map[string]*ast.FragmentDefinition{}, done: map[string]size{}}
	for _, f := range doc.Fragments {
		m.fragments[f.Name] = f
		m.count(f.SelectionSet)
	}
	for _, o := range doc.Operations {
		m.count(o.SelectionSet)
		m.directives += len(o.Directives)
		if len(o.SelectionSet) > maxRoots {
			return tooComplex("an operation has %d fields at its root; at most %d are allowed", len(o.SelectionSet), maxRoots)
		}
	}
	switch {
	case len(doc.Operations) > maxOperations:
		return tooComplex("the document has %d operations; at most %d are allowed", len(doc.Operations), maxOperations)
	case m.fields > maxFields:
		return tooComplex("the query has %d fields; at most %d are allowed", m.fields, maxFields)
	case m.aliases > maxAliases:
		return tooComplex("the query has %d aliases; at most %d are allowed", m.aliases, maxAliases)
	case m.directives > maxDirectives:
		return tooComplex("the query has %d directives; at most %d are allowed", m.directives, maxDirectives)
	}
	for _, o := range doc.Operations {
		switch s := m.size(o.SelectionSet); {
		case s.depth > maxDepth:
			return tooComplex("the query is %d levels deep; at most %d are allowed", s.depth, maxDepth)
		case s.fields > maxExpanded:
			return tooComplex("the query has over %d fields where each fragment stands in its places", maxExpanded)
		}
	}
	if len(p.Query) <= 8<<10 {
		l.seen.Add(ctx, p.Query, struct{}{})
	}
	return nil
}

func tooComplex(format string, args ...any) *gqlerror.Error {
	return refuse(codeTooComplex, format+"; ask in several queries", args...)
}

// explain gives the parser's refusals a code and a mend: its messages say where, not what to do.
func explain(err *gqlerror.Error) *gqlerror.Error {
	switch message := err.Message; {
	case strings.Contains(message, "token limit"):
		*err = *tooComplex("the query has more than %d tokens", maxTokens)
	case strings.Contains(message, "nesting depth"):
		*err = *tooComplex("the query is over %d levels deep; at most %d are allowed", 1000, maxDepth)
	case err.Extensions["code"] == nil || err.Extensions["code"] == errcode.ParseFailed:
		err.Message = "the query is not well formed: " + message
		errcode.Set(err, errcode.ParseFailed)
	}
	return err
}

func asGraphQL(err error) *gqlerror.Error {
	var known *gqlerror.Error
	if errors.As(err, &known) {
		return known // with its place in the text
	}
	return gqlerror.Wrap(err)
}

// A size is that of a selection with fragments in their places.
type size struct{ depth, fields int }

type measure struct {
	fields, aliases, directives int
	fragments                   map[string]*ast.FragmentDefinition
	done                        map[string]size // a fragment is measured once, so a bomb of them costs nothing
}

// count counts what is written.
func (m *measure) count(selections ast.SelectionSet) {
	for _, s := range selections {
		m.fields++
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				m.aliases++
			}
			m.directives += len(s.Directives)
			m.count(s.SelectionSet)
		case *ast.InlineFragment:
			m.directives += len(s.Directives)
			m.count(s.SelectionSet)
		case *ast.FragmentSpread:
			m.directives += len(s.Directives)
		}
	}
}

func (m *measure) size(selections ast.SelectionSet) (sum size) {
	for _, s := range selections {
		var one size
		switch s := s.(type) {
		case *ast.Field:
			one = m.size(s.SelectionSet)
			one.depth++
			one.fields++
		case *ast.InlineFragment:
			one = m.size(s.SelectionSet)
		case *ast.FragmentSpread:
			one = m.fragment(s.Name)
		}
		sum.depth = max(sum.depth, one.depth)
		sum.fields = min(sum.fields+one.fields, maxExpanded+1)
	}
	return sum
}

func (m *measure) fragment(name string) size {
	s, done := m.done[name]
	if !done && m.fragments[name] != nil {
		m.done[name] = size{} // a fragment that spreads itself is refused by validation
		s = m.size(m.fragments[name].SelectionSet)
		m.done[name] = s
	}
	return s
}

// MutateOperationContext counts the objects that the answer might hold: a list multiplies what stands in it.
func (l *limits) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	c := possible{o.Variables, map[string]int{}}
	if n := c.objects(o.Operation.SelectionSet, 1); n > maxPossible {
		return tooComplex("the answer might hold %d objects; at most %d are allowed, so use a smaller first", n, maxPossible)
	}
	return nil
}

// possible counts objects; list fields without `first` are short by nature.
type possible struct {
	variables map[string]any
	fragments map[string]int // of one parent
}

const (
	shortList = 10
	manyMore  = 1 << 40
)

// longLists are the other lists without `first`. Our facts have two and a half relations for each object.
var longLists = map[string]int{
	"Subgraph.nodes": query.MaxSubgraph, "Subgraph.edges": 4 * query.MaxSubgraph,
	"ReportingCycle.occurrences": query.MaxYears + 1,
	"Path.nodes":                 query.MaxLength + 1, "Path.edges": query.MaxLength,
}

// objects counts those below one parent object, where a page of the list that the parent is holds up to page of them.
func (c possible) objects(selections ast.SelectionSet, page int) (sum int) {
	for _, s := range selections {
		switch s := s.(type) {
		case *ast.Field:
			sum += c.field(s, page)
		case *ast.InlineFragment:
			sum += c.objects(s.SelectionSet, page)
		case *ast.FragmentSpread:
			n, done := c.fragments[s.Name]
			if !done && s.Definition != nil {
				n = c.objects(s.Definition.SelectionSet, 1)
				c.fragments[s.Name] = n
			}
			sum += n * page
		}
		sum = min(sum, manyMore)
	}
	return sum
}

func (c possible) field(f *ast.Field, page int) int {
	if len(f.SelectionSet) == 0 || f.Definition == nil {
		return 0
	}
	if strings.HasPrefix(f.Name, "__") {
		return 0 // the schema is of a fixed size
	}
	switch {
	case f.Definition.Arguments.ForName("first") != nil:
		return 1 + c.objects(f.SelectionSet, pageSize(f.ArgumentMap(c.variables)["first"]))
	case f.Definition.Type.Elem != nil && (f.Name == "nodes" || f.Name == "edges") && strings.HasSuffix(f.ObjectDefinition.Name, "Connection"):
		return min(page*(1+c.objects(f.SelectionSet, 1)), manyMore)
	case f.Definition.Type.Elem != nil:
		size := cmp.Or(longLists[f.ObjectDefinition.Name+"."+f.Name], shortList)
		if ids, ok := f.ArgumentMap(c.variables)["ids"].([]any); ok {
			size = len(ids)
		}
		return min(size*(1+c.objects(f.SelectionSet, 1)), manyMore)
	}
	return 1 + c.objects(f.SelectionSet, 1)
}

// pageSize is how many items a list may give, by its first. Variables may bring it as a json.Number or even as a text,
// which the server takes for the number that it says: what is not understood here counts as the largest page.
func pageSize(first any) int {
	if first == nil {
		return defaultFirst
	}
	n, err := strconv.Atoi(fmt.Sprint(first))
	if err != nil {
		return store.MaxFirst
	}
	return min(max(n, 0), store.MaxFirst)
}

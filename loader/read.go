package loader

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"mandategraph/un"
)

// What a file may be at most. The parser's time grows with the square of the tokens, its stack with the depth.
const (
	maxBytes  = 1 << 20
	maxTokens = 50_000
	maxDepth  = 32
)

// A reader reads one file into shapes. Where the package yaml stops at the first mistake, it reports every one with its
// line and goes on.
type reader struct {
	*log
	file string
}

// readable is what a shape implements that takes more than one form.
type readable interface {
	// read reads n, which the messages call what.
	read(r *reader, what string, n ast.Node)
}

// read reads each YAML document of a file into a T.
func read[T any](l *log, file string, source []byte) []T {
	r := &reader{l, file}
	var documents []T
	for _, body := range r.parse(source) {
		var document T
		if r.structure("the document", body, &document) {
			documents = append(documents, document)
		}
	}
	return documents
}

// parse gives the roots of the YAML documents.
func (r *reader) parse(source []byte) []ast.Node {
	start := at{r.file, 1}
	if len(source) > maxBytes {
		r.report(start, "the file has more than %d bytes; split it", maxBytes)
		return nil
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n")) // the scanner counts some of these twice
	for i, line := range bytes.Split(source, []byte("\n")) {
		if !utf8.Valid(line) {
			r.report(at{r.file, i + 1}, "the line is not UTF-8")
			return nil
		}
	}
	tokens := lexer.Tokenize(string(source))
	if !r.bounded(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // duplicates are reported with all else
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil {
			r.report(r.atToken(syntax.Token), "YAML: %s", syntax.Message)
		} else {
			r.report(start, "YAML: %v", err)
		}
		return nil
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		switch d.Body.(type) {
		case nil, *ast.DirectiveNode, *ast.CommentNode, *ast.CommentGroupNode, *ast.NullNode:
		default:
			bodies = append(bodies, d.Body)
		}
	}
	if len(bodies) == 0 {
		r.report(start, "the file is empty")
	}
	return bodies
}

// bounded reports whether the parser can be given the tokens, and refuses what makes one text stand for another.
func (r *reader) bounded(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		r.report(at{r.file, 1}, "the file has more than %d words and marks; split it", maxTokens)
		return false
	}
	flow, columns := 0, []int(nil)
	for _, t := range tokens {
		column := t.Position.Column
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType:
			r.report(r.atToken(t), "anchors, aliases, merge keys, tags and directives are not read: "+
				"write the value itself, in quotes where it begins with such a mark")
			continue
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.MappingValueType:
			if t.Prev != nil && t.Prev.Position.Line == t.Position.Line {
				column = t.Prev.Position.Column
			}
			fallthrough
		case token.SequenceEntryType, token.MappingKeyType:
			for len(columns) > 0 && columns[len(columns)-1] >= column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, column)
		}
		if flow > maxDepth || len(columns) > maxDepth {
			r.report(r.atToken(t), "nested more than %d levels deep", maxDepth)
			return false
		}
	}
	return true
}

func (r *reader) at(n ast.Node) at {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil {
		return at{r.file, 1}
	}
	return r.atToken(n.GetToken())
}

func (r *reader) atToken(t *token.Token) at {
	if t == nil || t.Position == nil {
		return at{r.file, 1}
	}
	return at{r.file, max(1, t.Position.Line)}
}

// value reads n into what v holds. It reports whether there was something of the right form to read.
func (r *reader) value(what string, n ast.Node, v reflect.Value) bool {
	switch wrapped := n.(type) {
	case *ast.AliasNode:
		return false // reported
	case *ast.AnchorNode:
		return r.value(what, wrapped.Value, v)
	case *ast.TagNode:
		return r.value(what, wrapped.Value, v)
	case nil, *ast.NullNode:
		r.report(r.at(n), "%s is empty; leave the key out where there is nothing to say", what)
		return false
	}
	if shape, ok := v.Addr().Interface().(readable); ok {
		shape.read(r, what, n)
		return true
	}
	switch v.Kind() {
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		ok := r.value(what, n, to.Elem())
		if ok {
			v.Set(to)
		}
		return ok
	case reflect.Struct:
		return r.structure(what, n, v.Addr().Interface())
	case reflect.Slice:
		return r.list(what, n, v)
	case reflect.Bool:
		return r.truth(what, n, v)
	case reflect.Int:
		return r.number(what, n, v)
	default:
		return r.enum(what, n, v)
	}
}

// list reads the entries of a list, those aside that are not of the right form.
func (r *reader) list(what string, n ast.Node, v reflect.Value) bool {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		r.report(r.at(n), "%s must be a list", what)
		return false
	}
	for _, node := range sequence.Values {
		entry := reflect.New(v.Type().Elem()).Elem()
		if r.value("an entry of "+what, node, entry) {
			v.Set(reflect.Append(v, entry))
		}
	}
	return true
}

func (r *reader) truth(what string, n ast.Node, v reflect.Value) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.report(r.at(n), "%s must be true or false", what)
		return false
	}
	v.SetBool(b.Value)
	return true
}

func (r *reader) number(what string, n ast.Node, v reflect.Value) bool {
	if _, ok := n.(*ast.IntegerNode); ok {
		if number, err := strconv.ParseInt(n.GetToken().Value, 10, 16); err == nil && number > 0 {
			v.SetInt(number)
			return true
		}
	}
	r.report(r.at(n), "%s must be a whole number from 1 to %d, without quotes", what, math.MaxInt16)
	return false
}

// enum reads a value of the schema's enum that has the name of v's type.
func (r *reader) enum(what string, n ast.Node, v reflect.Value) bool {
	text := r.text(what, n)
	if text == "" {
		return false
	}
	var value string
	var err error
	switch v.Interface().(type) {
	case un.DateBasis:
		value = strings.ToUpper(text)
		if text != "stated" && text != "derived" {
			err = fmt.Errorf("%q is no basis of a date; allowed are stated, derived", text)
		}
	case un.Relation:
		value, err = un.ParseEnum("RelationKind", text)
	default:
		value, err = un.ParseEnum(v.Type().Name(), text)
	}
	if err != nil {
		r.report(r.at(n), "%s: %v", what, err)
		return false
	}
	v.SetString(value)
	return true
}

// text is what a string says. A number or another value that YAML does not take for a string must be quoted: YAML 1.1
// and 1.2 differ in what they make of it.
func (r *reader) text(what string, n ast.Node) string {
	var text string
	switch n := n.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		r.report(r.at(n), "%s must be text; write it in quotes: %q", what, n.GetToken().Value)
		return ""
	default:
		r.report(r.at(n), "%s must be text", what)
		return ""
	}
	text = strings.TrimSpace(text)
	if text == "" {
		r.report(r.at(n), "%s is empty; leave the key out where there is nothing to say", what)
	}
	if strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }) {
		r.report(r.at(n), "%s has a control character", what)
		return ""
	}
	return text
}

// structure reads a mapping into the struct that shape points to. It reports whether n is one.
func (r *reader) structure(what string, n ast.Node, shape any) bool {
	var fields []reflect.Value
	var keys, required []string
	var collect func(v reflect.Value)
	collect = func(v reflect.Value) {
		for field, value := range v.Fields() {
			key, option, tagged := strings.Cut(field.Tag.Get("yaml"), ",")
			switch {
			case field.Type == reflect.TypeFor[at]():
				value.Field(0).SetString(r.file)
				value.Field(1).SetInt(int64(r.at(n).Line))
			case field.Anonymous:
				collect(value)
			case key != "":
				fields = append(fields, value)
				keys = append(keys, key)
			}
			if tagged && option == "required" {
				required = append(required, key)
			}
		}
	}
	collect(reflect.ValueOf(shape).Elem())

	seen := map[string]bool{}
	for keyNode, valueNode := range r.pairs(what, n) {
		key := r.text("a key", keyNode)
		if key == "" {
			continue
		}
		seen[key] = true
		if i := slices.Index(keys, key); i >= 0 {
			r.value(key, valueNode, fields[i])
			continue
		}
		hint := didYouMean(key, keys)
		if hint == "" {
			hint = "; known are " + strings.Join(keys, ", ")
		}
		r.report(r.at(keyNode), "unknown key %s%s", key, hint)
	}
	if !isMapping(n) {
		return false
	}
	for _, key := range required {
		if !seen[key] {
			r.report(r.at(n), "%s lacks the key %s", what, key)
		}
	}
	return true
}

func isMapping(n ast.Node) bool {
	_, ok := n.(*ast.MappingNode)
	return ok
}

// pairs gives the keys and values of a mapping, each key once.
func (r *reader) pairs(what string, n ast.Node) iter.Seq2[ast.Node, ast.Node] {
	return func(yield func(key, value ast.Node) bool) {
		mapping, ok := n.(*ast.MappingNode)
		if !ok {
			r.report(r.at(n), "%s must be a mapping of keys to values", what)
			return
		}
		first := map[string]int{}
		for _, pair := range mapping.Values {
			if pair.Key.Type() == ast.MergeKeyType {
				continue // reported
			}
			name, where := pair.Key.GetToken().Value, r.at(pair.Key)
			if line := first[name]; line > 0 {
				r.report(where, "the key %s stands twice; it was on line %d", name, line)
				continue
			}
			first[name] = where.Line
			if !yield(pair.Key, pair.Value) {
				return
			}
		}
	}
}

// didYouMean is "; did you mean KNOWN?" with the nearest of what is known, "" where none is near.
func didYouMean(word string, known []string) string {
	best, least := "", max(2, utf8.RuneCountInString(word)/3)+1
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := levenshtein.ComputeDistance(word, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

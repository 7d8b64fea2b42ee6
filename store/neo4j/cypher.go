package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// The statements that read.
const (
	liveText = `MATCH (s:MandategraphSwitch {id: 'graph'})
OPTIONAL MATCH (l:MandategraphLoad {gen: s.current})
RETURN s.current, l.hash, properties(l)`
	nodesText = `UNWIND $keys AS key
MATCH (n:Mandategraph {key: key})
RETURN n.nodeKind, n.id, n.json`
)

// A writer writes one statement. gen is the generation that it reads.
type writer struct {
	gen    int64
	params map[string]any
	nested int // how many variables for neighbours there are
}

func newWriter(gen int64) *writer { return &writer{gen: gen, params: map[string]any{}} }

// param makes a value a parameter, and gives its name in the text.
func (w *writer) param(value any) string {
	name := fmt.Sprintf("p%d", len(w.params))
	w.params[name] = value
	return "$" + name
}

// find is the statement of one page of a kind: always one row, the total (0 where it is not asked) and the items.
func find(gen int64, s store.Select) statement {
	w := newWriter(gen)
	sort := sortProperty(s.Kind, s.OrderOf(), s.Desc)
	from, where := w.from(s, sort)
	total := "0"
	if s.Total {
		low, high := bounds(gen)
		total = fmt.Sprintf("COUNT {\n  %s\n  WHERE %s\n  RETURN DISTINCT n\n}", from, all(w.between(sort, low, high), where))
	}
	low, high := w.page(s, nil)
	text := fmt.Sprintf("RETURN %s AS total, COLLECT {\n  %s\n  WHERE %s\n  WITH DISTINCT n ORDER BY n.%s%s LIMIT %s\n  RETURN [n.id, n.json]\n} AS items",
		total, from, all(w.between(sort, low, high), where), sort, descending(s), w.param(s.First+1)) // one more than asked tells whether there is more
	return statement{"find " + string(s.Kind), text, w.params}
}

// from is where the nodes of a list come from, and what else is asked of them. A filter by id, or by a neighbour's id,
// is where reading begins; else it begins in the index of the order.
func (w *writer) from(s store.Select, sort string) (match, where string) {
	filters := flatten(s.Where)
	for i, f := range filters {
		path, ids, ok := anchor(f)
		if !ok {
			continue
		}
		keys := make([]string, len(ids))
		for i, id := range ids {
			keys[i] = nodeKey(w.gen, un.ID(id))
		}
		rest := w.conditions("n", s.Kind, slices.Delete(slices.Clone(filters), i, i+1), s.AsOf)
		if len(path) == 0 {
			return "MATCH (n:Mandategraph)", all("n.key IN "+w.param(keys), rest)
		}
		pattern := "(n)"
		for i, h := range path {
			end := fmt.Sprintf("(m%d:Mandategraph:%s)", i, labels[h.Kind])
			if i == len(path)-1 {
				end = fmt.Sprintf("(m%d:Mandategraph)", i)
			}
			pattern += arrow("", h) + end
		}
		return fmt.Sprintf("MATCH %s\n  USING INDEX m%d:Mandategraph(key)", pattern, len(path)-1), all(fmt.Sprintf("m%d.key IN %s", len(path)-1, w.param(keys)), rest)
	}
	// The planner takes an index only where each of its properties is asked for. They are always written.
	var written []string
	for _, column := range columns(s.Kind, sort)[1:] {
		written = append(written, "n."+column+" IS NOT NULL")
	}
	return fmt.Sprintf("MATCH (n:Mandategraph)\n  USING INDEX n:Mandategraph(%s)", strings.Join(columns(s.Kind, sort), ", ")),
		all(append(written, w.conditions("n", s.Kind, filters, s.AsOf))...)
}

// flatten are the filters that must all hold.
func flatten(f store.Filter) []store.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case store.And:
		var out []store.Filter
		for _, f := range f {
			out = append(out, flatten(f)...)
		}
		return out
	}
	return []store.Filter{f}
}

// anchor is the way to nodes whose ids a filter names, where that is all that it asks.
func anchor(f store.Filter) (path []store.Hop, ids []string, ok bool) {
	switch f := f.(type) {
	case store.Cond:
		return nil, f.Values, f.Field == "id" && f.Op == store.Is
	case store.Has:
		inner := flatten(f.Where)
		if len(inner) != 1 || len(f.Hop.Relations) == 0 {
			return nil, nil, false
		}
		path, ids, ok = anchor(inner[0])
		return append([]store.Hop{f.Hop}, path...), ids, ok
	}
	return nil, nil, false
}

// neighbors is the statement of one hop from many: a row for each parent that is known.
func neighbors(gen int64, from []un.ID, h store.Hop, s store.Select) statement {
	w := newWriter(gen)
	keys := make([]string, len(from))
	for i, id := range from {
		keys[i] = nodeKey(gen, id)
	}
	parents := w.param(keys)
	sort := sortProperty(s.Kind, s.OrderOf(), s.Desc)
	match := "MATCH (a)" + arrow("r", h) + "(n)"
	conditions := w.conditions("n", s.Kind, flatten(s.Where), s.AsOf)
	if s.AsOf != "" {
		conditions = all(conditions, w.inForce("r.validFrom", "r.validTo", string(s.AsOf)))
	}
	total := "0"
	if s.Total {
		low, high := bounds(gen)
		counted := "n"
		if h.Edges {
			counted = "r"
		}
		total = fmt.Sprintf("COUNT {\n  %s\n  WHERE %s\n  RETURN DISTINCT %s\n}", match, all(w.between(sort, low, high), conditions), counted)
	}
	page := all(w.after(s, &h, sort), conditions)
	// An edge is an item; or a node is one, with the first of its edges.
	var items string
	if by := "n." + sort + descending(s); h.Edges {
		items = fmt.Sprintf("WITH n, r ORDER BY %s, r.at%s LIMIT %s", by, descending(s), w.param(s.First+1))
	} else {
		items = fmt.Sprintf("WITH n, collect(r) AS rs ORDER BY %s LIMIT %s\n  WITH n, reduce(r = head(rs), other IN tail(rs) | CASE WHEN other.at < r.at THEN other ELSE r END) AS r ORDER BY %[1]s", by, w.param(s.First+1))
	}
	text := fmt.Sprintf("UNWIND %s AS key\nMATCH (a:Mandategraph {key: key})\nRETURN a.id AS id, %s AS total, COLLECT {\n  %s\n  WHERE %s\n  %s\n  RETURN [n.id, n.json, r.id, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]\n} AS items",
		parents, total, match, page, items)
	return statement{"neighbors " + string(s.Kind), text, w.params}
}

// arrow is a relation of a hop, whose types come from the closed table.
func arrow(name string, h store.Hop) string {
	types := make([]string, len(h.Relations))
	for i, r := range h.Relations {
		types[i] = string(r)
	}
	link := "-[" + name + ":" + strings.Join(types, "|") + "]-"
	switch h.Direction {
	case store.Out:
		return link + ">"
	case store.In:
		return "<" + link
	}
	return link
}

// page are the bounds of the page that s asks for: those of the cursor, narrowed by what is asked of the order's own
// field, so that the index is read nowhere else.
func (w *writer) page(s store.Select, h *store.Hop) (low, high string) {
	low, high = bounds(w.gen)
	dated := "0"
	if s.Desc {
		dated = "1"
	}
	for _, f := range flatten(s.Where) {
		c, ok := f.(store.Cond)
		if !ok || len(c.Values) != 1 || c.Field == "" || c.Field != orderField[s.Kind][s.OrderOf()] {
			continue
		}
		switch at := sortKey(w.gen, dated+un.Fold(c.Values[0])); c.Op {
		case store.From:
			low = max(low, at)
		case store.Before:
			high = min(high, at)
		}
	}
	if key, _ := s.Position(h); key != "" { // Check has read it
		if at := sortKey(w.gen, key); s.Desc {
			high = min(high, at)
		} else {
			low = max(low, at)
		}
	}
	return low, high
}

// orderField names the field that is the beginning of an order's key.
var orderField = map[un.Kind]map[string]string{
	un.KindBody: {"ESTABLISHED": "established"}, un.KindDocument: {"ADOPTED_ON": "adoptedOn"}, un.KindMandate: {"SINCE": "since"},
	un.KindDeadline: {"DUE": "due"}, un.KindCycle: {"SINCE": "since"}, un.KindSession: {"DATES": "dates", "ORDINAL": "ordinal"},
}

// after is the condition of the page after the cursor of a hop. Items that are edges are ordered by the node's key, then
// by the edge's id.
func (w *writer) after(s store.Select, h *store.Hop, sort string) string {
	if key, _ := s.Position(h); key != "" && h.Edges {
		i := strings.LastIndexByte(key, 0)
		node, edge := w.param(sortKey(w.gen, key[:i])), w.param(bytewise(key[i+1:]))
		beyond := ">"
		if s.Desc {
			beyond = "<"
		}
		low, high := bounds(w.gen)
		return all(w.between(sort, low, high), fmt.Sprintf("(n.%[1]s %[2]s %[3]s OR n.%[1]s = %[3]s AND r.at %[2]s %[4]s)", sort, beyond, node, edge))
	}
	low, high := w.page(s, h)
	return w.between(sort, low, high)
}

func (w *writer) between(sort, low, high string) string {
	return fmt.Sprintf("n.%[1]s > %[2]s AND n.%[1]s < %[3]s", sort, w.param(low), w.param(high))
}

func descending(s store.Select) string {
	if s.Desc {
		return " DESC"
	}
	return ""
}

// conditions are what filters and the day ask of the node v.
func (w *writer) conditions(v string, kind un.Kind, filters []store.Filter, asOf un.Date) string {
	var texts []string
	for _, f := range filters {
		texts = append(texts, w.filter(v, kind, f))
	}
	if asOf != "" {
		texts = append(texts, w.inForce(v+".f_validFrom", v+".f_validTo", present+string(asOf)))
	}
	return all(texts...)
}

func (w *writer) inForce(from, to, day string) string {
	p := w.param(day)
	return from + " <= " + p + " AND " + p + " < " + to
}

// filter is the condition that a filter is. Every property that it compares is written, so it is true or false, never null.
func (w *writer) filter(v string, kind un.Kind, f store.Filter) string {
	switch f := f.(type) {
	case store.And:
		texts := make([]string, len(f))
		for i, f := range f {
			texts[i] = w.filter(v, kind, f)
		}
		return w.join(texts, " AND ", true)
	case store.Or:
		texts := make([]string, len(f))
		for i, f := range f {
			texts[i] = w.filter(v, kind, f)
		}
		return w.join(texts, " OR ", false)
	case store.Not:
		return "NOT (" + w.filter(v, kind, f.Filter) + ")"
	case store.Has:
		return w.has(v, f)
	case store.Cond:
		return w.condition(v, kind, f)
	}
	panic(fmt.Sprintf("neo4j: filter %T", f)) // Check has refused it
}

func (w *writer) has(v string, f store.Has) string {
	if len(f.Hop.Relations) == 0 {
		return w.param(false)
	}
	w.nested++
	m := fmt.Sprintf("x%d", w.nested)
	where := ""
	if f.Where != nil {
		where = " WHERE " + w.filter(m, f.Hop.Kind, f.Where)
	}
	return fmt.Sprintf("EXISTS { MATCH (%s)%s(%s:Mandategraph:%s)%s }", v, arrow("", f.Hop), m, labels[f.Hop.Kind], where)
}

func (w *writer) condition(v string, kind un.Kind, c store.Cond) string {
	if c.Field == "id" {
		return w.ids(v, c)
	}
	property := v + "." + fieldProperty(c.Field)
	values := make([]string, len(c.Values))
	for i, value := range c.Values {
		values[i] = bytewise(un.Fold(value))
	}
	if !slices.Contains(un.Listed[kind], c.Field) {
		switch c.Op {
		case store.Known:
			return property + " <> ''"
		case store.Contains:
			return "(" + property + " <> '' AND " + property + w.compare(c.Op, values[0]) + ")"
		case store.Before:
			return "(" + property + " <> '' AND " + property + w.compare(c.Op, present+values[0]) + ")"
		case store.From:
			return property + w.compare(c.Op, present+values[0])
		}
		for i := range values {
			values[i] = present + values[i]
		}
		return property + " IN " + w.param(values)
	}
	switch c.Op {
	case store.Known:
		return "size(" + property + ") > 0"
	case store.Is:
		return fmt.Sprintf("any(value IN %s WHERE value IN %s)", property, w.param(values))
	}
	return fmt.Sprintf("any(value IN %s WHERE value%s)", property, w.compare(c.Op, values[0]))
}

// ids compares ids, which are not folded.
func (w *writer) ids(v string, c store.Cond) string {
	switch c.Op {
	case store.Known:
		return w.param(true)
	case store.Is:
		return v + ".id IN " + w.param(c.Values)
	}
	return v + ".at" + w.compare(c.Op, bytewise(c.Values[0]))
}

func (w *writer) compare(op store.Op, value string) string {
	sign := map[store.Op]string{store.Contains: "CONTAINS", store.Before: "<", store.From: ">="}[op]
	return " " + sign + " " + w.param(value)
}

// all joins the conditions that are not empty.
func all(texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	return strings.Join(texts, " AND ")
}

// join joins conditions. What is always true or false is a parameter, so that the planner does not fold it away, and with
// it the index that the statement names.
func (w *writer) join(texts []string, with string, none bool) string {
	if len(texts) == 0 {
		return w.param(none)
	}
	return "(" + strings.Join(texts, with) + ")"
}

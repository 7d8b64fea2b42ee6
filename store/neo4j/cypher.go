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
	nodes := w.from(s, sort)
	total := "0"
	if s.Total {
		low, high := bounds(gen)
		total = fmt.Sprintf("COUNT {\n  %s\n  RETURN n\n}", nodes(w.between(sort, low, high)))
	}
	low, high := w.page(s, nil)
	text := fmt.Sprintf("RETURN %s AS total, COLLECT {\n  %s\n  WITH n ORDER BY n.%s%s LIMIT %s\n  RETURN ",
		total, nodes(w.between(sort, low, high)), sort, descending(s), w.param(s.First+1)) // one more than asked tells whether there is more
	return listing("find "+string(s.Kind), text, "[n.id]", "[n.id, n.json]", w.params)
}

// from is where the nodes of a list come from, within bounds. A filter by id, or by a neighbour's id, is where reading
// begins; else it begins in the index of the order.
func (w *writer) from(s store.Select, sort string) (nodes func(between string) string) {
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
		pattern, last := "(n", "n"
		for i, h := range path {
			last = fmt.Sprintf("m%d", i)
			pattern += ")" + arrow("", h) + "(" + last
			if i < len(path)-1 {
				pattern += ":Mandategraph:" + labels[h.Kind]
			}
		}
		start := fmt.Sprintf("MATCH %s:Mandategraph)\n  USING INDEX SEEK %s:Mandategraph(key)\n  WHERE %[2]s.key IN %[3]s", pattern, last, w.param(keys))
		rest := w.conditions("n", s.Kind, slices.Delete(slices.Clone(filters), i, i+1), s.AsOf)
		return func(between string) string {
			return start + "\n  WITH DISTINCT n WHERE " + all(between, rest)
		}
	}
	// The planner takes an index only where each of its properties is asked for. They are always written.
	var written []string
	for _, column := range columns(s.Kind, sort)[1:] {
		written = append(written, "n."+column+" IS NOT NULL")
	}
	conditions := all(append(written, w.conditions("n", s.Kind, filters, s.AsOf))...)
	return func(between string) string {
		return fmt.Sprintf("MATCH (n:Mandategraph)\n  USING INDEX SEEK n:Mandategraph(%s)\n  WHERE %s", strings.Join(columns(s.Kind, sort), ", "), all(between, conditions))
	}
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
	text := fmt.Sprintf("UNWIND %s AS key\nMATCH (a:Mandategraph {key: key})\nRETURN a.id AS id, %s AS total, COLLECT {\n  %s\n  WHERE %s\n  %s\n  RETURN ",
		parents, total, match, page, items)
	return listing("neighbors "+string(s.Kind), text, "[n.id, r.id]", "[n.id, r.id, n.json, type(r), startNode(r) = a, r.validFrom, r.validTo, r.json]", w.params)
}

// listing is a statement that ends in a list of items: of their ids, or of all that there is of them.
func listing(name, text, ids, whole string, params map[string]any) statement {
	const end = "\n} AS items"
	return statement{name: name, text: text + whole + end, ids: text + ids + end, params: params}
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
// CASE stands for OR and NOT: of an OR, and of the OR that is hidden in NOT (… AND …), the planner would make a union of
// index seeks, which are out of order and reach to the end of the list. Nothing is compared after ELSE, where the planner
// does not take values from the index.
func (w *writer) filter(v string, kind un.Kind, f store.Filter) string {
	switch f := f.(type) {
	case store.And:
		return w.join(v, kind, f, true, func(texts []string) string { return "(" + strings.Join(texts, " AND ") + ")" })
	case store.Or:
		return w.join(v, kind, f, false, func(texts []string) string {
			return "CASE WHEN " + strings.Join(texts, " THEN true WHEN ") + " THEN true ELSE false END"
		})
	case store.Not:
		return "CASE WHEN " + w.filter(v, kind, f.Filter) + " THEN false ELSE true END"
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

// join joins the conditions that filters are. None of them is a parameter, so that the planner does not fold it away, and
// with it the index that the statement names.
func (w *writer) join(v string, kind un.Kind, filters []store.Filter, none bool, with func([]string) string) string {
	var texts []string
	for _, f := range filters {
		texts = append(texts, w.filter(v, kind, f))
	}
	switch len(texts) {
	case 0:
		return w.param(none)
	case 1:
		return texts[0]
	}
	return with(texts)
}

package export

import (
	"context"
	"fmt"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
)

// A deadlineRow is a deadline on a day.
type deadlineRow struct {
	*query.Entry
	*un.Deadline
	day un.Date
}

func deadlines() table[deadlineRow] {
	return table[deadlineRow]{
		name:  "deadlines",
		daily: true,
		columns: []column[deadlineRow]{
			{"id", func(r deadlineRow) any { return string(r.Deadline.ID) }},
			{"title", func(r deadlineRow) any { return r.Deadline.Title }},
			{"kind", func(r deadlineRow) any { return string(r.Deadline.Kind) }},
			{"status", func(r deadlineRow) any { return string(r.Status(r.day)) }},
			{"due", func(r deadlineRow) any { return edtf(r.Deadline.Due) }},
			{"window", func(r deadlineRow) any { return edtf(r.Window) }},
			{"earliest", func(r deadlineRow) any { return string(r.Window.Earliest()) }},
			{"latest", func(r deadlineRow) any { return string(r.Window.Latest()) }},
			{"basis", func(r deadlineRow) any { return basis(r.Window) }},
			{"explanation", func(r deadlineRow) any {
				if r.Window == nil {
					return ""
				}
				return r.Window.Explanation
			}},
			{"session", func(r deadlineRow) any {
				if r.Session == nil {
					return ""
				}
				return r.Session.Name
			}},
			{"obligors", func(r deadlineRow) any { return names(r.Obligors) }},
			{"forum", func(r deadlineRow) any {
				if r.Forum == nil {
					return ""
				}
				return r.Forum.Label()
			}},
			{"document", func(r deadlineRow) any { return symbol(first(r.Proofs).Of) }},
			{"paragraph", func(r deadlineRow) any { return first(r.Proofs).Paragraph }},
			{"evidence", func(r deadlineRow) any { return first(r.Proofs).Evidence }},
			{"url", func(r deadlineRow) any { return first(r.Proofs).Link() }},
			{"metBy", func(r deadlineRow) any { return symbol(r.Met) }},
			{"cancelledOn", func(r deadlineRow) any { return string(r.CancelledOn) }},
			{"supersededBy", func(r deadlineRow) any { return ids(r.Successors) }},
		},
		selection: func(ctx context.Context, q *reply.Question) (store.Select, error) {
			asked, err := q.Calendar()
			if err != nil {
				return store.Select{}, err
			}
			return q.Deadlines(ctx, asked)
		},
		rows: func(ctx context.Context, q *reply.Question, nodes []un.Node) ([]deadlineRow, error) {
			occurrences := make([]query.Occurrence, len(nodes))
			for i, n := range nodes {
				occurrences[i] = query.OccurrenceOf(n)
			}
			entries, err := q.Entries(ctx, occurrences)
			rows := make([]deadlineRow, len(entries))
			for i, e := range entries {
				rows[i] = deadlineRow{e, e.Node.(*un.Deadline), q.Day}
			}
			return rows, err
		},
	}
}

func ids(nodes []un.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, string(n.Key()))
	}
	return out
}

// A linked is a node with what leads on from it, hop by hop.
type linked[N un.Node] struct {
	node N
	day  un.Date
	to   [][]un.Node
}

// following takes each hop once from all nodes of a page.
func following[N un.Node](hops ...store.Hop) func(context.Context, *reply.Question, []un.Node) ([]linked[N], error) {
	return func(ctx context.Context, q *reply.Question, nodes []un.Node) ([]linked[N], error) {
		if len(nodes) == 0 {
			return nil, nil
		}
		rows, from := make([]linked[N], len(nodes)), make([]un.ID, len(nodes))
		for i, n := range nodes {
			rows[i], from[i] = linked[N]{node: n.(N), day: q.Day}, n.Key()
		}
		for _, h := range hops {
			reached, err := query.Neighbors(ctx, q.Reader, from, h)
			if err != nil {
				return nil, err
			}
			for i := range rows {
				var to []un.Node
				for _, item := range reached[from[i]] {
					to = append(to, item.Node)
				}
				rows[i].to = append(rows[i].to, to)
			}
		}
		return rows, nil
	}
}

// document is the one that the n-th hop leads to.
func (r linked[N]) document(n int) *un.Document {
	if len(r.to[n]) == 0 {
		return nil
	}
	return r.to[n][0].(*un.Document)
}

// source is the first that a node has: what asks for it.
func (r linked[N]) source(sources []un.Source) un.Source {
	if len(sources) == 0 {
		return un.Source{}
	}
	return sources[0]
}

func labels(nodes []un.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.Label())
	}
	return out
}

// whole selects every node of a kind.
func whole(kind un.Kind) func(context.Context, *reply.Question) (store.Select, error) {
	return func(context.Context, *reply.Question) (store.Select, error) {
		return store.Select{Kind: kind, First: store.MaxFirst}, nil
	}
}

func mandates() table[linked[*un.Mandate]] {
	type row = linked[*un.Mandate]
	return table[row]{
		name:  "mandates",
		daily: true,
		columns: []column[row]{
			{"id", func(r row) any { return string(r.node.ID) }},
			{"title", func(r row) any { return r.node.Title }},
			{"summary", func(r row) any { return r.node.Summary }},
			{"verb", func(r row) any { return string(r.node.Verb) }},
			{"kind", func(r row) any { return string(r.node.Kind) }},
			{"status", func(r row) any { return string(r.node.Status(r.day)) }},
			{"since", func(r row) any { return edtf(r.node.Since) }},
			{"until", func(r row) any { return edtf(r.node.Until) }},
			{"permanent", func(r row) any { return r.node.Permanent }},
			{"holders", func(r row) any { return labels(r.to[0]) }},
			{"addressees", func(r row) any { return labels(r.to[1]) }},
			{"document", func(r row) any { return symbol(r.document(2)) }},
			{"paragraph", func(r row) any { return r.source(r.node.Sources).Paragraph }},
			{"evidence", func(r row) any { return r.source(r.node.Sources).Evidence }},
			{"url", func(r row) any { return query.Proof{Source: r.source(r.node.Sources), Of: r.document(2)}.Link() }},
			{"supersededBy", func(r row) any { return ids(r.to[3]) }},
		},
		selection: func(ctx context.Context, q *reply.Question) (store.Select, error) {
			asked, err := q.Calendar()
			if err != nil {
				return store.Select{}, err
			}
			where := query.Where{}
			for _, p := range []struct {
				name string
				kind un.Kind
			}{{"body", un.KindBody}, {"obligor", un.KindBody}, {"document", un.KindDocument}} {
				given, some := asked.Where[p.name].([]un.ID)
				if !some {
					continue
				}
				ids, err := q.Names.Resolve(ctx, q.Reader, p.kind, given) // here, where an error has the name of the parameter
				if err != nil {
					return store.Select{}, fmt.Errorf("%s: %w", p.name, err)
				}
				switch p.name {
				case "body":
					where["or"] = []query.Where{{"holder": ids}, {"addressee": ids}}
				case "obligor":
					where["holder"] = ids
				default:
					where["document"] = ids
				}
			}
			filter, err := q.Filter(ctx, un.KindMandate, where)
			return store.Select{Kind: un.KindMandate, First: store.MaxFirst, Where: filter}, err
		},
		rows: following[*un.Mandate](query.Holders, query.Addressees, query.StatedIn, query.Successors(un.KindMandate)),
	}
}

func bodies() table[linked[*un.Body]] {
	type row = linked[*un.Body]
	columns := []column[row]{
		{"id", func(r row) any { return string(r.node.ID) }},
		{"name", func(r row) any { return r.node.Label() }},
		{"acronym", func(r row) any { return r.node.Acronym }},
		{"kind", func(r row) any { return string(r.node.Kind) }},
		{"standing", func(r row) any { return string(r.node.Standing) }},
		{"description", func(r row) any { return r.node.Description }},
		{"established", func(r row) any { return edtf(r.node.Established) }},
		{"dissolved", func(r row) any { return edtf(r.node.Dissolved) }},
		{"parent", func(r row) any { return labels(r.to[0]) }},
		{"secretariat", func(r row) any { return labels(r.to[1]) }},
		{"aliases", func(r row) any { return r.node.Aliases }},
		{"url", func(r row) any { return r.node.URL }},
	}
	for _, language := range un.Enums["Language"] {
		if language != string(un.English) {
			columns = append(columns, column[row]{"name" + language, func(r row) any { return r.node.Names[un.Language(language)] }})
		}
	}
	return table[row]{name: "bodies", columns: columns, selection: whole(un.KindBody), rows: following[*un.Body](query.Parents, query.Secretariat)}
}

func documents() table[linked[*un.Document]] {
	type row = linked[*un.Document]
	return table[row]{
		name: "documents",
		columns: []column[row]{
			{"id", func(r row) any { return string(r.node.ID) }},
			{"symbol", func(r row) any { return r.node.Symbol }},
			{"title", func(r row) any { return r.node.Title }},
			{"type", func(r row) any { return string(r.node.Type) }},
			{"adoptedOn", func(r row) any { return edtf(r.node.AdoptedOn) }},
			{"adoptedBy", func(r row) any { return labels(r.to[0]) }},
			{"adoptedAt", func(r row) any { return labels(r.to[1]) }},
			{"url", func(r row) any { return r.node.URL }},
		},
		selection: whole(un.KindDocument),
		rows:      following[*un.Document](query.Adopter, query.AdoptedAt),
	}
}

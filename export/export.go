// Package export gives the facts as tables, for spreadsheets and programs. It imports reply, query, store and un.
package export

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
)

// A column is one of a table's. Its value is a text, a list of texts, or a truth; an empty one is a cell left empty.
type column[T any] struct {
	name  string
	value func(T) any
}

// A table is rows of T, read page by page.
type table[T any] struct {
	name    string
	daily   bool // it has statuses, which are those of the day
	columns []column[T]
	// selection is what a question keeps, rows what its nodes are as rows.
	selection func(ctx context.Context, q *reply.Question) (store.Select, error)
	rows      func(ctx context.Context, q *reply.Question, nodes []un.Node) ([]T, error)
}

// each reads the rows that s keeps, a page at a time.
func (t table[T]) each(ctx context.Context, q *reply.Question, s store.Select, row func(T) error) error {
	for {
		page, err := q.Reader.Find(ctx, s)
		if err != nil {
			return err
		}
		nodes := make([]un.Node, len(page.Items))
		for i, item := range page.Items {
			nodes[i] = item.Node
			s.After = s.CursorAt(nil, item.Key)
		}
		rows, err := t.rows(ctx, q, nodes)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := row(r); err != nil {
				return err
			}
		}
		if !page.More {
			return nil
		}
	}
}

// csv is the table by RFC 4180, in UTF-8.
func (t table[T]) csv(parameters ...string) reply.Page {
	return t.page("csv", "text/csv; charset=utf-8; header=present", parameters, func(ctx context.Context, q *reply.Question, s store.Select, w io.Writer) error {
		out := csv.NewWriter(w)
		out.UseCRLF = true
		cells := make([]string, len(t.columns))
		for i, c := range t.columns {
			cells[i] = c.name
		}
		if err := out.Write(cells); err != nil {
			return err
		}
		err := t.each(ctx, q, s, func(r T) error {
			for i, c := range t.columns {
				cells[i] = cell(c.value(r))
			}
			return out.Write(cells)
		})
		out.Flush()
		if err == nil {
			err = out.Error()
		}
		return err
	})
}

// json is the table as an object with its rows in a list, each an object with the columns as members.
func (t table[T]) json(parameters ...string) reply.Page {
	return t.page("json", "application/json", parameters, func(ctx context.Context, q *reply.Question, s store.Select, w io.Writer) error {
		if _, err := fmt.Fprintf(w, "{\"dataVersion\": %q, \"coveredUntil\": %q, %q: [", q.Reader.Version(), q.CoveredUntil, t.name); err != nil {
			return err
		}
		between := "\n"
		err := t.each(ctx, q, s, func(r T) error {
			line := between + "{"
			for i, c := range t.columns {
				value, err := json.Marshal(plain(c.value(r)))
				if err != nil {
					return err
				}
				if i > 0 {
					line += ", "
				}
				line += fmt.Sprintf("%q: %s", c.name, value)
			}
			between = ",\n"
			_, err := io.WriteString(w, line+"}")
			return err
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "\n]}\n")
		return err
	})
}

func (t table[T]) page(extension, mediaType string, parameters []string, write func(context.Context, *reply.Question, store.Select, io.Writer) error) reply.Page {
	return reply.Page{
		Parameters: parameters,
		Daily:      t.daily,
		Make: func(ctx context.Context, q *reply.Question) (reply.Answer, error) {
			s, err := t.selection(ctx, q)
			if err != nil {
				return reply.Answer{}, err
			}
			return reply.Answer{Type: mediaType, Name: t.name + "." + extension, Save: extension == "csv", Stream: true, Write: func(ctx context.Context, w io.Writer) error {
				return write(ctx, q, s, w)
			}}, nil
		},
	}
}

// cell is a value as a cell of a spreadsheet. What a spreadsheet would take for a formula begins with an apostrophe.
func cell(value any) string {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case []string:
		text = strings.Join(v, "; ")
	case bool:
		text = fmt.Sprint(v)
	}
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}

// plain is a value as JSON has it: an empty text is null, an empty list a list.
func plain(value any) any {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil
		}
	case []string:
		if v == nil {
			return []string{}
		}
	}
	return value
}

// Pages are the tables by their paths.
func Pages() map[string]reply.Page {
	filters := reply.CalendarParameters
	return map[string]reply.Page{
		"/export/deadlines.json": deadlines().json(filters...),
		"/export/deadlines.csv":  deadlines().csv(filters...),
		"/export/mandates.csv":   mandates().csv("body", "obligor", "document"),
		"/export/bodies.csv":     bodies().csv(),
		"/export/documents.csv":  documents().csv(),
	}
}

func edtf(d *un.PartialDate) string {
	if d == nil {
		return ""
	}
	return d.EDTF
}

func basis(d *un.PartialDate) string {
	if d == nil {
		return ""
	}
	return string(d.Basis)
}

func names(bodies []*un.Body) []string {
	var out []string
	for _, b := range bodies {
		out = append(out, b.Label())
	}
	return out
}

func symbol(d *un.Document) string {
	switch {
	case d == nil:
		return ""
	case d.Symbol == "":
		return d.Title
	}
	return d.Symbol
}

// first is the first proof, which asks for the thing.
func first(proofs []query.Proof) query.Proof {
	if len(proofs) == 0 {
		return query.Proof{}
	}
	return proofs[0]
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"mandategraph/store"
	"mandategraph/un"
)

// results are what is written.
type results struct {
	cases []*scale
	about string
	grown []string
}

// A probe is a page or a hop, asked of the store itself.
type probe struct {
	name string
	ask  func(ctx context.Context, c *scale, r store.Reader, deep store.Cursor) (rows int, err error)
}

func rowsOf(pages map[un.ID]store.Page) (rows int) {
	for _, p := range pages {
		rows += len(p.Items)
	}
	return rows
}

// page is what is asked of the pages that are measured: a kind of mandate that keeps about a tenth.
func (c *scale) page() store.Select {
	return store.Select{Kind: un.KindMandate, First: 20, Where: store.Cond{Field: "kind", Op: store.Is, Values: []string{c.subjects.kind}}}
}

var probes = []probe{
	{"a page of 20, first", func(ctx context.Context, _ *scale, r store.Reader, _ store.Cursor) (int, error) {
		p, err := r.Find(ctx, store.Select{Kind: un.KindMandate, First: 20})
		return len(p.Items), err
	}},
	{"a page of 20, filtered, deep", func(ctx context.Context, c *scale, r store.Reader, deep store.Cursor) (int, error) {
		s := c.page()
		s.After = deep
		p, err := r.Find(ctx, s)
		return len(p.Items), err
	}},
	{"a hop from 20 bodies to their mandates, 20 each", func(ctx context.Context, c *scale, r store.Reader, _ store.Cursor) (int, error) {
		pages, err := r.Neighbors(ctx, c.subjects.bodies, store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}, store.Select{Kind: un.KindMandate, First: 20})
		return rowsOf(pages), err
	}},
	{"a hop from the General Assembly, which holds ever more", func(ctx context.Context, _ *scale, r store.Reader, _ store.Cursor) (int, error) {
		pages, err := r.Neighbors(ctx, []un.ID{un.GeneralAssembly}, store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}, store.Select{Kind: un.KindMandate, First: 20})
		return rowsOf(pages), err
	}},
}

// growth asks all sizes in turn, so that whatever else the machine does weighs on all of them alike.
func (r *results) growth(ctx context.Context) error {
	say("growth")
	deep := map[*scale]store.Cursor{}
	for _, c := range r.cases {
		cursor, err := c.middle(ctx)
		if err != nil {
			return err
		}
		deep[c] = cursor
	}
	for _, of := range []func(*scale) *served{func(c *scale) *served { return c.memory }, func(c *scale) *served { return c.neo4j }} {
		for _, p := range probes {
			took := make([][]time.Duration, len(r.cases))
			rows := make([]int, len(r.cases))
			begin := time.Now()
			for n := 0; n < 10+3*times && (n < 10+least || time.Since(begin) < 3*atMost); n++ {
				for i, c := range r.cases {
					reader, err := of(c).store.Snapshot(ctx)
					if err != nil {
						return err
					}
					at := time.Now()
					rows[i], err = p.ask(ctx, c, reader, deep[c])
					if err != nil {
						return err
					}
					if n >= 10 {
						took[i] = append(took[i], time.Since(at))
					}
				}
			}
			cells := []string{p.name, of(r.cases[0]).name}
			var each, hits []float64
			for i, c := range r.cases {
				median, _ := percentiles(took[i])
				each = append(each, float64(median.Nanoseconds())/1000/float64(max(rows[i], 1)))
				cell := fmt.Sprintf("%.1f µs (%d rows)", each[i], rows[i])
				if s := of(c); s.sent != nil {
					reader, err := s.store.Snapshot(ctx)
					if err != nil {
						return err
					}
					s.sent.take(true)
					if _, err := p.ask(ctx, c, reader, deep[c]); err != nil {
						return err
					}
					n, err := c.hits(ctx, s.sent.take(false))
					if err != nil {
						return err
					}
					hits = append(hits, float64(n)/float64(max(rows[i], 1)))
					cell += fmt.Sprintf(", %.1f hits", hits[i])
				}
				cells = append(cells, cell)
			}
			growth := fmt.Sprintf("**%.2f**", each[len(each)-1]/each[0])
			if len(hits) > 0 {
				growth += fmt.Sprintf(", hits %.2f", hits[len(hits)-1]/hits[0])
			}
			r.grown = append(r.grown, row(append(cells, growth)...))
		}
	}
	return nil
}

// middle walks to the middle of the filtered list.
func (c *scale) middle(ctx context.Context) (store.Cursor, error) {
	r, err := c.memory.store.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	s := c.page()
	s.Total = true
	p, err := r.Find(ctx, s)
	if err != nil || p.Total < 2 {
		return "", errors.Join(err, fmt.Errorf("only %d mandates are of the kind %s", p.Total, c.subjects.kind))
	}
	// so that a whole page is left, where there are as many
	left := max(0, min(p.Total/2, p.Total-21))
	s.Total = false
	for left > 0 {
		s.First = min(left, store.MaxFirst)
		p, err := r.Find(ctx, s)
		if err != nil || len(p.Items) == 0 {
			return s.After, err
		}
		left -= len(p.Items)
		s.After = s.CursorAt(nil, p.Items[len(p.Items)-1].Key)
	}
	return s.After, nil
}

// The marks between which RESULTS.md is written.
const (
	beginMark = "<!-- made by make bench-scale -->"
	endMark   = "<!-- end of what make bench-scale made -->"
)

func (r *results) write(file string) error {
	var b strings.Builder
	table := func(title string, head ...string) {
		fmt.Fprintf(&b, "\n%s\n\n%s\n%s\n", title, row(head...), "|"+strings.Repeat("---|", len(head)))
	}
	lines := func(all []string) {
		for _, line := range all {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\n" + r.about + "\n")
	table("### Loading", "nodes", "relations", "store", "time", "nodes and relations a second", "takes", "heap of a transaction, at most")
	for _, c := range r.cases {
		lines(c.loads)
	}
	table("### Typical queries\n\nThrough GraphQL over HTTP on loopback, one client; warm. Calls are what the store was asked, statements what was sent to\nthe database, hits what it counted for them (PROFILE). What the process keeps already is asked for by its id alone.",
		"query", "nodes", "store", "p50", "p95", "calls", "statements", "hits", "answer")
	for q := range max(1, len(r.cases[0].answers)/2) {
		for _, c := range r.cases {
			half := len(c.answers) / 2
			lines([]string{c.answers[q], c.answers[half+q]})
		}
	}
	table("### The nested query beside an expert's one statement\n\n20 bodies, 20 mandates each, 5 deadlines each: ours through gqlgen from Neo4j, and the one Cypher statement that somebody who\nknows the model would write (`expertText` in bench/scale/queries.go), sent by a plain handler and written as JSON; asked in turn. Ours once with a store that asks the database\nfor each page, and once as the server has it: what was read of a load is kept as long as that load is live.",
		"nodes", "bodies, mandates, deadlines found", "ours, each page asked, p50 / p95", "ours, pages kept, p50 / p95", "expert, p50 / p95", "asked / expert", "kept / expert", "ours from memory, p50")
	for _, c := range r.cases {
		lines([]string{c.nested})
	}
	head := []string{"asked of the store", "store"}
	for _, c := range r.cases {
		head = append(head, count(c.nodes)+" nodes")
	}
	table("### Growth\n\nThe median time for each row that is returned, without totals; the sizes were asked in turn.", append(head, "last / first")...)
	lines(r.grown)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), beginMark)
	_, after, ended := strings.Cut(rest, endMark)
	if !found || !ended {
		return fmt.Errorf("%s lacks the marks %s and %s", file, beginMark, endMark)
	}
	return os.WriteFile(file, []byte(before+beginMark+"\n"+b.String()+"\n"+endMark+after), 0o644)
}

func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |" }

// count writes 1234567 as 1,234,567.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func rate(n int, d time.Duration) string { return count(int(float64(n) / d.Seconds())) }

package calendar

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/un"
)

// mostSheetDays is how many days ahead a sheet may look.
const mostSheetDays = 3660

// sheetFilters are the calendar's filters that a sheet takes too: it has a time of its own.
var sheetFilters = []string{"body", "obligor", "forum", "document", "kind", "deadlineKind"}

// Digest is a sheet of what is due, at one session or in the days to come, for people to read, print and paste.
func Digest() reply.Page {
	return reply.Page{
		Parameters: append([]string{"session", "days", "format"}, sheetFilters...),
		Daily:      true,
		Make: func(_ context.Context, q *reply.Question) (reply.Answer, error) {
			format, err := q.One("format")
			if err != nil {
				return reply.Answer{}, err
			}
			return Sheet(q, format)
		},
	}
}

// formats are what a sheet can be, the page for a browser first.
var formats = []struct {
	name, mediaType, file string
	write                 func(io.Writer, *sheet) error
}{
	{"html", "text/html; charset=utf-8", "digest.html", func(w io.Writer, s *sheet) error { return page.Execute(w, s) }},
	{"markdown", "text/markdown; charset=utf-8", "digest.md", func(w io.Writer, s *sheet) error { return marked.ExecuteTemplate(w, "sheet.md.tmpl", s) }},
	{"text", "text/plain; charset=utf-8", "digest.txt", func(w io.Writer, s *sheet) error { return marked.ExecuteTemplate(w, "sheet.txt.tmpl", s) }},
}

// Formats are the names of what a sheet can be.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Sheet makes the sheet that a question asks for, in a format; the first where none is named.
func Sheet(q *reply.Question, format string) (reply.Answer, error) {
	for _, f := range formats {
		if format != f.name && (format != "" || f.name != formats[0].name) {
			continue
		}
		return reply.Made(f.mediaType, f.file, func(ctx context.Context) ([]byte, error) {
			s, err := readSheet(ctx, q)
			if err != nil {
				return nil, err
			}
			var made bytes.Buffer
			if err := f.write(&made, s); err != nil {
				return nil, fmt.Errorf("%w: %w", store.ErrInternal, err)
			}
			return made.Bytes(), nil
		}), nil
	}
	return reply.Answer{}, fmt.Errorf("%w: format is %q; it may be %s", store.ErrInvalid, format, strings.Join(Formats(), ", "))
}

// A sheet is one page of paper or more.
type sheet struct {
	Title    string
	About    []pair
	Sections []section
	Notes    []string
}

type section struct {
	Heading, Intro string
	Items          []sheetItem
}

type sheetItem struct {
	Title string
	Lines []pair
}

func readSheet(ctx context.Context, q *reply.Question) (*sheet, error) {
	session, err := q.One("session")
	if err != nil {
		return nil, err
	}
	days, err := q.One("days")
	if err != nil {
		return nil, err
	}
	switch {
	case session != "" && days == "":
		for _, name := range sheetFilters {
			if q.Values.Has(name) {
				return nil, fmt.Errorf("%w: %s keeps nothing apart in the sheet of a session; leave it out, or ask with days", store.ErrInvalid, name)
			}
		}
		return sessionSheet(ctx, q, session)
	case session == "" && days != "":
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > mostSheetDays {
			return nil, fmt.Errorf("%w: days is %q; it must be a number from 1 to %d, such as 90", store.ErrInvalid, days, mostSheetDays)
		}
		return daysSheet(ctx, q, n)
	}
	return nil, fmt.Errorf("%w: give either session, such as cstd-30, or days, such as 90", store.ErrInvalid)
}

// sessionSheet has what is due at a session, and what recurs before its body.
func sessionSheet(ctx context.Context, q *reply.Question, name string) (*sheet, error) {
	ids, err := q.Names.Resolve(ctx, q.Reader, un.KindSession, []un.ID{un.ID(name)})
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	sitting, err := q.Sitting(ctx, ids[0])
	if err != nil {
		return nil, err
	}
	e := sitting.Session
	s := &sheet{Title: e.Title()}
	for _, line := range about(e) {
		if line.Name == "Source" || line.Name == "Also" || line.Name == "Page" || line.Name == "Where" || line.Name == "When" || line.Name == "Changed" {
			s.About = append(s.About, line)
		}
	}
	due := section{Heading: "Due at this session"}
	gone := section{Heading: "No longer due", Intro: "Called off, or replaced by a later text."}
	for _, d := range e.Due {
		if withdrawn(d) {
			gone.Items = append(gone.Items, described(d))
		} else {
			due.Items = append(due.Items, described(d))
		}
	}
	if due.Items == nil {
		due.Intro = "Nothing is known to be due at it."
	}
	s.Sections = append(s.Sections, due)
	if len(sitting.Recurring) > 0 {
		again := section{
			Heading: "Recurring duties that come before " + short(e.Forum), Intro: "These recur. No text says at which session they come up; where a year is given, it follows from the rule.",
		}
		for _, c := range sitting.Recurring {
			again.Items = append(again.Items, recurs(c, e.Date))
		}
		s.Sections = append(s.Sections, again)
	}
	if gone.Items != nil {
		s.Sections = append(s.Sections, gone)
	}
	if len(sitting.Left) > 0 {
		left := section{Heading: "Moved to another session", Intro: "These were due at this session."}
		for _, d := range sitting.Left {
			left.Items = append(left.Items, sheetItem{d.Title(), about(d)})
		}
		s.Sections = append(s.Sections, left)
	}
	s.Notes = []string{coverage(q), "Each entry names the paragraph that asks for it or states it, and some of its words."}
	return s, nil
}

func described(e *query.Entry) sheetItem {
	lines := slices.DeleteFunc(about(e), func(p pair) bool { return p.Name == "At" })
	return sheetItem{e.Title(), lines}
}

// recurs is a cycle in the sheet of a session: with the instance of the session's time, where there is one.
func recurs(e *query.Entry, session *un.PartialDate) sheetItem {
	c := e.Node.(*un.ReportingCycle)
	lines := slices.DeleteFunc(about(e), func(p pair) bool { return p.Name == "When" })
	often := strings.ToLower(word(string(c.Frequency)))
	if session != nil {
		switch at := c.Occurrences(session.Earliest(), session.Latest()); {
		case len(at) > 0:
			var times []string
			for _, on := range at {
				times = append(times, when(on))
			}
			often += ", with an instance " + list(times)
		case c.NextDue(un.FirstDay) != nil:
			often += "; none in that time"
		default:
			often += "; the sources state no instance to count from"
		}
	}
	return sheetItem{e.Title(), append([]pair{{Name: "How often", Value: often}}, lines...)}
}

// daysSheet has what is due from today on.
func daysSheet(ctx context.Context, q *reply.Question, n int) (*sheet, error) {
	asked := *q
	asked.Values = maps.Clone(q.Values)
	asked.Values.Set("from", string(q.Day))
	asked.Values.Set("to", string(q.Day.AddDays(n)))
	c, err := read(ctx, &asked)
	if err != nil {
		return nil, err
	}
	filter := *q
	filter.Values = url.Values{}
	for _, name := range sheetFilters {
		if values := q.Values[name]; values != nil {
			filter.Values[name] = values
		}
	}
	name, err := filterName(ctx, &filter)
	if err != nil {
		return nil, err
	}
	s := &sheet{
		Title: fmt.Sprintf("%s: due in the next %s", name, count(n, "day", "days")),
		About: []pair{{Name: "From", Value: day(q.Day)}, {Name: "To", Value: day(q.Day.AddDays(n))}},
	}
	fixed := section{Heading: "On known days"}
	open := section{Heading: "Some time, perhaps in these days", Intro: "The sources give a year or a month alone, and these days are in it."}
	for _, e := range c.entries {
		switch {
		case !pending(e, q.Day):
		case exact(e.Date):
			fixed.Items = append(fixed.Items, sheetItem{e.Title(), about(e)})
		default:
			open.Items = append(open.Items, sheetItem{e.Title(), about(e)})
		}
	}
	if fixed.Items == nil {
		fixed.Intro = "Nothing is known to fall on a day between these."
	}
	if open.Items == nil {
		open.Intro = "Nothing."
	}
	s.Sections = []section{fixed, open}
	s.Notes = []string{coverage(q)}
	if left := c.leftOut(); left != nil {
		s.Notes = append(s.Notes, "Left out: "+list(left)+".")
	}
	return s, nil
}

//go:embed templates
var templates embed.FS

// The templates are ours, so they parse.
var (
	page   = htmltemplate.Must(htmltemplate.ParseFS(templates, "templates/sheet.html.tmpl"))
	marked = template.Must(template.New("").Funcs(template.FuncMap{"md": escapeMarkdown, "line": line, "wrap": wrap, "inc": func(i int) int { return i + 1 }}).ParseFS(templates, "templates/sheet.md.tmpl", "templates/sheet.txt.tmpl"))
)

// escapeMarkdown keeps what a fact says on its line and from being read as Markdown, without hindering a person who reads it bare.
func escapeMarkdown(s string) string {
	return strings.NewReplacer("\n", " ", `\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`", `[`, `\[`, `]`, `\]`, `<`, `\<`, `>`, `\>`, `#`, `\#`, `|`, `\|`, `&`, `\&`, `~`, `\~`).Replace(s)
}

func wide(s string) int { return len([]rune(s)) }

// column is how wide plain text is.
const column = 78

// line underlines a text.
func line(sign, s string) string { return strings.Repeat(sign, min(wide(s), column)) }

// wrap breaks a text into lines, those after the first indented.
func wrap(indent int, s string) string {
	var b strings.Builder
	at := 0
	for i, w := range strings.Fields(s) {
		switch {
		case i == 0:
			at = indent
		case at+1+wide(w) > column:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(w)
		at += wide(w)
	}
	return b.String()
}

package calendar_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	nethtml "golang.org/x/net/html"

	"mandategraph/un"
)

// formats are what a sheet can be, with what a file of it ends with.
var formats = map[string]string{"html": "html", "markdown": "md", "text": "txt"}

// TestGoldenSheets compares the sheets of a session and of a quarter with files, but for the version of the facts.
func TestGoldenSheets(t *testing.T) {
	g := facts(t)
	h := serving(filled(t, g), today)
	for name, asked := range map[string]string{"sheet-cstd-30": "session=cstd-30", "sheet-days-90": "days=90"} {
		for format, suffix := range formats {
			got := text(t, h, "/digest?"+asked+"&format="+format)
			if strings.Count(got, g.Version()) != 1 {
				t.Errorf("%s.%s does not name the version %s once", name, suffix, g.Version())
			}
			golden(t, "testdata/"+name+"."+suffix, strings.Replace(got, g.Version(), "…", 1))
		}
	}
}

// written has what is written on a page, in its order: each heading, line and paragraph, with where it leads. A page may have
// no elements but those that are named.
func written(t *testing.T, page, elements string) (all []string) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	name, item := "", 0
	for n := range root.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		if !slices.Contains(strings.Fields("html head body "+elements), n.Data) {
			t.Errorf("there is a <%s>", n.Data)
		}
		switch n.Data {
		case "ol":
			item = 0
		case "dt":
			name = said(n) + ": "
		case "h1", "h2":
			all = append(all, n.Data+" "+said(n))
		case "h3":
			if n.Parent.Data == "li" { // which a browser numbers
				item++
				name = fmt.Sprint(item, ". ")
			}
			all = append(all, n.Data+" "+name+said(n))
			name = ""
		case "dd", "p":
			if n.Parent.Data != "li" {
				all = append(all, strings.Split(name+said(n), "\n")...)
			}
			name = ""
		case "li":
			if n.FirstChild.Data != "h3" {
				all = append(all, said(n))
			}
		}
	}
	return all
}

// said is what an element says, with the addresses to which it leads, and the breaks of its lines.
func said(n *nethtml.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == nethtml.TextNode:
			b.WriteString(strings.ReplaceAll(d.Data, "\n", " "))
		case d.Data == "br":
			b.WriteByte('\n')
		case d.Data == "a":
			for _, a := range d.Attr {
				if a.Key == "href" {
					fmt.Fprintf(&b, "{%s}", a.Val)
				}
			}
		}
	}
	return strings.TrimSpace(regexp.MustCompile(` *\n *`).ReplaceAllString(b.String(), "\n"))
}

// A sheet says the same in each format, read by parsers that are not ours.
func TestEachFormatSaysTheSame(t *testing.T) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	underline := regexp.MustCompile(`(?m)^(=+|-+)$`)
	made, real := serving(filled(t, garden()), today), serving(filled(t, facts(t)), today)
	for _, c := range []struct {
		h     http.Handler
		asked string
		has   []string // some of what it must have
	}{
		{made, "session=seeds-3", []string{"h1 3rd session of the Forum", "h2 Due at this session", "h3 1. Plan", "When: 12 to 16 April 2027", "h3 1. Called off", "h3 1. Harvest"}},
		{made, "days=3660", []string{"h2 On known days", "h3 2. " + signs, "From: Bees (BEES) and Forum on seeds, soil; and a back\\slash", "h3 3. " + tongue}},
		{made, "days=1&document=letter", []string{"Nothing."}},
		{real, "session=cstd-30", []string{"h3 1. Action line road maps before the Commission"}},
		{real, "session=sti-forum-8", nil},
		{real, "session=general-assembly-81", nil},
		{real, "days=365", nil},
		{real, "days=90&body=CSTD&kind=deadline", []string{"h1 Digital governance: CSTD, deadline: due in the next 90 days"}},
	} {
		page := written(t, text(t, c.h, "/digest?"+c.asked), "meta title style header main section footer h1 h2 h3 dl dt dd ol li p a")
		var rendered bytes.Buffer
		if err := markdown.Convert([]byte(text(t, c.h, "/digest?format=markdown&"+c.asked)), &rendered); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(page, written(t, rendered.String(), "h1 h2 h3 p br strong ul li a hr")); diff != "" {
			t.Errorf("%s (-HTML +Markdown):\n%s", c.asked, diff)
		}
		for _, want := range c.has {
			if !slices.Contains(page, want) {
				t.Errorf("%s lacks %q:\n%s", c.asked, want, strings.Join(page, "\n"))
			}
		}
		for i, line := range page[:len(page)-1] {
			if strings.HasPrefix(line, "h2 ") && (strings.HasPrefix(page[i+1], "h2 ") || strings.HasPrefix(page[i+1], "The facts ") || strings.HasSuffix(page[i+1], "that of the rule.") && !strings.HasPrefix(page[i+2], "h3 ")) {
				t.Errorf("%s: there is nothing below %q", c.asked, line)
			}
		}
		words := regexp.MustCompile(`(?m)^h\d |\{\S*\}`).ReplaceAllString(strings.Join(page, "\n"), "")
		plain := underline.ReplaceAllString(text(t, c.h, "/digest?format=text&"+c.asked), "")
		if diff := cmp.Diff(strings.Fields(words), strings.Fields(plain)); diff != "" {
			t.Errorf("%s (-HTML +text):\n%s", c.asked, diff)
		}
	}
}

// Plain text fits on a terminal and in a mail, whatever things are called.
func TestPlainTextIsNarrow(t *testing.T) {
	made, real := serving(filled(t, garden()), today), serving(filled(t, facts(t)), today)
	for _, c := range []struct {
		h     http.Handler
		asked string
	}{
		{made, "days=3660"},
		{made, "session=seeds-3"},
		{real, "session=sti-forum-8"}, // whose body has a long name
		{real, "session=cstd-30"},
		{real, "days=365"},
		{real, "days=90&obligor=ungis-financing-task-force&obligor=wsis-action-line-facilitators&forum=CSTD&document=80/173"},
	} {
		for line := range strings.Lines(text(t, c.h, "/digest?format=text&"+c.asked)) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
				t.Errorf("%s: %d characters: %s", c.asked, n, line)
			}
		}
	}
}

// What recurs says when it falls into the session's time, and no more than the sources do.
func TestWhatRecursAtASession(t *testing.T) {
	g := garden()
	cycle := func(slug string, frequency un.Frequency, anchor *un.PartialDate, from, until un.Date) {
		c := &un.ReportingCycle{
			Record: un.Record{ID: un.ID("cycle:" + slug), Sources: record("", "8", "words of "+slug).Sources, Validity: un.Validity{From: from, Until: until}},
			Title:  slug, Kind: "REPORT", Frequency: frequency, Anchor: anchor,
		}
		g.Nodes = append(g.Nodes, c)
		g.Edges = append(g.Edges, un.Edge{ID: un.EdgeID(un.AddressedTo, c.ID, "body:seeds", ""), Relation: un.AddressedTo, From: c.ID, To: "body:seeds", Validity: un.Always})
	}
	cycle("counted", "BIENNIAL", date("2025"), "2024-01-01", un.LastDay)
	cycle("another year", "BIENNIAL", date("2026"), "2024-01-01", un.LastDay)
	cycle("uncounted", "BIENNIAL", nil, "2024-01-01", un.LastDay)
	cycle("periodic", un.Periodic, nil, "2024-01-01", un.LastDay)
	cycle("over", un.Annual, nil, "2020-01-01", "2025-12-17")
	cycle("later", un.Annual, nil, "2028-01-01", un.LastDay)
	page := written(t, text(t, serving(filled(t, g), today), "/digest?session=seeds-3"), "meta title style header main section footer h1 h2 h3 dl dt dd ol li p a")
	var got []string
	for i, line := range page {
		if strings.HasPrefix(line, "How often: ") {
			got = append(got, page[i-1]+": "+strings.TrimPrefix(line, "How often: "))
		}
	}
	want := []string{
		"h3 1. another year: biennial; none in that time",
		"h3 2. counted: biennial, with an instance some time in 2027",
		"h3 3. Harvest: annual, with an instance some time in 2027",
		"h3 4. periodic: periodic; the sources state no instance to count from",
		"h3 5. uncounted: biennial; the sources state no instance to count from",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for session, status := range map[string]int{"seeds-4": http.StatusOK, "seeds-5": http.StatusBadRequest} {
		if w := get(t, serving(filled(t, g), today), "/digest?session="+session); w.Code != status {
			t.Errorf("%s: %d %s", session, w.Code, w.Body)
		}
	}
}

// What a sheet of days has depends on the day, and has what is still to come alone.
func TestASheetOfDays(t *testing.T) {
	s := filled(t, garden())
	sheet := func(day un.Date, asked string) string {
		return text(t, serving(s, day), "/digest?format=text&"+asked)
	}
	for _, c := range []struct {
		day       un.Date
		asked     string
		has, lack []string
	}{
		{"2026-07-01", "days=7", []string{"From: 1 July 2026", "To: 8 July 2026", "1. Days", "1. Until", "Month"}, []string{"Seeds, soil; and a back\\slash: ", "Fence", "Old"}},
		{"2026-07-01", "days=8", []string{"Days", "2. Seeds, soil; and a back\\slash: "}, nil},
		{"2026-07-08", "days=1", []string{"1. Seeds, soil; and a back\\slash: "}, []string{"Days\n"}},
		{today, "days=300", []string{"Season", "Left out: 2 deadlines and 1 session without a date."}, []string{"Wall", "Gate", "Shed", ". Plan\n"}},
		{"2026-07-01", "days=7&body=bees", []string{"Digital governance: BEES: due in the next 7 days", "Harvest"}, []string{"Month"}},
		{"2026-07-01", "days=1&kind=session", []string{"due in the next 1 day\n", "Nothing is known to fall on a day between these.", "Nothing.\n"}, []string{"Harvest"}},
	} {
		got := sheet(c.day, c.asked)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("on %s %s lacks %q:\n%s", c.day, c.asked, want, got)
			}
		}
		for _, not := range c.lack {
			if strings.Contains(got, not) {
				t.Errorf("on %s %s has %q:\n%s", c.day, c.asked, not, got)
			}
		}
	}
}

func TestSheetMistakes(t *testing.T) {
	h := serving(filled(t, facts(t)), today)
	const either, number = "give either session, such as cstd-30, or days, such as 90", "it must be a number from 1 to 3660, such as 90"
	for asked, want := range map[string]string{
		"":                                    either,
		"session=cstd-30&days=90":             either,
		"format=text":                         either,
		"session=cstd-3O":                     `session: there is no session "cstd-3O"; did you mean "session:cstd-30"?`,
		"session=body:cstd":                   `there is no session "body:cstd"`,
		"days=0":                              `days is "0"; ` + number,
		"days=-1":                             `days is "-1"; ` + number,
		"days=abc":                            `days is "abc"; ` + number,
		"days=99999":                          `days is "99999"; ` + number,
		"days=3661":                           `days is "3661"; ` + number,
		"days=9.5":                            `days is "9.5"; ` + number,
		"days=90&days=91":                     "days is given 2 times; give it once",
		"session=cstd-30&session=cstd-29":     "session is given 2 times; give it once",
		"days=90&format=pdf":                  `format is "pdf"; it may be html, markdown, text`,
		"days=90&format=text&format=html":     "format is given 2 times; give it once",
		"session=cstd-30&body=CSTD":           "body keeps nothing apart in the sheet of a session; leave it out, or ask with days",
		"session=cstd-30&deadlineKind=report": "deadlineKind keeps nothing apart in the sheet of a session; leave it out, or ask with days",
		"days=90&from=2026":                   `/digest has no parameter "from"`,
		"days=90&body=CSTDD":                  `body: there is no body "CSTDD"; did you mean "body:cstd"?`,
		"day=90":                              `did you mean "days"?`,
	} {
		refused(t, h, "/digest?"+asked, want)
	}
	for format, mediaType := range map[string]string{"": "text/html; charset=utf-8", "html": "text/html; charset=utf-8", "markdown": "text/markdown; charset=utf-8", "text": "text/plain; charset=utf-8"} {
		address := "/digest?session=session:cstd-30"
		if format != "" {
			address += "&format=" + format
		}
		w := get(t, h, address)
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != mediaType {
			t.Errorf("%s: %d %s, want %s", address, w.Code, got, mediaType)
		}
		if again := get(t, h, address, "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", address, again.Code)
		}
	}
}

package calendar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/un"
)

// How much a feed has at most: what is due next, and what changed last.
const (
	mostDue     = 50
	mostChanges = 100
	dueWithin   = 730 // days from today, where the question names no time of its own
)

// Atom is the feed of RFC 4287: what is due next, and what changed.
func Atom() reply.Page {
	return feedPage("application/atom+xml; charset=utf-8", "mandategraph.atom", atom)
}

// JSONFeed is the same by JSON Feed, version 1.1.
func JSONFeed() reply.Page {
	return feedPage("application/feed+json; charset=utf-8", "mandategraph.json", jsonFeed)
}

func feedPage(mediaType, name string, write func(*feed) ([]byte, error)) reply.Page {
	return reply.Page{
		Parameters: reply.CalendarParameters,
		Daily:      true, // what is due next depends on the day
		Make: func(_ context.Context, q *reply.Question) (reply.Answer, error) {
			return reply.Made(mediaType, name, func(ctx context.Context) ([]byte, error) {
				f, err := readFeed(ctx, q)
				if err != nil {
					return nil, err
				}
				return write(f)
			}), nil
		},
	}
}

// A feed has items in the order in which a person reads them: what is due next, soonest first, then what changed, newest first.
type feed struct {
	id, title, summary, self string
	updated                  un.Date
	items                    []item
}

// An item is one thing to read. Its id is for ever, and it was updated on the day of the last change.
type item struct {
	id, title, link    string
	published, updated un.Date
	lines              []pair
	tags               []string
}

func readFeed(ctx context.Context, q *reply.Question) (*feed, error) {
	asked, err := q.Calendar()
	if err != nil {
		return nil, err
	}
	name, err := filterName(ctx, q)
	if err != nil {
		return nil, err
	}
	f := &feed{id: "feed?" + q.Values.Encode(), title: name + ": due next, and what changed", summary: coverage(q), self: q.URL, updated: q.DataDate}
	next := asked
	next.From = cmp.Or(asked.From, q.Day)
	if next.To == "" {
		next.To = next.From.AddDays(dueWithin)
	}
	if query.CheckSpan(next.From, next.To) != nil { // nobody asked for a beginning: the end is far enough
		next.To = min(next.To, next.From.AddDays(36_500))
	}
	if next.From <= next.To { // else all of it is past
		due, err := q.Whole(ctx, next, q.DataDate)
		if err != nil {
			return nil, err
		}
		soon := slices.DeleteFunc(due, func(e *query.Entry) bool { return !pending(e, q.Day) })
		f.some("what is due", len(soon), mostDue)
		for _, e := range soon[:min(mostDue, len(soon))] {
			f.items = append(f.items, dueItem(e))
		}
	}
	changes, err := q.History(ctx, asked, un.FirstDay, q.DataDate)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(changes, func(a, b query.Change) int {
		return cmp.Or(cmp.Compare(b.On, a.On), cmp.Compare(added(a), added(b)))
	})
	f.some("what changed", len(changes), mostChanges)
	for _, c := range changes[:min(mostChanges, len(changes))] {
		f.items = append(f.items, changeItem(c))
	}
	return f, nil
}

// some says in the summary that there is more than a feed holds.
func (f *feed) some(what string, have, most int) {
	if have > most {
		f.summary += fmt.Sprintf(" Of %s, %d of %d are here.", what, most, have)
	}
}

// added puts what is merely new behind what moved on the same day.
func added(c query.Change) int {
	if c.Kind == query.WasAdded {
		return 1
	}
	return 0
}

// pending says whether something is still to come on a day, and was not met, called off or replaced.
func pending(e *query.Entry, day un.Date) bool {
	if d, ok := e.Node.(*un.Deadline); ok {
		return d.CancelledOn == "" && len(e.Successors) == 0 && slices.Contains([]un.DeadlineStatus{un.Upcoming, un.DueSoon}, d.Status(day))
	}
	return true
}

func dueItem(e *query.Entry) item {
	it := item{id: string(e.ID), title: e.Title() + ", " + lasting(e), lines: append(about(e), dueAt(e)...), tags: []string{"due", strings.ToLower(kind(e.Occurrence))}}
	if falls(e) {
		it.title = "Due " + when(e.Date) + ": " + e.Title()
	}
	// It comes to the feed when it is near enough, also where its text is old: a reader sorts by these.
	it.published = max(addedOn(e), e.Date.Earliest().AddDays(-dueWithin))
	it.updated = max(it.published, lastChange(e))
	if len(e.Proofs) > 0 {
		it.link = e.Proofs[0].Link()
	}
	return it
}

// falls says whether something falls due, and does not merely take place.
func falls(e *query.Entry) bool {
	switch n := e.Node.(type) {
	case *un.Deadline:
		return n.Kind != "MEETING" && n.Kind != "OBSERVANCE"
	case *un.ReportingCycle:
		return n.Kind == "REPORT" || n.Kind == "REVIEW"
	}
	return false
}

func changeItem(c query.Change) item {
	it := item{
		id: string(c.ID), title: word(string(c.Kind)) + ": " + c.Of.Title(), published: c.On, updated: c.On,
		tags: []string{"change", strings.ToLower(word(string(c.Kind)))},
	}
	told := happened(c)
	it.lines = append(it.lines, pair{Name: "What happened", Value: strings.ToUpper(told[:1]) + told[1:]})
	for _, p := range c.Proofs {
		it.lines = append(it.lines, proved("Source", p))
	}
	for _, line := range about(c.Of) {
		if line.Name != "Changed" || line.Value != told {
			it.lines = append(it.lines, line)
		}
	}
	if len(c.Proofs) > 0 {
		it.link = c.Proofs[0].Link()
	}
	return it
}

// urn is an id as an IRI, which Atom wants.
func urn(id string) string { return "urn:mandategraph:" + url.PathEscape(id) }

// at is a day as the time at which it begins, in UTC; the feed's own where it is not known.
func (f *feed) at(d un.Date) string { return string(cmp.Or(d, f.updated)) + "T00:00:00Z" }

// html is an item's lines for a reader that shows HTML.
func (it item) html() string {
	var b strings.Builder
	for _, line := range it.lines {
		value := html.EscapeString(line.Value)
		if line.Link != "" {
			value = html.EscapeString(line.Before()) + `<a href="` + html.EscapeString(line.Link) + `">` + html.EscapeString(line.Linked()) + "</a>" + html.EscapeString(line.After())
		}
		b.WriteString("<p><b>" + html.EscapeString(line.Name) + ":</b> " + value + "</p>\n")
	}
	return b.String()
}

func (it item) text() string {
	var b strings.Builder
	for _, line := range it.lines {
		b.WriteString(line.Name + ": " + line.Value + "\n")
	}
	return b.String()
}

// The elements of RFC 4287 that are used. Libraries for it were looked at: none writes a valid category.
type (
	atomFeed struct {
		XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang     string      `xml:"xml:lang,attr"`
		ID       string      `xml:"id"`
		Title    string      `xml:"title"`
		Subtitle string      `xml:"subtitle"`
		Updated  string      `xml:"updated"`
		Author   string      `xml:"author>name"`
		Links    []atomLink  `xml:"link"`
		Entries  []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Content    atomContent    `xml:"content"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

func atom(f *feed) ([]byte, error) {
	out := atomFeed{
		Lang: "en", ID: urn(f.id), Title: f.title, Subtitle: f.summary, Updated: f.at(f.updated), Author: "Mandategraph",
		Links: []atomLink{{"self", "application/atom+xml", f.self}},
	}
	for _, it := range f.items {
		e := atomEntry{
			ID: urn(it.id), Title: it.title, Published: f.at(it.published), Updated: f.at(it.updated), Content: atomContent{"html", it.html()},
		}
		if it.link != "" {
			e.Links = []atomLink{{"alternate", "", it.link}}
		}
		for _, tag := range it.tags {
			e.Categories = append(e.Categories, atomCategory{tag})
		}
		out.Entries = append(out.Entries, e)
	}
	made, err := xml.MarshalIndent(out, "", "  ")
	return append([]byte(xml.Header), append(made, '\n')...), err
}

// The members of JSON Feed 1.1 that are used.
type (
	jsonFeedFile struct {
		Version     string         `json:"version"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Language    string         `json:"language"`
		FeedURL     string         `json:"feed_url"`
		Authors     []jsonAuthor   `json:"authors"`
		Items       []jsonFeedItem `json:"items"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
	}
	jsonFeedItem struct {
		ID          string   `json:"id"`
		URL         string   `json:"url,omitempty"`
		Title       string   `json:"title"`
		ContentHTML string   `json:"content_html"`
		ContentText string   `json:"content_text"`
		Published   string   `json:"date_published"`
		Modified    string   `json:"date_modified"`
		Tags        []string `json:"tags"`
	}
)

func jsonFeed(f *feed) ([]byte, error) {
	out := jsonFeedFile{
		Version: "https://jsonfeed.org/version/1.1", Title: f.title, Description: f.summary, Language: "en", FeedURL: f.self,
		Authors: []jsonAuthor{{"Mandategraph"}}, Items: []jsonFeedItem{},
	}
	for _, it := range f.items {
		out.Items = append(out.Items, jsonFeedItem{
			ID: it.id, URL: it.link, Title: it.title, ContentHTML: it.html(), ContentText: it.text(),
			Published: f.at(it.published), Modified: f.at(it.updated), Tags: it.tags,
		})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(out)
	return b.Bytes(), err
}

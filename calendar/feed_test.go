package calendar_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"mandategraph/un"
)

// feedOf is a feed as gofeed reads it.
func feedOf(t *testing.T, h http.Handler, address string) *gofeed.Feed {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(text(t, h, address))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return f
}

// tagged are the titles of a feed's items that have a tag.
func tagged(f *gofeed.Feed, tag string) (titles []string) {
	for _, it := range f.Items {
		if slices.Contains(it.Categories, tag) {
			titles = append(titles, it.Title)
		}
	}
	return titles
}

// What is due next comes first, soonest first; nothing among it is cancelled, superseded or met. Then comes what changed, newest
// first, and of one day what moved before what is new.
func TestFeedOrder(t *testing.T) {
	h := serving(filled(t, garden()), today)
	due := []string{
		"Due until 2026: Until",
		"Due some time in 2026: Harvest",
		"Due from 2026 on: Goes on",
		"Due some time in July 2026: Month",
		"Due 6 to 7 July 2026: Days",
		"Due 9 July 2026: " + signs,
		"Due some time from September 2026 to September 2027: Season",
		"Due some time in December 2026: Fence",
		"Due 30 December 2026 to 2 January 2027: " + tongue,
		"Due some time in 2027: Harvest",
		"Due some time in 2027: Year",
		"Due from 2027 on: Nobody knows",
		"Due 12 to 16 April 2027: Plan",
		"3rd session of the Forum, 12 to 16 April 2027",
		"Due some time in September 2027: Arch",
		"Due some time in 2028: Harvest",
		"Due some time in 2028, approximately: About",
		"Due 29 February 2028: Leap", // the last day of those that are looked at
	}
	changed := []string{
		"Moved: Fence", "Cancelled: Called off", "Made precise: Called off", "Made precise: Plan", "Met: Shed", "Made precise: 3rd session of the Forum", // on 10 February 2026
		"Moved: Fence", "Cancelled: Wall", // on 15 January 2026
		"Superseded: Gate", "Added: Harvest", "Added: About", "Added: " + tongue, "Added: Arch", "Added: " + signs, "Added: Days", "Added: Decade", // on 17 December 2025
		"Added: Fence", "Added: Gate", "Added: Leap", "Added: Month", "Added: Called off", "Added: Old", "Added: Goes on", "Added: Perhaps", "Added: Plan",
		"Added: Season", "Added: Shed", "Added: Undated", "Added: Nobody knows", "Added: Until", "Added: Wall", "Added: Year", "Added: 3rd session of the Forum", "Added: 4th session of the Forum",
	}
	for _, path := range []string{"/feed.atom", "/feed.json"} {
		f := feedOf(t, h, path)
		if diff := cmp.Diff(due, tagged(f, "due")); diff != "" {
			t.Errorf("%s: due (-want +got):\n%s", path, diff)
		}
		if diff := cmp.Diff(changed, tagged(f, "change")); diff != "" {
			t.Errorf("%s: changed (-want +got):\n%s", path, diff)
		}
		fence := f.Items[slices.Index(tagged(f, "due"), "Due some time in December 2026: Fence")]
		if fence.Published != "2025-12-17T00:00:00Z" || fence.Updated != "2026-02-10T00:00:00Z" {
			t.Errorf("%s: the fence was published %s and updated %s", path, fence.Published, fence.Updated)
		}
		if n := len(due) + len(changed); len(f.Items) != n || slices.ContainsFunc(f.Items[:len(due)], func(it *gofeed.Item) bool { return !slices.Contains(it.Categories, "due") }) {
			t.Errorf("%s: %d items, want the %d that are due, then the others", path, len(f.Items), len(due))
		}
	}
}

// On any day nothing among what is due next is past, cancelled, superseded or met, and what changed comes newest first.
func TestFeedsOfTheRealFacts(t *testing.T) {
	g := facts(t)
	gone := map[string]un.Date{} // since when each deadline is, if only the facts say so later
	for _, n := range g.Nodes {
		if d, ok := n.(*un.Deadline); ok {
			gone["occurrence:"+string(d.ID)] = d.MetOn
			if d.CancelledOn != "" || d.Succeeded.From != "" {
				gone["occurrence:"+string(d.ID)] = un.FirstDay
			}
		}
	}
	s := filled(t, g)
	for _, day := range []un.Date{"2024-06-01", "2025-12-18", today, "2027-06-01", "2030-01-01"} {
		f := feedOf(t, serving(s, day), "/feed.json")
		due, newest := 0, "9999"
		for _, it := range f.Items {
			switch {
			case it.Categories[0] == "due":
				due++
				if since := gone[it.GUID]; since != "" && since <= day {
					t.Errorf("on %s %s is due next", day, it.GUID)
				}
			case it.Updated > newest:
				t.Errorf("on %s %s, of %s, comes after %s", day, it.GUID, it.Updated, newest)
			default:
				newest = it.Updated
			}
		}
		if due < 3 || due > 50 || len(f.Items)-due != 100 {
			t.Errorf("on %s %d things are due, and %d changed", day, due, len(f.Items)-due)
		}
	}
}

// RFC 4287: which elements there must be, and of what.
func TestAtom(t *testing.T) {
	type person struct {
		Name []string `xml:"http://www.w3.org/2005/Atom name"`
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      []string `xml:"http://www.w3.org/2005/Atom id"`
		Title   []string `xml:"http://www.w3.org/2005/Atom title"`
		Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
		Author  []person `xml:"http://www.w3.org/2005/Atom author"`
		Links   []link   `xml:"http://www.w3.org/2005/Atom link"`
		Entries []struct {
			ID         []string `xml:"http://www.w3.org/2005/Atom id"`
			Title      []string `xml:"http://www.w3.org/2005/Atom title"`
			Updated    []string `xml:"http://www.w3.org/2005/Atom updated"`
			Published  []string `xml:"http://www.w3.org/2005/Atom published"`
			Links      []link   `xml:"http://www.w3.org/2005/Atom link"`
			Categories []struct {
				Term string `xml:"term,attr"`
			} `xml:"http://www.w3.org/2005/Atom category"`
			Content []struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"http://www.w3.org/2005/Atom content"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	for name, g := range map[string]un.Graph{"real": facts(t), "made": garden()} {
		const address = "http://calendar.example/feed.atom?kind=deadline&kind=session"
		w := get(t, serving(filled(t, g), today), address)
		if got := w.Header().Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
			t.Errorf("its type is %q", got)
		}
		feed.Links, feed.Entries, feed.ID, feed.Title, feed.Updated, feed.Author = nil, nil, nil, nil, nil, nil
		if err := xml.Unmarshal(w.Body.Bytes(), &feed); err != nil {
			t.Fatal(err)
		}
		if len(feed.Author) != 1 || len(feed.Author[0].Name) != 1 || len(feed.Title) != 1 || feed.Title[0] != "Digital governance: deadline or session: due next, and what changed" {
			t.Errorf("%s: title %q, author %q", name, feed.Title, feed.Author)
		}
		if diff := cmp.Diff([]link{{"self", address}}, feed.Links); diff != "" {
			t.Errorf("%s: links (-want +got):\n%s", name, diff)
		}
		seen := map[string]bool{}
		identified := func(ids, updated []string) {
			if len(ids) != 1 || len(updated) != 1 || seen[ids[0]] {
				t.Fatalf("%s: ids %q, updated %q", name, ids, updated)
			}
			seen[ids[0]] = true
			if !regexp.MustCompile(`^urn:[a-z0-9][a-z0-9-]{1,30}:(?:[A-Za-z0-9()+,.:=@;$_!*'&~-]|%[0-9A-F]{2})+$`).MatchString(ids[0]) {
				t.Errorf("%s: the id %q is no IRI", name, ids[0])
			}
			if _, err := time.Parse(time.RFC3339, updated[0]); err != nil {
				t.Errorf("%s: %v", ids[0], err)
			}
		}
		identified(feed.ID, feed.Updated)
		if len(feed.Entries) < 20 {
			t.Errorf("%s: %d entries prove little", name, len(feed.Entries))
		}
		for _, e := range feed.Entries {
			identified(e.ID, e.Updated)
			if len(e.Title) != 1 || e.Title[0] == "" || len(e.Published) != 1 || e.Published[0] > e.Updated[0] {
				t.Errorf("%s: title %q, published %q, updated %q", e.ID, e.Title, e.Published, e.Updated)
			}
			for _, l := range e.Links {
				if u, err := url.Parse(l.Href); err != nil || !u.IsAbs() || l.Rel != "alternate" || len(e.Links) > 1 {
					t.Errorf("%s: links %v", e.ID, e.Links)
				}
			}
			if len(e.Categories) != 2 || !slices.Contains([]string{"due", "change"}, e.Categories[0].Term) || e.Categories[1].Term == "" {
				t.Errorf("%s: categories %v", e.ID, e.Categories)
			}
			if len(e.Content) != 1 || e.Content[0].Type != "html" {
				t.Errorf("%s: content %v", e.ID, e.Content)
				continue
			}
			onlyParagraphs(t, e.Content[0].Text)
		}
	}
}

// onlyParagraphs wants HTML that holds no signs of the facts that would be read as more of it.
func onlyParagraphs(t *testing.T, content string) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(content), nil)
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, n := range nodes {
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body", "p", "b", "a"}, d.Data) {
				t.Errorf("<%s> in %s", d.Data, content)
			}
			if d.Type == html.TextNode {
				said += d.Data
			}
		}
	}
	if !strings.Contains(said, "When: ") {
		t.Errorf("it does not say when: %s", content)
	}
}

// JSON Feed 1.1: which members there must be, and of what; and no others but those that it has.
func TestJSONFeed(t *testing.T) {
	for name, g := range map[string]un.Graph{"real": facts(t), "made": garden()} {
		const address = "http://calendar.example/feed.json?kind=deadline"
		w := get(t, serving(filled(t, g), today), address)
		if got := w.Header().Get("Content-Type"); got != "application/feed+json; charset=utf-8" {
			t.Errorf("its type is %q", got)
		}
		var feed struct {
			Version, Title, Description, Language string
			HomePageURL                           *string `json:"home_page_url"`
			FeedURL                               string  `json:"feed_url"`
			Authors                               []struct{ Name, URL, Avatar string }
			Items                                 []struct {
				ID          string
				URL         *string
				Title       string
				ContentHTML string `json:"content_html"`
				ContentText string `json:"content_text"`
				Published   string `json:"date_published"`
				Modified    string `json:"date_modified"`
				Tags        []string
			}
		}
		d := json.NewDecoder(w.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&feed); err != nil {
			t.Fatal(err)
		}
		if feed.Version != "https://jsonfeed.org/version/1.1" || feed.Title != "Digital governance: deadline: due next, and what changed" || feed.FeedURL != address ||
			feed.Language != "en" || len(feed.Authors) != 1 || feed.Authors[0].Name == "" || feed.Description == "" {
			t.Errorf("%s: version %q, title %q, address %q, language %q, authors %v", name, feed.Version, feed.Title, feed.FeedURL, feed.Language, feed.Authors)
		}
		seen := map[string]bool{}
		for _, it := range feed.Items {
			if it.ID == "" || seen[it.ID] || it.Title == "" || it.ContentHTML == "" || it.ContentText == "" || len(it.Tags) != 2 {
				t.Errorf("%s: %+v", name, it)
			}
			seen[it.ID] = true
			onlyParagraphs(t, it.ContentHTML)
			for _, moment := range []string{it.Published, it.Modified} {
				if _, err := time.Parse(time.RFC3339, moment); err != nil {
					t.Errorf("%s: %v", it.ID, err)
				}
			}
			if it.URL != nil {
				if u, err := url.Parse(*it.URL); err != nil || !u.IsAbs() {
					t.Errorf("%s: %s is no address", it.ID, *it.URL)
				}
			}
		}
		if len(seen) < 20 {
			t.Errorf("%s: %d items prove little", name, len(seen))
		}
	}
}

// Both feeds say the same, to a parser that is not ours.
func TestBothFeedsSayTheSame(t *testing.T) {
	type item struct{ Title, Content, Link, Published, Updated, Tags string }
	made, real := serving(filled(t, garden()), today), serving(filled(t, facts(t)), today)
	for _, c := range []struct {
		h          http.Handler
		parameters string
	}{{made, ""}, {made, "?body=bees&from=2026&to=2027"}, {real, ""}, {real, "?body=CSTD"}, {real, "?obligor=IGF&to=2028"}} {
		var said [2][]item
		for i, path := range []string{"/feed.atom", "/feed.json"} {
			f := feedOf(t, c.h, path+c.parameters)
			if want := []string{"atom", "json"}[i]; f.FeedType != want {
				t.Errorf("%s is of type %s", path, f.FeedType)
			}
			for _, it := range f.Items {
				said[i] = append(said[i], item{it.Title, it.Content, it.Link, it.Published, it.Updated, strings.Join(it.Categories, " ")})
			}
		}
		if diff := cmp.Diff(said[0], said[1]); diff != "" || len(said[0]) == 0 {
			t.Errorf("%s: %d items (-Atom +JSON Feed):\n%s", c.parameters, len(said[0]), diff)
		}
	}
}

// What an item says: of what is due all that is known, of a change what happened and who says so.
func TestWhatAnItemSays(t *testing.T) {
	said := map[string]string{}
	var feed struct {
		Items []struct {
			ID   string
			Text string `json:"content_text"`
		}
	}
	if err := json.Unmarshal([]byte(text(t, serving(filled(t, garden()), today), "/feed.json")), &feed); err != nil {
		t.Fatal(err)
	}
	for _, it := range feed.Items {
		said[it.ID] = it.Text
	}
	const forum, asked = "Forum on seeds, soil; and a back\\slash", "General Assembly, A/RES/1/1, paragraph "
	for id, want := range map[string]string{
		"occurrence:deadline:day": "From: Bees (BEES) and " + forum + "\nBefore: " + forum + "\nWhat is asked: Plant. Seeds first,\n\nthen trees.\nWhen: 9 July 2026\n" +
			"Asked by: " + asked + "2 (a) (17 December 2025): “words of <i>day</i>”\n",
		"occurrence:session:seeds-3": "When: 12 to 16 April 2027\nWhere: Geneva, Palais des Nations; Room <XX>\nSource: " + asked + "5 (17 December 2025): “its third session, in 2027”\n" +
			"Changed: made precise on 10 February 2026: 12 to 16 April 2027, before that some time in 2027\n" +
			"Due at it: Plan, from Bees (BEES); stated in " + asked + "2 (a) (17 December 2025): “words of <i>plan</i>”\n",
		"change:deadline:fence@2026-02-10/moved/due": "What happened: Moved on 10 February 2026: some time in December 2026, before that some time in November 2026\nSource: Letter of the Chair: “the fence comes later”\n" +
			"When: some time in December 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>fence</i>”\n" +
			"Changed: moved on 15 January 2026: some time in November 2026, before that some time in May 2026\n",
		"change:deadline:shed@2026-02-10/met": "What happened: Met on 10 February 2026 by Letter of the Chair\nSource: Letter of the Chair: “the shed is built”\n" +
			"When: some time in October 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>shed</i>”\n",
		"change:deadline:gate@2025-12-17/superseded": "What happened: Superseded on 17 December 2025 by A/RES/1/1, paragraph 2 (a): Arch\nSource: " + asked + "2 (a) (17 December 2025): “words of <i>arch</i>”\n" +
			"When: some time in September 2026\nStated in: " + asked + "2 (a) (17 December 2025): “words of <i>gate</i>”\n",
	} {
		if diff := cmp.Diff(want, said[id]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// An item keeps its id, its dates and its words from day to day.
func TestItemsStayTheSameEachDay(t *testing.T) {
	s := filled(t, facts(t))
	for _, path := range []string{"/feed.atom", "/feed.json"} {
		items := func(day un.Date) map[string]gofeed.Item {
			all := map[string]gofeed.Item{}
			for _, it := range feedOf(t, serving(s, day), path).Items {
				all[it.GUID] = *it
			}
			return all
		}
		first, second := items(today), items(today.AddDays(40))
		same := 0
		for id, it := range second {
			if before, ok := first[id]; ok {
				same++
				if diff := cmp.Diff(before, it); diff != "" {
					t.Errorf("%s (-first +second):\n%s", id, diff)
				}
			}
		}
		if same < 100 || same < len(first)-10 {
			t.Errorf("%s: of %d items %d are there 40 days later", path, len(first), same)
		}
	}
}

// A feed is another on another day, and is sent once a day.
func TestAnUnchangedFeedIsNotSentAgain(t *testing.T) {
	s := filled(t, facts(t))
	for _, path := range []string{"/feed.atom?body=CSTD", "/feed.json?body=CSTD"} {
		tag := get(t, serving(s, today), path).Header().Get("ETag")
		if w := get(t, serving(s, today), path, "If-None-Match", tag); tag == "" || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: %d, ETag %q", path, w.Code, tag)
		}
		if w := get(t, serving(s, today.AddDays(1)), path, "If-None-Match", tag); w.Code != http.StatusOK {
			t.Errorf("%s on the next day: %d", path, w.Code)
		}
	}
}

// A feed of which only the end is given begins today, however far that end is.
func TestAFeedWithAnEndAlone(t *testing.T) {
	h := serving(filled(t, facts(t)), today)
	for _, to := range []string{"2027", "2100", "2125"} {
		if due := tagged(feedOf(t, h, "/feed.json?body=CSTD&to="+to), "due"); len(due) < 5 {
			t.Errorf("to=%s: %q is due", to, due)
		}
	}
	if due := tagged(feedOf(t, h, "/feed.json?to=2025"), "due"); len(due) > 0 {
		t.Errorf("of the past %q is due", due)
	}
}

// A feed has at most 50 things that are due, of the next two years, and at most 100 changes, the newest.
func TestFeedLimits(t *testing.T) {
	g := un.Graph{Nodes: []un.Node{
		&un.Document{Record: record("document:A/RES/1/1", "", ""), Symbol: "A/RES/1/1", Title: "Gardens", Type: "RESOLUTION", AdoptedOn: date("2025-12-17")},
		&un.Deadline{Record: record("deadline:late", "1", "words"), Title: "In 731 days", Kind: "REPORT", Window: date("2028-03-01")},
	}}
	for n := range 60 {
		day := string(today.AddDays(n))
		g.Nodes = append(g.Nodes, &un.Deadline{
			Record: record(un.ID(fmt.Sprintf("deadline:%02d", n)), "1", "words"), Title: fmt.Sprintf("In %d days", n), Kind: "REPORT", Window: date(day),
			Changes: []un.Change{{On: un.Date("2026-01-01").AddDays(n % 30), Field: "due", From: "2025", To: day}},
		})
	}
	h := serving(filled(t, g), today)
	f := feedOf(t, h, "/feed.json")
	due, changed := tagged(f, "due"), tagged(f, "change")
	if len(due) != 50 || due[0] != "Due 1 March 2026: In 0 days" || due[49] != "Due 19 April 2026: In 49 days" {
		t.Errorf("%d are due: %q", len(due), due)
	}
	moved, added := 0, 0
	for i, it := range f.Items[len(due):] {
		if strings.HasPrefix(it.Title, "Moved: ") {
			moved++
		} else {
			added++
		}
		if i > 0 && it.Updated > f.Items[len(due)+i-1].Updated {
			t.Errorf("%s, of %s, comes after what is older", it.Title, it.Updated)
		}
	}
	if moved != 60 || added != 40 || len(changed) != 100 {
		t.Errorf("%d moved and %d were added", moved, added)
	}
	for parameters, want := range map[string][]string{
		"from=2028-03":               {"Due 1 March 2028: In 731 days"},
		"from=2026-04-28&to=2028-03": {"Due 28 April 2026: In 58 days", "Due 29 April 2026: In 59 days", "Due 1 March 2028: In 731 days"},
		"to=2026-03-02":              {"Due 1 March 2026: In 0 days", "Due 2 March 2026: In 1 days"},
		"from=2026-04-29":            {"Due 29 April 2026: In 59 days", "Due 1 March 2028: In 731 days"}, // two years from then on
		"to=2026-02":                 nil,                                                                // all of it is past
	} {
		if diff := cmp.Diff(want, tagged(feedOf(t, h, "/feed.json?"+parameters), "due")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", parameters, diff)
		}
	}
}

func TestAFeedWithNothingInIt(t *testing.T) {
	h := serving(filled(t, garden()), today)
	if got := text(t, h, "/feed.json?document=letter"); !strings.Contains(got, `"items": []`) {
		t.Errorf("%s", got)
	}
	if got := text(t, h, "/feed.atom?document=letter"); strings.Contains(got, "<entry>") || !strings.Contains(got, "<title>Digital governance: set by Letter of the Chair: due next, and what changed</title>") {
		t.Errorf("%s", got)
	}
	refused(t, h, "/feed.atom?alarm=P1D", `/feed.atom has no parameter "alarm"`)
	refused(t, h, "/feed.json?kind=sessions", "kind is \"sessions\"; did you mean session?")
}

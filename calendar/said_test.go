package calendar_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"mandategraph/un"
)

// A saying is what a feed of the real facts says: of itself, and its items by their ids.
type saying struct {
	summary string
	items   map[string]struct{ title, text, published string }
}

func feedSays(t *testing.T, day un.Date, query string) saying {
	t.Helper()
	var feed struct {
		Description string
		Items       []struct {
			ID        string
			Title     string
			Text      string `json:"content_text"`
			Published string `json:"date_published"`
		}
	}
	if err := json.Unmarshal([]byte(text(t, serving(filled(t, facts(t)), day), "/feed.json?"+query)), &feed); err != nil {
		t.Fatal(err)
	}
	out := saying{feed.Description, map[string]struct{ title, text, published string }{}}
	for _, it := range feed.Items {
		out.items[it.ID] = struct{ title, text, published string }{it.Title, it.Text, it.Published}
	}
	return out
}

// A feed that holds a part says so.
func TestAFeedSaysWhatItLeavesOut(t *testing.T) {
	for query, want := range map[string]string{"from=2026&to=2035": `\)\. Of what is due, 50 of \d{3} are here\.$`, "": ` Of what changed, 100 of \d{3} are here\.$`} {
		if got := feedSays(t, today, query).summary; !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%q: a feed with too much says %q", query, got)
		}
	}
	if got := feedSays(t, today, "obligor=UNGIS").summary; strings.Contains(got, "are here") {
		t.Errorf("a feed that holds all says %q", got)
	}
}

// What is due far ahead comes to a reader when it is near enough, and not with the day of an old text.
func TestADueItemIsPublishedWhenItIsNear(t *testing.T) {
	it := feedSays(t, "2029-06-01", "document=80/173").items["occurrence:deadline:A/RES/80/173#37/school-connectivity"]
	if it.published != "2028-01-02T00:00:00Z" { // 730 days before 2030
		t.Errorf("it was published %q", it.published)
	}
}

// A meeting takes place; a report falls due.
func TestWhatIsDueAndWhatTakesPlace(t *testing.T) {
	of := feedSays(t, "2024-06-01", "").items
	for id, want := range map[string]string{
		"occurrence:deadline:A/RES/78/132#pp43/igf-2024":                "Meeting of the Internet Governance Forum in Saudi Arabia, some time in 2024",
		"occurrence:deadline:A/RES/78/132#58/midterm-reviews-update":    "Due some time in 2024: News on the midterm reviews in the summary of 2024",
		"occurrence:cycle:A/RES/60/252#13/information-society-day@2025": "World Information Society Day, 17 May 2025",
	} {
		if got := of[id].title; got != want {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
	}
}

// Where only a later text tells of the document that met something, its day is not said to be that of the meeting.
func TestWhoSaysThatItWasMet(t *testing.T) {
	it := feedSays(t, today, "document=A/RES/78/132&from=2016&to=2016").items["change:deadline:A/RES/78/132#pp5/habitat-iii@2023-12-19/met"]
	if !strings.HasPrefix(it.text, "What happened: Met by A/RES/71/256, as A/RES/78/132, preambular paragraph 5 says\n") {
		t.Errorf("it says %q", it.text)
	}
}

// Noting is not asking: who notes what another asked for is named apart.
func TestWhoAskedAndWhoOnlyStates(t *testing.T) {
	h := serving(filled(t, facts(t)), today)
	created := 0
	for _, e := range read(t, text(t, h, "/calendar.ics")).Events {
		switch e.UID {
		case "occurrence:deadline:A/RES/78/132#54/twenty-year-discussion-27":
			for _, want := range []string{"\nStated in: General Assembly, A/RES/78/132, paragraph 54 (", "\nAsked by: Economic and Social Council, E/RES/2023/3, paragraph 104 ("} {
				if !strings.Contains(e.Description, want) {
					t.Errorf("it lacks %q: %s", want, e.Description)
				}
			}
		case "occurrence:deadline:A/RES/78/132#pp11/wsis-review-2015": // met in 2015, told of in 2023
			created++
			if e.Created != "2023-12-19T00:00:00.000Z" || e.Status != "CONFIRMED" {
				t.Errorf("it was created %s, and is %s", e.Created, e.Status)
			}
		}
	}
	if created != 1 {
		t.Error("the review of 2015 is not there")
	}
}

// The sheet of a session keeps each source of its days, and its page is named wherever it has one.
func TestWhatASessionRestsOn(t *testing.T) {
	if got := text(t, serving(filled(t, facts(t)), today), "/digest?session=cstd-27&format=text"); !strings.Contains(got, "\nAlso: ") {
		t.Errorf("the days of the session have no source:\n%s", got)
	}
	g := garden()
	for _, n := range g.Nodes {
		if s, ok := n.(*un.Session); ok && s.ID == "session:seeds-3" {
			s.URL = "https://seeds.example/3"
		}
	}
	h := serving(filled(t, g), today)
	for address, want := range map[string]string{
		"/calendar.ics?kind=session":              `\nPage: https://seeds.example/3\n`,
		"/digest?session=seeds-3&format=markdown": "**Page:** [https://seeds.example/3](https://seeds.example/3)",
	} {
		if got := strings.ReplaceAll(text(t, h, address), "\r\n ", ""); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q:\n%s", address, want, got)
		}
	}
}

// What is given twice counts once.
func TestTwiceIsOnce(t *testing.T) {
	got := text(t, serving(filled(t, facts(t)), today), "/calendar.ics?body=CSTD&body=body:cstd&alarm=P30D&alarm=P30D")
	if !strings.Contains(got, "\r\nNAME:Digital governance: CSTD\r\n") {
		t.Errorf("it is called otherwise:\n%.200s", got)
	}
	if events, alarms := strings.Count(got, "BEGIN:VEVENT"), strings.Count(got, "BEGIN:VALARM"); events == 0 || alarms != events {
		t.Errorf("%d events have %d alarms", events, alarms)
	}
}

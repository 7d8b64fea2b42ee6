package reply_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/store"
	"mandategraph/store/memory"
	"mandategraph/un"
)

// today is the day on which every test runs, where it does not say another.
var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// facts are a body and a document.
func facts(name string) un.Graph {
	record := func(id un.ID) un.Record {
		return un.Record{ID: id, Validity: un.Always, Sources: []un.Source{{Document: "document:A/RES/80/173"}}}
	}
	return un.Graph{Nodes: []un.Node{
		&un.Body{Record: record("body:igf"), Names: map[un.Language]string{un.English: name}, Acronym: "IGF", Kind: "FORUM"},
		&un.Document{Record: record("document:A/RES/80/173"), Symbol: "A/RES/80/173", AdoptedOn: &un.PartialDate{EDTF: "2025-12-17"}},
	}}
}

func load(t *testing.T, s store.Store, g un.Graph) {
	t.Helper()
	if err := s.Replace(t.Context(), g); err != nil {
		t.Fatal(err)
	}
}

// server answers from a store that has the facts.
func server(t *testing.T) *reply.Server {
	t.Helper()
	s := memory.Open()
	load(t, s, facts("Internet Governance Forum"))
	return &reply.Server{
		Store: s, Now: func() time.Time { return today }, Timeout: time.Minute, Log: slog.New(slog.DiscardHandler), Memo: new(query.Memo), Program: func() string { return "one" },
	}
}

// page is a page that says a text.
func page(text string) reply.Page {
	return reply.Page{Parameters: reply.CalendarParameters, Make: func(_ context.Context, q *reply.Question) (reply.Answer, error) {
		_, err := q.Calendar()
		return whole("text/plain; charset=utf-8", "page.txt", []byte(text)), err
	}}
}

// ask asks a real server on loopback, which is called mandates.example. Its error is that of reading the answer to its end.
func ask(t *testing.T, h http.Handler, method, target string, header ...string) (*http.Response, string, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "mandates.example"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// get is ask for an answer that comes whole.
func get(t *testing.T, h http.Handler, target string, header ...string) (*http.Response, string) {
	t.Helper()
	r, body, err := ask(t, h, http.MethodGet, target, header...)
	if err != nil {
		t.Fatal(err)
	}
	return r, body
}

// writing is an answer of some length, which fails at its end where it has an error.
func writing(length int, err error) func(context.Context, io.Writer) error {
	return func(_ context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("x", length)); err != nil {
			return err
		}
		return err
	}
}

func making(a reply.Answer) reply.Page {
	return reply.Page{Make: func(context.Context, *reply.Question) (reply.Answer, error) { return a, nil }}
}

func TestHeaders(t *testing.T) {
	s := server(t)
	for _, c := range []struct {
		name   string
		answer reply.Answer
		want   map[string]string
		length int
	}{
		{
			"made", whole("text/plain; charset=utf-8", "page.txt", []byte("hello")),
			map[string]string{"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": `inline; filename="page.txt"`, "Content-Length": "5"},
			5,
		},
		{
			"to be saved",
			reply.Answer{Type: "text/csv", Name: "table.csv", Save: true, Write: writing(100_000, nil)},
			map[string]string{"Content-Type": "text/csv", "Content-Disposition": `attachment; filename="table.csv"`, "Content-Length": "100000"},
			100_000,
		},
		{
			"a short stream",
			reply.Answer{Type: "text/csv", Name: "table.csv", Stream: true, Write: writing(32<<10, nil)},
			map[string]string{"Content-Type": "text/csv", "Content-Disposition": `inline; filename="table.csv"`, "Content-Length": "32768"},
			32 << 10,
		},
		{
			"a long stream",
			reply.Answer{Type: "text/csv", Name: "table.csv", Stream: true, Write: writing(100_000, nil)},
			map[string]string{"Content-Type": "text/csv", "Content-Disposition": `inline; filename="table.csv"`},
			100_000,
		},
		{
			"nothing",
			reply.Answer{Type: "text/csv", Name: "table.csv", Write: writing(0, nil)},
			map[string]string{"Content-Type": "text/csv", "Content-Disposition": `inline; filename="table.csv"`, "Content-Length": "0"},
			0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.want["Cache-Control"] = "no-cache"
			c.want["Mandategraph-Data-Version"] = facts("Internet Governance Forum").Version()
			c.want["X-Content-Type-Options"] = "nosniff"
			r, body := get(t, s.Handler(making(c.answer)), "/page")
			if r.StatusCode != http.StatusOK || len(body) != c.length {
				t.Errorf("%d and %d bytes, want %d", r.StatusCode, len(body), c.length)
			}
			got := map[string]string{}
			for name := range r.Header {
				got[name] = r.Header.Get(name)
			}
			for name, form := range map[string]string{"Etag": `^"[0-9a-f]{24}"$`, "Request-Id": `^[A-Z2-7]{12}$`} {
				if !regexp.MustCompile(form).MatchString(got[name]) {
					t.Errorf("%s is %q", name, got[name])
				}
			}
			for _, name := range []string{"Date", "Etag", "Request-Id"} {
				delete(got, name)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// HEAD says what GET says, without the answer.
func TestHead(t *testing.T) {
	h := server(t).Handler(page("hello"))
	want, _ := get(t, h, "/page")
	got, body, err := ask(t, h, http.MethodHead, "/page")
	if err != nil || body != "" || got.StatusCode != http.StatusOK {
		t.Errorf("%d %q %v", got.StatusCode, body, err)
	}
	for _, r := range []*http.Response{want, got} {
		r.Header.Del("Date")
		r.Header.Del("Request-Id")
	}
	if diff := cmp.Diff(want.Header, got.Header); diff != "" {
		t.Errorf("headers (-GET +HEAD):\n%s", diff)
	}
}

func TestEveryRequestHasAnIDOfItsOwn(t *testing.T) {
	h := server(t).Handler(page("hello"))
	seen := map[string]bool{}
	for range 10 {
		r, _ := get(t, h, "/page")
		seen[r.Header.Get("Request-Id")] = true
	}
	if len(seen) != 10 {
		t.Errorf("10 requests have the ids %v", seen)
	}
}

func TestWhatAClientHasIsNotSentAgain(t *testing.T) {
	h := server(t).Handler(page("hello"))
	first, _ := get(t, h, "/page")
	tag := first.Header.Get("ETag")
	for _, c := range []struct {
		ifNoneMatch string
		status      int
	}{
		{tag, 304},
		{"W/" + tag, 304},
		{`"other", ` + tag, 304},
		{`W/"other",W/` + tag + ` , "third"`, 304},
		{"*", 304},
		{`"other"`, 200},
		{`"other", W/"third"`, 200},
		{strings.Trim(tag, `"`), 200}, // not quoted, so no tag
		{"", 200},
	} {
		for method, want := range map[string]string{http.MethodGet: "hello", http.MethodHead: ""} {
			if c.status == http.StatusNotModified {
				want = ""
			}
			r, body, err := ask(t, h, method, "/page", "If-None-Match", c.ifNoneMatch)
			if err != nil || r.StatusCode != c.status || body != want {
				t.Errorf("%s with %s: %d %q, %v; want %d %q", method, c.ifNoneMatch, r.StatusCode, body, err, c.status, want)
			}
			for _, name := range []string{"ETag", "Cache-Control", "Mandategraph-Data-Version"} {
				if r.Header.Get(name) != first.Header.Get(name) {
					t.Errorf("%s with %s: %s is %q, want %q", method, c.ifNoneMatch, name, r.Header.Get(name), first.Header.Get(name))
				}
			}
			if kind := r.Header.Get("Content-Type"); c.status == http.StatusNotModified && kind != "" {
				t.Errorf("%s with %s: nothing is sent, of type %s", method, c.ifNoneMatch, kind)
			}
		}
	}
	t.Run("whatever there is, of a long stream too", func(t *testing.T) {
		p := making(reply.Answer{Type: "text/csv", Name: "table.csv", Stream: true, Write: writing(100_000, nil)})
		if r, body := get(t, server(t).Handler(p), "/page", "If-None-Match", "*"); r.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%d, %d bytes", r.StatusCode, len(body))
		}
	})
	t.Run("unless the facts are others now", func(t *testing.T) {
		s := server(t)
		load(t, s.Store, facts("IGF"))
		if r, body := get(t, s.Handler(page("hello")), "/page", "If-None-Match", tag); r.StatusCode != http.StatusOK || body != "hello" {
			t.Errorf("%d %q", r.StatusCode, body)
		}
	})
}

// A tag is another where the answer may be another, and only there.
func TestTags(t *testing.T) {
	const target = "/page?body=IGF&from=2026"
	daily := page("hello")
	daily.Daily = true
	tag := func(s *reply.Server, p reply.Page, target string, header ...string) string {
		r, body := get(t, s.Handler(p), target, header...)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", target, r.StatusCode, body)
		}
		return r.Header.Get("ETag")
	}
	tomorrow := func() time.Time { return today.AddDate(0, 0, 1) }
	for _, c := range []struct {
		name   string
		page   reply.Page
		change func(*reply.Server)
		target string
		header []string
		same   bool
	}{
		{"the same again", page("hello"), nil, target, nil, true},
		{"the same again, of a day", daily, nil, target, nil, true},
		{"parameters in another order", page("hello"), nil, "/page?from=2026&body=IGF", nil, true},
		{"parameters in other letters", page("hello"), nil, "/page?body=%49GF&from=2026", nil, true},
		{"later on the same day", daily, func(s *reply.Server) { s.Now = func() time.Time { return today.Add(11 * time.Hour) } }, target, nil, true},
		{"the next day", page("hello"), func(s *reply.Server) { s.Now = tomorrow }, target, nil, true},
		{"the next day, of a day", daily, func(s *reply.Server) { s.Now = tomorrow }, target, nil, false},
		{"the same facts, loaded again", page("hello"), func(s *reply.Server) { load(t, s.Store, facts("Internet Governance Forum")) }, target, nil, true},
		{"other facts", page("hello"), func(s *reply.Server) { load(t, s.Store, facts("IGF")) }, target, nil, false},
		{"another program", page("hello"), func(s *reply.Server) { s.Program = func() string { return "two" } }, target, nil, false},
		{"another path", page("hello"), nil, "/pages?body=IGF&from=2026", nil, false},
		{"another value", page("hello"), nil, "/page?body=IGF&from=2027", nil, false},
		{"a parameter less", page("hello"), nil, "/page?body=IGF", nil, false},
		{"another scheme", page("hello"), nil, target, []string{"X-Forwarded-Proto", "https"}, false}, // it may be in the answer
	} {
		t.Run(c.name, func(t *testing.T) {
			s := server(t)
			before := tag(s, c.page, target)
			if c.change != nil {
				c.change(s)
			}
			after := tag(s, c.page, c.target, c.header...)
			if same := before == after; same != c.same {
				t.Errorf("the tags are %s and %s", before, after)
			}
		})
	}
}

// A page is told what was asked, of which facts, on which day: that of UTC, wherever the server stands.
func TestQuestion(t *testing.T) {
	s := server(t)
	s.Now = func() time.Time {
		return time.Date(2026, 3, 2, 1, 30, 0, 0, time.FixedZone("Geneva", 2*60*60))
	}
	var got *reply.Question
	h := s.Handler(reply.Page{Parameters: []string{"body", "from"}, Make: func(_ context.Context, q *reply.Question) (reply.Answer, error) {
		got = q
		return whole("text/plain", "page.txt", nil), nil
	}})
	for _, c := range []struct {
		target, proto, url string
		values             url.Values
	}{
		{"/page", "", "http://mandates.example/page", url.Values{}},
		{"/page?from=2026&body=IGF&body=A%2FB", "https", "https://mandates.example/page?body=IGF&body=A%2FB&from=2026", url.Values{"body": {"IGF", "A/B"}, "from": {"2026"}}},
	} {
		got = nil
		get(t, h, c.target, "X-Forwarded-Proto", c.proto)
		if got == nil {
			t.Fatalf("%s: nothing was asked", c.target)
		}
		if got.URL != c.url || got.Day != "2026-03-01" || got.DataDate != "2025-12-17" || got.CoveredUntil != "2025-12-17" {
			t.Errorf("%s: %s on %s, of facts until %s, documents until %s", c.target, got.URL, got.Day, got.DataDate, got.CoveredUntil)
		}
		if diff := cmp.Diff(c.values, got.Values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.target, diff)
		}
		if got.Reader.Version() != facts("Internet Governance Forum").Version() {
			t.Errorf("%s: of the facts %s", c.target, got.Reader.Version())
		}
	}
}

// TestMistakes has what a person may write wrongly in an address, and what the answer says of it.
func TestMistakes(t *testing.T) {
	s := server(t)
	most := strings.Repeat("body=IGF&", 20)
	const has = "It has body, deadlineKind, document, forum, from, kind, obligor, to"
	const kinds = "It may be deadline, cycle, session"
	const dues = "It may be report, review, meeting, proposal, procedure, mandate-expiry, target, observance"
	const write = "; write a day like 2027-03-31, a month like 2027-03 or a year like 2027"
	for _, c := range []struct{ query, want string }{
		{"obligr=IGF", `/page has no parameter "obligr"; did you mean "obligor"? ` + has},
		{"Body=IGF", `/page has no parameter "Body"; did you mean "body"? ` + has},
		{"deadline_kind=report", `/page has no parameter "deadline_kind"; did you mean "deadlineKind"? ` + has},
		{"colour=red", `/page has no parameter "colour". ` + has},
		{"=IGF", `/page has no parameter "". ` + has},
		{"body=", "body is empty; give it a value, or leave it out"},
		{"body", "body is empty; give it a value, or leave it out"},
		{"body=IGF&body=%20%09", "body is empty; give it a value, or leave it out"},
		{"from=", "from is empty; give it a value, or leave it out"},
		{"from=2026&from=2027", "from is given 2 times; give it once"},
		{"to=2026&to=2026&to=2026", "to is given 3 times; give it once"},
		{most + "body=IGF", "body is given 21 times; at most 20 are allowed"},
		{"body=%zz", `the part of the address after ? is not well formed: invalid URL escape "%zz"`},
		{"body=IGF;to=2027", "the part of the address after ? is not well formed: invalid semicolon separator in query"},
		{"kind=sesion", `kind is "sesion"; did you mean session? ` + kinds},
		{"kind=cycle&kind=report", `kind is "report". ` + kinds},
		{"deadlineKind=REPORTS", `deadlineKind is "REPORTS"; did you mean report? ` + dues},
		{"deadlineKind=mandate%20expiry", `deadlineKind is "mandate expiry"; did you mean mandate-expiry? ` + dues},
		{"deadlineKind=deadline", `deadlineKind is "deadline". ` + dues},
		{"from=tomorrow", `from is "tomorrow"` + write},
		{"from=2027-02-29", `from is "2027-02-29"` + write},
		{"to=2027-13", `to is "2027-13"` + write},
		{"to=27", `to is "27"` + write},
		{"to=2027-3-1", `to is "2027-3-1"` + write},
		{"to=20270301", `to is "20270301"` + write},
		{"from=2027-03-31T00:00:00Z", `from is "2027-03-31T00:00:00Z"` + write},
		{"from=2026/2027", `from is "2026/2027"` + write},
		{"from=2026/..", `from is "2026/.."` + write},
		{"to=202X", `to is "202X"` + write},
		{"to=2027~", `to is "2027~"` + write},
		{"to=-2027", `to is "-2027"` + write},
		{"from=2027&to=2026", "from 2027-01-01 is after to 2026-12-31; exchange them"},
		{"from=2027-04&to=2027-03-31", "from 2027-04-01 is after to 2027-03-31; exchange them"},
		{"from=1926&to=2027", "from 1926-01-01 to 2027-12-31 is more than 100 years; ask for at most 100 at once"},
	} {
		r, body := get(t, s.Handler(page("hello")), "/page?"+c.query)
		if r.StatusCode != http.StatusBadRequest || body != c.want+"\n" {
			t.Errorf("%s: %d %s\nwant %s", c.query, r.StatusCode, body, c.want)
		}
		if r.Header.Get("ETag") != "" || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Request-Id") == "" || r.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: %v", c.query, r.Header)
		}
	}
	for query, want := range map[string]string{
		"from=2027": `/page has no parameter "from". It has none`,
		"":          "hello",
	} {
		if _, body := get(t, s.Handler(making(whole("text/plain", "page.txt", []byte("hello")))), "/page?"+query); strings.TrimSpace(body) != want {
			t.Errorf("where there are no parameters, %q: %s, want %s", query, body, want)
		}
	}
	if r, body := get(t, s.Handler(page("hello")), "/page?"+most); r.StatusCode != http.StatusOK {
		t.Errorf("a parameter given 20 times: %d %s", r.StatusCode, body)
	}
}

func TestCalendar(t *testing.T) {
	for _, c := range []struct {
		query string
		want  query.Calendar
	}{
		{"", query.Calendar{Where: query.Where{}}},
		{"body=IGF&body=body:cstd&obligor=ITU&forum=ECOSOC&document=80/173", query.Calendar{Where: query.Where{
			"body": []un.ID{"IGF", "body:cstd"}, "obligor": []un.ID{"ITU"}, "forum": []un.ID{"ECOSOC"}, "document": []un.ID{"80/173"},
		}}},
		{"kind=session&kind=DEADLINE", query.Calendar{Where: query.Where{"kind": []query.OccurrenceKind{query.OfSession, query.OfDeadline}}}},
		{"deadlineKind=mandate-expiry&deadlineKind=MANDATE_EXPIRY&deadlineKind=report", query.Calendar{Where: query.Where{
			"deadlineKind": []un.DeadlineKind{"MANDATE_EXPIRY", "MANDATE_EXPIRY", "REPORT"},
		}}},
		{"from=2027-03-31&to=2027-03-31", query.Calendar{Where: query.Where{}, From: "2027-03-31", To: "2027-03-31"}},
		{"from=2027-02&to=2027-02", query.Calendar{Where: query.Where{}, From: "2027-02-01", To: "2027-02-28"}},
		{"from=2028-02&to=2028-02", query.Calendar{Where: query.Where{}, From: "2028-02-01", To: "2028-02-29"}},
		{"from=2027&to=2027", query.Calendar{Where: query.Where{}, From: "2027-01-01", To: "2027-12-31"}},
		{"from=2027", query.Calendar{Where: query.Where{}, From: "2027-01-01"}},
		{"to=9999", query.Calendar{Where: query.Where{}, To: un.LastDay}},
		{"from=1927&to=2027", query.Calendar{Where: query.Where{}, From: "1927-01-01", To: "2027-12-31"}},
	} {
		values, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := (&reply.Question{Values: values}).Calendar()
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(query.Calendar{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.query, diff)
		}
	}
}

// failing is a store that fails as a test says: where it is asked for a snapshot, or where that is read.
type failing struct {
	store.Store
	snapshot, find func(context.Context) error
}

func (f failing) Snapshot(ctx context.Context) (store.Reader, error) {
	if err := f.snapshot(ctx); err != nil {
		return nil, err
	}
	r, err := f.Store.Snapshot(ctx)
	return failingReader{r, f.find}, err
}

type failingReader struct {
	store.Reader
	find func(context.Context) error
}

func (r failingReader) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if err := r.find(ctx); err != nil {
		return store.Page{}, err
	}
	return r.Reader.Find(ctx, s)
}

// lines are what was logged, one object a line.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) all(t *testing.T) (all []map[string]any) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		var said map[string]any
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, said)
	}
	return all
}

// TestFailures has each way in which an answer fails, at each step to it, and what a client is told.
func TestFailures(t *testing.T) {
	fine := func(context.Context) error { return nil }
	for _, c := range []struct {
		name   string
		fail   func(context.Context) error
		status int
		retry  string
		part   string
	}{
		{"slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, 504, "", "longer than 50ms; ask for less"},
		{"slow, and cross about it", func(ctx context.Context) error { <-ctx.Done(); return errors.New("secret of the house") }, 504, "", "longer than 50ms"},
		{"slow by its own word", func(context.Context) error { return fmt.Errorf("find: %w", store.ErrTimeout) }, 504, "", "ask for less"},
		{"down", func(context.Context) error { return fmt.Errorf("secret of the house: %w", store.ErrUnavailable) }, 503, "10", "try again in a moment"},
		{"asked too much", func(context.Context) error { return fmt.Errorf("find: %w", store.ErrTooComplex) }, 503, "", "ask for less"},
		{"broken", func(context.Context) error { return fmt.Errorf("%w: secret of the house", store.ErrInternal) }, 500, "", "request ID"},
		{"broken in an unknown way", func(context.Context) error { return errors.New("secret of the house") }, 500, "", "request ID"},
		{"panicking", func(context.Context) error { panic("secret of the house") }, 500, "", "request ID"},
		{"asked wrongly", func(context.Context) error { return fmt.Errorf("body: %w: there is no body", store.ErrInvalid) }, 400, "", "body: there is no body"},
	} {
		for _, step := range []string{"snapshot", "facts", "page", "writing", "stream"} {
			t.Run(c.name+"/"+step, func(t *testing.T) {
				s, log := server(t), new(lines)
				s.Timeout, s.Log = 50*time.Millisecond, slog.New(slog.NewJSONHandler(log, nil))
				keep := failing{s.Store, fine, fine}
				a := reply.Answer{Type: "text/csv", Name: "table.csv", Save: true, Stream: step == "stream", Write: writing(10, nil)}
				made := fine
				switch step {
				case "snapshot":
					keep.snapshot = c.fail
				case "facts":
					keep.find = c.fail
				case "page":
					made = c.fail
				default:
					a.Write = func(ctx context.Context, w io.Writer) error {
						return errors.Join(writing(10_000, nil)(ctx, w), c.fail(ctx))
					}
				}
				s.Store = keep
				r, body := get(t, s.Handler(reply.Page{Make: func(ctx context.Context, _ *reply.Question) (reply.Answer, error) {
					return a, made(ctx)
				}}), "/page")
				if r.StatusCode != c.status || !strings.Contains(body, c.part) || strings.Contains(body, "xxx") {
					t.Errorf("%d %s, want %d and %q", r.StatusCode, body, c.status, c.part)
				}
				if strings.Contains(body, "secret") {
					t.Errorf("the answer tells secrets: %s", body)
				}
				id := r.Header.Get("Request-Id")
				got := map[string]string{}
				for name := range r.Header {
					got[name] = r.Header.Get(name)
				}
				want := map[string]string{
					"Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8", "Content-Length": fmt.Sprint(len(body)),
					"Date": r.Header.Get("Date"), "Request-Id": id, "X-Content-Type-Options": "nosniff",
				}
				if c.retry != "" {
					want["Retry-After"] = c.retry
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
				told := log.all(t)
				if c.status == http.StatusInternalServerError {
					if !strings.Contains(body, "request ID "+id+".") {
						t.Errorf("%s does not name the request %s", body, id)
					}
					if len(told) != 2 || told[0]["request"] != id || told[0]["level"] != "ERROR" || !strings.Contains(fmt.Sprint(told[0]["error"]), "secret of the house") {
						t.Fatalf("the log does not tell what happened in request %s: %v", id, told)
					}
					told = told[1:]
				}
				if len(told) != 1 || told[0]["msg"] != "answer" || told[0]["request"] != id || told[0]["path"] != "/page" || told[0]["status"] != float64(c.status) {
					t.Errorf("the log of request %s: %v", id, told)
				}
			})
		}
	}
}

// What was sent cannot be taken back: an answer that fails late breaks off, so that no client takes a part for the whole.
func TestAnErrorAfterTheBeginning(t *testing.T) {
	broken := errors.New("secret of the house")
	for _, c := range []struct {
		name   string
		stream bool
		length int
		status int
	}{
		{"a stream within its beginning", true, 32 << 10, 500},
		{"a stream just beyond", true, 32<<10 + 1, 200},
		{"a long stream", true, 1 << 20, 200},
		{"what is held back", false, 1 << 20, 500},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, log := server(t), new(lines)
			s.Log = slog.New(slog.NewJSONHandler(log, nil))
			r, body, err := ask(t, s.Handler(making(reply.Answer{Type: "text/csv", Name: "table.csv", Stream: c.stream, Write: writing(c.length, broken)})), http.MethodGet, "/page")
			if r.StatusCode != c.status || strings.Contains(body, "secret") {
				t.Errorf("%d %.100s", r.StatusCode, body)
			}
			if c.status != http.StatusOK {
				if err != nil || r.Header.Get("ETag") != "" || strings.Contains(body, "xxx") {
					t.Errorf("%v %.100s %v", r.Header, body, err)
				}
				return
			}
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("the client read %d bytes to the end: %v", len(body), err)
			}
			if told := log.all(t); len(told) != 1 || told[0]["msg"] != "an answer broke off" || told[0]["path"] != "/page" || told[0]["error"] != broken.Error() {
				t.Errorf("the log has %v", told)
			}
		})
	}
}

// whole is an answer that is made already.
func whole(mediaType, name string, made []byte) reply.Answer {
	return reply.Made(mediaType, name, func(context.Context) ([]byte, error) { return made, nil })
}

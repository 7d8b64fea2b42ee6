package calendar_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mandategraph/calendar"
	"mandategraph/query"
	"mandategraph/reply"
	"mandategraph/un"
)

// A file is a calendar as a parser reads it.
type file struct {
	Name   string
	Text   map[string]string // of the calendar itself
	Events []event
	Error  string
}

// An event has days, and times in UTC.
type event struct {
	UID, Start, End                                  string
	Summary, Description, Status                     string
	Transparency, Sequence, Stamp, Created, Modified string
	URL, Location                                    string
	Categories                                       []string
	Alarms                                           []alarm
}

type alarm struct {
	Action, Description, Related string
	Seconds                      int
}

// read reads a calendar with go-ical.
func read(t *testing.T, ics string) file {
	t.Helper()
	decoder := ical.NewDecoder(strings.NewReader(ics))
	c, err := decoder.Decode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decoder.Decode(); !errors.Is(err, io.EOF) {
		t.Errorf("after the calendar: %v", err)
	}
	text := func(props ical.Props, name string) string {
		value, err := props.Text(name)
		if err != nil {
			t.Error(err)
		}
		return value
	}
	moment := func(props ical.Props, name, layout string, kind ical.ValueType) string {
		p := props.Get(name)
		if p == nil {
			return ""
		}
		at, err := p.DateTime(time.UTC)
		if err != nil || p.ValueType() != kind {
			t.Errorf("%s is %s %s: %v", name, p.ValueType(), p.Value, err)
		}
		return at.Format(layout)
	}
	f := file{Text: map[string]string{}}
	for name, props := range c.Props {
		f.Text[strings.ToLower(name)] = props[0].Value
		if props[0].ValueType() == ical.ValueText || strings.HasPrefix(name, "X-WR-") || name == "NAME" {
			f.Text[strings.ToLower(name)] = text(c.Props, name)
		}
	}
	for _, e := range c.Events() {
		const instant = "2006-01-02T15:04:05.000Z"
		got := event{
			UID: text(e.Props, "UID"), Start: moment(e.Props, "DTSTART", time.DateOnly, ical.ValueDate), End: moment(e.Props, "DTEND", time.DateOnly, ical.ValueDate),
			Summary: text(e.Props, "SUMMARY"), Description: text(e.Props, "DESCRIPTION"), Status: text(e.Props, "STATUS"), Transparency: text(e.Props, "TRANSP"),
			Stamp: moment(e.Props, "DTSTAMP", instant, ical.ValueDateTime), Created: moment(e.Props, "CREATED", instant, ical.ValueDateTime),
			Modified: moment(e.Props, "LAST-MODIFIED", instant, ical.ValueDateTime), Sequence: e.Props.Get("SEQUENCE").Value, Location: text(e.Props, "LOCATION"),
		}
		if p := e.Props.Get("URL"); p != nil {
			address, err := p.URI()
			if err != nil {
				t.Error(err)
			}
			got.URL = address.String()
		}
		for _, p := range e.Props.Values("CATEGORIES") {
			list, err := p.TextList()
			if err != nil {
				t.Error(err)
			}
			got.Categories = append(got.Categories, list...)
		}
		for _, child := range e.Children {
			before, err := child.Props.Get("TRIGGER").Duration()
			if err != nil || child.Name != "VALARM" {
				t.Errorf("%s: %v", child.Name, err)
			}
			got.Alarms = append(got.Alarms, alarm{
				text(child.Props, "ACTION"), text(child.Props, "DESCRIPTION"), child.Props.Get("TRIGGER").Params.Get("RELATED"), int(before.Seconds()),
			})
		}
		f.Events = append(f.Events, got)
	}
	return f
}

// readByJavaScript reads calendars, by their names, with ical.js.
func readByJavaScript(t *testing.T, calendars map[string]string) map[string]file {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			withoutNode(t, program+" is not in PATH; install Node.js 20 or newer, which has both")
		}
	}
	var lines bytes.Buffer
	for name, ics := range calendars {
		if err := json.NewEncoder(&lines).Encode(map[string]string{"name": name, "ics": ics}); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", "read.mjs")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = installed(t), &lines, &out, &errs
	if err := node.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, &errs)
	}
	files := map[string]file{}
	for line := range bytes.Lines(out.Bytes()) {
		var f file
		if err := json.Unmarshal(line, &f); err != nil || f.Error != "" {
			t.Fatalf("%s: %s %v", f.Name, f.Error, err)
		}
		files[f.Name] = f
	}
	return files
}

// withoutNode ends a test that has no JavaScript.
func withoutNode(t *testing.T, why string) {
	t.Helper()
	line := "LEFT OUT: calendars read back in JavaScript: " + why
	if v := os.Getenv("REQUIRE_NODE"); v != "" && v != "0" {
		t.Fatal(line + " (REQUIRE_NODE is set)")
	}
	t.Skip(line)
}

// installed is a folder in the user's cache with ical.js and the script that reads with it, for this test alone until it ends.
func installed(t *testing.T) string {
	t.Helper()
	const from = "testdata/icaljs"
	lock, err := os.ReadFile(filepath.Join(from, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		t.Fatalf("no folder for a cache; set HOME: %v", err)
	}
	dir := filepath.Join(base, "mandategraph", fmt.Sprintf("icaljs-%x", sha256.Sum256(lock))[:len("icaljs-")+12])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	held := flock.New(dir + ".lock")
	if _, err := held.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		t.Fatalf("waiting for %s.lock, which another test holds: %v", dir, err)
	}
	t.Cleanup(func() { _ = held.Unlock() })
	for _, name := range []string{"package.json", "package-lock.json", "read.mjs"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules/.package-lock.json")); err == nil { // npm writes it last
		return dir
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		why, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		withoutNode(t, fmt.Sprintf("npm ci in %s says %q; run it where npm reaches its registry", dir, why))
	}
	return dir
}

// The lock file pins what is installed, from whichever registry npm is set to.
func TestTheLockNamesNoHost(t *testing.T) {
	var manifest struct{ Dependencies map[string]string }
	var lock struct {
		Packages map[string]struct{ Version, Integrity, Resolved string }
	}
	for name, into := range map[string]any{"package.json": &manifest, "package-lock.json": &lock} {
		text, err := os.ReadFile(filepath.Join("testdata/icaljs", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
		if host := regexp.MustCompile(`\w+://[^"]*|"resolved"`).Find(text); host != nil {
			t.Errorf("%s has %s; npm install --package-lock-only --omit-lockfile-registry-resolved writes none", name, host)
		}
	}
	if diff := cmp.Diff(map[string]string{"ical.js": "2.2.1"}, manifest.Dependencies); diff != "" {
		t.Errorf("package.json (-want +got):\n%s", diff)
	}
	if p := lock.Packages["node_modules/ical.js"]; p.Version != "2.2.1" || !strings.HasPrefix(p.Integrity, "sha512-") || len(lock.Packages) != 2 {
		t.Errorf("package-lock.json: %+v", lock.Packages)
	}
}

// wanted are the events that a calendar must have: the query's entries, but for those whose date has an open end.
func wanted(t *testing.T, g un.Graph, parameters string) []event {
	t.Helper()
	r, err := filled(t, g).Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(parameters)
	if err != nil {
		t.Fatal(err)
	}
	q, err := reply.Ask(t.Context(), r, new(query.Memo), today, values)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := q.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := q.Whole(t.Context(), asked, q.DataDate)
	if err != nil {
		t.Fatal(err)
	}
	days := regexp.MustCompile(`^\d{4}-\d\d-\d\d[~?%]?(/\d{4}-\d\d-\d\d[~?%]?)?$`)
	var all []event
	for _, e := range entries {
		from, to := e.Date.Earliest(), e.Date.Latest()
		if from == "" || to == "" {
			continue
		}
		want := event{UID: string(e.ID), Start: string(from), End: string(to.AddDays(1)), Summary: calendar.Heading(e), Description: calendar.Details(e), Status: "CONFIRMED"}
		if !days.MatchString(e.Date.EDTF) {
			want.Summary += " (" + calendar.Lasting(e) + ")"
		}
		if d, ok := e.Node.(*un.Deadline); ok && d.MetOn == "" && (d.CancelledOn != "" || d.Succeeded.From != "") {
			want.Status = "CANCELLED"
		}
		for _, before := range values["alarm"] {
			var n int
			var unit rune
			if _, err := fmt.Sscanf(before, "P%d%c", &n, &unit); err != nil {
				t.Fatal(err)
			}
			if unit == 'W' {
				n *= 7
			}
			want.Alarms = append(want.Alarms, alarm{"DISPLAY", want.Summary, "START", -n * 24 * 60 * 60})
		}
		all = append(all, want)
	}
	return all
}

// TestParsersReadTheQuerysEntries reads calendars of every filter back by two parsers, in two languages.
func TestParsersReadTheQuerysEntries(t *testing.T) {
	graphs := map[string]un.Graph{"real": facts(t), "made": garden()}
	calendars := map[string]string{}
	for of, filters := range map[string][]string{
		"real": {
			"", "body=CSTD", "body=IGF&body=body:ungis", "obligor=secretary-general", "obligor=IGF&obligor=UNGIS", "forum=CSTD", "forum=general-assembly&forum=CSTD",
			"document=A/RES/80/173", "document=79/1&document=A/RES/78/132", "kind=deadline", "kind=SESSION", "kind=cycle&kind=session", "deadlineKind=report",
			"deadlineKind=mandate-expiry&deadlineKind=REVIEW", "from=2026", "to=2026-06", "from=2026-03-01&to=2027-03-31", "from=2040&to=2050", "alarm=P90D", "alarm=P2W&alarm=P0D",
			"body=CSTD&kind=deadline&from=2026&to=2027&alarm=P30D", "forum=CSTD&document=80/173&deadlineKind=report&kind=deadline&kind=session", "obligor=IGF&document=80/173&from=2027&alarm=P1W&alarm=P1D",
		},
		"made": {"", "alarm=P30D", "body=bees", "obligor=bees&to=2026", "kind=session&alarm=P1W"},
	} {
		h := serving(filled(t, graphs[of]), today)
		for _, parameters := range filters {
			calendars[of+" "+parameters] = text(t, h, "/calendar.ics?"+parameters)
		}
	}
	for name, ics := range calendars {
		of, parameters, _ := strings.Cut(name, " ")
		got, want := read(t, ics).Events, wanted(t, graphs[of], parameters)
		if len(want) == 0 {
			t.Errorf("%s keeps nothing, which proves nothing", name)
		}
		only := cmpopts.IgnoreFields(event{}, "Transparency", "Sequence", "Stamp", "Created", "Modified", "URL", "Location", "Categories")
		if diff := cmp.Diff(want, got, only, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s, read by go-ical (-want +got):\n%s", name, diff)
		}
	}
	t.Run("JavaScript", func(t *testing.T) {
		files := readByJavaScript(t, calendars)
		for name, ics := range calendars {
			want := read(t, ics)
			want.Name = name
			if diff := cmp.Diff(want, files[name], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-go-ical +ical.js):\n%s", name, diff)
			}
		}
	})
}

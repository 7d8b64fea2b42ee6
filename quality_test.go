package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"mandategraph/un"
)

const qualityPage = "docs/quality.md"

// TestQualityPage compares docs/quality.md with the facts: its numbers, and where the second reading differs.
func TestQualityPage(t *testing.T) {
	page, err := os.ReadFile(qualityPage)
	if err != nil {
		t.Fatal(err)
	}
	numbers := qualityNumbers(t)
	rows, paragraphs, acts := readingDifferences(t)
	settled := map[string]string{}
	for _, row := range tableRows(string(page), "| paragraph | what | reading | facts | settled |") {
		settled[strings.Join(row[:2], " | ")] = row[len(row)-1]
	}
	var differences strings.Builder
	for _, row := range rows {
		why := settled[strings.Join(row[:2], " | ")]
		if why == "" || why == "?" {
			why = "?"
			if !*update {
				t.Errorf("%s does not say how %s %s was settled: read %s, facts %s", qualityPage, row[0], row[1], row[2], row[3])
			}
		}
		fmt.Fprintf(&differences, "| %s | %s |\n", strings.Join(row, " | "), why)
	}
	want := withTable(string(page), "| what | count |", numbers)
	want = withTable(want, "| paragraph | what | reading | facts | settled |", differences.String())
	differ := map[string]bool{}
	for _, row := range rows {
		differ[row[0]] = true
	}
	for text, now := range map[string]string{
		`It has \S+ paragraphs and \S+ acts`: fmt.Sprintf("It has %d paragraphs and %d acts", paragraphs, acts),
		`In \S+ paragraphs the two agree`:    fmt.Sprintf("In %d paragraphs the two agree", paragraphs-len(differ)),
		`in \S+ they differ, in \S+ things`:  fmt.Sprintf("in %d they differ, in %d things", len(differ), len(rows)),
	} {
		again := regexp.MustCompile(text)
		if !again.MatchString(want) {
			t.Errorf("%s does not say %q", qualityPage, now)
		}
		want = again.ReplaceAllString(want, now)
	}
	if *update {
		if err := os.WriteFile(qualityPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(page), want); diff != "" {
		t.Errorf("%s is not what the facts say (-page +facts); make golden writes it:\n%s", qualityPage, diff)
	}
}

// qualityNumbers are the rows of the answer to dataQuality.
func qualityNumbers(t *testing.T) string {
	t.Helper()
	server := serveStore(t, memoryStore(t))
	_, answer := post(t, server.URL, `{ dataQuality { counts { kind count } coveredUntil dataDate statedDates derivedDates undatedDeadlines bodiesWithoutInstrument secondarySources conflicts gaps } }`, nil)
	var got struct {
		Data struct{ DataQuality json.RawMessage }
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	d := json.NewDecoder(bytes.NewReader(got.Data.DataQuality))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		counts, ok := value.([]any)
		if !ok {
			fmt.Fprintf(&out, "| `%v` | %v |\n", name, value)
			continue
		}
		for _, c := range counts {
			c := c.(map[string]any)
			fmt.Fprintf(&out, "| %v | %v |\n", c["kind"], c["count"])
		}
	}
	return out.String()
}

// readingDifferences compares docs/second-reading.yaml with the facts: a row for each paragraph and thing that differ.
func readingDifferences(t *testing.T) (rows [][]string, paragraphs, acts int) {
	t.Helper()
	text, err := os.ReadFile("docs/second-reading.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := facts()
	if err != nil {
		t.Fatal(err)
	}
	w := world{f.Graph}
	held := map[un.ID][]string{} // by mandate
	for _, e := range w.Edges {
		if e.Relation == un.Holds {
			held[e.To] = append(held[e.To], e.From.Name())
		}
	}
	type act struct {
		Verb                string
		What, Due           string
		Holders, Addressees []string
		When                []string
	}
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	for {
		var reading struct {
			Document   string
			Paragraphs yaml.MapSlice
		}
		if d.Decode(&reading) != nil || reading.Document == "" {
			break
		}
		for _, p := range reading.Paragraphs {
			paragraphs++
			number := fmt.Sprint(p.Key)
			again, err := yaml.Marshal(p.Value)
			if err != nil {
				t.Fatal(err)
			}
			var list []act
			if err := yaml.Unmarshal(again, &list); err != nil {
				t.Fatal(err)
			}
			acts += len(list)
			read, know := map[string][]string{}, map[string][]string{}
			var readFor, knowFor, readWhen, knowWhen []string
			for _, a := range list {
				readWhen = append(readWhen, a.When...)
				read[a.Verb] = append(read[a.Verb], a.Holders...)
				readFor = append(readFor, a.Addressees...)
			}
			for _, n := range w.Nodes {
				m, ok := n.(*un.Mandate)
				if !ok || !strings.HasPrefix(string(m.ID), "mandate:"+reading.Document+"#"+number+"/") {
					continue
				}
				verb := strings.ToLower(strings.ReplaceAll(string(m.Verb), "_", "-"))
				know[verb] = append(know[verb], held[m.ID]...)
				for _, id := range w.tos(un.AddressedTo, m.ID) {
					knowFor = append(knowFor, id.Name())
				}
			}
			for _, n := range w.Nodes {
				d, ok := n.(*un.Deadline)
				if !ok || !w.edge(un.ConferredBy, d.ID, un.ID("provision:"+reading.Document+"#"+number)) || len(w.tos(un.BasedOn, d.ID)) == 0 {
					continue
				}
				if d.Due != nil {
					knowWhen = append(knowWhen, d.Due.EDTF)
				}
				for _, id := range w.tos(un.DueAt, d.ID) {
					knowWhen = append(knowWhen, id.Name())
				}
			}
			if a, b := set(readWhen), set(knowWhen); a != b {
				rows = append(rows, []string{reading.Document + " " + number, "times", strings.Replace(a, "nobody", "none", 1), strings.Replace(b, "nobody", "none", 1)})
			}
			if a, b := byVerb(read), byVerb(know); a != b {
				rows = append(rows, []string{reading.Document + " " + number, "holders", a, b})
			}
			if a, b := set(readFor), set(knowFor); a != b {
				rows = append(rows, []string{reading.Document + " " + number, "addressees", a, b})
			}
		}
	}
	return rows, paragraphs, acts
}

func byVerb(holders map[string][]string) string {
	var out []string
	for _, verb := range slices.Sorted(maps.Keys(holders)) {
		out = append(out, verb+" "+set(holders[verb]))
	}
	if len(out) == 0 {
		return "no act"
	}
	return strings.Join(out, "; ")
}

func set(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	return strings.Join(names, ", ")
}

// tableRows are the cells of the rows below a table's head.
func tableRows(page, head string) (rows [][]string) {
	_, rest, _ := strings.Cut(page, head+"\n")
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var row []string
		for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			row = append(row, strings.TrimSpace(cell))
		}
		if !strings.HasPrefix(row[0], "---") {
			rows = append(rows, row)
		}
	}
	return rows
}

// withTable puts other rows below a table's head.
func withTable(page, head, rows string) string {
	before, rest, found := strings.Cut(page, head+"\n")
	if !found {
		return page
	}
	_, rest, _ = strings.Cut(rest, "\n") // the dashes
	for strings.HasPrefix(rest, "|") {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	dashes := strings.Repeat("|---", strings.Count(head, "|")-1) + "|\n"
	return before + head + "\n" + dashes + rows + rest
}

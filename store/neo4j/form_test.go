package neo4j

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/un"
)

// Form is the form that is written and read.
const Form = form

const formFile = "testdata/form.golden"

// TestForm compares what a load makes with the file that shows it: where that changes, databases that were loaded before
// must not be read as if they were of today, so the form counts up too.
func TestForm(t *testing.T) {
	got := fmt.Sprintf("form %d\n", form) + written(t)
	file, err := os.ReadFile(formFile)
	if err != nil {
		t.Fatal(err)
	}
	held, rest, _ := strings.Cut(string(file), "\n")
	last, err := strconv.Atoi(strings.TrimPrefix(held, "form "))
	if err != nil {
		t.Fatal(err)
	}
	_, now, _ := strings.Cut(got, "\n")
	diff := cmp.Diff(rest, now)
	switch {
	case diff == "" && last == form:
	case diff != "" && form != last+1:
		t.Errorf("what a load writes has changed: make the form %d (names.go), and write the file anew with -update (-file +now):\n%s", last+1, diff)
	case *update:
		if err := os.WriteFile(formFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is of form %d, and the form is %d: write it anew with -update", formFile, last, form)
	}
}

// written is the schema, and a node of each kind and a relation as they are written.
func written(t *testing.T) string {
	t.Helper()
	record := func(id un.ID) un.Record {
		return un.Record{ID: id, Validity: un.Validity{From: "2025-12-17", Until: "9999"}, Sources: []un.Source{{Document: "document:A/RES/80/173", Provision: "provision:A/RES/80/173#99", Paragraph: "99", Evidence: "three words more"}}}
	}
	date := &un.PartialDate{EDTF: "2027", Basis: "STATED"}
	nodes := []un.Node{
		&un.Body{Record: record("body:igf"), Names: map[un.Language]string{un.English: "Forum", un.Language("FR"): "Forum Élargi"}, Acronym: "IGF", Aliases: []string{"a", "É"}, Kind: "FORUM", Standing: un.Fact},
		&un.Document{Record: record("document:A/RES/80/173"), Symbol: "A/RES/80/173", Title: "Outcome", Type: "RESOLUTION"},
		&un.Provision{Record: record("provision:A/RES/80/173#99"), Number: "99", Position: "00099"},
		&un.Mandate{Record: record("mandate:A/RES/80/173#99/permanent"), Title: "Permanent", Verb: "DECIDES", Kind: "RENEW", Permanent: true, Until: date},
		&un.Deadline{Record: record("deadline:A/RES/80/173#99/report"), Title: "Report", Kind: "REPORT", Due: date},
		&un.ReportingCycle{Record: record("cycle:A/RES/80/173#99/report"), Title: "Report", Kind: "REPORT", Frequency: "BIENNIAL"},
		&un.Session{Record: record("session:cstd-30"), Ordinal: 30, Dates: date},
		&un.LegalBasis{Record: record("basis:body:igf#1"), Role: "RENEWED_BY", Date: date},
	}
	var out strings.Builder
	for _, text := range schema() {
		out.WriteString(text + "\n")
	}
	show := func(row map[string]any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(row); err != nil {
			t.Fatal(err)
		}
		out.Write(text.Bytes())
	}
	var kinds []un.Kind
	for _, n := range nodes {
		kinds = append(kinds, n.NodeKind())
		show(encodeNode(1, n))
	}
	for kind := range un.Orders {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no node of kind %s is shown", kind)
		}
	}
	show(encodeEdge(un.Edge{ID: "HOLDS:body:igf>mandate:x", Relation: un.Holds, From: "body:igf", To: "mandate:x", Validity: un.Always, Role: "chair"}))
	show(encodeEdge(un.Edge{ID: "HOLDS:body:igf>mandate:y", Relation: un.Holds, From: "body:igf", To: "mandate:y", Validity: un.Always}))
	return out.String()
}

package loader_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"mandategraph/loader"
	"mandategraph/un"
)

// Each mistake of testdata/bad is reported, at once and in order, whatever else is wrong.
func TestEveryProblemIsFoundAtOnce(t *testing.T) {
	_, err := loader.Load(os.DirFS("testdata/bad"))
	if err == nil {
		t.Fatal("the bad facts were loaded")
	}
	golden(t, "testdata/bad.golden", err.Error()+"\n")
}

func TestGraph(t *testing.T) {
	facts, err := loader.Load(os.DirFS("testdata/good"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/good.golden", dump(facts.Graph))
}

func TestGraphIsAPureFunctionOfTheFiles(t *testing.T) {
	var first string
	for range 5 {
		facts, err := loader.Load(os.DirFS("testdata/good"))
		if err != nil {
			t.Fatal(err)
		}
		again := dump(facts.Graph)
		if first == "" {
			first = again
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("the same files gave another graph (-first +again):\n%s", diff)
		}
	}
}

func TestFoldersAndFiles(t *testing.T) {
	without := func(name string) fstest.MapFS {
		files := with()
		delete(files, name)
		return files
	}
	many := with()
	for i := range 3 {
		many[fmt.Sprintf("bodies/%d.yaml", i)] = &fstest.MapFile{Data: []byte("nam: x\n")}
	}
	for _, test := range []struct {
		name  string
		files fstest.MapFS
		want  []string
	}{
		{
			"a folder that is missing", without("sessions/assembly.yaml"),
			[]string{"sessions: there is no such folder; the facts are in bodies, documents and sessions"},
		},
		{
			"a folder without facts", func() fstest.MapFS {
				files := without("sessions/assembly.yaml")
				files["sessions/README.md"] = &fstest.MapFile{Data: []byte("text")}
				return files
			}(),
			[]string{"sessions: the folder has no file that ends in .yaml"},
		},
		{
			"a wrong ending", with("bodies/igf.yml", "body: igf\n"),
			[]string{"bodies/igf.yml:1: is not read; name it igf.yaml"},
		},
		{
			"each bad file", many,
			[]string{
				"bodies/0.yaml:1: the document lacks the key body", "bodies/0.yaml:1: the document lacks the key kind",
				"bodies/0.yaml:1: the document lacks the key name", "bodies/0.yaml:1: unknown key nam; did you mean name?",
				"bodies/1.yaml:1: the document lacks the key body", "bodies/1.yaml:1: the document lacks the key kind",
				"bodies/1.yaml:1: the document lacks the key name", "bodies/1.yaml:1: unknown key nam; did you mean name?",
				"bodies/2.yaml:1: the document lacks the key body", "bodies/2.yaml:1: the document lacks the key kind",
				"bodies/2.yaml:1: the document lacks the key name", "bodies/2.yaml:1: unknown key nam; did you mean name?",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, withoutChecks(problems(t, test.files))); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("other files are ignored", func(t *testing.T) {
		load(t, with("bodies/README.md", "{", "bodies/old/igf.yaml", "{", "notes.yaml", "{"))
	})
}

// A file that cannot be read is a problem of its own; that what it names is unknown to all others is none.
func TestABrokenFileIsOneProblem(t *testing.T) {
	good := func() fstest.MapFS {
		files := fstest.MapFS{}
		for _, name := range []string{"bodies/gardens.yaml", "documents/gardens.yaml", "sessions/gardens.yaml"} {
			source, err := os.ReadFile("testdata/good/" + name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: source}
		}
		return files
	}
	for _, name := range []string{"bodies", "documents", "sessions"} {
		for what, spoil := range map[string]func(fstest.MapFS, string){
			"YAML: ": func(files fstest.MapFS, file string) { files[file].Data = append(files[file].Data, "x: \"x\n"...) },
			"is not read; name it gardens.yaml": func(files fstest.MapFS, file string) {
				files[strings.TrimSuffix(file, "yaml")+"YAML"] = files[file]
				delete(files, file)
				files[name+"/other.yaml"] = &fstest.MapFile{Data: []byte("nam: x\n")}
			},
			"the file is empty": func(files fstest.MapFS, file string) { files[file].Data = nil },
		} {
			files := good()
			spoil(files, name+"/gardens.yaml")
			found := problems(t, files)
			own := 0
			for _, line := range found {
				switch {
				case strings.Contains(line, what):
					own++
				case !strings.HasPrefix(line, name+"/other.yaml:"): // whose mistakes are told at once
					t.Errorf("%s, %s: %s", name, what, line)
				}
			}
			if own != 1 || strings.HasPrefix(what, "is not") && len(found) < 3 {
				t.Errorf("%s, %s: %q", name, what, found)
			}
		}
	}
}

// withoutChecks leaves out what follows from other problems: the checks of the graph.
func withoutChecks(lines []string) []string {
	var out []string
	for _, line := range lines {
		if !strings.Contains(line, "has no source") {
			out = append(out, line)
		}
	}
	return out
}

func TestHazardsAreRefusedWithTheirLine(t *testing.T) {
	want := map[string]string{
		"aliases that multiply":  "bodies/x.yaml:1: anchors, aliases, merge keys, tags and directives are not read: write the value itself, in quotes where it begins with such a mark",
		"brackets without end":   "bodies/x.yaml:1: nested more than 32 levels deep",
		"braces without end":     "bodies/x.yaml:1: nested more than 32 levels deep",
		"lists in lists":         "bodies/x.yaml:1: nested more than 32 levels deep",
		"keys in keys":           "bodies/x.yaml:1: nested more than 32 levels deep",
		"values in values":       "bodies/x.yaml:1: nested more than 32 levels deep",
		"more than a megabyte":   "bodies/x.yaml:1: the file has more than 1048576 bytes; split it",
		"too many keys":          "bodies/x.yaml:1: the file has more than 50000 words and marks; split it",
		"documents without end":  "bodies/x.yaml:1: the file has more than 50000 words and marks; split it",
		"many keys":              "bodies/x.yaml:2: the key a stands twice; it was on line 1",
		"many entries":           "bodies/x.yaml:1: the document lacks the key body",
		"no UTF-8":               "bodies/x.yaml:2: the line is not UTF-8",
		"zero bytes":             "bodies/x.yaml:1: body has a control character",
		"merge key":              "bodies/x.yaml:2: anchors, aliases, merge keys, tags and directives are not read: write the value itself, in quotes where it begins with such a mark",
		"a list":                 "bodies/x.yaml:1: the document must be a mapping of keys to values",
		"text":                   "bodies/x.yaml:1: the document must be a mapping of keys to values",
		"question mark":          "bodies/x.yaml:1: a key must be text",
		"only a comment":         "bodies/x.yaml:1: the file is empty",
		"carriage returns":       "bodies/x.yaml:4: unknown key kindd; did you mean kind?",
		"byte order mark":        "bodies/x.yaml:2: unknown key nam; did you mean name?",
		"tab":                    "bodies/x.yaml:2: YAML: found character '\t' that cannot start any token",
		"directive":              "bodies/x.yaml:1: anchors, aliases, merge keys, tags and directives are not read: write the value itself, in quotes where it begins with such a mark",
		"tag":                    "bodies/x.yaml:1: anchors, aliases, merge keys, tags and directives are not read: write the value itself, in quotes where it begins with such a mark",
		"unclosed quote":         "bodies/x.yaml:1: YAML: could not find end character of double-quoted text",
		"paragraph of its own":   "bodies/x.yaml:1: unknown key symbol; known are",
		"circle of supersession": "bodies/x.yaml:2: unknown key symbol; known are",
	}
	for name, source := range hazards() {
		t.Run(name, func(t *testing.T) {
			got := problems(t, with("bodies/x.yaml", source))
			for _, line := range got {
				if strings.HasPrefix(line, strings.ReplaceAll(want[name], "\t", " ")) && want[name] != "" {
					return
				}
			}
			t.Errorf("want %q, got\n%s", want[name], strings.Join(got[:min(len(got), 5)], "\n"))
		})
	}
}

// dump writes a graph so that a person can check it.
func dump(g un.Graph) string {
	var out strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintf(&out, "%s  %s\n", n.Key(), validity(n.Valid()))
		switch n := n.(type) {
		case *un.Body:
			for _, language := range []un.Language{"EN", "ES", "FR"} {
				if n.Names[language] != "" {
					fmt.Fprintf(&out, "  name %s: %s\n", language, n.Names[language])
				}
			}
			fields(&out, "acronym", n.Acronym, "aliases", strings.Join(n.Aliases, ", "), "kind", n.Kind, "description", n.Description,
				"standing", n.Standing, "established", n.Established, "dissolved", n.Dissolved, "url", n.URL, "sameAs", strings.Join(n.SameAs, " "))
			for _, gap := range n.Gaps {
				fields(&out, "gap in "+gap.Field, gap.Text)
			}
			for _, c := range n.Conflicts {
				for _, v := range c.Values {
					fields(&out, "conflict in "+c.Field, v.Value)
					sources(&out, v.Sources)
				}
			}
		case *un.Document:
			fields(&out, "symbol", n.Symbol, "title", n.Title, "type", n.Type, "adoptedOn", n.AdoptedOn, "url", n.URL)
		case *un.Provision:
			fields(&out, "number", n.Number, "position", n.Position)
		case *un.Mandate:
			fields(&out, "title", n.Title, "summary", n.Summary, "verb", n.Verb, "kind", n.Kind, "since", n.Since, "until", n.Until,
				"permanent", n.Permanent, "succeeded", n.Succeeded, "position", n.Position)
		case *un.Deadline:
			fields(&out, "title", n.Title, "kind", n.Kind, "due", n.Due, "window", n.Window, "cancelledOn", n.CancelledOn,
				"metOn", n.MetOn, "succeeded", n.Succeeded)
			changes(&out, n.Changes)
		case *un.ReportingCycle:
			fields(&out, "title", n.Title, "kind", n.Kind, "frequency", n.Frequency, "since", n.Since, "until", n.Until,
				"anchor", n.Anchor, "rrule", n.RRule)
		case *un.Session:
			fields(&out, "name", n.Name, "ordinal", n.Ordinal, "dates", n.Dates, "place", n.Place, "url", n.URL)
			changes(&out, n.Changes)
		case *un.LegalBasis:
			fields(&out, "role", n.Role, "date", n.Date, "since", n.Since, "until", n.Until, "note", n.Note)
		}
		sources(&out, own(n))
	}
	out.WriteString("\n")
	for _, e := range g.Edges {
		fmt.Fprintf(&out, "%s  %s\n", e.ID, validity(e.Validity))
		fields(&out, "role", e.Role, "standing", e.Standing, "place", e.Place, "since", e.Since, "until", e.Until)
		if c := e.Citation; c != nil {
			fields(&out, "in", c.Provision, "footnote", c.Footnote, "verb", c.Verb, "as written", strings.Join(c.AsWritten, ", "))
		}
		sources(&out, e.Sources)
	}
	return out.String()
}

// own are the sources of a node itself, without those of its changes and conflicts, which stand with them.
func own(n un.Node) []un.Source {
	switch n := n.(type) {
	case *un.Body:
		return n.Sources
	case *un.Deadline:
		return n.Sources
	case *un.Session:
		return n.Sources
	}
	return n.Proof()
}

// fields writes names and values, those that are empty aside.
func fields(out *strings.Builder, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		text := fmt.Sprint(pairs[i+1])
		switch v := pairs[i+1].(type) {
		case *un.PartialDate:
			if text = ""; v != nil {
				text = strings.TrimSpace(fmt.Sprintf("%s %s %s", v.EDTF, v.Basis, v.Explanation))
			}
		case un.Validity:
			if text = ""; v != (un.Validity{}) {
				text = validity(v)
			}
		}
		if text != "" && text != "0" && text != "false" {
			fmt.Fprintf(out, "  %s: %s\n", pairs[i], text)
		}
	}
}

func changes(out *strings.Builder, changes []un.Change) {
	for _, c := range changes {
		fields(out, "change of "+c.Field, fmt.Sprintf("on %s from %q to %q", c.On, c.From, c.To))
		sources(out, c.Sources)
	}
}

func sources(out *strings.Builder, sources []un.Source) {
	for _, s := range sources {
		text := strings.TrimSpace(string(s.Document) + " " + s.Paragraph)
		if s.Provision != "" {
			text = string(s.Provision)
		}
		if s.Secondary {
			text += " (secondary)"
		}
		fmt.Fprintf(out, "  < %s %q %s\n", text, s.Evidence, s.URL)
	}
}

func validity(v un.Validity) string {
	if v == un.Always {
		return "always"
	}
	return fmt.Sprintf("%s to %s", v.From, v.Until)
}

package loader_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mandategraph/loader"
)

var updateParagraphs = flag.Bool("update-paragraphs", false, "rewrite testdata/paragraphs/*.golden")

// The texts are made up, with the noise of real ones: see the golden files for what is expected of them.
func TestParagraphs(t *testing.T) {
	files, err := filepath.Glob("testdata/paragraphs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			var got strings.Builder
			for _, p := range loader.Paragraphs(readText(t, file)) {
				fmt.Fprintf(&got, "== %s (line %d)\n%s\n", p.Number, p.Line, p.Text)
			}
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			if *updateParagraphs {
				if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(readText(t, golden), got.String()); diff != "" {
				t.Errorf("passages differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParagraphsFindsByNumber(t *testing.T) {
	passages := loader.Paragraphs("1. One.\n\n2. Two:\n\n(a) A;\n\n(b) B.\n")
	want := loader.Passage{Number: "2 (b)", Text: "B.", Line: 7}
	if got, ok := passages.Find("2 (b)"); !ok || got != want {
		t.Errorf("got %v, %v; want %v", got, ok, want)
	}
	if got, ok := passages.Find("3"); ok {
		t.Errorf("found a paragraph that is not there: %v", got)
	}
}

func TestParagraphsOfWindowsText(t *testing.T) {
	const text = "3/1. Wells\n\nThe Council,\n\nNoting the drought,\n\n1. Digs a well.\n"
	unix, windows := loader.Paragraphs(text), loader.Paragraphs(strings.ReplaceAll(text, "\n", "\r\n"))
	if diff := cmp.Diff(unix, windows); diff != "" {
		t.Errorf("line ends make a difference (-unix +windows):\n%s", diff)
	}
}

// documents names the folder with the real texts, which are not part of the project.
func documents(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DOCUMENTS_DIR")
	if dir == "" {
		dir = "../../shared/documents"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("left out: paragraph counts and spot checks in ten real documents, which are not at hand (%v); "+
			"DOCUMENTS_DIR names their folder", err)
	}
	return dir
}

func TestParagraphsOfRealDocuments(t *testing.T) {
	dir := documents(t)
	type counts struct{ Preambular, Numbered, Footnotes, Lettered int }
	tests := []struct {
		file   string
		prefix string
		want   counts
		holds  map[string]string
		lacks  map[string]string
	}{
		{
			file: "A_RES_80_173.txt",
			want: counts{Preambular: 7, Numbered: 127, Footnotes: 12},
			holds: map[string]string{
				"title":   "80/173. Outcome document of the high-level meeting",
				"chapeau": "adopted by the General Assembly on 17 December 2025",
				"pp1":     "hold a further high-level meeting in 2025",
				"5":       "emerging information and communications technology challenges", // over footnotes and a page break
				"67":      "strengthening financial mechanisms for digital development",
				"99":      "shall be made a permanent forum",
				"111":     "We call upon action line facilitators to ensure",
				"124":     "a biennial report on progress",
				"125":     "The review will draw on inputs",
				"127":     "in 2035, involving the input",
				"fn 1":    "Resolution 79/323, annex",
				"fn 12":   "vol. 1577, No. 27531",
				"closing": "68th plenary meeting 17 December 2025",
			},
			lacks: map[string]string{
				"87": "Treaty Series", "118": "Follow-up and review", "98": "permanent forum", "100": "permanent forum",
				"99": "shall be made a permanent body", "124": "an annual report on progress", "127": "in 2036, involving the input",
			},
		},
		{
			file: "A_RES_78_132.txt",
			want: counts{Preambular: 56, Numbered: 59, Footnotes: 19},
			holds: map[string]string{
				"title":   "communications technologies for sustainable development",
				"pp1":     "as previous resolutions on the issue",
				"pp2":     "implementation of and follow-up to the outcomes",
				"pp12":    "mandating a concise, action-oriented outcome document",
				"pp20":    "presented on 11 June 2020, as well as the establishment",
				"7":       "actors in the information and communications technologies sector",
				"17":      "to build their capacities to equally",
				"30":      "set out in the outcome document of the high-level meeting",
				"31":      "Improvements to the Internet Governance Forum, in particular",
				"40":      "knowledge economy, and in this regard welcomes",
				"49":      "importance of public-private partnerships",
				"54":      "during its twenty-seventh session, in 2024",
				"57":      "Sustainable Development Goals and other relevant processes",
				"fn 2":    "2013/9, 2014/27",
				"fn 19":   "E/HLPF/2023/6",
				"closing": "49th plenary meeting 19 December 2023",
			},
			lacks: map[string]string{
				"7": "Resolution 70/1", "11": "seventh session, in 2024", "56": "undocs", "pp3": "Resolutions 56/183", "59": "plenary meeting",
			},
		},
		{
			file: "A_RES_70_125.txt",
			want: counts{Preambular: 5, Numbered: 71},
			holds: map[string]string{
				"chapeau": "held in New York on 15 and 16 December 2015",
				"8":       "Internet governance should continue to follow",
				"71":      "longer-term consultations to determine appropriate responses",
			},
			lacks: map[string]string{"11": "technology for development", "20": "Bridging digital divides", "65": "Follow-up and review"},
		},
		{
			file: "A_RES_65_141.txt",
			want: counts{Preambular: 24, Numbered: 24},
			holds: map[string]string{
				"10": "outcomes of the Geneva and Tunis phases",
				"17": "for the Information Society, while at the same time",
				"24": "agenda of its sixty-sixth session",
			},
		},
		{
			file:  "A_RES_60_252.txt",
			want:  counts{Preambular: 8, Numbered: 15},
			holds: map[string]string{"9": "called the Internet Governance Forum", "closing": "27 March 2006"},
		},
		{
			file: "E_RES_2023_3.txt",
			want: counts{Preambular: 10, Numbered: 110, Lettered: 4},
			holds: map[string]string{
				"chapeau": "Economic and Social Council on 7 June 2023",
				"100":     "put in place data infrastructure",
				"100 (a)": "put in place data infrastructure",
				"110":     "on a yearly basis, a report",
				"closing": "7 June 2023",
			},
			lacks: map[string]string{"100 (b)": "put in place data infrastructure", "pp10": "Taking stock", "72": "Internet governance"},
		},
		{
			file:   "A_RES_79_1_annex_I.txt",
			prefix: "annex I/",
			want:   counts{Numbered: 74, Lettered: 89},
			holds: map[string]string{
				"annex I/title":  "Global Digital Compact",
				"annex I/7":      "artificial intelligence for the benefit of humanity",
				"annex I/29 (b)": "Support the Internet Governance Forum",
				"annex I/74":     "eighty-second session of the General Assembly",
			},
			lacks: map[string]string{"annex I/9": "Connectivity", "annex I/8": "meaningful and measurable actions"},
		},
		{file: "sg-roadmap-digital-cooperation.txt"},
		{file: "gdc-background-note.txt"},
		{file: "igf-2020-news-release.txt"},
	}
	for _, test := range tests {
		t.Run(strings.TrimSuffix(test.file, ".txt"), func(t *testing.T) {
			passages := loader.Paragraphs(readText(t, filepath.Join(dir, test.file)))
			var got counts
			for _, p := range passages {
				number, ok := strings.CutPrefix(p.Number, test.prefix)
				switch {
				case strings.HasPrefix(p.Number, "fn "):
					got.Footnotes++
					wantInOrder(t, p.Number, "fn "+strconv.Itoa(got.Footnotes))
				case !ok:
					t.Errorf("%s stands outside of %q", p.Number, test.prefix)
				case strings.HasSuffix(number, ")"):
					got.Lettered++
				case strings.HasPrefix(number, "pp"):
					got.Preambular++
					wantInOrder(t, number, "pp"+strconv.Itoa(got.Preambular))
				case number >= "0" && number <= "9999":
					got.Numbered++
					wantInOrder(t, number, strconv.Itoa(got.Numbered))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("counts differ (-want +got):\n%s", diff)
			}
			for number, evidence := range test.holds {
				if p, ok := passages.Find(number); !ok || !loader.Holds(p.Text, evidence) {
					t.Errorf("%s does not hold %q:\n%s", number, evidence, p.Text)
				}
			}
			for number, evidence := range test.lacks {
				if p, ok := passages.Find(number); !ok || loader.Holds(p.Text, evidence) {
					t.Errorf("%s holds %q, or is not there:\n%s", number, evidence, p.Text)
				}
			}
		})
	}
}

func wantInOrder(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %s where %s was next", got, want)
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Whatever the text, passages are made of its lines, in order, and paragraph numbers only grow.
func FuzzParagraphs(f *testing.F) {
	files, _ := filepath.Glob("testdata/paragraphs/*.txt")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("1. plenary meeting")
	f.Add("1. a:\n1. b\n(a) c\n2. d\nAnnex\n1. e\n___\n1 f")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		last := map[string]int{}
		from := 0
		for _, p := range loader.Paragraphs(text) {
			if p.Line < from || p.Line > len(lines) {
				t.Fatalf("%s begins at line %d, after line %d of %d", p.Number, p.Line, from, len(lines))
			}
			from = p.Line

			at := p.Line - 1
			for part := range strings.SplitSeq(p.Text, "\n") {
				for at < len(lines) && !strings.Contains(lines[at], part) {
					at++
				}
				if at == len(lines) {
					t.Fatalf("%s has a line that is not in the text: %q", p.Number, part)
				}
				at++
			}

			section, number := "", p.Number
			if i := strings.LastIndex(p.Number, "/"); i >= 0 {
				section, number = p.Number[:i], p.Number[i+1:]
			}
			if number == "title" || number == "chapeau" {
				delete(last, section) // a second annex of the same name
			}
			if n, err := strconv.Atoi(number); err == nil {
				if n <= last[section] {
					t.Fatalf("paragraph %s follows %d", p.Number, last[section])
				}
				last[section] = n
			}
		}
	})
}

package loader_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"mandategraph/loader"
	"mandategraph/un"
)

// The text of a resolution of gardeners, with some of the noise of real ones.
const meadowsText = `United Nations

General Assembly at its seventieth session

Resolution adopted by the General Assembly on 25 September 2015

70/1. Meadows

The General Assembly,

Recalling its resolution 65/9 of 1 December 2010,¹

1. Decides to convene a Forum of Gardens, through the Commission on Bees, which shall wa-
ter without end and report in 2027;

2. Requests the FOG's secretariat:

(a) To build a shed in 2016;

(b) To build a fence in 2017.

¹ See A/65/100.
`

const annexText = `Annex I

Rules of the shed

1. The shed shall be green.

2. Its door shall open to the south.
`

const pageText = "About us\n\nThe forum was established in 2010 by its gardeners.\n"

func texts() fstest.MapFS {
	return fstest.MapFS{
		"A_RES_70_1.txt":         {Data: []byte(meadowsText)},
		"A_RES_70_1_annex_I.txt": {Data: []byte(annexText)},
		"gardens-page.txt":       {Data: []byte(pageText)},
	}
}

// claiming gives facts with one source of a body, or one mention or citation of paragraph 1 or 2.
func claiming(source, paragraph string) fstest.MapFS {
	files := with("bodies/extra.yaml", "body: extra\nname: Extra\nkind: other\nsources:\n  - {"+source+"}\n",
		"documents/page.yaml", "key: gardens-page\ntitle: Page\ntype: page\n---\nsymbol: A/RES/65/9\ntitle: Old\ntype: resolution\n---\nsymbol: A/RES/99/9\ntitle: Absent\ntype: resolution\n")
	files["documents/meadows.yaml"] = &fstest.MapFile{Data: []byte(meadows + "paragraphs:\n" + paragraph)}
	return files
}

func TestVerify(t *testing.T) {
	const held = `document: A/RES/70/1, paragraph: "1", evidence: convene a Forum of Gardens`
	const paragraph, body = "documents/meadows.yaml:9", "bodies/extra.yaml:5"
	for _, test := range []struct {
		name, source, paragraph string
		want                    string // the problem, "" where all is found
	}{
		{name: "evidence that stands there", source: held},
		{name: "a word split at the end of the line", source: `document: A/RES/70/1, paragraph: "1", evidence: shall water without end`},
		{name: "a sub-paragraph", source: `document: A/RES/70/1, paragraph: 2 (a), evidence: build a shed in 2016`},
		{name: "the chapeau", source: `document: A/RES/70/1, paragraph: chapeau, evidence: adopted by the General Assembly`},
		{
			name: "a footnote", source: `document: A/RES/70/1, paragraph: fn 1, evidence: See A/65/100 x`,
			want: body + `: A/RES/70/1 fn 1: the paragraph does not hold it: "See A/65/100 x"`,
		},
		{
			name: "the neighbour's words", source: `document: A/RES/70/1, paragraph: "2", evidence: convene a Forum of Gardens`,
			want: body + `: A/RES/70/1 2: the paragraph does not hold it; it stands in 1: "convene a Forum of Gardens"`,
		},
		{
			name: "one word changed", source: `document: A/RES/70/1, paragraph: "1", evidence: convene a Forum of Meadows`,
			want: body + `: A/RES/70/1 1: the paragraph does not hold it: "convene a Forum of Meadows"`,
		},
		{
			name: "one year changed", source: `document: A/RES/70/1, paragraph: "1", evidence: and report in 2028`,
			want: body + `: A/RES/70/1 1: the paragraph does not hold it: "and report in 2028"`,
		},
		{
			name: "a paragraph that is not there", source: `document: A/RES/70/1, paragraph: "9", evidence: convene a Forum of Gardens`,
			want: body + `: A/RES/70/1 9: the document has no such paragraph; it stands in 1: "convene a Forum of Gardens"`,
		},
		{name: "a page", source: `document: gardens-page, evidence: was established in 2010`},
		{
			name: "another year on a page", source: `document: gardens-page, evidence: was established in 2011`,
			want: body + `: gardens-page: the page does not hold it: "was established in 2011"`,
		},
		{name: "an annex", source: `document: A/RES/70/1, paragraph: annex I/2, evidence: open to the south`},
		{
			name: "another paragraph of an annex", source: `document: A/RES/70/1, paragraph: annex I/1, evidence: open to the south`,
			want: body + `: A/RES/70/1 annex I/1: the paragraph does not hold it; it stands in annex I/2: "open to the south"`,
		},
		{name: "a name", source: held, paragraph: `  "1": {mentions: [gardens, bees]}`},
		{name: "an acronym, even with an ending", source: held, paragraph: `  "2": {mentions: [gardens]}`},
		{
			name: "no name", source: held, paragraph: `  "2": {mentions: [bees]}`,
			want: paragraph + `: A/RES/70/1 2: the paragraph does not hold it, none of the names of bees; write evidence: "Commission on Bees"`,
		},
		{name: "evidence for a mention", source: held, paragraph: `  2 (b): {mentions: [{body: bees, evidence: build a fence in 2017}]}`},
		{name: "a citation in a paragraph", source: held, paragraph: `  pp1: {citations: [{symbol: A/RES/65/9, asWritten: ["65/9"]}]}`},
		{name: "a citation in a footnote", source: held, paragraph: `  pp1: {citations: [{symbol: A/RES/65/9, footnote: "1", asWritten: [A/65/100]}]}`},
		{
			name: "a citation that is not there", source: held, paragraph: `  "1": {citations: [{symbol: A/RES/65/9, asWritten: ["65/9"]}]}`,
			want: paragraph + `: A/RES/70/1 1: the paragraph does not hold it; it stands in pp1: "65/9"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			paragraph := test.paragraph
			if paragraph == "" {
				paragraph = `  "1": {}`
			}
			facts := load(t, claiming(test.source, paragraph+"\n"))
			report := facts.Verify(texts())
			var got []string
			for _, p := range report.Problems {
				got = append(got, p.String())
			}
			if joined := strings.Join(got, "\n"); joined != test.want {
				t.Errorf("got\n%s\nwant\n%s", joined, test.want)
			}
			if report.NotFound != len(report.Problems) || report.Found == 0 || report.Absent != 0 {
				t.Errorf("counts are wrong: %+v", report)
			}
		})
	}
}

func TestVerifyCountsWhatIsAbsent(t *testing.T) {
	report := load(t, claiming(`document: A/RES/99/9, paragraph: "1", evidence: nobody can know it`, "  \"1\": {}\n")).Verify(texts())
	want := loader.Report{Found: report.Found, Absent: 1, AbsentDocuments: []string{"A/RES/99/9"}}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

func TestAcronymsKeepTheirCase(t *testing.T) {
	files := claiming(`document: A/RES/70/1, paragraph: "1", evidence: convene a Forum of Gardens`, `  pp1: {mentions: [gardens]}`+"\n")
	fog := texts()
	fog["A_RES_70_1.txt"] = &fstest.MapFile{Data: []byte(strings.Replace(meadowsText, "Recalling", "Recalling in the fog", 1))}
	if report := load(t, files).Verify(fog); report.NotFound != 1 {
		t.Errorf("fog is taken for FOG: %+v", report)
	}
}

func TestWithTexts(t *testing.T) {
	facts := load(t, claiming(`document: A/RES/70/1, paragraph: annex I/2, evidence: open to the south`, "  2 (a): {}\n  \"77\": {}\n"))
	facts.WithTexts(texts())
	want := map[un.ID]string{
		"provision:A/RES/70/1#2 (a)":     "To build a shed in 2016;",
		"provision:A/RES/70/1#annex I/2": "Its door shall open to the south.",
		"provision:A/RES/70/1#77":        "",
	}
	for id, text := range want {
		if got := node[*un.Provision](t, facts, id).Text; got != text {
			t.Errorf("%s: got %q, want %q", id, got, text)
		}
	}
}

// The curated facts are loaded without a problem, and what they quote stands where they say.
func TestCuratedFacts(t *testing.T) {
	facts, err := loader.Load(os.DirFS("../data"))
	if err != nil {
		t.Fatal(err)
	}
	report := facts.Verify(os.DirFS(documents(t)))
	for _, p := range report.Problems {
		t.Error(p)
	}
	if report.Covered == 0 {
		t.Error("coverage.yaml is not read")
	}
	t.Logf("%d found, %d not found, %d absent: %s", report.Found, report.NotFound, report.Absent, strings.Join(report.AbsentDocuments, ", "))
}

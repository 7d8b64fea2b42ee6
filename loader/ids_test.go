package loader_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"mandategraph/loader"
	"mandategraph/un"
)

// The ids of the made-up facts.
const gardenIDs = `body:bees
body:gardens
body:general-assembly
document:A/RES/70/1
provision:A/RES/70/1#1
provision:A/RES/70/1#chapeau
session:general-assembly-70
`

func publishing(ids, retired string) fstest.MapFS {
	files := with("ids.txt", ids)
	if retired != "" {
		files["retired.yaml"] = &fstest.MapFile{Data: []byte(retired)}
	}
	return files
}

func TestIDsAreForEver(t *testing.T) {
	const wasps = "body:bees\nbody:gardens\nbody:general-assembly\nbody:wasps\n"
	more := strings.Replace(gardenIDs, wasps[:strings.Index(wasps, "body:wasps")], wasps, 1)
	for _, test := range []struct{ name, ids, retired, want string }{
		{name: "all are there", ids: gardenIDs},
		{name: "one has a successor", ids: more, retired: "body:wasps: body:bees\n"},
		{
			name: "one vanished", ids: more,
			want: "ids.txt:4: body:wasps vanished, and an id is for ever: put it back, or name its successor in retired.yaml",
		},
		{
			name: "the successor is not there", ids: more, retired: "body:wasps: body:bee\n",
			want: "retired.yaml:1: there is no body:bee; did you mean body:bees?",
		},
		{
			name: "the retired one is there", ids: gardenIDs, retired: "body:bees: body:gardens\n",
			want: "retired.yaml:1: body:bees is there, and so not retired",
		},
		{
			name: "the retired one never was", ids: gardenIDs, retired: "body:ants: body:gardens\n",
			want: "retired.yaml:1: body:ants is not in ids.txt: it was never published",
		},
		{
			name: "out of order", ids: "body:gardens\nbody:bees\n",
			want: "ids.txt:2: body:bees stands after body:gardens: each id stands once, sorted",
		},
		{
			name: "one twice", ids: "body:bees\nbody:bees\n",
			want: "ids.txt:2: body:bees stands after body:bees: each id stands once, sorted",
		},
		{name: "no id", ids: "bees\n\n", want: "ids.txt:1: \"bees\" is no id\nids.txt:2: \"\" is no id"},
		{name: "a line of DOS", ids: "body:bees\r\n", want: `ids.txt:1: "body:bees\r" is no id`},
		{name: "no mapping", ids: gardenIDs, retired: "- body:bees\n", want: "retired.yaml:1: the list must be a mapping of keys to values"},
		{name: "no text", ids: more, retired: "body:wasps: [body:bees]\n", want: "ids.txt:4: body:wasps vanished, and an id is for ever: put it back, or name its successor in retired.yaml\nretired.yaml:1: body:wasps must be text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := publishing(test.ids, test.retired)
			if test.want == "" {
				load(t, files)
				return
			}
			if diff := cmp.Diff(strings.Split(test.want, "\n"), problems(t, files)); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

// What another mistake leaves out has not vanished.
func TestAMistakeIsNotTakenForAVanishedID(t *testing.T) {
	files := publishing(gardenIDs, "")
	files["bodies/assembly.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(assembly, "body: bees", "bodi: bees", 1))}
	if found := strings.Join(problems(t, files), "\n"); strings.Contains(found, "vanished") {
		t.Error(found)
	}
}

func TestVerifyRefusesAnUnlistedID(t *testing.T) {
	facts := load(t, publishing(strings.Replace(gardenIDs, "body:gardens\n", "", 1), ""))
	var got []string
	for _, p := range facts.Verify(fstest.MapFS{}).Problems {
		got = append(got, p.String())
	}
	if diff := cmp.Diff([]string{"ids.txt: lacks 1 id, such as body:gardens; run make ids"}, got); diff != "" {
		t.Errorf("problems differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(gardenIDs, facts.IDs()); diff != "" {
		t.Errorf("the list differs (-want +got):\n%s", diff)
	}
	if problems := load(t, with()).Verify(fstest.MapFS{}).Problems; len(problems) > 0 {
		t.Errorf("facts without a list: %v", problems)
	}
}

func TestTheListKeepsWhatIsRetired(t *testing.T) {
	ids := strings.Replace(gardenIDs, "document:", "body:wasps\ndocument:", 1)
	files := publishing(ids, "body:wasps: body:bees\n")
	if diff := cmp.Diff(ids, load(t, files).IDs()); diff != "" {
		t.Errorf("the list differs (-want +got):\n%s", diff)
	}
	retired, err := loader.Retired(files)
	if diff := cmp.Diff(map[un.ID]un.ID{"body:wasps": "body:bees"}, retired); diff != "" || err != nil {
		t.Errorf("%v; successors differ (-want +got):\n%s", err, diff)
	}
	files["retired.yaml"].Data = []byte("body:wasps:\n")
	if _, err := loader.Retired(files); err == nil || err.Error() != "retired.yaml:1: body:wasps must be text" {
		t.Errorf("an empty entry: %v", err)
	}
}

package loader

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"mandategraph/un"
)

// The lists of ids: every id that was ever published, one a line, sorted, and the successors of those that are gone.
const (
	idsFile     = "ids.txt"
	retiredFile = "retired.yaml"
)

// A retirement says which id took the place of another.
type retirement struct{ old, successor word }

// Retired gives the successors of the ids that are gone, by those ids, as retired.yaml names them; nothing where there
// is no such file. The error is Problems.
func Retired(files fs.FS) (map[un.ID]un.ID, error) {
	l := &log{}
	successors := map[un.ID]un.ID{}
	for _, r := range l.retired(files) {
		successors[un.ID(r.old.Text)] = un.ID(r.successor.Text)
	}
	if problems := l.sorted(); len(problems) > 0 {
		return nil, problems
	}
	return successors, nil
}

func (l *log) retired(files fs.FS) []retirement {
	source, err := readFile(files, retiredFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		l.report(at{retiredFile, 1}, "cannot be read: %v", err)
		return nil
	}
	r := &reader{l, retiredFile}
	var all []retirement
	for _, root := range r.parse(source) {
		for key, value := range r.pairs("the list", root) {
			var one retirement
			one.old.read(r, "an id", key)
			one.successor.read(r, one.old.Text, value)
			if one.old.Text != "" && one.successor.Text != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// checkIDs reports ids that vanished, and successors that are none.
func (f *Facts) checkIDs(l *log, files fs.FS) {
	f.published = l.published(files)
	present := map[string]bool{}
	for _, id := range f.ids() {
		present[string(id)] = true
	}
	listed := map[string]bool{}
	for _, id := range f.published {
		listed[id.Text] = true
	}
	retired := map[string]bool{}
	for _, r := range l.retired(files) {
		retired[r.old.Text] = true
		switch {
		case present[r.old.Text]:
			l.report(r.old.at, "%s is there, and so not retired", r.old)
		case !listed[r.old.Text]:
			l.report(r.old.at, "%s is not in %s: it was never published", r.old, idsFile)
		}
		if !present[r.successor.Text] {
			l.report(r.successor.at, "there is no %s%s", r.successor, didYouMean(r.successor.Text, slices.Collect(maps.Keys(present))))
		}
	}
	for _, id := range f.published {
		if !present[id.Text] && !retired[id.Text] {
			l.report(id.at, "%s vanished, and an id is for ever: put it back, or name its successor in %s", id, retiredFile)
		}
	}
}

// published reads the ids that were ever published. It is nil where there is no list.
func (l *log) published(files fs.FS) []word {
	source, err := readFile(files, idsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		l.report(at{idsFile, 1}, "cannot be read: %v", err)
		return nil
	}
	ids := []word{}
	line := 0
	for id := range strings.Lines(string(source)) {
		line++
		w := word{at{idsFile, line}, strings.TrimSuffix(id, "\n")}
		switch {
		case strings.TrimSpace(w.Text) != w.Text || !strings.Contains(w.Text, ":"):
			l.report(w.at, "%q is no id", w.Text)
			continue
		case len(ids) > 0 && w.Text <= ids[len(ids)-1].Text:
			l.report(w.at, "%s stands after %s: each id stands once, sorted", w, ids[len(ids)-1])
		}
		ids = append(ids, w)
	}
	return ids
}

// ids are those of the nodes that the API gives.
func (f *Facts) ids() []un.ID {
	var ids []un.ID
	for _, n := range f.Graph.Nodes {
		if n.NodeKind() != un.KindBasis {
			ids = append(ids, n.Key())
		}
	}
	return ids
}

// IDs is what the list of ids is to hold: every id that was ever published, and those of these facts, sorted, one a line.
func (f *Facts) IDs() string {
	ids := f.ids()
	for _, id := range f.published {
		ids = append(ids, un.ID(id.Text))
	}
	slices.Sort(ids)
	var out strings.Builder
	for _, id := range slices.Compact(ids) {
		out.WriteString(string(id) + "\n")
	}
	return out.String()
}

// checkPublished reports the ids that the list lacks, where there is one.
func (f *Facts) checkPublished(l *log) {
	if f.published == nil {
		return
	}
	listed := map[un.ID]bool{}
	for _, id := range f.published {
		listed[un.ID(id.Text)] = true
	}
	var lacks []un.ID
	for _, id := range f.ids() {
		if !listed[id] {
			lacks = append(lacks, id)
		}
	}
	if len(lacks) > 0 {
		l.report(at{File: idsFile}, "lacks %s, such as %s; run make ids", count(len(lacks), "id"), slices.Min(lacks))
	}
}

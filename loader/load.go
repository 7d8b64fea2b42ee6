// Package loader turns files and documents into a checked un.Graph. It reads the curated facts strictly, finds all that
// is wrong with them at once, with file and line, and builds the graph: a pure function of the files. It also verifies
// that the words quoted as evidence stand in the paragraphs that they are said to stand in.
//
// It may import package un, a YAML parser, an edit distance and the standard library.
package loader

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"mandategraph/un"
)

// Facts are what the files say.
type Facts struct {
	Graph     un.Graph
	claims    []claim
	coverage  []covered
	published []word // ids
}

// Load reads the folders bodies, documents and sessions, and where they are there coverage.yaml, ids.txt and
// retired.yaml. The error is Problems: all that is wrong in any file, sorted
// by place. Where a file cannot be read at all, what the files say of each other is not looked at.
func Load(files fs.FS) (*Facts, error) {
	l := &log{}
	b := newBuilder(l)
	bodies := folder[bodyFile](l, files, "bodies")
	documents := folder[documentFile](l, files, "documents")
	sessions := folder[sessionsFile](l, files, "sessions")
	if l.unread { // all that the file names would be unknown: hundreds of problems of which it is the only one
		return nil, l.sorted()
	}
	facts := b.build(bodies, documents, sessions)
	facts.coverage = b.coverage(files)
	if len(l.problems) == 0 { // what is not understood would seem to have vanished
		facts.checkIDs(l, files)
	}
	if problems := l.sorted(); len(problems) > 0 {
		return nil, problems
	}
	return facts, nil
}

// folder reads the files of one folder, in the order of their names. Several are read at once: that is most of the time
// that a start takes.
func folder[T any](l *log, files fs.FS, name string) []T {
	entries, err := fs.ReadDir(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.report(at{File: name}, "there is no such folder; the facts are in bodies, documents and sessions")
		l.unread = true
		return nil
	}
	if err != nil {
		l.report(at{File: name}, "the folder cannot be read: %v", err)
		l.unread = true
		return nil
	}
	type reading struct {
		log
		file string
		all  []T
	}
	var readings []*reading
	for _, entry := range entries {
		file := path.Join(name, entry.Name())
		switch {
		case entry.IsDir():
		case path.Ext(file) == ".yaml":
			readings = append(readings, &reading{file: file})
		case strings.EqualFold(path.Ext(file), ".yaml"), strings.EqualFold(path.Ext(file), ".yml"):
			l.report(at{file, 1}, "is not read; name it %s.yaml", strings.TrimSuffix(entry.Name(), path.Ext(file)))
			l.unread = true
		}
	}
	if len(readings) == 0 {
		l.report(at{File: name}, "the folder has no file that ends in .yaml")
	}
	var wg sync.WaitGroup
	next := make(chan *reading)
	for range min(runtime.GOMAXPROCS(0), len(readings)) {
		wg.Go(func() {
			for r := range next {
				source, err := readFile(files, r.file)
				if err != nil {
					r.report(at{r.file, 1}, "cannot be read: %v", err)
					r.unread = true
					continue
				}
				r.all = read[T](&r.log, r.file, source)
				r.unread = len(r.all) == 0
			}
		})
	}
	for _, r := range readings {
		next <- r
	}
	close(next)
	wg.Wait()
	var all []T
	for _, r := range readings {
		all = append(all, r.all...)
		l.problems = append(l.problems, r.problems...)
		l.unread = l.unread || r.unread
	}
	return all
}

// readFile reads a file, but of one that is too long no more than shows it.
func readFile(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBytes {
		return make([]byte, maxBytes+1), nil
	}
	return fs.ReadFile(files, name)
}

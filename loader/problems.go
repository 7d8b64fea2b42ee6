package loader

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one thing that is wrong in the files. Line is 0 where a whole folder is meant.
type Problem struct {
	File string
	Line int
	Text string
}

// String is "FILE:LINE: text", as editors and terminals link it.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems are all that is wrong, sorted by place. They are the error of Load.
type Problems []Problem

// Error has one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// at is where something stands in the files. Shapes embed it to learn where they were read.
type at struct {
	File string
	Line int
}

// A log gathers problems.
type log struct {
	problems Problems
	unread   bool // a file or folder could not be read at all
}

func (l *log) report(where at, format string, args ...any) {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ") // one line, whatever the files hold
	l.problems = append(l.problems, Problem{where.File, where.Line, text})
}

// sorted gives each problem once, by place.
func (l *log) sorted() Problems {
	slices.SortFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(l.problems)
}

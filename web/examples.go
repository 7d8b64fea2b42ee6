package web

import (
	"io/fs"
	"path"
	"strings"
)

// An Example is a query that is ready to run in the playground.
type Example struct {
	Name        string `json:"name"`                // the name of its file without the extension: "01-due-at-cstd-30"
	Title       string `json:"title"`               // the question in words: the file's first line
	Explanation string `json:"explanation"`         // what it shows: the comment below the title
	Query       string `json:"query"`               // the whole file, comments included
	Variables   string `json:"variables,omitempty"` // a JSON object, or empty
}

// Examples returns the playground's examples in their order.
func Examples() []Example {
	names, _ := fs.Glob(files, "examples/*.graphql") // the pattern is well-formed, and Glob sorts
	examples := make([]Example, 0, len(names))
	for _, name := range names {
		base := strings.TrimSuffix(name, ".graphql")
		query, _ := files.ReadFile(name)
		variables, _ := files.ReadFile(base + ".variables.json") // most have none
		e := Example{Name: path.Base(base), Query: string(query), Variables: string(variables)}
		e.Title, e.Explanation = heading(e.Query)
		examples = append(examples, e)
	}
	return examples
}

// heading reads the comment that a query opens with: a title on the first line, then what it shows.
func heading(query string) (title, explanation string) {
	var rest []string
	for line := range strings.Lines(query) {
		text, comment := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !comment {
			break
		}
		switch text = strings.TrimSpace(text); {
		case title == "":
			title = text
		case text != "":
			rest = append(rest, text)
		}
	}
	return title, strings.Join(rest, " ")
}

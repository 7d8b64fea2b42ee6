package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"mandategraph/loader"
	"mandategraph/un"
)

const diffHelp = `
OLD and NEW are folders like data/, with bodies/, documents/ and sessions/. Each line says what changed, of what, its id,
the old value and the new, and in brackets the document and paragraph that say so:

  moved dates: 30th session of the Commission … (session:cstd-30): 2027 → 2028 [A/RES/81/1, 9]

A time that has become shorter is made precise. Mentions, and facts whose sources alone changed, are counted at the end.
The exit status is 0 whether there are differences or not, and 1 where a folder cannot be read.
`

// headings are what groups of differences are called, by kind, and by relation where it has a group of its own.
var headings = map[string]string{
	string(un.KindBody):     "Bodies",
	string(un.KindBasis):    "Legal bases",
	string(un.KindDocument): "Documents",
	string(un.KindMandate):  "Mandates",
	string(un.KindDeadline): "Deadlines",
	string(un.KindCycle):    "Reporting cycles",
	string(un.KindSession):  "Sessions",
	string(un.Cites):        "Citations",
	"":                      "Relations",
}

// diff says what changed in meaning between two folders.
func (a *app) diff(c config) error {
	var graphs [2]un.Graph
	var all loader.Problems
	for i, name := range commands()["diff"].arguments {
		facts, err := factsOf(name, c.Arguments[i])
		var problems loader.Problems
		switch {
		case errors.As(err, &problems):
			all = append(all, problems...)
		case err != nil:
			return err
		default:
			graphs[i] = facts.Graph
		}
	}
	if len(all) > 0 {
		return all
	}
	fmt.Fprint(a.stdout, describe(un.Diff(graphs[0], graphs[1])))
	return nil
}

// describe writes differences for people: a heading for each group, a line for each difference, counts at the end.
func describe(differences []un.Difference) string {
	var b strings.Builder
	heading := ""
	restated, mentions := 0, map[un.Event]int{}
	for _, d := range differences {
		switch {
		case d.What == un.EventRestated:
			restated++
			continue
		case d.Relation == un.Mentions:
			mentions[d.What]++
			continue
		}
		of := string(d.Kind)
		if d.Relation == un.Cites {
			of = string(un.Cites)
		}
		if h := headings[of]; h != heading {
			if heading != "" {
				b.WriteByte('\n')
			}
			heading = h
			b.WriteString(h + "\n")
		}
		b.WriteString("  " + line(d) + "\n")
	}
	if heading == "" {
		b.WriteString("no difference in meaning\n")
	}
	var counts []string
	for _, what := range []un.Event{un.EventAdded, un.EventRemoved} {
		if n := mentions[what]; n > 0 {
			counts = append(counts, many(n, "mention")+" "+string(what))
		}
	}
	if restated > 0 {
		counts = append(counts, many(restated, "fact")+" of which the sources alone changed")
	}
	if len(counts) > 0 {
		if heading != "" {
			b.WriteByte('\n')
		}
		b.WriteString("not listed: " + strings.Join(counts, ", ") + "\n")
	}
	return b.String()
}

// line is one difference.
func line(d un.Difference) string {
	text := string(d.What)
	if d.Field != "" {
		text += " " + d.Field
	}
	text += fmt.Sprintf(": %s (%s)", d.Label, d.ID)
	switch {
	case d.Field != "" && d.Old+d.New != "":
		text += ": " + cmp.Or(d.Old, "nothing") + " → " + cmp.Or(d.New, "nothing")
	case d.Old+d.New != "":
		text += ": " + d.Old + d.New
	}
	var places []string
	for _, s := range d.Sources {
		place := s.Document.Name()
		if s.Paragraph != "" {
			place += ", " + s.Paragraph
		}
		places = append(places, place)
	}
	if len(places) > 0 {
		text += " [" + strings.Join(places, "; ") + "]"
	}
	return strings.Join(strings.Fields(text), " ") // facts may have texts of several lines
}

func many(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

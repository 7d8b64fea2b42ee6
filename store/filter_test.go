package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mandategraph/store"
	"mandategraph/un"
)

// A body of several names, in a world where it holds two mandates and hangs on a body that has no name.
var (
	forum = &un.Body{
		Record:  un.Record{ID: "body:igf", Validity: un.Validity{From: "2006-01-01", Until: un.LastDay}},
		Names:   map[un.Language]string{un.English: "Internet Governance Forum", "FR": "Forum sur la gouvernance de l'Éternet"},
		Acronym: "IGF", Aliases: []string{""},
		Kind:        "FORUM",
		Established: &un.PartialDate{EDTF: "2005-11"},
	}
	nameless = &un.Body{Record: un.Record{ID: "body:nameless", Validity: un.Always}}
	report   = &un.Mandate{Record: un.Record{ID: "mandate:report"}, Title: "Report", Since: &un.PartialDate{EDTF: "2006/.."}}
	convene  = &un.Mandate{Record: un.Record{ID: "mandate:convene"}, Title: "Convene", Until: &un.PartialDate{EDTF: "../2015"}}

	holds  = store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.Out, Kind: un.KindMandate}
	held   = store.Hop{Relations: []un.Relation{un.Holds}, Direction: store.In, Kind: un.KindBody}
	parent = store.Hop{Relations: []un.Relation{un.PartOf}, Direction: store.Out, Kind: un.KindBody}
)

func near(from un.ID, h store.Hop) []un.Node {
	switch {
	case from == forum.ID && slices.Contains(h.Relations, un.Holds) && h.Direction == store.Out:
		return []un.Node{report, convene}
	case from == forum.ID && slices.Contains(h.Relations, un.PartOf):
		return []un.Node{nameless}
	case from != forum.ID && from != nameless.ID && h.Direction == store.In:
		return []un.Node{forum}
	}
	return nil
}

func cond(field string, op store.Op, values ...string) store.Filter {
	return store.Cond{Field: field, Op: op, Values: values}
}

func TestMatch(t *testing.T) {
	yes, no := store.And{}, store.Or{}
	for name, test := range map[string]struct {
		node   un.Node
		filter store.Filter
		want   bool
	}{
		"And of none keeps all":                      {forum, yes, true},
		"Or of none keeps nothing":                   {forum, no, false},
		"And of one that keeps":                      {forum, store.And{yes}, true},
		"And of two, of which the last does not":     {forum, store.And{yes, no}, false},
		"Or of two, of which the last keeps":         {forum, store.Or{no, yes}, true},
		"Or of two that do not":                      {forum, store.Or{no, no}, false},
		"Not":                                        {forum, store.Not{Filter: no}, true},
		"Not of Not":                                 {forum, store.Not{Filter: store.Not{Filter: no}}, false},
		"Is, one value":                              {forum, cond("kind", store.Is, "FORUM"), true},
		"Is, folded":                                 {forum, cond("kind", store.Is, "fórum"), true},
		"Is, one of several":                         {forum, cond("kind", store.Is, "OFFICE", "FORUM"), true},
		"Is, none of several":                        {forum, cond("kind", store.Is, "OFFICE", "FOR"), false},
		"Is, no value":                               {forum, cond("kind", store.Is), false},
		"Not of Is, no value":                        {forum, store.Not{Filter: cond("kind", store.Is)}, true},
		"Is, the second name":                        {forum, cond("name", store.Is, "igf"), true},
		"Is, a part of a name":                       {forum, cond("name", store.Is, "Internet"), false},
		"Is, an empty name that there is":            {forum, cond("name", store.Is, ""), true},
		"Is, an empty name that there is not":        {nameless, cond("name", store.Is, ""), false},
		"Is, an id":                                  {forum, cond("id", store.Is, "body:igf"), true},
		"Is, an id in another case":                  {forum, cond("id", store.Is, "body:IGF"), false},
		"Contains, folded":                           {forum, cond("name", store.Contains, "l'eTER"), true},
		"Contains, across two names":                 {forum, cond("name", store.Contains, "ForumIGF"), false},
		"Contains, nothing":                          {forum, cond("kind", store.Contains, ""), true},
		"Contains, nothing in what is not there":     {nameless, cond("kind", store.Contains, ""), false},
		"Contains, part of an id in another case":    {forum, cond("id", store.Contains, "IGF"), false},
		"Before, the day after":                      {forum, cond("established", store.Before, "2005-11-02"), true},
		"Before, the day":                            {forum, cond("established", store.Before, "2005-11-01"), false},
		"From, the day":                              {forum, cond("established", store.From, "2005-11-01"), true},
		"From, the day after":                        {forum, cond("established", store.From, "2005-11-02"), false},
		"From, the last day that it may be":          {forum, cond("established.latest", store.From, "2005-11-30"), true},
		"Before, of what is not there":               {nameless, cond("established", store.Before, "9999-12-31"), false},
		"From, of what is not there":                 {nameless, cond("established", store.From, ""), false},
		"an open end is the end of time":             {report, cond("since.latest", store.Is, string(un.LastDay)), true},
		"an open start is the beginning":             {convene, cond("until", store.Is, string(un.FirstDay)), true},
		"Known":                                      {forum, cond("established", store.Known), true},
		"Known, of what is not there":                {nameless, cond("established", store.Known), false},
		"Known, of many names":                       {forum, cond("name", store.Known), true},
		"Known, of no name":                          {nameless, cond("name", store.Known), false},
		"an operation that there is not":             {forum, cond("name", "like", "igf"), false},
		"a field that there is not":                  {forum, cond("colour", store.Is, ""), false},
		"Has any":                                    {forum, store.Has{Hop: holds}, true},
		"Has any, where there is none":               {nameless, store.Has{Hop: holds}, false},
		"Has, the second of two":                     {forum, store.Has{Hop: holds, Where: cond("title", store.Is, "convene")}, true},
		"Has, neither of two":                        {forum, store.Has{Hop: holds, Where: cond("title", store.Is, "end")}, false},
		"Has one that does not is not Has none that": {forum, store.Has{Hop: holds, Where: store.Not{Filter: cond("title", store.Is, "convene")}}, true},
		"Not of Has":                                 {forum, store.Not{Filter: store.Has{Hop: holds, Where: cond("title", store.Is, "convene")}}, false},
		"Has of And needs one that has both": {
			forum,
			store.Has{Hop: holds, Where: store.And{cond("title", store.Is, "convene"), cond("since", store.Known)}},
			false,
		},
		"And of Has takes two": {
			forum,
			store.And{store.Has{Hop: holds, Where: cond("title", store.Is, "convene")}, store.Has{Hop: holds, Where: cond("since", store.Known)}},
			true,
		},
		"Has of Has": {
			report,
			store.Has{Hop: held, Where: store.Has{Hop: parent, Where: store.Not{Filter: cond("name", store.Known)}}},
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.filter.Match(test.node, near); got != test.want {
				t.Errorf("%#v keeps %s: %t", test.filter, test.node.Key(), got)
			}
		})
	}
}

func TestCheckOfFilters(t *testing.T) {
	good := store.Has{Hop: holds, Where: store.Or{cond("title", store.Contains, "a"), store.Not{Filter: cond("since", store.Known)}}}
	for name, test := range map[string]struct {
		filter store.Filter
		says   string // "" where all is well
	}{
		"nothing in it":                {store.And{}, ""},
		"a hop and what it leads to":   {good, ""},
		"a hop to anything":            {store.Has{Hop: holds}, ""},
		"no value":                     {cond("name", store.Is), ""},
		"many values":                  {cond("name", store.Is, "a", "b", "c"), ""},
		"a field of another kind":      {cond("title", store.Is, "a"), `BODY has no field "title"`},
		"a field of the wrong end":     {store.Has{Hop: holds, Where: cond("name", store.Known)}, `MANDATE has no field "name"`},
		"an unknown operation":         {cond("name", "like", "a"), `there is no operation "like"`},
		"Contains without a value":     {cond("name", store.Contains), "name contains takes one value, not 0"},
		"Before with two values":       {cond("established", store.Before, "a", "b"), "established before takes one value, not 2"},
		"From without a value":         {cond("established", store.From), "established from takes one value, not 0"},
		"Known with a value":           {cond("name", store.Known, "a"), "name known takes no value"},
		"nil in And":                   {store.And{nil}, "a filter inside of another is nil"},
		"nil in Or":                    {store.Or{cond("name", store.Known), nil}, "a filter inside of another is nil"},
		"nil in Not":                   {store.Not{}, "a filter inside of another is nil"},
		"nil in Not in Has":            {store.Has{Hop: holds, Where: store.Not{}}, "a filter inside of another is nil"},
		"a bad one after a good one":   {store.Or{store.And{}, cond("", store.Is)}, `BODY has no field ""`},
		"an unknown relation":          {store.Has{Hop: store.Hop{Relations: []un.Relation{"KNOWS"}, Direction: store.Out, Kind: un.KindBody}}, `there is no relation "KNOWS"`},
		"an unknown direction":         {store.Has{Hop: store.Hop{Direction: "out", Kind: un.KindBody}}, `there is no direction "out"`},
		"an unknown kind":              {store.Has{Hop: store.Hop{Direction: store.Out, Kind: "Body`)"}}, "there is no kind \"Body`)\""},
		"a bad filter at a third hop":  {store.Has{Hop: holds, Where: store.Has{Hop: held, Where: store.Has{Hop: parent, Where: cond("title", store.Known)}}}, `BODY has no field "title"`},
		"a good filter at a third hop": {store.Has{Hop: holds, Where: store.Has{Hop: held, Where: store.Has{Hop: parent, Where: cond("name", store.Known)}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.filter.Check(un.KindBody)
			if test.says == "" && err != nil {
				t.Fatal(err)
			}
			if test.says != "" && (!errors.Is(err, store.ErrInvalid) || !strings.HasSuffix(err.Error(), ": "+test.says)) {
				t.Errorf("got %v, want %s", err, test.says)
			}
		})
	}
}

package neo4j

import (
	"slices"
	"strconv"
	"strings"

	"mandategraph/un"
)

// Every node is (:Mandategraph:KIND {key, gen, id, nodeKind, json, hash, …}), g being its generation:
//
//	key         g|id, unique: where a hop starts
//	sort_K_O    g|key of order O of kind K, one range index each, in which the kind's short fields follow: generation,
//	            order and cursor are one range, and filters are answered from the index alone;
//	            sort_K_O_desc for the descending order, in which undated nodes have another place
//	f_FIELD     a field as filters compare it, folded; always written, since no filter keeps a missing property
//	…           the facts as people query them
//
// A node has the sort properties of its own kind alone, so a comparison with one tells the kind too. Relations join nodes
// of one generation, so a hop cannot leave it and need not ask.

// form numbers how facts are written here: the properties, what stands in them, the columns of the indexes. A load of
// another form is not read, and is written anew even where its facts are the same. TestForm says when to count up.
const form = 1

// labels are what people see a kind called.
var labels = map[un.Kind]string{
	un.KindBody: "Body", un.KindDocument: "Document", un.KindProvision: "Provision", un.KindMandate: "Mandate",
	un.KindDeadline: "Deadline", un.KindCycle: "ReportingCycle", un.KindSession: "Session", un.KindBasis: "LegalBasis",
}

// sortProperty holds the keys of an order of a kind.
func sortProperty(kind un.Kind, order string, desc bool) string {
	name := "sort_" + strings.ToLower(string(kind)+"_"+order)
	if desc {
		name += "_desc"
	}
	return name
}

// fieldProperty holds a field as filters compare it.
func fieldProperty(field string) string { return "f_" + strings.ReplaceAll(field, ".", "_") }

// long are the fields that are no enum, date or number: in an index they would take more room than they save.
var long = []string{"id", "name", "title", "symbol", "number"}

// columns are the properties of an order's index: the order first, then the kind's short fields.
func columns(kind un.Kind, sort string) []string {
	out := []string{sort}
	for _, field := range un.Fields[kind] {
		if !slices.Contains(long, field) {
			out = append(out, fieldProperty(field))
		}
	}
	return out
}

// nodeKey is where a hop starts.
func nodeKey(gen int64, id un.ID) string { return strconv.FormatInt(gen, 10) + "|" + string(id) }

// sortKey is a key as it is stored.
func sortKey(gen int64, key string) string { return strconv.FormatInt(gen, 10) + "|" + bytewise(key) }

// bounds are below and above all sort keys of a generation.
func bounds(gen int64) (low, high string) {
	g := strconv.FormatInt(gen, 10)
	return g + "|", g + "}" // the character after |
}

// bytewise writes each byte as one character below U+0100. Neo4j compares texts by code point in an index and by UTF-16
// unit elsewhere; below U+D800 both are Go's order of bytes. ASCII is unchanged, and a part of a text stays a part of it.
func bytewise(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	out := make([]rune, len(s))
	for i := range len(s) {
		out[i] = rune(s[i])
	}
	return string(out)
}

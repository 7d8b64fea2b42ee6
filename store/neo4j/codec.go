package neo4j

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"mandategraph/un"
)

// encodeNode is a node as it is stored: what readers decode, what finds it, and its facts for people.
func encodeNode(gen int64, n un.Node) (map[string]any, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	kind := n.NodeKind()
	row, err := forPeople(text)
	if err != nil {
		return nil, err
	}
	row["name"] = n.Label()
	row["key"], row["gen"], row["id"], row["at"] = nodeKey(gen, n.Key()), gen, string(n.Key()), bytewise(string(n.Key()))
	row["nodeKind"], row["json"], row["hash"] = string(kind), string(text), hashOf(text)
	for _, order := range un.Orders[kind] {
		for _, desc := range []bool{false, true} {
			row[sortProperty(kind, order, desc)] = sortKey(gen, un.OrderKey(n, order, desc))
		}
	}
	for _, field := range un.Fields[kind] {
		row[fieldProperty(field)] = folded(kind, field, n.Field(field))
	}
	return row, nil
}

// present begins the one text of a field that has a value, which may itself fold to nothing. No other character of a
// folded text is as high: see bytewise.
const present = "\u0100"

// folded is a field as filters compare it: one text, empty where there is none, or a list.
func folded(kind un.Kind, field string, values []string) any {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = bytewise(un.Fold(v))
	}
	for _, listed := range un.Listed[kind] {
		if listed == field {
			return out
		}
	}
	if len(out) == 0 {
		return ""
	}
	return present + out[0]
}

// encodeEdge is an edge as it is stored. What says no more than that it is has no JSON.
func encodeEdge(e un.Edge) (map[string]any, error) {
	more := e
	more.ID, more.Relation, more.From, more.To, more.Validity = "", "", "", "", un.Validity{}
	text, err := json.Marshal(more)
	if err != nil {
		return nil, err
	}
	row, err := forPeople(text)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"iD", "id", "relation", "from", "to"} {
		delete(row, name)
	}
	row["id"], row["at"] = string(e.ID), bytewise(string(e.ID))
	row["validFrom"], row["validTo"] = string(e.Validity.From), string(e.Validity.Until)
	row["hash"] = hashOf(append(text, string(e.Validity.From+"/"+e.Validity.Until)...))
	if string(text) != bareEdge {
		row["json"] = string(text)
	}
	return row, nil
}

// bareEdge is the JSON of an edge that says nothing more.
var bareEdge = func() string {
	text, _ := json.Marshal(un.Edge{}) // plain data
	return string(text)
}()

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// decodeNode reads a node's JSON.
func decodeNode(kind un.Kind, text any) (un.Node, error) {
	t, _ := text.(string)
	n := un.New(kind)
	if n == nil {
		return nil, fmt.Errorf("there is no kind %q", kind)
	}
	return n, json.Unmarshal([]byte(t), n)
}

// decodeEdge reads type, whether it leads from near to far, validity and JSON.
func decodeEdge(id un.ID, values []any, near, far un.ID) (*un.Edge, error) {
	e := new(un.Edge)
	text := func(i int) string {
		t, _ := values[i].(string)
		return t
	}
	if t := text(4); t != "" {
		if err := json.Unmarshal([]byte(t), e); err != nil {
			return nil, err
		}
	}
	e.ID, e.Relation, e.From, e.To = id, un.Relation(text(0)), far, near
	if out, _ := values[1].(bool); out {
		e.From, e.To = near, far
	}
	e.Validity = un.Validity{From: un.Date(text(2)), Until: un.Date(text(3))}
	return e, nil
}

// forPeople are the facts of a JSON object as properties, whatever its fields are: texts, numbers and truths as they are,
// dates as EDTF, lists of texts, names by language, and the sources as "document paragraph", their evidence beside them.
func forPeople(text []byte) (map[string]any, error) {
	var facts map[string]any
	if err := json.Unmarshal(text, &facts); err != nil {
		return nil, err
	}
	row := map[string]any{}
	for name, value := range facts {
		property := lowerFirst(name)
		switch value := value.(type) {
		case string:
			if value != "" {
				row[property] = value
			}
		case bool, float64:
			row[property] = number(value)
		case []any:
			if list := plain(value); len(list) > 0 {
				row[property] = list
			}
			if name == "Sources" {
				if words := evidence(value); words != nil {
					row["evidence"] = words
				}
			}
		case map[string]any:
			if edtf, ok := value["edtf"].(string); ok {
				row[property] = edtf
			}
			if from, ok := value["From"].(string); ok && name == "Validity" {
				row["validFrom"], row["validTo"] = from, value["Until"]
			}
			if name == "Names" {
				for language, text := range value {
					row["name_"+strings.ToLower(language)] = text
				}
			}
		}
	}
	return row, nil
}

// number keeps whole numbers whole.
func number(v any) any {
	if f, ok := v.(float64); ok && f == float64(int64(f)) {
		return int64(f)
	}
	return v
}

// plain are the texts of a list; a source is its document and paragraph, a gap or conflict its field.
func plain(list []any) []string {
	var out []string
	for _, item := range list {
		switch item := item.(type) {
		case string:
			out = append(out, item)
		case map[string]any:
			document, _ := item["Document"].(string)
			paragraph, _ := item["Paragraph"].(string)
			field, _ := item["Field"].(string)
			if text := strings.TrimSpace(strings.TrimPrefix(document, "document:") + " " + paragraph + field); text != "" {
				out = append(out, text)
			}
		}
	}
	return out
}

// evidence are the fragments of a list of sources, one for each, empty where a source has none; nil where all have none.
func evidence(sources []any) []string {
	words, some := make([]string, len(sources)), false
	for i, source := range sources {
		facts, _ := source.(map[string]any)
		words[i], _ = facts["Evidence"].(string)
		some = some || words[i] != ""
	}
	if !some {
		return nil
	}
	return words
}

// lowerFirst writes URL as url, AdoptedOn as adoptedOn.
func lowerFirst(name string) string {
	if strings.ToUpper(name) == name {
		return strings.ToLower(name)
	}
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[size:]
}

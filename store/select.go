package store

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mandategraph/un"
)

// MaxFirst is the largest page.
const MaxFirst = 100

// A Select is what is asked of a list.
type Select struct {
	Kind  un.Kind
	Where Filter // nil keeps everything
	Order string // one of un.Orders[Kind]; the first where empty
	Desc  bool
	First int     // 0 to MaxFirst; 0 gives no items, and More says whether there are any
	After Cursor  // begin after this item; "" begins at the first
	Total bool    // count all pages too
	AsOf  un.Date // keep what is in force on that day: the node, and in a hop the edge; "" keeps all
}

// A Direction says which way a hop follows an edge.
type Direction string

// The directions, with the schema's names.
const (
	Out  Direction = "OUT"
	In   Direction = "IN"
	Both Direction = "BOTH"
)

// A Hop leads from nodes over some relations to nodes of one kind. With Edges there is an item for each edge, ordered by
// the node's key, then by the edge's id; without there is one for each node, however many edges reach it, with that of
// its edges, among those in force, whose id is the smallest.
type Hop struct {
	Relations []un.Relation
	Direction Direction
	Kind      un.Kind
	Edges     bool
}

// OrderOf is the order asked for, the kind's own where none is.
func (s Select) OrderOf() string {
	if s.Order == "" && len(un.Orders[s.Kind]) > 0 {
		return un.Orders[s.Kind][0]
	}
	return s.Order
}

// Check refuses what no store may see: every name that a store may write into a query text comes from a closed table.
func (s Select) Check(h *Hop) error {
	switch {
	case un.Orders[s.Kind] == nil:
		return fmt.Errorf("%w: there is no kind %q", ErrInvalid, s.Kind)
	case !slices.Contains(un.Orders[s.Kind], s.OrderOf()):
		return fmt.Errorf("%w: %s has no order %q; it has %s", ErrInvalid, s.Kind, s.Order, strings.Join(un.Orders[s.Kind], ", "))
	case s.First < 0 || s.First > MaxFirst:
		return fmt.Errorf("%w: first is %d; it must be from 0 to %d", ErrInvalid, s.First, MaxFirst)
	}
	if s.AsOf != "" {
		if _, err := un.ParseDate(string(s.AsOf)); err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
	}
	if h != nil {
		if err := h.Check(); err != nil {
			return err
		}
		if h.Kind != s.Kind {
			return fmt.Errorf("%w: the hop leads to %s, not to %s", ErrInvalid, h.Kind, s.Kind)
		}
	}
	if s.Where != nil {
		if err := s.Where.Check(s.Kind); err != nil {
			return err
		}
	}
	_, err := s.Position(h)
	return err
}

// Check refuses a hop that is not of the closed tables.
func (h Hop) Check() error {
	if un.Orders[h.Kind] == nil {
		return fmt.Errorf("%w: there is no kind %q", ErrInvalid, h.Kind)
	}
	if !slices.Contains([]Direction{Out, In, Both}, h.Direction) {
		return fmt.Errorf("%w: there is no direction %q", ErrInvalid, h.Direction)
	}
	for _, r := range h.Relations {
		if _, ok := un.JoinOf(r); !ok {
			return fmt.Errorf("%w: there is no relation %q", ErrInvalid, r)
		}
	}
	return nil
}

// A Cursor names an item of a list for ever: it outlives a restart and is the same in every store. It holds the item's
// stored key and names the list's kind, order, direction and, in a hop, its relations; no other list takes it.
type Cursor string

// cursorVersion begins every cursor; a change of the keys' form changes it.
const cursorVersion = "1"

// CursorAt is the cursor of an item of the list that s, over h where it is a hop, asks for.
func (s Select) CursorAt(h *Hop, key string) Cursor {
	return CursorIn(s.list(h), key)
}

// CursorIn is the cursor of an item in a list that no Select asks for. list is its name, and may have NUL bytes.
func CursorIn(list, key string) Cursor {
	return Cursor(base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + "\x00" + list + "\x00" + key)))
}

// Position is the stored key that After holds, "" where After is empty. A cursor of another list is refused.
func (s Select) Position(h *Hop) (string, error) {
	parts := 2
	if h != nil && h.Edges {
		parts = 3
	}
	key, err := s.After.In(s.list(h), parts)
	if err == nil && key != "" && key[0] != '0' && key[0] != '1' {
		err = fmt.Errorf("%w: the cursor %q is damaged", ErrInvalid, shorten(string(s.After)))
	}
	return key, err
}

// In is the key, of as many parts, that a cursor of a list holds; "" where there is no cursor. A cursor of another list is
// refused.
func (c Cursor) In(list string, parts int) (string, error) {
	if c == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(string(c))
	key, found := strings.CutPrefix(string(text), cursorVersion+"\x00"+list+"\x00")
	switch {
	case err != nil || !utf8.Valid(text) || !strings.HasPrefix(string(text), cursorVersion+"\x00"):
		return "", fmt.Errorf("%w: the cursor %q is none of ours; use an edge's cursor, or pageInfo.endCursor", ErrInvalid, shorten(string(c)))
	case !found:
		return "", fmt.Errorf("%w: the cursor %q is of another list, order or direction; use one of this list, asked in the same order", ErrInvalid, shorten(string(c)))
	case len(strings.Split(key, "\x00")) != parts || key == "":
		return "", fmt.Errorf("%w: the cursor %q is damaged", ErrInvalid, shorten(string(c)))
	}
	return key, nil
}

// list names the list that a cursor belongs to.
func (s Select) list(h *Hop) string {
	direction := "ASC"
	if s.Desc {
		direction = "DESC"
	}
	parts := []string{string(s.Kind), s.OrderOf(), direction}
	if h != nil {
		relations := slices.Clone(h.Relations)
		slices.Sort(relations)
		way := string(h.Direction)
		for _, r := range slices.Compact(relations) {
			way += " " + string(r)
		}
		parts = append(parts, way)
	}
	return strings.Join(parts, "\x00")
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

// KeyOf is the stored key of an item in the order that s asks for.
func (s Select) KeyOf(h *Hop, n un.Node, e *un.Edge) string {
	key := un.OrderKey(n, s.OrderOf(), s.Desc)
	if h != nil && h.Edges {
		key += "\x00" + string(e.ID)
	}
	return key
}

// Compare orders the keys of two items. It is the meaning of Order, Desc and After.
func (s Select) Compare(a, b string) int {
	if s.Desc {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

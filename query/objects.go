package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mandategraph/store"
	"mandategraph/un"
)

// stated are the kinds whose ids begin with that of their document, "mandate:A/RES/80/173#99/igf-permanent", and the
// hop to them from it.
var stated = map[string]store.Hop{"provision": Provisions, "mandate": DocMandates, "deadline": DocDeadlines, "cycle": DocCycles}

// statedPages is how many pages of them a message about an unknown one is made of.
const statedPages = 10

// Objects gives the nodes that people name, in their order: any by its id, bodies also by acronym, documents also by
// symbol. A name that means nothing, or two things, is an error that wraps store.ErrInvalid and says what is near.
func (n *Names) Objects(ctx context.Context, r store.Reader, names []un.ID) ([]un.Node, error) {
	x, err := n.index(ctx, r)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(names)
	for i, name := range names {
		found := x.object(string(name))
		if len(found) > 1 {
			return nil, fmt.Errorf("%w: %q means several: %s; use an id", store.ErrInvalid, name, join(found))
		}
		if len(found) == 1 {
			ids[i] = found[0]
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := r.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]un.Node, len(ids))
	for i, id := range ids {
		if nodes[i] = known[id]; nodes[i] == nil || nodes[i].NodeKind() == un.KindBasis { // which is no object of the API
			return nil, x.unknown(ctx, r, string(names[i]))
		}
	}
	return nodes, nil
}

// object is what a name with or without a kind means; nothing where it may be an id of another kind.
func (x *index) object(name string) []un.ID {
	prefix, _ := split(name)
	for kind, word := range namedKinds {
		if word == prefix {
			return x.lookup(kind, name)
		}
	}
	if _, ok := stated[prefix]; ok {
		return nil
	}
	return append(slices.Clone(x.lookup(un.KindBody, name)), x.lookup(un.KindDocument, name)...)
}

// unknown says that a name means nothing, and what is near.
func (x *index) unknown(ctx context.Context, r store.Reader, name string) error {
	prefix, rest := split(name)
	for kind, word := range namedKinds {
		if word == prefix {
			return fmt.Errorf("%w: there is no %s %q%s", store.ErrInvalid, word, name, x.hint(name, kind))
		}
	}
	hop, ok := stated[prefix]
	if !ok {
		return fmt.Errorf("%w: there is no body or document %q%s", store.ErrInvalid, name, x.hint(name, un.KindBody, un.KindDocument))
	}
	symbol, rest, _ := strings.Cut(rest, "#")
	document := x.lookup(un.KindDocument, symbol)
	if len(document) != 1 {
		return fmt.Errorf("%w: there is no %s %q: its document %q is unknown%s", store.ErrInvalid, prefix, name, symbol, x.hint(symbol, un.KindDocument))
	}
	near := map[string]un.ID{}
	s := store.Select{Kind: hop.Kind, First: store.MaxFirst}
	for range statedPages {
		pages, err := r.Neighbors(ctx, document, hop, s)
		if err != nil {
			return err
		}
		p := pages[document[0]]
		for _, item := range p.Items {
			_, place, _ := strings.Cut(string(item.Node.Key()), "#")
			near[un.Fold(place)] = item.Node.Key()
			s.After = s.CursorAt(&hop, item.Key)
		}
		if !p.More {
			break
		}
	}
	if best, _ := nearest(rest, maps.Keys(near)); best != "" { // of one document: any of them is near
		return fmt.Errorf("%w: there is no %s %q; did you mean %q?", store.ErrInvalid, prefix, name, near[best])
	}
	return fmt.Errorf("%w: there is no %s %q; the query document(symbol: %q) lists what there is", store.ErrInvalid, prefix, name, document[0].Name())
}

// split parts an id into what its kind is called and the rest; what has no colon is no id.
func split(name string) (prefix, rest string) {
	if prefix, rest, ok := strings.Cut(name, ":"); ok {
		return prefix, rest
	}
	return "", name
}

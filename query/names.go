package query

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"mandategraph/store"
	"mandategraph/un"
)

// Names knows what people call bodies, documents and sessions: it keeps one index for each of the last few loads of the
// graph, read from the store when a load is first asked about. It may be used by several goroutines at once.
type Names struct {
	Retired map[un.ID]un.ID // the successors of ids that are gone; set before the first question

	mu      sync.Mutex
	recent  []*index // newest last
	reading sync.Mutex
}

// loads is how many loads are kept: the current one, and those that running operations still read.
const loads = 4

// An index has the names of one load.
type index struct {
	version string
	ids     map[un.Kind]map[string][]un.ID // by folded name
	known   map[un.ID]bool
}

// namedKinds are the kinds that arguments and filters name.
var namedKinds = map[un.Kind]string{un.KindBody: "body", un.KindDocument: "document", un.KindSession: "session"}

// Resolve gives the ids of nodes that people name: bodies by id or acronym, documents by id or symbol as written,
// sessions by id. A name that means nothing, or two things, is an error that wraps store.ErrInvalid and says what is near.
func (n *Names) Resolve(ctx context.Context, r store.Reader, kind un.Kind, names []un.ID) ([]un.ID, error) {
	x, err := n.index(ctx, r)
	if err != nil {
		return nil, err
	}
	ids := make([]un.ID, len(names))
	for i, name := range names {
		found := n.lookup(x, kind, string(name))
		switch len(found) {
		case 1:
			ids[i] = found[0]
		case 0:
			return nil, fmt.Errorf("%w: there is no %s %q%s", store.ErrInvalid, namedKinds[kind], name, x.hint(string(name), kind))
		default:
			return nil, fmt.Errorf("%w: %q means several: %s; use an id", store.ErrInvalid, name, join(found))
		}
	}
	return ids, nil
}

// Lookup is Resolve for one object that is asked for: "" where there is none, or none alone.
func (n *Names) Lookup(ctx context.Context, r store.Reader, kind un.Kind, name string) (un.ID, error) {
	x, err := n.index(ctx, r)
	if err != nil {
		return "", err
	}
	if found := n.lookup(x, kind, name); len(found) == 1 {
		return found[0], nil
	}
	return "", nil
}

// lookup follows an id that is gone to its successor: a calendar that was subscribed to by it goes on.
func (n *Names) lookup(x *index, kind un.Kind, name string) []un.ID {
	found := x.lookup(kind, name)
	for _, id := range []un.ID{un.ID(name), un.ID(namedKinds[kind] + ":" + name)} {
		if successor := n.Retired[id]; len(found) == 0 && x.known[successor] && strings.HasPrefix(string(successor), namedKinds[kind]+":") {
			found = []un.ID{successor}
		}
	}
	return found
}

// index is the index of r's load.
func (n *Names) index(ctx context.Context, r store.Reader) (*index, error) {
	if x := n.kept(r.Version()); x != nil {
		return x, nil
	}
	n.reading.Lock() // one reads, the others wait for what it finds
	defer n.reading.Unlock()
	if x := n.kept(r.Version()); x != nil {
		return x, nil
	}
	x, err := readIndex(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("reading the names: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.recent = append(n.recent, x)
	n.recent = slices.Clone(n.recent[max(0, len(n.recent)-loads):])
	return x, nil
}

func (n *Names) kept(version string) *index {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, x := range n.recent {
		if x.version == version {
			return x
		}
	}
	return nil
}

func readIndex(ctx context.Context, r store.Reader) (*index, error) {
	x := &index{r.Version(), map[un.Kind]map[string][]un.ID{}, map[un.ID]bool{}}
	for kind := range namedKinds {
		x.ids[kind] = map[string][]un.ID{}
		s := store.Select{Kind: kind, First: store.MaxFirst}
		for {
			page, err := r.Find(ctx, s)
			if err != nil {
				return nil, err
			}
			for _, item := range page.Items {
				x.add(item.Node)
				s.After = s.CursorAt(nil, item.Key)
			}
			if !page.More {
				break
			}
		}
	}
	return x, nil
}

func (x *index) add(n un.Node) {
	x.known[n.Key()] = true
	names := []string{n.Key().Name()}
	switch n := n.(type) {
	case *un.Body:
		names = append(names, n.Acronym)
		for _, name := range n.Names {
			names = append(names, name)
		}
	case *un.Document:
		names = append(names, n.Symbol)
	}
	byName := x.ids[n.NodeKind()]
	for _, name := range names {
		if name = un.Fold(name); name != "" && !slices.Contains(byName[name], n.Key()) {
			byName[name] = append(byName[name], n.Key())
		}
	}
}

func (x *index) lookup(kind un.Kind, name string) []un.ID {
	if id := un.ID(name); x.known[id] && strings.HasPrefix(name, namedKinds[kind]+":") {
		return []un.ID{id}
	}
	name = strings.TrimSpace(name)
	if found := x.ids[kind][un.Fold(name)]; len(found) > 0 {
		return found
	}
	if kind == un.KindDocument {
		if symbol, ok := un.ParseSymbol(strings.TrimPrefix(name, "document:")); ok {
			return x.ids[kind][un.Fold(symbol)]
		}
	}
	return nil
}

// hint is what a message adds about a name that means nothing: what is near in one of the kinds.
func (x *index) hint(name string, kinds ...un.Kind) string {
	var best []un.ID
	distance := 0
	for _, kind := range kinds {
		if found, d := x.nearest(kind, name); found != nil && (best == nil || d < distance) {
			best, distance = found, d
		}
	}
	lists := "the queries bodies and documents list what there is"
	if len(kinds) == 1 {
		lists = map[un.Kind]string{
			un.KindBody:     "the query bodies and /export/bodies.csv list what there is",
			un.KindDocument: "the query documents and /export/documents.csv list what there is",
			un.KindSession:  "the query sessions lists what there is",
		}[kinds[0]]
	}
	switch {
	case best == nil:
		return "; " + lists
	case distance <= near(name):
		return fmt.Sprintf("; did you mean %s?", join(best))
	}
	return fmt.Sprintf("; the nearest is %s; %s", join(best), lists)
}

// near is how many letters may differ in a name that was meant.
func near(name string) int { return max(1, len(un.Fold(name))/3) }

// longName is the length beyond which a name is compared with nothing.
const longName = 200

// nearest is what the nearest name means, and how far off it is; nil where there is none, or the name is too long.
func (x *index) nearest(kind un.Kind, name string) ([]un.ID, int) {
	name = strings.TrimPrefix(name, namedKinds[kind]+":")
	if symbol, ok := un.ParseSymbol(name); ok && kind == un.KindDocument {
		name = symbol
	}
	if kind == un.KindSession {
		if best := x.nearestSession(name); best != "" {
			return x.ids[kind][best], 1
		}
	}
	best, distance := nearest(name, maps.Keys(x.ids[kind]))
	return x.ids[kind][best], distance
}

// nearestSession is that of the same body whose number is the nearest, the later of two, "" where the body has none.
func (x *index) nearestSession(name string) (best string) {
	split := func(name string) (body string, n int, ok bool) {
		i := strings.LastIndex(name, "-")
		if i < 0 {
			return "", 0, false
		}
		n, err := strconv.Atoi(name[i+1:])
		return name[:i], n, err == nil
	}
	body, wanted, ok := split(un.Fold(name))
	if !ok {
		return ""
	}
	least := 0
	for other := range x.ids[un.KindSession] {
		of, n, ok := split(other)
		if far := max(wanted-n, n-wanted); ok && of == body && (best == "" || far < least || far == least && n > wanted) {
			best, least = other, far
		}
	}
	return best
}

// Nearest is the one of some words that was meant by another, "" where none is near.
func Nearest(word string, among []string) string {
	folded := map[string]string{}
	for _, other := range among {
		folded[un.Fold(other)] = other
	}
	best, distance := nearest(word, maps.Keys(folded))
	if best == "" || distance > near(word) {
		return ""
	}
	return folded[best]
}

// nearest is the nearest of some folded names, the first of those that are as near; "" where there is none.
func nearest(name string, among iter.Seq[string]) (best string, distance int) {
	wanted := un.Fold(name)
	if len(wanted) > longName {
		return "", 0
	}
	for other := range among {
		if d := apart(wanted, other); best == "" || d < distance || d == distance && other < best {
			best, distance = other, d
		}
	}
	return best, distance
}

// apart is the Levenshtein distance of two names, where two letters that changed places, the commonest slip, count as one.
func apart(a, b string) int {
	d := levenshtein.ComputeDistance(a, b)
	if d != 2 || len(a) != len(b) {
		return d
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			if a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
				return 1
			}
			break
		}
	}
	return d
}

func join(ids []un.ID) string {
	ids = slices.SortedFunc(slices.Values(ids), cmp.Compare[un.ID])
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = fmt.Sprintf("%q", id)
	}
	return strings.Join(texts, " or ")
}

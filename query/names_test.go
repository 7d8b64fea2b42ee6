package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// A library is a reader of one load that counts what it is asked.
type library struct {
	store.Reader
	version string

	mu    sync.Mutex
	finds map[un.Kind]int // first pages, by kind
	fail  un.Kind         // whose next list fails

	asked chan struct{} // where it is not nil, each list that is asked for gives it a value, then waits for one of reply
	reply chan struct{}
}

var errBroken = fmt.Errorf("%w: broken", store.ErrUnavailable)

func (l *library) Version() string { return l.version }

func (l *library) Find(ctx context.Context, s store.Select) (store.Page, error) {
	if l.asked != nil {
		l.asked <- struct{}{}
		<-l.reply
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.finds == nil {
		l.finds = map[un.Kind]int{}
	}
	if s.After == "" {
		l.finds[s.Kind]++
	}
	if l.fail == s.Kind {
		l.fail = ""
		return store.Page{}, errBroken
	}
	return l.Reader.Find(ctx, s)
}

// reads is how often the names were read: each time, the list of each kind that has names.
func (l *library) reads(t *testing.T) int {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	bodies, documents, sessions := l.finds[un.KindBody], l.finds[un.KindDocument], l.finds[un.KindSession]
	if bodies != documents || documents != sessions || len(l.finds) > 3 {
		t.Errorf("the lists were read %v times", l.finds)
	}
	return bodies
}

// towns has bodies whose names are near or the same, and more of them than fit on one page.
func towns() un.Graph {
	g := world()
	french := body("itu", "ITU", "International Telecommunication Union")
	french.Names["FR"] = "Union internationale des télécommunications"
	g.Nodes = append(g.Nodes, french, body("geneva-talks", "TALKS", "Talks of Geneva"), body("tunis-talks", "TALKS", "Talks of Tunis"), body("talks-office", "TALKO", "Office"))
	for i := range store.MaxFirst + 1 {
		g.Nodes = append(g.Nodes, body(fmt.Sprintf("town-%03d", i), "", fmt.Sprintf("The town that has the number %03d", i)))
	}
	return g
}

func TestResolve(t *testing.T) {
	r, names := open(t, towns()), new(query.Names)
	for _, c := range []struct {
		kind un.Kind
		id   un.ID
		said []un.ID
	}{
		{un.KindBody, "body:igf", ids{"body:igf", "IGF", "igf", "iGf", " IGF ", "Internet Governance Forum", "internet GOVERNANCE forum"}},
		{un.KindBody, "body:ai-panel", ids{"body:ai-panel", "ai-panel", "International Scientific Panel"}},
		{un.KindBody, "body:itu", ids{"ITU", "Union internationale des telecommunications"}},
		{un.KindBody, "body:town-100", ids{"body:town-100", "The town that has the number 100"}}, // on the second page
		{un.KindDocument, "document:A/RES/80/173", ids{
			"document:A/RES/80/173", "A/RES/80/173", "a/res/80/173", "80/173", "resolution 80/173", "General Assembly resolution 80/173",
			"document:80/173", " 80/173 ", "https://docs.un.org/en/A/RES/80/173",
		}},
		{un.KindDocument, "document:E/RES/2023/3", ids{"2023/3", "ECOSOC resolution 2023/3"}},
		{un.KindDocument, "document:roadmap", ids{"document:roadmap", "roadmap"}},
		{un.KindSession, "session:cstd-30", ids{"session:cstd-30", "cstd-30", "CSTD-30"}},
	} {
		for _, name := range c.said {
			got, err := names.Resolve(t.Context(), r, c.kind, ids{name})
			if err != nil || len(got) != 1 || got[0] != c.id {
				t.Errorf("%s %q: %v, %v, want %s", c.kind, name, got, err, c.id)
			}
			if id, err := names.Lookup(t.Context(), r, c.kind, string(name)); id != c.id || err != nil {
				t.Errorf("looking up %s %q: %q, %v, want %s", c.kind, name, id, err, c.id)
			}
		}
	}
	t.Run("several, in their order", func(t *testing.T) {
		got, err := names.Resolve(t.Context(), r, un.KindBody, ids{"ITU", "IGF", "ITU"})
		if want := (ids{"body:itu", "body:igf", "body:itu"}); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := names.Resolve(t.Context(), r, un.KindBody, nil); len(got) > 0 || err != nil {
			t.Errorf("none: %v, %v", got, err)
		}
	})
}

func TestUnknownNames(t *testing.T) {
	r, names := open(t, towns()), new(query.Names)
	for _, c := range []struct {
		kind       un.Kind
		name, want string
	}{
		{un.KindBody, "IGFF", `there is no body "IGFF"; did you mean "body:igf"?`},
		{un.KindBody, "IFG", `there is no body "IFG"; did you mean "body:igf"?`}, // two letters that changed places
		{un.KindBody, "body:igff", `there is no body "body:igff"; did you mean "body:igf"?`},
		{un.KindBody, "Internet Governance Form", `there is no body "Internet Governance Form"; did you mean "body:igf"?`},
		{un.KindBody, "TALKZ", `there is no body "TALKZ"; did you mean "body:talks-office"?`}, // of two as near, the first: TALKO before TALKS
		{un.KindBody, "TALKSS", `there is no body "TALKSS"; did you mean "body:geneva-talks" or "body:tunis-talks"?`},
		{un.KindBody, "World Chess Federation", `there is no body "World Chess Federation"; the nearest is "body:geneva-talks"; the query bodies and /export/bodies.csv list what there is`},
		{un.KindBody, "the Forum", `there is no body "the Forum"; the nearest is "body:ecosoc"; the query bodies and /export/bodies.csv list what there is`}, // texts say it, but of many
		{un.KindBody, "document:A/RES/80/173", `there is no body "document:A/RES/80/173"; the nearest is "body:town-013"; the query bodies and /export/bodies.csv list what there is`},
		{un.KindDocument, "body:igf", `there is no document "body:igf"; the nearest is "document:roadmap"; the query documents and /export/documents.csv list what there is`},
		{un.KindDocument, "80/174", `there is no document "80/174"; did you mean "document:A/RES/80/173"?`},
		{un.KindDocument, "the Charter", `there is no document "the Charter"; the nearest is "document:roadmap"; the query documents and /export/documents.csv list what there is`},
		{un.KindSession, "session:cstd-31", `there is no session "session:cstd-31"; did you mean "session:cstd-30"?`},
		{un.KindSession, "the last one", `there is no session "the last one"; the nearest is "session:cstd-30"; the query sessions lists what there is`},
		{un.KindBody, strings.Repeat("x", 201), fmt.Sprintf(`there is no body %q; the query bodies and /export/bodies.csv list what there is`, strings.Repeat("x", 201))}, // nothing is near; nothing is tried
		{un.KindBody, "Talks", `"Talks" means several: "body:geneva-talks" or "body:tunis-talks"; use an id`},
	} {
		got, err := names.Resolve(t.Context(), r, c.kind, ids{un.ID(c.name)})
		if got != nil || !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s %q: %v, %v", c.kind, c.name, got, err)
		} else if want := store.ErrInvalid.Error() + ": " + c.want; err.Error() != want {
			t.Errorf("%s\nwant %s", err, want)
		}
		if id, err := names.Lookup(t.Context(), r, c.kind, c.name); id != "" || err != nil {
			t.Errorf("looking up %s %q: %q, %v", c.kind, c.name, id, err)
		}
	}
}

func TestNamesAreReadOncePerLoad(t *testing.T) {
	resolve := func(t *testing.T, names *query.Names, l *library) error {
		_, err := names.Resolve(t.Context(), l, un.KindBody, ids{"IGF"})
		return err
	}
	t.Run("and kept", func(t *testing.T) {
		l, names := &library{Reader: open(t, towns()), version: "1"}, new(query.Names)
		for range 3 {
			if err := resolve(t, names, l); err != nil {
				t.Fatal(err)
			}
			if _, err := names.Lookup(t.Context(), l, un.KindDocument, "nothing"); err != nil {
				t.Fatal(err)
			}
		}
		if got := l.reads(t); got != 1 {
			t.Errorf("read %d times", got)
		}
	})
	t.Run("by all who ask at once", func(t *testing.T) {
		l, names := &library{Reader: open(t, towns()), version: "1", asked: make(chan struct{}), reply: make(chan struct{})}, new(query.Names)
		var wg sync.WaitGroup
		ask := func() {
			wg.Go(func() {
				if err := resolve(t, names, l); err != nil {
					t.Error(err)
				}
			})
		}
		ask()
		<-l.asked // one reads, and now the others come
		for range 20 {
			ask()
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		for {
			select {
			case l.reply <- struct{}{}:
				continue
			case <-l.asked:
				continue
			case <-done:
			}
			break
		}
		if got := l.reads(t); got != 1 {
			t.Errorf("read %d times", got)
		}
	})
	t.Run("for each of four loads", func(t *testing.T) {
		r, names := open(t, world()), new(query.Names)
		loads := map[string]*library{}
		for _, step := range []struct {
			version string
			reads   int // of this load, so far
		}{
			{"1", 1},
			{"2", 1},
			{"1", 1},
			{"3", 1},
			{"4", 1},
			{"1", 1},
			{"5", 1},
			{"2", 1},
			{"3", 1},
			{"4", 1},
			{"5", 1},
			{"1", 2}, // which went when the fifth came
			{"3", 1},
			{"4", 1},
			{"5", 1},
			{"2", 2},
		} {
			l := loads[step.version]
			if l == nil {
				l = &library{Reader: r, version: step.version}
				loads[step.version] = l
			}
			if err := resolve(t, names, l); err != nil {
				t.Fatal(err)
			}
			if got := l.reads(t); got != step.reads {
				t.Errorf("load %s: read %d times, want %d", step.version, got, step.reads)
			}
		}
	})
	t.Run("each with its own names", func(t *testing.T) {
		names, later := new(query.Names), world()
		later.Nodes = append(later.Nodes, body("new", "NEW", "New body"))
		old, young := open(t, world()), open(t, later)
		for range 2 {
			if id, err := names.Lookup(t.Context(), old, un.KindBody, "NEW"); id != "" || err != nil {
				t.Errorf("the old load has %q, %v", id, err)
			}
			if id, err := names.Lookup(t.Context(), young, un.KindBody, "NEW"); id != "body:new" || err != nil {
				t.Errorf("the new load has %q, %v", id, err)
			}
		}
	})
}

func TestAFailedReadIsNotKept(t *testing.T) {
	for _, kind := range []un.Kind{un.KindBody, un.KindDocument, un.KindSession} {
		l, names := &library{Reader: open(t, world()), version: "1", fail: kind}, new(query.Names)
		if got, err := names.Resolve(t.Context(), l, un.KindBody, ids{"IGF"}); got != nil || !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v, %v", kind, got, err)
		}
		for _, named := range []struct {
			kind un.Kind
			name string
		}{{un.KindBody, "IGF"}, {un.KindDocument, "80/173"}, {un.KindSession, "cstd-30"}} {
			if id, err := names.Lookup(t.Context(), l, named.kind, named.name); id == "" || err != nil {
				t.Errorf("after a failure with %s, %s is %q, %v", kind, named.name, id, err)
			}
		}
	}
	t.Run("when the asker goes away", func(t *testing.T) {
		l, names := &library{Reader: open(t, world()), version: "1"}, new(query.Names)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := names.Lookup(ctx, l, un.KindBody, "IGF"); !errors.Is(err, context.Canceled) {
			t.Errorf("it says %v", err)
		}
		if id, err := names.Lookup(t.Context(), l, un.KindBody, "IGF"); id != "body:igf" || err != nil {
			t.Errorf("then %q, %v", id, err)
		}
	})
	t.Run("when the asker goes away while others wait", func(t *testing.T) {
		l, names := &library{Reader: open(t, world()), version: "1", asked: make(chan struct{}), reply: make(chan struct{})}, new(query.Names)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := names.Lookup(ctx, l, un.KindBody, "IGF"); !errors.Is(err, context.Canceled) {
				t.Errorf("the first: %v", err)
			}
		})
		<-l.asked
		wg.Go(func() {
			if id, err := names.Lookup(t.Context(), l, un.KindBody, "IGF"); id != "body:igf" || err != nil {
				t.Errorf("the second: %q, %v", id, err)
			}
		})
		cancel()
		l.reply <- struct{}{}
		for range 3 { // the second reads for itself
			<-l.asked
			l.reply <- struct{}{}
		}
		wg.Wait()
	})
}

// An id that is gone means its successor, where the store knows that and it is of the same kind.
func TestRetiredNames(t *testing.T) {
	names := &query.Names{Retired: map[un.ID]un.ID{"body:old-forum": "body:igf", "body:lost": "body:nowhere", "session:old": "body:igf"}}
	r := open(t, world())
	for _, name := range []string{"body:old-forum", "old-forum"} {
		ids, err := names.Resolve(t.Context(), r, un.KindBody, []un.ID{un.ID(name)})
		if err != nil || len(ids) != 1 || ids[0] != "body:igf" {
			t.Errorf("%s is %v, %v", name, ids, err)
		}
		if id, err := names.Lookup(t.Context(), r, un.KindBody, name); err != nil || id != "body:igf" {
			t.Errorf("%s is %v, %v", name, id, err)
		}
	}
	for kind, name := range map[un.Kind]un.ID{un.KindBody: "body:lost", un.KindSession: "session:old"} {
		if ids, err := names.Resolve(t.Context(), r, kind, []un.ID{name}); err == nil {
			t.Errorf("%s is %v", name, ids)
		}
	}
}

// A session that a body has not had is near to that with the nearest number, whatever its name looks like.
func TestTheNearestSession(t *testing.T) {
	var g un.Graph
	for _, name := range []string{"cstd-1", "cstd-28", "cstd-30", "general-assembly-80", "wsis-2"} {
		g.Nodes = append(g.Nodes, &un.Session{Record: record("session:" + un.ID(name)), Name: name})
	}
	names, r := new(query.Names), open(t, g)
	for name, want := range map[un.ID]string{
		"session:cstd-31": "session:cstd-30", "cstd-99": "session:cstd-30", "CSTD-2": "session:cstd-1", "cstd-29": "session:cstd-30", "cstd-3O": "session:cstd-30",
		"general-assembly-8": "session:general-assembly-80", "wsis-3": "session:wsis-2",
	} {
		if ids, err := names.Resolve(t.Context(), r, un.KindSession, []un.ID{name}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("did you mean %q?", want)) {
			t.Errorf("%s is %v, %v; want %s", name, ids, err, want)
		}
	}
}

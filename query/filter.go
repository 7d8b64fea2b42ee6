package query

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"mandategraph/store"
	"mandategraph/un"
)

// Where is a filter as GraphQL or a query string gives it: member to value. Every member is optional, members of one
// object mean "and", lists mean "any of"; null is as if not given.
type Where = map[string]any

// Text is the value of a member that compares text; case and accents do not matter.
type Text struct {
	Is       []string
	Contains string
}

// Days is the value of a member that compares dates: what overlaps the days from From to To, both included.
type Days struct {
	From, To un.Date
	Known    *bool
}

// Asked is what filters are read against: the names in one load of the graph, and the day that statuses are derived for.
type Asked struct {
	Reader store.Reader
	Names  *Names
	Day    un.Date
}

// A member makes a filter of one member's value.
type member func(ctx context.Context, a Asked, value any) (store.Filter, error)

// members has the filters of each kind: a new one is a line here and a line in schema.graphqls; a test compares the two.
var members = map[un.Kind]map[string]member{
	un.KindBody: {
		"id": named(un.KindBody), "name": text("name"), "kind": is("kind"), "standing": is("standing"),
		"parent": linked(Parents), "established": days("established"),
	},
	un.KindDocument: {
		"symbol": symbol, "title": text("title"), "type": is("type"), "adoptedBy": linked(Adopter), "adoptedOn": days("adoptedOn"),
	},
	un.KindProvision: {"document": linked(ProvisionOf)},
	un.KindMandate: {
		"verb": is("verb"), "kind": is("kind"), "holder": linked(Holders), "addressee": linked(Addressees),
		"document": linked(StatedIn), "title": text("title"), "since": days("since"), "until": days("until"),
		"status": status(mandateStatus),
	},
	un.KindDeadline: {
		"kind": is("kind"), "due": days("due"), "session": linked(DueAt), "obligor": linked(Obligors), "forum": linked(Forum),
		"body": inAnyRole(un.KindDeadline), "document": linked(StatedIn), "title": text("title"),
		"status": status(deadlineStatus),
	},
	un.KindCycle: {
		"kind": is("kind"), "frequency": is("frequency"), "obligor": linked(Obligors), "addressee": linked(Addressees),
		"body": inAnyRole(un.KindCycle), "document": linked(StatedIn),
	},
	un.KindSession: {"body": linked(SessionBody), "ordinal": is("ordinal"), "dates": days("dates")},
}

// Members has the names of the members that the filter of a kind may have, sorted.
func Members(kind un.Kind) []string { return slices.Sorted(maps.Keys(members[kind])) }

// roles are the ways in which a body takes part in a deadline or a cycle: as obligor, addressee, station of the route,
// forum, the body whose session it is, holder or addressee of the mandate that it rests on.
var roles = map[un.Kind][][]store.Hop{
	un.KindDeadline: {{Obligors}, {Forum}, {DueAt, SessionBody}, {Mandate, Holders}, {Mandate, Addressees}},
	un.KindCycle:    {{Obligors}, {Addressees}, {Route}, {Mandate, Holders}, {Mandate, Addressees}},
}

// inAnyRole is what `body` means in every filter.
func inAnyRole(kind un.Kind) member {
	return func(ctx context.Context, a Asked, value any) (store.Filter, error) {
		var or store.Or
		for _, hops := range roles[kind] {
			f, err := linked(hops...)(ctx, a, value)
			if err != nil {
				return nil, err
			}
			or = append(or, f)
		}
		return or, nil
	}
}

// Filter is what where asks of the nodes of a kind; an empty And where it asks nothing. Its errors wrap
// store.ErrInvalid and name the member.
func (a Asked) Filter(ctx context.Context, kind un.Kind, where Where) (store.And, error) {
	and := store.And{}
	for _, name := range slices.Sorted(maps.Keys(where)) {
		f, err := a.member(ctx, kind, name, where[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if f != nil {
			and = append(and, f)
		}
	}
	return and, nil
}

func (a Asked) member(ctx context.Context, kind un.Kind, name string, value any) (store.Filter, error) {
	if !given(value) {
		return nil, nil
	}
	switch name {
	case "not":
		f, err := a.Filter(ctx, kind, value.(Where))
		return store.Not{Filter: f}, err
	case "and", "or":
		var all []store.Filter
		for _, where := range value.([]Where) {
			f, err := a.Filter(ctx, kind, where)
			if err != nil {
				return nil, err
			}
			all = append(all, f)
		}
		if name == "or" {
			return store.Or(all), nil
		}
		return store.And(all), nil
	}
	make, ok := members[kind][name]
	if !ok {
		return nil, fmt.Errorf("%w: %s has no such member", store.ErrInvalid, kind)
	}
	return make(ctx, a, value)
}

// given says whether a member has a value: null is as if it had none.
func given(value any) bool {
	v := reflect.ValueOf(value)
	return v.IsValid() && ((v.Kind() != reflect.Pointer && v.Kind() != reflect.Map && v.Kind() != reflect.Slice) || !v.IsNil())
}

// is keeps what equals any of the values.
func is(field string) member {
	return func(_ context.Context, _ Asked, value any) (store.Filter, error) {
		return store.Cond{Field: field, Op: store.Is, Values: words(value)}, nil
	}
}

// words are the texts of a list of enum values, strings or numbers.
func words(list any) []string {
	v := reflect.ValueOf(list)
	out := make([]string, v.Len())
	for i := range out {
		if item := v.Index(i); item.CanInt() {
			out[i] = un.Number(int(max(item.Int(), 0)))
		} else {
			out[i] = item.String()
		}
	}
	return out
}

// named keeps the nodes that people name by id, acronym or symbol.
func named(kind un.Kind) member {
	return func(ctx context.Context, a Asked, value any) (store.Filter, error) {
		ids, err := a.Names.Resolve(ctx, a.Reader, kind, value.([]un.ID))
		return store.Cond{Field: "id", Op: store.Is, Values: words(ids)}, err
	}
}

// linked keeps what leads over the hops to a node that people name.
func linked(hops ...store.Hop) member {
	last := named(hops[len(hops)-1].Kind)
	return func(ctx context.Context, a Asked, value any) (store.Filter, error) {
		f, err := last(ctx, a, value)
		for _, h := range slices.Backward(hops) {
			f = store.Has{Hop: h, Where: f}
		}
		return f, err
	}
}

// text keeps what equals any of the texts and has the part.
func text(field string) member {
	return func(_ context.Context, _ Asked, value any) (store.Filter, error) {
		t := value.(*Text)
		and := store.And{}
		if t.Is != nil {
			and = append(and, store.Cond{Field: field, Op: store.Is, Values: t.Is})
		}
		if t.Contains != "" {
			and = append(and, store.Cond{Field: field, Op: store.Contains, Values: []string{t.Contains}})
		}
		return and, nil
	}
}

// symbol compares symbols, and understands every way of writing one that un.ParseSymbol does.
func symbol(ctx context.Context, a Asked, value any) (store.Filter, error) {
	t := *value.(*Text)
	t.Is = slices.Clone(t.Is)
	for i, s := range t.Is {
		if normal, ok := un.ParseSymbol(s); ok {
			t.Is[i] = normal
		}
	}
	return text("symbol")(ctx, a, &t)
}

// days keeps what overlaps the days, or is or is not known.
func days(field string) member {
	return func(_ context.Context, _ Asked, value any) (store.Filter, error) {
		d := value.(*Days)
		and := store.And{}
		if d.From != "" && d.To != "" && d.To < d.From {
			return nil, fmt.Errorf("%w: from %s is after to %s; exchange them", store.ErrInvalid, d.From, d.To)
		}
		if d.From != "" {
			and = append(and, store.Cond{Field: field + ".latest", Op: store.From, Values: []string{string(d.From)}})
		}
		if d.To != "" {
			and = append(and, atMost(field, d.To))
		}
		if d.Known != nil {
			var f store.Filter = store.Cond{Field: field, Op: store.Known}
			if !*d.Known {
				f = store.Not{Filter: f}
			}
			and = append(and, f)
		}
		return and, nil
	}
}

func atMost(field string, day un.Date) store.Filter {
	if day >= un.LastDay {
		return store.Cond{Field: field, Op: store.Known}
	}
	return store.Cond{Field: field, Op: store.Before, Values: []string{string(day.AddDays(1))}}
}

// status keeps what has any of the statuses on the day asked. A status is derived: it is a filter over stored days.
func status[S ~string](filter func(S, un.Date) store.Filter) member {
	return func(_ context.Context, a Asked, value any) (store.Filter, error) {
		or := store.Or{}
		for _, s := range value.([]S) {
			or = append(or, filter(s, a.Day))
		}
		return or, nil
	}
}

// mandateStatus keeps the mandates whose Status is s on day.
func mandateStatus(s un.MandateStatus, day un.Date) store.Filter {
	begun, over := atMost("validFrom", day), atMost("validTo", day)
	succeeded := on("succeeded", day)
	switch s {
	case un.NotYet:
		return store.Not{Filter: begun}
	case un.InForce:
		return store.And{begun, store.Not{Filter: over}}
	case un.Superseded:
		return store.And{begun, over, succeeded}
	}
	return store.And{begun, over, store.Not{Filter: succeeded}}
}

// deadlineStatus keeps the deadlines whose Status is s on day: the first that fits.
func deadlineStatus(s un.DeadlineStatus, day un.Date) store.Filter {
	steps := []struct {
		un.DeadlineStatus
		store.Filter
	}{
		{un.Cancelled, atMost("cancelledOn", day)},
		{un.Met, atMost("metOn", day)},
		{un.DeadlineSuperseded, on("succeeded", day)},
		{un.Undated, store.Not{Filter: store.Cond{Field: "due", Op: store.Known}}},
		{un.Passed, store.Cond{Field: "due.latest", Op: store.Before, Values: []string{string(day)}}},
		{un.DueSoon, atMost("due", day.AddDays(un.SoonDays))},
		{un.Upcoming, store.And{}},
	}
	and := store.And{}
	for _, step := range steps {
		if step.DeadlineStatus == s {
			return append(and, step.Filter)
		}
		and = append(and, store.Not{Filter: step.Filter})
	}
	return store.Or{}
}

// on keeps what has a period in which day lies.
func on(field string, day un.Date) store.Filter {
	return store.And{atMost(field+"From", day), store.Not{Filter: atMost(field+"To", day)}}
}

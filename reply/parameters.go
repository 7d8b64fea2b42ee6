package reply

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"mandategraph/query"
	"mandategraph/store"
	"mandategraph/un"
)

// CalendarParameters are those that Calendar reads.
var CalendarParameters = []string{"body", "obligor", "forum", "document", "kind", "deadlineKind", "from", "to"}

// maxValues is how often a parameter may be given.
const maxValues = 20

// parameters reads a query string strictly: a parameter that is misspelt would otherwise keep nothing out.
func parameters(u *url.URL, allowed []string) (url.Values, error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("%w: the part of the address after ? is not well formed: %w", store.ErrInvalid, err)
	}
	return values, CheckParameters(values, u.Path, allowed)
}

// CheckParameters refuses parameters that what is asked does not have, and such as are empty.
func CheckParameters(values url.Values, of string, allowed []string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		given := values[name]
		if !slices.Contains(allowed, name) {
			hint := ""
			if near := query.Nearest(name, allowed); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			has := strings.Join(slices.Sorted(slices.Values(allowed)), ", ")
			return fmt.Errorf("%w: %s has no parameter %q%s It has %s", store.ErrInvalid, of, name, cmp.Or(hint, "."), cmp.Or(has, "none"))
		}
		if len(given) > maxValues {
			return fmt.Errorf("%w: %s is given %d times; at most %d are allowed", store.ErrInvalid, name, len(given), maxValues)
		}
		for _, value := range given {
			if strings.TrimSpace(value) == "" {
				return fmt.Errorf("%w: %s is empty; give it a value, or leave it out", store.ErrInvalid, name)
			}
		}
	}
	return nil
}

// One is the value of a parameter that may be given once, "" where it is not given.
func (q *Question) One(name string) (string, error) {
	if values := q.Values[name]; len(values) > 1 {
		return "", fmt.Errorf("%w: %s is given %d times; give it once", store.ErrInvalid, name, len(values))
	}
	return q.Values.Get(name), nil
}

// Calendar reads the filter that calendars, feeds and tables share.
func (q *Question) Calendar() (c query.Calendar, err error) {
	c.Where = query.Where{}
	for _, name := range []string{"body", "obligor", "forum", "document"} {
		var ids []un.ID
		for _, value := range q.Values[name] {
			ids = append(ids, un.ID(value))
		}
		if ids != nil {
			c.Where[name] = ids
		}
	}
	kinds, err := enum[query.OccurrenceKind](q.Values["kind"], "kind", query.OccurrenceKinds)
	if err != nil {
		return c, err
	}
	if kinds != nil {
		c.Where["kind"] = kinds
	}
	due, err := enum[un.DeadlineKind](q.Values["deadlineKind"], "deadlineKind", un.Enums["DeadlineKind"])
	if err != nil {
		return c, err
	}
	if due != nil {
		c.Where["deadlineKind"] = due
	}
	if c.From, err = q.day("from", (*un.PartialDate).Earliest); err != nil {
		return c, err
	}
	if c.To, err = q.day("to", (*un.PartialDate).Latest); err != nil {
		return c, err
	}
	return c, c.Check(q.DataDate)
}

// enum reads values as the schema or the files have them: MANDATE_EXPIRY, mandate-expiry.
func enum[T ~string](values []string, name string, allowed []string) (out []T, err error) {
	for _, value := range values {
		known := strings.ToUpper(strings.ReplaceAll(value, "-", "_"))
		if !slices.Contains(allowed, known) {
			words := strings.Split(strings.ToLower(strings.ReplaceAll(strings.Join(allowed, ","), "_", "-")), ",")
			hint := ""
			if near := query.Nearest(value, words); near != "" {
				hint = fmt.Sprintf("; did you mean %s?", near)
			}
			return nil, fmt.Errorf("%w: %s is %q%s It may be %s", store.ErrInvalid, name, value, cmp.Or(hint, "."), strings.Join(words, ", "))
		}
		out = append(out, T(known))
	}
	return out, nil
}

// day reads a day, or the first or last day of a month or year.
func (q *Question) day(name string, of func(*un.PartialDate) un.Date) (un.Date, error) {
	text, err := q.One(name)
	if text == "" || err != nil {
		return "", err
	}
	date, err := un.ParseEDTF(text)
	if err != nil || strings.Trim(text, "0123456789-") != "" { // no interval or decade, and nothing doubtful
		return "", fmt.Errorf("%w: %s is %q; write a day like 2027-03-31, a month like 2027-03 or a year like 2027", store.ErrInvalid, name, text)
	}
	return of(date), nil
}

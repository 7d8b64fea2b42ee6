package graph

import (
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"mandategraph/store"
	"mandategraph/un"
)

// MarshalDate writes a day; no day is null.
func MarshalDate(d un.Date) graphql.Marshaler { return MarshalString(string(d)) }

// UnmarshalDate reads a day of an argument.
func UnmarshalDate(v any) (un.Date, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf(`%w: a Date is a text such as "2027-03-31"`, store.ErrInvalid)
	}
	d, err := un.ParseDate(s)
	if err != nil {
		return "", fmt.Errorf("%w: %w", store.ErrInvalid, err)
	}
	return d, nil
}

// MarshalString writes a text; an empty one is null, so that the facts need no pointers.
func MarshalString(s string) graphql.Marshaler {
	if s == "" {
		return graphql.Null
	}
	return graphql.MarshalString(s)
}

// UnmarshalString reads a text of an argument.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%w: a text is wanted here, not %v", store.ErrInvalid, v)
	}
	return s, nil
}

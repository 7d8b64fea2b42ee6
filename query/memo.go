package query

// A Memo keeps what is worked out once for a load of the graph. It may be used by several goroutines at once.
type Memo struct {
	Names     Names
	Qualities Qualities
}

package calendar

// What tests compare with.
var (
	Details = details
	When    = when
	Place   = place
)

package calendar

// What tests compare with.
var (
	Details = details
	When    = when
	Lasting = lasting
	Place   = place
)

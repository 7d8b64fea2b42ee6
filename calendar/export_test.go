package calendar

// What tests compare with.
var (
	Details = details
	Heading = heading
	When    = when
	Lasting = lasting
	Place   = place
)

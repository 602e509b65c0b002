package scanproxy

import "time"

// Dates are when an event or one date of a series takes place. Zero: not set.
type Dates struct {
	From, To, Admission time.Time
}

// Over says whether it has ended before an instant. Without an end it counts by its beginning, as at pretix; without
// either it is never over.
func (d Dates) Over(by time.Time) bool {
	end := d.To
	if end.IsZero() {
		end = d.From
	}
	return !end.IsZero() && end.Before(by)
}

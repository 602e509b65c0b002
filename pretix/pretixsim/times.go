package pretixsim

import (
	"strings"
	"time"

	_ "time/tzdata" // events live in named zones, also on machines without a zone database
)

// stamp writes a time as pretix does: server's zone, microseconds only when there are any, Z for UTC.
func (c *call) stamp(t time.Time) string {
	t = t.In(c.s.zone).Truncate(time.Microsecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z07:00")
	}
	return t.Format("2006-01-02T15:04:05.000000Z07:00")
}

// orNull is null for the zero time.
func (c *call) orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return c.stamp(t)
}

// instantLayouts are the accepted spellings, with and without an offset.
var instantLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02",
}

// instant reads a time from a client. One without an offset is taken for the server's zone, and noted: a client that
// relies on that is wrong on the next server.
func (c *call) instant(text string) (time.Time, bool) {
	for _, layout := range instantLayouts {
		t, err := time.ParseInLocation(layout, strings.Replace(text, " ", "T", 1), c.s.zone)
		if err != nil {
			continue
		}
		if !strings.HasSuffix(layout, "Z07:00") {
			c.problem("time without offset: %q", text)
		}
		return t, true
	}
	return time.Time{}, false
}

package scanproxy_test

import (
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

func TestDatesAreOver(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2030, 6, 1, hour, 0, 0, 0, time.UTC) }
	for story, c := range map[string]struct {
		dates scanproxy.Dates
		want  bool
	}{
		"ended":                     {scanproxy.Dates{From: at(9), To: at(11)}, true},
		"goes on":                   {scanproxy.Dates{From: at(9), To: at(13)}, false},
		"ends this very instant":    {scanproxy.Dates{From: at(9), To: at(12)}, false},
		"has no end, and has begun": {scanproxy.Dates{From: at(9)}, true},
		"has no end, is to come":    {scanproxy.Dates{From: at(13)}, false},
		"nobody knows when":         {scanproxy.Dates{}, false},
	} {
		if got := c.dates.Over(at(12)); got != c.want {
			t.Errorf("%s: over is %t, want %t", story, got, c.want)
		}
	}
}

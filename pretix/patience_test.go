package pretix_test

import (
	"errors"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

func TestHowLongToLeavePretixAlone(t *testing.T) {
	const date = "Tue, 24 Nov 2026 10:00:00 GMT" // of the answer; whatever our own clock says
	for value, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"7":                             7 * time.Second,
		" 7 ":                           7 * time.Second,
		"-7":                            0,
		"7.5":                           0,
		"soon":                          0,
		"86400":                         10 * time.Minute, // the day off is a slip of somebody's configuration
		"99999999999999999999":          10 * time.Minute,
		"Tue, 24 Nov 2026 10:01:30 GMT": 90 * time.Second,
		"Tue, 24 Nov 2026 09:59:00 GMT": 0,
		"Tue, 24 Nov 2099 10:00:00 GMT": 10 * time.Minute,
		"Tue, 24 Nov 2026 10:01:30":     0,
	} {
		t.Run(value, func(t *testing.T) {
			client := serve(t, says(429, `{"detail":"slow down"}`, "Retry-After", value, "Date", date))
			_, err := client.RawPage(t.Context(), pretix.List{Event: "gutschein", Path: "orders/"})
			failed, ok := errors.AsType[*pretix.Error](err)
			if !ok || failed.Class != pretix.RateLimited || failed.RetryAfter != want {
				t.Errorf("got %+v, want to wait %s", failed, want)
			}
		})
	}
}

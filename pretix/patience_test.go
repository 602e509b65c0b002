package pretix_test

import (
	"errors"
	"net/http"
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

func TestWhetherLessMayBeAskedFor(t *testing.T) {
	blanks := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for range 33 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}
	half := func(w http.ResponseWriter, r *http.Request) {
		says(200, `{"count":1,"results":[{`)(w, r)
		_ = http.NewResponseController(w).Flush()
		silence(w, r)
	}
	for _, c := range []struct {
		name    string
		answers http.HandlerFunc
		want    bool
	}{
		{"no answer in time", silence, true},
		{"half an answer in time", half, true},
		{"an endless answer", blanks, true},
		{"a gateway's time-out", says(504, ""), true},
		{"a worker that was killed", says(502, ""), true},
		{"an error", says(500, ""), false},
		{"overload", says(503, ""), false},
		{"what is no gzip", says(200, emptyPage, "Content-Encoding", "gzip"), false},
		{"half a JSON", says(200, `{"count":1,"results":[{`), false},
		{"a broken line", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := dial(t, listen(t, c.answers), func(cfg *pretix.Config) {
				if c.want { // the others answer at once, but on a busy machine that may take a while
					cfg.Timeout = time.Second / 2
				}
			})
			_, err := client.RawPage(t.Context(), pretix.List{Event: "gutschein", Path: "orders/"})
			if failed, ok := errors.AsType[*pretix.Error](err); !ok || failed.TooMuch != c.want {
				t.Errorf("got %+v, want %v", failed, c.want)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		client := dial(t, "http://127.0.0.1:1", nil)
		_, err := client.RawPage(t.Context(), pretix.List{Event: "gutschein", Path: "orders/"})
		if failed, ok := errors.AsType[*pretix.Error](err); !ok || failed.TooMuch {
			t.Errorf("got %+v", failed)
		}
	})
}

package store_test

import (
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// A device that did not hear our answer sends its print log again.
func TestAPrintLogThatIsSentTwiceIsKeptOnce(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		journal := storetest.Journal(t, s)
		for _, sent := range []struct {
			device int64
			nonce  string
		}{{1, "one"}, {1, "one"}, {1, "two"}, {2, "one"}, {1, "one"}} {
			log := scanproxy.PrintLog{Event: "harbor", Position: 9, Body: []byte(`{"type":"badge"}`), Nonce: sent.nonce, At: evening()}
			if err := journal.RecordPrintLog(t.Context(), scanproxy.Device{ID: sent.device, Name: "door"}, log); err != nil {
				t.Fatal(err)
			}
		}
		due, err := journal.Due(t.Context(), scanproxy.PrintLogs, evening().Add(time.Hour), 0, 10)
		if err != nil || len(due) != 3 {
			t.Errorf("%d print logs are to be uploaded, %v, want 3", len(due), err)
		}
	})
}

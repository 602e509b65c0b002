package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// sizesVariable names the number of positions to measure with; default 100,000.
const sizesVariable = "EINLASS_BENCH_POSITIONS"

// bigOrder is an order of two positions of about the size that pretix sends.
func bigOrder(n int) json.RawMessage {
	names := []string{"Wagner", "Schäfer", "Yılmaz", "O'Brien", "Nguyễn", "Fischer", "Kowalski", "Müller"}
	first := []string{"Anna", "Ben", "Clara", "David", "Elif", "Femi", "Gül", "Hanna", "Ivo", "Jürgen", "Kim"}
	name := fmt.Sprintf("%s %s %d", first[n%len(first)], names[n/11%len(names)], n)
	position := func(k int) string {
		checkins := ""
		if n%10 == 0 {
			checkins = fmt.Sprintf(`{"id":%d,"datetime":"2030-06-01T08:00:00.221090Z","list":7,"auto_checked_in":false,"gate":null,"device":null,"device_id":3,"type":"entry"}`, n*2+k)
		}
		return fmt.Sprintf(`{"id":%d,"order":"B%06d","positionid":%d,"item":%d,"variation":null,"price":"20.00","attendee_name":%q,`+
			`"attendee_name_parts":{"_scheme":"full","full_name":%q},"company":null,"street":null,"zipcode":null,"city":null,"country":null,`+
			`"state":null,"discount":null,"attendee_email":null,"voucher":null,"tax_rate":"0.00","tax_value":"0.00","tax_rule":null,`+
			`"tax_code":null,"secret":"%08xk%dqhd8vw2mira7kzt4nb6x","addon_to":null,"subevent":null,"checkins":[%s],"print_logs":[],`+
			`"answers":[{"question":3,"answer":"DL%dABC","question_identifier":"RUFZEICHEN","options":[],"option_identifiers":[]}],`+
			`"pseudonymization_id":"PSE%07d","seat":null,"canceled":false,"valid_from":null,"valid_until":null,"blocked":null,`+
			`"voucher_budget_use":null,"plugin_data":{}}`, n*2+k, n, k, 1+k%2, name, name, scramble(n), k, checkins, n%10, n*2+k)
	}
	at := doorsOpen.Add(time.Duration(n-10_000_000) * time.Second).Format(time.RFC3339)
	return json.RawMessage(fmt.Sprintf(`{"code":"B%06d","event":"fair","status":"p","testmode":false,"email":"buyer%d@example.org","phone":null,`+
		`"locale":"de","datetime":%q,"expires":%q,"total":"40.00","tax_rounding_mode":"line","comment":"","custom_followup_at":null,`+
		`"invoice_address":null,"positions":[%s,%s],"checkin_attention":false,"checkin_text":null,"last_modified":%q,`+
		`"require_approval":false,"sales_channel":"web","customer":null,"valid_if_pending":false,"api_meta":{},"cancellation_date":null,`+
		`"plugin_data":{}}`, n, n, at, at, position(1), position(2), at))
}

// scramble spreads the beginnings of secrets.
func scramble(n int) uint32 { return uint32(n) * 2654435761 }

// warehouse answers at once, or after so long for each page.
type warehouse struct {
	count int // orders
	takes time.Duration
}

func newWarehouse(positions int, takes time.Duration) *warehouse {
	return &warehouse{count: positions / 2, takes: takes}
}

// RawPage answers for orders placed one a second, as bigOrder makes them, and for lists that are empty.
func (w *warehouse) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	page := pretix.RawPage{Rows: []json.RawMessage{}, Generated: doorsOpen.Format(time.RFC3339)}
	if l.Path != "orders/" || l.Query.Has("modified_since") {
		return page, nil
	}
	select {
	case <-time.After(w.takes):
	case <-ctx.Done():
		return page, ctx.Err()
	}
	at := func(name string, otherwise int) int {
		t, err := time.Parse(time.RFC3339Nano, l.Query.Get(name))
		if err != nil {
			return otherwise
		}
		return int(t.Sub(doorsOpen)/time.Second) + 10_000_000 - 1
	}
	from, to := at("created_since", 0), at("created_before", w.count)
	number, _ := strconv.Atoi(l.Query.Get("page"))
	from += max(number-1, 0) * perPage
	end := min(from+perPage, to)
	for i := from; i < end; i++ {
		page.Rows = append(page.Rows, bigOrder(i+1))
	}
	page.Count, page.More = to, end < to
	return page, nil
}

// RawObject answers for an event.
func (*warehouse) RawObject(_ context.Context, event, path string) (json.RawMessage, error) {
	return (&shop{}).RawObject(context.Background(), event, path)
}

// File has none.
func (*warehouse) File(context.Context, string) (pretix.File, error) { return pretix.File{}, nil }

func pullAll(b testing.TB, m *store.Mirror, w *warehouse, pause time.Duration) {
	b.Helper()
	p := mirror.Puller{
		Source: w, Keeper: m, Now: time.Now, Pause: pause,
		Events: func(context.Context) ([]string, error) { return []string{"fair"}, nil },
	}
	if err := p.Round(b.Context()); err != nil {
		b.Fatal(err)
	}
	if s, err := m.State(b.Context(), mirror.Key{Resource: mirror.Orders, Event: "fair"}); err != nil || s.Rows != int64(w.count) {
		b.Fatalf("%d orders came, %v; want %d", s.Rows, err, w.count)
	}
}

func eachMirror(b *testing.B, work func(b *testing.B, m *store.Mirror)) {
	b.Run("sqlite", func(b *testing.B) { work(b, openMirror(b, storetest.SQLiteURL(b), nil)) })
	b.Run("postgres", func(b *testing.B) { work(b, openMirror(b, postgres.URL(b), nil)) })
}

// BenchmarkPull is the first pull from a pretix that answers at once, in rows of tickets.
func BenchmarkPull(b *testing.B) {
	const positions = 20_000
	w := newWarehouse(positions, 0)
	for name, pause := range map[string]time.Duration{"paced": 0, "unpaced": -1} {
		b.Run(name, func(b *testing.B) {
			eachMirror(b, func(b *testing.B, m *store.Mirror) {
				began := time.Now()
				pullAll(b, m, w, pause)
				b.ReportMetric(positions/time.Since(began).Seconds(), "rows/s")
				b.ReportMetric(0, "ns/op")
			})
		})
	}
}

// BenchmarkPullSlow compares the first pull with the bare download of the same pages: 200 ms a page, four at a time.
func BenchmarkPullSlow(b *testing.B) {
	const takes = 200 * time.Millisecond
	w := newWarehouse(20_000, takes)
	bare := time.Duration((w.count/perPage+3)/4) * takes
	eachMirror(b, func(b *testing.B, m *store.Mirror) {
		began := time.Now()
		pullAll(b, m, w, 0)
		b.ReportMetric(float64(time.Since(began))/float64(bare), "x-bare")
		b.ReportMetric(0, "ns/op")
	})
}

// anonymousMemory is what the process holds of its own: RssAnon.
func anonymousMemory(b *testing.B) (bytes int64) {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc here")
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "RssAnon: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	return 0
}

// BenchmarkReopen is a restart with a full copy: until the first ticket is found.
func BenchmarkReopen(b *testing.B) {
	url := storetest.SQLiteURL(b)
	m := openMirror(b, url, nil)
	at := openFair(b, m)
	pullAll(b, m, newWarehouse(benchPositions(b), 0), -1)
	openFair(b, m)
	if err := m.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := store.OpenMirror(b.Context(), store.MirrorOptions{Options: store.Options{URL: url}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Count(b.Context(), at, "", []int64{1000}, scanproxy.CopyMark{}); err != nil {
			b.Fatal(err)
		}
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchPositions(b *testing.B) (positions int) {
	b.Helper()
	positions = 100_000
	if text := os.Getenv(sizesVariable); text != "" {
		if _, err := fmt.Sscan(text, &positions); err != nil {
			b.Fatal(err)
		}
	}
	return positions
}

// BenchmarkMirror asks a filled copy.
func BenchmarkMirror(b *testing.B) {
	positions := benchPositions(b)
	eachMirror(b, func(b *testing.B, m *store.Mirror) {
		at := openFair(b, m)
		pullAll(b, m, newWarehouse(positions, 0), -1)
		openFair(b, m)
		ctx := b.Context()
		b.Run("gather", func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = n%(positions/2) + 1
				code := scanproxy.Code(fmt.Sprintf("%08xk1qhd8vw2mira7kzt4nb6x", scramble(n)))
				err := m.Read(ctx, func(l scanproxy.Lookup, _ int64) error {
					facts, err := scanproxy.Gather(ctx, l, scanproxy.Scan{Selected: []scanproxy.Selection{at}, Code: code}, doorsOpen)
					if err == nil && len(facts.Hits) != 1 {
						err = fmt.Errorf("%d hits", len(facts.Hits))
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		for name, text := range map[string]string{
			"one name": fmt.Sprintf("Schäfer %d", 23), "a family": "schäfer", "everybody": "example.org", "nobody": "xylophon",
			"a code": "B00123", "a secret": fmt.Sprintf("%08xK", scramble(7)),
		} {
			b.Run("search "+name, func(b *testing.B) {
				for b.Loop() {
					if _, err := m.Find(ctx, text, []scanproxy.Selection{at}, 0, scanproxy.SearchPageSize); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run("memory", func(b *testing.B) {
			b.ReportMetric(float64(anonymousMemory(b))/(1<<20), "MB-RssAnon")
			b.ReportMetric(0, "ns/op")
		})
		b.Run("status", func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Count(ctx, at, "", nil, scanproxy.CopyMark{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

package store_test

import (
	"strings"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

// On the day of the event the journal grows from nothing, and PostgreSQL has no statistics of it yet.
func TestPostgresFindsVisitsByTicketWithoutStatistics(t *testing.T) {
	const visits = `INSERT INTO checkins (event, list, position, secret, type, at_us, nonce, device, device_name, answers,
			state, attempts, next_us, done_us, reason, settled_generation, other_at_us, other_device)
		SELECT 'fair', 7, n, 'secret ' || n, 'ENTRY', 0, '', 1, 'North', '{}', 'queued', 0, 0, 0, '', 0, 0, 0
		FROM generate_series(1, 20000) n`
	s := storetest.Open(t, postgres.URL(t)+"&pool_max_conns=1")
	for _, statement := range []string{
		`ALTER TABLE checkins SET (autovacuum_enabled = off)`, visits,
		`PREPARE visits (bigint[], bigint) AS ` + store.ReadVisits,
		`PREPARE unsettled (bigint[]) AS ` + store.ReadUnsettled,
		`PREPARE confirmed (bigint, bigint, bigint) AS ` + store.SettleConfirmed,
	} {
		must(t, s.Exec(t.Context(), statement))
	}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		must(t, s.Exec(t.Context(), `SET plan_cache_mode = `+mode))
		for _, count := range []int{0, 200, 20_000} {
			positions := `ARRAY[` + strings.Repeat("1, ", count) + `2]`
			for _, c := range []struct{ execute, lookup string }{
				{`visits (` + positions + `, 7)`, `("position" = wanted.id) AND (list =`},
				{`unsettled (` + positions + `)`, `("position" = wanted.id)`},
				{`confirmed (1, 2, 3)`, `("position" = `},
			} {
				plan, err := s.Query(t.Context(), `EXPLAIN EXECUTE `+c.execute)
				must(t, err)
				text := strings.Join(plan, "\n")
				if !strings.Contains(text, "checkins_by_position") || !strings.Contains(text, c.lookup) ||
					strings.Contains(text, "checkins_unsettled") || strings.Contains(text, "JIT") {
					t.Errorf("%s, %d positions and one: want each looked for in checkins_by_position alone, and nothing compiled:\n%.2000s",
						mode, count, text)
				}
			}
		}
	}
}

// PostgreSQL plans a query for good once that is no worse than a plan for each id. It would be where it expected a third of
// the table behind any id.
func TestPostgresPlansOnceForAllIDs(t *testing.T) {
	const fill = `INSERT INTO checkin_changes (list, position) SELECT 7, n FROM generate_series(1, 20000) n`
	s := storetest.Open(t, postgres.URL(t)+"&pool_max_conns=1")
	changed := store.ReadChanges()
	for _, statement := range []string{fill, `ANALYZE checkin_changes`, `PREPARE changed (bigint, bigint[]) AS ` + changed} {
		must(t, s.Exec(t.Context(), statement))
	}
	for range 6 { // the first five are planned for their ids
		must(t, s.Exec(t.Context(), `EXECUTE changed (19900, ARRAY[19901])`))
	}
	plan, err := s.Query(t.Context(), `EXPLAIN EXECUTE changed (19900, ARRAY[19901])`)
	must(t, err)
	if text := strings.Join(plan, "\n"); !strings.Contains(text, "id > $1") || !strings.Contains(text, "Index") {
		t.Errorf("want one plan for all ids, through an index:\n%s", text)
	}
}

package store_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/einlass/einlass/pretix/mirror"
)

// The index for searches is made at once when all orders have come, not row by row while they come.
func TestTheIndexForSearchesComesWithTheLastOrder(t *testing.T) {
	url := postgres.URL(t)
	m := openMirror(t, url, nil)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // nothing is under way
	var known int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'`).Scan(&known); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		order int
		done  bool
		want  int
	}{{1, false, 0}, {2, true, known}} {
		b := mirror.Batch{Key: mirror.Key{Resource: mirror.Orders, Event: "fair"}, At: doorsOpen, Done: step.done}
		b.Rows = append(b.Rows, bigOrder(step.order))
		if err := m.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		var got int
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_indexes WHERE indexname = 'positions_by_text'`).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != step.want {
			t.Errorf("order %d: %d indexes, want %d", step.order, got, step.want)
		}
	}
}

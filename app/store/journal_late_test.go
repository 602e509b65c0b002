package store_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// On PostgreSQL a check-in becomes visible when its transaction ends, and then it may have a smaller id than others that
// were read before. So may the note that one has changed. Each is read once all the same.
func TestChangedFindsWhatBecomesVisibleLate(t *testing.T) {
	const (
		columns = `event, list, secret, type, at_us, nonce, device, device_name, answers, state, attempts, next_us, done_us, reason,
			settled_generation, other_at_us, other_device`
		third = `INSERT INTO checkins (position, ` + columns + `) SELECT 3, ` + columns + ` FROM checkins WHERE position = 1`
		begin = `UPDATE checkins SET attempts = 1 WHERE position = 1`
	)
	url := postgres.URL(t)
	j := storetest.Journal(t, storetest.Open(t, url))
	insert := func(ticket int) {
		t.Helper()
		about, admit := admission(ticket)
		must(t, j.Insert(t.Context(), about, admit))
	}
	var mark scanproxy.JournalMark
	changed := func(story string, want ...int64) {
		t.Helper()
		c, err := j.Changed(t.Context(), gate.List, mark)
		must(t, err)
		slices.Sort(c.Positions)
		if !c.Complete || !slices.Equal(c.Positions, want) {
			t.Errorf("%s: %v, complete %t; want %v", story, c.Positions, c.Complete, want)
		}
		mark = c.Mark
	}
	connection, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { _ = connection.Close(t.Context()) })

	insert(1)
	insert(2)
	must(t, j.Begin(t.Context(), scanproxy.Checkins, 2))
	changed("two came", 1, 2)
	changed("the upload, of which the first question made sure without reading it", 2)
	slow, err := connection.Begin(t.Context())
	must(t, err)
	for _, statement := range []string{third, begin} {
		_, err := slow.Exec(t.Context(), statement)
		must(t, err)
	}
	insert(4)
	must(t, j.Begin(t.Context(), scanproxy.Checkins, 4))
	changed("a fourth came and was uploaded", 4, 4)
	changed("nothing")
	must(t, slow.Commit(t.Context()))
	changed("the third, who came before, and the first, uploaded before", 1, 3)
	changed("nothing again")
}

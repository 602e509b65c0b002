package store_test

import (
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func takes(t *testing.T, story string, turn *store.Turn, want bool) {
	t.Helper()
	if got, err := turn.Take(t.Context()); err != nil || got != want {
		t.Errorf("%s: ours %v, %v, want %v", story, got, err, want)
	}
}

func TestOneProcessHasTheTurn(t *testing.T) {
	url := postgres.URL(t)
	here, there := storetest.Open(t, url), storetest.Open(t, url)
	first, second := here.Turn(), there.Turn()
	takes(t, "the first", first, true)
	takes(t, "the first again", first, true)
	takes(t, "the second", second, false)
	takes(t, "the second again", second, false)
	if err := first.Give(t.Context()); err != nil {
		t.Fatal(err)
	}
	takes(t, "the second, when the first has given it back", second, true)
	takes(t, "the first, too late", first, false)

	// The server ends the connection that has it.
	const cut = `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND database =
		(SELECT oid FROM pg_database WHERE datname = current_database())`
	if err := here.Exec(t.Context(), cut); err != nil {
		t.Fatal(err)
	}
	takes(t, "the first, when the connection of the second broke", first, true)
	takes(t, "the second, which has not noticed", second, false)
	for _, turn := range []*store.Turn{first, second} {
		if err := turn.Give(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestADeadProcessGivesItsTurnBack(t *testing.T) {
	url := postgres.URL(t)
	turn := storetest.Open(t, url).Turn()
	other := startDoor(t, url)
	other.say(t, "turn", 0)
	if heard := other.hear(); heard != "true <nil>" {
		t.Fatalf("the other process: %s", heard)
	}
	takes(t, "while the other process has it", turn, false)
	other.kill()
	for ours := false; !ours; { // the server hears of it in a moment
		var err error
		if ours, err = turn.Take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := turn.Give(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOnSQLiteTheTurnIsAlwaysOurs(t *testing.T) {
	turn := storetest.Open(t, storetest.SQLiteURL(t)).Turn()
	takes(t, "the only process", turn, true)
	if err := turn.Give(t.Context()); err != nil {
		t.Error(err)
	}
	takes(t, "the only process, again", turn, true)
}

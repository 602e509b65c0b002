package storetest

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestServerLeavesNothingBehind(t *testing.T) {
	s, err := startServer()
	if errors.Is(err, errNoBinaries) {
		unavailable(t)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.stop()
	if _, err := os.Stat(s.folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its folder: %v, want none", err)
	}
	if conn, err := pgx.Connect(t.Context(), s.url); err == nil {
		t.Errorf("it still answers: %v", conn.Close(t.Context()))
	}
}

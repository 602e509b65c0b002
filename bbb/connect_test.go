package bbb

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
)

// A connection that is refused once is tried again; one that times out is not,
// and neither is anything that may have reached the server.
func TestOnlyARefusedConnectionIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		story string
		err   error
		dials int
	}{
		{"refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 2},
		{"timed out", &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, 1},
		{"broken while reading", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, 1},
		{"something else", errors.New("no"), 1},
	} {
		client, err := New(Config{BaseURL: "http://127.0.0.1:1", Secret: "s"})
		if err != nil {
			t.Fatal(err)
		}
		dials := 0
		client.http.SetTransport(&http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			dials++
			return nil, c.err
		}})
		if _, err := client.Version(t.Context()); err == nil {
			t.Fatal("no error")
		}
		if dials != c.dials {
			t.Errorf("%s: %d dials, want %d", c.story, dials, c.dials)
		}
	}
}

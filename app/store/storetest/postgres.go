package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// serverVariable names a running server to use instead of a private one.
const serverVariable = "EINLASS_TEST_POSTGRES"

// Postgres is the PostgreSQL server of one test binary, started when the first test asks for it. The zero value is ready.
type Postgres struct {
	once   sync.Once
	admin  string // URL of a database from which others can be created
	server *server
	err    error
}

// Main runs the tests, stops the server and returns the exit code. Call it from TestMain.
func (p *Postgres) Main(m *testing.M) int {
	code := m.Run()
	if p.server != nil {
		p.server.stop()
	}
	return code
}

// URL returns the URL of an empty database that goes away with the test.
func (p *Postgres) URL(t testing.TB) string {
	t.Helper()
	p.once.Do(p.start)
	if errors.Is(p.err, errNoBinaries) {
		unavailable(t)
	}
	if p.err != nil {
		t.Fatalf("PostgreSQL for tests: %v", p.err)
	}

	name := "einlass_" + strings.ToLower(rand.Text())
	p.command(t, context.Background(), `CREATE DATABASE `+name+` ENCODING 'UTF8' TEMPLATE template0`)
	t.Cleanup(func() {
		p.command(t, context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`)
	})
	return withDatabase(t, p.admin, name)
}

func unavailable(t testing.TB) {
	t.Helper()
	const why = "PostgreSQL is not installed (Debian: postgresql) and " + serverVariable + " is not set"
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func (p *Postgres) start() {
	if p.admin = os.Getenv(serverVariable); p.admin != "" {
		return
	}
	if p.server, p.err = startServer(); p.err == nil {
		p.admin = p.server.url
	}
}

func (p *Postgres) command(t testing.TB, ctx context.Context, statement string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func withDatabase(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL", serverVariable)
	}
	u.Path = "/" + name
	return u.String()
}

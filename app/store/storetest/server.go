package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// startBudget is how long a server may take until it answers; a loaded machine takes seconds.
const startBudget = 60 * time.Second

var errNoBinaries = errors.New("no PostgreSQL binaries")

// server is a private PostgreSQL in a temporary folder, reachable only through the socket there.
type server struct {
	url    string
	folder string
	cmd    *exec.Cmd
	ended  chan error // what Wait returned
}

func startServer() (*server, error) {
	bin := binaries()
	if bin == "" {
		return nil, errNoBinaries
	}
	// Not os.TempDir: a socket's path has at most 107 bytes, and the server's user must be able to walk there.
	folder, err := os.MkdirTemp("/tmp", "einlass-pg-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, ended: make(chan error, 1)}
	if err := s.run(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, nil
}

func (s *server) run(bin string) error {
	owner, err := unprivileged(s.folder)
	if err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	initialize := command(owner, s.folder, filepath.Join(bin, "initdb"),
		"--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync", "--no-locale", "--encoding", "UTF8")
	if out, err := initialize.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}

	if err := s.setUp(filepath.Join(data, "postgresql.conf")); err != nil {
		return err
	}
	s.cmd = command(owner, s.folder, filepath.Join(bin, "postgres"), "-D", data, "-k", s.folder)
	var log bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &log, &log
	if err := s.start(); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	s.url = (&url.URL{Scheme: "postgres", Path: "/postgres",
		RawQuery: url.Values{"host": {s.folder}, "user": {"postgres"}}.Encode()}).String()
	if err := s.answers(); err != nil {
		s.halt()
		return fmt.Errorf("postgres: %w\n%s", err, log.String())
	}
	return nil
}

// setUp adds to the server's configuration. On its command line a setting could not be changed any more.
func (s *server) setUp(file string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	// Without fsync it is faster, and what a power cut would lose is a test's. Benchmarks turn it on.
	_, err = f.WriteString("\nlisten_addresses = ''\nfsync = off\nmax_connections = 300\n")
	return errors.Join(err, f.Close())
}

// start starts the server on a thread of its own: the kernel watches that thread (see endWithUs), and Go must not end
// it before the server.
func (s *server) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			s.ended <- s.cmd.Wait()
		}
	}()
	return <-started
}

// answers waits until the server takes a connection, has ended, or its time is up.
func (s *server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), startBudget)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case ended := <-s.ended:
			s.ended <- ended
			return errors.Join(errors.New("it ended at once"), ended)
		case <-again.C:
		}
	}
}

// stop ends the server and removes its folder.
func (s *server) stop() {
	s.halt()
	if err := os.RemoveAll(s.folder); err != nil {
		fmt.Fprintln(os.Stderr, "PostgreSQL for tests:", err)
	}
}

// halt asks for an immediate end (SIGQUIT, which also ends the server's children) and waits for it.
func (s *server) halt() {
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err == nil {
		<-s.ended
	}
}

// binaries returns the folder of the newest PostgreSQL server on this machine, or "".
func binaries() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian keeps each version apart
	if err != nil {
		found = nil
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		found = append(found, strings.TrimSpace(string(out)))
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	best, version := "", -1
	for _, folder := range found {
		if !serves(folder) {
			continue
		}
		number, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err != nil {
			number = 0
		}
		if number > version {
			best, version = folder, number
		}
	}
	return best
}

func serves(folder string) bool {
	for _, program := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(folder, program)); err != nil {
			return false
		}
	}
	return true
}

// unprivileged gives the folder to a user who is not root, because PostgreSQL refuses to run as root. Nil: we are not.
func unprivileged(folder string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(account.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(account.Gid)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(folder, uid, gid)
	}
	return nil, errors.New("running as root, and there is neither a user postgres nor nobody to run it as")
}

// command runs a program as owner in a process group of its own, so that Ctrl-C reaches the tests first.
func command(owner *syscall.Credential, folder, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true}
	endWithUs(cmd.SysProcAttr)
	return cmd
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/einlass/einlass/app/store"
)

const (
	adminSocketMode = 0o600
	acceptPause     = time.Second // after a failure: out of file descriptors, most likely
)

// adminSocket does admin commands for those who cannot open the database, one at a time.
type adminSocket struct {
	listener net.Listener
	commands []adminCommand
	store    *store.Store
	scan     ScanConfig
	pretix   PretixConfig
	copy     *store.Mirror // of the scan proxy; nil: not configured
	now      func() time.Time
	log      *slog.Logger
}

// openAdminSocket listens in the folder of the SQLite files. Without it everything else still works, so what hinders it
// is logged, and nil returned, whose run does nothing.
func (p *program) openAdminSocket(ctx context.Context) *adminSocket {
	path, err := adminSocketPath(p.Config.Database)
	if errors.Is(err, errNoSocket) {
		return nil
	}
	var listener net.Listener
	if err == nil {
		listener, err = listenPrivately(ctx, path)
	}
	if err != nil {
		p.Log.WarnContext(ctx, "admin commands not possible while einlass serves", "error", err)
		return nil
	}
	s := &adminSocket{
		listener: listener, commands: adminCommands(), store: p.Store, scan: p.Config.Scan, pretix: p.Config.Pretix,
		now: p.now, log: p.Log,
	}
	if p.Scan != nil {
		s.copy = p.Scan.Copy
	}
	return s
}

// lendCopy is a copyOpener: it lends the copy that the scan proxy has open, which stays open.
func (s *adminSocket) lendCopy(context.Context) (*store.Mirror, func() error, error) {
	if s.copy == nil {
		return nil, nil, errNoScanProxy
	}
	return s.copy, func() error { return nil }, nil
}

// listenPrivately opens a socket for the user of this process alone. A file that is there already is of a process that
// was killed: the lock on the folder is ours.
func listenPrivately(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// On Linux a socket has the mode that it had before it got its name: nobody else can connect in between.
	private := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		return errors.Join(c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), adminSocketMode) }), err)
	}}
	listener, err := private.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, adminSocketMode); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// run answers until ctx ends. What has been asked by then is still done and answered.
func (s *adminSocket) run(ctx context.Context) {
	if s == nil {
		return
	}
	// Close also removes the file, which has to be gone before somebody else gets the lock: both ways out come by here.
	// Its error would be that it is closed already.
	closed := func() { _ = s.listener.Close() }
	defer closed()
	defer context.AfterFunc(ctx, closed)()
	for ctx.Err() == nil {
		conn, err := s.listener.Accept()
		if err == nil {
			s.serveOne(ctx, conn)
			continue
		}
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "admin socket does not accept", "error", err)
			pause(ctx, acceptPause)
		}
	}
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// serveOne reads one request, does it, and sends the answer. What fails is logged: nobody waits for an error here.
func (s *adminSocket) serveOne(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }() // the answer is out, or nobody wants it
	request, err := readRequest(ctx, conn)
	if err != nil {
		s.log.WarnContext(ctx, "admin request not understood", "error", err)
		return
	}
	answer := s.answer(context.WithoutCancel(ctx), request)
	if err := writeAnswer(conn, answer); err != nil {
		s.log.WarnContext(ctx, "admin command done, answer not taken", "code", answer.Code, "error", err)
		return
	}
	s.log.InfoContext(ctx, "admin command done", "code", answer.Code)
}

// readRequest reads the one line of a request, and gives up when ctx ends before it is complete.
func readRequest(ctx context.Context, conn net.Conn) (r adminRequest, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(adminAskTimeout)); err != nil {
		return r, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	line, err := bufio.NewReader(io.LimitReader(conn, adminRequestLimit)).ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) == adminRequestLimit {
		return r, fmt.Errorf("the line is longer than %d bytes", adminRequestLimit)
	}
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(line, &r)
}

// writeAnswer sends the answer as one line of JSON.
func writeAnswer(conn net.Conn, a adminAnswer) error {
	if err := conn.SetWriteDeadline(time.Now().Add(adminAnswerTimeout)); err != nil {
		return err
	}
	return json.NewEncoder(conn).Encode(a)
}

// answer does the request within adminTaskTimeout and returns what the terminal is to show.
func (s *adminSocket) answer(ctx context.Context, r adminRequest) adminAnswer {
	ctx, cancel := context.WithTimeout(ctx, adminTaskTimeout)
	defer cancel()
	var out boundedBuffer
	err := s.do(ctx, r, &out)
	a := adminAnswer{Stdout: out.Bytes(), Code: codeOf(err)}
	if err != nil {
		a.Stderr = err.Error()
	}
	return a
}

// do finds the command in the table that the command line has too, and runs it with this process' store.
func (s *adminSocket) do(ctx context.Context, r adminRequest, out io.Writer) error {
	at := slices.IndexFunc(s.commands, func(c adminCommand) bool { return c.name == r.Command })
	if at < 0 {
		return usageError(fmt.Sprintf("the einlass that serves does not know the admin command %q", r.Command))
	}
	zone, err := timezone(r.Timezone)
	if err != nil {
		return usageError("the time zone " + err.Error())
	}
	if err := s.commands[at].ownFlagsOnly(r.Args); err != nil {
		return err
	}
	o, err := s.commands[at].parse(environment{Stdout: out, Stderr: io.Discard, Now: s.now}, r.Args)
	if err != nil {
		return err
	}
	return o.do(ctx, adminEnv{
		store: s.store, out: out, zone: zone, now: s.now(), baseURLs: r.BaseURLs, scan: s.scan, pretix: s.pretix, openCopy: s.lendCopy,
	}, o.rest)
}

// ownFlagsOnly refuses options: nobody configures this process, or makes it read a file, through the socket.
func (c adminCommand) ownFlagsOnly(args []string) error {
	own := newFlags(c.name)
	c.prepare(own)
	for _, arg := range args {
		if arg == "--" {
			break
		}
		name, _, valued := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if !valued || own.Lookup(name) == nil {
			return usageError(fmt.Sprintf("admin %s takes no flag %q at the einlass that serves", c.name, name))
		}
	}
	return nil
}

// boundedBuffer is a buffer that refuses to grow beyond adminOutputLimit.
type boundedBuffer struct{ bytes.Buffer }

// Write fails when the buffer would be larger than an answer may be.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > adminOutputLimit {
		return 0, fmt.Errorf("the answer is larger than %d MiB; ask for less (--limit), or stop serve and ask again", adminOutputLimit>>20)
	}
	return b.Buffer.Write(p)
}

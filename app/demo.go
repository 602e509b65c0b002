package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/einlass/einlass/app/cast"
)

// Where the demo listens if the port is free; else it takes any free port.
const (
	demoListen     = "127.0.0.1:8080"
	demoScanListen = "127.0.0.1:7000"
)

// demo runs everything on this machine: a pretix and a BBB of its own, and einlass between them on a database that is
// gone afterwards. It takes the options of serve.
func demo(ctx context.Context, env environment, args []string) error {
	stage, err := setStage(ctx, env, bothFaces, args)
	if err != nil {
		return err
	}
	scanners, err := stage.inviteScanners(ctx)
	if err != nil {
		return errors.Join(err, stage.Close())
	}
	text := demoText{Club: stage.club, Base: stage.base(), BBB: stage.conference.url(), Scanners: scanners}
	if err := text.write(env.Stdout); err != nil {
		return errors.Join(err, stage.Close())
	}
	err = stage.play(ctx)
	return errors.Join(err, stage.Close())
}

// faces says which faces the demo, or a test of the whole program, starts.
type faces int

const (
	bridgeOnly faces = iota
	bothFaces
)

// stage is all that runs in the demo: simulators, and einlass between them. Tests of the whole program start the same.
type stage struct {
	club       *cast.Cast   // people, tickets and rooms
	program    *program     // einlass itself
	entrance   net.Listener // of the pages
	door       net.Listener // of scanners; nil: the bridge runs alone
	shop       *stageServer // pretix
	conference *stageServer // BigBlueButton
	folder     string       // of the database, erased by Close
}

func (s *stage) base() string { return "http://" + s.entrance.Addr().String() }

// setStage starts the simulators and puts the program together. Close the stage in the end.
func setStage(ctx context.Context, env environment, play faces, args []string) (s *stage, err error) {
	s = &stage{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.entrance, err = listenNear(demoListen); err != nil {
		return s, fmt.Errorf("listen: %w", err)
	}
	if play == bothFaces {
		if s.door, err = listenNear(demoScanListen); err != nil {
			return s, fmt.Errorf("listen for scanners: %w", err)
		}
	}
	s.club = cast.New(s.base(), env.Now)
	if s.shop, err = startServer(s.club.Pretix.Handler()); err != nil {
		return s, fmt.Errorf("start pretix: %w", err)
	}
	if s.conference, err = startServer(s.club.BBB.Handler()); err != nil {
		return s, fmt.Errorf("start bbb: %w", err)
	}
	if s.folder, err = os.MkdirTemp("", "einlass-demo-"); err != nil {
		return s, err
	}
	cfg, err := configureServe(environment{
		Stdout: env.Stdout, Stderr: env.Stderr, Now: env.Now, Environ: s.options(),
	}, args)
	if err != nil {
		return s, err
	}
	if err := s.moveScanListener(cfg.Scan.Listen); err != nil {
		return s, err
	}
	if s.program, err = wire(ctx, cfg, cfg.Log.logger(env.Stderr), env.Now); err != nil {
		return s, err
	}
	return s, s.club.Furnish(ctx, s.program.Store)
}

// options are the demo's settings, given as an operator would give them.
func (s *stage) options() []string {
	all := []string{
		"EINLASS_DATABASE=sqlite:" + s.folder, "EINLASS_BASE_URL=" + s.base(), "EINLASS_LOG_LEVEL=error",
		"EINLASS_PRETIX_URL=" + s.shop.url(), "EINLASS_PRETIX_TOKEN=" + cast.PretixToken,
		"EINLASS_PRETIX_ORGANIZER=" + cast.Organizer, "EINLASS_PRETIX_EVENT=" + cast.Event,
		"EINLASS_JWT_SECRET=" + cast.LinkSecret,
		"EINLASS_BBB_URL=" + s.conference.url(), "EINLASS_BBB_SECRET=" + cast.BBBSecret,
		"EINLASS_CLUB=einlass demo", "EINLASS_SUPPORT=+49 30 555 0199",
	}
	if s.door == nil {
		return all
	}
	return append(all, "EINLASS_SCAN_URL=http://"+s.door.Addr().String(), "EINLASS_SCAN_LISTEN="+s.door.Addr().String(),
		"EINLASS_SCAN_DEVICE_TOKEN="+cast.DeviceToken, "EINLASS_SCAN_SYNC=2s")
}

// play serves until ctx ends.
func (s *stage) play(ctx context.Context) error {
	return s.program.run(ctx, listeners{pages: s.entrance, scan: s.door})
}

// Close ends what was started and leaves nothing behind.
func (s *stage) Close() error {
	var errs []error
	if s.program != nil {
		errs = append(errs, s.program.Close())
	}
	for _, server := range []*stageServer{s.shop, s.conference} {
		errs = append(errs, server.Close())
	}
	for _, l := range []net.Listener{s.entrance, s.door} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.folder != "" {
		errs = append(errs, os.RemoveAll(s.folder))
	}
	return errors.Join(errs...)
}

// listenNear listens at the address or, if its port is taken, at any free port of this machine.
func listenNear(address string) (net.Listener, error) {
	if l, err := net.Listen("tcp", address); err == nil {
		return l, nil
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// stageServer is a simulator on a loopback port.
type stageServer struct {
	server   *http.Server
	listener net.Listener
	done     sync.WaitGroup
}

func startServer(h http.Handler) (*stageServer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stageServer{server: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, listener: l}
	s.done.Go(func() { _ = s.server.Serve(l) }) // ends with Close
	return s, nil
}

func (s *stageServer) url() string { return "http://" + s.listener.Addr().String() }

// Close ends the server at once. A nil server is closed already.
func (s *stageServer) Close() error {
	if s == nil {
		return nil
	}
	err := s.server.Close()
	s.done.Wait()
	return err
}

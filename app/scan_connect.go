package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// errNotConnected is logged until somebody sets scan_device_token.
var errNotConnected = errors.New("the scan proxy is no device at pretix yet: make one there (organizer, devices) and set scan_device_token")

// pullTimeout is for one page, for which nobody waits: an order of thousands of positions takes pretix 10 s and more, and
// after 30 s it usually gives up.
const pullTimeout = 40 * time.Second

// link is the connection to pretix, as one device.
type link struct {
	client   *pretix.Client
	pulls    *pretix.Client // has more patience
	uploader *scanproxy.Uploader
	puller   *mirror.Puller

	introduced bool // pretix knows which release this is
}

func (l *link) close() {
	if l != nil {
		l.client.Close()
		l.pulls.Close()
	}
}

// recall reads the device that is kept in the database, so that scanners are answered before pretix is reached.
func (s *scanFace) recall(ctx context.Context) error {
	kept, known, err := s.Store.PretixDevice(ctx)
	if err != nil {
		return err
	}
	if !known || kept.URL != s.Pretix.URL {
		return nil
	}
	version, err := s.Store.PretixVersion(ctx)
	if err != nil {
		return err
	}
	s.upstream.Store(&api.Upstream{Organizer: kept.Organizer, Version: version.Pretix, Numeric: version.Numeric})
	return nil
}

// connect makes the link to pretix, as the device that is kept in the database. If that was not made from scan_device_token
// (there is none yet, or it was revoked and a new token is set), the token is exchanged for a new device before.
func (s *scanFace) connect(ctx context.Context) error {
	device, known, err := s.Store.PretixDevice(ctx)
	if err != nil {
		return err
	}
	known = known && device.URL == s.Pretix.URL
	if token := pretix.Token(s.Config.DeviceToken.Reveal()); token != "" && (!known || !bytes.Equal(device.InitHash, store.InitHash(token))) {
		fresh, err := s.initialize(ctx, token)
		if pretix.ClassOf(err) == pretix.Invalid {
			s.tokenRefused = true // for good: only another token, and so a new start, can help
		}
		switch {
		case err == nil:
			device, known = fresh, true
		case !known:
			return err
		default: // the one that is kept may be as good as ever
			s.Log.ErrorContext(ctx, "initialization token of the proxy not accepted", "error", err)
		}
	}
	if !known {
		return errNotConnected
	}
	return s.connectAs(ctx, device)
}

// initialize becomes a device at pretix, and keeps it.
func (s *scanFace) initialize(ctx context.Context, token pretix.Token) (store.PretixDevice, error) {
	made, err := pretix.InitializeDevice(ctx, s.pretixConfig(pretix.Device{}), token, proxyHardware())
	if err != nil {
		return store.PretixDevice{}, fmt.Errorf("become a device at pretix: %w", err)
	}
	d := store.PretixDevice{Device: made, URL: s.Pretix.URL, InitHash: store.InitHash(token)}
	if err := s.Store.KeepPretixDevice(context.WithoutCancel(ctx), d); err != nil { // the token is used up by now
		return store.PretixDevice{}, err
	}
	s.Log.InfoContext(ctx, "scan proxy became a device at pretix", "organizer", made.Organizer, "device", made.ID, "name", made.Name)
	return d, nil
}

// pretixConfig asks for names of seats in the language of the crew: pretix sends them in one language only.
func (s *scanFace) pretixConfig(d pretix.Device) pretix.Config {
	cfg := deviceConfig(s.Pretix, d)
	cfg.Language = s.Config.Language
	return cfg
}

// deviceConfig is how a device speaks to pretix.
func deviceConfig(cfg PretixConfig, d pretix.Device) pretix.Config {
	return pretix.Config{
		BaseURL: cfg.URL, AllowHTTP: cfg.AllowHTTP, UserAgent: "einlass/" + releaseName(),
		AuthScheme: "Device", Token: d.Token, Organizer: d.Organizer,
	}
}

// proxyHardware is what pretix shows about us in its list of devices.
func proxyHardware() pretix.Hardware {
	return pretix.Hardware{
		Brand: "einlass", Model: "scan proxy", OSName: runtime.GOOS, OSVersion: runtime.GOARCH,
		SoftwareBrand: "einlass", SoftwareVersion: releaseName(),
	}
}

// connectAs makes the link for a device that pretix knows, and asks for the version of pretix.
func (s *scanFace) connectAs(ctx context.Context, d store.PretixDevice) error {
	cfg := s.pretixConfig(d.Device)
	client, err := pretix.New(cfg)
	if err != nil {
		return fmt.Errorf("pretix: %w", err)
	}
	cfg.Timeout = pullTimeout
	pulls, err := pretix.New(cfg)
	if err != nil {
		return fmt.Errorf("pretix: %w", err)
	}
	s.link = &link{
		client: client, pulls: pulls,
		uploader: &scanproxy.Uploader{
			Queue: s.Journal, Pretix: client, Copy: s.Copy, Parallel: s.Config.Uploads, Now: s.now, Log: s.Log,
		},
		puller: &mirror.Puller{
			Source: pulls, Keeper: s.Copy, Events: s.events, Parallel: s.Config.Downloads, Fresh: s.fresh,
			Now: s.now, Log: s.Log,
		},
	}
	up := *s.upstream.Load()
	up.Organizer = d.Organizer
	s.upstream.Store(&up)
	s.learn(ctx)
	return nil
}

// introduce tells pretix which release runs here, once after each start: it stands in its list of devices.
func (s *scanFace) introduce(ctx context.Context) {
	if s.link.introduced {
		return
	}
	if _, err := s.link.client.UpdateDevice(ctx, proxyHardware()); err != nil {
		s.Log.WarnContext(ctx, "pretix not told which release this is", "error", err)
		return
	}
	s.link.introduced = true
}

// learn asks pretix for its version, which apps want to know, and tells it ours.
func (s *scanFace) learn(ctx context.Context) {
	if s.link == nil {
		return
	}
	s.introduce(ctx)
	info, err := s.link.client.DeviceInfo(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "version of pretix not known", "error", err)
		return
	}
	known, version := s.upstream.Load(), info.Server.Version
	now := api.Upstream{Organizer: known.Organizer, Version: version.Pretix, Numeric: version.Numeric}
	s.upstream.Store(&now)
	if now != *known { // for the next start, which may be without internet
		s.failed(ctx, "version of pretix not kept", s.Store.KeepPretixVersion(ctx, version))
	}
}

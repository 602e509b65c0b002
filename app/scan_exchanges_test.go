package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api/apitest"
	"github.com/einlass/einlass/testclock"
)

// What the apps say, over a real connection to the running program, at a venue without internet. The tests of
// scanproxy/api say it on every engine.
func TestExchangesWithTheRunningProgram(t *testing.T) {
	const files = "../scanproxy/api/testdata/"
	for _, file := range []string{"exchanges.json", "exchanges_more.json"} {
		t.Run(file, func(t *testing.T) {
			var log bytes.Buffer
			proxy, end := fjord(t, files+"world.json", &log)
			secrets := apitest.Replay(t, proxy, apitest.Read(t, files+file))
			end()
			for _, secret := range secrets {
				if strings.Contains(log.String(), secret) {
					t.Errorf("the log holds %s", secret)
				}
			}
		})
	}
}

// fjord runs a program whose copy is the shop of world.json, and whose pretix is away. The log is whole after end.
func fjord(t *testing.T, world string, log io.Writer) (proxy apitest.Proxy, end func()) {
	t.Helper()
	shop, clock := newDeviceDesk(t), testclock.At(time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC))
	shop.goAway()
	p := scanProgramAt(t, clock.Now, t.TempDir(), shop.URL, "", log)
	must(t, p.Store.KeepPretixDevice(t.Context(), store.PretixDevice{
		URL: shop.URL, Device: pretix.Device{Organizer: "fjord", ID: 1, Token: "token-of-the-proxy"},
	}))
	must(t, p.Scan.recall(t.Context()))
	apitest.Fill(t, p.Scan.Copy, clock.Now(), apitest.ReadRows(t, world))

	at, err := p.listen(t.Context())
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx, at) }()
	end = func() {
		stop()
		must(t, errors.Join(<-ended, p.Close()))
	}

	registry := scanproxy.Registry{Store: p.Store, InitTTL: time.Hour, Now: clock.Now}
	return apitest.Proxy{
		Send: sender("http://" + at.scan.Addr().String()),
		Invite: func() string {
			invited, err := registry.Invite(t.Context(), scanproxy.Profile{Name: "Door"})
			must(t, err)
			return invited.Token.Reveal()
		},
	}, end
}

// sender sends requests to an address as they are.
func sender(address string) func(testing.TB, apitest.Request) apitest.Answer {
	follow := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	scanner := &http.Client{CheckRedirect: follow}
	return func(t testing.TB, r apitest.Request) apitest.Answer {
		t.Helper()
		sent, err := http.NewRequestWithContext(t.Context(), r.Method, address+r.Path, strings.NewReader(r.Body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range r.Headers {
			sent.Header.Set(name, value)
		}
		answer, err := scanner.Do(sent)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return apitest.Answer{Status: answer.StatusCode, Body: string(body)}
	}
}

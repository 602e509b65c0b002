package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Two programs share a PostgreSQL: one of them talks to pretix, and when it ends, the other one does.
func TestOneOfTwoProgramsExchangesWithPretix(t *testing.T) {
	shop := newDeviceDesk(t)
	var lists atomic.Int64 // requests for what is copied
	answer := shop.Config.Handler
	shop.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/v1/device/") {
			lists.Add(1)
		}
		answer.ServeHTTP(w, r)
	})
	database := postgres.URL(t)
	program := func(log io.Writer) *program {
		t.Helper()
		env := environment{Stdout: io.Discard, Stderr: log, Now: time.Now, Environ: []string{
			"EINLASS_DATABASE=" + database, "EINLASS_PRETIX_URL=" + shop.URL, "EINLASS_SCAN_URL=http://192.168.1.5:7000",
			"EINLASS_SCAN_LISTEN=127.0.0.1:0", "EINLASS_SCAN_DEVICE_TOKEN=good1", "EINLASS_SCAN_SYNC=1h",
		}}
		cfg, err := configureServe(env, nil)
		must(t, err)
		p, err := wire(t.Context(), cfg, cfg.Log.logger(log), time.Now)
		must(t, err)
		return p
	}
	var log bytes.Buffer
	first, second := program(io.Discard), program(&log)

	first.Scan.round(t.Context())
	asked := lists.Load()
	if asked == 0 {
		t.Fatal("the first program has asked for nothing")
	}
	second.Scan.round(t.Context())
	second.Scan.round(t.Context())
	if used, _ := shop.used(""); lists.Load() != asked || strings.Join(used, " ") != "good1" {
		t.Errorf("the second asked too: %d requests, want %d; initialized with %v", lists.Load(), asked, used)
	}
	if up := second.Scan.upstream.Load(); up.Organizer != "fjord" || up.Version != "2026.8.0" {
		t.Errorf("scanners of the second hear %+v", *up)
	}
	if told := strings.Count(log.String(), "left to another process"); told != 1 {
		t.Errorf("said %d times that it waits, want once:\n%s", told, &log)
	}

	must(t, first.Close())
	second.Scan.round(t.Context())
	if lists.Load() == asked || !strings.Contains(log.String(), "taken over") {
		t.Errorf("the second has not taken over: %d requests\n%s", lists.Load()-asked, &log)
	}
	must(t, second.Close())
}

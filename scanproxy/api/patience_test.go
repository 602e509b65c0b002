package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// silent are devices whose database neither answers nor fails.
type silent struct{ api.Devices }

func (silent) Authenticate(ctx context.Context, _ scanproxy.Token) (scanproxy.Device, error) {
	<-ctx.Done()
	return scanproxy.Device{}, ctx.Err()
}

// known is one device, whatever its token.
type known struct{ api.Devices }

func (known) Authenticate(context.Context, scanproxy.Token) (scanproxy.Device, error) {
	return scanproxy.Device{ID: 1}, nil
}

// stuck is a door that does not answer.
type stuck struct{ api.Door }

func (stuck) Scan(ctx context.Context, _ scanproxy.Device, _ scanproxy.Scan) (scanproxy.Verdict, error) {
	<-ctx.Done()
	return scanproxy.Verdict{}, ctx.Err()
}

func (stuck) Search(ctx context.Context, _ scanproxy.Device, _ []scanproxy.Selection, _ string, _ int) ([]scanproxy.Hit, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// Desktop waits for 10 s. Whatever hangs, it gets a sentence before.
func TestNobodyWaitsForLong(t *testing.T) {
	for story, devices := range map[string]api.Devices{"who asks": silent{}, "what becomes of it": known{}} {
		for path, body := range map[string]string{
			"/proxyapi/v1/rpc/harbor/1/check/": `{"ticketid":"x"}`, "/proxyapi/v1/rpc/harbor/1/search/": `{"query":"abcd"}`,
		} {
			synctest.Test(t, func(t *testing.T) {
				s := &api.Server{
					Devices: devices, Door: stuck{}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
					Upstream: func() api.Upstream { return api.Upstream{Organizer: "fjord"} },
				}
				r := httptest.NewRequest("POST", path, strings.NewReader(body)).WithContext(t.Context())
				r.Header.Set("Authorization", "Device x")
				w, start := httptest.NewRecorder(), time.Now()
				s.Handler().ServeHTTP(w, r)
				if took := time.Since(start); took >= 10*time.Second {
					t.Errorf("%s, %s: after %s", story, path, took)
				}
				text := w.Body.String()
				var check struct{ Message string }
				if json.Unmarshal(w.Body.Bytes(), &check) == nil {
					text = check.Message
				}
				if !strings.Contains(text, "too slow") {
					t.Errorf("%s, %s: %d %s", story, path, w.Code, w.Body)
				}
			})
		}
	}
}

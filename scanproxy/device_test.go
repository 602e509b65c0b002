package scanproxy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

func TestPayloadIsWhatTheAppsAccept(t *testing.T) {
	i := scanproxy.Invitation{Token: "proxy=ABC"}
	got, err := i.Payload("https://10.0.0.5:7000")
	want := `{"handshake_version":1,"url":"https://10.0.0.5:7000","token":"proxy=ABC"}`
	if err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestTokensPrintAsDots(t *testing.T) {
	var out bytes.Buffer
	token := scanproxy.Token("proxy=SECRET")
	fmt.Fprintf(&out, "%v %s %#v %+v", token, token, token, scanproxy.Invitation{Token: token})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", token, "all", scanproxy.Invitation{Token: token})
	if err := json.NewEncoder(&out).Encode(scanproxy.Invitation{Token: token}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "SECRET") || strings.Count(out.String(), "…") != 7 {
		t.Errorf("a token shows: %s", out.String())
	}
}

func TestNamesOfDevices(t *testing.T) {
	r := &scanproxy.Registry{Now: time.Now}
	for _, name := range []string{"", "  ", "two\nlines", strings.Repeat("x", 101)} {
		if _, err := r.Invite(t.Context(), scanproxy.Profile{Name: name}); !errors.Is(err, scanproxy.ErrDeviceName) {
			t.Errorf("%q: %v, want ErrDeviceName", name, err)
		}
	}
}

func TestStatesOfADevice(t *testing.T) {
	now := time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC)
	for want, d := range map[string]scanproxy.DeviceRecord{
		"invited": {InitExpires: now.Add(1)},
		"expired": {InitExpires: now},
		"active":  {InitExpires: now, Initialized: now},
		"revoked": {InitExpires: now, Initialized: now, Revoked: now},
	} {
		if got := d.State(now); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestEventsOfADevice(t *testing.T) {
	all, some := scanproxy.Device{}, scanproxy.Device{Events: []string{"harbor"}}
	if !all.Allowed("island") || !some.Allowed("harbor") || some.Allowed("island") {
		t.Error("a device may ask about its events, about all if it has none")
	}
}

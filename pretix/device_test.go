package pretix_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

func server() pretix.Hardware {
	return pretix.Hardware{Brand: "PC", Model: "server", SoftwareBrand: "einlass", SoftwareVersion: "0.1.0"}
}

func TestInitializeDevice(t *testing.T) {
	var body map[string]any
	address := listen(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" || r.URL.Path != "/api/v1/device/initialize" {
			t.Errorf("%s with the credentials %q, want none", r.URL.Path, got)
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		find(t, "device-lifecycle", "initialize").replay(w, r)
	})
	d, err := pretix.InitializeDevice(t.Context(), pretix.Config{BaseURL: address}, "78k75jma7wv4s3r4", server())
	if err != nil {
		t.Fatal(err)
	}
	if d.Organizer != "darc" || d.ID != 8 || d.Profile != "pretixscan" || len(d.Token.Reveal()) != 64 {
		t.Errorf("got %+v", d)
	}
	if body["token"] != "78k75jma7wv4s3r4" || body["software_brand"] != "einlass" || body["hardware_model"] != "server" {
		t.Errorf("sent %v", body)
	}
	if text := fmt.Sprintf("%v %+v %#v", d, d, d); strings.Contains(text, d.Token.Reveal()) {
		t.Error("the device prints its token")
	}
}

func TestInitializeWithATokenThatIsNoGood(t *testing.T) {
	for name, want := range map[string]string{
		"initialize: unknown token":  "Unknown initialization token",
		"initialize: used token":     "already been used",
		"initialize: revoked device": "has been revoked",
	} {
		address := listen(t, find(t, "device-lifecycle", name).replay)
		_, err := pretix.InitializeDevice(t.Context(), pretix.Config{BaseURL: address}, "x", server())
		if pretix.ClassOf(err) != pretix.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestInitializeWithLostAnswer(t *testing.T) {
	for what, handler := range map[string]http.HandlerFunc{
		"an empty object": says(200, `{}`),
		"a broken answer": says(200, `{"organizer`),
		"a server error":  says(500, `{}`),
	} {
		_, err := pretix.InitializeDevice(t.Context(), pretix.Config{BaseURL: listen(t, handler)}, "x", server())
		if e, ok := errors.AsType[*pretix.Error](err); !ok || !e.OutcomeUnknown {
			t.Errorf("%s: got %v, want an unknown outcome", what, err)
		}
	}
}

func TestInitializeNeedsAnAddress(t *testing.T) {
	if _, err := pretix.InitializeDevice(t.Context(), pretix.Config{BaseURL: "pretix.eu"}, "x", server()); err == nil {
		t.Error("no complaint about an address without scheme")
	}
}

func TestDeviceInfo(t *testing.T) {
	client := serve(t, says(200, `{"device": {"organizer": "darc", "device_id": 8, "name": "door", "api_token": "t",
		"gate": {"id": 3, "name": "North"}}, "server": {"version": {"pretix": "2026.8.0", "pretix_numeric": 20260080005000}},
		"medium_key_sets": []}`))
	got, err := client.DeviceInfo(t.Context())
	if err != nil || got.Device.Name != "door" || got.Device.Gate.Name != "North" || got.Server.Version.Numeric != 20260080005000 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestUpdateDevice(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/api/v1/device/update" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		says(200, `{"organizer": "darc", "device_id": 8, "name": "renamed", "gate": null}`)(w, r)
	})
	if got, err := client.UpdateDevice(t.Context(), server()); err != nil || got.Name != "renamed" || got.Gate != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTimesGoThereAndBack(t *testing.T) {
	seen, err := pretix.ServerTime("2026-11-24T10:53:06.861955+01:00")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := pretix.QueryTime(seen.Add(time.Microsecond)), "2026-11-24T09:53:06.861956Z"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

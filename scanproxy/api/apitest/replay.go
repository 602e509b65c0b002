package apitest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// Request is what an app sends. Path may begin with several slashes and holds the query.
type Request struct {
	Method, Path, Body string
	Headers            map[string]string
}

// Answer is what it gets.
type Answer struct {
	Status int
	Body   string
}

// Proxy is who answers. Send sends a request as it is, and follows no redirect. Invite makes an initialization token.
type Proxy struct {
	Send   func(t testing.TB, r Request) Answer
	Invite func() string
}

// The words by which apps name themselves.
const (
	Android = "pretixSCAN Android"
	Desktop = "pretixSCAN"
)

// Replay sends every exchange in file order, as one Android and one Desktop device, in the shop of world.json. It returns
// what no log may hold.
func Replay(t *testing.T, p Proxy, all []Exchange) (secrets []string) {
	r := replay{p, maps.Clone(variables), map[string]string{"android": p.device(t, Android), "desktop": p.device(t, Desktop)}}
	for _, e := range all {
		r.prepare(t, e.Name)
		r.vars["DEVICE_TOKEN"] = r.tokens[e.Client]
		t.Run(e.Name, func(t *testing.T) { e.check(t, p.Send(t, e.request(t, r.vars)), r.vars) })
	}
	for name, secret := range r.vars {
		if strings.HasPrefix(name, "SECRET") || strings.HasSuffix(name, "TOKEN") || name == "ATTENDEE_NAME" {
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

type replay struct {
	proxy  Proxy
	vars   map[string]string
	tokens map[string]string // of the devices, by the clients' names in the files
}

// prepare does what one exchange needs to have happened before.
func (r replay) prepare(t testing.TB, name string) {
	t.Helper()
	switch name {
	case "initialize-android":
		r.vars["INIT_TOKEN"] = r.proxy.Invite()
	case "initialize-desktop":
		r.vars["USED_INIT_TOKEN"], r.vars["INIT_TOKEN"] = r.vars["INIT_TOKEN"], r.proxy.Invite()
	case "check-android-unpaid-retry":
		r.scan(t, "android", "SECRET_PENDING", "UNPAID")
	case "check-android-answers":
		r.scan(t, "android", "SECRET_QUESTION", "ANSWERS_REQUIRED")
	case "check-desktop-exit":
		r.scan(t, "desktop", "SECRET_DESK_VALID", "VALID")
	}
}

// scan checks a ticket at LIST and expects a type.
func (r replay) scan(t testing.TB, client, secret, want string) {
	t.Helper()
	body := fill(t, `{"events_and_checkin_lists":{"{{EVENT}}":"{{LIST:int}}"},"ticketid":"{{`+secret+`}}"}`, r.vars)
	a := r.proxy.Send(t, Request{
		Method: "POST", Path: "/proxyapi/v1/rpc/check/", Body: body, Headers: map[string]string{"Authorization": "Device " + r.tokens[client]},
	})
	var got struct{ Type string }
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil || got.Type != want {
		t.Fatalf("%s: %d %s, want type %s", secret, a.Status, a.Body, want)
	}
}

// device connects a device and returns its token.
func (p Proxy) device(t testing.TB, brand string) string {
	t.Helper()
	a := p.Send(t, Request{Method: "POST", Path: "/api/v1/device/initialize", Body: `{"token":"` + p.Invite() +
		`","hardware_brand":"a","hardware_model":"b","software_brand":"` + brand + `","software_version":"1"}`})
	var made struct {
		Token string `json:"api_token"`
	}
	if err := json.Unmarshal([]byte(a.Body), &made); err != nil || made.Token == "" {
		t.Fatalf("initialize: %d %s", a.Status, a.Body)
	}
	return made.Token
}

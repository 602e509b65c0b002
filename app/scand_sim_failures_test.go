package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
)

// What goes wrong at pretix is seen in the state of the list, reaches no further than it must, is over when pretix is
// itself again, and keeps nobody from being let in.
func TestPretixMisbehaves(t *testing.T) {
	const items = "GET " + fairSlug + "/items/"
	fault := func(match string, f pretixsim.Fault) func(*venue) {
		return func(v *venue) { v.pretix.Fault(match, f) }
	}
	for _, c := range []struct {
		story    string
		begins   func(*venue)
		ends     func(*venue) // nil: the faults are cleared
		resource string       // of the fair; "": whichever was asked for first
		class    string
		wait     time.Duration
		round    error // that ends the round
		others   bool  // the other event is brought up to date all the same
	}{
		{story: "too many requests", resource: mirror.Items, class: mirror.Busy, wait: 40 * time.Second, round: mirror.ErrBusy,
			begins: fault(items, pretixsim.Fault{Status: http.StatusTooManyRequests, RetryAfter: "40", Body: `{"detail":"slow down"}`, ContentType: "application/json"})},
		{story: "maintenance until then", resource: mirror.Items, class: mirror.Busy, wait: 90 * time.Second, round: mirror.ErrBusy,
			begins: fault(items, pretixsim.Fault{Status: http.StatusServiceUnavailable, RetryAfter: "90"})},
		{story: "overload", resource: mirror.Items, class: mirror.Broken, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Status: http.StatusServiceUnavailable})},
		{story: "an error", resource: mirror.Items, class: mirror.Broken, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Status: http.StatusInternalServerError})},
		{story: "no answer in time", resource: mirror.Items, class: mirror.Unreachable, wait: 5 * time.Second, others: true,
			begins: func(v *venue) {
				v.hurry()
				v.pretix.Fault(items, pretixsim.Fault{Delay: time.Hour})
			}},
		{story: "broken connections", resource: mirror.Items, class: mirror.Unreachable, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Reset: true})},
		{story: "a login page of the hotel's", resource: mirror.Items, class: mirror.Foreign, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Status: http.StatusOK, Body: "<html>Room number?</html>"})},
		{story: "half a page", resource: mirror.Items, class: mirror.Foreign, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Status: http.StatusOK, Body: `{"count":1,"next":null,"results":[{"id":`, ContentType: "application/json"})},
		{story: "an event that was taken from the device", resource: mirror.Event, class: mirror.Denied, wait: 5 * time.Minute, others: true,
			begins: fault("GET events/"+fairSlug+"/", pretixsim.Fault{Status: http.StatusForbidden, Body: `{"detail":"You do not have permission to perform this action."}`, ContentType: "application/json"})},
		{story: "an event that is gone", resource: mirror.Event, class: mirror.Missing, wait: 5 * time.Minute, others: true,
			begins: fault("GET events/"+fairSlug+"/", pretixsim.Fault{Status: http.StatusNotFound, Body: `{"detail":"Not found."}`, ContentType: "application/json", Times: 1})},
		{story: "a question that it does not understand", resource: mirror.Items, class: mirror.Refused, wait: 5 * time.Second, others: true,
			begins: fault(items, pretixsim.Fault{Status: http.StatusBadRequest, Body: `{"ordering":["No."]}`, ContentType: "application/json"})},
		{story: "a device that was revoked", resource: "", class: mirror.Revoked401, wait: time.Minute, round: mirror.ErrRevoked,
			begins: func(v *venue) { v.pretix.EditDevice(v.device, func(d *pretixsim.Device) { d.Revoked = true }) },
			ends:   func(v *venue) { v.pretix.EditDevice(v.device, func(d *pretixsim.Device) { d.Revoked = false }) }},
	} {
		t.Run(c.story, func(t *testing.T) {
			t.Parallel()
			v := newVenue(t)
			v.sell(fairSlug, "ANNA1")
			v.exchange()
			v.sell(otherSlug, "BODO1")
			v.Pass(2 * time.Minute)
			c.begins(v)
			if err := v.door.Scan.link.puller.Round(t.Context()); !errors.Is(err, c.round) {
				t.Errorf("the round ended with %v, want %v", err, c.round)
			}
			s := v.failing()
			if s.Class != c.class || s.Detail == "" || s.RetryAt.Sub(v.Now()) != c.wait || s.Failures != 1 || c.resource != "" && s.Key != (mirror.Key{Resource: c.resource, Event: fairSlug}) {
				t.Errorf("state of %v: %s, %q, again in %s after %d, want %s again in %s", s.Key, s.Class, s.Detail, s.RetryAt.Sub(v.Now()), s.Failures, c.class, c.wait)
			}
			if !strings.Contains(v.log.String(), "class="+c.class) {
				t.Errorf("the log does not say %s:\n%s", c.class, &v.log)
			}
			v.says("a ticket meanwhile", fairSlug, "anna1", scanproxy.Valid)
			sold := map[bool]scanproxy.Type{true: scanproxy.Valid, false: scanproxy.Invalid}[c.others]
			v.says("one that was just sold at the other event", otherSlug, "bodo1", sold)

			v.leftAlone(c.wait, c.class, c.round)
			v.pretix.ClearFaults()
			if c.ends != nil {
				c.ends(v)
			}
			v.sell(fairSlug, "CARL1")
			v.Pass(time.Hour)
			v.exchange()
			v.says("afterwards", fairSlug, "carl1", scanproxy.Valid)
			if left := v.failing(); left.Class != "" {
				t.Errorf("still: %+v", left)
			}
		})
	}
}

// leftAlone checks that until it is time nothing is asked for that the failure keeps the proxy from.
func (v *venue) leftAlone(until time.Duration, class string, ends error) {
	v.t.Helper()
	v.office.CloseClientConnections() // pretix may still read what the round that has ended gave up
	v.pretix.ResetRequests()
	v.Pass(until - time.Second)
	if err := v.door.Scan.link.puller.Round(v.t.Context()); !errors.Is(err, ends) {
		v.t.Errorf("the next round ended with %v, want %v", err, ends)
	}
	for _, r := range v.pretix.Requests() {
		_, list, ofFair := strings.Cut(r.Path, "/"+fairSlug+"/")
		barred := map[string]bool{mirror.Revoked401: true, mirror.Denied: ofFair, mirror.Missing: list == "" && ofFair, mirror.Busy: list != ""}
		if known, special := barred[class]; known || !special && list == "items/" {
			v.t.Errorf("%s was asked for although it is to be left alone", r.Path)
		}
	}
}

// hurry has the proxy wait for pretix no longer than a moment.
func (v *venue) hurry() {
	device, _, err := v.door.Store.PretixDevice(v.t.Context())
	must(v.t, err)
	cfg := v.door.Scan.pretixConfig(device.Device)
	cfg.Timeout = 2 * time.Second
	client, err := pretix.New(cfg)
	must(v.t, err)
	v.t.Cleanup(client.Close)
	v.door.Scan.link.puller.Source = client
}

// failing is a list of the fair or the organizer that could not be fetched the last time; zero: all could.
func (v *venue) failing() mirror.State {
	for _, resource := range mirror.Resources() {
		event := ""
		if resource.PerEvent {
			event = fairSlug
		}
		if s := v.state(resource.Name, event); s.Class != "" {
			return s
		}
	}
	return mirror.State{}
}

// The line goes down in the middle of the first synchronisation, again and again.
func TestTheLineIsCutWhileOrdersCome(t *testing.T) {
	const orders, pageSize = 600, 50
	v := newVenue(t)
	for n := range orders {
		v.pretix.AddOrder(fairSlug, pretixsim.Order{
			Code: fmt.Sprintf("F%04d", n), Datetime: v.Now().Add(time.Duration(n-orders) * time.Minute),
			Positions: []pretixsim.Position{{Item: v.items[fairSlug], Secret: fairSecret(n)}},
		})
	}
	cuts := 0
	for !v.state(mirror.Orders, fairSlug).Ready() {
		if cuts++; cuts > 10 {
			t.Fatalf("it never comes to its end:\n%s", &v.log)
		}
		v.pretix.ClearFaults()
		v.pretix.Fault("GET "+fairSlug+"/orders/", pretixsim.Fault{Skip: 6, Reset: true})
		v.exchange()
		v.Pass(time.Hour)
	}
	if cuts < 2 {
		t.Error("nothing was cut")
	}
	good := 0
	for _, r := range v.pretix.Requests() {
		if strings.HasSuffix(r.Path, "/"+fairSlug+"/orders/") && r.Status == http.StatusOK {
			good++
		}
	}
	if most := 2 * orders / pageSize; good > most {
		t.Errorf("%d pages were fetched, want %d at most: it began anew", good, most)
	}
	if s := v.state(mirror.Orders, fairSlug); s.Rows != orders || s.Class != "" {
		t.Errorf("%d orders came, %s", s.Rows, s.Class)
	}
	v.says("the last of them", fairSlug, fairSecret(orders-1), scanproxy.Valid)
}

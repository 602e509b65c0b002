package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// rig is a real pretix with the data of e2e/rig, as its JSON names them.
type rig struct {
	BaseURL   string `json:"base_url"`
	API       string
	Organizer string
	Event     string
	SubEvents map[string]int64
	Lists     map[string]int64 `json:"checkin_lists"`
	Items     map[string]int64
	Tokens    map[string]string                          `json:"team_tokens"`
	Orders    map[string]struct{ Positions []rigTicket } `json:"orders_series"`
	Fresh     []rigTicket                                `json:"fresh_tickets"`
}

// rigTicket is one position of a seeded order.
type rigTicket struct {
	ID         int64
	Order      string
	PositionID int
	Secret     string
}

// realPretix reads the rig that the environment names. Without one a test against it cannot run.
func realPretix(t *testing.T) *rig {
	t.Helper()
	path := os.Getenv("EINLASS_PRETIX_RIG")
	if path == "" {
		const why = "EINLASS_PRETIX_RIG names no JSON of a real pretix; `make e2e` starts one"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{}
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for code, o := range r.Orders {
		for i := range o.Positions {
			o.Positions[i].Order = code
		}
	}
	for i := range r.Fresh {
		r.Fresh[i].PositionID = 1
	}
	return r
}

// ticket returns a seeded position by order code and positionid.
func (r *rig) ticket(order string, number int) rigTicket { return r.Orders[order].Positions[number-1] }

// call asks pretix as a team, without anything of ours in between, and returns the status.
func (r *rig) call(t *testing.T, team, method, path string, body, into any) int {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	address := r.API + "/organizers/" + r.Organizer + "/" + path
	ask, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Token "+r.Tokens[team])
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNoContent {
		return answer.StatusCode
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatalf("%s %s: %d: %v", method, path, answer.StatusCode, err)
	}
	return answer.StatusCode
}

// rigCheckin is a check-in as pretix keeps it, successful or not.
type rigCheckin struct {
	ID          int64
	Successful  bool
	ErrorReason string `json:"error_reason"`
	Position    int64
	List        int64
	Type        string
	Datetime    time.Time
}

// checkins reads every check-in of the series list.
func (r *rig) checkins(t *testing.T) []rigCheckin {
	t.Helper()
	var all []rigCheckin
	for number := 1; ; number++ {
		var page struct {
			Next    string
			Results []rigCheckin
		}
		path := fmt.Sprintf("events/%s/checkins/?list=%d&page=%d", r.Event, r.Lists["series"], number)
		if status := r.call(t, "all", http.MethodGet, path, nil, &page); status != http.StatusOK {
			t.Fatalf("check-ins: %d", status)
		}
		all = append(all, page.Results...)
		if page.Next == "" {
			return all
		}
	}
}

// checkinsOf returns the successful check-ins of one position.
func checkinsOf(all []rigCheckin, position int64) []rigCheckin {
	return slices.DeleteFunc(slices.Clone(all), func(c rigCheckin) bool { return !c.Successful || c.Position != position })
}

// unused returns a fresh ticket that nobody has tried yet, so that a second run on the same data finds another one.
// Further tests against the same pretix take theirs from the other end.
func (r *rig) unused(t *testing.T) rigTicket {
	t.Helper()
	tried := map[int64]bool{}
	for _, c := range r.checkins(t) {
		tried[c.Position] = true
	}
	for _, ticket := range r.Fresh {
		if !tried[ticket.ID] {
			return ticket
		}
	}
	t.Fatal("every fresh ticket of this pretix is used up: start it anew (e2e/rig/up --fresh)")
	return rigTicket{}
}

// scan checks a ticket in as somebody with a scanner would.
func (r *rig) scan(t *testing.T, ticket rigTicket, at time.Time, nonce string) {
	t.Helper()
	var verdict struct{ Status, Reason string }
	r.call(t, "all", http.MethodPost, "checkinrpc/redeem/", map[string]any{
		"secret": ticket.Secret, "lists": []int64{r.Lists["series"]}, "datetime": at, "nonce": nonce,
	}, &verdict)
	if verdict.Status != "ok" {
		t.Fatalf("the scanner hears %+v", verdict)
	}
}

// begins returns when a date of the series begins.
func (r *rig) begins(t *testing.T, key string) time.Time {
	t.Helper()
	var date struct {
		DateFrom time.Time `json:"date_from"`
	}
	path := fmt.Sprintf("events/%s/subevents/%d/", r.Event, r.SubEvents[key])
	if status := r.call(t, "all", http.MethodGet, path, nil, &date); status != http.StatusOK {
		t.Fatalf("date %s: %d", key, status)
	}
	return date.DateFrom
}

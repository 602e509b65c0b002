package store_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
)

// A round that is long enough for the first upload of a ticket to be due again must not send the later one before it.
func TestALongRoundKeepsTheOrderOfATicket(t *testing.T) {
	const others = 200 // are read at a time, so that the exit comes in another batch
	v := atVenue(t, others+1)
	v.scan(t, entry(1), scanproxy.Valid)
	for i := range others {
		v.scan(t, entry(i+2), scanproxy.Valid)
	}
	v.Pass(time.Second)
	v.scan(t, exit(1), scanproxy.Valid)
	v.uploader.Parallel = 1
	v.pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Status: http.StatusInternalServerError, Times: 1})
	v.uploader.Pretix = slowly{v.uploader.Pretix, func() { v.Pass(time.Second) }}
	if got := v.upload(t); got.Kept != 1 || got.Done != others {
		t.Errorf("the first round: %+v, want the entry kept and the exit to wait for it", got)
	}
	if got := v.accepted(1); len(got) != 0 {
		t.Errorf("pretix has %+v, before the entry", got)
	}
	v.Pass(time.Hour)
	if got := v.upload(t); got.Done != 2 || v.accepted(1)[0].Type != "entry" {
		t.Errorf("the second round: %+v, %+v, want both in their order", got, v.accepted(1))
	}
}

// slowly is a pretix that takes its time.
type slowly struct {
	scanproxy.Upstream
	passes func()
}

func (s slowly) Redeem(ctx context.Context, r pretix.Redeem) (pretix.Redeemed, error) {
	defer s.passes()
	return s.Upstream.Redeem(ctx, r)
}

// The answer is lost, but the next synchronisation shows the check-in. Whoever annuls it at pretix from then on has the last
// word: it is not checked in anew.
func TestALostAnswerThatTheCopyMakesGood(t *testing.T) {
	atVenues(t, 1, func(t *testing.T, v *venue) {
		v.loseAnswer()
		v.scan(t, entry(1), scanproxy.Valid)
		if got := v.upload(t); got.Kept != 1 {
			t.Fatalf("answer lost: %+v, want one kept", got)
		}
		v.sync(t, 1)
		v.annul(t, 1)
		v.Pass(time.Hour)
		if got := v.upload(t); got.Done != 1 || len(v.accepted(1)) != 0 {
			t.Errorf("again: %+v, pretix has %+v, want it done and still annulled", got, v.accepted(1))
		}
		if got := v.upload(t); got != (scanproxy.Tally{}) {
			t.Errorf("once more: %+v, want nothing to do", got)
		}
		v.sync(t, 1)
		v.scan(t, entry(1), scanproxy.Valid)
	})
}

// annul takes the one check-in of a ticket back at pretix.
func (v *venue) annul(t *testing.T, ticket int) {
	t.Helper()
	body := fmt.Sprintf(`{"lists":[%d],"nonce":%q}`, gate.List, v.accepted(ticket)[0].Nonce)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.server.URL+"/api/v1/organizers/org/checkinrpc/annul/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Token token")
	r.Header.Set("Content-Type", "application/json")
	answer, err := v.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(v.accepted(ticket)) != 0 {
		t.Fatalf("annulled: %s, %+v", answer.Status, v.accepted(ticket))
	}
}

// A lost answer would have shown that another proxy was first. So does the copy.
func TestALostAnswerHidesNoDoubleAdmission(t *testing.T) {
	atVenues(t, 1, func(t *testing.T, v *venue) {
		v.pretix.AddCheckin(pretixsim.Checkin{Position: 1, List: int(gate.List), Type: "entry", At: evening().Truncate(time.Second)})
		v.Pass(time.Minute)
		v.scan(t, entry(1), scanproxy.Valid)
		v.loseAnswer()
		v.upload(t)
		v.sync(t, 1)
		v.Pass(time.Hour)
		calls := len(v.pretix.Requests())
		if got := v.upload(t); got.Done != 1 || got.Doubles != 1 || len(v.pretix.Requests()) != calls {
			t.Errorf("%+v after %d calls, want it done without one, and the double seen", got, len(v.pretix.Requests())-calls)
		}
		doubles, err := v.journal.Doubles(t.Context(), time.Time{})
		if err != nil || len(doubles) != 1 || !doubles[0].OtherAt.Equal(evening().Truncate(time.Second)) {
			t.Errorf("doubles %+v, %v", doubles, err)
		}
	})
}

// An upload failed while our clock was ahead, and the clock is put right.
func TestAnUploadThatWaitsForALaterYear(t *testing.T) {
	atVenues(t, 2, func(t *testing.T, v *venue) {
		v.Pass(365 * 24 * time.Hour)
		v.scan(t, entry(1), scanproxy.Valid)
		v.scan(t, exit(1), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Used)
		for _, call := range []string{"POST checkinrpc/redeem", "POST failed_checkins"} {
			v.pretix.Fault(call, pretixsim.Fault{Status: http.StatusInternalServerError})
		}
		if got := v.upload(t); got.Kept != 3 {
			t.Errorf("%+v, want the entries and the refusal kept", got)
		}
		v.pretix.ClearFaults()
		v.Pass(-365 * 24 * time.Hour)
		if got := v.upload(t); got.Done != 4 || v.accepted(1)[0].Type != "entry" {
			t.Errorf("%+v, want all done", got)
		}
	})
}

// A gateway that speaks for a pretix that is away is as good as no answer: nobody is asked for each of thousands of tickets.
func TestNobodyButAGatewayAnswers(t *testing.T) {
	for _, c := range []struct {
		fault pretixsim.Fault
		calls int // of 20
	}{
		{pretixsim.Fault{Status: http.StatusBadGateway}, 3},
		{pretixsim.Fault{Status: http.StatusGatewayTimeout}, 3},
		{pretixsim.Fault{Status: http.StatusOK, Body: "<html>Room number?</html>"}, 3},
		{pretixsim.Fault{Status: http.StatusNotFound, Body: "<html>No such page</html>"}, 20}, // others of its kind may be known
		{pretixsim.Fault{Status: http.StatusInternalServerError}, 20},                         // it may be this one ticket's
		{pretixsim.Fault{Status: http.StatusForbidden, Body: `{"detail":"No."}`, ContentType: "application/json"}, 20},
	} {
		t.Run(fmt.Sprint(c.fault.Status, c.fault.Body), func(t *testing.T) {
			v := atVenue(t, 20)
			for ticket := range 20 {
				v.scan(t, entry(ticket+1), scanproxy.Valid)
			}
			v.uploader.Parallel = 1
			v.pretix.Fault("POST checkinrpc/redeem", c.fault)
			if got := v.upload(t); got.Kept != c.calls || len(v.pretix.Requests()) != c.calls {
				t.Errorf("%+v after %d calls, want %d kept", got, len(v.pretix.Requests()), c.calls)
			}
			v.pretix.ClearFaults()
			v.Pass(time.Hour)
			if got := v.upload(t); got.Done != 20 {
				t.Errorf("afterwards: %+v, want all done", got)
			}
		})
	}
}

// Whatever the answers are, an upload rests for some seconds at first and never longer than a quarter of an hour.
func TestHowLongAnUploadRests(t *testing.T) {
	v := atVenue(t, 1)
	v.scan(t, entry(1), scanproxy.Valid)
	v.pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Status: http.StatusInternalServerError})
	rests := func() (rest time.Duration) {
		for v.upload(t) == (scanproxy.Tally{}) {
			v.Pass(time.Second)
			rest += time.Second
		}
		return rest
	}
	v.upload(t)
	for attempt := range 12 {
		least := min(5*time.Second<<attempt, 10*time.Minute)
		if got := rests(); got < least*4/5 || got > least*6/5+time.Second {
			t.Errorf("after attempt %d it rested %s, want about %s", attempt+1, got, least)
		}
	}
}

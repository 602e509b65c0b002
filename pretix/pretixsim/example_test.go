package pretixsim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

func Example() {
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	sim := pretixsim.New(pretixsim.Options{Now: func() time.Time { return now }})
	world := pretixsim.SeedSeries(sim, now)
	web := httptest.NewServer(sim.Handler())
	defer web.Close()

	scan := func() {
		body := fmt.Sprintf(`{"secret": %q, "lists": [%d]}`, world.Plain.Secret, world.Lists.Series)
		r, err := http.NewRequest(http.MethodPost, web.URL+"/api/v1/organizers/darc/checkinrpc/redeem/", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set("Authorization", "Token "+world.Token)
		r.Header.Set("Content-Type", "application/json")
		resp, err := web.Client().Do(r)
		if err != nil {
			fmt.Println("no answer")
			return
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		fmt.Println(resp.StatusCode, strings.Contains(string(text), "already_redeemed"))
	}
	scan()
	scan()
	sim.Fault("POST checkinrpc/redeem", pretixsim.Fault{Reset: true, Times: 1})
	scan()
	fmt.Println(len(sim.Checkins(world.Event)), sim.Calls("POST", "checkinrpc/redeem"), sim.Problems())
	// Output:
	// 201 false
	// 400 true
	// no answer
	// 3 3 []
}

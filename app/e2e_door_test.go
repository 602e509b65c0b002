package main

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/testclock"
)

// door is the whole program between a real pretix and a simulated BBB. Its clock stands in the middle of the running
// date, whenever the pretix was seeded, and the test turns it.
type door struct {
	*play
	rig      *rig
	bbb      *bbbsim.Server
	mu       sync.Mutex          // guards admitted: two browsers come at once
	admitted map[int64]time.Time // positions that were sent into a room, and when first
	scanned  []int64             // positions that somebody else checked in
}

// rigZone is the time zone of the seeded events.
const rigZone = "Europe/Berlin"

// openDoor starts the program, with a room for every date and the running one's meeting.
func openDoor(t *testing.T, r *rig, now time.Time, options ...string) *door {
	t.Helper()
	d := newDoor(t, r, now, options...)
	d.perform()
	return d
}

// newDoor puts the program together.
func newDoor(t *testing.T, r *rig, now time.Time, options ...string) *door {
	t.Helper()
	d := &door{play: &play{t: t, logs: &lockedBuffer{}, Clock: testclock.At(now)}, rig: r, admitted: map[int64]time.Time{}}
	d.bbb = bbbsim.New(bbbsim.Options{Secret: cast.BBBSecret, Now: d.Now, Linger: 2 * time.Minute})
	d.stage = &stage{}
	var err error
	if d.conference, err = startServer(d.bbb.Handler()); err != nil {
		t.Fatal(err)
	}
	if d.entrance, err = listenNear("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	env := environment{Stdout: io.Discard, Stderr: d.logs, Now: d.Now, Environ: d.settings()}
	cfg, err := configureServe(env, append([]string{"--log-level=debug"}, options...))
	if err != nil {
		t.Fatal(err)
	}
	if d.program, err = wire(t.Context(), cfg, cfg.Log.logger(d.logs), d.Now); err != nil {
		t.Fatal(err)
	}
	d.furnish()
	d.bbb.Start("running", "Amateurfunk für Einsteiger", true, "Anke Leitung (DF1AL)")
	return d
}

// settings are what an operator would set, with the least rights that the bridge needs.
func (d *door) settings() []string {
	return []string{
		"EINLASS_DATABASE=sqlite:" + d.t.TempDir(), "EINLASS_BASE_URL=" + d.base() + ",https://treff.example",
		"EINLASS_PRETIX_URL=" + d.rig.BaseURL, "EINLASS_PRETIX_TOKEN=" + d.rig.Tokens["bridge"],
		"EINLASS_PRETIX_ORGANIZER=" + d.rig.Organizer, "EINLASS_PRETIX_EVENT=" + d.rig.Event,
		"EINLASS_PRODUCT=" + strconv.FormatInt(d.rig.Items["Teilnahme"], 10),
		"EINLASS_CHECKIN_LIST=" + strconv.FormatInt(d.rig.Lists["series"], 10),
		"EINLASS_JWT_SECRET=" + cast.LinkSecret, "EINLASS_TIMEZONE=" + rigZone,
		"EINLASS_BBB_URL=" + d.conference.url(), "EINLASS_BBB_SECRET=" + cast.BBBSecret,
	}
}

// furnish makes a room for every participant link of the series.
func (d *door) furnish() {
	d.t.Helper()
	for _, key := range append(slices.Collect(maps.Keys(d.rig.SubEvents)), "default") {
		r := room.Room{
			Slug: key, Name: "Room " + key, MeetingID: key, Access: room.AccessTicket, Recording: room.CameraNotRecorded,
		}
		if _, err := d.program.Store.PutRoom(d.t.Context(), r); err != nil {
			d.t.Fatal(err)
		}
	}
}

// perform runs the program until the test ends.
func (d *door) perform() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.stage.play(ctx) }()
	d.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			d.t.Errorf("the program ended with %v", err)
		}
		if err := d.stage.Close(); err != nil {
			d.t.Errorf("the stage closed with %v", err)
		}
		for _, p := range d.bbb.Problems() {
			d.t.Errorf("BBB complains: %s", p)
		}
	})
}

// in points the door at a subtest, so that what goes wrong is told there. Some time passes: what einlass keeps for a
// second is forgotten.
func (d *door) in(t *testing.T) *door {
	outer := d.t
	d.t = t
	t.Cleanup(func() { d.t = outer })
	d.Pass(2 * time.Second)
	return d
}

// token signs what pretix' digital content would put into the link; number 0 leaves the position open.
func (d *door) token(order string, number int) string { return d.tokenOf(d.rig.Event, order, number) }

func (d *door) tokenOf(event, order string, number int) string {
	claims := map[string]any{
		"order": order, "event": event, "iat": d.Now().Unix(), "exp": d.Now().Add(24 * time.Hour).Unix(),
	}
	if number > 0 {
		claims["position"] = strconv.Itoa(number)
	}
	return cast.Sign(claims)
}

// look fetches a ticket link.
func (b *browser) look(token string) page {
	b.play.t.Helper()
	return b.get(b.play.base() + "/ticket?token=" + url.QueryEscape(token))
}

// enter sends the form of a page that a ticket link led to, with further fields. Who is sent into the room is noted.
func (d *door) enter(b *browser, token string, looked page, more ...string) page {
	d.t.Helper()
	form := looked.fill(more...)
	form.Set("token", token) // refusals have no form; who sends one all the same is told the same
	entered := b.post(d.base()+"/ticket", form)
	if entered.status == http.StatusSeeOther {
		d.note(entered)
	}
	return entered
}

// note keeps who was let in: the userID in the join link.
func (d *door) note(entered page) {
	d.t.Helper()
	id, err := strconv.ParseInt(entered.joinQuery(d).Get("userID"), 10, 64)
	if err != nil {
		d.t.Fatalf("the join link names no position: %v", err)
	}
	at := d.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, before := d.admitted[id]; !before {
		d.admitted[id] = at
	}
}

func (p page) joinQuery(d *door) url.Values {
	d.t.Helper()
	to := p.header.Get("Location")
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, d.conference.url()) {
		d.t.Fatal("the redirect does not lead into the conference")
	}
	return u.Query()
}

// follow goes where the redirect leads, and returns who BBB then has inside.
func (d *door) follow(b *browser, entered page, meeting string) bbbsim.User {
	d.t.Helper()
	client := *b.Client
	client.CheckRedirect = nil
	through := &browser{&client, b.play}
	if got := through.get(entered.header.Get("Location")); got.status != http.StatusOK {
		d.t.Fatalf("BBB answers %d\n%s", got.status, got.body)
	}
	joined := d.bbb.Joined(meeting)
	return joined[len(joined)-1]
}

// came goes all the way with a new browser.
func (d *door) came(token string, more ...string) (*browser, page) {
	d.t.Helper()
	b := d.browser()
	return b, d.enter(b, token, b.look(token), more...)
}

// number is how a refusal is read out on the phone.
func number(why room.Reason) string { return "Error number " + strconv.Itoa(why.Code()) }

// expect fails unless the page has that status and says that.
func (d *door) expect(got page, status int, says ...string) {
	d.t.Helper()
	if got.status != status {
		d.t.Fatalf("answered %d, want %d\n%s", got.status, status, got.body)
	}
	for _, s := range says {
		if !strings.Contains(got.body, s) {
			d.t.Errorf("the page does not say %q\n%s", s, got.body)
		}
	}
}

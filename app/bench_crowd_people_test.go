package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// crowdVariable makes the test binary a crowd.
const crowdVariable = "EINLASS_TEST_CROWD"

const (
	crowdPatience = 5 * time.Minute // then something hangs
	crowdHands    = 16              // links are clicked on by so many at a time
)

// crowdOrder says who comes. It arrives as JSON on standard input.
type crowdOrder struct {
	Base   string   // of the server
	Tokens []string // one person each
}

// crowdNews is what the crowd tells, as lines of JSON on standard output: first that all wait, then that all are in.
type crowdNews struct {
	Waiting int
	In      int
	Sent    int   // forms
	EachMS  []int // from when the first heard that it goes on until the one was in
	Error   string
}

// crowdMain is the process of the crowd.
func crowdMain(in io.Reader, out io.Writer) (code int) {
	var order crowdOrder
	tell := json.NewEncoder(out)
	ctx, cancel := context.WithTimeout(context.Background(), crowdPatience)
	defer cancel()
	err := json.NewDecoder(in).Decode(&order)
	if err == nil {
		err = newCrowd(order).come(ctx, tell)
	}
	if err != nil {
		_ = tell.Encode(crowdNews{Error: err.Error()}) // who does not read that is gone
		return 1
	}
	return 0
}

// crowd is people in front of a room, each with a browser of their own.
type crowd struct {
	base   string
	people []*waiter
	sent   atomic.Int64
	first  sync.Once
	begun  time.Time // when the first heard that it goes on
}

// waiter is one of them.
type waiter struct {
	*crowd
	token  string
	events string // address
	client *http.Client
	stream io.ReadCloser
	took   time.Duration
}

func newCrowd(o crowdOrder) *crowd {
	c := &crowd{base: o.Base}
	transport := &http.Transport{MaxIdleConnsPerHost: len(o.Tokens)}
	for _, token := range o.Tokens {
		jar, _ := cookiejar.New(nil) // never fails
		c.people = append(c.people, &waiter{crowd: c, token: token, client: &http.Client{Transport: transport, Jar: jar}})
	}
	return c
}

func (c *crowd) come(ctx context.Context, tell *json.Encoder) error {
	if err := c.all(crowdHands, func(w *waiter) error { return w.look(ctx) }); err != nil {
		return err
	}
	if err := tell.Encode(crowdNews{Waiting: len(c.people)}); err != nil {
		return err
	}
	if err := c.all(len(c.people), func(w *waiter) error { return w.goIn(ctx) }); err != nil {
		return err
	}
	news := crowdNews{In: len(c.people), Sent: int(c.sent.Load())}
	for _, w := range c.people {
		news.EachMS = append(news.EachMS, int(w.took.Milliseconds()))
	}
	return tell.Encode(news)
}

// all lets everybody do something, so many at a time.
func (c *crowd) all(hands int, do func(*waiter) error) error {
	turns, failed := make(chan struct{}, hands), make(chan error, len(c.people))
	var done sync.WaitGroup
	for _, w := range c.people {
		done.Go(func() {
			turns <- struct{}{}
			failed <- do(w)
			<-turns
		})
	}
	done.Wait()
	close(failed)
	var errs []error
	for err := range failed {
		if err != nil && len(errs) < 3 {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

var eventsAddress = regexp.MustCompile(`/wait/[0-9a-f]+/events`)

// look clicks on the link and opens the stream that the page names.
func (w *waiter) look(ctx context.Context) error {
	status, page, err := visit(ctx, w.client, http.MethodGet, w.base+"/ticket?token="+url.QueryEscape(w.token), nil)
	if err != nil {
		return err
	}
	return w.wait(ctx, status, page)
}

func (w *waiter) wait(ctx context.Context, status int, page string) error {
	w.events = eventsAddress.FindString(page)
	if w.events == "" {
		return fmt.Errorf("a page with status %d does not wait", status)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+w.events, nil)
	if err != nil {
		return err
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return err
	}
	w.stream = answer.Body
	return nil
}

// goIn waits, sends the form as soon as the page may, and starts over if it is sent back to wait.
func (w *waiter) goIn(ctx context.Context) error {
	for {
		if err := w.hearGo(); err != nil {
			return err
		}
		w.first.Do(func() { w.begun = time.Now() })
		w.sent.Add(1)
		status, page, err := visit(ctx, w.client, http.MethodPost, w.base+"/ticket", url.Values{"token": {w.token}})
		if err != nil {
			return err
		}
		if !eventsAddress.MatchString(page) { // followed into the room
			w.took = time.Since(w.begun)
			return inside(status, page)
		}
		if err := w.wait(ctx, status, page); err != nil {
			return err
		}
	}
}

func inside(status int, page string) error {
	if status != http.StatusOK {
		return fmt.Errorf("not inside: status %d: %.300s", status, page)
	}
	return nil
}

// hearGo reads the stream until it says go.
func (w *waiter) hearGo() error {
	defer w.stream.Close()
	lines := bufio.NewScanner(w.stream)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"state":"go"`) {
			return nil
		}
	}
	return errors.Join(errors.New("the stream ended"), lines.Err())
}

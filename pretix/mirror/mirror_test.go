package mirror_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	down      = &pretix.Error{Class: pretix.Unavailable, Call: "event", Detail: "no answer"}
	gone      = &pretix.Error{Class: pretix.NotFound, Call: "event", Status: 404}
	forbidden = &pretix.Error{Class: pretix.Forbidden, Call: "meta properties", Status: 403}
	busy      = &pretix.Error{Class: pretix.RateLimited, Call: "event", Status: 429, RetryAfter: 20 * time.Second}
)

// shop is a pretix whose answers are set by the test.
type shop struct {
	calls  atomic.Int64
	takes  time.Duration // per call
	err    error
	event  pretix.Event
	dates  []pretix.SubEvent
	filter pretix.SubEventFilter // of the last call
	metas  []pretix.MetaProperty
}

func (s *shop) answer(ctx context.Context) error {
	s.calls.Add(1)
	select {
	case <-time.After(s.takes):
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *shop) Event(ctx context.Context, _ string) (pretix.Event, error) {
	err := s.answer(ctx)
	return s.event, err
}

func (s *shop) SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error) {
	return pretix.SubEvent{ID: id, Event: event}, s.answer(ctx)
}

func (s *shop) SubEvents(ctx context.Context, _ string, f pretix.SubEventFilter) ([]pretix.SubEvent, error) {
	s.filter = f
	return s.dates, s.answer(ctx)
}

func (s *shop) CheckinLists(ctx context.Context, _ string) ([]pretix.CheckinList, error) {
	return []pretix.CheckinList{{ID: 1}}, s.answer(ctx)
}

func (s *shop) Questions(ctx context.Context, _ string) ([]pretix.Question, error) {
	return []pretix.Question{{ID: 1}}, s.answer(ctx)
}

func (s *shop) Items(ctx context.Context, _ string) ([]pretix.Item, error) {
	return []pretix.Item{{ID: 1}}, s.answer(ctx)
}

func (s *shop) MetaProperties(ctx context.Context) ([]pretix.MetaProperty, error) {
	return s.metas, s.answer(ctx)
}

// bubble runs a story in fake time with a shop called "old".
func bubble(t *testing.T, opts mirror.Options, story func(t *testing.T, s *shop, m *mirror.ReadThrough)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{event: named("old")}
		m, err := mirror.New(s, opts)
		if err != nil {
			t.Fatal(err)
		}
		story(t, s, m)
	})
}

func named(name string) pretix.Event {
	return pretix.Event{Slug: "gutschein", Name: pretix.I18n{"de": name}}
}

// reads checks what a reader gets, and how often pretix was asked until then.
func reads(t *testing.T, m mirror.Reader, s *shop, want string, calls int64) {
	t.Helper()
	got, err := m.Event(t.Context(), "gutschein")
	if err != nil || got.Name.In("de") != want || s.calls.Load() != calls {
		t.Errorf("read %q, %v after %d calls; want %q after %d", got.Name.In("de"), err, s.calls.Load(), want, calls)
	}
}

// fails checks that a reader gets the error, and how often pretix was asked until then.
func fails(t *testing.T, m mirror.Reader, s *shop, want error, calls int64) {
	t.Helper()
	_, err := m.Event(t.Context(), "gutschein")
	if !errors.Is(err, want) || s.calls.Load() != calls {
		t.Errorf("got %v after %d calls; want %v after %d", err, s.calls.Load(), want, calls)
	}
}

func TestFreshForAMinute(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		s.event = named("new")
		time.Sleep(59 * time.Second)
		reads(t, m, s, "old", 1)
		time.Sleep(time.Second)
		reads(t, m, s, "new", 2)
	})
}

func TestStaleWhilePretixIsDown(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		s.err, s.event = down, named("broken")
		time.Sleep(2 * time.Minute)
		reads(t, m, s, "old", 2)
		time.Sleep(4 * time.Second)
		reads(t, m, s, "old", 2) // the failure is remembered
		time.Sleep(time.Second)
		reads(t, m, s, "old", 3)
		s.err, s.event = nil, named("new")
		time.Sleep(5 * time.Second)
		reads(t, m, s, "new", 4)
	})
}

func TestStaleOnlyForADay(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		s.err = down
		time.Sleep(24*time.Hour - time.Second)
		reads(t, m, s, "old", 2)
		time.Sleep(6 * time.Second)
		fails(t, m, s, down, 3)
		fails(t, m, s, down, 3)
	})
}

func TestNothingKnownAndPretixDown(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		s.err = down
		fails(t, m, s, down, 1)
		time.Sleep(4 * time.Second)
		fails(t, m, s, down, 1)
		s.err = nil
		time.Sleep(time.Second)
		reads(t, m, s, "old", 2)
	})
}

func TestRetryAfterIsKept(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		s.err = busy
		fails(t, m, s, busy, 1)
		s.err = nil
		time.Sleep(19 * time.Second)
		fails(t, m, s, busy, 1)
		time.Sleep(time.Second)
		reads(t, m, s, "old", 2)
	})
}

// A deleted event is an answer: the old copy must not come back when pretix goes down later.
func TestGoneIsGone(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		time.Sleep(time.Minute)
		s.err = gone
		fails(t, m, s, gone, 2)
		s.err = down
		time.Sleep(5 * time.Second)
		fails(t, m, s, down, 3)
	})
}

func TestTogetherAskedOnce(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		s.takes = time.Second
		got := make(chan error)
		for range 100 {
			go func() {
				_, err := m.Event(t.Context(), "gutschein")
				got <- err
			}()
		}
		for range 100 {
			if err := <-got; err != nil {
				t.Error(err)
			}
		}
		if s.calls.Load() != 1 {
			t.Errorf("pretix was asked %d times, want 1", s.calls.Load())
		}
	})
}

func TestFirstReaderGivesUp(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		s.takes = 3 * time.Second
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		first := make(chan error)
		go func() {
			_, err := m.Event(hurried, "gutschein")
			first <- err
		}()
		synctest.Wait()
		second := make(chan error)
		go func() {
			_, err := m.Event(t.Context(), "gutschein")
			second <- err
		}()
		if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the first reader got %v, want its own time-out", err)
		}
		if err := <-second; err != nil || s.calls.Load() != 1 {
			t.Errorf("the second reader got %v after %d calls, want the answer of the first call", err, s.calls.Load())
		}
	})
}

func TestSlowPretixIsNotWaitedForTwice(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		time.Sleep(time.Minute)
		s.takes, s.event = 4*time.Second, named("new")
		began := time.Now()
		reads(t, m, s, "old", 2)
		reads(t, m, s, "old", 2)
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("two readers waited %v, want 2s", waited)
		}
		time.Sleep(3 * time.Second) // the answer has come meanwhile
		reads(t, m, s, "new", 2)
	})
}

func TestEndlessFetchEnds(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		s.takes = time.Hour
		began := time.Now()
		fails(t, m, s, context.DeadlineExceeded, 1)
		if waited := time.Since(began); waited != 30*time.Second {
			t.Errorf("waited %v, want 30s", waited)
		}
	})
}

func TestInvalidate(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "old", 1)
		s.event = named("new")
		m.Invalidate()
		reads(t, m, s, "new", 2)
	})
}

func TestInvalidateDuringAFetch(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		done := invalidated(t, s, m)
		<-done
		s.event = named("new")
		reads(t, m, s, "new", 2) // what the fetch brought was not kept
	})
}

func TestAfterInvalidateNobodyJoinsAnOlderFetch(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		done := invalidated(t, s, m)
		time.Sleep(time.Second / 2)
		if _, err := m.Event(t.Context(), "gutschein"); err != nil || s.calls.Load() != 2 {
			t.Errorf("%v after %d calls, want 2", err, s.calls.Load())
		}
		<-done
	})
}

// invalidated forgets everything while the first fetch is under way, and returns a channel that closes when its reader
// has got the answer.
func invalidated(t *testing.T, s *shop, m *mirror.ReadThrough) <-chan struct{} {
	t.Helper()
	s.takes = time.Second
	done := make(chan struct{})
	go func() {
		defer close(done)
		if got, err := m.Event(t.Context(), "gutschein"); err != nil || got.Name.In("de") != "old" {
			t.Errorf("read %v, %v", got, err)
		}
	}()
	synctest.Wait()
	m.Invalidate()
	return done
}

func TestLeastRecentlyUsedGoes(t *testing.T) {
	bubble(t, mirror.Options{Size: 2}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		for _, id := range []int64{1, 2, 1, 3, 1, 2} { // 3 pushes out 2
			got, err := m.SubEvent(t.Context(), "gutschein", id)
			if err != nil || got.ID != id {
				t.Errorf("date %d: got %d, %v", id, got.ID, err)
			}
		}
		if s.calls.Load() != 4 {
			t.Errorf("pretix was asked %d times, want 4", s.calls.Load())
		}
	})
}

func TestDatesNotOver(t *testing.T) {
	bubble(t, mirror.Options{TTL: time.Hour}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		now := time.Now()
		end := now.Add(30 * time.Minute)
		s.dates = []pretix.SubEvent{
			{ID: 1, From: now.Add(-25 * time.Hour)}, // open end, began yesterday
			{ID: 2, From: now.Add(-time.Hour)},      // open end, running
			{ID: 3, From: now.Add(-time.Hour), To: &end},
			{ID: 4, From: now.Add(time.Hour)},
		}
		dates(t, m, 2, 3, 4)
		if s.filter.Active == nil || !*s.filter.Active || !s.filter.EndsAfter.Equal(now.Add(-24*time.Hour)) {
			t.Errorf("asked with %+v, want active ones that end after yesterday", s.filter)
		}
		time.Sleep(30 * time.Minute) // from memory, but without what has ended
		dates(t, m, 2, 4)
		if s.calls.Load() != 1 {
			t.Errorf("pretix was asked %d times, want 1", s.calls.Load())
		}
	})
}

func dates(t *testing.T, m mirror.Reader, want ...int64) {
	t.Helper()
	got, err := m.SubEvents(t.Context(), "gutschein")
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %d dates, %v; want %v", len(got), err, want)
	}
	for i, id := range want {
		if got[i].ID != id {
			t.Errorf("date %d is %d, want %d", i, got[i].ID, id)
		}
	}
}

func TestMetaDefault(t *testing.T) {
	html404 := &pretix.Error{Class: pretix.Unavailable, Call: "meta properties", Status: 404}
	cases := []struct {
		name string
		err  error
		want string
		fail bool
	}{
		{"a property with a default", nil, "https://treff.example/r/default", false},
		{"the token may not read them", forbidden, "", false},
		{"an older pretix without them", html404, "", false},
		{"pretix is down", down, "", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
				s.err, s.metas = c.err, []pretix.MetaProperty{{Name: "Teilnehmerlink", Default: "https://treff.example/r/default"}}
				if c.err != nil {
					s.metas = nil
				}
				for range 2 {
					got, err := m.MetaDefault(t.Context(), "Teilnehmerlink")
					if got != c.want || (err != nil) != c.fail {
						t.Errorf("got %q, %v; want %q", got, err, c.want)
					}
				}
				if other, err := m.MetaDefault(t.Context(), "Teilnahmelink"); other != "" || (err != nil) != c.fail {
					t.Errorf("an unknown property: got %q, %v", other, err)
				}
				if s.calls.Load() != 1 {
					t.Errorf("pretix was asked %d times, want 1", s.calls.Load())
				}
			})
		})
	}
}

func TestOtherKinds(t *testing.T) {
	bubble(t, mirror.Options{}, func(t *testing.T, s *shop, m *mirror.ReadThrough) {
		for range 2 {
			lists, errL := m.CheckinLists(t.Context(), "gutschein")
			questions, errQ := m.Questions(t.Context(), "gutschein")
			items, errI := m.Items(t.Context(), "gutschein")
			if err := errors.Join(errL, errQ, errI); err != nil || len(lists)*len(questions)*len(items) != 1 {
				t.Errorf("got %v %v %v, %v", lists, questions, items, err)
			}
		}
		if _, err := m.Items(t.Context(), "conf"); err != nil || s.calls.Load() != 4 {
			t.Errorf("%v after %d calls, want 4: one for each kind and event", err, s.calls.Load())
		}
	})
}

func TestOptionsRefused(t *testing.T) {
	if _, err := mirror.New(&shop{}, mirror.Options{TTL: -1}); err == nil {
		t.Error("a negative time to live is accepted")
	}
}

package mirror_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// shelf is a copy whose lists were fetched at some time.
type shelf struct {
	rows       map[mirror.Key][]json.RawMessage
	fetched    map[mirror.Key]time.Time
	compared   time.Time // the dates
	generation int64
	reads      int
	err        error
}

func (s *shelf) Configuration(context.Context) (int64, error) { return s.generation, s.err }

func (s *shelf) State(_ context.Context, key mirror.Key) (mirror.State, error) {
	s.reads++
	return mirror.State{Key: key, Succeeded: s.fetched[key], Progress: mirror.Progress{Complete: s.compared}}, s.err
}

func (s *shelf) All(_ context.Context, key mirror.Key) ([]json.RawMessage, error) {
	return s.rows[key], s.err
}

var (
	copiedEvent = mirror.Key{Resource: mirror.Event, Event: "gutschein"}
	copiedDates = mirror.Key{Resource: mirror.SubEvents}
	copiedLists = mirror.Key{Resource: mirror.Lists, Event: "gutschein"}
)

// called gives the copied event another name.
func (s *shelf) called(name string) {
	s.rows[copiedEvent] = []json.RawMessage{json.RawMessage(`{"slug":"gutschein","name":{"de":"` + name + `"}}`)}
	s.generation++
}

// pull makes a round: all in the copy is as young as can be.
func (s *shelf) pull() {
	for key := range s.fetched {
		s.fetched[key] = time.Now()
	}
	s.compared = time.Now()
}

// beside runs a story in fake time, with a shop called "old" and a copy of it called "copied" that was made just now.
func beside(t *testing.T, story func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		c := &shelf{
			rows: map[mirror.Key][]json.RawMessage{
				{Resource: mirror.SubEvents, Event: "gutschein"}: {
					date(1, now.Add(-48*time.Hour), true), date(2, now.Add(-time.Hour), true), date(3, now.Add(time.Hour), false),
					date(4, now.Add(time.Hour), true),
				},
				copiedLists: {json.RawMessage(`{"id":7,"name":"Door"}`)},
			},
			fetched: map[mirror.Key]time.Time{copiedEvent: {}, copiedDates: {}, copiedLists: {}},
		}
		c.called("copied")
		c.pull()
		s := &shop{event: named("old"), dates: []pretix.SubEvent{{ID: 99, From: now.Add(time.Hour)}}}
		m, err := mirror.New(s, mirror.Options{Copy: c})
		if err != nil {
			t.Fatal(err)
		}
		story(t, c, s, m)
	})
}

func date(id int64, from time.Time, active bool) json.RawMessage {
	raw, _ := json.Marshal(map[string]any{"id": id, "date_from": from, "active": active}) //nolint:errchkjson // plain values
	return raw
}

// coming checks which dates a reader gets, and how often pretix was asked until then.
func coming(t *testing.T, m mirror.Reader, s *shop, calls int64, want ...int64) {
	t.Helper()
	all, err := m.SubEvents(t.Context(), "gutschein")
	var got []int64
	for _, d := range all {
		got = append(got, d.ID)
	}
	if err != nil || !slices.Equal(got, want) || s.calls.Load() != calls {
		t.Errorf("read %v, %v after %d calls; want %v after %d", got, err, s.calls.Load(), want, calls)
	}
}

func TestWhatIsCopiedIsNotAskedFor(t *testing.T) {
	beside(t, func(t *testing.T, _ *shelf, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "copied", 0)
		coming(t, m, s, 0, 2, 4)
		if got, err := m.SubEvent(t.Context(), "gutschein", 3); err != nil || got.ID != 3 || s.calls.Load() != 0 {
			t.Errorf("got %d, %v after %d calls", got.ID, err, s.calls.Load())
		}
		if got, err := m.CheckinLists(t.Context(), "gutschein"); err != nil || len(got) != 1 || got[0].ID != 7 || s.calls.Load() != 0 {
			t.Errorf("got %v, %v after %d calls", got, err, s.calls.Load())
		}
	})
}

func TestWhatIsNotCopiedIsAskedFor(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		s.metas = []pretix.MetaProperty{{Name: "link", Default: "here"}}
		if got, err := m.MetaDefault(t.Context(), "link"); err != nil || got != "here" || s.calls.Load() != 1 {
			t.Errorf("what a device may not read: got %q, %v after %d calls", got, err, s.calls.Load())
		}
		if got, err := m.SubEvent(t.Context(), "gutschein", 99); err != nil || got.ID != 99 || s.calls.Load() != 2 {
			t.Errorf("a date that is new: got %v, %v after %d calls", got, err, s.calls.Load())
		}
		delete(c.fetched, copiedLists)
		if got, err := m.CheckinLists(t.Context(), "gutschein"); err != nil || len(got) != 1 || got[0].ID != 1 || s.calls.Load() != 3 {
			t.Errorf("a list that was never fetched: got %v, %v after %d calls", got, err, s.calls.Load())
		}
		delete(c.fetched, copiedEvent)
		coming(t, m, s, 4, 99) // all dates come as one list: of an event that the proxy may not see it has none
	})
}

func TestTheYoungerOneCounts(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "copied", 0)
		c.called("moved")
		reads(t, m, s, "copied", 0)
		time.Sleep(time.Second) // the copy is looked at once a second
		reads(t, m, s, "moved", 0)
		time.Sleep(59 * time.Second)
		reads(t, m, s, "old", 1) // no round for a minute: as without a copy
		c.called("back")
		time.Sleep(time.Second)
		reads(t, m, s, "old", 1) // what lies in the copy is older
		c.pull()
		time.Sleep(time.Second)
		reads(t, m, s, "back", 1)
	})
}

// A list that cannot be fetched any more, or dates that were not compared, must not hide what pretix would say.
func TestEachListIsAsOldAsItself(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		time.Sleep(2 * time.Minute)
		compared := c.compared
		c.pull()
		c.compared = compared
		reads(t, m, s, "copied", 0)
		coming(t, m, s, 1, 99)
		c.pull()
		c.fetched[copiedEvent] = compared
		time.Sleep(2 * time.Minute)
		c.fetched[copiedDates], c.compared = time.Now(), time.Now()
		coming(t, m, s, 2, 99)
	})
}

func TestTheCopyServesWhilePretixIsAway(t *testing.T) {
	for story, c := range map[string]struct {
		err   error
		takes time.Duration
	}{"fails": {err: down}, "asks for a pause": {err: busy}, "is slow": {takes: time.Minute}} {
		t.Run(story, func(t *testing.T) {
			beside(t, func(t *testing.T, _ *shelf, s *shop, m *mirror.ReadThrough) {
				s.err, s.takes = c.err, c.takes
				time.Sleep(23 * time.Hour)
				begun := time.Now()
				reads(t, m, s, "copied", 1)
				reads(t, m, s, "copied", 1) // the failure is remembered
				if took := time.Since(begun); took > 2*time.Second {
					t.Errorf("it took %s: nobody waits that long while there is an answer", took)
				}
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				s.err, s.takes = down, 0
				fails(t, m, s, down, 2) // a day old is too old
			})
		})
	}
}

func TestANoOfPretixCountsMoreThanAnOlderCopy(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		time.Sleep(2 * time.Minute)
		s.err = gone
		fails(t, m, s, gone, 1)
		fails(t, m, s, gone, 1)
		time.Sleep(5 * time.Second)
		s.err = down
		fails(t, m, s, down, 2)
		c.pull()
		time.Sleep(time.Second)
		reads(t, m, s, "copied", 2)
	})
}

// After a change of ours at pretix, a round that was under way does not bring back what was before.
func TestInvalidateForgetsTheCopyToo(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		reads(t, m, s, "copied", 0)
		m.Invalidate()
		reads(t, m, s, "old", 1)
		time.Sleep(time.Second)
		c.pull()
		time.Sleep(time.Second)
		reads(t, m, s, "old", 1)
		time.Sleep(30 * time.Second)
		c.pull()
		time.Sleep(time.Second)
		reads(t, m, s, "copied", 1)
	})
}

func TestTheCopyIsLookedAtOnceASecond(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		for range 100 {
			reads(t, m, s, "copied", 0)
		}
		if c.reads != 1 {
			t.Errorf("its database was asked %d times in one instant", c.reads)
		}
	})
}

func TestABrokenCopyIsGoneAround(t *testing.T) {
	beside(t, func(t *testing.T, c *shelf, s *shop, m *mirror.ReadThrough) {
		c.err = errors.New("disk on fire")
		reads(t, m, s, "old", 1)
		s.err = down
		if _, err := m.Items(t.Context(), "gutschein"); !errors.Is(err, c.err) || pretix.ClassOf(err) != pretix.Unavailable {
			t.Errorf("got %v, want both", err)
		}
	})
}

package mirror_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

var _ mirror.Reader = (*mirror.Synced)(nil)

// shelf is a copy whose lists were fetched at some time.
type shelf struct {
	rows       map[mirror.Key][]json.RawMessage
	fetched    map[mirror.Key]time.Time
	generation int64
	err        error
}

func (s *shelf) Configuration(context.Context) (int64, error) { return s.generation, s.err }

func (s *shelf) State(_ context.Context, key mirror.Key) (mirror.State, error) {
	return mirror.State{Key: key, Succeeded: s.fetched[key]}, s.err
}

func (s *shelf) All(_ context.Context, key mirror.Key) ([]json.RawMessage, error) {
	return s.rows[key], s.err
}

// readers makes a copy of the event "gutschein" beside a shop that says "old".
func readers(t *testing.T) (*shelf, *shop, *mirror.Synced) {
	t.Helper()
	now := time.Now()
	event, dates := mirror.Key{Resource: mirror.Event, Event: "gutschein"}, mirror.Key{Resource: mirror.SubEvents}
	c := &shelf{
		rows: map[mirror.Key][]json.RawMessage{
			event: {json.RawMessage(`{"slug":"gutschein","name":{"de":"copied"}}`)},
			{Resource: mirror.SubEvents, Event: "gutschein"}: {
				date(1, now.Add(-48*time.Hour), true), date(2, now.Add(-time.Hour), true), date(3, now.Add(time.Hour), false),
				date(4, now.Add(time.Hour), true),
			},
		},
		fetched: map[mirror.Key]time.Time{event: now, dates: now},
	}
	s := &shop{event: named("old")}
	other, err := mirror.New(s, mirror.Options{TTL: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mirror.NewSynced(c, other, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return c, s, m
}

func date(id int64, from time.Time, active bool) json.RawMessage {
	raw, _ := json.Marshal(map[string]any{"id": id, "date_from": from, "active": active}) //nolint:errchkjson // plain values
	return raw
}

func TestWhatIsCopiedIsNotAskedFor(t *testing.T) {
	_, s, m := readers(t)
	reads(t, m, s, "copied", 0)
	dates(t, m, 2, 4)
	if got, err := m.SubEvent(t.Context(), "gutschein", 3); err != nil || got.ID != 3 || s.calls.Load() != 0 {
		t.Errorf("got %d, %v after %d calls", got.ID, err, s.calls.Load())
	}
}

func TestWhatIsNotCopiedIsAskedFor(t *testing.T) {
	_, s, m := readers(t)
	if got, err := m.CheckinLists(t.Context(), "gutschein"); err != nil || len(got) != 1 || s.calls.Load() != 1 {
		t.Errorf("got %v, %v after %d calls", got, err, s.calls.Load())
	}
	if got, err := m.SubEvent(t.Context(), "gutschein", 99); err != nil || got.ID != 99 || s.calls.Load() != 2 {
		t.Errorf("a date that is new: got %v, %v after %d calls", got, err, s.calls.Load())
	}
}

func TestAnOldCopyIsNotTrusted(t *testing.T) {
	c, s, m := readers(t)
	for key := range c.fetched {
		c.fetched[key] = time.Now().Add(-25 * time.Hour)
	}
	reads(t, m, s, "old", 1)
}

func TestAChangedCopyIsReadAnew(t *testing.T) {
	c, s, m := readers(t)
	reads(t, m, s, "copied", 0)
	c.rows[mirror.Key{Resource: mirror.Event, Event: "gutschein"}] = []json.RawMessage{json.RawMessage(`{"name":{"de":"new"}}`)}
	reads(t, m, s, "copied", 0)
	c.generation++
	reads(t, m, s, "new", 0)
}

func TestABrokenCopyIsGoneAround(t *testing.T) {
	c, s, m := readers(t)
	c.err = errors.New("disk on fire")
	reads(t, m, s, "old", 1)
	s.err = down
	if _, err := m.Items(t.Context(), "gutschein"); !errors.Is(err, c.err) || pretix.ClassOf(err) != pretix.Unavailable {
		t.Errorf("got %v, want both", err)
	}
}

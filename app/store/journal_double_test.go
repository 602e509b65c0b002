package store_test

import (
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
)

func TestDoubleAdmissionIsShown(t *testing.T) {
	start := evening().Truncate(time.Second)
	other := func(kind string, minutes int) pretixsim.Checkin {
		return pretixsim.Checkin{Position: 1, List: int(gate.List), Type: kind, At: start.Add(time.Duration(minutes) * time.Minute)}
	}
	noReturn := func(l *scanproxy.List) { l.EntryAfterExit = false }
	many := func(l *scanproxy.List) { l.MultipleEntries = true }
	for _, c := range []struct {
		story  string
		list   func(*scanproxy.List)
		others []pretixsim.Checkin
		double bool
	}{
		{"nobody else", nil, nil, false},
		{"another proxy was first", nil, []pretixsim.Checkin{other("entry", -5)}, true},
		{"another proxy came later, and uploaded first", nil, []pretixsim.Checkin{other("entry", 5)}, true},
		{"at the same second", nil, []pretixsim.Checkin{other("entry", 0)}, true},
		{"and had left", nil, []pretixsim.Checkin{other("entry", -5), other("exit", -3)}, false},
		{"and had left, where nobody comes back", noReturn, []pretixsim.Checkin{other("entry", -5), other("exit", -3)}, true},
		{"on a list with many entries", many, []pretixsim.Checkin{other("entry", -5)}, false},
		{"only left", nil, []pretixsim.Checkin{other("exit", -5)}, false},
	} {
		t.Run(c.story, func(t *testing.T) {
			v := atVenue(t, 1)
			if c.list != nil {
				c.list(v.copy.snapshot.Lists[gate])
			}
			v.scan(t, entry(1), scanproxy.Valid)
			for _, o := range c.others {
				v.pretix.AddCheckin(o)
			}
			v.Pass(time.Hour)
			v.upload(t)
			found, err := v.journal.Doubles(t.Context(), v.Now())
			if err != nil || (len(found) == 1) != c.double {
				t.Fatalf("%+v, %v, want a double: %v", found, err, c.double)
			}
			if !c.double {
				return
			}
			want := store.Double{
				ID:    1,
				Event: fair, List: gate.List, Position: 1, At: start, Device: north.Name,
				OtherAt: c.others[0].At.UTC(), Found: v.Now().UTC().Truncate(time.Microsecond),
			}
			want.At = want.At.UTC()
			if found[0] != want {
				t.Errorf("%+v, want %+v", found[0], want)
			}
			if later, err := v.journal.Doubles(t.Context(), v.Now().Add(time.Second)); err != nil || len(later) > 0 {
				t.Errorf("found since then: %+v, %v", later, err)
			}
		})
	}
}

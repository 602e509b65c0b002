package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// candidates returns the positions of an order that a link may mean. number is the positionid from the token, which
// decides where it is given; chosen the id of the position that the holder picked on our page, which only narrows.
func candidates(o pretix.Order, number int, chosen int64, products []int64) ([]pretix.Position, Reason) {
	found := o.Positions
	if number > 0 {
		found = keep(found, func(p pretix.Position) bool { return p.PositionID == number })
		if len(found) == 0 {
			return nil, PositionUnknown
		}
	}
	if len(products) > 0 {
		found = keep(found, func(p pretix.Position) bool { return slices.Contains(products, p.Item) })
		if len(found) == 0 {
			return nil, WrongProduct
		}
	}
	if chosen > 0 {
		found = keep(found, func(p pretix.Position) bool { return p.ID == chosen })
	}
	if len(found) == 0 {
		return nil, PositionUnknown
	}
	return found, ""
}

// usable drops the positions that nobody may enter with. If none is left, the reason of the first one counts.
func usable(positions []pretix.Position, now time.Time) ([]pretix.Position, Reason) {
	good := keep(positions, func(p pretix.Position) bool { return positionRefusal(p, now) == "" })
	if len(good) == 0 {
		return nil, positionRefusal(positions[0], now)
	}
	return good, ""
}

// positionRefusal says why nobody enters with this position, "" if somebody may.
func positionRefusal(p pretix.Position, now time.Time) Reason {
	switch {
	case p.Canceled:
		return PositionCanceled
	case p.IsBlocked():
		return Blocked
	case p.ValidFrom != nil && now.Before(*p.ValidFrom):
		return NotYetValid
	case p.ValidUntil != nil && now.After(*p.ValidUntil):
		return NoLongerValid
	case p.SubEvent == nil:
		return NoDate
	}
	return ""
}

// option is one position that could be meant, with its date and its room.
type option struct {
	position pretix.Position
	sub      pretix.SubEvent
	window   Window
	room     Room
	refused  Reason // why the date leads into no room, "" if it does
	running  bool   // the room is open; looked up only where there is a choice
}

// options looks up the date and the room of each position.
func (e *entry) options(ctx context.Context, positions []pretix.Position) ([]option, error) {
	options := make([]option, len(positions))
	for i, p := range positions {
		sub, err := e.Catalog.SubEvent(ctx, e.event, *p.SubEvent)
		if err != nil {
			return nil, fmt.Errorf("read date %d: %w", *p.SubEvent, err)
		}
		o := option{position: p, sub: sub, window: WindowOf(sub, e.loc, e.Rules.Doors, e.Rules.Grace)}
		if o.room, o.refused, err = e.roomOf(ctx, sub); err != nil {
			return nil, err
		}
		options[i] = o
	}
	if sameDate(options) {
		return options, nil
	}
	for i, o := range options {
		running, err := e.runs(ctx, o)
		if err != nil {
			return nil, err
		}
		options[i].running = running
	}
	return options, nil
}

func sameDate(options []option) bool {
	return !slices.ContainsFunc(options, func(o option) bool { return o.sub.ID != options[0].sub.ID })
}

// runs asks whether the room of an option is open. A BBB that cannot be reached does not spoil the choice: the date
// decides then, and the step that opens the door asks again.
func (e *entry) runs(ctx context.Context, o option) (bool, error) {
	if o.refused != "" {
		return false, nil
	}
	m, err := e.Meetings.Recent(ctx, o.room.MeetingID)
	if _, fromBBB := errors.AsType[*bbb.Error](err); fromBBB {
		return false, nil
	}
	return err == nil && m.Open(o.room.WaitForModerator), err
}

// nearest returns the options of the date that a person most likely means now: a date in its window whose room runs,
// any date in its window, the next to come, the last that is over. Without date windows, a running room comes first.
// More than one option: several people for that date.
func nearest(options []option, now time.Time, windows bool) []option {
	rank := func(o option) int {
		in, ahead := o.window.Holds(now), now.Before(o.window.Opens)
		switch {
		case o.running && (in || !windows):
			return 0
		case in:
			return 1
		case ahead:
			return 2
		}
		return 3
	}
	best := slices.MinFunc(options, func(a, b option) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return int(distance(a, now)/time.Second) - int(distance(b, now)/time.Second)
	})
	var same []option
	for _, o := range options {
		if o.sub.ID == best.sub.ID {
			same = append(same, o)
		}
	}
	return same
}

func distance(o option, now time.Time) time.Duration { return o.sub.From.Sub(now).Abs() }

func keep(positions []pretix.Position, wanted func(pretix.Position) bool) []pretix.Position {
	return slices.DeleteFunc(slices.Clone(positions), func(p pretix.Position) bool { return !wanted(p) })
}

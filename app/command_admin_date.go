package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"time"

	"github.com/einlass/einlass/app/room"
)

// dateRow is a date in --json; instants are RFC 3339 in the option timezone.
type dateRow struct {
	ID       int64     `json:"id"`
	Title    string    `json:"title"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Event    string    `json:"event"`
	SubEvent int64     `json:"subevent"`
}

func dateAdd(own *flag.FlagSet) task {
	from := own.String("from", "", "`moment` at which it begins: 2026-12-01 19:00")
	to := own.String("to", "", "`moment` at which it ends; or --duration")
	lasts := own.String("duration", "", "`time` that it lasts, 90m or 2h; or --to")
	title := own.String("title", "", "`title`; empty: the room's name")
	event := own.String("event", "", "`slug` of the event series at pretix, if the date stands there")
	subEvent := own.Int64("subevent", 0, "`id` of the date at pretix, if it stands there")
	return func(ctx context.Context, d adminEnv, words []string) error {
		begins, ends, wrong := span(*from, *to, *lasts, d.zone)
		if wrong != nil {
			return wrong
		}
		r, err := d.room(ctx, words[0])
		if err != nil {
			return err
		}
		date := room.Date{RoomID: r.ID, Title: *title, From: begins, To: ends, Event: *event, SubEvent: *subEvent}
		if err := room.ValidateDate(date); err != nil {
			return invalid(err)
		}
		date, err = d.store.PutDate(ctx, date)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "date %d of room %s is added: %s to %s.\n", date.ID, r.Slug, d.shown(date.From), d.shown(date.To))
		return err
	}
}

func dateList(own *flag.FlagSet) task {
	all := own.Bool("all", false, "past dates too")
	asJSON := jsonFlag(own)
	return func(ctx context.Context, d adminEnv, words []string) error {
		r, err := d.room(ctx, words[0])
		if err != nil {
			return err
		}
		dates, err := d.store.Dates(ctx, r.ID, d.now, manyDates)
		if *all {
			dates, err = d.store.AllDates(ctx, r.ID)
		}
		if err != nil {
			return err
		}
		if !*asJSON {
			return d.writeDates(dates)
		}
		rows := make([]dateRow, len(dates))
		for i, date := range dates {
			rows[i] = dateRow{date.ID, date.Title, date.From.In(d.zone), date.To.In(d.zone), date.Event, date.SubEvent}
		}
		return writeJSON(d.out, rows)
	}
}

func dateRemove(*flag.FlagSet) task {
	return func(ctx context.Context, d adminEnv, words []string) error {
		id, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return usageError(fmt.Sprintf("%q is not the id of a date; einlass admin date list <slug> shows them", words[0]))
		}
		err = d.store.DeleteDate(ctx, id)
		if errors.Is(err, room.ErrNotFound) {
			return fmt.Errorf("there is no date %d; einlass admin date list <slug> shows which there are", id)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "date %d is removed. If it stands at pretix, it still does.\n", id)
		return err
	}
}

// span reads beginning and end from the flags; its error is a list of complaints.
func span(from, to, lasts string, zone *time.Location) (begins, ends time.Time, err error) {
	var wrong complaints
	read := func(flag, value string) time.Time {
		at, err := moment(value, zone)
		if err != nil {
			wrong = append(wrong, complaint{option: flag, source: sourceCommandLine, wrong: err.Error(), cure: flag + "='2026-12-01 19:00'"})
		}
		return at
	}
	begins = read("--from", from)
	switch {
	case (to == "") == (lasts == ""):
		wrong = append(wrong, complaint{option: "--to", source: sourceCommandLine, wrong: "either it or --duration says when the date ends", cure: "--duration=2h"})
	case to != "":
		ends = read("--to", to)
	default:
		d, err := parseDuration(lasts)
		if err != nil {
			wrong = append(wrong, complaint{option: "--duration", source: sourceCommandLine, wrong: err.Error(), cure: "--duration=2h"})
		}
		ends = begins.Add(d)
	}
	return begins, ends, wrong.orNil()
}

// moment reads a time as people type it, in the given zone, or with an offset of its own.
func moment(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, errors.New("is missing")
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "02.01.2006 15:04"} {
		at, err := time.ParseInLocation(form, text, zone)
		if err != nil {
			continue
		}
		if at.Format(form) != text {
			return time.Time{}, errors.New("does not exist: the clocks go forward in that hour")
		}
		return at, nil
	}
	return time.Time{}, errors.New("is not a day and time")
}

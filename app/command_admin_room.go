package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/einlass/einlass/app/room"
)

// roomEdits are the changes that flags ask for, in the order of the command line.
type roomEdits []func(*room.Room)

// roomFlags declares a flag for each field of a room. What is typed is judged by room.ValidateRoom, not here.
func roomFlags(own *flag.FlagSet) *roomEdits {
	edits := &roomEdits{}
	field := func(name, usage string, set func(r *room.Room, value string)) {
		own.Func(name, usage, func(value string) error {
			*edits = append(*edits, func(r *room.Room) { set(r, value) })
			return nil
		})
	}
	field("name", "`name` shown to participants", func(r *room.Room, v string) { r.Name = v })
	field("description", "plain `text` on the room's page", func(r *room.Room, v string) { r.Description = v })
	field("shop", "`address` where tickets are to be had; empty: the event's shop", func(r *room.Room, v string) { r.ShopURL = v })
	field("meeting-id", "`meetingID` of the room at BBB", func(r *room.Room, v string) { r.MeetingID = v })
	field("access", "`who` may enter: ticket (the default), open or code", func(r *room.Room, v string) { r.Access = room.Access(v) })
	field("code", "`code` to enter with, if access is code", func(r *room.Room, v string) { r.Code = v })
	field("recording", "`what` happens without consent: camera-not-recorded (the default), listen-only or refuse",
		func(r *room.Room, v string) { r.Recording = room.RecordingPolicy(v) })
	own.BoolFunc("wait-for-moderator", "open only while a moderator is inside", func(value string) error {
		on, err := onOff(value)
		*edits = append(*edits, func(r *room.Room) { r.WaitForModerator = on })
		return err
	})
	return edits
}

func (e roomEdits) apply(r room.Room) room.Room {
	for _, edit := range e {
		edit(&r)
	}
	return r
}

func roomAdd(own *flag.FlagSet) task {
	edits := roomFlags(own)
	return func(ctx context.Context, d adminEnv, words []string) error {
		r := edits.apply(room.Room{Slug: words[0], Access: room.AccessTicket, Recording: room.CameraNotRecorded})
		if err := room.ValidateRoom(r); err != nil {
			return invalid(err)
		}
		r, err := d.store.PutRoom(ctx, r)
		if errors.Is(err, room.ErrSlugTaken) {
			return fmt.Errorf("there is a room %q already; einlass admin room set %s … changes it", words[0], words[0])
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "room %s is made.\n%s", r.Slug, d.linkLine(r))
		return err
	}
}

func roomSet(own *flag.FlagSet) task {
	edits := roomFlags(own)
	return func(ctx context.Context, d adminEnv, words []string) error {
		if len(*edits) == 0 {
			return usageError("nothing to change: name at least one flag, see einlass help admin room set")
		}
		before, err := d.room(ctx, words[0])
		if err != nil {
			return err
		}
		r := edits.apply(before)
		if r.Access != room.AccessCode && r.Code == before.Code {
			r.Code = "" // the old code goes with the access that asked for it
		}
		if err := room.ValidateRoom(r); err != nil {
			return invalid(err)
		}
		if _, err := d.store.PutRoom(ctx, r); err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "room %s is changed.\n", r.Slug)
		return err
	}
}

func roomRemove(own *flag.FlagSet) task {
	sure := own.Bool("yes", false, "remove the room although it has dates to come")
	return func(ctx context.Context, d adminEnv, words []string) error {
		r, err := d.room(ctx, words[0])
		if err != nil {
			return err
		}
		coming, err := d.store.Dates(ctx, r.ID, d.now, manyDates)
		if err != nil {
			return err
		}
		if len(coming) > 0 && !*sure {
			return usageError(fmt.Sprintf("room %q has dates to come (%d), which would go with it; --yes if that is meant", r.Slug, len(coming)))
		}
		if err := d.store.DeleteRoom(ctx, r.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "room %s and its dates are removed.\n", r.Slug)
		return err
	}
}

// room finds a room, or says which there are.
func (d adminEnv) room(ctx context.Context, slug string) (room.Room, error) {
	r, err := d.store.Room(ctx, slug)
	if !errors.Is(err, room.ErrNotFound) {
		return r, err
	}
	rooms, err := d.store.Rooms(ctx)
	if err != nil {
		return r, err
	}
	if len(rooms) == 0 {
		return r, errors.New("there is no room yet; einlass admin room add makes one")
	}
	slugs := make([]string, len(rooms))
	for i, other := range rooms {
		slugs[i] = other.Slug
	}
	return r, unknownRoom(slug, slugs)
}

func unknownRoom(slug string, slugs []string) error {
	if meant := nearest(slug, slugs); meant != "" {
		return fmt.Errorf("there is no room %q; did you mean %q?", slug, meant)
	}
	return fmt.Errorf("there is no room %q; einlass admin room list shows which there are", slug)
}

// linkLine is the participant link that belongs into the date's meta data at pretix.
func (d adminEnv) linkLine(r room.Room) string {
	if len(d.baseURLs) == 0 {
		return ""
	}
	return "participant link: " + d.baseURLs[0] + "/r/" + r.Slug + "\n"
}

// invalid turns the complaints of a rule into complaints about flags.
func invalid(err error) error {
	broken, ok := errors.AsType[room.Invalid](err)
	if !ok {
		return err
	}
	var c complaints
	for _, f := range broken {
		c = append(c, complaint{option: fieldFlag(f.Field), source: sourceCommandLine, wrong: f.Text})
	}
	return c
}

// fieldFlag is what a person types for a field.
func fieldFlag(field string) string {
	switch field {
	case "slug", "room":
		return "<slug>"
	case "shop_url":
		return "--shop"
	}
	return "--" + strings.ReplaceAll(field, "_", "-")
}

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/einlass/einlass/app/room"
)

// manyDates is more than any room has: the lists at the command line are complete.
const manyDates = 100_000

// roomRow is a room in --json; the code is for room show only.
type roomRow struct {
	Slug             string `json:"slug"`
	Name             string `json:"name"`
	Description      string `json:"description"`
	ShopURL          string `json:"shop_url"`
	MeetingID        string `json:"meeting_id"`
	WaitForModerator bool   `json:"wait_for_moderator"`
	Access           string `json:"access"`
	Recording        string `json:"recording"`
}

func newRoomRow(r room.Room) roomRow {
	return roomRow{
		Slug: r.Slug, Name: r.Name, Description: r.Description, ShopURL: r.ShopURL, MeetingID: r.MeetingID,
		WaitForModerator: r.WaitForModerator, Access: string(r.Access), Recording: string(r.Recording),
	}
}

func roomList(own *flag.FlagSet) task {
	asJSON := jsonFlag(own)
	return func(ctx context.Context, d adminEnv, _ []string) error {
		rooms, err := d.store.Rooms(ctx)
		if err != nil {
			return err
		}
		rows := make([]roomRow, len(rooms))
		lines := make([][]string, len(rooms))
		for i, r := range rooms {
			rows[i] = newRoomRow(r)
			lines[i] = []string{r.Slug, r.Name, r.MeetingID, string(r.Access), string(r.Recording)}
		}
		if *asJSON {
			return writeJSON(d.out, rows)
		}
		return writeTable(d.out, []string{"SLUG", "NAME", "MEETING-ID", "ACCESS", "RECORDING"}, lines)
	}
}

func roomShow(*flag.FlagSet) task {
	return func(ctx context.Context, d adminEnv, words []string) error {
		r, err := d.room(ctx, words[0])
		if err != nil {
			return err
		}
		dates, err := d.store.Dates(ctx, r.ID, d.now, manyDates)
		if err != nil {
			return err
		}
		lines := [][]string{
			{"slug", r.Slug},
			{"name", r.Name},
			{"description", strings.ReplaceAll(r.Description, "\n", " / ")},
			{"shop", r.ShopURL},
			{"meeting-id", r.MeetingID},
			{"wait-for-moderator", fmt.Sprint(r.WaitForModerator)},
			{"access", string(r.Access)},
			{"code", r.Code},
			{"recording", string(r.Recording)},
		}
		if err := writeTable(d.out, nil, lines); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(d.out, "%s\n", d.linkLine(r)); err != nil {
			return err
		}
		return d.writeDates(dates)
	}
}

func (d adminEnv) writeDates(dates []room.Date) error {
	lines := make([][]string, len(dates))
	for i, date := range dates {
		at := "-"
		if date.SubEvent != 0 {
			at = fmt.Sprintf("%s/%d", date.Event, date.SubEvent)
		}
		lines[i] = []string{fmt.Sprint(date.ID), d.shown(date.From), d.shown(date.To), date.Title, at}
	}
	return writeTable(d.out, []string{"ID", "FROM", "TO", "TITLE", "PRETIX"}, lines)
}

// shown is an instant as a person reads it.
func (d adminEnv) shown(at time.Time) string { return at.In(d.zone).Format("2006-01-02 15:04 MST") }

func jsonFlag(own *flag.FlagSet) *bool { return own.Bool("json", false, "write JSON, for programs") }

func writeJSON(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// writeTable aligns columns; an empty table says so.
func writeTable(w io.Writer, head []string, lines [][]string) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(w, "none")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if head != nil {
		fmt.Fprintln(out, strings.Join(head, "\t"))
	}
	for _, line := range lines {
		fmt.Fprintln(out, strings.Join(line, "\t"))
	}
	return out.Flush()
}

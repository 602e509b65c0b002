package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// problemRow is something that happened at the door and that only people can settle.
type problemRow struct {
	ID       string    `json:"id"`   // checkin-12, refusal-3, print-4
	What     string    `json:"what"` // double admission, given up
	Event    string    `json:"event"`
	Position int64     `json:"position"` // pretix' number of the ticket, 0: unknown
	At       time.Time `json:"at"`
	Scanner  string    `json:"scanner"`
	Detail   string    `json:"detail"`
}

// What problems are.
const (
	doubleAdmission = "double admission"
	givenUp         = "given up"
)

// kindWords name rows of the journal for people.
var kindWords = map[scanproxy.Kind]string{scanproxy.Checkins: "checkin", scanproxy.Refusals: "refusal", scanproxy.PrintLogs: "print"}

// problemLimit is more than anybody reads; the rest shows once these are dealt with.
const problemLimit = 10_000

func (d adminEnv) problems(ctx context.Context) ([]problemRow, error) {
	journal := d.store.Journal()
	doubles, err := journal.Doubles(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	rows := []problemRow{}
	for _, x := range doubles {
		rows = append(rows, problemRow{
			problemID(scanproxy.Checkins, x.ID), doubleAdmission, x.Event, x.Position, x.At.In(d.zone), x.Device,
			fmt.Sprintf("also let in at %s by device %d of pretix", d.exact(x.OtherAt), x.OtherDevice),
		})
	}
	given, err := journal.GivenUp(ctx, problemLimit)
	if err != nil {
		return nil, err
	}
	for _, x := range given {
		rows = append(rows, problemRow{
			problemID(x.Kind, x.ID), givenUp, x.Event, x.Position, x.At.In(d.zone), x.Device, x.Reason,
		})
	}
	return rows, nil
}

func problemID(kind scanproxy.Kind, id int64) string {
	return fmt.Sprintf("%s-%d", kindWords[kind], id)
}

// readProblemID is the way back; false: it is none.
func readProblemID(text string) (scanproxy.Kind, int64, bool) {
	word, number, _ := strings.Cut(text, "-")
	id, err := strconv.ParseInt(number, 10, 64)
	for kind, w := range kindWords {
		if w == word && err == nil {
			return kind, id, true
		}
	}
	return "", 0, false
}

func scanProblems(own *flag.FlagSet) task {
	asJSON := jsonFlag(own)
	return func(ctx context.Context, d adminEnv, _ []string) error {
		rows, err := d.problems(ctx)
		if err != nil {
			return err
		}
		if *asJSON {
			return writeJSON(d.out, rows)
		}
		lines := make([][]string, len(rows))
		for i, r := range rows {
			lines[i] = []string{r.ID, r.What, r.Event, strconv.FormatInt(r.Position, 10), d.exact(r.At), r.Scanner, r.Detail}
		}
		return writeTable(d.out, []string{"ID", "WHAT", "EVENT", "POSITION", "AT", "SCANNER", "DETAIL"}, lines)
	}
}

func scanAcknowledge(*flag.FlagSet) task {
	return func(ctx context.Context, d adminEnv, words []string) error {
		if words[0] != "all" {
			return d.acknowledge(ctx, words[0])
		}
		rows, err := d.problems(ctx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := d.acknowledge(ctx, r.ID); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			_, err = fmt.Fprintln(d.out, "none")
		}
		return err
	}
}

func (d adminEnv) acknowledge(ctx context.Context, problem string) error {
	kind, id, ok := readProblemID(problem)
	if !ok {
		return usageError(fmt.Sprintf("%q is not the id of a problem; einlass admin scan problems shows them", problem))
	}
	there, err := d.store.Journal().Acknowledge(ctx, kind, id, d.now)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("there is no problem %s (any more); einlass admin scan problems shows which there are", problem)
	}
	_, err = fmt.Fprintf(d.out, "%s is acknowledged: it is not shown any more, and is erased in its time.\n", problem)
	return err
}

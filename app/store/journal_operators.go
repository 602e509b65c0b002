package store

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// Backlog is what operators have to know about the uploads. All zero is good.
type Backlog struct {
	Queued  int64     // check-ins, refusals and print logs that pretix is still to be told
	Oldest  time.Time // scan time of the oldest check-in among them; zero: none
	GivenUp int64     // what pretix refuses for good and nobody has acknowledged
	Doubles int64     // double admissions that nobody has acknowledged
}

// Backlog counts the uploads.
func (j *Journal) Backlog(ctx context.Context) (Backlog, error) {
	const query = `SELECT
		(SELECT count(*) FROM checkins WHERE state = 'queued') + (SELECT count(*) FROM refusals WHERE state = 'queued')
			+ (SELECT count(*) FROM print_logs WHERE state = 'queued'),
		coalesce((SELECT at_us FROM checkins WHERE state = 'queued' ORDER BY id LIMIT 1), 0),
		(SELECT count(*) FROM checkins WHERE state = 'given_up' AND seen_us = 0)
			+ (SELECT count(*) FROM refusals WHERE state = 'given_up' AND seen_us = 0)
			+ (SELECT count(*) FROM print_logs WHERE state = 'given_up' AND seen_us = 0),
		(SELECT count(*) FROM checkins WHERE other_at_us <> 0 AND seen_us = 0)`
	scan := func(from row) (b Backlog, err error) {
		var oldest int64
		err = from.Scan(&b.Queued, &oldest, &b.GivenUp, &b.Doubles)
		if oldest != 0 {
			b.Oldest = time.UnixMicro(oldest).UTC()
		}
		return b, err
	}
	b, err := one(ctx, j.store.reader, scan, query)
	if err != nil {
		return Backlog{}, fmt.Errorf("journal: count uploads: %w", err)
	}
	return b, nil
}

// Double is a ticket that two have let in who did not know of each other.
type Double struct {
	ID          int64 // of our check-in
	Event       string
	List        int64
	Position    int64
	At          time.Time // our entry
	Device      string    // name of our scanner
	OtherAt     time.Time // the other entry
	OtherDevice int64     // number of its device at pretix; 0: unknown
	Found       time.Time
}

// Doubles returns the double admissions that were found from the given instant on and that nobody has acknowledged,
// oldest first.
func (j *Journal) Doubles(ctx context.Context, since time.Time) ([]Double, error) {
	const query = `SELECT id, event, list, position, at_us, device_name, other_at_us, other_device, done_us
		FROM checkins WHERE other_at_us <> 0 AND seen_us = 0 AND done_us >= $1 ORDER BY done_us, id`
	scan := func(from row) (d Double, err error) {
		err = from.Scan(&d.ID, &d.Event, &d.List, &d.Position, instant{&d.At}, &d.Device, instant{&d.OtherAt}, &d.OtherDevice, instant{&d.Found})
		return d, err
	}
	doubles, err := all(ctx, j.store.reader, scan, query, since)
	if err != nil {
		return nil, fmt.Errorf("journal: read double admissions: %w", err)
	}
	return doubles, nil
}

// GivenUp is an upload that pretix refuses for good.
type GivenUp struct {
	Kind     scanproxy.Kind
	ID       int64 // within its kind
	Event    string
	Position int64 // 0: unknown
	At       time.Time
	Device   string
	Reason   string
}

// GivenUp returns what pretix refuses for good and nobody has acknowledged, check-ins first, newest first, at most limit of each kind.
func (j *Journal) GivenUp(ctx context.Context, limit int) (found []GivenUp, err error) {
	for _, kind := range []scanproxy.Kind{scanproxy.Checkins, scanproxy.Refusals, scanproxy.PrintLogs} {
		query := `SELECT id, event, position, at_us, device_name, reason FROM ` + string(kind) +
			` WHERE state = 'given_up' AND seen_us = 0 ORDER BY id DESC LIMIT $1`
		scan := func(from row) (g GivenUp, err error) {
			g.Kind = kind
			err = from.Scan(&g.ID, &g.Event, &g.Position, instant{&g.At}, &g.Device, &g.Reason)
			return g, err
		}
		rows, err := all(ctx, j.store.reader, scan, query, limit)
		if err != nil {
			return nil, fmt.Errorf("journal: read given up uploads: %w", err)
		}
		found = append(found, rows...)
	}
	return found, nil
}

// RecordPrintLog queues what a scanner said about a badge. After nil it is on disk. The same device with the same nonce says
// the same again, because it did not hear us the first time.
func (j *Journal) RecordPrintLog(ctx context.Context, d scanproxy.Device, p scanproxy.PrintLog) error {
	const query = `INSERT INTO print_logs (event, position, body, at_us, nonce, device, device_name,
			state, attempts, next_us, done_us, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, 0, 0, '')`
	const heard = `SELECT count(*) FROM print_logs WHERE device = $1 AND nonce = $2`
	return j.write(ctx, "record print log", func(ctx context.Context, q querier) error {
		if n, err := one(ctx, q, scanInt, heard, d.ID, p.Nonce); err != nil || n > 0 {
			return err
		}
		_, err := exec(ctx, q, query, p.Event, p.Position, string(p.Body), p.At, orNew(p.Nonce), d.ID, d.Name)
		return err
	})
}

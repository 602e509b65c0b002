package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// What the mirror does not show yet. The sums keep readVisits from indexes that go through everybody on the list.
const (
	readVisits = `SELECT id, position, type, at_us, nonce, device_name, attempts FROM checkins
	WHERE list + 0 = $1 AND settled_generation + 0 = 0 AND position IN `
	readVisitsSince = `SELECT id, position FROM checkins WHERE list = $1 AND settled_generation = 0 AND id > $2 ORDER BY id`
)

// Changes of check-ins, on any list. The last one always stays.
const (
	readChanges = `SELECT id, list, position FROM checkin_changes WHERE id > $1 ORDER BY id`
	firstChange = `SELECT coalesce(min(id), 1) FROM checkin_changes`
	lastChange  = `SELECT coalesce(max(id), 0) FROM checkin_changes`
)

// lateRows is how far back rows are read again on PostgreSQL: they become visible when their transactions end, and some
// of smaller ids end later.
const lateRows = 500

func scanVisit(from row) (v scanproxy.Visit, err error) {
	var attempts int64
	err = from.Scan(&v.ID, &v.Position, &v.Type, instant{&v.At}, &v.Nonce, &v.Device, &attempts)
	v.Sent = attempts > 0
	return v, err
}

// Visits returns own check-ins of these positions that are not settled. See scanproxy.Journal.
func (j *Journal) Visits(ctx context.Context, list int64, positions []int64) (visits []scanproxy.Visit, err error) {
	for _, some := range pieces(anyOf(positions)) {
		found, err := all(ctx, j.store.reader, scanVisit, readVisits+`(`+numbered(2, len(some))+`) ORDER BY id`, append([]any{list}, some...)...)
		if err != nil {
			return nil, fmt.Errorf("journal: read check-ins: %w", err)
		}
		visits = append(visits, found...)
	}
	return visits, nil
}

// Changed returns the positions whose visits on a list may be others than at a mark. See scanproxy.Journal.
func (j *Journal) Changed(ctx context.Context, list int64, since scanproxy.JournalMark) (c scanproxy.ChangedVisits, err error) {
	// Changes first: a row that is new and has changed at once is read afterwards.
	if c.Complete, err = j.changes(ctx, list, since, &c); err == nil {
		err = j.newRows(ctx, list, since.Rows, &c)
	}
	if err != nil {
		return scanproxy.ChangedVisits{}, fmt.Errorf("journal: read changes: %w", err)
	}
	return c, nil
}

// growing is a row of a table that grows.
type growing struct{ id, list, position int64 }

func (j *Journal) newRows(ctx context.Context, list int64, since scanproxy.TableMark, c *scanproxy.ChangedVisits) error {
	rows, err := all(ctx, j.store.reader, func(from row) (g growing, err error) {
		g.list = list
		err = from.Scan(&g.id, &g.position)
		return g, err
	}, readVisitsSince, list, since.Last-j.late())
	c.Mark.Rows = j.take(rows, list, since, c)
	return err
}

// changes says whether it has found all of them.
func (j *Journal) changes(ctx context.Context, list int64, since scanproxy.JournalMark, c *scanproxy.ChangedVisits) (complete bool, err error) {
	if since.Rows.Last == 0 { // every row will be read
		c.Mark.Changes.Last, err = one(ctx, j.store.reader, scanInt, lastChange)
		return true, err
	}
	first, err := one(ctx, j.store.reader, scanInt, firstChange)
	if err != nil || first > since.Changes.Last+1 {
		return false, err
	}
	rows, err := all(ctx, j.store.reader, func(from row) (g growing, err error) {
		err = from.Scan(&g.id, &g.list, &g.position)
		return g, err
	}, readChanges, since.Changes.Last-j.late())
	c.Mark.Changes = j.take(rows, list, since.Changes, c)
	return true, err
}

// take adds the positions of rows that were not read before, and returns the mark behind them.
func (j *Journal) take(rows []growing, list int64, since scanproxy.TableMark, c *scanproxy.ChangedVisits) scanproxy.TableMark {
	now := scanproxy.TableMark{Last: since.Last}
	for _, r := range rows {
		now.Last = max(now.Last, r.id)
		if r.list == list && r.position != 0 && !since.Late[r.id] {
			c.Positions = append(c.Positions, r.position)
		}
	}
	if j.late() == 0 {
		return now
	}
	now.Late = map[int64]bool{}
	for _, r := range rows {
		if r.id > now.Last-j.late() {
			now.Late[r.id] = true
		}
	}
	return now
}

// late is 0 where one process writes, one row after the other.
func (j *Journal) late() int64 {
	if j.store.dialect.name == sqliteDialect().name {
		return 0
	}
	return lateRows
}

// changesToKeep is how many changes stay when a process starts: others may be about to read them.
const changesToKeep = 10_000

// forgetChanges removes changes that nobody reads any more.
func (j *Journal) forgetChanges(ctx context.Context) error {
	const query = `DELETE FROM checkin_changes WHERE id <= (SELECT max(id) FROM checkin_changes) - $1`
	if _, err := exec(ctx, j.store.writer, query, changesToKeep); err != nil {
		return fmt.Errorf("journal: forget changes: %w", err)
	}
	return nil
}

// placeholders returns "$2, $3, $4" for 2 and 3.
func placeholders(first, count int) string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

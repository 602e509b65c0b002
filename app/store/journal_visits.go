package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/einlass/einlass/scanproxy"
)

// What the mirror does not show yet. The sums keep readVisits from indexes that go through everybody on the list.
const (
	visitColumns    = `SELECT id, position, type, at_us, nonce, device_name, attempts FROM checkins `
	readVisits      = visitColumns + `WHERE list + 0 = $1 AND settled_generation + 0 = 0 AND position IN `
	readVisitsSince = `SELECT id, list, position FROM checkins WHERE list = $1 AND settled_generation = 0 AND id > $2`
	// PostgreSQL, without statistics of a table that has grown today, expects one check-in in all on the list. OFFSET 0 has it
	// look for one position after the other whatever it expects.
	readVisitsEach = `SELECT v.* FROM ` + wantedIDs + ` CROSS JOIN LATERAL (` + visitColumns +
		`WHERE position = wanted.id AND list = $2 AND settled_generation + 0 = 0 OFFSET 0) v ORDER BY v.id`
)

// Changes of check-ins, on any list. The last one always stays.
const (
	readChanges = `SELECT id, list, position FROM checkin_changes WHERE id > $1`
	firstChange = `SELECT coalesce(min(id), 1) FROM checkin_changes`
	lastChange  = `SELECT coalesce(max(id), 0) FROM checkin_changes`
)

// lateRows is how far back rows are looked for again on PostgreSQL: they become visible when their transactions end, and
// some of smaller ids end later.
const lateRows = 500

func scanVisit(from row) (v scanproxy.Visit, err error) {
	var attempts int64
	err = from.Scan(&v.ID, &v.Position, &v.Type, instant{&v.At}, &v.Nonce, &v.Device, &attempts)
	v.Sent = attempts > 0
	return v, err
}

// Visits returns own check-ins of these positions that are not settled. See scanproxy.Journal.
func (j *Journal) Visits(ctx context.Context, list int64, positions []int64) (visits []scanproxy.Visit, err error) {
	var q questions
	switch {
	case len(positions) == 0:
		return nil, nil
	case j.shared():
		ask(&q, &visits, scanVisit, readVisitsEach, unique(positions), list)
	default:
		for _, some := range pieces(anyOf(positions)) {
			ask(&q, &visits, scanVisit, readVisits+`(`+numbered(2, len(some))+`) ORDER BY id`, append([]any{list}, some...)...)
		}
	}
	if err := j.store.answer(ctx, q); err != nil {
		return nil, fmt.Errorf("journal: read check-ins: %w", err)
	}
	return visits, nil
}

// Changed returns the positions whose visits on a list may be others than at a mark. See scanproxy.Journal.
func (j *Journal) Changed(ctx context.Context, list int64, since scanproxy.JournalMark) (c scanproxy.ChangedVisits, err error) {
	var q questions
	var changed, added []growing
	var edge []int64 // the last change, or the first one that is left
	anew := since.Rows.Last == 0
	if anew { // every row will be read
		ask(&q, &edge, scanInt, lastChange)
	} else {
		j.askGrown(&q, &changed, since.Changes, readChanges)
		ask(&q, &edge, scanInt, firstChange)
	}
	// After the changes: a row that is new and has changed at once is read here.
	j.askGrown(&q, &added, since.Rows, readVisitsSince, list)
	if err := j.store.answer(ctx, q); err != nil {
		return c, fmt.Errorf("journal: read changes: %w", err)
	}
	if c.Complete = anew || edge[0] <= since.Changes.Last+1; anew {
		c.Mark.Changes.Last = edge[0]
	} else {
		c.Mark.Changes = j.take(changed, list, since.Changes, &c)
	}
	c.Mark.Rows = j.take(added, list, since.Rows, &c)
	return c, nil
}

// growing is a row of a table that grows.
type growing struct{ id, list, position int64 }

func scanGrowing(from row) (g growing, err error) {
	err = from.Scan(&g.id, &g.list, &g.position)
	return g, err
}

// askGrown asks for rows that were not read before. The query ends with the id behind which they are.
func (j *Journal) askGrown(q *questions, to *[]growing, since scanproxy.TableMark, query string, args ...any) {
	args = append(args, since.Last-j.late())
	if j.shared() {
		args = append(args, since.Late)
		query += unread(len(args))
	}
	ask(q, to, scanGrowing, query+` ORDER BY id`, args...)
}

// unread leaves out the ids in an argument, on PostgreSQL. That ids end says nothing new, but has it expect few behind any id,
// so that it need not plan anew for each.
func unread(argument int) string {
	return ` AND id < 9223372036854775807 AND id NOT IN (SELECT unnest(CAST(` + numbered(argument, 1) + ` AS BIGINT[])))`
}

// take adds the positions of rows, and returns the mark behind them.
func (j *Journal) take(rows []growing, list int64, since scanproxy.TableMark, c *scanproxy.ChangedVisits) scanproxy.TableMark {
	now := scanproxy.TableMark{Last: since.Last}
	read := slices.Clone(since.Late)
	for _, r := range rows {
		now.Last = max(now.Last, r.id)
		read = append(read, r.id)
		if r.list == list && r.position != 0 {
			c.Positions = append(c.Positions, r.position)
		}
	}
	for _, id := range read {
		if id > now.Last-j.late() { // none where late is 0
			now.Late = append(now.Late, id)
		}
	}
	return now
}

// late is 0 where one process writes, one row after the other.
func (j *Journal) late() int64 {
	if j.shared() {
		return lateRows
	}
	return 0
}

// shared: see Store.shared.
func (j *Journal) shared() bool { return j.store.shared() }

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

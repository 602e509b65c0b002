package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// readVisits and readVisitsSince find what the mirror does not show yet. The sum keeps the first from an index that goes
// through everybody on the list.
const (
	readVisits = `SELECT id, position, type, at_us, nonce, device_name, attempts FROM checkins
	WHERE list + 0 = $1 AND settled_generation = 0 AND position IN `
	readVisitsSince = `SELECT id, position, type, at_us, nonce, device_name, attempts FROM checkins
	WHERE list = $1 AND settled_generation = 0 AND id > $2 AND position <> 0 ORDER BY id`
)

func scanVisit(from row) (v scanproxy.Visit, err error) {
	var attempts int64
	err = from.Scan(&v.ID, &v.Position, &v.Type, instant{&v.At}, &v.Nonce, &v.Device, &attempts)
	v.Sent = attempts > 0
	return v, err
}

// Visits returns own check-ins of these positions that are not settled. See scanproxy.Journal.
func (j *Journal) Visits(ctx context.Context, list int64, positions []int64) ([]scanproxy.Visit, error) {
	if len(positions) == 0 {
		return nil, nil
	}
	args := []any{list}
	for _, p := range positions {
		args = append(args, p)
	}
	query := readVisits + `(` + placeholders(2, len(positions)) + `) ORDER BY id`
	visits, err := all(ctx, j.store.reader, scanVisit, query, args...)
	if err != nil {
		return nil, fmt.Errorf("journal: read check-ins: %w", err)
	}
	return visits, nil
}

// VisitsSince returns own check-ins on a list that are not settled. See scanproxy.Journal.
func (j *Journal) VisitsSince(ctx context.Context, list, after int64) ([]scanproxy.Visit, error) {
	visits, err := all(ctx, j.store.reader, scanVisit, readVisitsSince, list, after)
	if err != nil {
		return nil, fmt.Errorf("journal: read check-ins: %w", err)
	}
	return visits, nil
}

// placeholders returns "$2, $3, $4" for 2 and 3.
func placeholders(first, count int) string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

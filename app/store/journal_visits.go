package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// readVisits finds what the mirror does not show yet. It grows with what pretix is still to be told, not with the event.
const readVisits = `SELECT position, type, at_us, nonce, device_name, attempts FROM checkins
	WHERE list = $1 AND settled_generation = 0 AND position <> 0`

// Visits returns own check-ins on a list that are not settled, by position. See scanproxy.Journal.
func (j *Journal) Visits(ctx context.Context, list int64, positions []int64) (map[int64][]scanproxy.OwnCheckin, error) {
	query := readVisits
	args := []any{list}
	if positions != nil {
		if len(positions) == 0 {
			return nil, nil
		}
		query += ` AND position IN (` + placeholders(2, len(positions)) + `)`
		for _, p := range positions {
			args = append(args, p)
		}
	}
	type visit struct {
		position int64
		scanproxy.OwnCheckin
	}
	scan := func(from row) (v visit, err error) {
		var attempts int64
		err = from.Scan(&v.position, &v.Type, instant{&v.At}, &v.Nonce, &v.Device, &attempts)
		v.Sent = attempts > 0
		return v, err
	}
	visits, err := all(ctx, j.store.reader, scan, query+` ORDER BY id`, args...)
	if err != nil {
		return nil, fmt.Errorf("journal: read check-ins: %w", err)
	}
	found := map[int64][]scanproxy.OwnCheckin{}
	for _, v := range visits {
		found[v.position] = append(found[v.position], v.OwnCheckin)
	}
	return found, nil
}

// placeholders returns "$2, $3, $4" for 2 and 3.
func placeholders(first, count int) string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

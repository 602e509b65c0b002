package store

import (
	"strconv"
	"strings"
)

// numbered returns $from, … for n values.
func numbered(from, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(names, ", ")
}

// anyOf returns ids as arguments of a query.
func anyOf(ids []int64) []any {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return values
}

// pieces cuts values into pieces of 200, the last one filled up with its last value, so that there are few texts of
// queries to prepare.
func pieces(values []any) (cut [][]any) {
	const most = 200
	for len(values) > 0 {
		n := min(most, len(values))
		piece := append([]any{}, values[:n]...)
		for size := 1; ; size *= 4 {
			if size = min(size, most); size >= n {
				for len(piece) < size {
					piece = append(piece, piece[n-1])
				}
				break
			}
		}
		cut, values = append(cut, piece), values[n:]
	}
	return cut
}

package store

import (
	"strconv"
	"strings"
)

// numbered returns the places of n arguments, the first of which is $from: "$2, $3, $4".
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

// pieceLimit is how many values a query takes at most.
const pieceLimit = 200

// pieces cuts values into pieces, the last one filled up with its last value to a size that pieceSize returns: so there are
// few texts of queries to prepare.
func pieces(values []any) (cut [][]any) {
	for len(values) > 0 {
		n := min(pieceLimit, len(values))
		piece := append([]any{}, values[:n]...)
		for len(piece) < pieceSize(n) {
			piece = append(piece, piece[n-1])
		}
		cut, values = append(cut, piece), values[n:]
	}
	return cut
}

// pieceSize is the smallest of 1, 4, 16, 64 and pieceLimit that n values fit into.
func pieceSize(n int) int {
	size := 1
	for size < n {
		size *= 4
	}
	return min(size, pieceLimit)
}

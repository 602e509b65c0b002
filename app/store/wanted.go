package store

import "slices"

// wantedIDs is the array $1 as a table of ids, on PostgreSQL. Because of the SELECT it plans without looking into the array:
// it expects ten ids, so it looks for one after the other whatever it knows about the table in which, and does not compile
// the query first where they are many.
const wantedIDs = `unnest((SELECT CAST($1 AS BIGINT[]))) AS wanted (id)`

// unique returns each id of these lists once, ascending.
func unique(lists ...[]int64) []int64 {
	ids := slices.Concat(lists...)
	slices.Sort(ids)
	return slices.Compact(ids)
}

package mirror

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/einlass/einlass/pretix"
)

const (
	pageSize  = 50 // the most that pretix gives, and what it gives unless told otherwise
	smallPage = 10
)

// A single order may have thousands of positions. When a page is too much for pretix, or for the time that it has, it is
// asked for in smaller ones, down to one row, and behind them in larger ones again.

// paged adds which page of what size is wanted. number: from 1 on; 0 is 1 too.
func paged(query url.Values, number, size int) url.Values {
	if number > 1 {
		query.Set("page", strconv.Itoa(number))
	}
	if size < pageSize {
		query.Set("page_size", strconv.Itoa(size))
	}
	return query
}

// isTooMuch says whether a page of that size failed because of it.
func isTooMuch(err error, size int) bool {
	e, ok := errors.AsType[*pretix.Error](err)
	return ok && e.TooMuch && size > 1
}

func smaller(size int) int {
	if size > smallPage {
		return smallPage
	}
	return 1
}

func larger(size int) int { return min(2*size, pageSize) }

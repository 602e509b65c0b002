package main

import (
	"fmt"
	"strings"
)

// complaint is one thing that is wrong with the configuration.
type complaint struct {
	option string // as the person wrote it: a key of the file, EINLASS_…, or --…
	source string // where it was written
	wrong  string // what is wrong, a clause without full stop
	cure   string // a line that would be right, may be empty
}

// complaints is everything that is wrong with the configuration, told at once: nobody likes to be sent back five times.
type complaints []complaint

// Error lists all complaints, each with its example.
func (c complaints) Error() string {
	var b strings.Builder
	if len(c) == 1 {
		b.WriteString("there is a mistake in what einlass was given:")
	} else {
		fmt.Fprintf(&b, "there are %d mistakes in what einlass was given:", len(c))
	}
	for _, one := range c {
		fmt.Fprintf(&b, "\n\n  %s (%s): %s", one.option, one.source, one.wrong)
		if one.cure != "" {
			fmt.Fprintf(&b, "\n      for example: %s", one.cure)
		}
	}
	return b.String()
}

// orNil keeps an empty list from being an error that is not nil.
func (c complaints) orNil() error {
	if len(c) == 0 {
		return nil
	}
	return c
}

// nearest returns the known name that was most likely meant, or "".
func nearest(typed string, known []string) string {
	best, limit := "", max(2, len(typed)/3)
	for _, k := range known {
		if d := distance(typed, k); d <= limit && d < len(typed) {
			best, limit = k, d-1
		}
	}
	return best
}

// distance counts the letters to insert, delete or replace to get from a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

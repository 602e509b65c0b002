package rules

import (
	"regexp"
	"time"
)

var bareNumber = regexp.MustCompile(`^(\d+)(\.\d+)?$`)

// readBare reads a lone number as pretix does: 8 and 8.30 are the 8th of this month, 45 and 2030 are years, six digits a
// date of two-digit numbers, twelve or fourteen a full date with a time. r holds today.
func (r *Reading) readBare(s string) bool {
	m := bareNumber.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	switch n := len(m[1]); {
	case n <= 4 && atoi(m[1]) <= 31:
		r.Day = atoi(m[1])
		return r.exists()
	case n <= 4 && (m[2] == "" || atoi(m[1]) < 100):
		r.Year = atoi(fullYear(m[1], r.Year))
		r.Day = min(r.Day, daysIn(r.Year, r.Month))
		return true
	case m[2] != "":
		return false
	case n == 6:
		return r.readDate(map[string]string{"a": s[:2], "b": s[2:4], "y2": s[4:]})
	case n == 12 || n == 14:
		date := map[string]string{"ymd": s[:8]}
		return r.readDate(date) && r.readClock(map[string]string{"h": s[8:10], "mi": s[10:12], "s": s[12:]})
	}
	return false
}

// exists: there is such a day.
func (r *Reading) exists() bool {
	return r.Year >= 1 && r.Month >= 1 && r.Month <= 12 && r.Day >= 1 && r.Day <= daysIn(r.Year, r.Month)
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

package rules

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Reading is a date and time of day as somebody wrote it, perhaps without a zone.
type Reading struct {
	Year                         int
	Month                        time.Month
	Day                          int
	Hour, Minute, Second, Micros int
	HasZone                      bool
	Offset                       int // seconds east of UTC, when HasZone
}

// The forms of date-time text that python-dateutil reads and people write: offline-check.md section 7. Others (12h30, a time
// before its date) are refused. The name of a weekday before the date is skipped, right or wrong.
var (
	datePattern = `(?:(?:mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+)?` +
		`(?:(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P<s2>[-/.])(?P<d1>\d{1,2})` +
		`|(?P<y5>\d{4})-(?P<m5>\d{2})|(?P<ymd>\d{8})` +
		`|(?P<a>\d{1,2})(?P<s3>[-/.])(?P<b>\d{1,2})(?P<s4>[-/.])(?P<y2>\d{4}|\d{2})` +
		`|(?P<d2>\d{1,2})(?:st|nd|rd|th)?[-. ]\s*(?P<n1>[a-z]{3,9})[-., ]\s*(?P<y3>\d{4})` +
		`|(?P<n2>[a-z]{3,9})[. ]\s*(?P<d3>\d{1,2})(?:st|nd|rd|th)?[, ]\s*(?P<y4>\d{4}))`
	zonePattern = `(?:(?P<gap>\s*)(?P<utc>z|utc|gmt)|\s*(?P<sign>[+-])(?P<zh>\d{2})(?::?(?P<zm>\d{2}))?)?`
	timePattern = `(?:(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d+))?)?(?:\s*(?P<p1>[ap])\.?m\.?)?` +
		`|(?P<h2>\d{1,2})\s*(?P<p2>[ap])\.?m\.?` +
		`|(?P<h3>\d{1,2})(?P<blank>\s*)h)` + zonePattern
	basicPattern = `(?P<h4>\d{2})(?P<mi4>\d{2})(?P<sec4>\d{2})?` + zonePattern
	dayText      = regexp.MustCompile(`^(?:` + datePattern + `(?:(?:t|,?\s+)` + timePattern + `)?)$`)
	dayBasic     = regexp.MustCompile(`^` + datePattern + `t` + basicPattern + `$`)
	dayOnly      = regexp.MustCompile(`^` + timePattern + `$`)
)

// ReadTime reads a date, a time of day, or both, as pretix does for answers and rules. What is missing comes from
// today (its date, in its own zone) and midnight. False: no such form, or no such moment (30 February, 25:30).
func ReadTime(s string, today time.Time) (Reading, bool) {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, "utc") || strings.HasSuffix(s, "gmt") {
		return Reading{}, false // only z may be small
	}
	s = strings.ToLower(s)
	r := Reading{Year: today.Year(), Month: today.Month(), Day: today.Day()}
	if g := groups(dayText, s); g != nil {
		return r, g["blank"] == "" && r.readDate(g) && r.readClock(g) // not 2030-02-28 12 h
	}
	if g := groups(dayBasic, s); g != nil {
		return r, g["y5"] == "" && r.readDate(g) && r.readClock(g) // not 2030-02T1220
	}
	if g := groups(dayOnly, s); g != nil {
		return r, r.readClock(g)
	}
	return r, r.readBare(s)
}

// groups returns the named parts that matched, nil when the text does not match at all.
func groups(re *regexp.Regexp, s string) map[string]string {
	m := re.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	out := make(map[string]string)
	for i, name := range re.SubexpNames() {
		if name != "" && m[i] != "" {
			out[name] = m[i]
		}
	}
	return out
}

func (r *Reading) readDate(g map[string]string) bool {
	if g["s1"] != g["s2"] || g["s3"] != g["s4"] {
		return false
	}
	switch {
	case g["y1"] != "":
		r.setDate(g["y1"], g["m1"], g["d1"])
	case g["y5"] != "": // today's day, or the last one of that month
		r.setDate(g["y5"], g["m5"], strconv.Itoa(min(r.Day, daysIn(atoi(g["y5"]), time.Month(atoi(g["m5"]))))))
	case g["ymd"] != "":
		r.setDate(g["ymd"][:4], g["ymd"][4:6], g["ymd"][6:])
	case g["y2"] != "" && atoi(g["a"]) <= 12: // month first where that is possible
		r.setDate(fullYear(g["y2"], r.Year), g["a"], g["b"])
	case len(g["y2"]) == 2 && atoi(g["a"]) > 31: // year first where nothing else is
		r.setDate(fullYear(g["a"], r.Year), g["b"], g["y2"])
	case g["y2"] != "":
		r.setDate(fullYear(g["y2"], r.Year), g["b"], g["a"])
	default:
		r.setDate(g["y3"]+g["y4"], monthNumber(g["n1"]+g["n2"]), g["d2"]+g["d3"])
	}
	return r.exists()
}

// fullYear completes a year of two digits to the nearest one.
func fullYear(digits string, today int) string {
	if atoi(digits) > 99 {
		return digits
	}
	year := today - today%100 + atoi(digits)
	if year >= today+50 {
		year -= 100
	} else if year < today-50 {
		year += 100
	}
	return strconv.Itoa(year)
}

func (r *Reading) setDate(year, month, day string) {
	r.Year, r.Month, r.Day = atoi(year), time.Month(atoi(month)), atoi(day)
}

func (r *Reading) readClock(g map[string]string) bool {
	r.Hour, r.Minute, r.Second = atoi(g["h"]+g["h2"]+g["h3"]+g["h4"]), atoi(g["mi"]+g["mi4"]), atoi(g["s"]+g["sec4"])
	r.Micros = atoi((g["f"] + "000000")[:6])
	switch half := g["p1"] + g["p2"]; {
	case half != "" && r.Hour > 12:
		return false
	case half == "p" && r.Hour < 12:
		r.Hour += 12
	case half == "a" && r.Hour == 12:
		r.Hour = 0
	}
	switch {
	case g["utc"] != "":
		r.HasZone = true
		if afterLetter := g["p1"]+g["p2"]+g["h3"] != ""; afterLetter && g["gap"] == "" {
			return false // 7pmZ
		}
	case g["sign"] != "":
		r.HasZone = true
		r.Offset = (atoi(g["zh"])*60 + atoi(g["zm"])) * 60
		if g["sign"] == "-" {
			r.Offset = -r.Offset
		}
	}
	const day = 24 * 60 * 60
	return r.Hour < 24 && r.Minute < 60 && r.Second < 60 && r.Offset > -day && r.Offset < day
}

// monthNumber reads an English month, written out or with its first three letters.
func monthNumber(name string) string {
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if name == full || name == full[:3] || name == "sept" && m == time.September {
			return strconv.Itoa(int(m))
		}
	}
	return "0"
}

// atoi reads the digits that a pattern has let through; no digits are zero.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// At returns the instant: by its own zone when one was written, else by the clocks of zone. A time that zone's clocks
// skip counts by the offset before the gap; of a time that they show twice, second picks the later one.
func (r Reading) At(zone *time.Location, second bool) time.Time {
	utc := time.Date(r.Year, r.Month, r.Day, r.Hour, r.Minute, r.Second, r.Micros*1000, time.UTC)
	if r.HasZone {
		return utc.Add(-time.Duration(r.Offset) * time.Second)
	}
	first, other, firstShows, otherShows := moments(utc, zone)
	if otherShows && (!firstShows || second) {
		return other
	}
	return first
}

// twofold says whether that zone's clocks skip the time, or show it twice.
func (r Reading) twofold(zone *time.Location) bool {
	utc := time.Date(r.Year, r.Month, r.Day, r.Hour, r.Minute, r.Second, r.Micros*1000, time.UTC)
	first, other, firstShows, otherShows := moments(utc, zone)
	return !first.Equal(other) && firstShows == otherShows
}

// moments are the two at which a zone's clocks could show what shown shows in UTC: by their offset of the day before, and
// by that of the day after; and whether the clocks do show it then.
func moments(shown time.Time, zone *time.Location) (first, other time.Time, firstShows, otherShows bool) {
	before, after := offset(shown.AddDate(0, 0, -1), zone), offset(shown.AddDate(0, 0, 1), zone)
	first, other = shown.Add(-before).In(zone), shown.Add(-after).In(zone)
	return first, other, offset(first, zone) == before, offset(other, zone) == after
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// String writes the reading as the server writes a time: date, blank, time, and the zone if there is one.
func (r Reading) String() string {
	t := r.At(time.UTC, false)
	if r.HasZone {
		return text(t.In(time.FixedZone("", r.Offset)))
	}
	return timeText(t)
}

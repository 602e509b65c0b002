package templates

import (
	"strconv"
	"strings"
	"time"
)

// calendar holds the names of a language's calendar; go's own are English.
type calendar struct {
	weekdays [7]string // from Sunday
	months   [12]string
	dot      string            // after the day of the month
	clock    string            // after a time of day
	zones    map[string]string // where the language has its own abbreviation
}

var calendars = map[string]calendar{
	"de": {
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		months: [12]string{
			"Januar", "Februar", "März", "April", "Mai", "Juni",
			"Juli", "August", "September", "Oktober", "November", "Dezember",
		},
		dot:   ".",
		clock: unbroken + "Uhr",
		zones: map[string]string{
			"CET": "MEZ", "CEST": "MESZ", "WET": "WEZ", "WEST": "WESZ", "EET": "OEZ", "EEST": "OESZ", "GMT": "GMT",
		},
	},
	"en": {
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	},
}

// unbroken is a space at which no line breaks: "24." belongs to "November", "18:45" to "Uhr".
const unbroken = "\u00a0"

// upTo joins two times of day; its second rune, a word joiner, has no width and keeps the line together.
const upTo = "–\u2060"

// day returns "Montag, 24. November", with the year only where it is not this one: shorter to read out.
func (w *words) day(at time.Time) string {
	c := calendars[w.lang]
	day := c.weekdays[at.Weekday()] + ", " + strconv.Itoa(at.Day()) + c.dot + unbroken + c.months[at.Month()-1]
	if at.Year() != w.now().In(at.Location()).Year() {
		day += " " + strconv.Itoa(at.Year())
	}
	return day
}

// clock returns "18:45 Uhr", without the zone.
func (w *words) clock(at time.Time) string { return at.Format("15:04") + calendars[w.lang].clock }

// zone returns the abbreviation of the zone in force at that time: "MEZ", "CET", or "UTC+3" for zones without a name.
func (w *words) zone(at time.Time) string {
	name, _ := at.Zone()
	if own, ok := calendars[w.lang].zones[name]; ok {
		return own
	}
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return "UTC" + utcOffset(at)
	}
	return name
}

func utcOffset(at time.Time) string {
	offset := at.Format("-07:00")
	offset = strings.TrimSuffix(offset, ":00")
	sign, digits := offset[:1], strings.TrimPrefix(offset[1:], "0")
	if sign == "-" {
		sign = "−" // a minus sign is read out, a hyphen is not
	}
	return sign + digits
}

// moment returns "Montag, 24. November, 18:45 Uhr (MEZ)"; empty for no time.
func (w *words) moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return w.day(at) + ", " + w.clock(at) + unbroken + "(" + w.zone(at) + ")"
}

// nextMorning is how long a date may last to be written with two clock times only: "22:00–01:00 Uhr".
const nextMorning = 12 * time.Hour

// date returns "Montag, 24. November, 19:00–20:30 Uhr (MEZ)"; empty for no date.
func (w *words) date(d Date) string {
	switch {
	case d.From.IsZero():
		return ""
	case d.To.IsZero(), d.To.Equal(d.From):
		return w.moment(d.From)
	case sameDay(d.From, d.To), d.To.Sub(d.From) < nextMorning:
		return w.day(d.From) + ", " + d.From.Format("15:04") + upTo + w.clock(d.To) + unbroken + "(" + w.zone(d.From) + ")"
	default:
		return w.day(d.From) + ", " + w.clock(d.From) + " – " + w.moment(d.To)
	}
}

func sameDay(a, b time.Time) bool {
	b = b.In(a.Location())
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

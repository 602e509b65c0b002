package room

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FieldError is one field of a form or command that breaks its rule.
type FieldError struct {
	Field string // snake_case name of the field: "slug", "meeting_id", …
	Rule  string // stable key of the broken rule, for a translated sentence: "slug_form", …
	Text  string // the rule as an English clause that goes on from the field's name: "is empty"
}

// Invalid is everything that is wrong with a room or date, in the order of its fields.
type Invalid []FieldError

// Error lists all complaints in one sentence each.
func (e Invalid) Error() string {
	var b strings.Builder
	for i, f := range e {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s %s", f.Field, f.Text)
	}
	return b.String()
}

// The limits of what people type, in characters.
const (
	mostName        = 200
	mostDescription = 4000
	leastCode       = 4
	mostCode        = 64
	longestDate     = 31 * 24 * time.Hour // longer is a typing error in the year or month
)

// ValidateRoom returns Invalid with every rule that the room breaks, or nil. Whether the slug is free only a Store knows.
func ValidateRoom(r Room) error {
	var v validator
	v.check(slugged(r.Slug), "slug", "slug_form",
		"must be 2 to 64 of a-z, 0-9 and dashes, beginning and ending with a letter or digit: it is the end of the participant link")
	v.check(strings.TrimSpace(r.Name) != "", "name", "name_missing", "is empty")
	v.check(shortLine(r.Name), "name", "name_form", fmt.Sprintf("must be one line of at most %d characters", mostName))
	v.check(plainText(r.Description, mostDescription), "description", "description_form",
		fmt.Sprintf("must be plain text of at most %d characters", mostDescription))
	v.check(r.ShopURL == "" || httpsURL(r.ShopURL), "shop_url", "shop_url_form", "must be an address that begins with https://, or empty")
	v.check(between(r.MeetingID, 2, 64, meetingRunes), "meeting_id", "meeting_id_form",
		"must be 2 to 64 of letters, digits, dashes and underscores: it is BBB's meetingID")
	v.checkAccess(r)
	v.check(oneOf(r.Recording, CameraNotRecorded, ListenOnly, RefuseEntry), "recording", "recording_unknown",
		fmt.Sprintf("must be %s, %s or %s", CameraNotRecorded, ListenOnly, RefuseEntry))
	return v.orNil()
}

func (v *validator) checkAccess(r Room) {
	v.check(oneOf(r.Access, AccessTicket, AccessOpen, AccessCode), "access", "access_unknown",
		fmt.Sprintf("must be %s, %s or %s", AccessTicket, AccessOpen, AccessCode))
	if r.Access != AccessCode {
		v.check(r.Code == "", "code", "code_unused", fmt.Sprintf("is given, but access is not %q", AccessCode))
		return
	}
	n := utf8.RuneCountInString(r.Code)
	v.check(n >= leastCode && n <= mostCode && r.Code == strings.TrimSpace(r.Code) && plainText(r.Code, mostCode), "code", "code_form",
		fmt.Sprintf("must be %d to %d characters without blanks around, because access is %q", leastCode, mostCode, AccessCode))
}

// ValidateDate returns Invalid with every rule that the date breaks, or nil.
func ValidateDate(d Date) error {
	var v validator
	v.check(d.RoomID > 0, "room", "room_missing", "is missing")
	v.check(shortLine(d.Title), "title", "title_form", fmt.Sprintf("must be one line of at most %d characters", mostName))
	v.check(d.From.Year() >= 2000 && d.From.Year() < 2200, "from", "from_missing", "must be a moment between the years 2000 and 2199")
	switch {
	case !d.To.After(d.From):
		v.fail("to", "to_before_from", "must be after the beginning")
	case d.To.Sub(d.From) > longestDate:
		v.fail("to", "to_too_late", "is more than 31 days after the beginning")
	}
	v.check(d.Event == "" || between(d.Event, 1, 50, eventRunes), "event", "event_form", "must be the short form (slug) of an event at pretix")
	v.check(d.SubEvent >= 0, "subevent", "subevent_form", "must be the number of a date at pretix")
	v.check((d.Event == "") == (d.SubEvent == 0), "subevent", "subevent_alone", "and event belong together: both are given, or neither")
	return v.orNil()
}

// validator collects what is wrong.
type validator struct{ found Invalid }

func (v *validator) check(holds bool, field, rule, text string) {
	if !holds {
		v.fail(field, rule, text)
	}
}

func (v *validator) fail(field, rule, text string) {
	v.found = append(v.found, FieldError{Field: field, Rule: rule, Text: text})
}

func (v *validator) orNil() error {
	if len(v.found) == 0 {
		return nil
	}
	return v.found
}

const (
	lowerAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789"
	meetingRunes   = lowerAndDigits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	eventRunes     = meetingRunes + "."
)

func slugged(s string) bool {
	return between(s, 2, 64, lowerAndDigits+"-") && !strings.HasPrefix(s, "-") && !strings.HasSuffix(s, "-")
}

func between(s string, least, most int, runes string) bool {
	return len(s) >= least && len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(runes, r) })
}

func oneOf[T comparable](got T, choices ...T) bool {
	for _, c := range choices {
		if got == c {
			return true
		}
	}
	return false
}

func shortLine(s string) bool { return plainText(s, mostName) && !strings.ContainsAny(s, "\r\n\t") }

// plainText refuses control characters, invisible direction marks included: they let a name pretend to be another.
func plainText(s string, most int) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > most {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		if r == '\n' || r == '\r' || r == '\t' {
			return false
		}
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	})
}

func httpsURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}

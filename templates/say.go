package templates

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// mentions are the facts that the words of a refusal may mention, as people read them. Empty: not known.
type mentions struct {
	Room, Day, Date, Doors, Until, Retry string
	SameBrowser                          bool
}

// said is a refusal in words: what happened, and what to do now.
type said struct{ Title, Text, Todo string }

// refusal finds the words of a refusal. A reason that has none is our mistake, and is told as such.
func (w *words) refusal(p Refusal) (said, error) {
	facts := mentions{
		Room: p.Room, Date: w.date(p.Date), Doors: w.moment(p.Doors), Until: w.moment(p.Until), SameBrowser: p.SameBrowser,
	}
	if !p.Day.IsZero() {
		facts.Day = w.day(p.Day)
	}
	if p.Retry > 0 {
		retry, err := w.duration(p.Retry)
		if err != nil {
			return said{}, err
		}
		facts.Retry = retry
	}
	found, err := w.say("refusal."+p.Reason, facts)
	if err != nil {
		return w.say("refusal.internal", facts)
	}
	return found, nil
}

func (w *words) say(key string, facts mentions) (said, error) {
	var parts [3]string
	for i, part := range []string{"title", "text", "todo"} {
		text, err := w.text(key+"."+part, facts)
		if err != nil {
			return said{}, err
		}
		parts[i] = text
	}
	return said{Title: parts[0], Text: parts[1], Todo: parts[2]}, nil
}

// wait returns the sentence that says what a waiting person waits for. Only the doors have a time, and only a time of
// today needs no day: the page may stay open over midnight, but then the doors have opened.
func (w *words) wait(purpose string, doors time.Time) (string, error) {
	if purpose != "doors" || doors.IsZero() {
		return w.text(waitKey(purpose))
	}
	facts := struct{ Day, Clock, Zone string }{w.day(doors), w.clock(doors), w.zone(doors)}
	if sameDay(doors, w.now()) {
		return w.text("wait.doors_today", facts)
	}
	return w.text("wait.doors_later", facts)
}

func waitKey(purpose string) string {
	switch purpose {
	case "doors", "slot", "shop":
		return "wait." + purpose
	default:
		return "wait.room"
	}
}

// contact turns what an operator entered as support contact into a link where it is one: a URL, a mail address or a phone
// number. Anything else stays text, with an empty address.
func contact(support string) template.URL {
	switch {
	case strings.HasPrefix(support, "https://"), strings.HasPrefix(support, "http://"):
		return template.URL(support)
	case strings.Contains(support, "@") && !strings.ContainsAny(support, " :/?&<>\"'"):
		return template.URL("mailto:" + support)
	case isPhone(support):
		return template.URL("tel:" + strings.NewReplacer(" ", "", "-", "", "/", "", "(", "", ")", "").Replace(support))
	default:
		return ""
	}
}

func isPhone(s string) bool {
	return len(s) >= 5 && strings.Trim(s, "+0123456789 -/()") == "" && strings.ContainsAny(s, "0123456789")
}

// fieldError returns the words of a field's error; an unknown one says that the entry does not fit.
func (w *words) fieldError(field, problem string) (string, error) {
	if text, err := w.text(fmt.Sprintf("error.%s.%s", field, problem)); err == nil {
		return text, nil
	}
	return w.text("error." + field + ".invalid")
}

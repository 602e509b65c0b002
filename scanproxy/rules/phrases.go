package rules

// Phrases are the words of an explanation in one language. Texts with %s take what the comment names.
type Phrases struct {
	Never     string
	WrongKind string // product or variation
	WrongGate string
	Inside    string
	NotInside string
	Unknown   string

	Before, After     string // a moment
	Clock, DayAndTime string // layouts of a moment, near and far

	Quantities map[string]string // by the name of what is counted, see counted
	Complaints map[string]string // by operator: a quantity, a limit
}

// English are the words of an explanation in English.
func English() Phrases {
	return Phrases{
		Never:      "never allowed",
		WrongKind:  "this kind of ticket is not admitted here",
		WrongGate:  "wrong entrance",
		Inside:     "is inside already",
		NotInside:  "is not inside",
		Unknown:    "unknown reason",
		Before:     "only allowed before %s",
		After:      "only allowed after %s",
		Clock:      "15:04",
		DayAndTime: "2006-01-02 15:04",
		Quantities: map[string]string{
			"minutes_since_first_entry": "minutes since the first entry",
			"minutes_since_last_entry":  "minutes since the last entry",
			"entries_days":              "days with an entry",
			"entries_days_since":        "days with an entry since",
			"entries_days_before":       "days with an entry before",
			"entries_since":             "entries since",
			"entries_before":            "entries before",
			"entries_number":            "entries",
			"entries_today":             "entries today",
			"now_isoweekday":            "day of the week",
		},
		Complaints: map[string]string{
			"<":  "%s: fewer than %s allowed",
			"<=": "%s: at most %s allowed",
			">":  "%s: more than %s needed",
			">=": "%s: at least %s needed",
			"==": "%s: must be %s",
			"!=": "%s: must not be %s",
		},
	}
}

// German are the words of an explanation in German.
func German() Phrases {
	return Phrases{
		Never:      "nie erlaubt",
		WrongKind:  "diese Ticketart ist hier nicht zugelassen",
		WrongGate:  "falscher Eingang",
		Inside:     "ist schon drinnen",
		NotInside:  "ist nicht drinnen",
		Unknown:    "unbekannter Grund",
		Before:     "nur vor %s erlaubt",
		After:      "erst nach %s erlaubt",
		Clock:      "15:04 Uhr",
		DayAndTime: "02.01.2006 15:04 Uhr",
		Quantities: map[string]string{
			"minutes_since_first_entry": "Minuten seit dem ersten Eintritt",
			"minutes_since_last_entry":  "Minuten seit dem letzten Eintritt",
			"entries_days":              "Tage mit Eintritt",
			"entries_days_since":        "Tage mit Eintritt seit",
			"entries_days_before":       "Tage mit Eintritt vor",
			"entries_since":             "Eintritte seit",
			"entries_before":            "Eintritte vor",
			"entries_number":            "Eintritte",
			"entries_today":             "Eintritte heute",
			"now_isoweekday":            "Wochentag",
		},
		Complaints: map[string]string{
			"<":  "%s: weniger als %s erlaubt",
			"<=": "%s: höchstens %s erlaubt",
			">":  "%s: mehr als %s nötig",
			">=": "%s: mindestens %s nötig",
			"==": "%s: muss %s sein",
			"!=": "%s: darf nicht %s sein",
		},
	}
}

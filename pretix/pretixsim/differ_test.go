package pretixsim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// differ compares JSON values. Times may differ by what lay between two requests of the recording, answers come in an
// order only within an order, and German messages are compared through their English twins.
type differ struct{ found []string }

// slack is more than any topic took, and less than any two times that mean something different.
const slack = 25 * time.Minute

func (d *differ) check(where string, same bool, want, got any) {
	if !same {
		d.found = append(d.found, fmt.Sprintf("%s: recorded %.150s, simulated %.150s", where, fmt.Sprint(want), fmt.Sprint(got)))
	}
}

func (d *differ) values(where string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			d.check(where, false, want, got)
			return
		}
		d.objects(where, w, g)
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			d.check(where, false, want, got)
			return
		}
		for i := range w {
			d.values(fmt.Sprintf("%s[%d]", where, i), w[i], g[i])
		}
	case string:
		g, ok := got.(string)
		d.check(where, ok && sameText(w, g), want, got)
	default:
		d.check(where, want == got, want, got)
	}
}

func (d *differ) objects(where string, want, got map[string]any) {
	wantKeys, gotKeys := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))
	if !slices.Equal(wantKeys, gotKeys) {
		d.check(where+" keys", false, wantKeys, gotKeys)
		return
	}
	if !strings.Contains(where, ".positions[") {
		sortAnswers(want)
		sortAnswers(got)
	}
	for _, key := range wantKeys {
		if key == "api_token" { // random
			d.check(where+"."+key, len(fmt.Sprint(want[key])) == len(fmt.Sprint(got[key])), want[key], got[key])
			continue
		}
		d.values(where+"."+key, want[key], got[key])
	}
}

func sortAnswers(position map[string]any) {
	answers, _ := position["answers"].([]any)
	slices.SortFunc(answers, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}

func sameText(want, got string) bool {
	if want == got || english[want] == got {
		return true
	}
	for _, layout := range []string{"02.01.2006 15:04", "15:04"} { // now, on a badge; all else is whole minutes of the seed
		a, errA := time.Parse(layout, want)
		b, errB := time.Parse(layout, got)
		if errA == nil && errB == nil {
			return a.Sub(b).Abs() <= time.Minute
		}
	}
	wantTime, errWant := time.Parse(time.RFC3339Nano, want)
	gotTime, errGot := time.Parse(time.RFC3339Nano, got)
	if errWant != nil || errGot != nil || len(want) != len(got) {
		return false
	}
	return want[len(want)-6:] == got[len(got)-6:] && wantTime.Sub(gotTime).Abs() < slack
}

// english translates the recorded server's default language; the simulator speaks as to "Accept-Language: en".
var english = map[string]string{
	"Anmeldedaten fehlen.": "Authentication credentials were not provided.",
	"Ungültiger Token Header. Zugangsdaten sollen keine Leerzeichen enthalten.":         "Invalid token header. Token string should not contain spaces.",
	"Sie sind nicht berechtigt, diese Aktion durchzuführen.":                            "You do not have permission to perform this action.",
	`Methode "DELETE" nicht erlaubt.`:                                                   `Method "DELETE" not allowed.`,
	"Ungültige Daten. Dictionary erwartet, aber list erhalten.":                         "Invalid data. Expected a dictionary, but got list.",
	`Nicht unterstützter Medientyp "text/plain" in der Anfrage.`:                        `Unsupported media type "text/plain" in request.`,
	"Dieses Feld ist erforderlich.":                                                     "This field is required.",
	"Dieses Feld darf nicht leer sein.":                                                 "This field may not be blank.",
	`Ungültiger pk "999999" - Object existiert nicht.`:                                  `Invalid pk "999999" - object does not exist.`,
	`Ungültiger pk "1" - Object existiert nicht.`:                                       `Invalid pk "1" - object does not exist.`,
	`"nope" ist keine gültige Auswahl.`:                                                 `"nope" is not a valid choice.`,
	"Ungültige Seite.":                                                                  "Invalid page.",
	"Bitte ein gültiges Datum und Uhrzeit eingeben.":                                    "Enter a valid date/time.",
	"Die Meta-Eigenschaft 'Unbekannt' existiert nicht.":                                 "Meta data property 'Unbekannt' does not exist.",
	"Das Ende der Veranstaltung muss nach dem Beginn der Veranstaltung liegen.":         "The event cannot end before it starts.",
	"Der Termin kann nicht leer sein, da dies eine Veranstaltungsreihe ist.":            "Subevent cannot be null for event series.",
	"Eines oder mehrere der Produkte gehören nicht zu dieser Veranstaltung.":            "One or more items do not belong to this event.",
	"Eine oder mehrere Produkte haben Varianten, aber es sind keine dieser ausgewählt.": "One or more items has variations but none of these are in the variations list.",
	"Dieser Termin gehört nicht zu dieser Veranstaltungsreihe.":                         "The subevent does not belong to this event.",
	`Ungültiger pk "96" - Object existiert nicht.`:                                      `Invalid pk "96" - object does not exist.`,
	`Methode "POST" nicht erlaubt.`:                                                     `Method "POST" not allowed.`,
	"Datums- und Zeitangabe hat das falsche Format. Nutze stattdessen eines dieser Formate: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].": wrongDatetime,
}

package api

import "github.com/einlass/einlass/scanproxy"

// phrases are what a crew reads of us besides verdicts, in one language. Requests that no app sends are answered in English.
type phrases struct {
	verdict scanproxy.Phrases

	Undecided    string
	TooSlow      string // see timely
	Failed       string
	Crashed      string
	NotConnected string // what everybody hears until the proxy is a device at pretix
	Revoked      string // beside the text that apps compare
	MayNotScan   string // event
	MayNotSearch string // event
	NoPhotos     string
	Coming       string // to searches and statuses

	InitUnknown string
	InitUsed    string
	InitExpired string
	InitRevoked string
}

// words are what this server says.
func (s *Server) words() phrases {
	p := spoken.In(s.Language)
	p.verdict = scanproxy.PhrasesIn(s.Language)
	return p
}

var spoken = scanproxy.Languages[phrases]{
	English: phrases{
		Undecided:    "The proxy could not decide this scan. Please scan again, and tell whoever looks after the proxy.",
		TooSlow:      "The proxy is too slow at the moment. Please try again.",
		Failed:       "Something went wrong in the proxy. Please try again, and tell whoever looks after it.",
		Crashed:      "Something went wrong in the proxy.",
		NotConnected: "This proxy is not connected to pretix yet.",
		Revoked:      revokedText,
		MayNotScan:   "This device may not scan for the event %s.",
		MayNotSearch: "This device may not search in the event %s.",
		NoPhotos:     "Photos cannot be sent through this proxy. Please scan again and leave the photo out.",
		Coming:       "The tickets of this event are not all copied to this proxy yet. Please try again in a minute.",

		InitUnknown: "This initialization token is not known.",
		InitUsed:    "This initialization token has already been used.",
		InitExpired: "This initialization token has expired.",
		InitRevoked: "This initialization token has been revoked.",
	},
	German: phrases{
		Undecided:    "Der Proxy konnte diesen Scan nicht entscheiden. Bitte erneut scannen und der Technik Bescheid geben.",
		TooSlow:      "Der Proxy ist gerade zu langsam. Bitte erneut versuchen.",
		Failed:       "Im Proxy ist etwas schiefgegangen. Bitte erneut versuchen und der Technik Bescheid geben.",
		Crashed:      "Im Proxy ist etwas schiefgegangen.",
		NotConnected: "Dieser Proxy ist noch nicht mit pretix verbunden.",
		Revoked:      "Dieses Gerät wurde gesperrt.",
		MayNotScan:   "Dieses Gerät darf für die Veranstaltung %s nicht scannen.",
		MayNotSearch: "Dieses Gerät darf in der Veranstaltung %s nicht suchen.",
		NoPhotos:     "Fotos lassen sich über diesen Proxy nicht senden. Bitte erneut scannen und das Foto weglassen.",
		Coming:       "Die Tickets dieser Veranstaltung sind noch nicht alle auf diesem Proxy. Bitte in einer Minute erneut versuchen.",

		InitUnknown: "Dieses Initialisierungs-Token ist nicht bekannt.",
		InitUsed:    "Dieses Initialisierungs-Token wurde schon benutzt.",
		InitExpired: "Dieses Initialisierungs-Token ist abgelaufen.",
		InitRevoked: "Dieses Initialisierungs-Token wurde gesperrt.",
	},
}

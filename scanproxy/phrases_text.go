package scanproxy

import "github.com/einlass/einlass/scanproxy/rules"

// phrases is every sentence of a verdict. Screens at the door are small.
var phrases = Languages[Phrases]{
	English: Phrases{
		ExchangeOffline: "Media exchange is not supported in offline mode",
		MediumOff:       "Medium not active",
		MediumExpired:   "Medium expired",
		ProductUnknown:  "Item not found",
		NoEvent:         "Event not found",
		NoList:          "Check-in list not found",
		NoListSelected:  "No check-in list selected",
		NoListForEvent:  "Check-in list not set for event",
		NotHereYet:      "The tickets of %s are not all copied to this proxy yet. Please scan again in a minute.",
		RulesFail:       "The rules of this list cannot be computed: %v.",

		Used:     "Used %s%s.",
		AtDevice: ` at "%s"`,
		AtNumber: " at device %d",
		JustNow:  "just now",
		Ago: [4]Plural{
			{"1 day ago", "%d days ago"}, {"1 hour ago", "%d hours ago"},
			{"1 minute ago", "%d minutes ago"}, {"1 second ago", "%d seconds ago"},
		},

		ForOldClients: map[Type]string{
			AlreadyExchanged:        "This ticket was exchanged for a card or wristband. Please scan that.",
			MediumInvalid:           "This card or wristband cannot be used for this ticket.",
			MediumExists:            "This card or wristband is in use already.",
			ExchangeRequired:        "This ticket must be exchanged for a card or wristband first.",
			ExchangeRequiredOffline: "This ticket must be exchanged for a card or wristband first. That needs a connection.",
		},
		NotUnderstood: "This device does not understand the answer.",
		RulePhrases:   rules.English(),
	},
	German: Phrases{
		ExchangeOffline: "Tausch gegen Karte oder Armband geht nur mit Verbindung",
		MediumOff:       "Medium nicht aktiv",
		MediumExpired:   "Medium abgelaufen",
		ProductUnknown:  "Produkt nicht gefunden",
		NoEvent:         "Veranstaltung nicht gefunden",
		NoList:          "Check-in-Liste nicht gefunden",
		NoListSelected:  "Keine Check-in-Liste gewählt",
		NoListForEvent:  "Keine Check-in-Liste für diese Veranstaltung gewählt",
		NotHereYet:      "Die Tickets von %s sind noch nicht alle auf diesem Proxy. Bitte in einer Minute erneut scannen.",
		RulesFail:       "Die Regeln dieser Liste lassen sich nicht berechnen: %v.",

		Used:     "Benutzt %s%s.",
		AtDevice: " am Gerät „%s“",
		AtNumber: " am Gerät %d",
		JustNow:  "gerade eben",
		Ago: [4]Plural{
			{"vor 1 Tag", "vor %d Tagen"}, {"vor 1 Stunde", "vor %d Stunden"},
			{"vor 1 Minute", "vor %d Minuten"}, {"vor 1 Sekunde", "vor %d Sekunden"},
		},

		ForOldClients: map[Type]string{
			AlreadyExchanged:        "Dieses Ticket wurde getauscht. Bitte Karte oder Armband scannen.",
			MediumInvalid:           "Diese Karte oder dieses Armband gilt nicht für dieses Ticket.",
			MediumExists:            "Diese Karte oder dieses Armband ist schon in Gebrauch.",
			ExchangeRequired:        "Dieses Ticket muss zuerst gegen eine Karte oder ein Armband getauscht werden.",
			ExchangeRequiredOffline: "Dieses Ticket muss zuerst gegen eine Karte oder ein Armband getauscht werden. Das geht nur mit Verbindung.",
		},
		NotUnderstood: "Dieses Gerät versteht die Antwort nicht.",
		RulePhrases:   rules.German(),
	},
}

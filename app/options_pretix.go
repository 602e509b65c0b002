package main

import "time"

func pretixOptions() optionGroup {
	return optionGroup{
		title: "pretix",
		intro: "The ticket shop. The bridge is configured as soon as `pretix_url` is set; then `pretix_token`, `pretix_organizer`, `pretix_event`, `jwt_secret`, `bbb_url`, `bbb_secret` and `base_url` are needed as well.",
		options: []option{
			{
				key: "pretix_url", example: "https://tickets.example.org",
				help: "Address of pretix, without `/api`.",
				set:  into(webURL, func(c *Config) *string { return &c.Pretix.URL }),
			},
			{
				key: "pretix_token", example: "k24rv6hzjjjgoaw…", secrecy: secret,
				help: "API token of a pretix team that may view orders, change orders (check-in) and, to push dates, change event settings.",
				set:  into(secretText, func(c *Config) *Secret { return &c.Pretix.Token }),
			},
			{
				key: "pretix_organizer", example: "ov-fjord",
				help: "Short form (slug) of the organizer, as in the shop's address.",
				set:  into(slug, func(c *Config) *string { return &c.Pretix.Organizer }),
			},
			{
				key: "pretix_event", example: "kurse,vortraege", list: true,
				help: "Short forms (slugs) of the event series whose tickets open rooms. The first one serves where a ticket link names none.",
				set:  into(slugs, func(c *Config) *[]string { return &c.Pretix.Events }),
			},
			{
				key: "pretix_allow_http", preset: "off", example: "on", toggle: true,
				help: "Accept a `pretix_url` that begins with http: the token then travels unencrypted. For tests, or a shop on the same machine.",
				set:  into(onOff, func(c *Config) *bool { return &c.Pretix.AllowHTTP }),
			},
			{
				key: "product", example: "12,17", list: true,
				help: "Ids of the products at pretix that open a room. Empty: every product of the event.",
				set:  into(ids, func(c *Config) *[]int64 { return &c.Pretix.Products }),
			},
			{
				key: "checkin_list", example: "Online",
				help: "Check-in list on which entries are recorded, by id or name. Empty: the one list of the series that covers the product and belongs to no other date.",
				set:  into(text, func(c *Config) *string { return &c.Pretix.CheckinList }),
			},
			{
				key: "meta_property", preset: "Teilnehmerlink,Teilnahmelink", example: "room_link", list: true,
				help: "Names of the meta data property that holds the participant link of a date. The first that has a value counts.",
				set:  into(someNames, func(c *Config) *[]string { return &c.Pretix.MetaProperties }),
			},
			{
				key: "question_callsign", preset: "RUFZEICHEN", example: "CALLSIGN",
				help: "Identifier of the question that asks for the callsign, which stands behind the name in the room. Empty: there is none.",
				set:  into(text, func(c *Config) *string { return &c.Pretix.QuestionCallsign }),
			},
			{
				key: "question_consent", preset: "VIDEOCONSENT", example: "RECORDING",
				help: "Identifier of the question that asks for consent to being recorded. No answer counts as no. Empty: there is none, and nobody has consented.",
				set:  into(text, func(c *Config) *string { return &c.Pretix.QuestionConsent }),
			},
			{
				key: "consent_yes", preset: "true,yes,ja", example: "true,RECORD-YES", list: true,
				help: "Answers to that question that mean yes: identifiers of options, or the answer itself. A yes/no question answers `true`.",
				set:  into(someNames, func(c *Config) *[]string { return &c.Pretix.ConsentYes }),
			},
			{
				key: "mirror_ttl", preset: "60s", example: "5m",
				help: "How long dates, check-in lists and questions are reused before pretix is asked again. Orders and tickets are always asked for. Where the scan proxy's copy is as young, it is read instead. A change of a participant link at pretix shows after this time.",
				set:  into(duration(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Pretix.MirrorTTL }),
			},
		},
	}
}

func ticketLinkOptions() optionGroup {
	return optionGroup{
		title: "Ticket link",
		intro: "The signed link that room admins put into the digital content of a product at pretix.",
		options: []option{
			{
				key: "ticket_path", preset: "/ticket", example: "/eintritt",
				help: "Path of the ticket link: `<base_url><ticket_path>?token=…`.",
				set:  into(ticketPath, func(c *Config) *string { return &c.Ticket.Path }),
			},
			{
				key: "jwt_secret", example: "a line of at least 16 characters", secrecy: secret, list: true,
				help: "The secret that pretix signs ticket links with, at least 16 bytes. Several, separated by commas or lines, are all accepted: put the new one first, keep the old one until its links are used up.",
				set:  into(signingSecrets, func(c *Config) *[]Secret { return &c.Ticket.Secrets }),
			},
			{
				key: "jwt_issuer", example: "https://tickets.example.org",
				help: "The `iss` that a link must have. Empty: not checked.",
				set:  into(text, func(c *Config) *string { return &c.Ticket.Issuer }),
			},
			{
				key: "jwt_audience", example: "einlass",
				help: "The `aud` that a link must have. Empty: not checked.",
				set:  into(text, func(c *Config) *string { return &c.Ticket.Audience }),
			},
			{
				key: "jwt_leeway", preset: "30s", example: "1m",
				help: "How far the clocks of pretix and einlass may differ when the expiry of a link is checked.",
				set:  into(duration(0, 5*time.Minute), func(c *Config) *time.Duration { return &c.Ticket.Leeway }),
			},
			{
				key: "jwt_claim_order", preset: "order", example: "order_code",
				help: "Name of the claim that holds the order code (`{order_code}`).",
				set:  into(name, func(c *Config) *string { return &c.Ticket.ClaimOrder }),
			},
			{
				key: "jwt_claim_position", preset: "position", example: "positionid",
				help: "Name of the claim that holds the position's number within the order (`{positionid}`).",
				set:  into(name, func(c *Config) *string { return &c.Ticket.ClaimPosition }),
			},
			{
				key: "jwt_claim_event", preset: "event", example: "event_slug",
				help: "Name of the claim that holds the slug of the event.",
				set:  into(name, func(c *Config) *string { return &c.Ticket.ClaimEvent }),
			},
		},
	}
}

package main

import "time"

func pageOptions() optionGroup {
	return optionGroup{
		title: "Pages",
		intro: "What every page shows.",
		options: []option{
			{
				key: "club", preset: "einlass", example: "Funkclub Fjord e. V.",
				help: "Name of the club or organizer, at the top of every page.",
				set:  into(name, func(c *Config) *string { return &c.Pages.Club }),
			},
			{
				key: "imprint_url", example: "https://example.org/impressum",
				help: "Link to the imprint in the footer. Empty: none.",
				set:  into(webURL, func(c *Config) *string { return &c.Pages.ImprintURL }),
			},
			{
				key: "privacy_url", example: "https://example.org/datenschutz",
				help: "Link to the privacy policy in the footer. Empty: none.",
				set:  into(webURL, func(c *Config) *string { return &c.Pages.PrivacyURL }),
			},
			{
				key: "shop_url", example: "https://tickets.example.org/ov-fjord/",
				help: "Where tickets are to be had, for rooms that name no shop of their own.",
				set:  into(webURL, func(c *Config) *string { return &c.Pages.ShopURL }),
			},
			{
				key: "support", example: "support@example.org, +49 30 1234567",
				help: "Whom to ask, shown on pages that refuse entry. Plain text.",
				set:  into(text, func(c *Config) *string { return &c.Pages.Support }),
			},
		},
	}
}

func retentionOptions() optionGroup {
	return optionGroup{
		title: "Retention",
		intro: "How long records about people are kept. Durations may use days: `365d`.",
		options: []option{
			{
				key: "retain_consents", preset: "8760h", example: "730d",
				help: "How long the record of what a person was shown and chose about being recorded is kept. The default is a year.",
				set:  into(duration(time.Hour, maxRetention), func(c *Config) *time.Duration { return &c.Retention.Consents }),
			},
			{
				key: "retain_audit", preset: "2160h", example: "30d",
				help: "How long decisions about entries (order code and outcome, no names) are kept. The default is 90 days.",
				set:  into(duration(time.Hour, maxRetention), func(c *Config) *time.Duration { return &c.Retention.Audit }),
			},
		},
	}
}

// maxRetention is a typing error's limit: ten years and a little.
const maxRetention = 3660 * 24 * time.Hour

package main

import "time"

func bbbOptions() optionGroup {
	return optionGroup{
		title: "BigBlueButton",
		intro: "The server that holds the rooms.",
		options: []option{
			{
				key: "bbb_url", example: "https://bbb.example.org/bigbluebutton/",
				help: "Address of the BBB server as `bbb-conf --secret` prints it. The forms with `/bigbluebutton` or `/api` at the end, or without, are all understood.",
				set:  into(webURL, func(c *Config) *string { return &c.BBB.URL }),
			},
			{
				key: "bbb_secret", example: "the secret that bbb-conf --secret prints", secrecy: secret,
				help: "Shared secret of the BBB server.",
				set:  into(secretText, func(c *Config) *Secret { return &c.BBB.Secret }),
			},
			{
				key: "bbb_hash", preset: "sha256", example: "sha1",
				help: "Hash of the checksum: `sha1`, `sha256`, `sha384` or `sha512`. `sha1` is for very old servers and balancers.",
				set:  into(oneOf("sha1", "sha256", "sha384", "sha512"), func(c *Config) *string { return &c.BBB.Hash }),
			},
		},
	}
}

func entryOptions() optionGroup {
	return optionGroup{
		title: "Entry",
		intro: "Who gets in when, and how fast a crowd is let in.",
		options: []option{
			{
				key: "date_window", preset: "on", example: "off", toggle: true,
				help: "Check that now is the time of the ticket's date. `off`: only the room's state counts, a ticket of any date opens a running room.",
				set:  into(onOff, func(c *Config) *bool { return &c.Entry.DateWindow }),
			},
			{
				key: "doors", preset: "30m", example: "45m",
				help: "How long before its beginning a date lets people in.",
				set:  into(duration(0, 24*time.Hour), func(c *Config) *time.Duration { return &c.Entry.Doors }),
			},
			{
				key: "grace", preset: "30m", example: "1h",
				help: "How long after its end a date still lets people in.",
				set:  into(duration(0, 24*time.Hour), func(c *Config) *time.Duration { return &c.Entry.Grace }),
			},
			{
				key: "leave_hint", preset: "120s", example: "90s",
				help: "How long BBB may go on listing somebody who has lost the connection: the countdown that a second login with the same ticket is shown.",
				set:  into(duration(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Entry.LeaveHint }),
			},
			{
				key: "lease", preset: "60s", example: "90s",
				help: "How long a ticket belongs to the browser that was just sent to BBB, until BBB lists the person. BBB itself forgets a login that never connected after 60 s.",
				set:  into(duration(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Entry.Lease }),
			},
			{
				key: "release_rate", preset: "5", example: "2",
				help: "How many waiting people per second are let in when a room opens. Protects BBB and pretix from the whole crowd at once: an entry costs pretix two requests of about 50 ms. Hosted pretix takes 360 requests a minute: 2.",
				set:  into(count(1, 10_000), func(c *Config) *int { return &c.Entry.ReleaseRate }),
			},
			{
				key: "release_jitter", preset: "2s", example: "5s",
				help: "By how much at most each of them is delayed at random, so that they do not come in lockstep.",
				set:  into(duration(0, time.Minute), func(c *Config) *time.Duration { return &c.Entry.ReleaseJitter }),
			},
			{
				key: "rate_ticket", preset: "30", example: "60",
				help: "Requests per minute with one ticket.",
				set:  into(count(1, 100_000), func(c *Config) *int { return &c.Entry.RateTicket }),
			},
			{
				key: "rate_peer", preset: "20", example: "60",
				help: "Invalid ticket links per minute from one address. Valid ones do not count: a whole club may sit behind one address.",
				set:  into(count(1, 100_000), func(c *Config) *int { return &c.Entry.RatePeer }),
			},
			{
				key: "rate_open", preset: "10", example: "60",
				help: "Entries without ticket (rooms that are open or ask for a code) per minute from one address.",
				set:  into(count(1, 100_000), func(c *Config) *int { return &c.Entry.RateOpen }),
			},
		},
	}
}

package main

import (
	"log/slog"
	"net/netip"
	"time"
)

func generalOptions() optionGroup {
	return optionGroup{
		title: "General",
		intro: "Where einlass keeps its data, where it listens, and under which address people know it.",
		options: []option{
			{
				key: "config", example: "/etc/einlass/einlass.yaml",
				help: "Path of a YAML file with options: one `key: value` per line, keys as in this table. It can only be named by environment or flag.",
				set:  into(text, func(c *Config) *string { return &c.File }),
			},
			{
				key: "database", preset: "sqlite:einlass-data", example: "postgres://einlass@db.example.org/einlass", secrecy: credentials,
				help: "Where rooms, dates, leases and records are kept: `sqlite:<folder>` (made if missing, one process at a time) or the URL of a PostgreSQL database. " +
					"`database_file` names a file that holds this URL, for a password that should not stand in the environment.",
				set: into(databaseURL, func(c *Config) *DatabaseURL { return &c.Database }),
			},
			{
				key: "base_url", example: "https://einlass.example.org", list: true,
				help: "The address of einlass as participants type it, without a path: https, or http on this machine only. The participant links at pretix begin with it. " +
					"Several are accepted in participant links; the first is the one that einlass itself uses.",
				set: into(baseURLs, func(c *Config) *[]string { return &c.BaseURLs }),
			},
			{
				key: "listen", preset: "127.0.0.1:8080", example: "0.0.0.0:8080",
				help: "Address and port to listen on. The default is for a reverse proxy on the same machine; in a container it is `0.0.0.0:8080`.",
				set:  into(listenAddress, func(c *Config) *string { return &c.Listen }),
			},
			{
				key: "trusted_proxies", example: "127.0.0.1,10.0.0.0/8", list: true,
				help: "Addresses or networks (CIDR) of reverse proxies whose `X-Forwarded-For` is believed. Empty: nobody's. Rate limits count by what this tells, so name your own proxies only.",
				set:  into(networks, func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }),
			},
			{
				key: "timezone", preset: "Europe/Berlin", example: "Europe/Vienna",
				help: "Time zone of dates that have no event at pretix, and of times typed at the command line. Dates at pretix have the time zone of their event.",
				set:  into(timezone, func(c *Config) **time.Location { return &c.Timezone }),
			},
			{
				key: "log_level", preset: "info", example: "debug",
				help: "How much is logged: `debug`, `info`, `warn` or `error`. No level logs names, secrets or links into a room.",
				set:  into(logLevel, func(c *Config) *slog.Level { return &c.Log.Level }),
			},
			{
				key: "log_format", preset: "text", example: "json",
				help: "`text` for people, `json` for a log collector.",
				set:  into(oneOf("text", "json"), func(c *Config) *string { return &c.Log.Format }),
			},
		},
	}
}

package main

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// ScanConfig says where scanners reach the scan proxy, and how it is connected to pretix.
type ScanConfig struct {
	URL         string // scheme and host, no slash at the end; empty: there is no scan proxy
	Listen      string // host:port
	DeviceToken Secret // initialization token of the proxy itself
	Events      []string
	InitTTL     time.Duration
	Every       time.Duration // between two synchronisations
	Downloads   int           // pages at the same time
	Uploads     int           // tickets at the same time
	Retention   time.Duration
	Language    string // of the crew: "en", "de" or a regional spelling of these, "de-informal"
}

func scanOptions() optionGroup {
	return optionGroup{
		title: "Scan proxy",
		intro: "What pretixSCAN devices at the venue connect to. It is configured as soon as `scan_url` is set; it needs `pretix_url` as well, and the first time `scan_device_token`.",
		options: []option{
			{
				key: "scan_url", example: "http://192.168.1.5:7000",
				help: "The address under which devices reach this machine: scheme, host and port, no path. It stands in the QR code. Android trusts a self-signed certificate only behind a numeric IPv4 address.",
				set:  into(scanURL, func(c *Config) *string { return &c.Scan.URL }),
			},
			{
				key: "scan_listen", preset: ":7000", example: "192.168.1.5:7000",
				help: "Address and port on which devices are served, once `scan_url` is set.",
				set:  into(listenAddress, func(c *Config) *string { return &c.Scan.Listen }),
			},
			{
				key: "scan_device_token", example: "kpp4jn8g2ynzonp6", secrecy: secret,
				help: "The initialization token that pretix shows for a new device (organizer, devices, connect a device; security profile pretixSCAN). It is used once; what pretix gives for it is kept in the database. " +
					"After a device was revoked at pretix, put the token of a new one here.",
				set: into(secretText, func(c *Config) *Secret { return &c.Scan.DeviceToken }),
			},
			{
				key: "scan_event", example: "sommerfest,vortraege", list: true,
				help: "Short forms (slugs) of the events that are copied for scanning. Empty: every event that pretix shows to the device and that is not over.",
				set:  into(slugs, func(c *Config) *[]string { return &c.Scan.Events }),
			},
			{
				key: "scan_init_ttl", preset: "24h", example: "30m",
				help: "How long the QR code of a new device is good. It works once.",
				set:  into(duration(time.Minute, 30*24*time.Hour), func(c *Config) *time.Duration { return &c.Scan.InitTTL }),
			},
			{
				key: "scan_sync", preset: "15s", example: "1m",
				help: "How long after one exchange with pretix the next begins: first scans go up, then changes come down.",
				set:  into(duration(time.Second, time.Hour), func(c *Config) *time.Duration { return &c.Scan.Every }),
			},
			{
				key: "scan_downloads", preset: "4", example: "2",
				help: "Pages that are fetched at the same time while everything is copied for the first time. A hosted pretix takes 360 requests a minute.",
				set:  into(count(1, 16), func(c *Config) *int { return &c.Scan.Downloads }),
			},
			{
				key: "scan_uploads", preset: "4", example: "8",
				help: "Tickets whose scans are uploaded at the same time. Scans of one ticket go up in order.",
				set:  into(count(1, 16), func(c *Config) *int { return &c.Scan.Uploads }),
			},
			{
				key: "scan_retention", preset: "14d", example: "30d",
				help: "How long the orders of an event stay on this machine after it has ended, and its accepted scans after that. Refused scans, print logs, and the names and answers in accepted scans go when they are that old. What pretix was not told, refuses, or shows to be a double admission stays until you acknowledge it.",
				set:  into(duration(24*time.Hour, 10*366*24*time.Hour), func(c *Config) *time.Duration { return &c.Scan.Retention }),
			},
			{
				key: "scan_language", preset: "en", example: "de",
				help: "Language of the door staff, `en` or `de`: in it scanners say why a ticket is refused, and name products and seats. A regional spelling that your shop uses counts for names: `de-informal`.",
				set:  into(scanLanguage, func(c *Config) *string { return &c.Scan.Language }),
			},
		},
	}
}

// scanURL accepts scheme, host and port. A path would get lost: apps resolve most of their calls against the host.
// Source: wire 1.3.
func scanURL(s string) (string, error) {
	address, err := webURL(s)
	if err != nil || address == "" {
		return address, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("is not a web address")
	}
	if u.Path != "" {
		return "", errors.New("has a path: devices would not send it")
	}
	return address, nil
}

// scanLanguage accepts the languages of scanproxy.Languages, spelled as pretix spells its own.
func scanLanguage(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	base, region, regional := strings.Cut(s, "-")
	if base != "en" && base != "de" || regional && region == "" {
		return "", errors.New("is neither en nor de, nor a regional spelling such as de-informal")
	}
	return s, nil
}

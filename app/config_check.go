package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// check complains about what single values cannot tell: what is missing for a face to be served, and what does not fit
// together. Values that were wrong by themselves are not complained about again.
func (l loaded) check() complaints {
	c := l.missing()
	if unencrypted(l.Pretix.URL) && !l.Pretix.AllowHTTP {
		c = append(c, l.about("pretix_url", fmt.Sprintf("%q is http: the token would travel unencrypted. Write https, or set pretix_allow_http", l.Pretix.URL)))
	}
	if unencrypted(l.BBB.URL) {
		c = append(c, l.about("bbb_url", fmt.Sprintf("%q is http: links into rooms would travel unencrypted. Write https", l.BBB.URL)))
	}
	return c
}

// unencrypted tells addresses that leave this machine in the clear.
func unencrypted(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && !loopback(u.Hostname())
}

// bridgeNeeds are the options without which the bridge cannot work.
var bridgeNeeds = []string{"pretix_url", "pretix_token", "pretix_organizer", "pretix_event", "jwt_secret", "bbb_url", "bbb_secret", "base_url"}

func (l loaded) missing() complaints {
	bridge, scanning := l.mentionsBridge(), l.isSet("scan_url")
	if !bridge && !scanning {
		return complaints{l.about("pretix_url", "is not set, nor is anything else that einlass could serve. The bridge needs "+
			strings.Join(bridgeNeeds, ", ")+"; the scan proxy needs scan_url and pretix_url")}
	}
	var c complaints
	if scanning && !l.isSet("pretix_url") {
		c = append(c, l.about("pretix_url", "is needed by the scan proxy and is not set"))
	}
	for _, key := range bridgeNeeds {
		if bridge && !l.isSet(key) && !(scanning && key == "pretix_url") {
			c = append(c, l.about(key, "is needed by the bridge (ticket links into rooms) and is not set"))
		}
	}
	return c
}

// forScanning are the bridge's options that the scan proxy needs too: they do not say that a bridge is wanted.
var forScanning = []string{"pretix_url", "base_url"}

// mentionsBridge tells whether anybody began to configure the bridge.
func (l loaded) mentionsBridge() bool {
	for _, key := range bridgeNeeds {
		if l.isSet(key) && !(l.isSet("scan_url") && slices.Contains(forScanning, key)) {
			return true
		}
	}
	return false
}

func (l loaded) isSet(key string) bool {
	return l.settings[key].filed || strings.TrimSpace(l.settings[key].value) != ""
}

// about complains about an option, set or not. One that is not set is best set in the environment.
func (l loaded) about(key, wrong string) complaint {
	g := l.settings[key]
	o, _, _ := newTable().lookup(key)
	if g.source == sourceDefault {
		g.as = inEnvironment(key)
		return complaint{option: key, source: "not set", wrong: wrong, cure: o.spelled(g)}
	}
	return complaint{option: g.as, source: g.source, wrong: wrong, cure: o.spelled(g)}
}

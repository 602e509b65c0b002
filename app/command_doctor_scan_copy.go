package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

const (
	newDevice     = "make a device at pretix (organizer, devices, security profile pretixSCAN) and set scan_device_token, then start serve again"
	setProfile    = "set the security profile of the device at pretix to pretixSCAN"
	lineUp        = "is the line to pretix up? The log of serve says what it hears"
	startOnLine   = "start einlass serve with a line to pretix, early enough before the doors open"
	copyIsOld     = 15 * time.Minute // without news: much longer than a round takes
	uploadsWait   = 15 * time.Minute
	profileScan   = "pretixscan"
	profileFull   = "full"
	profileOnline = "pretixscan_online" // prefix of profiles whose devices may not read orders
)

// proxyDevice judges the device that the proxy is at pretix.
func (d *checkup) proxyDevice(s scanStatus, serving bool) {
	switch {
	case s.Proxy == nil && d.options.Scan.DeviceToken != "" && !serving:
		d.warn("einlass serve uses scan_device_token, once", "scan: the proxy is no device at pretix yet, so nothing can be copied")
		return
	case s.Proxy == nil:
		d.bad(newDevice, "scan: the proxy is no device at pretix, so nothing is copied and nobody is let in")
		return
	case s.Proxy.URL != d.options.Pretix.URL:
		d.bad("correct pretix_url, or "+newDevice, "scan: the proxy is a device of %s, which is not pretix_url: nothing is copied any more", s.Proxy.URL)
		return
	case s.Pretix == nil:
		return
	case !s.Pretix.Accepted:
		d.bad(deviceCure(s.Pretix.Class), "scan: pretix %s the proxy, so nothing is copied or uploaded; scanners are answered from the "+
			"copy meanwhile (%s)", refusing(s.Pretix.Class), s.Pretix.Detail)
		return
	}
	d.good("scan: pretix %s accepts the proxy as device %d, %s, of %s", s.Pretix.Version, s.Proxy.ID, s.Proxy.Name, s.Proxy.Organizer)
	d.profile(cmp.Or(s.Pretix.Profile, s.Proxy.Profile))
}

func (d *checkup) profile(name string) {
	switch {
	case name == profileScan, name == profileFull, name == "":
	case strings.HasPrefix(name, profileOnline):
		d.bad(setProfile, "scan: the device has the security profile %s, which may not read orders: nobody can be let in without a line", name)
	default:
		d.warn(setProfile, "scan: the device has the security profile %s; whether that may read all that scanning needs is not known", name)
	}
}

func refusing(class string) string {
	if class == pretix.Unauthorized.String() || class == pretix.Forbidden.String() {
		return "does not accept"
	}
	return "does not answer"
}

func deviceCure(class string) string {
	switch class {
	case pretix.Unauthorized.String():
		return "was the device revoked at pretix? Then " + newDevice
	case pretix.Forbidden.String():
		return setProfile
	}
	return lineUp
}

// copies judges the copy of each event that is selected.
func (d *checkup) copies(events []scanEventRow, serving bool) {
	some := false
	for _, e := range events {
		if !e.Copied {
			continue
		}
		if e.Event != "" {
			some = true
			d.eventCopy(e, serving)
		}
		for _, f := range e.Failures {
			if f.Class == mirror.Illegible {
				d.warn("look their guests up at pretix, and report it", "scan: event %s: %s", e.Event, f.Detail)
				continue
			}
			d.warn(failureCure(f.Class), "scan: %s cannot be fetched (%s, %d times): %s", strings.TrimSpace(e.Event+" "+f.List), f.Class, f.Times, f.Detail)
		}
	}
	if !some {
		d.bad("give the device access to the event at pretix, or name it in scan_event; "+startOnLine,
			"scan: no event is copied: either pretix was not asked yet, or it shows the device none that is not over")
	}
}

func (d *checkup) eventCopy(e scanEventRow, serving bool) {
	switch {
	case slices.Contains(e.Missing, mirror.Orders) && len(e.Missing) < len(needed):
		d.bad("wait until the first copy is complete", "scan: event %s: its orders are not complete yet, so valid tickets are refused", e.Event)
		return
	case len(e.Missing) > 0:
		d.bad(missingCure(e, serving), "scan: event %s is not copied yet, so every ticket is refused (without %s)", e.Event, strings.Join(e.Missing, ", "))
		return
	case e.Lists == 0:
		d.bad("make a check-in list at pretix", "scan: event %s has no check-in list, so no scanner can choose it", e.Event)
	}
	if !e.Live {
		d.warn("is it the right event? If so, nothing: scanners do not mind", "scan: event %s is not live at pretix", e.Event)
	}
	age := d.now().Sub(*e.AsOf).Round(time.Second)
	if age > copyIsOld {
		d.warn(missingCure(e, serving), "scan: event %s: the copy is %s old; what was sold or canceled since is not known at the door", e.Event, age)
		return
	}
	d.good("scan: event %s: %s, %s, as of %s ago", e.Event, counted(e.Orders, "order", "orders"),
		counted(e.Lists, "check-in list", "check-in lists"), age)
}

func missingCure(e scanEventRow, serving bool) string {
	switch {
	case !serving:
		return startOnLine
	case len(e.Failures) > 0:
		return failureCure(newestFailure(e.Failures).Class)
	}
	return lineUp
}

// failureCure says what helps against a class of mirror.Failure.
func failureCure(class string) string {
	switch class {
	case mirror.Revoked401:
		return "was the device revoked at pretix? Then " + newDevice
	case mirror.Denied, mirror.Missing:
		return "give the device access to the event at pretix, or correct scan_event"
	case mirror.Busy:
		return "nothing, pretix asked for patience; a smaller scan_downloads asks less"
	case mirror.Unreachable, mirror.Foreign, mirror.Broken:
		return lineUp
	}
	return "the log of serve says more; please report it"
}

// uploads judges what pretix was not told.
func (d *checkup) uploads(u uploadsRow) {
	const look = "einlass admin scan problems"
	switch {
	case u.Queued == 0:
		d.good("scan: pretix was told every scan")
	case u.Oldest != nil && d.now().Sub(*u.Oldest) > uploadsWait:
		d.warn(lineUp, "scan: %s for pretix, the oldest for %s: who asks pretix itself would let these tickets in again",
			counted(u.Queued, "upload waits", "uploads wait"), d.now().Sub(*u.Oldest).Round(time.Second))
	default:
		d.good("scan: %s under way", counted(u.Queued, "upload is", "uploads are"))
	}
	if u.GivenUp > 0 {
		d.warn(look, "scan: pretix refuses %s for good, so its lists do not show them", counted(u.GivenUp, "upload", "uploads"))
	}
	if u.Doubles > 0 {
		d.warn(look, "scan: %s let in here and by somebody else, who did not know of each other", counted(u.Doubles, "ticket was", "tickets were"))
	}
}

func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// scanners judges whether anybody can scan.
func (d *checkup) scanners(devices []deviceRow) {
	connected := 0
	for _, one := range devices {
		if one.Initialized != nil && one.Revoked == nil {
			connected++
		}
	}
	if connected == 0 {
		d.warn("einlass admin device add <name>, and scan its QR code", "scan: no scanner is connected")
		return
	}
	d.good("scan: %s connected", counted(int64(connected), "scanner is", "scanners are"))
}

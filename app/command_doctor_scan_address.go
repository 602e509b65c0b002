package main

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
)

// scanAddress tells whether scanners reach the proxy under scan_url, and whether serve runs here at all.
func (d *checkup) scanAddress(ctx context.Context) (serving bool) {
	base := d.options.Scan.URL
	d.judgeScanURL(ctx, base)
	here, err := reachable(d.options.Scan.Listen)
	if err == nil {
		err = askHealth(ctx, here)
	}
	if err != nil {
		d.warn("einlass serve, then einlass doctor again", "scan_url: not tried, because no scan proxy runs at scan_listen (%v)", err)
		return false
	}
	p, ok := d.reach(ctx, "scan_url", base+"/healthz", "scanners could not connect: is it this machine's address in the venue's network, "+
		"does scan_listen ("+d.options.Scan.Listen+") cover it, and does the firewall let the port in?")
	switch {
	case !ok:
	case p.status != http.StatusOK:
		d.bad("scanners would talk to somebody else: correct scan_url, or what stands in between", "scan_url: %s/healthz answers %d, so this is not einlass", base, p.status)
	default:
		d.good("scan_url: %s leads to einlass", base)
	}
	return true
}

// judgeScanURL judges whether the address that the QR code shows is one of this machine.
func (d *checkup) judgeScanURL(ctx context.Context, base string) {
	const cure = "set scan_url to this machine's address in the venue's network, such as http://192.168.1.5:7000"
	u, err := url.Parse(base)
	if err != nil {
		return // configuration has said so
	}
	at, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil || len(at) == 0 {
		d.bad(cure, "scan_url: the name %s is not known here, and scanners in the same network will not know it either", u.Hostname())
		return
	}
	if slices.ContainsFunc(at, netip.Addr.IsLoopback) {
		d.warn(cure, "scan_url: %s means every machine itself: a scanner would look for the proxy on the phone", u.Hostname())
		return
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		d.warn("", "scan_url: the addresses of this machine cannot be read: %v", err)
		return
	}
	if !isOurs(at, own) {
		d.warn("fine behind a reverse proxy; else "+cure, "scan_url: %s is not an address of this machine, which may have got another one", at[0].Unmap())
	}
}

func isOurs(at []netip.Addr, own []net.Addr) bool {
	for _, one := range own {
		network, err := netip.ParsePrefix(one.String())
		if err == nil && slices.ContainsFunc(at, func(a netip.Addr) bool { return a.Unmap() == network.Addr().Unmap() }) {
			return true
		}
	}
	return false
}

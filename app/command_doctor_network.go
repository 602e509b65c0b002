package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	probeBudget  = 10 * time.Second
	certificates = 14 * 24 * time.Hour // that long before its end a certificate should have been renewed
	clockBlur    = 3 * time.Second     // Date has full seconds, and the answer takes its time
)

// probed is what one plain request tells about an address.
type probed struct {
	status  int
	skew    time.Duration // how far its clock is ahead of ours; 0 if it tells none
	expires time.Time     // of the certificate; zero without TLS
}

// addresses tells whether participants reach einlass under its base URLs, which shows only while it runs.
func (d *checkup) addresses(ctx context.Context) {
	if len(d.options.BaseURLs) == 0 {
		return // configuration has said so
	}
	here, err := reachable(d.options.Listen)
	if err == nil {
		err = askHealth(ctx, here)
	}
	if err != nil {
		d.warn("einlass serve, then einlass doctor again", "base_url: not checked, because serve does not run here (%v)", err)
		return
	}
	for _, base := range d.options.BaseURLs {
		p, ok := d.reach(ctx, "base_url", base+"/healthz", "let the name point to this machine, and the reverse proxy to "+here)
		if !ok {
			continue
		}
		if p.status != http.StatusOK {
			d.bad("let the reverse proxy pass every path of this host to "+here, "base_url: %s/healthz answers %d, so this is not einlass", base, p.status)
			continue
		}
		d.good("base_url: %s leads to einlass", base)
	}
}

// reach makes one plain request and judges connection and certificate.
func (d *checkup) reach(ctx context.Context, area, address, cure string) (probed, bool) {
	p, err := d.probe(ctx, address)
	if err != nil {
		d.bad(cure, "%s: %s cannot be reached: %v", area, address, err)
		return p, false
	}
	if left := p.expires.Sub(d.now()); !p.expires.IsZero() && left < certificates {
		d.warn("renew it", "%s: the certificate ends on %s", area, p.expires.Format(time.DateOnly))
	}
	return p, true
}

// clock judges how far another clock and ours are apart.
func (d *checkup) clock(area string, p probed) {
	switch skew := p.skew.Abs(); {
	case skew <= clockBlur:
		d.good("%s: its clock and ours agree", area)
	case skew <= d.options.Ticket.Leeway:
		d.warn("set the clocks (NTP)", "%s: its clock and ours are %s apart, jwt_leeway still covers that", area, skew.Round(time.Second))
	default:
		d.bad("set the clocks (NTP); until then a larger jwt_leeway helps", "%s: its clock and ours are %s apart", area, skew.Round(time.Second))
	}
}

// probe asks once, as a browser would, without following anything.
func (d *checkup) probe(ctx context.Context, address string) (probed, error) {
	ctx, cancel := context.WithTimeout(ctx, probeBudget)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return probed{}, err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}, CheckRedirect: dontFollow}
	asked := d.now()
	response, err := client.Do(request)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if err != nil {
		return probed{}, err
	}
	answered := d.now()
	defer response.Body.Close()
	if _, err := io.CopyN(io.Discard, response.Body, 1<<20); err != nil && !errors.Is(err, io.EOF) {
		return probed{}, err
	}
	p := probed{status: response.StatusCode}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		p.skew = date.Sub(asked.Add(answered.Sub(asked) / 2))
	}
	if response.TLS != nil && len(response.TLS.PeerCertificates) > 0 {
		p.expires = response.TLS.PeerCertificates[0].NotAfter
	}
	return p, nil
}

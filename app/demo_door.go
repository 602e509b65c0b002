package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/scanproxy"
)

// moveScanListener listens for scanners where the options say: somebody may have set scan_listen for the demo.
func (s *stage) moveScanListener(to string) (err error) {
	if s.door == nil || to == s.door.Addr().String() {
		return nil
	}
	if err := s.door.Close(); err != nil {
		return err
	}
	if s.door, err = net.Listen("tcp", to); err != nil {
		return fmt.Errorf("listen for scanners: %w", err)
	}
	return nil
}

// scanners are the two that the demo knows: an app that is still to be connected, and a line of curl.
type scanners struct {
	url     string
	door    net.Addr
	payload string          // of the app's QR code
	token   scanproxy.Token // of curl
	ask     string          // what it sends: a ticket that nobody has used yet
}

// inviteScanners makes the demo's scanners known.
func (s *stage) inviteScanners(ctx context.Context) (scanners, error) {
	p := s.program
	registry := scanproxy.Registry{Store: p.Store, InitTTL: p.Config.Scan.InitTTL, Now: p.now}
	app, err := registry.Invite(ctx, scanproxy.Profile{Name: "pretixSCAN"})
	if err != nil {
		return scanners{}, err
	}
	payload, err := app.Payload(p.Config.Scan.URL)
	if err != nil {
		return scanners{}, err
	}
	line, err := registry.Invite(ctx, scanproxy.Profile{Name: "curl"})
	if err != nil {
		return scanners{}, err
	}
	_, token, err := registry.Initialize(ctx, line.Token, scanproxy.Hardware{SoftwareBrand: "curl", SoftwareVersion: "demo"})
	if err != nil {
		return scanners{}, err
	}
	return scanners{
		url: p.Config.Scan.URL, door: s.door.Addr(), payload: payload, token: token,
		ask: fmt.Sprintf(`{"events_and_checkin_lists":{%q:%d},"ticketid":%q}`, cast.Event, s.club.List, s.club.Door),
	}, nil
}

func (s scanners) write(w io.Writer) error {
	code, err := terminalQR(s.payload)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	_, err = fmt.Fprintf(w, `At the door: pretixSCAN connects to %s with this code, once:

%s%s
Without an app, this line scans a ticket. The first answer is VALID, the second USED:

curl -H 'Authorization: Device %s' -H 'Content-Type: application/json' -d '%s' %s/proxyapi/v1/rpc/check/

`, s.url, code, s.reach(), s.token.Reveal(), s.ask, s.url)
	return err
}

// reach says how a phone gets here. By default nobody but this machine does.
func (s scanners) reach() string {
	here, ok := s.door.(*net.TCPAddr)
	if !ok || !here.IP.IsLoopback() {
		return ""
	}
	address := lanAddress()
	if address == nil {
		return ""
	}
	return fmt.Sprintf("\nA phone in your network gets here after: demo --scan-listen=%s:7000 --scan-url=http://%s:7000\n", address, address)
}

// lanAddress is an address of this machine in a private network; nil: there is none.
func lanAddress() net.IP {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			return n.IP
		}
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// curlLine finds the line of curl in the demo's text.
var curlLine = regexp.MustCompile(`(?m)^curl -H '(.+): (.+)' -H '(.+): (.+)' -d '(.+)' (http://\S+)$`)

// Whoever starts the demo scans a ticket twice, as its text says.
func TestTheDemoLetsATicketInOnce(t *testing.T) {
	s, err := setStage(t.Context(), environment{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}, bothFaces, nil)
	must(t, err)
	invited, err := s.inviteScanners(t.Context())
	must(t, err)
	var card bytes.Buffer
	must(t, demoText{Club: s.club, Base: s.base(), BBB: s.conference.url(), Scanners: invited}.write(&card))
	line := curlLine.FindStringSubmatch(card.String())
	if line == nil || !strings.Contains(card.String(), "▄▄▄▄▄ █") {
		t.Fatalf("the text has no line of curl, or no QR code:\n%s", card.String())
	}
	s.program.Scan.round(t.Context()) // nobody is as quick as this test

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.play(ctx) }()
	for _, want := range []string{`"type":"VALID"`, `"type":"USED"`, `"type":"USED"`} {
		ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, line[6], strings.NewReader(line[5]))
		must(t, err)
		ask.Header.Set(line[1], line[2])
		ask.Header.Set(line[3], line[4])
		answer, err := http.DefaultClient.Do(ask)
		must(t, err)
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		must(t, answer.Body.Close())
		if !strings.Contains(string(body), want) {
			t.Errorf("the scanner hears %d %s, want %s", answer.StatusCode, body, want)
		}
	}
	stop()
	must(t, <-ended)
	must(t, s.Close())
	if _, err := os.Stat(s.folder); !os.IsNotExist(err) {
		t.Errorf("%s is left behind: %v", s.folder, err)
	}
}

// A phone reaches the demo where its options say.
func TestTheDemoListensForScannersWhereItIsTold(t *testing.T) {
	for story, args := range map[string][]string{
		"nowhere else": nil, "on all addresses": {"--scan-listen=:0", "--scan-url=http://192.168.1.5:7000"},
	} {
		t.Run(story, func(t *testing.T) {
			s, err := setStage(t.Context(), environment{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}, bothFaces, args)
			must(t, err)
			closeAfter(t, s)
			invited, err := s.inviteScanners(t.Context())
			must(t, err)
			at, ok := s.door.Addr().(*net.TCPAddr)
			if !ok {
				t.Fatalf("listens at %v", s.door.Addr())
			}
			address := at.String()
			if args == nil && (!at.IP.IsLoopback() || invited.url != "http://"+address) {
				t.Errorf("listens at %s, and scanners hear %s", address, invited.url)
			}
			if args != nil && (!at.IP.IsUnspecified() || invited.url != "http://192.168.1.5:7000" || invited.reach() != "") {
				t.Errorf("listens at %s, and scanners hear %s; a phone is told %q", address, invited.url, invited.reach())
			}
		})
	}
}

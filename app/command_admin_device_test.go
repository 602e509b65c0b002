package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"rsc.io/qr"
)

func TestDeviceCommands(t *testing.T) {
	term := newTerminal(t, "EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_SCAN_INIT_TTL=30m")
	term.says(words("admin device list"), "none")
	out, _ := term.types(exitOK, "admin", "device", "add", "North gate", "--gate=3", "--gate-name=North", "--events=harbor,island")
	contains(t, out, "device 1, North gate, can connect once, until 2026-11-24 19:30 CET", "address  http://192.168.1.5:7000")
	payload := regexp.MustCompile(`(?m)^\{"handshake_version":1,"url":"http://192\.168\.1\.5:7000","token":"(proxy=[A-Z2-7]{20})"\}$`).FindStringSubmatch(out)
	if payload == nil {
		t.Fatalf("no payload in\n%s", out)
	}
	contains(t, out, "token    "+payload[1])
	if got := readQR(out); got != drawn(t, payload[0]) {
		t.Errorf("the QR code is not that of the payload:\n%s", got)
	}

	term.says(words("admin device list"), "North gate  invited  -     harbor,island")
	list, _ := term.types(exitOK, "admin", "device", "list", "--json")
	var rows []deviceRow
	if err := json.Unmarshal([]byte(list), &rows); err != nil || len(rows) != 1 || rows[0].Gate != 3 || rows[0].GateName != "North" || rows[0].Seen != nil {
		t.Errorf("%v: %s", err, list)
	}
	if strings.Contains(list, payload[1]) {
		t.Error("the list holds a token")
	}
	term.says(words("admin device revoke 1"), "device 1 is revoked")
	term.says(words("admin device list"), "revoked")
}

func TestDeviceCommandsThatAreRefused(t *testing.T) {
	term := newTerminal(t)
	term.refuses(exitUsage, words("admin device add North"), "scan_url is not set")
	term = newTerminal(t, "EINLASS_SCAN_URL=http://192.168.1.5:7000")
	term.refuses(exitUsage, []string{"admin", "device", "add", " "}, "name of 1 to 100 characters")
	term.refuses(exitUsage, words("admin device add"), "a word is missing")
	term.refuses(exitUsage, words("admin device add North --events=a/b"), "--events")
	term.refuses(exitUsage, words("admin device add North --gate=-3"), "--gate")
	term.refuses(exitUsage, words("admin device add North --gate-name=East"), "--gate")
	term.refuses(exitUsage, words("admin device revoke North"), "not the id of a device")
	term.refuses(exitFailure, words("admin device revoke 7"), "there is no device 7")
	term.says(words("admin device list"), "none")
}

// readQR returns the squares of the code that stands in a terminal's output: # is dark.
func readQR(out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		line, isCode := strings.CutPrefix(line, whiteOnBlack)
		if !isCode {
			continue
		}
		line, _, _ = strings.Cut(line, plainAgain)
		for _, dark := range []*strings.Replacer{
			strings.NewReplacer("█", ".", "▀", ".", "▄", "#", " ", "#"), strings.NewReplacer("█", ".", "▄", ".", "▀", "#", " ", "#"),
		} {
			b.WriteString(dark.Replace(line) + "\n")
		}
	}
	return b.String()
}

// drawn is how a text's code has to look, with its margin; one row more where the number of rows is odd.
func drawn(t *testing.T, text string) string {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for y := -4; y < code.Size+4; y++ {
		for x := -4; x < code.Size+4; x++ {
			if code.Black(x, y) {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	if code.Size%2 == 1 { // nothing is drawn below the last row
		b.WriteString(strings.Repeat("#", code.Size+8) + "\n")
	}
	return b.String()
}

package scanproxy

import (
	"encoding/json"
	"time"
)

// Hardware is what an app says about itself and the machine that it runs on.
type Hardware struct {
	HardwareBrand, HardwareModel   string
	OSName, OSVersion              string
	SoftwareBrand, SoftwareVersion string
}

// DeviceRecord is a device as it is kept. Zero times: has not happened.
type DeviceRecord struct {
	Device
	Hardware Hardware

	Added       time.Time
	InitExpires time.Time // first instant at which the initialization token is not accepted
	Initialized time.Time
	Seen        time.Time // when it last fetched its configuration, which apps do every few minutes
	Revoked     time.Time

	InitHash  []byte // of the initialization token, also after its use
	TokenHash []byte // of the API token; empty before initialization
}

// How far a device has come, as operators read it.
const (
	DeviceInvited = "invited" // it may still connect
	DeviceExpired = "expired" // it has not connected in time
	DeviceActive  = "active"  // it is connected
	DeviceRevoked = "revoked" // for good
)

// State returns how far the device has come at that time: one of the constants above.
func (r DeviceRecord) State(now time.Time) string {
	switch {
	case !r.Revoked.IsZero():
		return DeviceRevoked
	case !r.Initialized.IsZero():
		return DeviceActive
	case !now.Before(r.InitExpires):
		return DeviceExpired
	}
	return DeviceInvited
}

// Invitation is a device that may connect once.
type Invitation struct {
	Device  Device
	Token   Token
	Expires time.Time
}

// Payload is the text of the QR code that the app scans to connect: JSON with the address of this proxy and the token,
// so it is for the screen only. A key "version" would make apps take it for another product's code.
// Source: wire 1.1.
func (i Invitation) Payload(url string) (string, error) {
	text, err := json.Marshal(struct {
		HandshakeVersion int    `json:"handshake_version"`
		URL              string `json:"url"`
		Token            string `json:"token"`
	}{1, url, i.Token.Reveal()})
	return string(text), err
}

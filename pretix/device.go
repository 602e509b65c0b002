package pretix

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Hardware is what a device tells about itself. pretix wants the first four, each at most 190 characters.
type Hardware struct {
	Brand           string `json:"hardware_brand"`
	Model           string `json:"hardware_model"`
	SoftwareBrand   string `json:"software_brand"`
	SoftwareVersion string `json:"software_version"`
	OSName          string `json:"os_name,omitempty"`
	OSVersion       string `json:"os_version,omitempty"`
}

// Device is a device as pretix knows it.
type Device struct {
	Organizer string `json:"organizer"` // slug
	ID        int64  `json:"device_id"` // number within the organizer, as in Checkin.DeviceID
	Serial    string `json:"unique_serial"`
	Token     Token  `json:"api_token"` // to be used with Config.AuthScheme "Device"
	Name      string `json:"name"`
	Profile   string `json:"security_profile"` // "pretixscan" may read orders; "pretixscan_online_noorders" may not
	Gate      *Gate  `json:"gate"`
}

// Gate is an entrance of the venue.
type Gate struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// DeviceInfo is what pretix tells a device about itself.
type DeviceInfo struct {
	Device Device `json:"device"`
	Server struct {
		Version Version `json:"version"`
	} `json:"server"`
}

// InitializeDevice turns the token of a device, made in pretix' backend and good for one use, into a device. Of cfg only
// where the server is and how to reach it counts. When the answer is lost (Error.OutcomeUnknown) so is the device: another
// one has to be made in the backend.
//
// Errors: Invalid for a token that is unknown, used or revoked; Detail has pretix' words.
func InitializeDevice(ctx context.Context, cfg Config, token Token, hardware Hardware) (Device, error) {
	cfg.Token, cfg.Organizer = "none", "none" // neither is known yet, and neither is sent
	cfg, err := cfg.complete()
	if err != nil {
		return Device{}, fmt.Errorf("initialize device: %w", err)
	}
	hc := newHTTP(cfg)
	sender := newResty(hc, cfg)
	sender.Header.Del("Authorization")
	c := &Client{http: hc, sender: sender, base: cfg.BaseURL}
	defer c.Close()

	what := call{name: "device initialize", method: http.MethodPost, path: "device/initialize", body: struct {
		Token string `json:"token"`
		Hardware
	}{token.Reveal(), hardware}}
	d, err := c.device(ctx, what)
	if err != nil {
		return Device{}, err
	}
	if d.Token == "" || d.Organizer == "" {
		return Device{}, &Error{Class: Unavailable, Call: what.name, Detail: "the answer names no device", OutcomeUnknown: true}
	}
	return d, nil
}

// UpdateDevice tells pretix that the device's hardware or software has changed, and returns what pretix knows now.
func (c *Client) UpdateDevice(ctx context.Context, hardware Hardware) (Device, error) {
	return c.device(ctx, call{name: "device update", method: http.MethodPost, path: "device/update", body: struct {
		Hardware
		Info struct{} `json:"info"`
	}{Hardware: hardware}})
}

// DeviceInfo asks pretix about the device that the client is.
func (c *Client) DeviceInfo(ctx context.Context) (DeviceInfo, error) {
	var info DeviceInfo
	err := c.get(ctx, "device info", "device/info", nil, &info) // like all device paths without a trailing slash
	return info, err
}

func (c *Client) device(ctx context.Context, what call) (d Device, err error) {
	got, err := c.send(ctx, what)
	if err != nil {
		return Device{}, err
	}
	if got.status != http.StatusOK {
		return Device{}, what.failed(got)
	}
	err = what.decode(got, &d)
	return d, err
}

// ServerTime reads an instant as pretix prints it, such as X-Page-Generated.
func ServerTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("instant of pretix: %w", err)
	}
	return t, nil
}

// QueryTime spells an instant for a filter such as modified_since, to the microsecond.
func QueryTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

package pretixsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// device is one device, waiting or initialized.
type device struct {
	Device
	org    *organizer
	issued int // tokens so far
}

// Devices returns all devices as they are now: those that are initialized have a Token.
func (s *Server) Devices() (all []Device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.db.devices {
		all = append(all, d.Device)
	}
	return all
}

// deviceTexts are what a device tells about itself when it is initialized or updated; required or not.
var deviceTexts = []struct {
	name     string
	required bool
}{
	{"hardware_brand", true},
	{"hardware_model", true},
	{"os_name", false},
	{"os_version", false},
	{"software_brand", true},
	{"software_version", true},
	{"rsa_pubkey", false},
}

// deviceInitialize: POST device/initialize, without credentials. A token is good once; whoever loses the answer has lost
// the device.
func (c *call) deviceInitialize() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	token := f.text("token", true, false, false)
	known := find(c.s.db.devices, func(d *device) bool { return d.InitToken == token })
	software, no := c.hardware(f)
	if no != nil {
		return *no
	}
	switch {
	case known == nil || token == "":
		return badFields(map[string][]string{"token": {"Unknown initialization token."}})
	case known.Token != "":
		return badFields(map[string][]string{"token": {"This initialization token has already been used."}})
	case known.Revoked:
		return badFields(map[string][]string{"token": {"This initialization token has been revoked."}})
	}
	known.Software = software
	c.s.issue(known)
	return jsonReply(http.StatusOK, known.json())
}

// hardware reads what a device tells about itself, and forgets all but the version: nothing here shows the rest again.
func (c *call) hardware(f *fields) (software string, no *reply) {
	told := map[string]string{}
	for _, text := range deviceTexts {
		told[text.name] = f.text(text.name, text.required, !text.required, !text.required)
	}
	f.value("info", false, true)
	return told["software_version"], f.done()
}

func (c *call) deviceInfo() reply {
	return jsonReply(http.StatusOK, object{
		"device": c.who.device.json(), "server": object{"version": pretixVersion()}, "medium_key_sets": []any{},
	})
}

func (c *call) deviceUpdate() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	software, no := c.hardware(f)
	if no != nil {
		return *no
	}
	c.who.device.Software = software
	return jsonReply(http.StatusOK, c.who.device.json())
}

// deviceRoll exchanges the token: the old one is unknown at once.
func (c *call) deviceRoll() reply {
	delete(c.s.db.credentials, "Device "+c.who.device.Token)
	c.s.issue(c.who.device)
	return jsonReply(http.StatusOK, c.who.device.json())
}

func (c *call) deviceRevoke() reply {
	c.who.device.Revoked = true
	return jsonReply(http.StatusOK, c.who.device.json())
}

// issue gives a device its next token.
func (s *Server) issue(d *device) {
	d.issued++
	d.Token = madeUp(fmt.Sprintf("token %d of device %d", d.issued, d.ID), 64, lower)
	s.credential("Device "+d.Token, &credential{org: d.org, rights: deviceRights, device: d})
}

func (d *device) json() object {
	var gate any
	if d.Gate != 0 {
		gate = object{"id": d.Gate, "name": fmt.Sprintf("Gate %d", d.Gate)}
	}
	return object{
		"organizer": d.org.Slug, "device_id": d.DeviceID, "unique_serial": strings.ToUpper(d.Serial), "api_token": d.Token,
		"name": d.Name, "security_profile": d.profile(), "gate": gate,
	}
}

func (d *device) profile() string {
	if d.Profile == "" {
		return "full"
	}
	return d.Profile
}

// scanRoutes are the simulated endpoints in a scanner profile's allow list, for reading. All have those below device/.
var scanRoutes = []string{
	"version", "event", "events", "settings", "subevents", "subevent", "organizer subevents", "items", "categories",
	"questions", "checkinlists", "list status", "revokedsecrets", "blockedsecrets", "badge layouts", "badge items", "search",
	"idempotency_query",
}

func (d *device) allows(method string, rt *route) bool {
	if d.profile() == "full" || rt.deviceOnly || rt.name == "redeem" || rt.name == "annul" || rt.name == "failed checkins" {
		return true
	}
	switch rt.name {
	case "orders", "organizer orders", "reusable media":
		return isRead(method) && d.Profile == "pretixscan"
	case "reusable media lookup":
		return d.Profile == "pretixscan"
	case "list positions":
		return isRead(method) && d.Profile != "pretixscan_online_kiosk"
	}
	return isRead(method) && slices.Contains(scanRoutes, rt.name)
}

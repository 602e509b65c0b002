package pretixsim

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

// deviceSettings are the fifty settings that a device may read, as a real pretix answered for an event in which nobody had
// changed any.
//
//go:embed settings_device.json
var deviceSettings []byte

// settingsDetail: a team sees some 120 more, which nothing here reads.
func (c *call) settingsDetail() reply {
	if c.who.device == nil {
		return c.notSimulated("settings for a team")
	}
	var settings object
	if err := json.Unmarshal(deviceSettings, &settings); err != nil {
		c.problem("settings: %v", err)
		return serverError()
	}
	settings["locale"] = c.event.Locale
	return jsonReply(http.StatusOK, settings)
}

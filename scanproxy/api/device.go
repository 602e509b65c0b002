package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// initializeRequest is what an app sends once, after it has read the QR code. Source: wire 1.4.
type initializeRequest struct {
	Token *string `json:"token"`
	hardware
}

type hardware struct {
	HardwareBrand   string `json:"hardware_brand"`
	HardwareModel   string `json:"hardware_model"`
	OSName          string `json:"os_name"`
	OSVersion       string `json:"os_version"`
	SoftwareBrand   string `json:"software_brand"`
	SoftwareVersion string `json:"software_version"`
}

// longestHardware is what pretix keeps of each.
const longestHardware = 190

func (h hardware) kept() scanproxy.Hardware {
	short := func(s string) string {
		if runes := []rune(strings.TrimSpace(s)); len(runes) > longestHardware {
			return string(runes[:longestHardware])
		}
		return strings.TrimSpace(s)
	}
	return scanproxy.Hardware{
		HardwareBrand: short(h.HardwareBrand), HardwareModel: short(h.HardwareModel),
		OSName: short(h.OSName), OSVersion: short(h.OSVersion),
		SoftwareBrand: short(h.SoftwareBrand), SoftwareVersion: short(h.SoftwareVersion),
	}
}

// missing names the fields that pretix, too, insists on.
func (h hardware) missing() map[string][]string {
	wrong := map[string][]string{}
	for field, value := range map[string]string{
		"hardware_brand": h.HardwareBrand, "hardware_model": h.HardwareModel,
		"software_brand": h.SoftwareBrand, "software_version": h.SoftwareVersion,
	} {
		if strings.TrimSpace(value) == "" {
			wrong[field] = []string{"This field is required."}
		}
	}
	return wrong
}

// deviceAnswer describes a device. Source: wire 1.5, 3.4, proxy 1.4.
type deviceAnswer struct {
	Organizer       string      `json:"organizer"`
	DeviceID        int64       `json:"device_id"`
	UniqueSerial    string      `json:"unique_serial"`
	APIToken        string      `json:"api_token"`
	Name            string      `json:"name"`
	SecurityProfile string      `json:"security_profile"`
	Gate            *gateAnswer `json:"gate"`
}

type gateAnswer struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// profile lets apps search and sync; what they may not do is for us to refuse.
const profile = "pretixscan"

func (s *Server) newDeviceAnswer(d scanproxy.Device, token scanproxy.Token) deviceAnswer {
	a := deviceAnswer{
		Organizer: s.Upstream().Organizer, DeviceID: d.ID, UniqueSerial: d.Serial, APIToken: token.Reveal(),
		Name: d.Name, SecurityProfile: profile,
	}
	if d.Gate != 0 {
		a.Gate = &gateAnswer{ID: d.Gate, Name: d.GateName}
	}
	return a
}

// initialize gives a device its API token.
//
//	POST /api/v1/device/initialize {"token": "proxy=…", "hardware_brand": …}
//	-> 200 deviceAnswer; 400 {"token": ["…"]}: the app shows every text in it. Source: wire 1.5.
func (s *Server) initialize(c *gin.Context) {
	var r initializeRequest
	if err := readJSON(c, &r); err != nil {
		badRequest(c, err.Error())
		return
	}
	if s.Upstream().Organizer == "" {
		refuse(c, http.StatusServiceUnavailable, s.words().NotConnected)
		return
	}
	wrong := r.missing()
	init := strings.TrimSpace(orEmpty(r.Token)) // a phone's keyboard puts a blank behind what was typed
	if init == "" {
		wrong["token"] = []string{"This field is required."}
	}
	if len(wrong) > 0 {
		writeJSON(c, http.StatusBadRequest, wrong)
		return
	}
	d, token, err := s.Devices.Initialize(c.Request.Context(), scanproxy.Token(init), r.kept())
	if sentence, refused := s.words().initRefusal(err); refused {
		s.Log.WarnContext(c.Request.Context(), "device refused", "because", err)
		writeJSON(c, http.StatusBadRequest, map[string][]string{"token": {sentence}})
		return
	}
	if err != nil {
		s.fail(c, "device not initialized", err)
		return
	}
	s.Log.InfoContext(c.Request.Context(), "device initialized", "device", d.ID, "name", d.Name, "brand", d.Brand)
	ok(c, s.newDeviceAnswer(d, token))
}

// initRefusal says, as pretix does, what is wrong with an initialization token.
func (p phrases) initRefusal(err error) (string, bool) {
	switch {
	case errors.Is(err, scanproxy.ErrInitUnknown):
		return p.InitUnknown, true
	case errors.Is(err, scanproxy.ErrInitUsed):
		return p.InitUsed, true
	case errors.Is(err, scanproxy.ErrInitExpired):
		return p.InitExpired, true
	case errors.Is(err, scanproxy.ErrInitRevoked):
		return p.InitRevoked, true
	}
	return "", false
}

// deviceInfo is asked at the beginning of every synchronisation.
//
//	GET /api/v1/device/info -> 200 {"device": deviceAnswer, "server": {"version": versionAnswer}, "medium_key_sets": []}
func (s *Server) deviceInfo(c *gin.Context) {
	d := device(c)
	if err := s.Devices.See(c.Request.Context(), d.ID); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "device not seen", "device", d.ID, "error", err)
	}
	_, token := credentials(c)
	ok(c, gin.H{
		"device":          s.newDeviceAnswer(d, token), // its own, which it has just sent
		"server":          gin.H{"version": s.newVersionAnswer()},
		"medium_key_sets": []any{}, // encrypted media are read by pretix itself only
	})
}

// deviceUpdate is sent after an app was upgraded. What it leaves out stays as it was.
//
//	POST /api/v1/device/update {"hardware_brand": …} -> 200 deviceAnswer
func (s *Server) deviceUpdate(c *gin.Context) {
	var r hardware
	if err := readJSON(c, &r); err != nil {
		badRequest(c, err.Error())
		return
	}
	d := device(c)
	if err := s.Devices.Update(c.Request.Context(), d.ID, r.kept()); err != nil {
		s.fail(c, "device not updated", err)
		return
	}
	_, token := credentials(c)
	ok(c, s.newDeviceAnswer(d, token))
}

// eventSelection says that the device shall stay where it is: somebody has chosen its list by hand. Repeating the
// selection would make Desktop switch for ever. Source: wire 3.5.
func eventSelection(c *gin.Context) { c.Status(http.StatusNotModified) }

package bbb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// Create describes a meeting to start. Passwords are never sent: without them
// a second Create of a running meeting is harmless.
type Create struct {
	Name      string // 2 to 256 characters after CleanName
	MeetingID string // 2 to 256 characters, no comma

	Record              bool // a moderator may record; always sent
	NotifyRecordingIsOn bool // dialog for everybody when a recording starts (2.6)
	MuteOnStart         bool
	HideUserList        bool // viewers see only moderators
	GuestPolicy         string
	MaxParticipants     int // 0: no limit
	DurationMinutes     int // 0: no limit
	Welcome             string
	LogoutURL           string  // where clients go after leaving
	Meta                []Param // {"room", "a12"} is sent as meta_room=a12; BBB returns names in lower case
	Extra               []Param // anything else, sent as it is
}

// Created is BBB's answer to Create.
type Created struct {
	MeetingID         string
	InternalMeetingID string
	CreateTime        int64 // epoch milliseconds, of the old instance if Duplicate
	HasUserJoined     bool
	Duplicate         bool // it existed already; every other parameter was ignored
}

// Create starts a meeting, or finds it if it exists (Duplicate). BBB removes a
// meeting that nobody enters within 5 minutes.
func (c *Client) Create(ctx context.Context, m Create) (Created, error) {
	params, err := m.params()
	if err != nil {
		return Created{}, fmt.Errorf("bbb create: %w", err)
	}
	reply, err := c.call(ctx, "create", params)
	if err != nil {
		return Created{}, err
	}
	created := Created{
		MeetingID:         reply.Meeting.MeetingID,
		InternalMeetingID: reply.Meeting.InternalMeetingID,
		CreateTime:        reply.Meeting.CreateTime,
		HasUserJoined:     reply.Meeting.HasUserJoined,
		Duplicate:         reply.MessageKey == KeyDuplicateWarning,
	}
	if created.MeetingID != m.MeetingID || created.CreateTime <= 0 {
		return Created{}, incomplete("create", "meetingID or createTime")
	}
	return created, nil
}

// metaName is what BBB can write back as an element name.
var metaName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

func (m Create) params() ([]Param, error) {
	name := CleanName(m.Name)
	if utf8.RuneCountInString(name) < 2 {
		return nil, errors.New("the name must have at least 2 characters")
	}
	if err := checkMeetingID(m.MeetingID); err != nil {
		return nil, err
	}
	params := []Param{
		{"name", name},
		{"meetingID", m.MeetingID},
		{"record", strconv.FormatBool(m.Record)},
	}
	params = appendIfTrue(params, "notifyRecordingIsOn", m.NotifyRecordingIsOn)
	params = appendIfTrue(params, "muteOnStart", m.MuteOnStart)
	params = appendIfTrue(params, "lockSettingsHideUserList", m.HideUserList)
	params = appendIfSet(params, "guestPolicy", m.GuestPolicy)
	params = appendIfPositive(params, "maxParticipants", m.MaxParticipants)
	params = appendIfPositive(params, "duration", m.DurationMinutes)
	params = appendIfSet(params, "welcome", m.Welcome)
	params = appendIfSet(params, "logoutURL", m.LogoutURL)
	for _, meta := range m.Meta {
		if !metaName.MatchString(meta.Name) {
			return nil, fmt.Errorf("meta name %q would break BBB's replies", meta.Name)
		}
		params = append(params, Param{"meta_" + meta.Name, meta.Value})
	}
	return append(params, m.Extra...), nil
}

func appendIfTrue(params []Param, name string, value bool) []Param {
	if !value {
		return params
	}
	return append(params, Param{name, "true"})
}

func appendIfPositive(params []Param, name string, value int) []Param {
	if value <= 0 {
		return params
	}
	return append(params, Param{name, strconv.Itoa(value)})
}

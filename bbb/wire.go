package bbb

import (
	"encoding/xml"
	"errors"
	"strings"
)

// wireReply is the XML document. Pointers and slices tell absent from empty.
//
//	<response><returncode>SUCCESS|FAILED</returncode>…</response>
type wireReply struct {
	XMLName     xml.Name     `xml:"response"`
	ReturnCodes []string     `xml:"returncode"`
	MessageKey  string       `xml:"messageKey"`
	Message     string       `xml:"message"`
	Errors      []ReplyError `xml:"errors>error"`

	Version    string `xml:"version"`
	BBBVersion string `xml:"bbbVersion"`

	wireMeeting
	Meetings []wireMeeting `xml:"meetings>meeting"`

	GuestStatus  string     `xml:"guestStatus"`
	SessionToken string     `xml:"session_token"`
	Recordings   []struct{} `xml:"recordings>recording"`
	HookID       string     `xml:"hookID"`
	HookIDs      []string   `xml:"hooks>hook>hookID"`
}

// wireMeeting is a meeting inside a reply; times in epoch milliseconds.
type wireMeeting struct {
	Name                 string         `xml:"meetingName"`
	MeetingID            string         `xml:"meetingID"`
	InternalMeetingID    string         `xml:"internalMeetingID"`
	CreateTime           int64          `xml:"createTime"`
	Running              *flag          `xml:"running"`
	Recording            bool           `xml:"recording"`
	HasBeenForciblyEnded *flag          `xml:"hasBeenForciblyEnded"`
	HasUserJoined        bool           `xml:"hasUserJoined"`
	IsBreakout           bool           `xml:"isBreakout"`
	ParticipantCount     int            `xml:"participantCount"`
	ModeratorCount       int            `xml:"moderatorCount"`
	MaxUsers             int            `xml:"maxUsers"`
	StartTime            int64          `xml:"startTime"`
	EndTime              int64          `xml:"endTime"`
	Attendees            *wireAttendees `xml:"attendees"`
	Metadata             pairs          `xml:"metadata"`
	Breakouts            []wireBreakout `xml:"breakoutRooms>breakout"`
}

type wireBreakout struct{}

// flag is a boolean that decides something: it must say true or false, where
// encoding/xml would read an empty element as false.
type flag bool

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *flag) UnmarshalText(text []byte) error {
	switch strings.ToLower(strings.TrimSpace(string(text))) {
	case "true":
		*f = true
	case "false":
		*f = false
	default:
		return errUnexpected
	}
	return nil
}

// set reads an absent flag as false.
func (f *flag) set() bool { return f != nil && bool(*f) }

type wireAttendees struct {
	List []wireAttendee `xml:"attendee"`
}

type wireAttendee struct {
	UserID         string `xml:"userID"`
	FullName       string `xml:"fullName"`
	Role           string `xml:"role"`
	Presenter      bool   `xml:"isPresenter"`
	ListeningOnly  bool   `xml:"isListeningOnly"`
	HasJoinedVoice bool   `xml:"hasJoinedVoice"`
	HasVideo       bool   `xml:"hasVideo"`
	ClientType     string `xml:"clientType"`
	CustomData     pairs  `xml:"customdata"`
}

// pairs reads an element whose children's names are chosen by people.
type pairs map[string]string

// UnmarshalXML implements xml.Unmarshaler.
func (p *pairs) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			var value string
			if err := d.DecodeElement(&value, &t); err != nil {
				return err
			}
			if *p == nil {
				*p = pairs{}
			}
			(*p)[t.Name.Local] = value
		}
	}
}

// seen remembers which parts of a getMeetingInfo reply were there.
type seen struct {
	meetingID, createTime, running, ended, attendees, userIDs bool
}

// missing names the first part that we cannot decide without, or "".
func (s seen) missing() string {
	switch {
	case !s.meetingID:
		return "meetingID"
	case !s.createTime:
		return "createTime"
	case !s.running:
		return "running"
	case !s.ended:
		return "hasBeenForciblyEnded"
	case !s.attendees:
		return "attendees"
	case !s.userIDs:
		return "an attendee's userID"
	}
	return ""
}

func (w wireReply) reply() (Reply, error) {
	if len(w.ReturnCodes) != 1 {
		return Reply{}, errors.New("not exactly one returncode")
	}
	reply := Reply{
		ReturnCode:   strings.TrimSpace(w.ReturnCodes[0]),
		MessageKey:   strings.TrimSpace(w.MessageKey),
		Message:      w.Message,
		Errors:       w.Errors,
		Version:      w.Version,
		BBBVersion:   w.BBBVersion,
		Meeting:      w.meeting(),
		GuestStatus:  w.GuestStatus,
		SessionToken: Secret(w.SessionToken),
		Recordings:   len(w.Recordings),
		HookID:       w.HookID,
		HookIDs:      w.HookIDs,
		info:         w.seen(),
	}
	if !reply.Success() && !strings.EqualFold(reply.ReturnCode, "FAILED") {
		return Reply{}, errors.New("returncode is neither SUCCESS nor FAILED")
	}
	for _, m := range w.Meetings {
		reply.Meetings = append(reply.Meetings, m.meeting())
	}
	return reply, nil
}

func (w wireMeeting) meeting() Meeting {
	m := Meeting{
		Name:                 w.Name,
		MeetingID:            w.MeetingID,
		InternalMeetingID:    w.InternalMeetingID,
		CreateTime:           w.CreateTime,
		Running:              w.Running.set(),
		Recording:            w.Recording,
		HasBeenForciblyEnded: w.HasBeenForciblyEnded.set(),
		HasUserJoined:        w.HasUserJoined,
		IsBreakout:           w.IsBreakout,
		ParticipantCount:     w.ParticipantCount,
		ModeratorCount:       w.ModeratorCount,
		MaxUsers:             w.MaxUsers,
		StartTime:            w.StartTime,
		EndTime:              w.EndTime,
		Metadata:             w.Metadata,
		Breakouts:            len(w.Breakouts),
	}
	if w.Attendees == nil {
		return m
	}
	for _, a := range w.Attendees.List {
		m.Attendees = append(m.Attendees, a.attendee())
	}
	return m
}

func (w wireAttendee) attendee() Attendee {
	return Attendee{
		UserID:         w.UserID,
		FullName:       w.FullName,
		Role:           Role(strings.ToUpper(w.Role)),
		Presenter:      w.Presenter,
		ListeningOnly:  w.ListeningOnly,
		HasJoinedVoice: w.HasJoinedVoice,
		HasVideo:       w.HasVideo,
		ClientType:     w.ClientType,
		CustomData:     w.CustomData,
	}
}

func (w wireMeeting) seen() seen {
	s := seen{
		meetingID:  w.MeetingID != "",
		createTime: w.CreateTime > 0,
		running:    w.Running != nil,
		ended:      w.HasBeenForciblyEnded != nil,
		attendees:  w.Attendees != nil,
		userIDs:    true,
	}
	if w.Attendees == nil {
		return s
	}
	for _, a := range w.Attendees.List {
		s.userIDs = s.userIDs && a.UserID != ""
	}
	return s
}

package bbb

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Join describes one person's way into one instance of a meeting.
type Join struct {
	MeetingID  string
	CreateTime int64  // epoch milliseconds, from Meeting or Created; binds the link to that instance
	FullName   string // as shown in the room; cleaned with CleanName
	UserID     string // how Meeting.Present finds the person again
	Role       Role   // zero value: Viewer
	Guest      bool   // always sent: left out, it is not the same as false under ASK_MODERATOR

	ErrorRedirectURL string  // where BBB sends a person whom it refuses (2.7 and later)
	LogoutURL        string  // where BBB sends a person who leaves (3.0 and later)
	UserData         []Param // {"bbb_record_video", "false"} is sent as userdata-bbb_record_video=false
}

// JoinURL returns the signed link for one person. Pure: BBB is not asked, and
// refuses through ErrorRedirectURL when the link is followed. The link has no
// expiry but the meeting's end, and merely fetching it registers the person;
// give it out as a redirect that answers a POST, never in a page or a mail.
// An error means invalid input, never trouble with the server.
func (c *Client) JoinURL(j Join) (JoinURL, error) {
	params, err := j.params()
	if err != nil {
		return "", fmt.Errorf("bbb join link: %w", err)
	}
	return JoinURL(c.BaseURL() + "/join?" + c.sign("join", encodeQuery(params))), nil
}

// userDataName is what may follow "userdata-": BBB writes it into its replies
// as an element name, where anything else breaks the whole document.
var userDataName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)

// params validates the input and lists the parameters in their fixed order.
func (j Join) params() ([]Param, error) {
	name := CleanName(j.FullName)
	role, roleErr := j.Role.orViewer()
	switch {
	case name == "":
		return nil, errors.New("the name is empty")
	case j.UserID == "" || CleanName(j.UserID) != j.UserID:
		return nil, errors.New("the userID is empty or holds characters that BBB would change")
	case j.CreateTime <= 0:
		return nil, errors.New("createTime is missing, the link would fit every later meeting too")
	case roleErr != nil:
		return nil, roleErr
	}
	if err := checkMeetingID(j.MeetingID); err != nil {
		return nil, err
	}
	params := []Param{
		{"fullName", name},
		{"meetingID", j.MeetingID},
		{"role", string(role)},
		{"userID", j.UserID},
		{"createTime", strconv.FormatInt(j.CreateTime, 10)},
		{"guest", strconv.FormatBool(j.Guest)},
		{"redirect", "true"},
	}
	params = appendIfSet(params, "errorRedirectUrl", j.ErrorRedirectURL)
	params = appendIfSet(params, "logoutURL", j.LogoutURL)
	for _, data := range j.UserData {
		if !userDataName.MatchString(data.Name) {
			return nil, fmt.Errorf("userdata name %q would break BBB's replies", data.Name)
		}
		params = append(params, Param{"userdata-" + data.Name, data.Value})
	}
	return params, nil
}

func (r Role) orViewer() (Role, error) {
	switch r {
	case "", Viewer:
		return Viewer, nil
	case Moderator:
		return Moderator, nil
	}
	return "", fmt.Errorf("unknown role %q", string(r))
}

func appendIfSet(params []Param, name, value string) []Param {
	if value == "" {
		return params
	}
	return append(params, Param{name, value})
}

// checkMeetingID applies BBB's own limits: 2 to 256 characters, no comma; and
// no control characters or blanks at the ends, which BBB would strip.
func checkMeetingID(id string) error {
	n := utf8.RuneCountInString(id)
	if n < 2 || n > 256 || !utf8.ValidString(id) {
		return errors.New("the meetingID must have 2 to 256 characters")
	}
	if strings.Contains(id, ",") || strings.ContainsFunc(id, isStripped) || strings.TrimSpace(id) != id {
		return errors.New("the meetingID holds a comma, a control character or blanks at its ends")
	}
	return nil
}

func isStripped(r rune) bool { return r < ' ' || r == 0x7f || !isXMLChar(r) }

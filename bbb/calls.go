package bbb

import (
	"context"
	"errors"
	"fmt"
)

// MeetingInfo asks for one meeting: one getMeetingInfo, which tells at once
// whether it exists, is open, and who is inside. A meeting that does not exist
// is an *Error of class NotRunning; an answer that lacks any of what we decide
// by is Unavailable, never a meeting without people.
func (c *Client) MeetingInfo(ctx context.Context, meetingID string) (Meeting, error) {
	const call = "getMeetingInfo"
	if err := checkMeetingID(meetingID); err != nil {
		return Meeting{}, fmt.Errorf("bbb %s: %w", call, err)
	}
	reply, err := c.call(ctx, call, []Param{{"meetingID", meetingID}})
	if err != nil {
		return Meeting{}, err
	}
	if missing := reply.info.missing(); missing != "" {
		return Meeting{}, incomplete(call, missing)
	}
	if reply.Meeting.MeetingID != meetingID {
		return Meeting{}, incomplete(call, "the meeting that was asked for")
	}
	return reply.Meeting, nil
}

// Meetings lists every meeting of the server, with names: for operators, once
// per poll. Some balancers answer from a cache or always with an empty list.
func (c *Client) Meetings(ctx context.Context) ([]Meeting, error) {
	reply, err := c.call(ctx, "getMeetings", nil)
	if err != nil {
		return nil, err
	}
	return reply.Meetings, nil
}

// End asks BBB to end a meeting and returns before it has: MeetingInfo answers
// NotRunning some seconds later. A meeting that is gone already is NotRunning.
func (c *Client) End(ctx context.Context, meetingID string) error {
	if err := checkMeetingID(meetingID); err != nil {
		return fmt.Errorf("bbb end: %w", err)
	}
	_, err := c.call(ctx, "end", []Param{{"meetingID", meetingID}})
	return err
}

// Version is what a server tells without a checksum.
type Version struct {
	Version string // "2.0" on every release: tells nothing
	BBB     string // e.g. "3.0.22"; empty unless the server allows it
}

// Version asks whether a BBB answers at all. It needs no secret and proves
// none: use Meetings to test that.
func (c *Client) Version(ctx context.Context) (Version, error) {
	reply, err := c.send(ctx, "", "")
	if err != nil {
		return Version{}, err
	}
	if reply.Version == "" {
		return Version{}, incomplete("version", "version")
	}
	return Version{Version: reply.Version, BBB: reply.BBBVersion}, nil
}

// incomplete reports a readable SUCCESS without something we need.
func incomplete(call, what string) *Error {
	return &Error{Class: Unavailable, Call: call, err: errors.New("the reply lacks " + what)}
}

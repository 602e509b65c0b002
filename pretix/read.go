package pretix

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// codePattern is what an order code looks like.
var codePattern = regexp.MustCompile(`^[A-Z0-9]{1,16}$`)

// unneeded are the parts of an order that nobody here reads: costly ones, and personal data that need not travel.
// Fields are excluded by name, never included by name, so that what a later version adds arrives.
//
// pretix answers an unknown field of a position with a server error (seen with positions.pdf_data, which exists only when
// asked for; KeyError in its serializer) but ignores an unknown field of an order. So only fields that positions have had
// for years may stand here: print_logs and plugin_data would lock out older servers.
var unneeded = []string{
	"secret", "email", "phone", "customer", "comment", "fees", "invoice_address", "payments", "refunds", "downloads",
	"plugin_data", "api_meta",
	"positions.attendee_email", "positions.company", "positions.street", "positions.zipcode", "positions.city",
	"positions.country", "positions.state", "positions.downloads",
}

// Order reads one order, canceled positions included. The code may be in lower case. It is never cached.
//
// Errors: NotFound for an unknown code, also for a text that cannot be one.
func (c *Client) Order(ctx context.Context, event, code string) (Order, error) {
	code = upperASCII(code)
	if !codePattern.MatchString(code) {
		return Order{}, &Error{Class: NotFound, Call: "order", Detail: "not an order code"}
	}
	path, err := c.in(event, "order", "orders/"+code+"/")
	if err != nil {
		return Order{}, err
	}
	var o Order
	err = c.get(ctx, "order", path, url.Values{"include_canceled_positions": {"true"}, "exclude": unneeded}, &o)
	return o, err
}

// Event reads one event.
func (c *Client) Event(ctx context.Context, slug string) (Event, error) {
	path, err := c.in(slug, "event", "")
	if err != nil {
		return Event{}, err
	}
	var e Event
	err = c.get(ctx, "event", path, nil, &e)
	return e, err
}

// Events lists the events that the token may see, without their ValidKeys.
func (c *Client) Events(ctx context.Context) ([]Event, error) {
	return list[Event](ctx, c, "events", c.of("events/"), nil)
}

// SubEvent reads one date of a series.
func (c *Client) SubEvent(ctx context.Context, event string, id int64) (SubEvent, error) {
	path, err := c.in(event, "date", "subevents/"+strconv.FormatInt(id, 10)+"/")
	if err != nil {
		return SubEvent{}, err
	}
	var s SubEvent
	err = c.get(ctx, "date", path, nil, &s)
	return s, err
}

// SubEventFilter chooses dates; the zero value takes all.
type SubEventFilter struct {
	EndsAfter time.Time // a date without an end counts by its start
	Active    *bool
}

// SubEvents lists dates by start.
func (c *Client) SubEvents(ctx context.Context, event string, f SubEventFilter) ([]SubEvent, error) {
	query := url.Values{}
	if !f.EndsAfter.IsZero() {
		query.Set("ends_after", f.EndsAfter.UTC().Format(time.RFC3339))
	}
	if f.Active != nil {
		query.Set("active", strconv.FormatBool(*f.Active))
	}
	return listIn[SubEvent](ctx, c, event, "dates", "subevents/", query)
}

// CheckinLists lists the check-in lists of an event.
func (c *Client) CheckinLists(ctx context.Context, event string) ([]CheckinList, error) {
	return listIn[CheckinList](ctx, c, event, "check-in lists", "checkinlists/", nil)
}

// Questions lists the questions of an event.
func (c *Client) Questions(ctx context.Context, event string) ([]Question, error) {
	return listIn[Question](ctx, c, event, "questions", "questions/", nil)
}

// Items lists the products of an event.
func (c *Client) Items(ctx context.Context, event string) ([]Item, error) {
	return listIn[Item](ctx, c, event, "items", "items/", nil)
}

// MetaProperties lists the names that meta data may use, with their defaults.
func (c *Client) MetaProperties(ctx context.Context) ([]MetaProperty, error) {
	return list[MetaProperty](ctx, c, "meta properties", c.of("event_meta_properties/"), nil)
}

// Version asks the server for its version. It also tells whether the token is known at all.
func (c *Client) Version(ctx context.Context) (Version, error) {
	var v Version
	err := c.get(ctx, "version", "version", nil, &v) // this path has no trailing slash
	return v, err
}

// of returns a path within the organizer.
func (c *Client) of(rest string) string { return "organizers/" + c.organizer + "/" + rest }

// in returns a path within an event, whose slug may come from outside.
func (c *Client) in(event, call, rest string) (string, error) {
	if !slugPattern.MatchString(event) {
		return "", &Error{Class: Invalid, Call: call, Detail: "not the slug of an event"}
	}
	return c.of("events/" + event + "/" + rest), nil
}

func listIn[T any](ctx context.Context, c *Client, event, name, rest string, query url.Values) ([]T, error) {
	path, err := c.in(event, name, rest)
	if err != nil {
		return nil, err
	}
	return list[T](ctx, c, name, path, query)
}

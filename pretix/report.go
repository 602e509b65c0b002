package pretix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// FailedCheckin is a refusal that a scanner spoke by itself, for pretix' records.
type FailedCheckin struct {
	Event  string // slug
	List   int64
	Reason string // one of the Reason constants
	// Barcode is what was read: a ticket's secret, or whatever it was. Text with control characters goes as "binary:" and
	// base64.
	Barcode TicketSecret
	Type    string // Entry (also "") or Exit
	At      time.Time
	Nonce   string // the same nonce again is not stored again
	// Position is 0 when no ticket was found. The others are what a signed code says, 0: nothing.
	Position, RawItem, RawVariation, RawSubEvent int64
}

// ReportFailed stores a refused scan at pretix. Without OutcomeUnknown in the error it was not stored.
//
//	POST checkinlists/{list}/failed_checkins/ -> 201 {…}; 400 {"field": ["…"]}
func (c *Client) ReportFailed(ctx context.Context, f FailedCheckin) error {
	const name = "report"
	path, err := c.in(f.Event, name, fmt.Sprintf("checkinlists/%d/failed_checkins/", f.List))
	if err != nil {
		return err
	}
	err = c.report(ctx, call{name: name, method: http.MethodPost, path: path, body: f.wire(), key: f.Nonce})
	if failed, ok := errors.AsType[*Error](err); ok {
		failed.Detail = hide(failed.Detail, f.Barcode.Reveal())
	}
	return err
}

// PrintLog passes on what a scanner says about a badge that it printed. body is a JSON object, key makes a repeat harmless.
//
//	POST orderpositions/{id}/printlog/ -> 201 {…}; 400 {"field": ["…"]}; 404
func (c *Client) PrintLog(ctx context.Context, event string, position int64, body json.RawMessage, key string) error {
	const name = "print log"
	path, err := c.in(event, name, fmt.Sprintf("orderpositions/%d/printlog/", position))
	if err != nil {
		return err
	}
	return c.report(ctx, call{name: name, method: http.MethodPost, path: path, body: body, key: key})
}

// report sends what pretix only has to take.
func (c *Client) report(ctx context.Context, what call) error {
	got, err := c.send(ctx, what)
	if err != nil {
		return err
	}
	if got.status < 200 || got.status > 299 || !isJSON(got.header) {
		return what.failed(got)
	}
	return nil
}

// wire is the report as it travels. Zero ids must be absent: pretix looks them up.
func (f FailedCheckin) wire() map[string]any {
	body := map[string]any{
		"error_reason": f.Reason, "raw_barcode": f.Barcode.Reveal(), "type": orDefault(f.Type, Entry),
		"datetime": f.At.Format(microseconds),
	}
	if f.Nonce != "" {
		body["nonce"] = f.Nonce
	}
	for field, id := range map[string]int64{
		"position": f.Position, "raw_item": f.RawItem, "raw_variation": f.RawVariation, "raw_subevent": f.RawSubEvent,
	} {
		if id != 0 {
			body[field] = id
		}
	}
	return body
}

package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/einlass/einlass/scanproxy"
)

// orderRow is an order as it is kept: what a check reasons about, and around its positions the JSON as pretix sent it.
type orderRow struct {
	event   string
	header  scanproxy.Order
	tickets []scanproxy.Ticket // each with its own JSON
	digest  int64
	head    []byte // up to the bracket that opens the positions
	tail    []byte // from the bracket that closes them
}

var errNoCode = errors.New("it has no code")

// readOrder takes an order apart. event: where it is sold.
func readOrder(event string, raw json.RawMessage) (o orderRow, err error) {
	o = orderRow{event: event, digest: digest(raw)}
	if o.tickets, err = scanproxy.DecodeOrder(event, raw); err != nil {
		return orderRow{}, err
	}
	if o.header, err = readHeader(raw, o.tickets); err != nil {
		return orderRow{}, err
	}
	if o.header.Code == "" {
		return orderRow{}, errNoCode
	}
	o.head, o.tail, err = split(raw, o.tickets)
	return o, err
}

// split returns what stands before and after the positions. An order without positions is all head.
func split(raw []byte, tickets []scanproxy.Ticket) (head, tail []byte, err error) {
	if len(tickets) == 0 {
		return raw, nil, nil
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	if _, err := in.Token(); err != nil {
		return nil, nil, err
	}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return nil, nil, err
		}
		begins := in.InputOffset()
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return nil, nil, err
		}
		key, _ := name.(string)
		if !strings.EqualFold(key, "positions") || value[0] != '[' { // as package json takes names
			continue
		}
		bracket := begins + int64(bytes.IndexByte(raw[begins:], '['))
		head, tail = raw[:bracket+1], raw[in.InputOffset()-1:] // of two, package json takes the last one
	}
	return head, tail, nil
}

// join puts an order together again, as pretix sent it but for blanks between its positions.
func join(head, tail []byte, positions [][]byte) json.RawMessage {
	if len(tail) == 0 {
		return head
	}
	whole := append([]byte{}, head...)
	whole = append(whole, bytes.Join(positions, []byte(","))...)
	return append(whole, tail...)
}

// olderThan says whether pretix changed this order before it changed the other version of it. Of one instant, or where
// either does not say when, it is not older.
func (o orderRow) olderThan(head, tail []byte) bool {
	at, other := modified(o.head, o.tail), modified(head, tail)
	return !at.IsZero() && at.Before(other)
}

const (
	clocksDiffer = time.Minute      // of the servers of one pretix
	longestWay   = 10 * time.Minute // of a page from pretix into the copy
)

// mayBeLate says whether a page that pretix made then can have been under way while an order was changed at that time. If
// not, it is pretix that has gone back: it was restored from a backup, or its clock was put right.
func mayBeLate(made, changed time.Time) bool {
	return made.IsZero() || !changed.Before(made.Add(-clocksDiffer)) && !changed.After(made.Add(longestWay))
}

// modified is when pretix changed an order last; zero where it does not say.
func modified(head, tail []byte) time.Time {
	var o struct {
		At time.Time `json:"last_modified"`
	}
	if json.Unmarshal(join(head, tail, nil), &o) != nil {
		return time.Time{}
	}
	return o.At
}

func digest(raw []byte) int64 {
	h := fnv.New64a()
	_, _ = h.Write(raw) // a hash never fails
	return int64(h.Sum64())
}

// secretStartLength is how much of a secret the search compares in the database; the rest is compared afterwards.
const secretStartLength = 16 // characters

func secretStart(secret string) string { return start(strings.ToUpper(secret), secretStartLength) }

// start returns the first n characters.
func start(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n])
}

// searchText is what a search looks into, in upper case. The line breaks keep a query from matching across two of them.
func searchText(t scanproxy.Ticket) string {
	return strings.ToUpper(t.AttendeeName + "\n" + t.AttendeeEmail + "\n" + t.Order.Email)
}

// readHeader returns the order of the tickets; an order without any is decoded as if it had one.
func readHeader(raw []byte, tickets []scanproxy.Ticket) (scanproxy.Order, error) {
	if len(tickets) > 0 {
		return tickets[0].Order, nil
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		return scanproxy.Order{}, err
	}
	if whole == nil {
		return scanproxy.Order{}, errors.New("an order is null")
	}
	whole["positions"] = json.RawMessage(`[{}]`)
	filled, err := json.Marshal(whole)
	if err != nil {
		return scanproxy.Order{}, err
	}
	one, err := scanproxy.DecodeOrder("", filled)
	if err != nil {
		return scanproxy.Order{}, err
	}
	return one[0].Order, nil
}

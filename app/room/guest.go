package room

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"github.com/einlass/einlass/bbb"
)

// Guest is one visit to a room's participant link without a ticket, as the browser sends it.
type Guest struct {
	Room     string // slug
	Browser  string // id of the browser, from its signed cookie
	Name     string
	Callsign string
	Code     string // what was typed as access code
	Consent  string // "yes", "no", or "" while unanswered
	Language string // "de", "en"
	Notice   string // version of the consent notice in force
}

// LookRoom answers a fetched participant link. Rooms for ticket holders answer TicketNeeded with the room, which is
// shown with its dates; the others answer Confirm while they are open, else Wait.
func (b *Bridge) LookRoom(ctx context.Context, g Guest) (Admission, error) {
	return b.walk(ctx, g.visit(), g.findRoom, g.needsTicket, (*entry).roomOpen, (*entry).confirm)
}

// EnterRoom answers the form of a room that is open to all or to those who know its code. Confirm: name or consent is
// missing.
func (b *Bridge) EnterRoom(ctx context.Context, g Guest) (Admission, error) {
	return b.walk(ctx, g.visit(), g.findRoom, g.needsTicket, g.knowsCode, (*entry).roomOpenNow, g.answered,
		(*entry).consentSuffices, g.join)
}

func (g Guest) visit() Visit {
	return Visit{Browser: g.Browser, Name: g.Name, Language: g.Language, Notice: g.Notice}
}

func (g Guest) findRoom(e *entry, ctx context.Context) (*Admission, error) {
	r, err := e.Store.Room(ctx, g.Room)
	if errors.Is(err, ErrNotFound) {
		return e.refuse(RoomUnknown), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read room: %w", err)
	}
	e.room, e.consent, e.shop = r, g.Consent == "yes", r.ShopURL
	return nil, nil
}

func (g Guest) needsTicket(e *entry, _ context.Context) (*Admission, error) {
	if e.room.Access != AccessOpen && e.room.Access != AccessCode {
		return e.refuse(TicketNeeded), nil
	}
	return nil, nil
}

func (g Guest) knowsCode(e *entry, _ context.Context) (*Admission, error) {
	typed := strings.TrimSpace(g.Code)
	if e.room.Access == AccessCode && subtle.ConstantTimeCompare([]byte(typed), []byte(e.room.Code)) != 1 {
		return e.refuse(CodeWrong), nil
	}
	return nil, nil
}

func (g Guest) answered(e *entry, _ context.Context) (*Admission, error) {
	if bbb.CleanName(g.Name) == "" || e.meeting.Recording && g.Consent != "yes" && g.Consent != "no" {
		return e.ready(), nil
	}
	return nil, nil
}

// join gives a guest an id that no position has, and no two visits share.
func (g Guest) join(e *entry, ctx context.Context) (*Admission, error) {
	return e.admit(ctx, FullName(g.Name, g.Callsign), "g-"+rand.Text())
}

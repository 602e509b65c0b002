package room

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// asked sends the form back if something in it is missing: the name, or having read the notice.
func (e *entry) asked(context.Context) (*Admission, error) {
	if !e.named && bbb.CleanName(e.Name) == "" || e.mustRead() && e.Seen != e.Notice {
		return e.ready(), nil
	}
	return nil, nil
}

// lease closes the gap until BBB lists the attendee: of two browsers with the same ticket only one goes on.
func (e *entry) lease(ctx context.Context) (*Admission, error) {
	want := Lease{LeaseKey: e.leaseKey(), Browser: e.Browser, Since: e.now, Until: e.now.Add(e.Rules.Lease)}
	held, taken, err := e.Store.TakeLease(ctx, want, e.now)
	if err != nil {
		return nil, fmt.Errorf("take lease: %w", err)
	}
	if !taken {
		a := e.refuse(LoginUnderWay)
		a.Retry = held.Until.Sub(e.now)
		return a, nil
	}
	e.held = held
	return nil, nil
}

func (e *entry) leaseKey() LeaseKey {
	return LeaseKey{Meeting: e.meeting.InternalMeetingID, UserID: e.userID()}
}

// settleLease ends the lease when the walk did not lead into the room, so that another browser may try at once. After an
// unknown outcome it stays: pretix may have checked the ticket in, and the same browser may try again. A lease that was
// held before this walk stays too: an earlier click is on its way into the room.
func (e *entry) settleLease(ctx context.Context, a Admission, failure error) {
	ours := !e.held.Since.IsZero() && e.held.Since.Equal(e.now.Truncate(time.Microsecond))
	failed, _ := errors.AsType[*pretix.Error](failure)
	if !ours || a.Kind == Admit || failed != nil && failed.OutcomeUnknown {
		return
	}
	// The person may have gone away, the lease must not stay for that.
	if err := e.Store.ReleaseLease(context.WithoutCancel(ctx), e.held.LeaseKey, e.Browser); err != nil {
		e.Log.ErrorContext(ctx, "lease not released", "error", err)
	}
}

// Nonce is what makes a repeated check-in harmless on one day and impossible on another. The day alone would do for
// that, but then pretix could not annul: it finds a check-in by list and nonce only.
func Nonce(day time.Time, position int64) string {
	return day.Format(time.DateOnly) + "/" + strconv.FormatInt(position, 10)
}

// checkIn checks the ticket in at pretix. A lost answer is asked for once more with the same nonce and time, which
// changes nothing if the first request arrived.
func (e *entry) checkIn(ctx context.Context) (*Admission, error) {
	r := pretix.Redeem{
		Secret: e.position.Secret, Lists: []int64{e.list.ID}, Type: pretix.Entry,
		Nonce: Nonce(e.day(e.now), e.position.ID), At: e.now,
		QuestionsSupported: false, // nobody is there to answer
	}
	verdict, err := e.Orders.Redeem(ctx, r)
	if failed, ok := errors.AsType[*pretix.Error](err); ok && failed.OutcomeUnknown && ctx.Err() == nil {
		verdict, err = e.Orders.Redeem(ctx, r)
	}
	if err != nil {
		return nil, fmt.Errorf("check in: %w", err)
	}
	if verdict.Status != pretix.RedeemOK {
		return e.turnedDown(verdict), nil
	}
	return nil, nil
}

// redeemReasons translates what pretix says no with. Not in the table: CheckinRefused.
var redeemReasons = map[string]Reason{
	pretix.ReasonCanceled:    OrderCanceled,
	pretix.ReasonUnpaid:      OrderPending,
	pretix.ReasonUnapproved:  OrderUnapproved,
	pretix.ReasonBlocked:     Blocked,
	pretix.ReasonInvalidTime: NoLongerValid,
	pretix.ReasonProduct:     WrongProduct,
	pretix.ReasonRules:       RulesRefused,
	pretix.ReasonRevoked:     Revoked,
	pretix.ReasonInvalid:     TicketUnknown,
}

// turnedDown turns pretix' no into a refusal, with pretix' explanation where there is one.
func (e *entry) turnedDown(v pretix.Redeemed) *Admission {
	why, known := redeemReasons[v.Reason]
	if !known {
		why = CheckinRefused
	}
	if from := e.position.ValidFrom; why == NoLongerValid && from != nil && e.now.Before(*from) {
		why = NotYetValid
	}
	a := e.refuseValidity(why, e.position)
	if v.Reason == pretix.ReasonAlreadyRedeemed {
		a = e.alreadyRedeemed(v)
	}
	a.Explanation = v.ReasonExplanation
	return a
}

// alreadyRedeemed tells the two apart that pretix has one word for: used on another day, and used today under another
// nonce, which is somebody with a scanner at the same list.
func (e *entry) alreadyRedeemed(v pretix.Redeemed) *Admission {
	if v.Position != nil {
		if day, used := e.usedOtherDay(v.Position.Checkins); used {
			return e.refuseDay(day)
		}
	}
	return e.refuse(UsedToday)
}

// join signs the link into the room and keeps what the person agreed to.
func (e *entry) join(ctx context.Context) (*Admission, error) {
	name := e.position.AttendeeName
	if !e.named {
		name = e.Name
	}
	name = FullName(name, e.Rules.Questions.callsign(e.position))
	return e.admit(ctx, name, e.userID())
}

// admit is the last step of every way in, with a ticket or without.
func (e *entry) admit(ctx context.Context, name, userID string) (*Admission, error) {
	j := joinFor(e.meeting, name, userID, e.consent, e.room.Recording)
	j.ErrorRedirectURL = e.Rules.ErrorURL
	link, err := e.Joiner.JoinURL(j)
	if err != nil {
		return nil, fmt.Errorf("sign join link: %w", err)
	}
	consent := Consent{
		At: e.now, Room: e.room.Slug, Meeting: e.meeting.InternalMeetingID, UserID: userID,
		Given: e.consent, Policy: e.room.Recording, TextVersion: e.Notice, Language: e.Language,
	}
	if err := e.Store.RecordConsent(ctx, consent); err != nil {
		return nil, fmt.Errorf("record consent: %w", err)
	}
	return &Admission{Kind: Admit, Room: e.room, Join: link}, nil
}

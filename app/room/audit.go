package room

import "context"

// audit keeps the decision about a person who tried to enter. That it cannot be kept is no reason to turn anybody away.
func (e *entry) audit(ctx context.Context, a Admission, failure error) {
	if !e.enters || a.Kind != Admit && a.Kind != Refuse {
		return
	}
	row := AuditRow{
		At: e.now, Kind: "entry", Room: e.room.Slug, Order: e.order.Code, Position: e.position.ID,
		Outcome: "admitted", Detail: a.Explanation,
	}
	if a.Kind == Refuse {
		row.Outcome = string(a.Why)
	}
	if failure != nil {
		row.Detail = failure.Error()
	}
	if err := e.Store.RecordAudit(context.WithoutCancel(ctx), row); err != nil {
		e.Log.ErrorContext(ctx, "audit row not kept", "error", err)
	}
}

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/einlass/einlass/scanproxy"
)

// badged is what a badge needs of a position.
type badged struct {
	ID        int64           `json:"id"`
	Secret    string          `json:"secret"`
	Pseudonym string          `json:"pseudonymization_id"`
	Company   string          `json:"company"`
	Email     string          `json:"attendee_email"`
	Name      string          `json:"attendee_name"`
	NameParts map[string]any  `json:"attendee_name_parts"` // "given_name": "Ada"
	PDFData   json.RawMessage `json:"pdf_data"`
}

// withBadge adds what is printed on the badge to the position of a verdict: pretix' texts or, until they are here, those
// that the copy knows. Source: wire 5.4, proxy C8.
func (s *Server) withBadge(ctx context.Context, v scanproxy.Verdict) (json.RawMessage, error) {
	var p badged
	if err := json.Unmarshal(v.Position, &p); err != nil || p.PDFData != nil {
		return v.Position, err
	}
	data, err := s.Badges.BadgeData(ctx, p.ID)
	if err == nil && data == nil {
		data, err = json.Marshal(p.texts(v))
	}
	end := bytes.LastIndexByte(v.Position, '}')
	if err != nil || end < 0 {
		return v.Position, err
	}
	return slices.Concat(v.Position[:end], []byte(`,"pdf_data":`), data, v.Position[end:]), nil
}

// texts are some of those that pretix would make for a badge, under its names.
func (p badged) texts(v scanproxy.Verdict) map[string]any {
	number := strconv.FormatInt(v.PositionID, 10)
	itemvar := v.Ticket
	if v.Variation != "" {
		itemvar += " - " + v.Variation
	}
	texts := map[string]any{
		"secret": p.Secret, "order": v.OrderCode, "positionid": number, "order_positionid": v.OrderCode + "-" + number,
		"item": v.Ticket, "variation": v.Variation, "itemvar": itemvar, "seat": v.Seat, "pseudonymization_id": p.Pseudonym,
		"attendee_name": p.Name, "attendee_company": p.Company, "attendee_email": p.Email,
		"images": map[string]string{},
	}
	for part, value := range p.NameParts {
		if text, isText := value.(string); isText && part != "_scheme" {
			texts["attendee_name_"+part] = text
		}
	}
	return texts
}

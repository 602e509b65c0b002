package api

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
)

// withBadge adds what is printed on the badge to a position, if it is here. Source: wire 5.4, proxy C8.
func (s *Server) withBadge(ctx context.Context, position json.RawMessage) (json.RawMessage, error) {
	var p struct {
		ID      int64           `json:"id"`
		PDFData json.RawMessage `json:"pdf_data"`
	}
	if err := json.Unmarshal(position, &p); err != nil || p.PDFData != nil {
		return position, err
	}
	data, err := s.Badges.BadgeData(ctx, p.ID)
	end := bytes.LastIndexByte(position, '}')
	if err != nil || data == nil || end < 0 {
		return position, err
	}
	return slices.Concat(position[:end], []byte(`,"pdf_data":`), data, position[end:]), nil
}

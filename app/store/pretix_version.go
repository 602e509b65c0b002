package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/einlass/einlass/pretix"
)

// pretixVersion is the name of the row in settings. It is not that of the device: what is learnt each hour must never
// write over a token.
const pretixVersion = "pretix version"

// KeepPretixVersion keeps which release pretix said it is, in place of an earlier one.
func (s *Store) KeepPretixVersion(ctx context.Context, v pretix.Version) error {
	value, err := json.Marshal(v)
	if err == nil {
		err = s.keepSetting(ctx, pretixVersion, value)
	}
	if err != nil {
		return fmt.Errorf("keep version of pretix: %w", err)
	}
	return nil
}

// PretixVersion returns the release that is kept, the zero value if there is none.
func (s *Store) PretixVersion(ctx context.Context) (v pretix.Version, err error) {
	value, known, err := s.setting(ctx, pretixVersion)
	if known {
		err = json.Unmarshal(value, &v)
	}
	if err != nil {
		return v, fmt.Errorf("read version of pretix: %w", err)
	}
	return v, nil
}

package store

import (
	"fmt"
	"strings"
	"time"
)

// bind turns our values into what both engines take alike.
func bind(args []any) []any {
	bound := make([]any, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case time.Time:
			bound[i] = v.UnixMicro()
		case string:
			bound[i] = cleanText(v)
		default:
			bound[i] = arg
		}
	}
	return bound
}

// cleanText replaces what PostgreSQL refuses in text, so that both engines store, and find, the same: a NUL byte in
// some reason from afar must not cost us the audit row.
func cleanText(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\uFFFD")
}

// instant scans microseconds since 1970 into a time in UTC.
type instant struct{ to *time.Time }

// Scan fulfils sql.Scanner.
func (i instant) Scan(stored any) error {
	us, ok := stored.(int64)
	if !ok {
		return fmt.Errorf("an instant is stored as %T, want int64 microseconds", stored)
	}
	*i.to = time.UnixMicro(us).UTC()
	return nil
}

// moment scans an instant that may be missing: 0 becomes the zero time, all else is as for instant.
type moment struct{ to *time.Time }

// Scan fulfils sql.Scanner.
func (m moment) Scan(stored any) error {
	if us, ok := stored.(int64); ok && us == 0 {
		*m.to = time.Time{}
		return nil
	}
	return instant(m).Scan(stored)
}

// micros is how an instant is written that may be missing: microseconds since 1970, or 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// yes scans 0 or 1 into a bool.
type yes struct{ to *bool }

// Scan fulfils sql.Scanner.
func (y yes) Scan(stored any) error {
	n, ok := stored.(int64)
	if !ok {
		return fmt.Errorf("a yes or no is stored as %T, want int64", stored)
	}
	*y.to = n != 0
	return nil
}

package rules

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Truthy says whether a value counts as true: everything but null, false, zero and what is empty. The text "0" is true.
func Truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	default:
		return true // a time
	}
}

// text writes a value as the server does when it compares it with a text: True, None, 5.0.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return floatText(v)
	case string:
		return v
	case time.Time:
		return timeText(v) + v.Format("-07:00")
	case Wall:
		return v.reading.String()
	case Clock:
		ahead := v.shown().Sub(v.instant())
		return text(v.instant().In(time.FixedZone("", int(ahead.Seconds()))))
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = text(v[i])
			if _, isText := v[i].(string); isText {
				parts[i] = "'" + parts[i] + "'"
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return ""
	}
}

// timeText writes date and time as the server does: with six digits of fraction, or none.
func timeText(t time.Time) string {
	if t.Nanosecond()/1000 == 0 {
		return t.Format(time.DateTime)
	}
	return t.Format("2006-01-02 15:04:05.000000")
}

// floatText writes the shortest text that reads back as the same number, with a point or an exponent.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// numeric reads a value as number: numbers, booleans (1 and 0) and texts that hold a number.
func numeric(v any) (float64, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string:
		return parseFloat(v)
	default:
		return 0, false
	}
}

var floatPattern = regexp.MustCompile(`^[+-]?((\d+(_\d+)*)(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?$|^[+-]?(?i:inf|infinity|nan)$`)

// parseFloat reads what Python's float() reads: blanks around, "_" between digits, inf and nan, nothing hexadecimal.
func parseFloat(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if !floatPattern.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	return f, err == nil || math.IsInf(f, 0)
}

var intPattern = regexp.MustCompile(`^[+-]?\d+(_\d+)*$`)

// parseInt reads what Python's int() reads: blanks around and "_" between digits.
func parseInt(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if !intPattern.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
	return n, err == nil
}

// isNumber says whether v is a number proper; true and texts are not.
func isNumber(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

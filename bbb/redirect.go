package bbb

import (
	"encoding/json"
	"net/url"
	"strings"
)

// longestRedirectQuery bounds what RedirectError looks at, in bytes.
const longestRedirectQuery = 8 << 10

// RedirectError reads what BBB appends to our errorRedirectUrl when a join
// fails: errors=[{"message":"…","key":"…"}]. ok tells whether that parameter
// is there at all. The key is one of our own constants or "unknown", whatever
// the query holds: anybody can type one, so nothing of it may reach a page.
func RedirectError(rawQuery string) (key string, ok bool) {
	if len(rawQuery) > longestRedirectQuery {
		return keyUnknown, true
	}
	for part := range strings.SplitSeq(rawQuery, "&") {
		value, found := strings.CutPrefix(part, "errors=")
		if found {
			return firstKnownKey(value), true
		}
	}
	return "", false
}

func firstKnownKey(escaped string) string {
	text, err := url.QueryUnescape(escaped)
	if err != nil {
		return keyUnknown
	}
	var entries []struct {
		Key string `json:"key"`
	}
	if json.Unmarshal([]byte(text), &entries) != nil {
		return keyUnknown
	}
	for _, entry := range entries {
		if key := knownJoinKey(entry.Key); key != keyUnknown {
			return key
		}
	}
	return keyUnknown
}

// knownJoinKey returns our own copy of a key that a join can end with.
func knownJoinKey(key string) string {
	for _, known := range []string{
		KeyInvalidMeeting, KeyForciblyEnded, KeyCreateTimeMismatch, KeyMaxParticipants, KeyGuestDenied,
		KeyChecksumError, KeyNotFound, KeyMissingMeetingID, KeyMissingFullName, KeyValidationError,
		KeyParamsRequired, KeyInternalError, KeyServerUnavailable,
	} {
		if key == known {
			return known
		}
	}
	return keyUnknown
}

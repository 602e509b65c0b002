package templates

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The wording that people consent to is stored by its version only. Whoever changes the wording raises noticeVersion in
// notice.go and corrects the sum here.
func TestNoticeVersion(t *testing.T) {
	const version, sum = "2026-11", "288e4996b2e56f04"
	var wording strings.Builder
	for _, lang := range Languages() {
		keys := keysOf(t, lang)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if strings.HasPrefix(key, "notice.") || strings.HasPrefix(key, "consent.") {
				fmt.Fprintf(&wording, "%s %s=%s\n", lang, key, keys[key])
			}
		}
	}
	hash := sha256.Sum256([]byte(wording.String()))
	if got := hex.EncodeToString(hash[:8]); NoticeVersion() != version || got != sum {
		t.Errorf("version %s, sum %s; want %s, %s: has the wording changed without its version?", NoticeVersion(), got, version, sum)
	}
}

package bbbsim

import (
	"crypto/sha1" // one of BBB's algorithms
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
)

// verify checks the raw query of a call as BBB does: every checksum=… is cut
// out wherever it stands, the rest is hashed as it was written, and the length
// of the hex text names the algorithm. strict refuses a repeated checksum.
func verify(call, rawQuery, secret string, algorithms []string, strict bool) bool {
	rest, given := cutChecksum(rawQuery)
	if len(given) == 0 || strict && len(given) > 1 {
		return false
	}
	algorithm, want := digest(len(given[0]), call+rest+secret)
	if !slices.Contains(algorithms, algorithm) {
		return false
	}
	got := strings.ToLower(given[0])
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// cutChecksum separates the checksums from the rest of the raw query.
func cutChecksum(rawQuery string) (rest string, checksums []string) {
	var kept []string
	for part := range strings.SplitSeq(rawQuery, "&") {
		if sum, found := strings.CutPrefix(part, "checksum="); found {
			checksums = append(checksums, sum)
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "&"), checksums
}

// digest hashes with the algorithm whose hex text has that length.
func digest(hexLength int, text string) (algorithm, sum string) {
	switch hexLength {
	case 40:
		b := sha1.Sum([]byte(text))
		return "sha1", hex.EncodeToString(b[:])
	case 64:
		b := sha256.Sum256([]byte(text))
		return "sha256", hex.EncodeToString(b[:])
	case 96:
		b := sha512.Sum384([]byte(text))
		return "sha384", hex.EncodeToString(b[:])
	case 128:
		b := sha512.Sum512([]byte(text))
		return "sha512", hex.EncodeToString(b[:])
	}
	return "", ""
}

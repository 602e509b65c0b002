package bbb

import (
	"crypto/sha1" // BBB's oldest algorithm, used only when configured
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
)

// Hash names the algorithm of the checksum. The server tells the algorithm by
// the checksum's length and refuses those that it does not allow.
type Hash string

// The algorithms that BBB knows. SHA256 is the default: it is accepted since
// BBB 2.4 and by every balancer; Scalelite does not know SHA384.
const (
	SHA1   Hash = "sha1"
	SHA256 Hash = "sha256"
	SHA384 Hash = "sha384"
	SHA512 Hash = "sha512"
)

// new returns a fresh hash, or an error that lists what is possible.
func (h Hash) new() (hash.Hash, error) {
	switch h {
	case SHA1:
		return sha1.New(), nil
	case SHA256:
		return sha256.New(), nil
	case SHA384:
		return sha512.New384(), nil
	case SHA512:
		return sha512.New(), nil
	}
	return nil, fmt.Errorf("unknown checksum algorithm %q: use sha1, sha256, sha384 or sha512", string(h))
}

// signer appends the checksum to the finished query of one call. It is a
// closure so that no struct holds the secret in a printable field.
type signer func(call, query string) string

// newSigner refuses an unknown algorithm.
func newSigner(h Hash, secret Secret) (signer, error) {
	if _, err := h.new(); err != nil {
		return nil, err
	}
	return func(call, query string) string {
		sum, _ := h.new()
		sum.Write([]byte(call + query + string(secret)))
		checksum := "checksum=" + hex.EncodeToString(sum.Sum(nil))
		if query == "" {
			return checksum
		}
		return query + "&" + checksum
	}, nil
}

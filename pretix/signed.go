package pretix

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"slices"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// A signed ticket secret (scheme pretix_sig1) says by itself what ticket it is, so that a scanner can judge it before
// the order has arrived. The text of the code is base64, reversed: codes that begin alike would be hard to tell apart.
// Under it lie
//
//	version 0x01 | payload length, 2 bytes | signature length, 2 bytes | payload | Ed25519 signature of the payload
//
// with big-endian lengths and a protobuf payload. Only the event's private key, which stays at pretix, makes such codes.

// SignedTicket is what a signed ticket secret says about its ticket.
type SignedTicket struct {
	Seed       string    // random; a re-issued code differs in it
	Item       int64     // id of the product
	Variation  int64     // 0: none
	SubEvent   int64     // 0: none
	ValidFrom  time.Time // zero: no limit
	ValidUntil time.Time // zero: no limit
}

// SigningKeys are the public keys of an event's signed ticket secrets.
type SigningKeys struct {
	keys []ed25519.PublicKey
}

// ParseSigningKeys reads what an event names under valid_keys.pretix_sig1: base64 of PEM public keys. Keys that cannot
// be read, or are of another kind, are left out.
func ParseSigningKeys(validKeys []string) SigningKeys {
	var s SigningKeys
	for _, k := range validKeys {
		if key, ok := parseSigningKey(k); ok {
			s.keys = append(s.keys, key)
		}
	}
	return s
}

func parseSigningKey(text string) (ed25519.PublicKey, bool) {
	armored, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	block, _ := pem.Decode(armored)
	if block == nil {
		return nil, false
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, false
	}
	key, ok := parsed.(ed25519.PublicKey)
	return key, ok
}

// Open reads a signed ticket secret that one of the keys signed. False means "not a signed ticket of this event": another
// scheme, a forged or damaged code, or another spelling of a true one. Only the one spelling that pretix prints counts:
// with a second one, a ticket that is used, blocked or revoked could be presented as a new one.
func (s SigningKeys) Open(code string) (SignedTicket, bool) {
	payload, signature, ok := unpackSigned(code)
	if !ok || packSigned(payload, signature) != code {
		return SignedTicket{}, false
	}
	for _, key := range s.keys {
		if ed25519.Verify(key, payload, signature) {
			return readSigned(payload)
		}
	}
	return SignedTicket{}, false
}

const (
	signedVersion = 1
	signedHeader  = 5 // bytes before the payload
)

func unpackSigned(code string) (payload, signature []byte, ok bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(reversed(code))
	if err != nil || len(raw) < signedHeader || raw[0] != signedVersion {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(raw[1:]))
	m := int(binary.BigEndian.Uint16(raw[3:]))
	body := raw[signedHeader:]
	if len(body) != n+m || m != ed25519.SignatureSize {
		return nil, nil, false
	}
	return body[:n], body[n:], true
}

// packSigned is the inverse of unpackSigned. Payload and signature are shorter than 65536 bytes.
func packSigned(payload, signature []byte) string {
	raw := []byte{signedVersion}
	raw = binary.BigEndian.AppendUint16(raw, uint16(len(payload)))
	raw = binary.BigEndian.AppendUint16(raw, uint16(len(signature)))
	raw = append(raw, payload...)
	raw = append(raw, signature...)
	return reversed(base64.StdEncoding.EncodeToString(raw))
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// readSigned reads the protobuf payload:
//
//	1 string seed, 2 int64 item, 3 int64 variation, 4 int64 subevent, 5 int64 valid from, 6 int64 valid until
//
// Times are Unix seconds; 0 and absent are the same. Unknown fields are skipped, of a repeated field the last one counts.
func readSigned(payload []byte) (SignedTicket, bool) {
	var t SignedTicket
	for len(payload) > 0 {
		field, kind, n := protowire.ConsumeTag(payload)
		if n < 0 {
			return SignedTicket{}, false
		}
		payload = payload[n:]
		size := protowire.ConsumeFieldValue(field, kind, payload)
		if size < 0 || !t.set(field, kind, payload[:size]) {
			return SignedTicket{}, false
		}
		payload = payload[size:]
	}
	return t, true
}

// set takes one field; false when the seed is no text.
func (t *SignedTicket) set(field protowire.Number, kind protowire.Type, value []byte) bool {
	if field == 1 && kind == protowire.BytesType {
		seed, _ := protowire.ConsumeBytes(value)
		t.Seed = string(seed)
		return utf8.Valid(seed)
	}
	if kind != protowire.VarintType {
		return true
	}
	v, _ := protowire.ConsumeVarint(value)
	number := int64(v)
	switch field {
	case 2:
		t.Item = number
	case 3:
		t.Variation = number
	case 4:
		t.SubEvent = number
	case 5:
		t.ValidFrom = unixTime(number)
	case 6:
		t.ValidUntil = unixTime(number)
	}
	return true
}

func unixTime(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

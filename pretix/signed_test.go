package pretix

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
)

// Codes made by pretix itself, with the public keys that belong to them: another program must be able to read ours and
// we theirs. They are test data that pretix publishes for this purpose.
const (
	vectorKey  = "MCowBQYDK2VwAyEA7AD7/vFA33EsY4z2PHr7iZPsZ8n5dh0ajP8gyzNmmIs="
	vectorKey2 = "MCowBQYDK2VwAyEAYMJsOnLp5AWGpJ+dFJE2r9DOXeQIZgVrCt93LAl5BN8="
	plainCode  = "E4BibyTSylQOgeKjuMPiTDxi5HXPuTVsx1qCli3IL0143gj0EZXOB9iQInANxRFJTt4Pf9nXnHdB91Qk/RN0L5AIBABSxw2TKFnSUNUCKAEAPAQA"
	fromCode   = "Ok4EsqDRCr2cL6yDRtqeP7j5Usr1Vj1Db7J0izOuRGx6Qn0BS1ISW2nxlW8PXkYRk7PJhIBmsK1V1ucq5obBoBAMG4p9jCPKBAheRdFV0REVDZUCKAEAVAQA"
	untilCode  = "EU9dJn3k5jzwfY4JQAKrTOVFmo+BvZKwH6UAIFOz3XTxABa7tmjU5UoLD8hJr3440uY7IFEHzau1DVk0sP994bgnzLNswAAKBARdUdGMmNVSHVUCKAEAVAQA"
	forgedCode = "EFAKEyTSylQOgeKjuMPiTDxi5HXPuTVsx1qCli3IL0143gj0EZXOB9iQInANxRFJTt4Pf9nXnHdB91Qk/RN0L5AIBABSxw2TKFnSUNUCKAEAPAQA"
)

// asListed wraps a bare public key as events name it: base64 of PEM.
func asListed(t *testing.T, der string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(der)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw}))
}

func TestOpenReadsCodesOfPretix(t *testing.T) {
	keys := ParseSigningKeys([]string{"no base64!", asListed(t, vectorKey), asListed(t, vectorKey2)})
	tests := []struct {
		name, code         string
		validFrom, validTo string
	}{
		{"no limits", plainCode, "", ""},
		{"not before", fromCode, "2023-02-03T23:00:00Z", ""},
		{"not after", untilCode, "", "2023-02-03T11:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := keys.Open(tt.code)
			if !ok || got.Item != 1 || len(got.Seed) != 9 {
				t.Fatalf("got %+v, %v; want a ticket for item 1 with a seed of 9 characters", got, ok)
			}
			if f, u := shortTime(got.ValidFrom), shortTime(got.ValidUntil); f != tt.validFrom || u != tt.validTo {
				t.Errorf("valid from %q until %q, want %q until %q", f, u, tt.validFrom, tt.validTo)
			}
		})
	}
	if _, ok := keys.Open(forgedCode); ok {
		t.Error("a forged signature was accepted")
	}
	if _, ok := (SigningKeys{}).Open(plainCode); ok {
		t.Error("a code was accepted without any key")
	}
}

func shortTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// signer is an event's private key.
type signer struct {
	private ed25519.PrivateKey
	keys    SigningKeys
}

func newSigner(t testing.TB, seed byte) signer {
	t.Helper()
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize)))
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	armored := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return signer{private, ParseSigningKeys([]string{base64.StdEncoding.EncodeToString(armored)})}
}

func (s signer) sign(payload []byte) string {
	return packSigned(payload, ed25519.Sign(s.private, payload))
}

func fullPayload() []byte {
	p := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "seedABC12")
	for i, v := range []uint64{101, 1032, 501, 1_900_000_000, 1_900_003_600} {
		p = protowire.AppendVarint(protowire.AppendTag(p, protowire.Number(i+2), protowire.VarintType), v)
	}
	return p
}

func TestOpenReadsEveryField(t *testing.T) {
	s := newSigner(t, 'a')
	got, ok := s.keys.Open(s.sign(fullPayload()))
	want := SignedTicket{
		Seed: "seedABC12", Item: 101, Variation: 1032, SubEvent: 501,
		ValidFrom: time.Unix(1_900_000_000, 0).UTC(), ValidUntil: time.Unix(1_900_003_600, 0).UTC(),
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("ok %v, (-want +got)\n%s", ok, diff)
	}
	if _, ok := newSigner(t, 'b').keys.Open(s.sign(fullPayload())); ok {
		t.Error("another event's code was accepted")
	}
}

// A ticket that was used or revoked must not come back as a new one by writing its code differently.
func TestOpenAcceptsOneSpellingOnly(t *testing.T) {
	s := newSigner(t, 'a')
	code := s.sign(fullPayload())
	payload, signature, _ := unpackSigned(code)
	longer := base64.StdEncoding.EncodeToString(append([]byte{1, 0, byte(len(payload)), 0, 64}, append(append(payload, signature...), 0)...))
	others := map[string]string{
		"blank inside":             code[:10] + " " + code[10:],
		"line break inside":        code[:10] + "\n" + code[10:],
		"blank at the end":         code + " ",
		"as part of an address":    "https://tickets.example/" + code,
		"URL alphabet":             strings.NewReplacer("+", "-", "/", "_").Replace(code),
		"no padding":               strings.TrimLeft(code, "="),
		"more padding":             "=" + code,
		"not reversed":             reversed(code),
		"a byte after the end":     reversed(longer),
		"bits set in the padding":  withPaddingBits(code),
		"other case":               strings.ToLower(code),
		"empty":                    "",
		"version alone":            reversed("AQ=="),
		"header alone":             reversed(base64.StdEncoding.EncodeToString([]byte{1, 0, 0, 0, 0})),
		"lengths beyond the bytes": reversed(base64.StdEncoding.EncodeToString([]byte{1, 255, 255, 255, 255, 1, 2, 3})),
	}
	for name, other := range others {
		if other == code {
			t.Fatalf("%s: is the code itself; sign something else", name)
		}
		if _, ok := s.keys.Open(other); ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

// withPaddingBits changes bits of the last base64 character that no byte takes up.
func withPaddingBits(code string) string {
	i := strings.LastIndex(code, "=") + 1
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	at := strings.IndexByte(alphabet, code[i])
	return code[:i] + alphabet[at^1:at^1+1] + code[i+1:]
}

func TestOpenRefusesDamagedPayloads(t *testing.T) {
	s := newSigner(t, 'a')
	for name, payload := range map[string][]byte{
		"cut off":          fullPayload()[:5],
		"seed is no text":  protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "\xff\xfe"),
		"field number 0":   {0x00, 0x01},
		"group never ends": {0x3b},
	} {
		if got, ok := s.keys.Open(s.sign(payload)); ok {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

func TestOpenSkipsUnknownFields(t *testing.T) {
	s := newSigner(t, 'a')
	payload := protowire.AppendString(protowire.AppendTag(fullPayload(), 9, protowire.BytesType), "of a later version")
	payload = protowire.AppendVarint(protowire.AppendTag(payload, 2, protowire.VarintType), 102)
	if got, ok := s.keys.Open(s.sign(payload)); !ok || got.Item != 102 {
		t.Errorf("got item %d, %v; the last value of a repeated field counts", got.Item, ok)
	}
}

func FuzzSignedOpen(f *testing.F) {
	s := newSigner(f, 'a')
	for _, code := range []string{s.sign(fullPayload()), s.sign(nil), plainCode, "", "====", "AQ=="} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		_, ok := s.keys.Open(code)
		if !ok {
			return
		}
		payload, signature, _ := unpackSigned(code)
		if packSigned(payload, signature) != code {
			t.Errorf("a second spelling was accepted")
		}
	})
}

// FuzzSignedPayload: whatever was signed, reading it ends without a crash.
func FuzzSignedPayload(f *testing.F) {
	f.Add(fullPayload())
	f.Add([]byte{0x0a, 0xff})
	s := newSigner(f, 'a')
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > 1000 {
			return
		}
		got, ok := s.keys.Open(s.sign(payload))
		again, okAgain := s.keys.Open(s.sign(payload))
		if ok != okAgain || got != again {
			t.Errorf("read as %+v, then as %+v", got, again)
		}
	})
}

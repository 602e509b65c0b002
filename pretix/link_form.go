package pretix

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// checkForm refuses what the JWT library is too kind to: line breaks in the base64, claims or header fields that stand
// there twice (two readers could believe different ones), extensions that must be understood, other algorithms.
func checkForm(raw string) error {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || strings.ContainsFunc(raw, notInJWT) {
		return refuse(LinkMalformed, "the token does not have the form of a JWT")
	}
	var header map[string]json.RawMessage
	if err := readPart(parts[0], &header); err != nil {
		return refuse(LinkMalformed, "header: "+err.Error())
	}
	var claims map[string]json.RawMessage
	if err := readPart(parts[1], &claims); err != nil {
		return refuse(LinkMalformed, "claims: "+err.Error())
	}
	if _, ok := header["crit"]; ok {
		return refuse(LinkMalformed, "the header asks for an extension (crit)")
	}
	if string(header["alg"]) != `"HS256"` {
		return refuse(LinkForged, "the token is not signed with HS256")
	}
	return nil
}

// notInJWT reports whether r is neither base64url nor the dot between the parts.
func notInJWT(r rune) bool {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
		return false
	}
	return true
}

// readPart decodes one JSON object of a token. The error quotes nothing from it.
func readPart(part string, into *map[string]json.RawMessage) error {
	data, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return errors.New("not base64url")
	}
	if json.Unmarshal(data, into) != nil || *into == nil {
		return errors.New("not one JSON object")
	}
	return unique(json.NewDecoder(bytes.NewReader(data)))
}

// unique reads one JSON value and refuses an object, at any depth, with two members of the same name. Names are compared
// after decoding, so an escaped spelling hides nothing.
func unique(dec *json.Decoder) error {
	token, err := dec.Token()
	if err != nil {
		return errors.New("broken JSON")
	}
	switch token {
	case json.Delim('{'):
		return uniqueMembers(dec)
	case json.Delim('['):
		for dec.More() {
			if err := unique(dec); err != nil {
				return err
			}
		}
		return closing(dec)
	}
	return nil
}

func uniqueMembers(dec *json.Decoder) error {
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return errors.New("broken JSON")
		}
		if seen[name] {
			return fmt.Errorf("%s stands there twice", known(name))
		}
		seen[name] = true
		if err := unique(dec); err != nil {
			return err
		}
	}
	return closing(dec)
}

func closing(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil && !errors.Is(err, io.EOF) {
		return errors.New("broken JSON")
	}
	return nil
}

// known returns the name of a registered claim or header field; any other could be long or hostile.
func known(name string) string {
	switch name {
	case "alg", "typ", "iss", "aud", "sub", "exp", "iat", "nbf", "jti", "order", "position", "event":
		return name
	}
	return "a member"
}

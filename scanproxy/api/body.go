package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// deepest is how far values of a request may be nested: the apps need five levels.
const deepest = 32

// A badBody is a sentence about what is wrong with a request. It never quotes the request.
type badBody string

// Error returns the sentence.
func (b badBody) Error() string { return string(b) }

// Sentences about requests that cannot be read.
const (
	notJSON    badBody = "The request is not valid JSON."
	notText    badBody = "The request is not valid UTF-8."
	tooDeep    badBody = "The request is nested too deeply."
	tooLarge   badBody = "The request is too large."
	cutOff     badBody = "The request did not arrive completely."
	compressed badBody = "The request must not be compressed."
	wrongShape badBody = "A field of the request is missing or of the wrong type."
)

// readJSON reads a request into to, which must point to a struct. Unknown fields are ignored: every version of the apps
// sends others. The content type does not matter.
func readJSON(c *gin.Context, to any) error {
	if coding := c.GetHeader("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return compressed
	}
	body, err := io.ReadAll(c.Request.Body)
	if _, exceeded := errors.AsType[*http.MaxBytesError](err); exceeded {
		return tooLarge
	}
	if err != nil {
		return cutOff
	}
	return parseJSON(body, to)
}

func parseJSON(body []byte, to any) error {
	switch {
	case !utf8.Valid(body):
		return notText
	case depth(body) > deepest:
		return tooDeep
	}
	err := json.Unmarshal(body, to)
	if _, invalid := errors.AsType[*json.SyntaxError](err); invalid {
		return notJSON
	}
	if wrong, ours := errors.AsType[badBody](err); ours {
		return wrong
	}
	if err != nil || firstByte(body) != '{' { // null would be taken for an empty request
		return wrongShape
	}
	return nil
}

// depth is how deeply brackets are nested outside of texts. It needs no valid JSON, so that deep nonsense costs no stack.
func depth(body []byte) int {
	most, now, inText := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inText && b == '\\':
			i++
		case b == '"':
			inText = !inText
		case inText:
		case b == '{' || b == '[':
			now++
			most = max(most, now)
		case b == '}' || b == ']':
			now--
		}
	}
	return most
}

func firstByte(body []byte) byte {
	for _, b := range body {
		if b != ' ' && b != '\t' && b != '\n' && b != '\r' {
			return b
		}
	}
	return 0
}

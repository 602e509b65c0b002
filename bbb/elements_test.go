package bbb_test

import (
	"encoding/xml"
	"errors"
	"io"
	"testing"
)

// elements collects the element names of a document.
func elements(t *testing.T, r io.Reader) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	decoder := xml.NewDecoder(r)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			names[start.Name.Local] = true
		}
	}
}

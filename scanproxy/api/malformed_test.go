package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

const selected = `"events_and_checkin_lists":{"harbor":1001}`

// malformed are requests that no app sends. Each gets a short sentence.
var malformed = map[string]string{
	"nothing":                 ``,
	"blanks":                  " \n\t",
	"no JSON":                 `hello`,
	"half of it":              `{"ticketid":"x",`,
	"two of it":               `{}{}`,
	"null":                    `null`,
	"a list":                  `[]`,
	"a text":                  `"x"`,
	"no ticket":               `{` + selected + `}`,
	"ticket null":             `{` + selected + `,"ticketid":null}`,
	"ticket a number":         `{` + selected + `,"ticketid":1}`,
	"ticket a list":           `{` + selected + `,"ticketid":["x"]}`,
	"no lists":                `{"ticketid":"x"}`,
	"lists null":              `{"events_and_checkin_lists":null,"ticketid":"x"}`,
	"lists empty":             `{"events_and_checkin_lists":{},"ticketid":"x"}`,
	"lists a list":            `{"events_and_checkin_lists":[1],"ticketid":"x"}`,
	"list a text":             `{"events_and_checkin_lists":{"harbor":"1001"},"ticketid":"x"}`,
	"list null":               `{"events_and_checkin_lists":{"harbor":null},"ticketid":"x"}`,
	"a mark before it":        "\ufeff{" + selected + `,"ticketid":"x"}`,
	"more behind it":          `{` + selected + `,"ticketid":"x"}x`,
	"not a number":            `{` + selected + `,"ticketid":"x","a":NaN}`,
	"an infinite list":        `{"events_and_checkin_lists":{"harbor":1e999},"ticketid":"x"}`,
	"half a surrogate, raw":   "{" + selected + ",\"ticketid\":\"\xed\xa0\x80\"}",
	"type with another i":     `{` + selected + `,"ticketid":"x","type":"exıt"}`,
	"list a fraction":         `{"events_and_checkin_lists":{"harbor":1.5},"ticketid":"x"}`,
	"list too large":          `{"events_and_checkin_lists":{"harbor":99999999999999999999},"ticketid":"x"}`,
	"event without name":      `{"events_and_checkin_lists":{"":1},"ticketid":"x"}`,
	"event with line breaks":  `{"events_and_checkin_lists":{"a\nb":1},"ticketid":"x"}`,
	"too many events":         `{"events_and_checkin_lists":{` + manyEvents(101) + `},"ticketid":"x"}`,
	"a raw control character": "{" + selected + ",\"ticketid\":\"a\x01b\"}",
	"a raw NUL":               "{" + selected + ",\"ticketid\":\"a\x00b\"}",
	"no UTF-8":                "{" + selected + ",\"ticketid\":\"\xff\xfe\"}",
	"a giant ticket":          `{` + selected + `,"ticketid":"` + strings.Repeat("x", 8193) + `"}`,
	"a giant request":         `{` + selected + `,"ticketid":"` + strings.Repeat("x", 2<<20) + `"}`,
	"a giant nonce":           `{` + selected + `,"ticketid":"x","nonce":"` + strings.Repeat("x", 1001) + `"}`,
	"a giant answer":          `{` + selected + `,"ticketid":"x","answers":[{"question":{"server_id":1},"value":"` + strings.Repeat("x", 10001) + `"}]}`,
	"too many answers":        `{` + selected + `,"ticketid":"x","answers":[` + strings.Repeat(`{"question":{"server_id":1},"value":""},`, 500) + `{"question":{"server_id":1},"value":""}]}`,
	"deep lists":              `{` + selected + `,"ticketid":"x","a":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`,
	"very deep, never closed": strings.Repeat(`{"a":[`, 100_000),
	"type a number":           `{` + selected + `,"ticketid":"x","type":1}`,
	"type sideways":           `{` + selected + `,"ticketid":"x","type":"SIDEWAYS"}`,
	"bool a text":             `{` + selected + `,"ticketid":"x","ignore_unpaid":"yes"}`,
	"language a text":         `{` + selected + `,"ticketid":"x","useOrderLocale":"de"}`,
	"answers an object":       `{` + selected + `,"ticketid":"x","answers":{}}`,
	"answer without question": `{` + selected + `,"ticketid":"x","answers":[{"value":"True"}]}`,
	"answer without value":    `{` + selected + `,"ticketid":"x","answers":[{"question":{"server_id":1}}]}`,
	"answer a number":         `{` + selected + `,"ticketid":"x","answers":[{"question":{"server_id":1},"value":1}]}`,
	"question a text":         `{` + selected + `,"ticketid":"x","answers":[{"question":"1","value":"1"}]}`,
}

func manyEvents(n int) string {
	var all []string
	for i := range n {
		all = append(all, `"e`+itoa(i)+`":1`)
	}
	return strings.Join(all, ",")
}

func TestMalformedChecksGetASentence(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	for story, body := range malformed {
		a := c.post("/proxyapi/v1/rpc/check/", body)
		if a.status != http.StatusBadRequest || !isSentence(a) {
			t.Errorf("%s: %d %q", story, a.status, a.body)
		}
	}
	r := c.request("POST", "/proxyapi/v1/rpc/check/", "\x1f\x8b")
	r.Header.Set("Content-Encoding", "gzip")
	if a := c.do(r); a.status != http.StatusBadRequest || !isSentence(a) {
		t.Errorf("compressed: %d %q", a.status, a.body)
	}
	r = c.request("POST", "/proxyapi/v1/rpc/check/", "")
	r.Body = cutOff{}
	if a := c.do(r); a.status != http.StatusBadRequest || !isSentence(a) {
		t.Errorf("cut off: %d %q", a.status, a.body)
	}
	for path, body := range map[string]string{
		"/proxyapi/v1/rpc/harbor/one/check/":     `{"ticketid":"x"}`,
		"/proxyapi/v1/rpc/harbor/1/search/":      `{}`,
		"/proxyapi/v1/rpc/search/":               `{` + selected + `,"query":1}`,
		"/proxyapi/v1/rpc/harbor/1001/search/":   `{"query":"abcd","page":"1"}`,
		"/proxyapi/v1/rpc/harbor//1001/search//": `{"query":"abcd","page":99999999}`,
		"/api/v1/device/initialize":              `{"token":1}`,
		"/api/v1/device/update":                  `[]`,
	} {
		if a := c.post(path, body); a.status != http.StatusBadRequest || !isSentence(a) {
			t.Errorf("%s: %d %q", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/proxyapi/v1/rpc/harbor/0/status/", "/proxyapi/v1/rpc/harbor/x/status/", "/proxyapi/v1/rpc/nothing/1/status/", "/proxyapi/v1/rpc/harbor/4711/status/"} {
		if a := c.get(path); a.status != http.StatusBadRequest || !isSentence(a) {
			t.Errorf("%s: %d %q", path, a.status, a.body)
		}
	}
	if n := strings.Count(p.log.text(), `"level":"ERROR"`); n != 0 {
		t.Errorf("%d errors in the log because of what others sent", n)
	}
}

// isSentence: plain, short, and no echo of the request.
func isSentence(a answer) bool {
	text := strings.TrimSuffix(a.body, "\n")
	return strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") && text != "" && len(text) < 120 && !strings.ContainsAny(text, "\n{}<>\x00")
}

// cutOff is a body whose sender has gone.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, errors.New("connection reset") }
func (cutOff) Close() error             { return nil }

func TestOurFailuresAreOurs(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	p.server.Door = failing{errors.New("no disk for secretvalid00000000000000? no: a plain reason")}
	for _, a := range []answer{
		c.post("/proxyapi/v1/rpc/search/", `{`+selected+`,"query":"abcd"}`), c.get("/proxyapi/v1/rpc/harbor/1001/status/"),
	} {
		if a.status != http.StatusInternalServerError || !isSentence(a) || strings.Contains(a.body, "disk") {
			t.Errorf("%d %q", a.status, a.body)
		}
	}
	p.server.Door = nil // whatever is wrong inside
	if a := c.get("/proxyapi/v1/rpc/harbor/1001/status/"); a.status != http.StatusInternalServerError || !isSentence(a) {
		t.Errorf("%d %q", a.status, a.body)
	}
}

// FuzzRPC: whatever is sent, the answer is one that apps can read, and nothing falls over.
func FuzzRPC(f *testing.F) {
	for _, body := range malformed {
		if len(body) < 1000 {
			f.Add(body)
		}
	}
	f.Add(`{` + selected + `,"ticketid":"secretvalid00000000000000","answers":[{"question":{"server_id":901},"value":"True"}],"type":"EXIT","nonce":"n"}`)
	f.Add(`{"events_and_checkin_lists":{"harbor":1001,"island":2001},"query":"Ada ","page":2,"ticketid":"\u0000\u202e"}`)
	p := newProxy(f)
	c := p.device(androidBrand)
	f.Fuzz(func(t *testing.T, body string) {
		p.t = t
		for _, path := range []string{"/proxyapi/v1/rpc/check/", "/proxyapi/v1/rpc/harbor/1001/check/", "/proxyapi/v1/rpc/search/"} {
			a := c.post(path, body)
			switch a.status {
			case http.StatusOK:
				if !strings.HasPrefix(a.body, "{") && !strings.HasPrefix(a.body, "[") {
					t.Errorf("%s: %q", path, a.body)
				}
			case http.StatusBadRequest:
				if !isSentence(a) {
					t.Errorf("%s: %q is no sentence", path, a.body)
				}
			default:
				t.Errorf("%s: status %d %s", path, a.status, a.body)
			}
		}
	})
}

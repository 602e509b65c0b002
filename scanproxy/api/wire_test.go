package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// What only shows over a real connection.

// say sends bytes as they are and returns the answers to so many requests.
func say(t *testing.T, server *httptest.Server, text string, requests ...string) []answer {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	in, answers := bufio.NewReader(conn), []answer{}
	for _, method := range requests {
		response, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("answer %d: %v", len(answers)+1, err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer{response.StatusCode, response.Header, string(body)})
	}
	return answers
}

func TestOverTheWire(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	server := httptest.NewServer(p.handler)
	t.Cleanup(server.Close)
	head := "Host: x\r\nAuthorization: Device " + c.token + "\r\n"
	const body = `{"events_and_checkin_lists":{"harbor":1001},"ticketid":"nobody"}`
	length := "Content-Length: " + itoa(len(body)) + "\r\n"
	check := "POST /proxyapi/v1/rpc/check/ HTTP/1.1\r\n" + head
	for story, x := range map[string]struct {
		text string
		want int
		in   string // the body holds it
	}{
		"a plain check":              {check + length + "\r\n" + body, 200, "INVALID"},
		"in pieces":                  {check + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + body[:5] + "\r\n" + strconv.FormatInt(int64(len(body)-5), 16) + "\r\n" + body[5:] + "\r\n0\r\n\r\n", 200, "INVALID"},
		"waits for leave":            {check + "Expect: 100-continue\r\n" + length + "\r\n" + body, 100, ""},
		"a name in small letters":    {"POST /proxyapi/v1/rpc/check/ HTTP/1.1\r\nhost: x\r\nauthorization: Device " + c.token + "\r\n" + strings.ToLower(length) + "\r\n" + body, 200, "INVALID"},
		"not compressed, it says":    {check + "Content-Encoding: identity\r\n" + length + "\r\n" + body, 200, "INVALID"},
		"a form, it says":            {check + "Content-Type: application/x-www-form-urlencoded\r\n" + length + "\r\n" + body, 200, "INVALID"},
		"a query with it":            {strings.Replace(check, "check/", "check/?ticketid=other&x=%00", 1) + length + "\r\n" + body, 200, "INVALID"},
		"the QR code ended in /":     {strings.Replace(check, "/proxyapi", "//proxyapi", 1) + length + "\r\n" + body, 200, "INVALID"},
		"the good token comes first": {check + "Authorization: Device bad\r\n" + length + "\r\n" + body, 200, "INVALID"},
		"the good token comes last":  {strings.Replace(check, "Host: x", "Host: x\r\nAuthorization: Device bad", 1) + length + "\r\n" + body, 401, "Unknown"},
		"a whole address":            {"GET http://elsewhere.example/api/v1/version HTTP/1.1\r\n" + head + "\r\n", 200, "pretix_numeric"},
		"a slash in a name":          {"GET /proxyapi/v1/rpc/x%2F..%2Fharbor/1001/status/ HTTP/1.1\r\n" + head + "\r\n", 400, "not found"},
		"a slash in a file's name":   {"GET /download/..%2fbadge-1.pdf HTTP/1.1\r\n" + head + "\r\n", 404, "not found"},
		"a letter in disguise":       {"GET /proxyapi/v1/rpc/h%61rbor/1001/status/ HTTP/1.1\r\n" + head + "\r\n", 200, "eventName"},
		"a long address":             {"GET /api/v1/" + strings.Repeat("a", 9000) + " HTTP/1.1\r\n" + head + "\r\n", 404, "Not found"},
		"an encoding that is none":   {"GET /api/v1/%zz HTTP/1.1\r\n" + head + "\r\n", 400, ""},
	} {
		if a := say(t, server, x.text, "POST")[0]; a.status != x.want || !strings.Contains(a.body, x.in) {
			t.Errorf("%s: %d %q, want %d %s", story, a.status, a.body, x.want, x.in)
		}
	}
}

func TestRequestsOneAfterTheOther(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	server := httptest.NewServer(p.handler)
	t.Cleanup(server.Close)
	get := "GET /api/v1/version HTTP/1.1\r\nHost: x\r\n\r\n"
	bad := "POST /proxyapi/v1/rpc/check/ HTTP/1.1\r\nHost: x\r\nAuthorization: Device " + c.token + "\r\nContent-Length: 2\r\n\r\n{]"
	answers := say(t, server, get+bad+get, "GET", "POST", "GET")
	if answers[0].status != 200 || answers[1].status != 400 || answers[2].status != 200 {
		t.Errorf("got %d, %d, %d: a request that cannot be read ends the connection", answers[0].status, answers[1].status, answers[2].status)
	}
}

// Who sends too much is told so, and may go on, although nobody has read all that.
func TestWhoSendsTooMuchHearsIt(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	server := httptest.NewServer(p.handler)
	t.Cleanup(server.Close)
	giant := `{"ticketid":"` + strings.Repeat("x", 8<<20) + `"}`
	check := "POST /proxyapi/v1/rpc/harbor/1001/check/ HTTP/1.1\r\nHost: x\r\nContent-Length: " + itoa(len(giant)) + "\r\n"
	for _, x := range []struct {
		who, token string
		want       int
	}{{"a device", c.token, 400}, {"somebody", "unknown", 401}} {
		text := check + "Authorization: Device " + x.token + "\r\n\r\n" + giant + "GET /api/v1/version HTTP/1.1\r\nHost: x\r\n\r\n"
		if answers := say(t, server, text, "POST", "GET"); answers[0].status != x.want || !isSentence(answers[0]) || answers[1].status != 200 {
			t.Errorf("%s: %+v", x.who, answers)
		}
	}
}

// A monitor asks without wanting the body.
func TestHeadIsGetWithoutBody(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	server := httptest.NewServer(p.handler)
	t.Cleanup(server.Close)
	for path, want := range map[string]int{
		"/healthz": 200, "/api/v1/version": 200, harbor + "items/": 200, "/download/badge-1.pdf": 200, "/proxyapi/v1/rpc/check/": 404, "/nothing": 404,
	} {
		lines := " HTTP/1.1\r\nHost: x\r\nAuthorization: Device " + c.token + "\r\n\r\n"
		answers := say(t, server, "HEAD "+path+lines+"GET "+path+lines, "HEAD", "GET")
		if answers[0].status != want || answers[1].status != want || answers[0].body != "" || answers[1].body == "" {
			t.Errorf("%s: %+v", path, answers)
		}
	}
}

// A file may take longer than the server gives to an answer, here no time at all.
func TestADownloadTakesItsTime(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	server := httptest.NewUnstartedServer(p.handler)
	server.Config.WriteTimeout = 1
	server.Start()
	t.Cleanup(server.Close)
	get := " HTTP/1.1\r\nHost: x\r\nAuthorization: Device " + c.token + "\r\n\r\n"
	if a := say(t, server, "GET /download/badge-1.pdf"+get, "GET")[0]; a.status != 200 || a.body != pdf {
		t.Errorf("%d %q", a.status, a.body)
	}
}

// FuzzPath: wherever somebody asks, nothing falls over, and nobody is sent elsewhere.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"/", "//", "/proxyapi/v1/rpc/check/", "/proxyapi/v1/rpc/harbor/1001/status/", "/download/..%2f..%2fetc%2fpasswd", "/api/v1/../../x",
		harbor + "checkinlists/?subevent_match=%00&page=-1", harbor + "items/?page_size=99999999999999999999", "/api/v1/organizers/%F0%9F/events/",
		"/api/v1/organizers/fjord/events/?ends_after=0000-00-00T00:00:00Z", "/proxyapi/v1/rpc/%2e%2e/%2f/status",
		harbor + "orderpositions/-9223372036854775808/printlog/", "/api/v1/device/eventselection?current_event=%ff;a",
	} {
		f.Add(path)
	}
	p := newProxy(f)
	c := p.device(androidBrand)
	f.Fuzz(func(t *testing.T, path string) {
		p.t = t
		for _, method := range []string{"GET", "POST"} {
			r := c.request(method, "/", `{"query":"abcd"}`)
			at, err := r.URL.Parse("http://proxy.local/" + strings.TrimPrefix(path, "/"))
			if err != nil {
				return // no server gets such an address
			}
			r.URL = at
			if a := c.do(r); a.status >= 500 {
				t.Errorf("%s %q: %d %s", method, path, a.status, a.body)
			}
		}
	})
}

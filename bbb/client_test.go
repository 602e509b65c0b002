package bbb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/einlass/einlass/bbb"
)

const secret = "Tr3ffSharedSecret0123456789abcdef"

// answering starts a server that gives the same answer to everything.
func answering(t *testing.T, status int, body string) *bbb.Client {
	t.Helper()
	return talkingTo(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
}

func talkingTo(t *testing.T, h http.Handler) *bbb.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return client(t, server.URL)
}

func client(t *testing.T, base string) *bbb.Client {
	t.Helper()
	c, err := bbb.New(bbb.Config{BaseURL: base, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func file(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile("testdata/replies/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestQueryOnTheWireIsTheOneThatWasSigned(t *testing.T) {
	var uri, raw string
	c := talkingTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		uri, raw = r.RequestURI, r.URL.RawQuery
		http.ServeFile(w, r, "testdata/replies/create_ok.xml")
	}))
	_, err := c.Create(t.Context(), bbb.Create{Name: "Star* Tilde~ 'Zoë' (+/#)!", MeetingID: "treff-a12"})
	if err != nil {
		t.Fatal(err)
	}
	signed := "name=Star*+Tilde%7E+%27Zo%C3%AB%27+%28%2B%2F%23%29%21&meetingID=treff-a12&record=false"
	query, checksum, _ := strings.Cut(raw, "&checksum=")
	if query != signed || uri != "/bigbluebutton/api/create?"+raw {
		t.Errorf("on the wire: %s\nsigned:      %s", uri, signed)
	}
	if want := sha256hex("create" + signed + secret); checksum != want {
		t.Errorf("checksum %s, want %s", checksum, want)
	}
}

func TestMeetingInfo(t *testing.T) {
	c := answering(t, 200, file(t, "info_same_user_twice.xml"))
	m, err := c.MeetingInfo(t.Context(), "treff-a12")
	if err != nil {
		t.Fatal(err)
	}
	if !m.Open(true) || m.Present("J7K9QX3WLP") != 2 || m.Present("4711") != 0 || m.CreateTime != 1795456804000 {
		t.Errorf("%+v", m)
	}
}

// Each of these would look like "nobody by that ticket is inside" to a careless
// reader.
func TestAnIncompleteInfoIsUnavailable(t *testing.T) {
	whole := file(t, "info_2.xml")
	for story, body := range map[string]string{
		"no attendees element":    between(whole, "<attendees>", "</attendees>", ""),
		"no running":              strings.Replace(whole, "<running>true</running>", "", 1),
		"no hasBeenForciblyEnded": strings.Replace(whole, "<hasBeenForciblyEnded>false</hasBeenForciblyEnded>", "", 1),
		"no createTime":           strings.Replace(whole, "<createTime>1795456804000</createTime>", "", 1),
		"an attendee without ID":  strings.Replace(whole, "<userID>J7K9QX3WLP</userID>", "", 1),
		"another meeting":         strings.ReplaceAll(whole, "treff-a12", "treff-b07"),
		"only a returncode":       "<response><returncode>SUCCESS</returncode></response>",
		"a cut end":               whole[:len(whole)-20],
		"two documents":           whole + whole,
		"a login page":            "<html><body>login</body></html>",
		"nothing":                 "",
	} {
		if body == whole {
			t.Fatalf("%s: the case changes nothing", story)
		}
		_, err := answering(t, 200, body).MeetingInfo(t.Context(), "treff-a12")
		wantClass(t, story, err, bbb.Unavailable)
	}
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		reply string
		class bbb.Class
		key   string
	}{
		{"checksum_error.xml", bbb.Misconfigured, "checksumError"},
		{"errors_list.xml", bbb.Misconfigured, "nonUniqueVoiceBridge"},
		{"not_found.xml", bbb.NotRunning, "notFound"},
		{"join_error_not_found.xml", bbb.NotRunning, "invalidMeetingIdentifier"},
		{"join_error_forcibly_ended.xml", bbb.NotRunning, "meetingForciblyEnded"},
		{"validation_error.xml", bbb.Rejected, "validationError"},
		{"join_error_no_role.xml", bbb.Rejected, "Params required"},
		{"create_id_not_unique.xml", bbb.Rejected, "idNotUnique"},
		{"lb_scalelite_unsupported.xml", bbb.Rejected, "unsupportedRequest"},
		{"lb_scalelite_no_server.xml", bbb.Unavailable, "internalError"},
		{"lb_scalelite_server_unavailable.xml", bbb.Unavailable, "serverUnavailable"},
		{"lb_b3lb_no_node.xml", bbb.Unavailable, ""},
	} {
		_, err := answering(t, 200, file(t, c.reply)).MeetingInfo(t.Context(), "treff-a12")
		if got := wantClass(t, c.reply, err, c.class); got.Key != c.key {
			t.Errorf("%s: key %q, want %q", c.reply, got.Key, c.key)
		}
	}
}

func TestEveryOtherStatusIsUnavailable(t *testing.T) {
	for _, status := range []int{201, 204, 301, 302, 307, 400, 401, 403, 404, 429, 500, 502, 503} {
		_, err := answering(t, status, file(t, "info_2.xml")).MeetingInfo(t.Context(), "treff-a12")
		if got := wantClass(t, http.StatusText(status), err, bbb.Unavailable); got.Status != status {
			t.Errorf("status %d kept as %d", status, got.Status)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var calls atomic.Int32
	c := talkingTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	_, err := c.MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "redirect", err, bbb.Unavailable)
	if calls.Load() != 1 {
		t.Errorf("%d requests", calls.Load())
	}
}

func TestAnEndlessReplyIsCutOff(t *testing.T) {
	c := talkingTo(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 64 {
			if _, err := fmt.Fprint(w, strings.Repeat(" ", 64<<10)); err != nil {
				return
			}
		}
		fmt.Fprint(w, file(t, "info_2.xml"))
	}))
	_, err := c.MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "4 MiB of blanks", err, bbb.Unavailable)
	if !errors.Is(err, resty.ErrResponseBodyTooLarge) {
		t.Errorf("read to the end: %v", err)
	}
}

func TestALostConnectionIsNotRepeated(t *testing.T) {
	var calls atomic.Int32
	c := talkingTo(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		calls.Add(1)
		panic(http.ErrAbortHandler)
	}))
	_, err := c.Create(t.Context(), bbb.Create{Name: "Test", MeetingID: "treff-a12"})
	wantClass(t, "reset", err, bbb.Unavailable)
	if calls.Load() != 1 {
		t.Errorf("%d requests; the first one may have had its effect", calls.Load())
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, err = client(t, "http://"+listener.Addr().String()).MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "refused connection", err, bbb.Unavailable)
}

func TestACanceledCallEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := talkingTo(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	_, err := c.MeetingInfo(ctx, "treff-a12")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestASilentServerTimesOut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	c, err := bbb.New(bbb.Config{BaseURL: server.URL, Secret: secret, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "silence", err, bbb.Unavailable)
}

func TestErrorsTellNeitherURLNorSecretNorTheServersWords(t *testing.T) {
	gone := client(t, "http://127.0.0.1:1")
	echo := talkingTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<response><returncode>FAILED</returncode><messageKey>%[1]s</messageKey><message>%[1]s</message></response>",
			strings.ReplaceAll(r.URL.RawQuery, "&", "&amp;"))
	}))
	for story, c := range map[string]*bbb.Client{"nobody listens": gone, "the server echoes": echo, "HTML": answering(t, 502, "checksum=x "+secret)} {
		_, err := c.MeetingInfo(t.Context(), "treff-a12")
		if err == nil {
			t.Fatal(story)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("asked", "error", err, "client", c)
		text := log.String() + err.Error() + fmt.Sprintf("%v %+v %#v", c, c, errors.Unwrap(err))
		for _, word := range []string{secret, "checksum", "meetingID=", "/getMeetingInfo"} {
			if strings.Contains(text, word) {
				t.Errorf("%s: %q is in %s", story, word, text)
			}
		}
	}
}

func TestOtherCalls(t *testing.T) {
	ctx := t.Context()
	created, err := answering(t, 200, file(t, "create_duplicate_warning.xml")).Create(ctx, bbb.Create{Name: "Test", MeetingID: "treff-a12"})
	if err != nil || !created.Duplicate || created.CreateTime != 1795456804000 {
		t.Errorf("create: %+v, %v", created, err)
	}
	meetings, err := answering(t, 200, file(t, "meetings_two.xml")).Meetings(ctx)
	if err != nil || len(meetings) != 2 || meetings[1].Name != "Funkbetrieb & Q&A" {
		t.Errorf("meetings: %+v, %v", meetings, err)
	}
	none, err := answering(t, 200, file(t, "meetings_none.xml")).Meetings(ctx)
	if err != nil || len(none) != 0 {
		t.Errorf("no meetings: %+v, %v", none, err)
	}
	if err := answering(t, 200, file(t, "end_ok.xml")).End(ctx, "treff-a12"); err != nil {
		t.Errorf("end: %v", err)
	}
	wantClass(t, "end of a meeting that is gone", answering(t, 200, file(t, "not_found.xml")).End(ctx, "treff-a12"), bbb.NotRunning)
	version, err := answering(t, 200, file(t, "api_version_3.xml")).Version(ctx)
	if err != nil || version.BBB != "3.0.22" {
		t.Errorf("version: %+v, %v", version, err)
	}
	_, err = answering(t, 200, "<response><returncode>SUCCESS</returncode></response>").Create(ctx, bbb.Create{Name: "Test", MeetingID: "treff-a12"})
	wantClass(t, "create without createTime", err, bbb.Unavailable)
}

func wantClass(t *testing.T, story string, err error, want bbb.Class) *bbb.Error {
	t.Helper()
	failed, ok := errors.AsType[*bbb.Error](err)
	if !ok || failed.Class != want {
		t.Fatalf("%s: got %v, want class %v", story, err, want)
	}
	return failed
}

// between replaces everything from the first start to the last end.
func between(s, start, end, with string) string {
	return s[:strings.Index(s, start)] + with + s[strings.LastIndex(s, end)+len(end):]
}

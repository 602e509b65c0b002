package scanproxy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// This file lets the product's own Uploader and client tell a server what a case is about, and looks at what arrived
// there. The recorded cases speak of the Java library's requests; inLibraryWords translates.

// request is what reached pretix.
type request struct {
	method, path string // the path is escaped
	header       http.Header
	body         object
}

// oneUpload is a queue with one upload in it.
type oneUpload struct {
	kind   scanproxy.Kind
	upload scanproxy.Upload
	result scanproxy.Result
	ended  int
}

func (q *oneUpload) Due(_ context.Context, kind scanproxy.Kind, _ time.Time, after int64, _ int) ([]scanproxy.Upload, error) {
	if kind != q.kind || after >= q.upload.ID {
		return nil, nil
	}
	return []scanproxy.Upload{q.upload}, nil
}

func (q *oneUpload) Begin(context.Context, scanproxy.Kind, int64) error { return nil }

func (q *oneUpload) End(_ context.Context, _ scanproxy.Kind, _ int64, r scanproxy.Result) error {
	q.result = r
	q.ended++
	return nil
}

func (q *oneUpload) Told(context.Context, scanproxy.Subject) ([]scanproxy.OwnCheckin, error) {
	return nil, nil
}

// emptyCopy knows no list.
type emptyCopy struct{}

func (emptyCopy) Read(context.Context, func(scanproxy.Lookup, int64) error) error { return nil }

func (emptyCopy) Generation(context.Context) (int64, error) { return 0, nil }

// tell uploads to a server that answers so, and returns what it heard and what became of the upload.
func tell(t *testing.T, organizer string, kind scanproxy.Kind, u scanproxy.Upload, answer answer) (request, scanproxy.Outcome) {
	t.Helper()
	var heard []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := request{method: r.Method, path: r.URL.EscapedPath(), header: r.Header}
		if err := json.Unmarshal(body, &got.body); err != nil {
			t.Error(err)
		}
		heard = append(heard, got)
		answer.write(w)
	}))
	defer server.Close()
	client, err := pretix.New(pretix.Config{BaseURL: server.URL, Organizer: organizer, Token: "token", AuthScheme: "Device"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	u.ID = 1
	q := &oneUpload{kind: kind, upload: u}
	uploader := scanproxy.Uploader{Queue: q, Pretix: client, Copy: emptyCopy{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if _, err := uploader.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 1 || q.ended != 1 {
		t.Fatalf("%d requests, %d results, want one of each", len(heard), q.ended)
	}
	return heard[0], q.result.Outcome
}

// answer is what a server says: a JSON body, or something else if that is not the text of a JSON object. Status 0 is no
// answer at all.
type answer struct {
	status int
	body   json.RawMessage
}

func (a answer) write(w http.ResponseWriter) {
	if a.status == 0 {
		panic(http.ErrAbortHandler) // cuts the connection
	}
	kind := "text/html"
	if strings.HasPrefix(string(a.body), "{") {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // who is gone by now, the test hears of elsewhere
}

func told() answer { return answer{http.StatusCreated, json.RawMessage(`{"status": "ok"}`)} }

// admitted is the upload of an accepted scan.
func admitted(t *testing.T, organizer string, a scanproxy.Admit, answer answer) (request, scanproxy.Outcome) {
	t.Helper()
	got, outcome := tell(t, organizer, scanproxy.Checkins, scanproxy.Upload{Admit: &a}, answer)
	return got.inLibraryWords(t, organizer, a.Event), outcome
}

// reported is the report of a refused scan.
func reported(t *testing.T, organizer string, r scanproxy.Report) request {
	t.Helper()
	got, _ := tell(t, organizer, scanproxy.Refusals, scanproxy.Upload{Report: &r}, told())
	got.plainTime(t)
	return got
}

// rpcFields are all that pretix is told of an accepted scan: ids, times and answers, but no name, address or device.
var rpcFields = []string{
	"secret", "lists", "nonce", "datetime", "type", "force", "ignore_unpaid", "questions_supported", "answers", "source_type",
}

// inLibraryWords translates checkinrpc/redeem into the call that the Java library makes: list and secret stand in its
// path, and what the newer call implies has a field of its own there. Why the newer one: docs/differences.md.
func (r request) inLibraryWords(t *testing.T, organizer, event string) request {
	t.Helper()
	if want := "/api/v1/organizers/" + organizer + "/checkinrpc/redeem/"; r.path != want {
		t.Errorf("sent to %s, want %s", r.path, want)
	}
	for _, field := range slices.Sorted(maps.Keys(r.body)) {
		if !slices.Contains(rpcFields, field) {
			t.Errorf("the upload holds %q", field)
		}
	}
	lists := list(r.body["lists"])
	if len(lists) != 1 {
		t.Fatalf("sent to the lists %v", lists)
	}
	r.plainTime(t)
	r.path = fmt.Sprintf("/api/v1/organizers/%s/events/%s/checkinlists/%.0f/positions/%s/redeem/",
		organizer, event, lists[0], escaped(text(r.body["secret"])))
	r.body["canceled_supported"], r.body["use_order_locale"] = true, false
	if r.body["answers"] == nil {
		r.body["answers"] = object{}
	}
	return r
}

// plainTime writes whole seconds without a fraction. What has one keeps it.
func (r request) plainTime(t *testing.T) {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text(r.body["datetime"]))
	if err != nil {
		t.Fatal(err)
	}
	r.body["datetime"] = at.UTC().Format(time.RFC3339Nano)
}

// escaped percent-encodes everything but letters and digits, as the library does in paths.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// queuedRow is an accepted scan in the library's table of uploads, read off what pretix is told.
func queuedRow(t *testing.T, organizer string, a scanproxy.Admit) object {
	t.Helper()
	r, _ := admitted(t, organizer, a, told())
	sent, _ := r.body["answers"].(object)
	if len(sent) != len(a.Answers) {
		t.Errorf("%d answers were sent of %d", len(sent), len(a.Answers))
	}
	rows := []object{} // in the order of the questions, which an object does not have
	for _, x := range a.Answers {
		rows = append(rows, object{"question": x.Question, "answer": sent[strconv.FormatInt(x.Question, 10)]})
	}
	return object{
		"event": a.Event, "list": list(r.body["lists"])[0], "secret": r.body["secret"], "type": r.body["type"],
		"datetime": r.body["datetime"], "nonce": r.body["nonce"], "answers": rows,
		"source_type": nil, // its column is always empty: the secret of a ticket is sent, whatever was scanned
	}
}

func answerTo(a recorded.Action) answer {
	if string(a.Response.Body) == "null" {
		return answer{status: a.Response.Status}
	}
	return answer{a.Response.Status, a.Response.Body}
}

func upload(t *testing.T, action recorded.Action, organizer string) object {
	t.Helper()
	var e struct {
		Event, Secret, Type, Nonce string
		Source                     string `json:"source_type"` // empty, or a barcode: it is the ticket's own secret
		List                       int64
		Datetime                   time.Time
		Answers                    []struct {
			Question int64
			Answer   string
		}
	}
	if err := recorded.Strict(action.QueueEntry, &e); err != nil {
		t.Fatal(err)
	}
	if e.Source != "" && e.Source != "barcode" {
		t.Fatalf("the queue keeps no source like %q", e.Source)
	}
	a := scanproxy.Admit{
		Subject: scanproxy.Subject{Event: e.Event, List: e.List, Secret: scanproxy.Code(e.Secret)},
		Type:    scanproxy.ScanType(strings.ToUpper(e.Type)), At: e.Datetime, Nonce: e.Nonce,
	}
	for _, x := range e.Answers {
		a.Answers = append(a.Answers, scanproxy.Answer{Question: x.Question, Text: x.Answer})
	}
	r, outcome := admitted(t, organizer, a, answerTo(action))
	return object{"request": object{"method": r.method, "path": r.path, "body": r.body}, "entry": outcome}
}

// uploadFailed: the cases leave out what pretix says about a report, which is JSON always.
func uploadFailed(t *testing.T, action recorded.Action, organizer string) object {
	t.Helper()
	var c struct {
		Event string
		List  int64
		Body  struct {
			Reason       string    `json:"error_reason"`
			Raw          string    `json:"raw_barcode"`
			Datetime     time.Time `json:"datetime"`
			Type         string    `json:"type"`
			Nonce        string    `json:"nonce"`
			Position     int64     `json:"position"`
			RawItem      int64     `json:"raw_item"`
			RawVariation int64     `json:"raw_variation"`
			RawSubEvent  int64     `json:"raw_subevent"`
		}
	}
	if err := recorded.Strict(action.Call, &c); err != nil {
		t.Fatal(err)
	}
	b := c.Body
	report := scanproxy.Report{
		Event: c.Event, List: c.List, Reason: scanproxy.Reason(b.Reason), RawBarcode: scanproxy.Code(b.Raw), At: b.Datetime,
		Type: scanproxy.ScanType(strings.ToUpper(b.Type)), Nonce: b.Nonce, Position: b.Position,
		RawItem: b.RawItem, RawVariation: b.RawVariation, RawSubEvent: b.RawSubEvent,
	}
	if report.Nonce == "" {
		report.Nonce = scanproxy.NewNonce() // as the journal does
	}
	says := answerTo(action)
	if len(says.body) == 0 {
		says.body = json.RawMessage(`{}`)
	}
	r, outcome := tell(t, organizer, scanproxy.Refusals, scanproxy.Upload{Report: &report}, says)
	r.plainTime(t)
	const key = "X-Idempotency-Key"
	sent := object{"method": r.method, "path": r.path, "body": r.body}
	if r.header.Get(key) != "" {
		sent["idempotency_header"] = key
	}
	return object{"request": sent, "entry": outcome}
}

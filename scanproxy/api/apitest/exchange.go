package apitest

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// Exchange is one request of a real app and what it needs to get. exchanges.json has them in the order in which they have
// to be sent, exchanges_more.json those of the same kind that it leaves out.
type Exchange struct {
	Name, Client, Method, Path string
	Headers                    map[string]string
	Body                       json.RawMessage
	Expect                     struct {
		Status        int
		Alternatives  []int             `json:"status_alternatives"`
		Fields        map[string]string `json:"required_fields"`
		AbsentOrNull  []string          `json:"absent_or_null"`
		Forbidden     []string          `json:"forbidden"`
		BodyNotPrefix string            `json:"raw_body_must_not_start_with"`
		ErrorBody     string            `json:"error_body"`
	}
}

// Read reads a file of exchanges.
func Read(t testing.TB, file string) (all []Exchange) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// request is the exchange's request, with what the variables stand for.
func (e Exchange) request(t testing.TB, vars map[string]string) Request {
	r := Request{Method: e.Method, Path: fill(t, e.Path, vars), Headers: map[string]string{}}
	if string(e.Body) != "null" {
		r.Body = fill(t, string(e.Body), vars)
	}
	for name, value := range e.Headers {
		r.Headers[name] = fill(t, value, vars)
	}
	return r
}

// fill puts values in place of {{NAME}}, bare ones in place of "{{NAME:int}}".
func fill(t testing.TB, text string, vars map[string]string) string {
	t.Helper()
	for name, value := range vars {
		text = strings.ReplaceAll(text, `"{{`+name+`:int}}"`, value)
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	if strings.Contains(text, "{{") {
		t.Fatalf("unknown variable in %s", text)
	}
	return text
}

// check complains about an answer.
func (e Exchange) check(t testing.TB, a Answer, vars map[string]string) {
	t.Helper()
	if a.Status != e.Expect.Status && !slices.Contains(e.Expect.Alternatives, a.Status) {
		t.Fatalf("status %d, want %d: %s", a.Status, e.Expect.Status, a.Body)
	}
	if bad := e.Expect.BodyNotPrefix; bad != "" && strings.HasPrefix(a.Body, bad) {
		t.Errorf("the body begins with %q: %s", bad, a.Body)
	}
	if a.Status >= 400 && e.Expect.ErrorBody != "" {
		checkErrorBody(t, a)
	}
	if a.Status != e.Expect.Status || a.Status == 304 || len(e.Expect.Fields) == 0 {
		return
	}
	var root any
	d := json.NewDecoder(strings.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	for path, kind := range e.Expect.Fields {
		for _, v := range valuesAt(root, path) {
			if want := fill(t, kind, vars); !isKind(v, want) {
				t.Errorf("%s is %v, want %s", path, v, want)
			}
		}
	}
	for _, path := range slices.Concat(e.Expect.AbsentOrNull, e.Expect.Forbidden) {
		for _, v := range valuesAt(root, path) {
			if v != nil && v != absent {
				t.Errorf("%s is %v, want nothing", path, v)
			}
		}
	}
}

// checkErrorBody: plain text, or JSON with a title.
func checkErrorBody(t testing.TB, a Answer) {
	t.Helper()
	var o map[string]any
	if json.Unmarshal([]byte(a.Body), &o) == nil {
		if title, _ := o["title"].(string); title == "" {
			t.Errorf("a JSON error without title: %s", a.Body)
		}
	} else if strings.TrimSpace(a.Body) == "" || len(a.Body) > 200 {
		t.Errorf("not a short sentence: %q", a.Body)
	}
}

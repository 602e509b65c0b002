package api_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// exchange is one request of a real app and what it needs to get. testdata/exchanges.json has them in the order in which
// they have to be sent, testdata/exchanges_more.json those of the same kind that it leaves out.
type exchange struct {
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

// TestExchanges replays the apps' traffic, with pretix in memory and copied into each engine.
func TestExchanges(t *testing.T) {
	for file, prints := range map[string]int{"testdata/exchanges.json": 2, "testdata/exchanges_more.json": 0} {
		for copied, proxied := range map[string]func(t *testing.T) *proxy{
			"memory":   func(t *testing.T) *proxy { return newProxy(t) },
			"sqlite":   func(t *testing.T) *proxy { return newCopiedProxy(t, storetest.SQLiteURL(t)) },
			"postgres": func(t *testing.T) *proxy { return newCopiedProxy(t, postgres.URL(t)) },
		} {
			t.Run(filepath.Base(file)+" "+copied, func(t *testing.T) {
				p := proxied(t)
				replayAll(t, p, readExchanges(t, file))
				if n := len(p.prints.kept); n != prints {
					t.Errorf("%d print logs were kept, want %d", n, prints)
				}
			})
		}
	}
}

func readExchanges(t *testing.T, file string) (all []exchange) {
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

// replayAll sends every exchange in file order. What one needs to have happened before is in before.
func replayAll(t *testing.T, p *proxy, all []exchange) {
	clients := map[string]client{"android": p.device(androidBrand), "desktop": p.device(desktopBrand)}
	vars := map[string]string{
		"ORG": "fjord", "EVENT": "harbor", "LIST": "1001", "LIST_NOPENDING": "1002", "EVENT2": "island", "LIST2": "2001",
		"SUBEVENT": "501", "POSITION": "9", "ORDER_CODE": "AAAAA", "ATTENDEE_NAME": "Ada ",
		"QUESTION": "901", "QUESTION_CHOICE": "905", "OPTION_ID": "9051", "OPTION_IDENT": "MEAT", "QUESTION_FILE": "909",
		"SECRET_VALID": "secretvalid00000000000000", "SECRET_USED": "secretused000000000000000",
		"SECRET_PENDING": "secretpending000000000000", "SECRET_EVENT2": "secretisland0000000000000",
		"SECRET_OTHER_PRODUCT": "secretbag0000000000000000", "SECRET_QUESTION": "secretquestion00000000000",
		"SECRET_QUESTION_CHOICE": "secretchoice0000000000000", "SECRET_QUESTION_FILE": "secretfile000000000000000",
		"SECRET_BADGE": "secretbadge00000000000000", "SECRET_ATTENTION": "secretattention0000000000",
		"SECRET_SLASH": "secretslash00000000000000", "SECRET_SLASH2": "secretslash20000000000000",
		"SECRET_OFFLINE": "secretoffline000000000000", "SECRET_DESK_VALID": "secretdesk000000000000000",
		"SECRET_CANCELED": "secretcanceled00000000000", "SECRET_RULES": "secretrules00000000000000",
	}
	before := map[string]func(){
		"initialize-android":         func() { vars["INIT_TOKEN"] = newInvitation(t, p) },
		"initialize-desktop":         func() { vars["USED_INIT_TOKEN"], vars["INIT_TOKEN"] = vars["INIT_TOKEN"], newInvitation(t, p) },
		"check-android-unpaid-retry": func() { expectType(t, clients["android"].scan(vars["SECRET_PENDING"]), "UNPAID") },
		"check-android-answers":      func() { expectType(t, clients["android"].scan(vars["SECRET_QUESTION"]), "ANSWERS_REQUIRED") },
		"check-desktop-exit":         func() { expectType(t, clients["desktop"].scan(vars["SECRET_DESK_VALID"]), "VALID") },
	}
	for _, e := range all {
		if prepare := before[e.Name]; prepare != nil {
			prepare()
		}
		vars["DEVICE_TOKEN"] = clients[e.Client].token
		t.Run(e.Name, func(t *testing.T) { e.replay(t, p, vars) })
	}
	for name, secret := range vars {
		if (strings.HasPrefix(name, "SECRET") || strings.HasSuffix(name, "TOKEN") || name == "ATTENDEE_NAME") && strings.Contains(p.log.text(), secret) {
			t.Errorf("the log holds %s", name)
		}
	}
}

func newInvitation(t *testing.T, p *proxy) string {
	t.Helper()
	i, err := p.registry.Invite(t.Context(), scanproxy.Profile{Name: "new"})
	if err != nil {
		t.Fatal(err)
	}
	return i.Token.Reveal()
}

func expectType(t *testing.T, answer map[string]any, want string) {
	t.Helper()
	if answer["type"] != want {
		t.Errorf("got %v, want type %s", answer, want)
	}
}

func (e exchange) replay(t *testing.T, p *proxy, vars map[string]string) {
	fill := func(text string) string {
		for name, value := range vars {
			text = strings.ReplaceAll(text, `"{{`+name+`:int}}"`, value)
			text = strings.ReplaceAll(text, "{{"+name+"}}", value)
		}
		if strings.Contains(text, "{{") {
			t.Fatalf("unknown variable in %s", text)
		}
		return text
	}
	body := string(e.Body)
	if body == "null" {
		body = ""
	}
	r := client{proxy: p}.request(e.Method, fill(e.Path), fill(body))
	r.Header.Del("Content-Type")
	for name, value := range e.Headers {
		r.Header.Set(name, fill(value))
	}
	a := p.do(r)
	if a.status != e.Expect.Status && !slices.Contains(e.Expect.Alternatives, a.status) {
		t.Fatalf("status %d, want %d: %s", a.status, e.Expect.Status, a.body)
	}
	if bad := e.Expect.BodyNotPrefix; bad != "" && strings.HasPrefix(a.body, bad) {
		t.Errorf("the body begins with %q: %s", bad, a.body)
	}
	if a.status >= 400 && e.Expect.ErrorBody != "" {
		e.checkErrorBody(t, a)
	}
	if a.status != e.Expect.Status || a.status == 304 || len(e.Expect.Fields) == 0 {
		return
	}
	var root any
	d := json.NewDecoder(strings.NewReader(a.body))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	for path, kind := range e.Expect.Fields {
		for _, v := range valuesAt(root, path) {
			if want := fill(kind); !isKind(v, want) {
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
func (e exchange) checkErrorBody(t *testing.T, a answer) {
	t.Helper()
	var o map[string]any
	if json.Unmarshal([]byte(a.body), &o) == nil {
		if title, _ := o["title"].(string); title == "" {
			t.Errorf("a JSON error without title: %s", a.body)
		}
	} else if strings.TrimSpace(a.body) == "" || len(a.body) > 200 {
		t.Errorf("not a short sentence: %q", a.body)
	}
}

// absent is what valuesAt finds where a key is missing.
const absent = "(absent)"

// valuesAt returns the values at a path such as "results[].name"; "$" is the whole, and "->" leads into JSON that stands
// in a text.
func valuesAt(root any, path string) []any {
	if path == "$" {
		return []any{root}
	}
	if outer, inner, isText := strings.Cut(path, "->"); isText {
		var values []any
		for _, v := range valuesAt(root, outer) {
			values = append(values, valuesAt(inText(v), inner)...)
		}
		return values
	}
	values := []any{root}
	for _, step := range strings.Split(path, ".") {
		name, each := strings.CutSuffix(step, "[]")
		var next []any
		for _, v := range values {
			if name != "" {
				o, _ := v.(map[string]any)
				inner, known := o[name]
				if v = inner; !known {
					v = absent
				}
			}
			if l, isList := v.([]any); each && isList {
				next = append(next, l...)
			} else if !each {
				next = append(next, v)
			}
		}
		values = next
	}
	return values
}

// inText is the JSON in a text, absent if there is none.
func inText(v any) (inner any) {
	text, _ := v.(string)
	if json.Unmarshal([]byte(text), &inner) != nil {
		return absent
	}
	return inner
}

// isKind says whether a value is of one of the kinds: "integer|null", "enum:A,B", "const:x", "array<object>".
func isKind(v any, kinds string) bool {
	if want, isConst := strings.CutPrefix(kinds, "const:"); isConst {
		return fmt.Sprint(v) == want
	}
	if words, isEnum := strings.CutPrefix(kinds, "enum:"); isEnum {
		return slices.Contains(strings.Split(words, ","), fmt.Sprint(v))
	}
	if want, isText := strings.CutPrefix(kinds, "json-string:"); isText {
		return isKind(inText(v), want)
	}
	return slices.ContainsFunc(strings.Split(kinds, "|"), func(kind string) bool { return kindOf(v, kind) })
}

func kindOf(v any, kind string) bool {
	switch x := v.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "string" && x != absent || kind == "absent" && x == absent
	case bool:
		return kind == "boolean"
	case json.Number:
		_, err := strconv.ParseInt(x.String(), 10, 64)
		return kind == "integer" && err == nil
	case map[string]any:
		return kind == "object"
	case []any:
		inner, ofObjects := strings.CutPrefix(kind, "array<")
		all := !slices.ContainsFunc(x, func(e any) bool { return !kindOf(e, strings.TrimSuffix(inner, ">")) })
		return kind == "array" || ofObjects && all
	}
	return false
}

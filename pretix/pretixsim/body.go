package pretixsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wrongDatetime is the text for any time that cannot be read.
const wrongDatetime = "Datetime has wrong format. Use one of these formats instead: " +
	"YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."

// fields reads a request body field by field and collects every complaint, as a Django REST serializer does.
type fields struct {
	c      *call
	in     map[string]any
	errs   map[string][]string
	strict bool // an absent required field is a complaint (POST, PUT), not a no-op (PATCH)
	known  []string
}

// fields parses the body: JSON or a form, an object.
func (c *call) fields() (*fields, *reply) {
	f := &fields{c: c, errs: map[string][]string{}, strict: c.r.Method != http.MethodPatch}
	if len(c.body) == 0 {
		return f, nil
	}
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	var no reply
	switch kind {
	case "application/json":
		no, f.in = parseJSON(c.body)
	case "application/x-www-form-urlencoded":
		f.in = parseForm(c.body)
	default:
		no = detail(http.StatusUnsupportedMediaType, fmt.Sprintf("Unsupported media type %q in request.", kind))
	}
	if no.status != 0 {
		return nil, &no
	}
	return f, nil
}

func parseJSON(body []byte) (reply, map[string]any) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return detail(http.StatusBadRequest, "JSON parse error - Expected object or value"), nil
	}
	in, ok := v.(map[string]any)
	if !ok {
		return nonField("Invalid data. Expected a dictionary, but got " + pythonType(v) + "."), nil
	}
	return reply{}, in
}

func parseForm(body []byte) map[string]any {
	values, _ := url.ParseQuery(string(body)) // pretix keeps what it can read, too
	in := map[string]any{}
	for key, vs := range values {
		in[key] = vs[len(vs)-1]
		if key == "lists" {
			all := make([]any, len(vs))
			for i, v := range vs {
				all[i] = v
			}
			in[key] = all
		}
	}
	return in
}

func pythonType(v any) string {
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "float"
		}
		return "int"
	case string:
		return "str"
	case bool:
		return "bool"
	case []any:
		return "list"
	case map[string]any:
		return "dict"
	}
	return "NoneType"
}

func (f *fields) wrong(name, text string) { f.errs[name] = append(f.errs[name], text) }

// value returns a field that is present and not null. Null is refused unless nullable.
func (f *fields) value(name string, required, nullable bool) (any, bool) {
	f.known = append(f.known, name)
	v, present := f.in[name]
	if !present {
		if required && f.strict {
			f.wrong(name, "This field is required.")
		}
		return nil, false
	}
	if v == nil {
		if !nullable {
			f.wrong(name, "This field may not be null.")
		}
		return nil, false
	}
	return v, true
}

// has reports whether the field was sent at all, null included.
func (f *fields) has(name string) bool {
	_, ok := f.in[name]
	return ok
}

// text reads a string; a number is made one, blanks around it are cut, an empty one is refused unless blank is fine.
func (f *fields) text(name string, required, nullable, blank bool) string {
	v, ok := f.value(name, required, nullable)
	if !ok {
		return ""
	}
	var text string
	switch v := v.(type) {
	case string:
		text = strings.TrimSpace(v)
	case json.Number:
		text = v.String()
	default:
		f.wrong(name, "Not a valid string.")
		return ""
	}
	if text == "" && !blank {
		f.wrong(name, "This field may not be blank.")
	}
	return text
}

func (f *fields) flag(name string, byDefault bool) bool {
	v, ok := f.value(name, false, false)
	if !ok {
		return byDefault
	}
	switch strings.ToLower(fmt.Sprint(v)) {
	case "true", "t", "1", "y", "yes", "on":
		return true
	case "false", "f", "0", "n", "no", "off":
		return false
	}
	f.wrong(name, "Must be a valid boolean.")
	return byDefault
}

func (f *fields) choice(name, byDefault string, allowed ...string) string {
	v, ok := f.value(name, false, false)
	if !ok {
		return byDefault
	}
	text := fmt.Sprint(v)
	if !slices.Contains(allowed, text) {
		f.wrong(name, fmt.Sprintf("%q is not a valid choice.", text))
	}
	return text
}

// instant reads a time; zero when absent or null.
func (f *fields) instant(name string, required bool) time.Time {
	v, ok := f.value(name, required, !required)
	if !ok {
		return time.Time{}
	}
	text, isText := v.(string)
	if t, good := f.c.instant(text); isText && good {
		return t
	}
	f.wrong(name, wrongDatetime)
	return time.Time{}
}

// i18n reads a multi-lingual text: an object by language, or a plain string for the event's language.
func (f *fields) i18n(name string, required bool) Text {
	v, ok := f.value(name, required, !required)
	if !ok {
		return nil
	}
	switch v := v.(type) {
	case string:
		return Text{f.c.event.Locale: v}
	case map[string]any:
		out := Text{}
		for lang, text := range v {
			if !slices.Contains([]string{"de", "de-informal", "en", "fr", "nl"}, lang) {
				f.wrong(name, "Invalid languages included.")
			}
			out[lang] = fmt.Sprint(text)
		}
		return out
	}
	f.wrong(name, "Invalid data type.")
	return nil
}

// reference reads one primary key; 0 when absent or null.
func (f *fields) reference(name string, exists func(id int) bool) int {
	v, ok := f.value(name, false, true)
	if !ok {
		return 0
	}
	return f.primaryKey(name, v, exists)
}

// references reads a list of primary keys.
func (f *fields) references(name string, required bool, exists func(id int) bool) []int {
	v, ok := f.value(name, required, false)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		f.wrong(name, fmt.Sprintf("Expected a list of items but got type %q.", pythonType(v)))
		return nil
	}
	ids := []int{}
	for _, v := range list {
		ids = append(ids, f.primaryKey(name, v, exists))
		if len(f.errs[name]) > 0 {
			break
		}
	}
	return ids
}

func (f *fields) primaryKey(name string, v any, exists func(id int) bool) int {
	id, err := strconv.Atoi(fmt.Sprint(v))
	if _, isBool := v.(bool); isBool || err != nil {
		f.wrong(name, "Incorrect type. Expected pk value, received "+pythonType(v)+".")
		return 0
	}
	if !exists(id) {
		f.wrong(name, fmt.Sprintf(`Invalid pk "%d" - object does not exist.`, id))
	}
	return id
}

// done returns the collected complaints, if any, and notes fields that pretix would ignore.
func (f *fields) done() *reply {
	for name := range f.in {
		if !slices.Contains(f.known, name) {
			f.c.problem("field %q does not exist and is ignored", name)
		}
	}
	if len(f.errs) == 0 {
		return nil
	}
	no := badFields(f.errs)
	return &no
}

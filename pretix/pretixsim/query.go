package pretixsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// filters reads the query of a list and remembers what it knew, because pretix ignores the rest in silence and
// returns every row: the most expensive typing mistake its API has.
type filters struct {
	c        *call
	known    []string
	unplayed []string
	errs     map[string][]string
}

// filters starts reading; known are parameters that something else looks at.
func (c *call) filters(known ...string) *filters {
	return &filters{c: c, errs: map[string][]string{}, known: append(known, "page", "page_size")}
}

// lacks names parameters that pretix has and the simulator has not.
func (f *filters) lacks(names ...string) *filters {
	f.unplayed = append(f.unplayed, names...)
	return f
}

// text returns a filter's value, "" when absent.
func (f *filters) text(name string) string {
	f.known = append(f.known, name)
	return f.c.query.Get(name)
}

// flag returns nil when absent or not true/false: pretix ignores both.
func (f *filters) flag(name string) *bool {
	switch strings.ToLower(f.text(name)) {
	case "true":
		v := true
		return &v
	case "false":
		v := false
		return &v
	}
	return nil
}

// instant returns the zero time when absent. A raw "+" in the query arrives as a blank, and is refused as pretix does.
func (f *filters) instant(name string) time.Time {
	text := f.text(name)
	if text == "" {
		return time.Time{}
	}
	if strings.Contains(text, " ") {
		f.errs[name] = []string{"Enter a valid date/time."}
		return time.Time{}
	}
	t, ok := f.c.instant(text)
	if !ok {
		f.errs[name] = []string{"Enter a valid date/time."}
	}
	return t
}

// reference returns the id of an existing object, 0 when absent; anything else is refused.
func (f *filters) reference(name string, exists func(id int) bool) int {
	text := f.text(name)
	if text == "" {
		return 0
	}
	id, err := strconv.Atoi(text)
	if err != nil || !exists(id) {
		f.errs[name] = []string{"Select a valid choice. That choice is not one of the available choices."}
	}
	return id
}

// anyOf returns a comma separated filter, nil when absent.
func (f *filters) anyOf(name string) []string {
	text := f.text(name)
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// done returns the refusal of bad values and of filters that are not simulated, if any, and notes those that pretix
// would not have looked at.
func (f *filters) done() *reply {
	for name := range f.c.query {
		switch {
		case slices.Contains(f.unplayed, name):
			no := f.c.notSimulated("filter " + name)
			return &no
		case !slices.Contains(f.known, name):
			f.c.problem("filter %q does not exist and is ignored", name)
		}
	}
	if len(f.errs) == 0 {
		return nil
	}
	no := badFields(f.errs)
	return &no
}

// pathID reads an id from the path; one that is no number is a 404 without a model's name.
func (c *call) pathID(name string) (int, *reply) {
	id, err := strconv.Atoi(c.vars[name])
	if err != nil {
		no := detail(http.StatusNotFound, "Not found.")
		return 0, &no
	}
	return id, nil
}

func (c *call) expands(name string) bool { return slices.Contains(c.query["expand"], name) }

func (c *call) asks(name string) bool { return strings.EqualFold(c.query.Get(name), "true") }

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

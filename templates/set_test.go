package templates_test

import (
	"bytes"
	"testing"

	"github.com/einlass/einlass/templates"
)

func TestEveryPageRenders(t *testing.T) {
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Languages() {
		frame := templates.Frame{Lang: lang}
		var out bytes.Buffer
		for name, render := range map[string]func() error{
			"home":    func() error { return set.Home(&out, templates.Home{Frame: frame}) },
			"refusal": func() error { return set.Refusal(&out, templates.Refusal{Frame: frame, Reason: "blocked"}) },
			"wait":    func() error { return set.Wait(&out, templates.Wait{Frame: frame}) },
			"enter":   func() error { return set.Enter(&out, templates.Enter{Frame: frame}) },
			"room":    func() error { return set.RoomPage(&out, templates.RoomPage{Frame: frame}) },
		} {
			if err := render(); err != nil {
				t.Errorf("%s in %s: %v", name, lang, err)
			}
		}
	}
}

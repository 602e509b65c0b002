package scanproxy

import (
	"fmt"
	"strings"
	"time"

	"github.com/einlass/einlass/scanproxy/rules"
)

// Languages is the same thing in each language that the crew may be addressed in.
type Languages[T any] struct{ English, German T }

// In returns that of a language ("de" or "de-informal"); English where another, or none, is asked for.
func (l Languages[T]) In(language string) T {
	if base, _, _ := strings.Cut(language, "-"); base == "de" {
		return l.German
	}
	return l.English
}

// Phrases are the sentences of a verdict in one language. Those with a verb of fmt take what the comment says.
type Phrases struct {
	ExchangeOffline string
	MediumOff       string
	MediumExpired   string
	ProductUnknown  string
	NoEvent         string
	NoList          string // it is not there
	NoListSelected  string
	NoListForEvent  string
	NotHereYet      string // slug of the event
	RulesFail       string // why

	Used     string // how long ago, and where
	AtDevice string // name
	AtNumber string // of a device whose name is not known
	JustNow  string
	Ago      [4]Plural // days, hours, minutes, seconds

	ForOldClients map[Type]string // the verdicts that old clients do not know, as a message
	NotUnderstood string          // any other verdict that they do not know
	RulePhrases   rules.Phrases
}

// Plural says that it is so many: one of them, or a number of them.
type Plural struct{ One, Many string }

// PhrasesIn returns the sentences of a verdict in that language. "" is English.
func PhrasesIn(language string) Phrases { return phrases.In(language) }

// ago says a duration as a person would.
func (p Phrases) ago(d time.Duration) string {
	for i, unit := range [len(p.Ago)]time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if n := int64(d / unit); n == 1 {
			return p.Ago[i].One
		} else if n > 1 {
			return fmt.Sprintf(p.Ago[i].Many, n)
		}
	}
	return p.JustNow
}

// at says where a visit was; "" if nobody knows.
func (p Phrases) at(v visit) string {
	switch {
	case v.device != "":
		return fmt.Sprintf(p.AtDevice, v.device)
	case v.number != 0:
		return fmt.Sprintf(p.AtNumber, v.number)
	}
	return ""
}

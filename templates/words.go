package templates

import (
	"embed"
	"fmt"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed i18n/*.toml
var wordFiles embed.FS

// words speaks one language.
type words struct {
	lang     string
	now      func() time.Time
	localize *i18n.Localizer
}

func loadBundle() (*i18n.Bundle, error) {
	bundle := i18n.NewBundle(language.German)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, lang := range Languages() {
		if _, err := bundle.LoadMessageFileFS(wordFiles, "i18n/"+lang+".toml"); err != nil {
			return nil, fmt.Errorf("load words in %s: %w", lang, err)
		}
	}
	return bundle, nil
}

func newWords(bundle *i18n.Bundle, lang string, now func() time.Time) *words {
	return &words{lang: lang, now: now, localize: i18n.NewLocalizer(bundle, lang)}
}

// text returns the words of a key. At most one value goes with it: what the words may mention.
func (w *words) text(key string, mention ...any) (string, error) {
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(mention) > 0 {
		config.TemplateData = mention[0]
	}
	text, err := w.localize.Localize(config)
	if err != nil {
		return "", fmt.Errorf("words %s in %s: %w", key, w.lang, err)
	}
	return text, nil
}

// count returns "1 minute" or "2 minutes". Key is unit.second or unit.minute.
func (w *words) count(key string, n int) (string, error) {
	text, err := w.localize.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n})
	if err != nil {
		return "", fmt.Errorf("words %s in %s: %w", key, w.lang, err)
	}
	return text, nil
}

// duration returns seconds as people say it: up to 90 seconds as such, then in minutes, rounded up.
func (w *words) duration(seconds int) (string, error) {
	if seconds <= 90 {
		return w.count("unit.second", seconds)
	}
	return w.count("unit.minute", (seconds+59)/60)
}

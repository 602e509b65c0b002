package templates

import "golang.org/x/text/language"

// maxAcceptLanguage bounds what is parsed of a header that anybody can send.
const maxAcceptLanguage = 256

// Languages lists the languages that every page has.
func Languages() []string { return []string{"de", "en"} }

// Match chooses one of Languages: the query's wish, else the cookie's, else the best of an Accept-Language header, else
// English, which most people who read neither know a little of.
func Match(acceptLanguage, cookie, query string) string {
	for _, wish := range []string{query, cookie} {
		for _, lang := range Languages() {
			if wish == lang {
				return lang
			}
		}
	}
	if len(acceptLanguage) > maxAcceptLanguage {
		return "en"
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return "en"
	}
	offered := []language.Tag{language.English, language.German}
	_, index, _ := language.NewMatcher(offered).Match(wanted...)
	return offered[index].String()
}

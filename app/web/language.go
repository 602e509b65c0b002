package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/templates"
)

const (
	languageCookie = "einlass_lang"
	languageLasts  = 400 * 24 * time.Hour
)

var languageNames = map[string]string{"de": "Deutsch", "en": "English"}

// language is the page's: asked for in the address, else as last time, else as the browser says.
func (s *Server) language(c *gin.Context) string {
	asked := c.Query("lang")
	lang := templates.Match(c.GetHeader("Accept-Language"), cookie(c, languageCookie), asked)
	if asked == lang && asked != cookie(c, languageCookie) {
		s.keep(c, languageCookie, lang, languageLasts)
	}
	return lang
}

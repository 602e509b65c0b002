package api

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
)

// writeJSON answers with JSON as it is: an ampersand in a name stays one.
func writeJSON(c *gin.Context, status int, answer any) {
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Header("Cache-Control", "no-store")
	c.Status(status)
	out := json.NewEncoder(c.Writer)
	out.SetEscapeHTML(false)
	_ = out.Encode(answer) // the device has gone; there is nobody to tell
}

func ok(c *gin.Context, answer any) { writeJSON(c, http.StatusOK, answer) }

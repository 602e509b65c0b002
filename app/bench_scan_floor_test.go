package main

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// floor is what a durable answer costs at least: gin alone, which reads the same request and has the same row written by
// the same journal, judging nothing. On PostgreSQL a row of no ticket takes no lock.
func (g *gate) floor(b *testing.B) (address string) {
	b.Helper()
	gin.SetMode(gin.ReleaseMode)
	bare := gin.New()
	var rows atomic.Int64
	bare.POST(checkPath, func(c *gin.Context) {
		var r struct {
			TicketID string `json:"ticketid"`
		}
		if err := c.ShouldBindJSON(&r); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		if err := g.insert(c, -rows.Add(1), r.TicketID); err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		c.JSON(http.StatusOK, gin.H{"type": scanproxy.Valid})
	})
	return strings.TrimPrefix(serveBare(b, bare), "http://")
}

// insert writes the row of an entry that nobody has judged, of a ticket that the fair does not have.
func (g *gate) insert(c *gin.Context, position int64, secret string) error {
	about := scanproxy.Case{Device: scanproxy.Device{ID: 1, Name: "Door North"}, At: time.Now()}
	admit := &scanproxy.Admit{Type: scanproxy.Entry, At: about.At, Subject: scanproxy.Subject{
		Event: fairSlug, List: 1, Position: position, Secret: scanproxy.Code("-" + secret),
	}}
	_, err := g.Scan.Journal.Judge(c.Request.Context(), about, func(scanproxy.History) (scanproxy.Verdict, error) {
		return scanproxy.Verdict{Type: scanproxy.Valid, Admit: admit}, nil
	})
	return err
}

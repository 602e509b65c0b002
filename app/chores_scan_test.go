package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTheLogSaysWhatIsNotWell(t *testing.T) {
	v := newOutpost(t)
	v.env.Now = time.Now
	var log bytes.Buffer
	p := scanProgram(t, v.folder, v.shop.URL, "good1", &log)
	p.Scan.Config.Events = []string{"fair"}
	v.furnish(p)
	v.connectScanner(p)
	end := p.Scan.startJournal(t.Context())
	log.Reset()
	p.Scan.report(t.Context())
	if log.Len() > 0 {
		t.Errorf("all is well, and the log says %s", &log)
	}
	v.troubles(p)
	p.Scan.Config.Events = []string{"fair", "unheard"}
	p.Scan.report(t.Context())
	contains(t, log.String(), `msg="scan proxy is not well" finding="scan: pretix refuses 1 upload for good`, "event unheard is not copied yet", "admin scan problems")
	if n := strings.Count(log.String(), "scan proxy is not well"); n != 3 {
		t.Errorf("%d findings, want 3:\n%s", n, &log)
	}
	end()
	must(t, p.Close())
}

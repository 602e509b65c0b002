package api_test

import (
	"context"
	"strconv"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// Doors that answer what a test wants to see on the wire.

// answers gives every scan the same verdict.
type answers struct{ verdict scanproxy.Verdict }

func (a answers) Scan(_ context.Context, d scanproxy.Device, _ scanproxy.Scan) (scanproxy.Verdict, error) {
	if d.OldClient {
		return a.verdict.ForOldClients(""), nil
	}
	return a.verdict, nil
}

func (answers) Search(context.Context, scanproxy.Device, []scanproxy.Selection, string, int) ([]scanproxy.Hit, error) {
	return nil, nil
}

func (answers) Status(context.Context, scanproxy.Selection) (scanproxy.Status, error) {
	return scanproxy.Status{}, nil
}

// says gives every scan a verdict of that type.
func says(typ scanproxy.Type) answers {
	return answers{scanproxy.Verdict{Type: typ, ScanType: scanproxy.Entry}}
}

// failing answers everything with an error.
type failing struct{ err error }

func (f failing) Scan(context.Context, scanproxy.Device, scanproxy.Scan) (scanproxy.Verdict, error) {
	return scanproxy.Verdict{}, f.err
}

func (f failing) Search(context.Context, scanproxy.Device, []scanproxy.Selection, string, int) ([]scanproxy.Hit, error) {
	return nil, f.err
}

func (f failing) Status(context.Context, scanproxy.Selection) (scanproxy.Status, error) {
	return scanproxy.Status{}, f.err
}

// deadlines notes how long a scan may take, and keeps the last scan.
type deadlines struct {
	answers
	left time.Duration
	scan scanproxy.Scan
}

func (d *deadlines) Scan(ctx context.Context, _ scanproxy.Device, s scanproxy.Scan) (scanproxy.Verdict, error) {
	if at, limited := ctx.Deadline(); limited {
		d.left = time.Until(at)
	}
	d.scan = s
	return scanproxy.Verdict{Type: scanproxy.Valid, ScanType: s.Type}, nil
}

func itoa(n int) string { return strconv.Itoa(n) }

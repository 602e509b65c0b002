package scanproxy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Copy is the local copy of pretix. Its generation grows with every change of it, in the same transaction.
type Copy interface {
	// Read calls f with a view of the copy as it was at one generation. It may call f again, with another.
	Read(ctx context.Context, f func(l Lookup, generation int64) error) error
	// Generation returns the present one. It is asked while other scans wait, so it has to be cheap.
	Generation(ctx context.Context) (int64, error)
}

// Door answers scanners. Its fields are set once, before the first call.
type Door struct {
	Copy     Copy
	Journal  Journal
	Finder   Finder
	Language string // of the crew; "" is English
	Now      func() time.Time

	statuses statusCache
}

// freshTries is how often a scan reads the local copy again because it changed meanwhile. A synchronisation at full speed
// may change it with every scan, and old facts are no danger: see OwnCheckin.Settled.
const freshTries = 3

// errStale ends a try whose facts are older than the local copy.
var errStale = errors.New("the local copy has changed")

// Scan judges one scan and returns once the verdict can no longer be lost. An error means: not admitted, as far as the
// device is concerned; when only the answer got lost, the next scan is USED and says where and when.
func (d *Door) Scan(ctx context.Context, device Device, scan Scan) (Verdict, error) {
	scan.Nonce = PlainNonce(scan.Nonce)
	for try := 1; ; try++ {
		v, err := d.try(ctx, device, scan, try == freshTries)
		switch {
		case errors.Is(err, errStale):
			continue
		case err != nil:
			return Verdict{}, fmt.Errorf("scan: %w", err)
		case device.OldClient:
			return v.ForOldClients(d.Language), nil
		}
		return v, nil
	}
}

// try reads the facts, then decides within the journal's transaction. Its error is errStale if the copy has changed in
// between, but for the last try: that takes the facts as they are.
func (d *Door) try(ctx context.Context, device Device, scan Scan, last bool) (Verdict, error) {
	var facts Facts
	c := Case{Device: device, At: d.Now()}
	err := d.Copy.Read(ctx, func(l Lookup, generation int64) (err error) {
		c.Generation = generation
		facts, err = Gather(ctx, l, scan, c.At)
		return err
	})
	if err != nil {
		return Verdict{}, err
	}
	facts.Gate, facts.Language = device.Gate, d.Language
	c.Asks = slices.ContainsFunc(facts.Desks, func(d Desk) bool { return d.Event != nil && len(d.Event.Questions) > 0 })
	if subject, found := facts.Subject(); found {
		c.Subject = subject
	}
	return d.Journal.Judge(ctx, c, func(h History) (Verdict, error) {
		if now, err := d.Copy.Generation(ctx); err != nil {
			return Verdict{}, err
		} else if now != c.Generation && !last {
			return Verdict{}, errStale
		}
		facts.History = h
		return Decide(facts), nil
	})
}

// PlainNonce returns a nonce that pretix stores as it is: it answers 400 or 500 to some texts, trims others and takes no
// more than 190 characters. Anything unusual is replaced by its hash, so that a repeat is still a repeat.
func PlainNonce(nonce string) string {
	unusual := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(nonce) <= 190 && !strings.ContainsFunc(nonce, unusual) {
		return nonce
	}
	sum := sha256.Sum256([]byte(nonce))
	return hex.EncodeToString(sum[:])
}

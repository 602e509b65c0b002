package scanproxy

import "slices"

// Device is a scanner that asks us.
type Device struct {
	ID        int64  // ours, not pretix'
	Name      string // as the crew calls it
	Brand     string // software brand, as the app says it
	Gate      int64  // pretix Gate id; 0: none
	OldClient bool   // its app knows fewer verdicts, as its request shows; see Verdict.ForOldClients

	GateName string
	Serial   string   // unique, shown by the app
	Events   []string // slugs of the events that it may ask about; empty: all
}

// Allowed says whether the device may ask about an event.
func (d Device) Allowed(event string) bool {
	return len(d.Events) == 0 || slices.Contains(d.Events, event)
}

// The brands by which Desktop names itself: one at setup, the other after an upgrade.
// Source: wire 1.4.
const (
	brandDesktop      = "pretixSCAN"
	brandDesktopLater = "pretixSCAN Desktop"
)

// Desktop says whether the device runs pretixSCAN Desktop, which cannot send answers to questions.
func (d Device) Desktop() bool { return d.Brand == brandDesktop || d.Brand == brandDesktopLater }

package scanproxy

// Device is a scanner that asks us.
type Device struct {
	ID        int64  // ours, not pretix'
	Name      string // as the crew calls it
	Brand     string // software brand, as the app says it
	Gate      int64  // pretix Gate id; 0: none
	OldClient bool   // its app knows fewer verdicts, see Verdict.ForOldClients
}

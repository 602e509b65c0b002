package scanproxy

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/einlass/einlass/pretix"
)

// Upstream is what an Uploader needs of pretix.
type Upstream interface {
	Redeem(ctx context.Context, r pretix.Redeem) (pretix.Redeemed, error)
	ReportFailed(ctx context.Context, f pretix.FailedCheckin) error
	PrintLog(ctx context.Context, event string, position int64, body json.RawMessage, key string) error
}

// Queue is the part of the journal that pretix is still to be told.
type Queue interface {
	// Due returns what may be sent of one kind, oldest first, from after on. An upload whose ticket has an earlier one that
	// has to wait is not due.
	Due(ctx context.Context, kind Kind, now time.Time, after int64, limit int) ([]Upload, error)
	// Begin notes that an upload is about to be sent: from now on pretix may know it, whatever we hear.
	Begin(ctx context.Context, kind Kind, id int64) error
	// End notes what became of it.
	End(ctx context.Context, kind Kind, id int64, r Result) error
	// Told returns the own check-ins of a ticket on a list that pretix may know.
	Told(ctx context.Context, s Subject) ([]OwnCheckin, error)
}

// Kind is what an upload is about.
type Kind string

// The kinds of uploads, in the order in which they go out.
const (
	Checkins  Kind = "checkins"
	Refusals  Kind = "refusals"
	PrintLogs Kind = "print_logs"
)

// Upload is one thing that pretix is to be told: one of Admit, Report and Print is set.
type Upload struct {
	ID       int64
	Attempts int  // begun before
	Shown    bool // the answer was lost, but the copy has shown since that pretix has it
	Admit    *Admit
	Report   *Report
	Print    *PrintLog
}

// PrintLog says that a scanner printed a badge.
type PrintLog struct {
	Event    string
	Position int64
	Body     json.RawMessage // JSON object, as the scanner sent it
	Nonce    string          // makes a repeat harmless
	At       time.Time       // when we got it
}

// Outcome is what became of an upload.
type Outcome string

// Outcomes of an upload.
const (
	Done    Outcome = "done"     // pretix has it
	GivenUp Outcome = "given_up" // pretix refuses it for good: to be shown to a person
	Kept    Outcome = "kept"     // to be tried again later
)

// Result is what became of an upload.
type Result struct {
	Outcome  Outcome
	At       time.Time
	Next     time.Time // of Kept: not to be sent again before
	Reason   string    // of Kept and GivenUp; holds no secret
	Position int64     // as pretix knows the ticket; 0: not said
	Other    *Checkin  // somebody else's check-in that makes ours a double admission
}

// Uploader tells pretix what happened at the door. Its fields are set once, before the first Round.
type Uploader struct {
	Queue    Queue
	Pretix   Upstream
	Copy     Copy // knows the rules of the lists
	Parallel int  // tickets at the same time; 0 is 4
	Now      func() time.Time
	Log      *slog.Logger

	quietUntil time.Time // pretix asked for patience
}

const (
	parallelUploads = 4
	uploadsAtOnce   = 200 // read from the journal at a time
)

// Tally counts what one round did.
type Tally struct {
	Done, Kept, GivenUp, Doubles int
	Stopped                      string // why the round ended early, "": it did not
}

// Round sends everything that is due: in order for each ticket, several tickets at a time. What pretix refuses for good
// is given up with its reason, what fails for now is kept for later; neither holds up the rest. Only when pretix itself
// is out of reach, or asks for patience, does a round end early. The error is the journal's. Call it from one goroutine.
func (u *Uploader) Round(ctx context.Context) (Tally, error) {
	if u.Now().Before(u.quietUntil) {
		return Tally{Stopped: "pretix asked for patience"}, nil
	}
	r := &round{Uploader: u}
	for _, kind := range []Kind{Checkins, Refusals, PrintLogs} {
		if err := r.send(ctx, kind); err != nil {
			return r.tally, fmt.Errorf("upload %s: %w", kind, err)
		}
	}
	return r.tally, nil
}

// round is one Round under way.
type round struct {
	*Uploader

	mu    sync.Mutex
	tally Tally
	lost  int // uploads without any answer since the last with one
}

// send goes once through what is due of a kind.
func (r *round) send(ctx context.Context, kind Kind) error {
	for after := int64(0); !r.stopped(ctx); {
		due, err := r.Queue.Due(ctx, kind, r.Now(), after, uploadsAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		after = due[len(due)-1].ID
		var tickets errgroup.Group
		tickets.SetLimit(orParallel(r.Parallel))
		for _, lane := range lanes(due) {
			tickets.Go(func() error { return r.sendLane(ctx, kind, lane) })
		}
		if err := tickets.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func orParallel(n int) int {
	if n > 0 {
		return n
	}
	return parallelUploads
}

// lanes groups the uploads of each ticket; all others go alone.
func lanes(due []Upload) [][]Upload {
	var all [][]Upload
	lane := map[Code]int{}
	for _, u := range due {
		if u.Admit == nil {
			all = append(all, []Upload{u})
			continue
		}
		if i, known := lane[u.Admit.Secret]; known {
			all[i] = append(all[i], u)
			continue
		}
		lane[u.Admit.Secret] = len(all)
		all = append(all, []Upload{u})
	}
	return all
}

// sendLane sends the uploads of a ticket one after the other, up to the first that has to wait.
func (r *round) sendLane(ctx context.Context, kind Kind, lane []Upload) error {
	for _, u := range lane {
		if r.stopped(ctx) {
			return nil
		}
		if err := r.Queue.Begin(ctx, kind, u.ID); err != nil {
			return err
		}
		result, err := r.deliver(ctx, u)
		if err != nil || ctx.Err() != nil { // cut off: the next round repeats it
			return err
		}
		result.At = r.Now() // after the answer: what is asked from now on shows it
		if err := r.Queue.End(context.WithoutCancel(ctx), kind, u.ID, result); err != nil {
			return err
		}
		r.note(ctx, kind, u, result)
		if result.Outcome == Kept {
			return nil
		}
	}
	return nil
}

// note counts a result and tells the operators what they have to look at.
func (r *round) note(ctx context.Context, kind Kind, u Upload, result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch result.Outcome {
	case Done:
		r.tally.Done++
	case Kept:
		r.tally.Kept++
	case GivenUp:
		r.tally.GivenUp++
		r.Log.ErrorContext(ctx, "upload given up", "kind", string(kind), "id", u.ID, "reason", result.Reason)
	}
	if result.Other != nil {
		r.tally.Doubles++
		r.Log.WarnContext(ctx, "double admission found", "id", u.ID, "event", u.Admit.Event, "list", u.Admit.List,
			"position", result.Position, "device", result.Other.Device)
	}
}

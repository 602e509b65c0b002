package mirror

import (
	"context"
	"encoding/json"
	"time"
)

// Key names one list of pretix within the copy.
type Key struct {
	Resource string // "orders", as in Resources
	Event    string // slug; "": it belongs to the organizer
}

// Keeper keeps the copy: the database.
type Keeper interface {
	// State returns how far a list is. One that was never fetched has a zero State but for its Key.
	State(ctx context.Context, key Key) (State, error)
	// Apply stores rows together with the progress, in one transaction; safe to repeat. Orders that cannot be read are
	// left out and counted in the State.
	Apply(ctx context.Context, b Batch) error
	// Failed notes that a list could not be fetched. What is there stays.
	Failed(ctx context.Context, key Key, f Failure) error
	// All returns the rows of a list of configuration, in pretix' order.
	All(ctx context.Context, key Key) ([]json.RawMessage, error)
	// HasFile says whether the file is there.
	HasFile(ctx context.Context, name string) (bool, error)
	// PutFile keeps a file.
	PutFile(ctx context.Context, f File) error
}

// Batch is one change of the copy.
type Batch struct {
	Key
	Rows []json.RawMessage // as pretix sent them
	// Asked is when Rows were asked for: by our clock, before the first of the requests went out. They show all that
	// pretix had confirmed by then. Zero: nobody knows.
	Asked time.Time
	// Made is when pretix made Rows, by its clock; of several pages the first. Zero: it does not say.
	Made time.Time

	Complete bool  // Rows are all there is: what is not among them is deleted
	Walk     int64 // number of the walk over all orders that met Rows; 0: none
	Sweep    bool  // the walk has come to its end: what it has not met is deleted

	Progress Progress
	At       time.Time // when it is stored, by our clock
	Done     bool      // the list has been fetched to its end
}

// Progress is how far a list has been fetched. Its fields are what pretix said, spelled as pretix did.
type Progress struct {
	// Since is what to ask with next: rows changed before it are in the copy. Zero: it was never fetched to its end.
	Since time.Time `json:"since,omitzero"`
	// Modified is the Last-Modified of the list.
	Modified string `json:"modified,omitempty"`
	// Complete is when all rows were fetched last, and Walk how far the next time is.
	Complete time.Time `json:"complete,omitzero"`
	Walk     *Walk     `json:"walk,omitempty"`
	// Of names what the rows depend on: of badges, the products that have one (Badged.String). When that changes, all rows
	// are fetched anew.
	Of string `json:"of,omitempty"`
}

// Walk is a walk over all orders in several windows at once.
type Walk struct {
	ID      int64     `json:"id"`
	Since   time.Time `json:"since,omitzero"` // the next Progress.Since
	Windows []Window  `json:"windows"`
}

// Window is a stretch of orders by the time at which they were placed. It is walked in ascending order: each page begins
// at the last instant of the page before, so that no row slips through when others come and go.
type Window struct {
	From time.Time `json:"from,omitzero"` // the next page begins here; zero: at the beginning
	To   time.Time `json:"to,omitzero"`   // exclusive; zero: no end
	Page int       `json:"page,omitempty"`
	Size int       `json:"size,omitempty"` // of the page; 0: as large as pretix makes them
	Done bool      `json:"done,omitempty"`
}

// State is how one list is doing, for those who operate the proxy.
type State struct {
	Key
	Progress Progress
	Rows     int64 // objects in the copy

	// Unreadable is how many rows pretix shows that could not be read. What was in the copy before is still there, and all
	// others go on.
	Unreadable int64

	Tried     time.Time // zero: never
	Succeeded time.Time // zero: never
	Failure             // of the last try; zero: it succeeded
}

// Failure says why a list could not be fetched.
type Failure struct {
	Class    string // "": it could. See Classify
	Detail   string // a sentence without secrets
	At       time.Time
	RetryAt  time.Time // not to be tried before
	Failures int       // in a row
}

// Ready says whether the list has been fetched to its end at least once.
func (s State) Ready() bool { return !s.Succeeded.IsZero() }

// Unreadable is a row of pretix that could not be read.
type Unreadable struct {
	Code   string    // of the order; "": it cannot be read either
	Detail string    // what is wrong, with nothing of the row in it
	At     time.Time // when pretix sent it last
}

// File is a file that an object refers to.
type File struct {
	Name        string // FileName of the address
	Address     string
	ContentType string
	Data        []byte
}

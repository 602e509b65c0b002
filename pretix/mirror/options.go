package mirror

import (
	"errors"
	"log/slog"
	"time"
)

const (
	defaultTTL      = time.Minute
	defaultStaleFor = 24 * time.Hour
	defaultSize     = 4096 // answers; a series of 500 dates needs some 500
	defaultPatience = 2 * time.Second
	fetchTimeout    = 30 * time.Second // a list of many pages; nobody waits for it that long
	failurePause    = 5 * time.Second  // a failing pretix is asked once in this time, for each thing
	maxPause        = time.Minute      // the most that a Retry-After can stretch it
	lookAgain       = time.Second      // for each thing, the copy's database is asked no more often
)

// Options tune a ReadThrough; the zero value is good.
type Options struct {
	TTL      time.Duration // how long an answer is fresh; default 60 s
	StaleFor time.Duration // how old an answer may be served while pretix fails; default 24 h
	Size     int           // answers kept, the least recently used goes first; default 4096
	// Patience is how long a reader waits for pretix while an old answer is at hand; default 2 s.
	Patience time.Duration
	// Copy is looked at before pretix is asked: what a Puller fetched is as good as what was asked for at that time.
	Copy Objects          // default none
	Now  func() time.Time // default time.Now
	Log  *slog.Logger     // one line per failed fetch; default none
}

func (o Options) complete() (Options, error) {
	if o.TTL < 0 || o.StaleFor < 0 || o.Size < 0 || o.Patience < 0 {
		return o, errors.New("mirror: a negative option")
	}
	o.TTL = orDefault(o.TTL, defaultTTL)
	o.StaleFor = orDefault(o.StaleFor, defaultStaleFor)
	o.Size = orDefault(o.Size, defaultSize)
	o.Patience = orDefault(o.Patience, defaultPatience)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

package main

import (
	"context"
	"flag"
	"fmt"
	"time"
)

// auditRow is an audit row in --json.
type auditRow struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Room     string    `json:"room"`
	Order    string    `json:"order"`
	Position int64     `json:"position"`
	Outcome  string    `json:"outcome"`
	Detail   string    `json:"detail"`
}

// consentRow is a consent record in --json.
type consentRow struct {
	At          time.Time `json:"at"`
	Room        string    `json:"room"`
	Meeting     string    `json:"meeting"`
	UserID      string    `json:"user_id"`
	Given       bool      `json:"given"`
	Policy      string    `json:"policy"`
	TextVersion string    `json:"text_version"`
	Language    string    `json:"language"`
}

func auditList(own *flag.FlagSet) task {
	since, limit, asJSON := recordFlags(own)
	return func(ctx context.Context, d adminEnv, _ []string) error {
		found, err := d.store.Audits(ctx, d.now.Add(-*since), *limit)
		if err != nil {
			return err
		}
		rows := make([]auditRow, len(found))
		lines := make([][]string, len(found))
		for i, a := range found {
			rows[i] = auditRow{a.At.In(d.zone), a.Kind, a.Room, a.Order, a.Position, a.Outcome, a.Detail}
			lines[i] = []string{d.exact(a.At), a.Kind, a.Room, a.Order, fmt.Sprint(a.Position), a.Outcome, a.Detail}
		}
		if *asJSON {
			return writeJSON(d.out, rows)
		}
		return writeTable(d.out, []string{"AT", "KIND", "ROOM", "ORDER", "POSITION", "OUTCOME", "DETAIL"}, lines)
	}
}

func consentList(own *flag.FlagSet) task {
	since, limit, asJSON := recordFlags(own)
	return func(ctx context.Context, d adminEnv, _ []string) error {
		found, err := d.store.Consents(ctx, d.now.Add(-*since), *limit)
		if err != nil {
			return err
		}
		rows := make([]consentRow, len(found))
		lines := make([][]string, len(found))
		for i, c := range found {
			rows[i] = consentRow{c.At.In(d.zone), c.Room, c.Meeting, c.UserID, c.Given, string(c.Policy), c.TextVersion, c.Language}
			lines[i] = []string{d.exact(c.At), c.Room, c.UserID, fmt.Sprint(c.Given), string(c.Policy), c.TextVersion, c.Language}
		}
		if *asJSON {
			return writeJSON(d.out, rows)
		}
		return writeTable(d.out, []string{"AT", "ROOM", "USER", "GIVEN", "POLICY", "TEXT", "LANGUAGE"}, lines)
	}
}

// exact is an instant with its seconds, as records show it.
func (d adminEnv) exact(at time.Time) string { return at.In(d.zone).Format("2006-01-02 15:04:05 MST") }

// recordFlags declares what the lists of records have in common.
func recordFlags(own *flag.FlagSet) (since *time.Duration, limit *int, asJSON *bool) {
	week, most := 7*24*time.Hour, 200
	since, limit = &week, &most
	own.Func("since", "how far back: a `time` such as 24h or 30d (default 7d)", func(value string) (err error) {
		*since, err = duration(time.Second, maxRetention)(value)
		return err
	})
	own.Func("limit", "at most so many, a `number` (default 200)", func(value string) (err error) {
		*limit, err = count(1, 1_000_000)(value)
		return err
	})
	return since, limit, jsonFlag(own)
}

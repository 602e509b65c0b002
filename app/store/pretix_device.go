package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix"
)

// PretixDevice is the device that this installation is at a pretix. It lies with the journal: without its token nothing
// of what happened at the door could be told.
type PretixDevice struct {
	pretix.Device
	URL      string // of that pretix
	InitHash []byte // of the initialization token that it was made from, see InitHash
}

// InitHash is what is kept of an initialization token, to tell whether another one is configured now.
func InitHash(token pretix.Token) []byte {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return sum[:]
}

// pretixDevice is the name of the row in settings.
const pretixDevice = "pretix device"

// keptDevice is how a device is written: with its token, which prints as "…" elsewhere.
type keptDevice struct {
	URL       string       `json:"url"`
	InitHash  []byte       `json:"init_hash"`
	Organizer string       `json:"organizer"`
	ID        int64        `json:"device_id"`
	Serial    string       `json:"unique_serial"`
	Token     string       `json:"api_token"`
	Name      string       `json:"name"`
	Profile   string       `json:"security_profile"`
	Gate      *pretix.Gate `json:"gate"`
}

// KeepPretixDevice keeps the device in place of an earlier one.
func (s *Store) KeepPretixDevice(ctx context.Context, d PretixDevice) error {
	value, err := json.Marshal(keptDevice{
		URL: d.URL, InitHash: d.InitHash, Organizer: d.Organizer, ID: d.ID, Serial: d.Serial, Token: d.Token.Reveal(),
		Name: d.Name, Profile: d.Profile, Gate: d.Gate,
	})
	if err != nil {
		return fmt.Errorf("keep device of pretix: %w", err)
	}
	if err := s.keepSetting(ctx, pretixDevice, value); err != nil {
		return fmt.Errorf("keep device of pretix: %w", err)
	}
	return nil
}

// keepSetting keeps a value in place of an earlier one.
func (s *Store) keepSetting(ctx context.Context, name string, value []byte) error {
	const query = `INSERT INTO settings (name, value, created_us) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, created_us = excluded.created_us`
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, query, name, value, s.now())
		return err
	})
}

const readSetting = `SELECT value FROM settings WHERE name = $1`

// setting returns a value that is kept; false if there is none.
func (s *Store) setting(ctx context.Context, name string) (value []byte, known bool, err error) {
	value, err = one(ctx, s.reader, scanBytes, readSetting, name)
	if errors.Is(err, room.ErrNotFound) {
		return nil, false, nil
	}
	return value, err == nil, err
}

// PretixDevice returns the device that is kept; false if there is none.
func (s *Store) PretixDevice(ctx context.Context) (PretixDevice, bool, error) {
	value, known, err := s.setting(ctx, pretixDevice)
	if err != nil {
		return PretixDevice{}, false, fmt.Errorf("read device of pretix: %w", err)
	}
	if !known {
		return PretixDevice{}, false, nil
	}
	var k keptDevice
	if json.Unmarshal(value, &k) != nil { // its error could quote the token
		return PretixDevice{}, false, errors.New("read device of pretix: what is kept cannot be read")
	}
	return PretixDevice{
		URL: k.URL, InitHash: k.InitHash,
		Device: pretix.Device{
			Organizer: k.Organizer, ID: k.ID, Serial: k.Serial, Token: pretix.Token(k.Token), Name: k.Name,
			Profile: k.Profile, Gate: k.Gate,
		},
	}, true, nil
}

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/scanproxy"
)

const deviceColumns = `id, name, serial, gate, gate_name, events, init_hash, init_expires_us, token_hash,
	hardware_brand, hardware_model, os_name, os_version, software_brand, software_version,
	added_us, initialized_us, seen_us, revoked_us`

func scanDevice(from row) (d scanproxy.DeviceRecord, err error) {
	var events string
	err = from.Scan(&d.ID, &d.Name, &d.Serial, &d.Gate, &d.GateName, &events, &d.InitHash, instant{&d.InitExpires}, &d.TokenHash,
		&d.Hardware.HardwareBrand, &d.Hardware.HardwareModel, &d.Hardware.OSName, &d.Hardware.OSVersion,
		&d.Hardware.SoftwareBrand, &d.Hardware.SoftwareVersion,
		instant{&d.Added}, moment{&d.Initialized}, moment{&d.Seen}, moment{&d.Revoked})
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(events), &d.Events); err != nil {
		return d, fmt.Errorf("events of device %d: %w", d.ID, err)
	}
	return d, nil
}

// AddDevice fulfils scanproxy.DeviceStore.
func (s *Store) AddDevice(ctx context.Context, d scanproxy.DeviceRecord) (kept scanproxy.DeviceRecord, err error) {
	const query = `INSERT INTO devices (name, serial, gate, gate_name, events, init_hash, init_expires_us, added_us,
			hardware_brand, hardware_model, os_name, os_version, software_brand, software_version,
			initialized_us, seen_us, revoked_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', '', '', 0, 0, 0) RETURNING ` + deviceColumns
	events, err := json.Marshal(append([]string{}, d.Events...))
	if err != nil {
		return kept, err
	}
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		kept, err = one(ctx, tx, scanDevice, query, d.Name, d.Serial, d.Gate, d.GateName, string(events),
			d.InitHash, d.InitExpires, d.Added)
		return err
	})
	return kept, err
}

// DeviceByInit fulfils scanproxy.DeviceStore.
func (s *Store) DeviceByInit(ctx context.Context, hash []byte) (scanproxy.DeviceRecord, error) {
	return s.device(ctx, `SELECT `+deviceColumns+` FROM devices WHERE init_hash = $1`, hash)
}

// DeviceByToken fulfils scanproxy.DeviceStore. Every request of a scanner begins with it.
func (s *Store) DeviceByToken(ctx context.Context, hash []byte) (scanproxy.DeviceRecord, error) {
	const query = `SELECT ` + deviceColumns + ` FROM devices WHERE token_hash = $1`
	if s.shared() { // another process may revoke it at any time
		return s.device(ctx, query, hash)
	}
	d, changes, known := s.devices.get(hash)
	if known {
		return d, nil
	}
	d, err := s.device(ctx, query, hash)
	if err == nil {
		s.devices.put(d, changes)
	}
	return d, err
}

func (s *Store) device(ctx context.Context, query string, hash []byte) (scanproxy.DeviceRecord, error) {
	d, err := one(ctx, s.reader, scanDevice, query, hash)
	if errors.Is(err, room.ErrNotFound) {
		return d, scanproxy.ErrNoDevice
	}
	return d, err
}

// InitializeDevice fulfils scanproxy.DeviceStore. The condition makes one of two that come together the first.
func (s *Store) InitializeDevice(ctx context.Context, id int64, tokenHash []byte, hw scanproxy.Hardware, at time.Time) (bool, error) {
	const query = `UPDATE devices SET token_hash = $1, hardware_brand = $2, hardware_model = $3, os_name = $4, os_version = $5,
			software_brand = $6, software_version = $7, initialized_us = $8, seen_us = $8
		WHERE id = $9 AND token_hash IS NULL AND revoked_us = 0`
	touched, err := s.touchDevice(ctx, query, tokenHash, hw.HardwareBrand, hw.HardwareModel, hw.OSName, hw.OSVersion,
		hw.SoftwareBrand, hw.SoftwareVersion, at, id)
	return touched, err
}

// UpdateDevice fulfils scanproxy.DeviceStore. An empty text changes nothing.
func (s *Store) UpdateDevice(ctx context.Context, id int64, hw scanproxy.Hardware, at time.Time) error {
	const query = `UPDATE devices SET
			hardware_brand = COALESCE(NULLIF($1, ''), hardware_brand), hardware_model = COALESCE(NULLIF($2, ''), hardware_model),
			os_name = COALESCE(NULLIF($3, ''), os_name), os_version = COALESCE(NULLIF($4, ''), os_version),
			software_brand = COALESCE(NULLIF($5, ''), software_brand),
			software_version = COALESCE(NULLIF($6, ''), software_version), seen_us = $7 WHERE id = $8`
	return s.mustTouchDevice(ctx, query, hw.HardwareBrand, hw.HardwareModel, hw.OSName, hw.OSVersion,
		hw.SoftwareBrand, hw.SoftwareVersion, at, id)
}

// SeeDevice fulfils scanproxy.DeviceStore.
func (s *Store) SeeDevice(ctx context.Context, id int64, at time.Time) error {
	return s.mustTouchDevice(ctx, `UPDATE devices SET seen_us = $1 WHERE id = $2`, at, id)
}

// RevokeDevice fulfils scanproxy.DeviceStore.
func (s *Store) RevokeDevice(ctx context.Context, id int64, at time.Time) error {
	const query = `UPDATE devices SET revoked_us = CASE WHEN revoked_us = 0 THEN $1 ELSE revoked_us END WHERE id = $2`
	return s.mustTouchDevice(ctx, query, at, id)
}

// Devices fulfils scanproxy.DeviceStore.
func (s *Store) Devices(ctx context.Context) ([]scanproxy.DeviceRecord, error) {
	return all(ctx, s.reader, scanDevice, `SELECT `+deviceColumns+` FROM devices ORDER BY id`)
}

func (s *Store) mustTouchDevice(ctx context.Context, query string, args ...any) error {
	touched, err := s.touchDevice(ctx, query, args...)
	if err == nil && !touched {
		return scanproxy.ErrNoDevice
	}
	return err
}

func (s *Store) touchDevice(ctx context.Context, query string, args ...any) (bool, error) {
	var rows int64
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		rows, err = exec(ctx, tx, query, args...)
		return err
	})
	s.devices.forget() // also after an error: the commit may have got through
	return rows > 0, err
}

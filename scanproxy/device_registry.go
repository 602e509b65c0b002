package scanproxy

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Refusals of the registry. The texts of those whose name begins with ErrInit are told to whoever connects a device.
var (
	ErrNoDevice     = errors.New("there is no such device")
	ErrUnknownToken = errors.New("unknown device token")
	ErrRevoked      = errors.New("device access has been revoked")
	ErrInitUnknown  = errors.New("this initialization token is not known")
	ErrInitUsed     = errors.New("this initialization token has already been used")
	ErrInitExpired  = errors.New("this initialization token has expired")
	ErrInitRevoked  = errors.New("this initialization token has been revoked")
	ErrDeviceName   = errors.New("a device needs a name of 1 to 100 characters")
)

// DeviceStore keeps devices.
type DeviceStore interface {
	// AddDevice keeps a new device and gives it a number.
	AddDevice(ctx context.Context, r DeviceRecord) (DeviceRecord, error)
	// DeviceByInit finds a device by the hash of its initialization token. ErrNoDevice.
	DeviceByInit(ctx context.Context, hash []byte) (DeviceRecord, error)
	// DeviceByToken finds a device by the hash of its API token. ErrNoDevice.
	DeviceByToken(ctx context.Context, hash []byte) (DeviceRecord, error)
	// InitializeDevice gives a device its API token, unless it has one or was revoked meanwhile: false.
	InitializeDevice(ctx context.Context, id int64, tokenHash []byte, hw Hardware, at time.Time) (bool, error)
	// UpdateDevice keeps what the app now says about itself; what it leaves empty stays as it was. ErrNoDevice.
	UpdateDevice(ctx context.Context, id int64, hw Hardware, at time.Time) error
	// SeeDevice keeps when a device was last heard of. ErrNoDevice.
	SeeDevice(ctx context.Context, id int64, at time.Time) error
	// RevokeDevice ends a device's access for good. Revoking twice keeps the first time. ErrNoDevice.
	RevokeDevice(ctx context.Context, id int64, at time.Time) error
	// Devices returns all devices in the order in which they were added.
	Devices(ctx context.Context) ([]DeviceRecord, error)
}

// Registry knows who may ask. It keeps nothing in memory, so a revoked device is out with its next request, whichever
// process revoked it.
type Registry struct {
	Store   DeviceStore
	InitTTL time.Duration // how long an initialization token is good
	Now     func() time.Time
}

// Profile is what the crew decides about a new device.
type Profile struct {
	Name     string
	Gate     int64
	GateName string
	Events   []string
}

// longestName is as much as fits into a list.
const longestName = 100

// Invite adds a device that may connect once, with the token of the invitation. ErrDeviceName.
func (r *Registry) Invite(ctx context.Context, p Profile) (Invitation, error) {
	name := strings.TrimSpace(p.Name)
	if name == "" || len([]rune(name)) > longestName || strings.ContainsFunc(name, unicode.IsControl) {
		return Invitation{}, ErrDeviceName
	}
	token, now := newInitToken(), r.Now()
	kept, err := r.Store.AddDevice(ctx, DeviceRecord{
		Device: Device{Name: name, Gate: p.Gate, GateName: p.GateName, Serial: newSerial(), Events: slices.Clone(p.Events)},
		Added:  now, InitExpires: now.Add(r.InitTTL), InitHash: token.hash(),
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("invite device: %w", err)
	}
	return Invitation{Device: kept.Device, Token: token, Expires: kept.InitExpires}, nil
}

// Initialize exchanges an initialization token for an API token. It works once: of two devices that send the same token
// at the same time, one is refused. ErrInitUnknown, ErrInitUsed, ErrInitExpired, ErrInitRevoked.
func (r *Registry) Initialize(ctx context.Context, init Token, hw Hardware) (Device, Token, error) {
	kept, err := r.Store.DeviceByInit(ctx, init.hash())
	if errors.Is(err, ErrNoDevice) {
		return Device{}, "", ErrInitUnknown
	}
	if err != nil {
		return Device{}, "", fmt.Errorf("initialize device: %w", err)
	}
	switch kept.State(r.Now()) {
	case DeviceRevoked:
		return Device{}, "", ErrInitRevoked
	case DeviceActive:
		return Device{}, "", ErrInitUsed
	case DeviceExpired:
		return Device{}, "", ErrInitExpired
	}
	token := newAPIToken()
	first, err := r.Store.InitializeDevice(ctx, kept.ID, token.hash(), hw, r.Now())
	if err != nil {
		return Device{}, "", fmt.Errorf("initialize device: %w", err)
	}
	if !first {
		return Device{}, "", ErrInitUsed
	}
	kept.Hardware = hw
	return kept.device(), token, nil
}

// Authenticate tells whose API token that is. ErrUnknownToken, ErrRevoked.
func (r *Registry) Authenticate(ctx context.Context, token Token) (Device, error) {
	hash := token.hash()
	kept, err := r.Store.DeviceByToken(ctx, hash)
	// The database has compared hashes, and how long that took says nothing about a token. Comparing again costs nothing
	// and does not depend on how the database compares.
	if errors.Is(err, ErrNoDevice) || err == nil && subtle.ConstantTimeCompare(kept.TokenHash, hash) != 1 {
		return Device{}, ErrUnknownToken
	}
	if err != nil {
		return Device{}, fmt.Errorf("authenticate device: %w", err)
	}
	if !kept.Revoked.IsZero() {
		return kept.device(), ErrRevoked
	}
	return kept.device(), nil
}

// device is the device as the door sees it.
func (r DeviceRecord) device() Device {
	d := r.Device
	d.Brand = r.Hardware.SoftwareBrand
	return d
}

// Update keeps what an app says about itself after an upgrade.
func (r *Registry) Update(ctx context.Context, id int64, hw Hardware) error {
	if err := r.Store.UpdateDevice(ctx, id, hw, r.Now()); err != nil {
		return fmt.Errorf("update device %d: %w", id, err)
	}
	return nil
}

// See remembers that a device was heard of.
func (r *Registry) See(ctx context.Context, id int64) error {
	if err := r.Store.SeeDevice(ctx, id, r.Now()); err != nil {
		return fmt.Errorf("see device %d: %w", id, err)
	}
	return nil
}

// Revoke ends a device's access at once and for good. ErrNoDevice.
func (r *Registry) Revoke(ctx context.Context, id int64) error {
	if err := r.Store.RevokeDevice(ctx, id, r.Now()); err != nil {
		return fmt.Errorf("revoke device %d: %w", id, err)
	}
	return nil
}

// List returns all devices in the order in which they were added.
func (r *Registry) List(ctx context.Context) ([]DeviceRecord, error) {
	all, err := r.Store.Devices(ctx)
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	return all, nil
}

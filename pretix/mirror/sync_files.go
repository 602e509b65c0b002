package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Files is the resource under which the State of an event's files stands.
const Files = "files"

// FileName is under which name the copy keeps the file with that address: a hash and the file's ending.
func FileName(address string) string {
	sum := sha256.Sum256([]byte(address))
	ending := ""
	if u, err := url.Parse(address); err == nil {
		ending = strings.ToLower(path.Ext(u.Path))
	}
	if len(ending) > 6 || strings.Trim(ending, ".abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		ending = ""
	}
	return hex.EncodeToString(sum[:16]) + ending
}

// pullFiles fetches the files of badge layouts that are not there yet. A changed file has another address.
func (r *round) pullFiles(ctx context.Context, event string) error {
	key := Key{Resource: Files, Event: event}
	state, err := r.Keeper.State(ctx, key)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if r.Now().Before(state.RetryAt) {
		return nil
	}
	rows, err := r.Keeper.All(ctx, Key{Resource: Layouts, Event: event})
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	for _, raw := range rows {
		var layout struct {
			Background *string `json:"background"`
		}
		if json.Unmarshal(raw, &layout) != nil || layout.Background == nil || *layout.Background == "" {
			continue
		}
		if err := r.pullFile(ctx, *layout.Background); err != nil {
			if err := r.failed(ctx, state, err); err != nil {
				return eventAtMost(err)
			}
		}
	}
	return nil
}

// eventAtMost: another server, which has the files, says nothing about pretix.
func eventAtMost(err error) error {
	for _, of := range []error{ErrRevoked, ErrBusy, ErrSilent, errEvent} {
		if errors.Is(err, of) {
			return nil
		}
	}
	return err
}

func (r *round) pullFile(ctx context.Context, address string) error {
	name := FileName(address)
	there, err := r.Keeper.HasFile(ctx, name)
	if err != nil || there {
		return err
	}
	got, err := r.Source.File(ctx, address)
	if err != nil {
		return err
	}
	return r.Keeper.PutFile(ctx, File{Name: name, Address: address, ContentType: got.ContentType, Data: got.Data})
}

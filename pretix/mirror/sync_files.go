package mirror

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/einlass/einlass/pretix"
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

// filed is where apps find addresses of files. Source: proxy 3.6.
var filed = map[string]string{Layouts: "background", Items: "picture", Settings: "pretixkiosk_screensaver_image"}

// pullFiles fetches the files that are not there yet. A changed file has another address.
func (r *round) pullFiles(ctx context.Context, event string) error {
	key := Key{Resource: Files, Event: event}
	state, err := r.Keeper.State(ctx, key)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if state.rests(r.Now()) {
		return nil
	}
	var missing error // the first that cannot be had; the others are fetched all the same
	for resource, field := range filed {
		rows, err := r.Keeper.All(ctx, Key{Resource: resource, Event: event})
		if err != nil {
			return fmt.Errorf("pull: %w", err)
		}
		for _, address := range addresses(rows, field) {
			err := r.pullFile(ctx, address)
			if err != nil && !isOfOneFile(err) {
				return eventAtMost(r.failed(ctx, state, err))
			}
			missing = cmp.Or(missing, err)
		}
	}
	if missing != nil {
		return eventAtMost(r.failed(ctx, state, missing))
	}
	if state.Class == "" {
		return nil
	}
	return r.Keeper.Apply(ctx, Batch{Key: key, At: r.Now(), Done: true}) // it works again
}

// isOfOneFile: whoever has the files has answered, and does not ask for a pause. The others may be there.
func isOfOneFile(err error) bool {
	e, ok := errors.AsType[*pretix.Error](err)
	return ok && (e.Status != 0 || isNo(err)) && e.Class != pretix.RateLimited
}

// addresses returns what stands in a field of the rows.
func addresses(rows []json.RawMessage, field string) (found []string) {
	for _, raw := range rows {
		var row map[string]json.RawMessage
		var address string
		if json.Unmarshal(raw, &row) == nil && json.Unmarshal(row[field], &address) == nil && address != "" {
			found = append(found, address)
		}
	}
	return found
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

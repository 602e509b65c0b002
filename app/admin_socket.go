package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// SQLite files belong to one process at a time. While serve holds them, admin commands are handed to it over a Unix
// socket in the same folder: whoever may read the files may also ask. The folder's lock decides who listens there.
//
// A conversation is one line of JSON each way, then the connection is closed:
//
//	-> {"command":"room add","args":["--name=Morse","--","morse"],"timezone":"Europe/Berlin","base_urls":["https://…"]}
//	<- {"stdout":"cm9vbSBtb3JzZSBpcyBtYWRlLgo=","stderr":"","code":0}
//
// Configuration and environment stay with whoever asks: of them, only the zone and the addresses of what is shown are sent.

const (
	adminSocketName = "admin.sock"
	// adminPathLimit is in bytes. The kernels' own limits are 108 (Linux) and 104 (the BSDs), with the zero at the end.
	adminPathLimit = 100

	adminRequestLimit = 64 << 10  // bytes; a room's description is 16 KB at most
	adminOutputLimit  = 64 << 20  // bytes; some 300,000 audit rows
	adminAnswerLimit  = 128 << 20 // bytes; output grows by a third on the line

	adminAskTimeout    = 5 * time.Second  // to say what is wanted
	adminTaskTimeout   = 30 * time.Second // to do it
	adminAnswerTimeout = 30 * time.Second // to take the answer
	adminPatience      = 2 * time.Minute  // of the one who asks: others may be served first
)

// adminRequest is a command that whoever asks has understood already.
type adminRequest struct {
	Command  string   `json:"command"`   // "room add"
	Args     []string `json:"args"`      // its own flags with their values, "--", its words
	Timezone string   `json:"timezone"`  // of times that are typed and shown
	BaseURLs []string `json:"base_urls"` // may be empty
}

// adminAnswer is what the command would have left behind at the terminal.
type adminAnswer struct {
	Stdout []byte `json:"stdout"` // base64 on the line, so that it arrives to the byte
	Stderr string `json:"stderr"` // the error, without the program's name
	Code   int    `json:"code"`   // exit code
}

// errNoSocket is for PostgreSQL: several processes may open it, so nobody has to be asked.
var errNoSocket = errors.New("PostgreSQL needs no socket")

// adminSocketPath returns where the socket of a SQLite folder is.
func adminSocketPath(database DatabaseURL) (string, error) {
	folder, lite := strings.CutPrefix(database.Reveal(), "sqlite:")
	if !lite {
		return "", errNoSocket
	}
	path, err := filepath.Abs(filepath.Join(strings.TrimPrefix(folder, "//"), adminSocketName))
	if err != nil {
		return "", err
	}
	if len(path) > adminPathLimit {
		return "", fmt.Errorf("the path of %s in the data directory has %d bytes, but that of a socket may have %d; a shorter directory helps",
			adminSocketName, len(path), adminPathLimit)
	}
	return path, nil
}

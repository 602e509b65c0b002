package store

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// DefaultURL is the directory einlass-data in the working directory.
const DefaultURL = "sqlite:einlass-data"

// location is a parsed Options.URL: one of the two is set.
type location struct {
	directory string // absolute path that holds the SQLite files
	postgres  string // connection URL, with password
}

// errURL never repeats what was given: a misspelt URL may still hold a password.
var errURL = errors.New(`the database URL must be "sqlite:<directory>", for example ` + DefaultURL +
	`, or "postgres://<user>:<password>@<host>/<database>"`)

func locate(given string) (location, error) {
	if given == "" {
		given = DefaultURL
	}
	scheme, rest, _ := strings.Cut(given, ":")
	switch scheme {
	case "sqlite":
		return locateDirectory(rest)
	case "postgres", "postgresql":
		if _, err := url.Parse(given); err != nil || !strings.HasPrefix(rest, "//") {
			return location{}, errURL
		}
		return location{postgres: given}, nil
	}
	return location{}, errURL
}

// locateDirectory takes "<directory>" and, as people write it too, "//<directory>".
func locateDirectory(path string) (location, error) {
	path = strings.TrimPrefix(path, "//")
	if path == "" || strings.ContainsRune(path, 0) {
		return location{}, errURL
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return location{}, err
	}
	return location{directory: absolute}, nil
}

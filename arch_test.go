// Package einlass_test judges the shape of the whole program: who may import whom, where third-party code lives,
// and the few habits that a compiler does not check. It reads the source only; nothing is built or run.
//
// Start with the tables in this file: they are the truth, and docs/architecture.md prints them.
// The rules themselves are in arch_rules_test.go, each proved by a bad example in arch_bad_test.go.
package einlass_test

import (
	"os"
	"path/filepath"
	"testing"
)

// floors is the house. An import points to a lower floor, never up, never sideways.
var floors = map[string]int{
	"app": 5,

	"app/web":       4, // what a person sees
	"scanproxy/api": 4, // what a scanner speaks
	"app/store":     4, // all SQL
	"app/cast":      4, // the people and rooms of the demo, of tests and pictures

	"app/room":  3, // rules of the bridge
	"scanproxy": 3, // rules of the door

	"pretix/mirror": 2, // the local copy

	"pretix": 1, // one client for each remote world
	"bbb":    1,

	"templates":        0, // import nothing of ours
	"scanproxy/rules":  0, // the formula language of check-in lists: the mirror compiles it, the check evaluates it
	"migrations":       0,
	"pretix/pretixsim": 0,
	"bbb/bbbsim":       0,
}

// testSupport lists packages that only tests import. They may import every floor; the program may import none of them.
var testSupport = map[string]bool{
	"examples":              true, // parses the example files
	"templates/browsertest": true, // a Chromium to look at pages with
	"scanproxy/api/apitest": true, // the apps' traffic, against whatever answers it
	"scanproxy/recorded":    true, // cases of the offline check and recordings of pretix
	"app/store/storetest":   true, // one conformance suite for both engines
	"testclock":             true, // a clock that stands still until a test turns it
}

// simulators are servers for tests and for the demo.
var simulators = map[string]bool{"pretix/pretixsim": true, "bbb/bbbsim": true}

// stages may start simulators: the demo and its cast.
var stages = map[string]bool{"app": true, "app/cast": true}

// cores decide and do no I/O of their own: they know neither HTTP nor SQL nor files.
var cores = map[string]bool{"app/room": true, "scanproxy": true}

// anywhere stands in homes for: no particular home.
const anywhere = "anywhere"

// homes says where an import from outside may be used: third-party modules, and those parts of the standard library
// that belong to one place. The longest matching path counts. A third-party import that is not here is a complaint.
var homes = map[string][]string{
	"github.com/go-resty/resty":       {"pretix", "bbb"},
	"github.com/golang-jwt/jwt":       {"pretix"},
	"github.com/hashicorp/golang-lru": {"pretix/mirror"},
	"github.com/gin-gonic/gin":        {"app/web", "scanproxy/api"},
	"github.com/jackc/pgx":            {"app/store"},
	"github.com/pressly/goose":        {"app/store"},
	"modernc.org/sqlite":              {"app/store"},

	"go.yaml.in/yaml": {"app"},
	"google.golang.org/protobuf/encoding/protowire": {"pretix"},
	"github.com/nicksnyder/go-i18n":                 {"app/web", "templates"},
	"github.com/BurntSushi/toml":                    {"app/web", "templates"},
	"rsc.io/qr":                                     {"app", "app/web"},
	"github.com/google/uuid":                        {anywhere},
	"golang.org/x/sync":                             {anywhere},
	"golang.org/x/text":                             {anywhere},
	"golang.org/x/time":                             {anywhere},

	"database/sql":  {"app/store"},
	"encoding/xml":  {"bbb", "bbb/bbbsim"},
	"html/template": {"templates"},
	"os/signal":     {"app"},
}

// allowedVars are package-level variables that are neither a sentinel error nor a table that nobody writes to.
// Each entry says why it cannot be anything else.
var allowedVars = map[string]string{}

// TestEveryEntryIsThere: whoever reads that a package exists goes and looks for it.
func TestEveryEntryIsThere(t *testing.T) {
	house, err := readHouse(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for dir := range floors {
		if house.rooms[dir] == nil {
			t.Errorf("floors has %s, which is no package", dir)
		}
	}
	for dir := range testSupport {
		if house.rooms[dir] == nil && !hasTests(dir) {
			t.Errorf("testSupport has %s, which is no package", dir)
		}
	}
}

// hasTests tells a package that is nothing but tests: readHouse leaves these out.
func hasTests(dir string) bool {
	tests, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return err == nil && len(tests) > 0
}

// TestArchitecture walks the tree and prints every complaint at once.
func TestArchitecture(t *testing.T) {
	house, err := readHouse(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range judge(house) {
		t.Error(complaint)
	}
}

package einlass_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// modulePath is the prefix of every import of ours.
const modulePath = "github.com/einlass/einlass"

// house is the source tree as the rules see it.
type house struct {
	rooms      map[string]*room // by folder, "." for the root
	migrations []string         // every .sql below migrations/
}

// room is one folder with Go code that is not a test.
type room struct {
	dir   string
	fset  *token.FileSet       // positions, for complaints
	files map[string]*ast.File // by path
}

// at says where a node stands, as an editor wants it.
func (r *room) at(n ast.Node) string {
	p := r.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// readHouse parses every non-test Go file below root. Folders that the go command ignores are left out,
// and so is every nested module.
func readHouse(root fs.FS) (*house, error) {
	h := &house{rooms: map[string]*room{}}
	fset := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if ignored(root, name) {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasPrefix(name, "migrations/") && path.Ext(name) == ".sql":
			h.migrations = append(h.migrations, name)
		case path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go"):
			return h.add(root, fset, name)
		}
		return nil
	})
	return h, err
}

func ignored(root fs.FS, dir string) bool {
	base := path.Base(dir)
	if dir == "." {
		return false
	}
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func (h *house) add(root fs.FS, fset *token.FileSet, name string) error {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	r := h.rooms[dir]
	if r == nil {
		r = &room{dir: dir, fset: fset, files: map[string]*ast.File{}}
		h.rooms[dir] = r
	}
	r.files[name] = file
	return nil
}

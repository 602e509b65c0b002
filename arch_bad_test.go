package einlass_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestArchitectureSeesEachFault proves that no rule is asleep: one bad file each, and what is said about it.
func TestArchitectureSeesEachFault(t *testing.T) {
	const doc = "// Package x is fine.\npackage x\n"
	says := func(name, file, body, want string) {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{file: {Data: []byte(body)}}
			if dir, _, ok := cutLast(file, "/"); ok && strings.HasSuffix(file, ".go") {
				if _, given := tree[dir+"/doc.go"]; !given {
					tree[dir+"/doc.go"] = &fstest.MapFile{Data: []byte(doc)}
				}
			}
			h, err := readHouse(tree)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(judge(h), "\n")
			if want == "" && got != "" {
				t.Errorf("complaint about good code: %s", got)
			}
			if !strings.Contains(got, want) {
				t.Errorf("complaints = %q, want one with %q", got, want)
			}
		})
	}
	imports := func(name, from, target, want string) {
		says(name, from+"/x.go", "package x\nimport _ \""+target+"\"\n", want)
	}
	ours := modulePath + "/"

	imports("down is fine", "app/room", ours+"pretix", "")
	imports("up", "pretix", ours+"app/room", "lower floor")
	imports("sideways", "app/room", ours+"scanproxy", "lower floor")
	imports("a simulator that shares the client's spelling", "bbb/bbbsim", ours+"bbb", "lower floor")
	imports("a simulator outside the demo", "app/web", ours+"bbb/bbbsim", "a simulator is for tests")
	imports("the demo starts simulators", "app", ours+"bbb/bbbsim", "")
	imports("test support in the program", "app", ours+"app/store/storetest", "for tests only")
	imports("a package nobody put on a floor", "app", ours+"app/helpers", "has no floor")
	imports("SQL in a core", "app/room", "database/sql", "its home is app/store")
	imports("a driver below a module path", "app", "github.com/jackc/pgx/v5/stdlib", "its home is app/store")
	imports("a router in a simulator", "pretix/pretixsim", "github.com/gin-gonic/gin", "its home is app/web, scanproxy/api")
	imports("HTTP in a core", "scanproxy", "net/http/httptest", "no I/O of its own")
	imports("a module without a home", "app", "github.com/pkg/errors", "a new module")
	imports("an assertion library outside tests", "app/web", "github.com/google/go-cmp/cmp", "a new module")
	imports("html/template far from the templates", "app/web", "html/template", "its home is templates")
	imports("text/template is nobody's business", "app/web", "text/template", "")

	says("an unknown package", "utils/x.go", "package x", "utils: a package without a floor")
	says("code at the root", "main.go", "package main", ".: a package without a floor")
	says("testdata is not judged", "bbb/testdata/x.go", "package x\nfunc init() {}", "")
	says("an empty doc.go", "bbb/doc.go", "package x", "no doc.go with a package comment")
	says("an exported func", "bbb/x.go", "package x\nfunc F() {}", "F is exported")
	says("an exported method", "bbb/x.go", "package x\n// T is.\ntype T struct{}\nfunc (t *T) M() {}", "M is exported")
	says("a method of a private type", "bbb/x.go", "package x\ntype t struct{}\nfunc (t) M() {}", "")
	says("a method that its interface explains", "bbb/x.go", "package x\n// T is.\ntype T struct{}\nfunc (T) String() string { return \"\" }", "")
	says("an exported type in a group", "bbb/x.go", "package x\n// All of them.\ntype (\n\tT struct{}\n)", "T is exported")
	says("an exported constant", "bbb/x.go", "package x\nconst C = 1", "C is exported")
	says("a commented group of constants", "bbb/x.go", "package x\n// Two.\nconst (\n\tC = 1\n\tD = 2\n)", "")
	says("init", "bbb/x.go", "package x\nfunc init() {}", "no init")
	says("a method named init", "bbb/x.go", "package x\ntype t int\nfunc (t) init() {}", "")
	says("panic", "bbb/x.go", "package x\nfunc f() { panic(1) }", "panic; return an error")
	says("panic in Must", "bbb/x.go", "package x\nfunc mustF() { panic(1) }", "")
	says("a connection to be dropped", "bbb/x.go", "package x\nimport \"net/http\"\nfunc f() { panic(http.ErrAbortHandler) }", "")
	says("exit", "bbb/x.go", "package x\nimport \"os\"\nfunc f() { os.Exit(1) }", "only app may")
	says("exit in app", "app/x.go", "package main\nimport \"os\"\nfunc f() { os.Exit(1) }", "")

	says("a global", "bbb/x.go", "package x\nvar n int", "n is a global")
	says("a global pointer", "bbb/x.go", "package x\nvar p = &struct{}{}", "p is a global")
	says("a global lock", "bbb/x.go", "package x\nimport \"sync\"\nvar mu = sync.Mutex{}", "mu is a global")
	says("a global made by a call", "bbb/x.go", "package x\nvar c = make(chan int)", "c is a global")
	says("a sentinel", "bbb/x.go", "package x\nimport \"errors\"\nvar errX = errors.New(\"x\")", "")
	says("a pattern", "bbb/x.go", "package x\nimport \"regexp\"\nvar re = regexp.MustCompile(\"x\")", "")
	says("embedded files", "bbb/x.go", "package x\nimport _ \"embed\"\n//go:embed x.go\nvar src string", "")
	says("a table", "bbb/x.go", "package x\nvar m = map[int]int{1: 2}\nfunc f() int { return m[1] }", "")
	says("a pattern made of parts", "bbb/x.go", "package x\nvar a = `x` + b\nconst b = `y`", "")
	says("a table that somebody fills", "bbb/x.go", "package x\nvar m = map[int]int{}\nfunc f() { m[1] = 2 }", "writes to the package-level m")
	says("a table that somebody empties", "bbb/x.go", "package x\nvar m = map[int]int{}\nfunc f() { delete(m, 1) }", "writes to the package-level m")
	says("a counter", "bbb/x.go", "package x\nvar n = 0\nfunc f() { n++ }", "writes to the package-level n")
	says("a table lent for writing", "bbb/x.go", "package x\nvar n = 0\nfunc f() *int { return &n }", "writes to the package-level n")
	says("a type that must fulfil an interface", "bbb/x.go", "package x\nvar _ any = (*int)(nil)\nfunc f(err error) error { _, err = 2, nil; return err }", "")
	says("a local of the same name", "bbb/x.go", "package x\nvar n = 0\nfunc f() { n := 1; n++ }", "")

	says("a migration for one engine", "migrations/sqlite/0001_x.sql", "", "migrations/postgres/0001_x.sql is missing")
	says("a migration for the other engine", "migrations/journal/postgres/0001_x.sql", "", "migrations/journal/sqlite/0001_x.sql is missing")
	says("a migration for nobody", "migrations/0001_x.sql", "", "which engine")
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

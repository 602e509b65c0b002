package einlass_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// judge applies every rule and returns the complaints, sorted, each with its place and what to do.
func judge(h *house) []string {
	var out []string
	for dir, r := range h.rooms {
		out = append(out, judgeKnown(dir)...)
		for _, file := range r.files {
			out = append(out, judgeImports(r, file)...)
			out = append(out, judgeComments(r, file)...)
			out = append(out, judgeCalls(r, file)...)
		}
		out = append(out, judgeDoc(r)...)
		out = append(out, judgeVars(r)...)
	}
	out = append(out, judgeMigrations(h.migrations)...)
	sort.Strings(out)
	return out
}

func judgeKnown(dir string) []string {
	if _, known := floors[dir]; known || testSupport[dir] {
		return nil
	}
	return []string{fmt.Sprintf("%s: a package without a floor; add it to the table in arch_test.go", dir)}
}

// judgeImports sends each import to the rule for its kind.
func judgeImports(r *room, file *ast.File) []string {
	var out []string
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the compiler says it better
		}
		why := judgeOutside(r.dir, target)
		if ours, ok := strings.CutPrefix(target, modulePath); ok {
			why = judgeOurs(r.dir, strings.TrimPrefix(ours, "/"))
		}
		if why != "" {
			out = append(out, fmt.Sprintf("%s: %s imports %q: %s", r.at(spec), r.dir, target, why))
		}
	}
	return out
}

// judgeOurs says what is wrong with an import of ours, or nothing.
func judgeOurs(from, to string) string {
	floor, known := floors[to]
	switch {
	case testSupport[from]:
		return ""
	case testSupport[to]:
		return "that one is for tests only"
	case !known:
		return "it has no floor; add it to the table in arch_test.go"
	case simulators[to] && !stages[from]:
		return "a simulator is for tests, and for app's demo"
	case floor >= floors[from]:
		return fmt.Sprintf("imports point to a lower floor only (%d -> %d)", floors[from], floor)
	}
	return ""
}

// judgeOutside says what is wrong with an import from the standard library or another module, or nothing.
func judgeOutside(from, target string) string {
	if cores[from] && (target == "os" || within(target, "net/http")) {
		return "a core does no I/O of its own"
	}
	home, known := homeOf(target)
	switch {
	case testSupport[from]:
		return ""
	case known && !slices.Contains(home, from) && home[0] != anywhere:
		return "its home is " + strings.Join(home, ", ")
	case !known && thirdParty(target):
		return "a new module; give it a home in the table in arch_test.go"
	}
	return ""
}

// homeOf finds the longest entry of homes that covers the import.
func homeOf(target string) ([]string, bool) {
	for p := target; p != "." && p != "/"; p = path.Dir(p) {
		if home, ok := homes[p]; ok {
			return home, true
		}
	}
	return nil, false
}

func within(target, parent string) bool {
	return target == parent || strings.HasPrefix(target, parent+"/")
}

// thirdParty: the first element of a module path has a dot, that of the standard library has none.
func thirdParty(target string) bool {
	first, _, _ := strings.Cut(target, "/")
	return strings.Contains(first, ".")
}

// judgeMigrations wants each numbered file once per engine: the engine's name stands in its path.
func judgeMigrations(names []string) []string {
	var out []string
	for _, name := range names {
		twin := strings.Replace(name, "sqlite", "postgres", 1)
		if twin == name {
			twin = strings.Replace(name, "postgres", "sqlite", 1)
		}
		switch {
		case twin == name:
			out = append(out, name+": neither sqlite nor postgres in its path; which engine is it for?")
		case !slices.Contains(names, twin):
			out = append(out, name+": one engine only; "+twin+" is missing")
		}
	}
	return out
}

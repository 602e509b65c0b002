package einlass_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// judgeVars lets a package keep sentinel errors, embedded files and tables that nobody writes to. Everything else that
// changes belongs in a struct that app wires.
func judgeVars(r *room) []string {
	var out []string
	tables := map[string]bool{}
	for _, file := range r.files {
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				s := spec.(*ast.ValueSpec)
				for i, id := range s.Names {
					tables[id.Name] = id.Name != "_" // nobody can write to that
					if _, allowed := allowedVars[r.dir+"."+id.Name]; allowed || constant(d, s, i) {
						continue
					}
					out = append(out, fmt.Sprintf("%s: %s is a global that may change; make it a field, or justify it in allowedVars", r.at(id), id.Name))
				}
			}
		}
	}
	for _, file := range r.files {
		out = append(out, judgeWrites(r, file, tables)...)
	}
	return out
}

// constant says whether a variable is only a variable because Go has no constant of its kind.
func constant(d *ast.GenDecl, s *ast.ValueSpec, i int) bool {
	switch {
	case s.Names[i].Name == "_", embedded(d.Doc), embedded(s.Doc):
		return true
	case i >= len(s.Values):
		return false // no value: it waits for somebody to write to it
	}
	return value(s.Values[i])
}

// value says whether an expression makes something that only a later write could change; judgeWrites finds those.
func value(e ast.Expr) bool {
	switch v := e.(type) {
	case *ast.CompositeLit:
		return !changing(v)
	case *ast.BasicLit, *ast.FuncLit, *ast.Ident:
		return true
	case *ast.BinaryExpr:
		return value(v.X) && value(v.Y)
	case *ast.CallExpr:
		return fixed(v)
	}
	return false
}

// changing: a lock, a counter or a pool is written to by its own methods.
func changing(v *ast.CompositeLit) bool {
	t, ok := v.Type.(*ast.SelectorExpr)
	return ok && slices.Contains([]string{"sync", "atomic", "http"}, root(t))
}

// fixed names the calls that make a value nobody can change: errors, compiled patterns, conversions.
func fixed(call *ast.CallExpr) bool {
	name := callee(call)
	_, conversion := call.Fun.(*ast.ArrayType)
	_, after, _ := strings.Cut(name, ".")
	return conversion || name == "errors.New" || name == "fmt.Errorf" || name == "strings.NewReplacer" ||
		strings.HasPrefix(after, "Must") || strings.HasPrefix(name, "must")
}

func embedded(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// judgeWrites finds assignments to package-level variables: x = …, x[k] = …, x.f++, delete(x, k), &x.
// A local of the same name in the same function hides the variable.
func judgeWrites(r *room, file *ast.File, vars map[string]bool) []string {
	var out []string
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		local := locals(f)
		hit := func(e ast.Expr) {
			if name := root(e); vars[name] && !local[name] {
				out = append(out, fmt.Sprintf("%s: writes to the package-level %s", r.at(e), name))
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch s := n.(type) {
			case *ast.AssignStmt:
				if s.Tok != token.DEFINE {
					for _, e := range s.Lhs {
						hit(e)
					}
				}
			case *ast.IncDecStmt:
				hit(s.X)
			case *ast.UnaryExpr:
				if s.Op == token.AND {
					hit(s.X)
				}
			case *ast.CallExpr:
				if name := callee(s); (name == "delete" || name == "clear") && len(s.Args) > 0 {
					hit(s.Args[0])
				}
			}
			return true
		})
	}
	return out
}

// root is the variable at the bottom of x.f[i], or nothing.
func root(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}

// locals are all names that a function declares anywhere inside: parameters, results, :=, var.
func locals(f *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.Field:
			for _, id := range s.Names {
				names[id.Name] = true
			}
		case *ast.AssignStmt:
			for _, e := range s.Lhs {
				if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
					names[id.Name] = true
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{s.Key, s.Value} {
				if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
					names[id.Name] = true
				}
			}
		case *ast.ValueSpec:
			for _, id := range s.Names {
				names[id.Name] = true
			}
		}
		return true
	})
	return names
}

package einlass_test

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
)

// judgeDoc wants the package comment in doc.go, where a reader looks first.
func judgeDoc(r *room) []string {
	doc := r.files[path.Join(r.dir, "doc.go")]
	if doc == nil || strings.TrimSpace(doc.Doc.Text()) == "" {
		return []string{r.dir + ": no doc.go with a package comment: what it owns, what it does not, where to start reading"}
	}
	return nil
}

// wellKnown are methods whose interface already says what they do.
var wellKnown = map[string]bool{
	"Error": true, "Unwrap": true, "String": true, "GoString": true, "Format": true, "LogValue": true,
	"MarshalText": true, "UnmarshalText": true, "MarshalJSON": true, "UnmarshalJSON": true, "ServeHTTP": true,
}

// judgeComments wants a doc comment on every exported name.
func judgeComments(r *room, file *ast.File) []string {
	var out []string
	missing := func(n ast.Node, name string) {
		out = append(out, fmt.Sprintf("%s: %s is exported and has no doc comment", r.at(n), name))
	}
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if needsComment(d) && d.Doc == nil {
				missing(d, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				for _, name := range undocumented(d, spec) {
					missing(spec, name)
				}
			}
		}
	}
	return out
}

func needsComment(f *ast.FuncDecl) bool {
	if !f.Name.IsExported() {
		return false
	}
	return f.Recv == nil || ast.IsExported(receiver(f)) && !wellKnown[f.Name.Name]
}

// receiver is the bare type name of a method's receiver: T for (t *T[K]).
func receiver(f *ast.FuncDecl) string {
	var name string
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// undocumented lists the exported names of one spec that no comment explains. In a group, the comment above the group
// or one at the end of the line will do.
func undocumented(d *ast.GenDecl, spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil && (d.Doc == nil || d.Lparen.IsValid()) {
			names = append(names, s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, id := range s.Names {
			if id.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// judgeCalls finds init, panics outside Must functions, and ends of the process outside app.
func judgeCalls(r *room, file *ast.File) []string {
	var out []string
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if f.Recv == nil && f.Name.Name == "init" {
			out = append(out, r.at(f)+": no init; wiring is visible in app")
		}
		must := strings.HasPrefix(strings.ToLower(f.Name.Name), "must")
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch name := callee(call); {
			case name == "panic" && !must && !dropsConnection(call):
				out = append(out, r.at(call)+": panic; return an error")
			case (name == "os.Exit" || strings.HasPrefix(name, "log.Fatal")) && r.dir != "app":
				out = append(out, r.at(call)+": "+name+" ends the process; only app may")
			}
			return true
		})
	}
	return out
}

// dropsConnection: panic(http.ErrAbortHandler) is how net/http is told to drop a connection.
func dropsConnection(call *ast.CallExpr) bool {
	arg, ok := call.Args[0].(*ast.SelectorExpr)
	return ok && arg.Sel.Name == "ErrAbortHandler"
}

// callee spells a called name as the source does: panic, os.Exit. Anything longer is empty.
func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

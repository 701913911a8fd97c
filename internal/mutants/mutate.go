package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
)

// mutant is one change of a file's text.
type mutant struct {
	file        string // relative to the module
	line        int
	start, end  int    // bytes that are replaced
	replacement string // what stands there instead
	switched    edit   // the same change, made only where a process is told to; without text: it cannot be
	change      string // in words, of one line
	packageName string
}

// edit is a part of a text and what stands there instead, in which %s says whether the change is made.
type edit struct {
	start, end int
	text       string
}

func (m mutant) id() string { return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.change) }

// apply returns the text with the change.
func (m mutant) apply(text []byte) []byte {
	return append(append(append([]byte{}, text[:m.start]...), m.replacement...), text[m.end:]...)
}

// finder collects the mutants of one file.
type finder struct {
	name  string
	of    string // the package
	text  []byte
	files *token.FileSet
	found []mutant
}

// mutantsOf finds every mutant of a Go file, in the order of the text.
func mutantsOf(name string) ([]mutant, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &finder{name: name, text: text, files: token.NewFileSet()}
	file, err := parser.ParseFile(f.files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f.of = file.Name.Name
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl: // constants and types are settings rather than behaviour
			return n.Tok == token.VAR
		case *ast.FuncDecl:
			f.returnEarly(n)
		case *ast.IfStmt:
			f.replace(n.Cond, "!("+f.source(n.Cond)+")", "condition negated: "+f.source(n.Cond))
			f.switches(n.Cond.Pos(), n.Cond.End(), "(%s) != ("+escaped(f.source(n.Cond))+")")
		case *ast.BinaryExpr:
			f.binary(n)
		case *ast.BasicLit:
			f.number(n)
		case *ast.Ident:
			f.boolean(n)
		case *ast.BlockStmt:
			f.removeOneOf(n.List)
		case *ast.CaseClause:
			f.removeOneOf(n.Body)
		}
		return !isLogging(n)
	})
	return f.found, nil
}

func (f *finder) offset(p token.Pos) int { return f.files.Position(p).Offset }

func (f *finder) source(n ast.Node) string {
	return string(f.text[f.offset(n.Pos()):f.offset(n.End())])
}

func (f *finder) replace(n ast.Node, replacement, change string) {
	f.at(n.Pos(), n.End(), replacement, change)
}

func (f *finder) at(from, to token.Pos, replacement, change string) {
	f.found = append(f.found, mutant{file: f.name, line: f.files.Position(from).Line, start: f.offset(from),
		end: f.offset(to), replacement: replacement, change: oneLine(change), packageName: f.of})
}

// swaps are operators that are easily taken for one another.
var swaps = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD,
}

func (f *finder) binary(n *ast.BinaryExpr) {
	if to, ok := swaps[n.Op]; ok {
		f.at(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), to.String(),
			fmt.Sprintf("%s for %s: %s", to, n.Op, f.source(n)))
		if n.Op != token.ADD && n.Op != token.SUB { // their type is not known
			f.switches(n.Pos(), n.End(), fmt.Sprintf("func() bool { if %%s { return %s %s %s }; return %s }()",
				escaped(f.source(n.X)), to, escaped(f.source(n.Y)), escaped(f.source(n))))
		}
	}
}

func (f *finder) number(n *ast.BasicLit) {
	if value, err := strconv.ParseInt(n.Value, 0, 64); n.Kind == token.INT && err == nil {
		f.replace(n, strconv.FormatInt(value+1, 10), fmt.Sprintf("%d for %s", value+1, n.Value))
	}
}

func (f *finder) boolean(n *ast.Ident) {
	switch n.Name {
	case "true":
		f.replace(n, "false", "false for true")
		f.switches(n.Pos(), n.End(), "!(%s)")
	case "false":
		f.replace(n, "true", "true for false")
		f.switches(n.Pos(), n.End(), "(%s)")
	}
}

// escaped is a text that Sprintf writes as it is.
func escaped(text string) string { return strings.ReplaceAll(text, "%", "%%") }

// removeOneOf removes each statement that does something and declares nothing.
func (f *finder) removeOneOf(statements []ast.Stmt) {
	for _, s := range statements {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.SendStmt, *ast.GoStmt, *ast.BranchStmt:
		default:
			continue
		}
		if !isLogging(s) {
			f.replace(s, "", "removed: "+f.source(s))
			f.switches(s.Pos(), s.End(), "if !(%s) { "+escaped(f.source(s))+" }")
		}
	}
}

// returnEarly lets a function that has no result, or only an error, do nothing.
func (f *finder) returnEarly(n *ast.FuncDecl) {
	if n.Body == nil || len(n.Body.List) < 2 {
		return // one statement is removed as such
	}
	statement := "return; "
	if r := n.Type.Results; r != nil && len(r.List) > 0 {
		if only, ok := r.List[0].Type.(*ast.Ident); len(r.List) != 1 || len(r.List[0].Names) > 1 || !ok ||
			only.Name != "error" {
			return
		}
		statement = "return nil; "
	}
	first := n.Body.List[0].Pos()
	f.at(first, first, "if len(\"\") == 0 { "+statement+"}\n", "returns at once: "+n.Name.Name)
	f.switches(first, first, "if %s { "+statement+"}; ")
}

// switches says how the mutant that was found last is made only where a process is told to.
func (f *finder) switches(from, to token.Pos, text string) {
	f.found[len(f.found)-1].switched = edit{f.offset(from), f.offset(to), text}
}

// isLogging is true for what only people read: lines that tell of warnings and errors, and the texts of errors.
func isLogging(n ast.Node) bool {
	if s, ok := n.(*ast.ExprStmt); ok {
		n = s.X
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	of, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch of.Sel.Name {
	case "Warn", "Error", "Debug", "Errorf":
		return true
	}
	return false
}

package main

// What a text in Go code is, as far as it is known without running the code.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// unknownText stands for a part of a text that only a run knows. A phrase cannot have it.
const unknownText = "{}"

// mostTexts is how many parts a text may be joined from. Constants may be made of themselves.
const mostTexts = 1000

var verb = regexp.MustCompile(`%[-+# 0]*[\d.]*[a-zA-Z]`)

// text is the value of an expression: literals, constants of the same folder, what + joins and Sprintf fills in.
func (o *ownSteps) text(e ast.Expr, folder string) string {
	left := mostTexts
	return o.textOf(e, folder, &left)
}

func (o *ownSteps) textOf(e ast.Expr, folder string, left *int) string {
	if *left--; *left < 0 {
		return unknownText
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.ParenExpr:
		return o.textOf(e.X, folder, left)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return o.textOf(e.X, folder, left) + o.textOf(e.Y, folder, left)
		}
	case *ast.Ident:
		if value := o.constant(folder, e.Name); value != nil {
			return o.textOf(value, folder, left)
		}
	case *ast.CallExpr:
		if f, is := e.Fun.(*ast.SelectorExpr); is && f.Sel.Name == "Sprintf" && len(e.Args) > 0 {
			return verb.ReplaceAllString(o.textOf(e.Args[0], folder, left), unknownText)
		}
	}
	return unknownText
}

// constant is the expression of a constant that any file of the folder declares, if only one does.
func (o *ownSteps) constant(folder, name string) ast.Expr {
	known, read := o.constants[folder]
	if !read {
		known = map[string]ast.Expr{}
		o.constants[folder] = known
		files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
		for _, file := range files {
			if info, err := os.Lstat(file); err == nil && info.Mode().IsRegular() && info.Size() <= mostGoFile {
				declared(file, known)
			}
		}
	}
	return known[name]
}

// declared adds the constants of a file. A name that is declared twice has no value.
func declared(path string, known map[string]ast.Expr) {
	file, _ := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if file == nil {
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		all, is := n.(*ast.GenDecl)
		if !is || all.Tok != token.CONST {
			return true
		}
		for _, spec := range all.Specs {
			one, is := spec.(*ast.ValueSpec)
			if !is {
				continue
			}
			for i, name := range one.Names {
				if _, twice := known[name.Name]; twice || i >= len(one.Values) {
					known[name.Name] = nil
				} else {
					known[name.Name] = one.Values[i]
				}
			}
		}
		return true
	})
}

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// family is one file of steps.
type family struct {
	name  string // base name without .go
	about string // the comment at the head of the file
	steps []registered
}

// registered is one registration statement with what its handler's comment says.
type registered struct {
	keyword, phrase, handler string
	line                     int
	doc, example             string
}

// read parses the folder's files and ties registrations to the handlers' comments.
func read(folder string) ([]family, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	docs := map[string]string{}
	var families []family
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
				docs[f.Name.Name] = f.Doc.Text()
			}
		}
		if steps := registrations(set, parsed); len(steps) > 0 {
			families = append(families, family{name: strings.TrimSuffix(filepath.Base(file), ".go"), about: about(parsed),
				steps: steps})
		}
	}
	return families, describe(families, docs)
}

// describe fills in docs and examples; a handler without a comment is an error, as its step would be undocumented.
func describe(families []family, docs map[string]string) error {
	for _, f := range families {
		for i, s := range f.steps {
			text, ok := docs[s.handler]
			if !ok {
				return fmt.Errorf("%s.go:%d: the handler %s has no doc comment; it is the documentation of %q", f.name, s.line,
					s.handler, s.phrase)
			}
			f.steps[i].doc, f.steps[i].example = split(s.handler, text)
		}
		slices.SortFunc(f.steps, func(a, b registered) int {
			return cmp.Or(cmp.Compare(a.phrase, b.phrase), cmp.Compare(a.keyword, b.keyword))
		})
	}
	return nil
}

// registrations finds the statements s.Given("…", handler, …) and their like.
func registrations(set *token.FileSet, file *ast.File) []registered {
	var found []registered
	ast.Inspect(file, func(n ast.Node) bool {
		statement, ok := n.(*ast.ExprStmt)
		if !ok {
			return true
		}
		call, ok := statement.X.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		method, isMethod := call.Fun.(*ast.SelectorExpr)
		phrase, isText := literal(call.Args[0])
		handler, isName := call.Args[1].(*ast.Ident)
		if !isMethod || !isText || !isName || !slices.Contains([]string{"Given", "When", "Then", "Step"}, method.Sel.Name) {
			return true
		}
		found = append(found, registered{keyword: method.Sel.Name, phrase: phrase, handler: handler.Name,
			line: set.Position(call.Pos()).Line})
		return true
	})
	return found
}

// literal returns the text of a string, which may be in several parts.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, isLeft := literal(e.X)
		right, isRight := literal(e.Y)
		return left + right, isLeft && isRight
	}
	return "", false
}

// about is the comment that stands between the package clause and the imports.
func about(file *ast.File) string {
	for _, c := range file.Comments {
		if c.Pos() > file.Name.End() && (len(file.Imports) == 0 || c.End() < file.Imports[0].Pos()) {
			return strings.TrimSpace(c.Text())
		}
	}
	return ""
}

// split takes the handler's name off the comment's first sentence and the indented example off its end.
func split(handler, text string) (doc, example string) {
	var words, code []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "\t") {
			code = append(code, line[1:])
		} else if line != "" {
			words = append(words, line)
		}
	}
	doc = strings.TrimSpace(strings.TrimPrefix(strings.Join(words, " "), handler))
	first := []rune(doc)
	if len(first) > 0 {
		first[0] = unicode.ToUpper(first[0])
	}
	return string(first), strings.Join(code, "\n")
}

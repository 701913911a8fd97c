package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
)

// family is one file of steps.
type family struct {
	name  string // base name without .go
	about string // the comment at the head of the file
	steps []builtin.Entry
}

// read ties the registered steps to their handlers' comments in the folder's files.
func read(folder string, registry *steps.Registry) ([]family, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	docs, abouts := map[string]string{}, map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		abouts[filepath.Base(file)] = about(parsed)
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
				docs[f.Name.Name] = f.Doc.Text()
			}
		}
	}
	var families []family
	for _, d := range registry.Definitions() {
		text, ok := docs[d.Handler]
		if !ok {
			return nil, fmt.Errorf("%s:%d: the handler %s has no doc comment; it is the documentation of %q", d.File, d.Line,
				d.Handler, d.Phrase)
		}
		name := strings.TrimSuffix(d.File, ".go")
		i := slices.IndexFunc(families, func(f family) bool { return f.name == name })
		if i < 0 {
			i, families = len(families), append(families, family{name: name, about: abouts[d.File]})
		}
		entry := builtin.Entry{Keyword: d.Keyword, Phrase: d.Phrase.String(), Kind: d.Kind, Family: name}
		entry.Doc, entry.Example = split(d.Handler, text)
		families[i].steps = append(families[i].steps, entry)
	}
	for _, f := range families {
		slices.SortFunc(f.steps, func(a, b builtin.Entry) int {
			return cmp.Or(cmp.Compare(a.Phrase, b.Phrase), cmp.Compare(a.Keyword, b.Keyword))
		})
	}
	slices.SortFunc(families, func(a, b family) int { return cmp.Compare(a.name, b.name) })
	return families, nil
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

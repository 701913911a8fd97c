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
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

// family is one file of steps.
type family struct {
	name  string // base name without .go
	about string // the comment at the head of the file
	steps []builtin.Entry
}

// comments are the doc comments of functions, by package.name, and those at the heads of files.
type comments struct{ functions, files map[string]string }

// readComments reads the Go files of folders.
func readComments(folders ...string) (comments, error) {
	c := comments{map[string]string{}, map[string]string{}}
	for _, folder := range folders {
		folder, err := filepath.Abs(folder)
		if err != nil {
			return c, err
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			return c, err
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				return c, err
			}
			c.files[filepath.Base(file)] = about(parsed)
			for _, d := range parsed.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil {
					c.functions[filepath.Base(folder)+"."+f.Name.Name] = f.Doc.Text()
				}
			}
		}
	}
	return c, nil
}

// read ties the registered steps, and the forms of their parts, to the comments of what carries them out, in the
// folder's files and in those of the language itself.
func read(folder string, registry *steps.Registry) ([]family, []builtin.Part, error) {
	c, err := readComments(filepath.Join(folder, ".."), folder)
	if err != nil {
		return nil, nil, err
	}
	var families []family
	for _, d := range registry.Definitions() {
		text, ok := c.functions["builtin."+d.Handler]
		if !ok {
			return nil, nil, fmt.Errorf("%s:%d: the handler %s has no doc comment; it is the documentation of %q", d.File,
				d.Line, d.Handler, d.Phrase)
		}
		name := strings.TrimSuffix(d.File, ".go")
		i := slices.IndexFunc(families, func(f family) bool { return f.name == name })
		if i < 0 {
			i, families = len(families), append(families, family{name: name, about: c.files[d.File]})
		}
		families[i].steps = append(families[i].steps, entry(d, name, text))
	}
	for _, f := range families {
		slices.SortFunc(f.steps, func(a, b builtin.Entry) int {
			return cmp.Or(cmp.Compare(a.Phrase, b.Phrase), cmp.Compare(a.Keyword, b.Keyword))
		})
	}
	slices.SortFunc(families, func(a, b family) int { return cmp.Compare(a.name, b.name) })
	parts, err := c.parts(registry.Params())
	return families, parts, err
}

func entry(d *steps.Definition, family, comment string) builtin.Entry {
	e := builtin.Entry{Keyword: d.Keyword, Phrase: d.Phrase.String(), Family: family}
	for _, v := range d.Variants() {
		if kind := v.Definition.Kind; kind != "" && !slices.Contains(e.Kinds, kind) {
			e.Kinds = append(e.Kinds, kind)
		}
	}
	for _, p := range d.Phrase.Params() {
		if p.Forms != nil {
			e.Parts = append(e.Parts, p.Name)
		}
	}
	e.Doc, e.Blind, e.Example = split(d.Handler, comment)
	return e
}

// parts are the parameters that are put together from forms.
func (c comments) parts(params phrase.Params) (parts []builtin.Part, err error) {
	for _, name := range params.Names() {
		p := params[strings.Trim(name, "{}")]
		if p.Forms == nil {
			continue
		}
		part := builtin.Part{Name: p.Name, Doc: p.Doc}
		for _, f := range p.Forms {
			text, ok := c.functions[f.Maker]
			if !ok {
				return nil, fmt.Errorf("part %s: %s has no doc comment; it is the documentation of %q", name, f.Maker, f)
			}
			form := builtin.Form{Words: f.String(), Kinds: steps.KindsOf(f)}
			form.Doc, form.Blind, form.Example = split(f.Maker[strings.IndexByte(f.Maker, '.')+1:], text)
			part.Forms = append(part.Forms, form)
		}
		parts = append(parts, part)
	}
	return parts, nil
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

// split takes the handler's name off the comment's first sentence, what is not looked at off its last, and the indented
// example off its end.
func split(handler, text string) (doc, blind, example string) {
	var words, code []string
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "\t") {
			code = append(code, line[1:])
		} else if line != "" {
			words = append(words, line)
		}
	}
	doc, blind, _ = strings.Cut(strings.TrimPrefix(strings.Join(words, " "), handler), " Not looked at: ")
	doc = strings.TrimSpace(doc)
	first := []rune(doc)
	if len(first) > 0 {
		first[0] = unicode.ToUpper(first[0])
	}
	return string(first), blind, strings.Join(code, "\n")
}

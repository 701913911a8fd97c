package main

// Steps and applications that the Go code of a repository registers. The server is another program than its tests and
// cannot call them, but their phrases and names stand in the code, as literals.

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// Where own steps are looked for, and how often: so many files, each of so many bytes.
const (
	mostGoFiles = 20_000
	mostGoFile  = 1 << 20
	ownStepsFor = 5 * time.Second
	ownImport   = `"github.com/kafkaspec/kafkaspec/`
)

// ownSteps are those of a repository.
type ownSteps struct {
	looked  time.Time
	places  []string // of registrations: file and line
	phrases []*regexp.Regexp
	vague   bool     // a phrase is no literal: any step may be one
	apps    []string // names of applications
}

// ownStepsOf are the steps of the repository in which a feature stands, as its code is on disk.
func (s *languageServer) ownStepsOf(feature string) ownSteps {
	root := repositoryOf(feature)
	if own, known := s.own[root]; known && time.Since(own.looked) < ownStepsFor {
		return own
	}
	own := readOwnSteps(root)
	own.looked = time.Now()
	s.own[root] = own
	return own
}

// repositoryOf is the nearest folder above a file with a go.mod, else the file's own.
func repositoryOf(file string) string {
	for folder := filepath.Dir(file); ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			return filepath.Dir(file)
		}
	}
}

// readOwnSteps passes over what cannot be read or parsed: somebody is typing there.
func readOwnSteps(root string) (own ownSteps) {
	files := 0
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := ""; {
		case err != nil:
			return nil //nolint:nilerr // the others are read
		case d.IsDir():
			if name = d.Name(); path != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"vendor", "testdata",
				"node_modules"}, name)) {
				return fs.SkipDir
			}
			return nil
		case filepath.Ext(path) != ".go" || !d.Type().IsRegular():
			return nil
		}
		if files++; files > mostGoFiles {
			return fs.SkipAll
		}
		if info, err := d.Info(); err == nil && info.Size() <= mostGoFile {
			own.read(path)
		}
		return nil
	})
	return own
}

func (o *ownSteps) read(path string) {
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte(ownImport)) {
		return
	}
	positions := token.NewFileSet()
	file, _ := parser.ParseFile(positions, path, text, parser.SkipObjectResolution)
	if file == nil {
		return
	}
	registers := bytes.Contains(text, []byte(ownImport+`steps"`))
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if registers {
				o.call(n, positions)
			}
		case *ast.CompositeLit:
			o.names(n)
		}
		return true
	})
}

// call is a registration where it has the method of one.
func (o *ownSteps) call(call *ast.CallExpr, positions *token.FileSet) {
	method, is := call.Fun.(*ast.SelectorExpr)
	if !is || len(call.Args) < 2 || !slices.Contains([]string{"Given", "When", "Then", "Step"}, method.Sel.Name) {
		return
	}
	at := positions.Position(call.Pos())
	o.places = append(o.places, fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line))
	text, is := literalOf(call.Args[0])
	if !is {
		o.vague = true
		return
	}
	o.phrases = append(o.phrases, roughly(text))
}

// names are the keys of a map[string]app.Func.
func (o *ownSteps) names(all *ast.CompositeLit) {
	of, is := all.Type.(*ast.MapType)
	if !is {
		return
	}
	if value, is := of.Value.(*ast.SelectorExpr); !is || value.Sel.Name != "Func" {
		return
	}
	for _, element := range all.Elts {
		if pair, is := element.(*ast.KeyValueExpr); is {
			if name, is := literalOf(pair.Key); is {
				o.apps = append(o.apps, name)
			}
		}
	}
}

func literalOf(e ast.Expr) (text string, is bool) {
	literal, is := e.(*ast.BasicLit)
	if !is || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

// known are the applications of kafkaspec with those of the repository, which nobody runs here.
func (o ownSteps) known(references map[string]app.Func) map[string]app.Func {
	all := maps.Clone(references)
	for _, name := range o.apps {
		all[name] = func(context.Context, app.Env) error { return nil }
	}
	return all
}

// phrasePart is a character as it stands, a parameter, an optional text, or words to choose from.
var phrasePart = regexp.MustCompile(`\\.|\{[^}]*\}|\(([^)]*)\)|[^\s{}()\\]+(?:/[^\s{}()\\]+)+`)

// roughly matches whatever a Cucumber Expression matches, and more: parameters may be any text.
func roughly(text string) *regexp.Regexp {
	var pattern strings.Builder
	pattern.WriteString(`^(?:(?:within|for|once) .*?,? )?`)
	rest := 0
	for _, m := range phrasePart.FindAllStringSubmatchIndex(text, -1) {
		pattern.WriteString(regexp.QuoteMeta(text[rest:m[0]]))
		switch part := text[m[0]:m[1]]; {
		case part[0] == '\\':
			pattern.WriteString(regexp.QuoteMeta(part[1:]))
		case part[0] == '{':
			pattern.WriteString(`.+`)
		case part[0] == '(':
			pattern.WriteString(`(?:` + regexp.QuoteMeta(text[m[2]:m[3]]) + `)?`)
		default:
			alternatives := strings.Split(part, "/")
			for i, a := range alternatives {
				alternatives[i] = regexp.QuoteMeta(a)
			}
			pattern.WriteString(`(?:` + strings.Join(alternatives, "|") + `)`)
		}
		rest = m[1]
	}
	return regexp.MustCompile(pattern.String() + regexp.QuoteMeta(text[rest:]) + `$`)
}

// has is true of a line with a step that the repository registers, or may.
func (o ownSteps) has(f *editedFeature, line int) bool {
	if o.vague {
		return true
	}
	at := slices.IndexFunc(f.steps, func(s editedStep) bool { return s.line == line-1 })
	if at < 0 {
		return false
	}
	text := f.filled(f.steps[at], f.steps[at].text)
	return slices.ContainsFunc(o.phrases, func(p *regexp.Regexp) bool { return p.MatchString(text) })
}

// told says once why some steps are not checked.
func (o ownSteps) told(unknown int) string {
	where := o.places[0]
	if more := len(o.places) - 1; more > 0 {
		where += fmt.Sprintf(" and %d more places", more)
	}
	return words.Counted(int64(unknown), "step") + " of this repository's own Go code (" + where + "): it is not run to " +
		"look at them; go test checks them"
}

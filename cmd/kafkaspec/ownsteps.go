package main

// Steps and applications that the Go code of a repository registers. The command is another program than its tests and
// cannot call them, but their phrases and names stand in the code.

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Where own steps are looked for, and how often: so many files, each of so many bytes.
const (
	mostGoFiles = 20_000
	mostGoFile  = 1 << 20
	ownStepsFor = 5 * time.Second
	ownImport   = `"github.com/kafkaspec/kafkaspec/`
)

// ownSteps are those of a repository. Places are file:line, the file relative to the repository.
type ownSteps struct {
	root     string
	looked   time.Time
	steps    []ownStep
	apps     map[string]string // places by the names of applications
	computed string            // place of a phrase of which nothing is known: any step may be it; "" for none

	constants map[string]map[string]ast.Expr // of folders, once a phrase needs one
}

// ownStep is a registration. Loose says that no word of its phrase is certain: any step of that shape may be it.
type ownStep struct {
	place, method, text string
	form                *regexp.Regexp
	loose               bool
}

// repositoryOf is the nearest folder above a file with a go.mod, else the file's own.
func repositoryOf(file string) string {
	file, err := filepath.Abs(file)
	if err != nil {
		return filepath.Dir(file)
	}
	for folder := filepath.Dir(file); ; folder = filepath.Dir(folder) {
		if isModule(folder) {
			return folder
		}
		if folder == filepath.Dir(folder) {
			return filepath.Dir(file)
		}
	}
}

func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

// isOurs tells whether a folder is kafkaspec's own repository. What its code registers is in this program, or is that
// of its tests alone.
func isOurs(root string) bool {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	return err == nil && ourModule.Match(text)
}

var ourModule = regexp.MustCompile(`(?m)^module\s+"?github\.com/kafkaspec/kafkaspec"?\s*$`)

// readOwnSteps passes over what cannot be read or parsed: somebody is typing there.
func readOwnSteps(root string) *ownSteps {
	own := &ownSteps{root: root, looked: time.Now(), apps: map[string]string{},
		constants: map[string]map[string]ast.Expr{}}
	if isOurs(root) {
		return own
	}
	files := 0
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := ""; {
		case err != nil:
			return nil //nolint:nilerr // the others are read
		case d.IsDir():
			if name = d.Name(); path != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"vendor", "testdata",
				"node_modules"}, name) || isModule(path)) {
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
	shown, err := filepath.Rel(o.root, path)
	if err != nil {
		shown = path
	}
	place := func(n ast.Node) string {
		return fmt.Sprintf("%s:%d", filepath.ToSlash(shown), positions.Position(n.Pos()).Line)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if registers {
				o.call(n, filepath.Dir(path), place(n))
			}
		case *ast.CompositeLit:
			o.names(n, filepath.Dir(path), place)
		}
		return true
	})
}

// call is a registration where it has the method of one.
func (o *ownSteps) call(call *ast.CallExpr, folder, place string) {
	method, is := call.Fun.(*ast.SelectorExpr)
	if !is || len(call.Args) < 2 || !slices.Contains([]string{"Given", "When", "Then", "Step"}, method.Sel.Name) {
		return
	}
	text := o.text(call.Args[0], folder)
	if strings.Trim(text, unknownText+" ") == "" {
		o.computed = place + ", whose text is computed"
		return
	}
	loose := !certainWord.MatchString(phrasePart.ReplaceAllString(text, ""))
	o.steps = append(o.steps, ownStep{place, method.Sel.Name, text, roughly(text), loose})
}

// names are the keys of a map[string]app.Func.
func (o *ownSteps) names(all *ast.CompositeLit, folder string, place func(ast.Node) string) {
	of, is := all.Type.(*ast.MapType)
	if !is {
		return
	}
	if value, is := of.Value.(*ast.SelectorExpr); !is || value.Sel.Name != "Func" {
		return
	}
	for _, element := range all.Elts {
		if pair, is := element.(*ast.KeyValueExpr); is {
			if name := o.text(pair.Key, folder); !strings.Contains(name, unknownText) {
				o.apps[name] = place(pair)
			}
		}
	}
}

// phrasePart is a character as it stands, a parameter, an optional text, or words to choose from.
var phrasePart = regexp.MustCompile(`\\.|\{[^}]*\}|\(([^)]*)\)|[^\s{}()\\]+(?:/[^\s{}()\\]+)+`)

var certainWord = regexp.MustCompile(`\pL`)

// valueOf are the patterns of parameters that every registry has.
var valueOf = map[string]string{"{int}": `-?\d\S*`, "{float}": `-?[\d.]\S*`, "{string}": `(?:".*"|'.*')`, "{word}": `\S+`}

// roughly matches what roughPattern does, behind guards too.
func roughly(text string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:within|for|once) .*?,? )?` + roughPattern(text) + `$`)
}

// roughPattern matches whatever a Cucumber Expression matches, and more: values are not read, and those of parameters
// of somebody's own may be any text.
func roughPattern(text string) string {
	var pattern strings.Builder
	rest := 0
	for _, m := range phrasePart.FindAllStringSubmatchIndex(text, -1) {
		pattern.WriteString(regexp.QuoteMeta(text[rest:m[0]]))
		switch part := text[m[0]:m[1]]; {
		case part[0] == '\\':
			pattern.WriteString(regexp.QuoteMeta(part[1:]))
		case part == unknownText:
			pattern.WriteString(`.*`)
		case part[0] == '{':
			pattern.WriteString(cmp.Or(valueOf[part], `.+`))
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
	return pattern.String() + regexp.QuoteMeta(text[rest:])
}

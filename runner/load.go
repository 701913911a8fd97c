package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
)

// feature is one parsed file.
type feature struct {
	file     string // as shown
	source   []byte // without byte order mark, with \n line ends
	document *messages.GherkinDocument
	pickles  []*messages.Pickle
	lines    []int // selected by path:line; empty for all
	fixtures fs.FS // where the file's generators are looked for
}

// input is one file to read: where it is and how it is shown.
type input struct {
	fsys  fs.FS
	path  string
	shown string
	lines []int
}

var pathLine = regexp.MustCompile(`^(.*\.feature)((?::\d+)+)$`)

// load finds and parses the feature files below the paths. Everything that is wrong with them is reported together.
func load(paths []string, builtIn fs.FS, ownFixtures fs.FS) ([]*feature, error) {
	inputs, problems := find(paths, builtIn)
	var features []*feature
	for _, in := range inputs {
		f, err := parse(in, ownFixtures)
		problems = append(problems, err...)
		if f != nil {
			features = append(features, f)
		}
	}
	return features, inputError(problems)
}

func find(paths []string, builtIn fs.FS) ([]input, []Problem) {
	if len(paths) == 0 {
		return findBuiltIn(builtIn)
	}
	var inputs []input
	var problems []Problem
	for _, p := range paths {
		var lines []int
		if m := pathLine.FindStringSubmatch(p); m != nil {
			p = m[1]
			for _, l := range strings.Split(m[2][1:], ":") {
				n, _ := strconv.Atoi(l) // digits, by the expression
				lines = append(lines, n)
			}
		}
		found, err := walk(p)
		if err != nil {
			problems = append(problems, Problem{File: p, Text: plainError(err),
				Hint: "give a .feature file or a folder that holds some"})
			continue
		}
		for _, f := range found {
			inputs = addInput(inputs, input{fsys: os.DirFS(filepath.Dir(f)), path: filepath.Base(f), shown: filepath.ToSlash(f),
				lines: lines})
		}
	}
	return inputs, problems
}

// addInput joins the lines of a file that is named more than once; a name without a line means the whole file.
func addInput(inputs []input, in input) []input {
	for i, other := range inputs {
		if other.shown == in.shown {
			if len(other.lines) == 0 || len(in.lines) == 0 {
				inputs[i].lines = nil
			} else {
				inputs[i].lines = append(inputs[i].lines, in.lines...)
			}
			return inputs
		}
	}
	return append(inputs, in)
}

func findBuiltIn(builtIn fs.FS) ([]input, []Problem) {
	var inputs []input
	err := fs.WalkDir(builtIn, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".feature") {
			inputs = append(inputs, input{fsys: builtIn, path: p, shown: path.Join("features", p)})
		}
		return err
	})
	if err != nil {
		return nil, []Problem{{Text: plainError(err)}}
	}
	return inputs, nil
}

func walk(root string) ([]string, error) {
	if root == "" {
		return nil, errors.New("got an empty path")
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{root}, regular(info)
	}
	var found []string
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".feature") {
			var info fs.FileInfo
			if info, err = os.Stat(p); err == nil { // of what a link points to
				err = regular(info)
			}
			found = append(found, p)
		}
		if err != nil && p != root {
			return fmt.Errorf("%s: %s", filepath.ToSlash(p), plainError(err))
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = errors.New("no .feature file in this folder")
	}
	return found, err
}

// regular refuses pipes and devices, which may have no end.
func regular(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("this is no file but a pipe or a device")
	}
	return nil
}

// plainError leaves out the operation and path that the file system puts before the reason.
func plainError(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

func parse(in input, ownFixtures fs.FS) (*feature, []Problem) {
	source, err := fs.ReadFile(in.fsys, in.path)
	if err != nil {
		return nil, []Problem{{File: in.shown, Text: plainError(err), Hint: "give a file that can be read"}}
	}
	source = bytes.TrimPrefix(source, []byte("\uFEFF"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	if p := checkSource(in.shown, source); p != nil {
		return nil, []Problem{*p}
	}
	newID := (&messages.Incrementing{}).NewId
	document, err := parseGherkin(source, newID)
	if err != nil {
		return nil, syntaxProblems(in.shown, err)
	}
	f := &feature{file: in.shown, source: source, document: document, lines: in.lines,
		fixtures: layered{in.fsys, ownFixtures}}
	nothing := []Problem{{File: in.shown, Line: 1, Text: "the file has no scenario with steps",
		Hint: "add: Scenario: what must hold, and steps under it"}}
	if document.Feature == nil {
		return nil, nothing
	}
	f.pickles = gherkin.Pickles(*document, in.shown, newID)
	problems := append(emptyScenarios(f), f.taken(func(string) bool { return false })...)
	if len(f.pickles) == 0 && len(problems) == 0 {
		problems = nothing
	}
	return f, problems
}

// emptyScenarios reports scenarios without steps, which would pass without having looked at anything, and outlines
// without rows.
func emptyScenarios(f *feature) []Problem {
	var problems []Problem
	for _, s := range scenariosOf(f.document.Feature) {
		line := int(s.Location.Line)
		if len(s.Steps) == 0 {
			p := Problem{File: f.file, Line: line, Text: fmt.Sprintf("scenario %q has no steps", s.Name),
				Hint: "add steps or remove it"}
			if strings.TrimSpace(s.Description) != "" {
				p.Hint = "what stands under it is taken for description: begin a step with Given, When, Then, And or But and one " +
					"blank"
			}
			problems = append(problems, p)
		}
		if len(s.Examples) == 0 && isOutline(f.document.Feature.Language, s.Keyword) {
			problems = append(problems, Problem{File: f.file, Line: line,
				Text: fmt.Sprintf("outline %q has no examples", s.Name),
				Hint: "add Examples: with a table under it, or write Scenario:"})
		}
		for _, e := range s.Examples {
			if len(e.TableBody) == 0 {
				problems = append(problems, Problem{File: f.file, Line: int(e.Location.Line),
					Text: "the examples table has no rows", Hint: "add a row for each case under the row of names"})
			}
		}
	}
	return problems
}

func isOutline(language, keyword string) bool {
	dialect := gherkin.DialectsBuiltin().GetDialect(language)
	return dialect != nil && slices.Contains(dialect.Keywords["scenarioOutline"], keyword)
}

func scenariosOf(f *messages.Feature) []*messages.Scenario {
	var found []*messages.Scenario
	for _, c := range f.Children {
		if c.Scenario != nil {
			found = append(found, c.Scenario)
		}
		if c.Rule != nil {
			for _, r := range c.Rule.Children {
				if r.Scenario != nil {
					found = append(found, r.Scenario)
				}
			}
		}
	}
	return found
}

// layered looks a file up beside the feature first and among kafkaspec's own fixtures then.
type layered struct{ near, own fs.FS }

// Open implements fs.FS.
func (l layered) Open(name string) (fs.File, error) {
	f, err := l.near.Open(name)
	if err != nil {
		return l.own.Open(name)
	}
	return f, nil
}

// Glob implements fs.GlobFS: the files of both, each name once.
func (l layered) Glob(pattern string) ([]string, error) {
	near, err := fs.Glob(l.near, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(l.own, pattern)
	all := append(near, own...)
	slices.Sort(all)
	return slices.Compact(all), err
}

package runner

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// feature is one parsed file.
type feature struct {
	file     string // as shown
	text     []byte // without byte order mark, with \n line ends
	language string
	blocks   []block
	pickles  []*messages.Pickle
	name     string
	lines    []int // selected by path:line; empty for all
	fixtures fs.FS // where the file's generators are looked for
}

func (f *feature) at(line int) source.Place { return source.Place{File: f.file, Line: line} }

// input is one file to read: where it is and how it is shown.
type input struct {
	fsys  fs.FS
	path  string
	shown string
	lines []int
}

var pathLine = regexp.MustCompile(`^(.*\.feature)((?::\d+)+)$`)

// load finds and parses the feature files below the paths. Everything that is wrong with them is reported together.
func load(paths []string, unsaved map[string]string, builtIn, ownFixtures fs.FS) ([]*feature, error) {
	inputs, problems := find(paths, unsaved, builtIn)
	var features []*feature
	for _, in := range inputs {
		f, err := parse(in, ownFixtures)
		problems = append(problems, err...)
		if f != nil {
			features = append(features, f)
		}
	}
	return features, problems.Err()
}

func find(paths []string, unsaved map[string]string, builtIn fs.FS) (inputs []input, problems source.Errors) {
	if len(paths) == 0 {
		if err := fs.WalkDir(builtIn, ".", func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(p, ".feature") {
				inputs = append(inputs, input{fsys: builtIn, path: p, shown: path.Join("features", p)})
			}
			return err
		}); err != nil {
			problems = source.Errors{source.Place{}.Errorf("%w", plainError(err))}
		}
	}
	for _, p := range paths {
		if text, held := unsaved[p]; held {
			fsys := edited{FS: os.DirFS(filepath.Dir(p)), name: filepath.Base(p), text: text}
			inputs = addInput(inputs, input{fsys: fsys, path: fsys.name, shown: filepath.ToSlash(p)})
			continue
		}
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
			problems = append(problems, source.Place{File: p}.Errorf("%w", plainError(err)).Advise(
				"give a .feature file or a folder that holds some"))
			continue
		}
		for _, f := range found {
			if !utf8.ValidString(f) {
				problems = append(problems, source.Place{File: f}.Errorf("got a name that is not UTF-8: %q", f).Advise(
					"rename the file or its folder"))
				continue
			}
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

func parse(in input, ownFixtures fs.FS) (*feature, source.Errors) {
	f := &feature{file: in.shown, lines: in.lines, fixtures: layered{in.fsys, ownFixtures}}
	text, err := fs.ReadFile(in.fsys, in.path)
	if err != nil {
		return nil, source.Errors{f.at(0).Errorf("%w", plainError(err)).Advise("give a file that can be read")}
	}
	f.text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte("\r\n"), []byte("\n"))
	if p := f.checkText(); p != nil {
		return nil, source.Errors{p}
	}
	newID := (&messages.Incrementing{}).NewId
	document, err := parseGherkin(f.text, newID)
	if err != nil {
		return nil, f.syntaxProblems(err)
	}
	nothing := source.Errors{f.at(1).Errorf("the file has no scenario with steps").Advise(
		"add: Scenario: what must hold, and steps under it")}
	if document.Feature == nil {
		return nil, nothing
	}
	f.name, f.language, f.blocks = document.Feature.Name, document.Feature.Language, blocksOf(document.Feature)
	problems := append(f.emptyScenarios(), f.taken(func(string) bool { return false })...)
	if wrong := f.outlineMistakes(); len(wrong) > 0 { // they may become too much
		return nil, append(problems, wrong...)
	}
	f.pickles = gherkin.Pickles(*document, in.shown, newID)
	if len(f.pickles) == 0 && len(problems) == 0 {
		problems = nothing
	}
	return f, problems
}

// block is what begins with a keyword: the feature, a rule, a background, a scenario.
type block struct {
	first       int // its first line, tags included
	line        int // of the keyword
	description string
	steps       []*messages.Step
	scenario    *messages.Scenario // nil for the others
	rule        string             // the name of the rule around it
}

// blocksOf lists the blocks in the order of their lines.
func blocksOf(f *messages.Feature) []block {
	rule := ""
	var blocks []block
	add := func(at *messages.Location, tags []*messages.Tag, b block) {
		b.line, b.rule = int(at.Line), rule
		b.first = firstLine(at, tags)
		blocks = append(blocks, b)
	}
	child := func(b *messages.Background, s *messages.Scenario) {
		if b != nil {
			add(b.Location, nil, block{description: b.Description, steps: b.Steps})
		}
		if s != nil {
			add(s.Location, s.Tags, block{description: s.Description, steps: s.Steps, scenario: s})
		}
	}
	add(f.Location, f.Tags, block{description: f.Description})
	for _, c := range f.Children {
		child(c.Background, c.Scenario)
		if c.Rule == nil {
			continue
		}
		rule = c.Rule.Name
		add(c.Rule.Location, c.Rule.Tags, block{description: c.Rule.Description})
		for _, r := range c.Rule.Children {
			child(r.Background, r.Scenario)
		}
	}
	return blocks
}

func firstLine(l *messages.Location, tags []*messages.Tag) int {
	first := int(l.Line)
	for _, t := range tags {
		first = min(first, int(t.Location.Line))
	}
	return first
}

// emptyScenarios reports scenarios without steps, which would pass without having looked at anything, and outlines
// without rows.
func (f *feature) emptyScenarios() (problems source.Errors) {
	for _, b := range f.blocks {
		s := b.scenario
		if s == nil {
			continue
		}
		if len(s.Steps) == 0 {
			hint := "add steps or remove it"
			if strings.TrimSpace(s.Description) != "" {
				hint = "what stands under it is taken for description: begin a step with Given, When, Then, And or But and one " +
					"blank"
			}
			problems = append(problems, f.at(b.line).Errorf("scenario %q has no steps", s.Name).Advise(hint))
		}
		if len(s.Examples) == 0 && f.isOutline(s.Keyword) {
			problems = append(problems, f.at(b.line).Errorf("outline %q has no examples", s.Name).Advise(
				"add Examples: with a table under it, or write Scenario:"))
		}
		for _, e := range s.Examples {
			if len(e.TableBody) == 0 {
				problems = append(problems, f.at(int(e.Location.Line)).Errorf("the examples table has no rows").Advise(
					"add a row for each case under the row of names"))
			}
		}
	}
	return problems
}

func (f *feature) isOutline(keyword string) bool {
	dialect := gherkin.DialectsBuiltin().GetDialect(f.language)
	return dialect != nil && slices.Contains(dialect.Keywords["scenarioOutline"], keyword)
}

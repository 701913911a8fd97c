package glue_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/glue"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
	"github.com/kafkaspec/kafkaspec/steps/phrase"
)

var (
	typeLine = regexp.MustCompile(`^ParameterType\(name: '(\w+)', regexp: /(.+)/\)$`)
	stepLine = regexp.MustCompile(`^(?:Given|When|Then)\('(.+)'\)$`)
	docLine  = regexp.MustCompile(`^# \S.*$`)

	// known are the extension's own parameter types: another of that name is refused.
	known = []string{"int", "float", "word", "string", "double", "bigdecimal", "byte", "short", "long", "biginteger"}
)

func builtIn(t *testing.T) *steps.Registry {
	t.Helper()
	registry := steps.NewRegistry()
	builtin.Register(registry)
	if err := registry.Err(); err != nil {
		t.Fatal(err)
	}
	return registry
}

// written is what the extension makes of the file: expressions, over parameter types of the file alone.
func written(t *testing.T, registry *steps.Registry) (expressions []*phrase.Phrase) {
	t.Helper()
	content, err := glue.Of(registry, nil)
	if err != nil {
		t.Fatal(err)
	}
	params := phrase.Params{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		if m := typeLine.FindStringSubmatch(line); m != nil {
			if _, twice := params[m[1]]; twice || slices.Contains(known, m[1]) || strings.Contains(m[2], "#") {
				t.Errorf("got the parameter type %q, want one name each, none of the extension's, and no # in Ruby's pattern", m[1])
			}
			params.Add(phrase.Of(m[1], "", strings.ReplaceAll(m[2], `\/`, "/"), func(s string) (string, error) { return s, nil }))
		} else if m := stepLine.FindStringSubmatch(line); m != nil {
			compiled, err := params.Compile(strings.ReplaceAll(m[1], `\'`, "'"))
			if err != nil {
				t.Fatal(err)
			}
			expressions = append(expressions, compiled)
		} else if line != "" && !docLine.MatchString(line) {
			t.Errorf("got the line %q, want a comment with words, a parameter type or a step", line)
		}
	}
	return expressions
}

// TestEveryPhraseIsWritten has each phrase, in each form of its parts, with values that fit.
func TestEveryPhraseIsWritten(t *testing.T) {
	registry := builtIn(t)
	has := map[string]bool{}
	for _, e := range written(t, registry) {
		has[e.String()] = true
	}
	named := strings.NewReplacer("{int}", "{number}", "{float}", "{decimal}", "{string}", `"{text}"`)
	count := 0
	for _, d := range registry.Definitions() {
		for _, v := range d.Variants() {
			text := named.Replace(v.Text)
			for name, p := range registry.Params() {
				if p.Pattern == phrase.Quoted {
					text = strings.ReplaceAll(text, "{"+name+"}", `"{`+name+`}"`)
				}
			}
			if count++; !has[text] {
				t.Errorf("got no expression %s", text)
			}
		}
	}
	if count < 350 {
		t.Errorf("got %d forms of phrases, want those of all families", count)
	}
}

// TestStepsOfFeatures holds what the extension calls defined against what kafkaspec does, for the steps of all features
// and for what is left of each without one of its words.
func TestStepsOfFeatures(t *testing.T) {
	registry := builtIn(t)
	expressions := written(t, registry)
	defined := func(text string) bool {
		return slices.ContainsFunc(expressions, func(e *phrase.Phrase) bool { return e.Matches(text) })
	}
	texts := featureSteps(t)
	found, refused := 0, 0
	for i, text := range texts {
		if matches, _ := registry.Find(text, steps.Argument{}); len(matches) > 0 {
			if found++; !defined(text) {
				t.Errorf("%s: got it undefined, want it defined as kafkaspec has it", text)
			}
		}
		words := strings.Split(text, " ")
		text = strings.Join(slices.Delete(words, i%len(words), i%len(words)+1), " ")
		if matches, err := registry.Find(text, steps.Argument{}); len(matches) == 0 && err == nil {
			if refused++; defined(text) {
				t.Errorf("%s: got it defined, want it undefined as kafkaspec has it", text)
			}
		}
	}
	if found < 1000 || refused < 500 {
		t.Errorf("got %d steps and %d that are none, want many of both", found, refused)
	}
}

var stepOfFeature = regexp.MustCompile(`(?m)^ *(?:Given|When|Then|And|But|\*) (.+)$`)

// featureSteps are the steps of kafkaspec's own features, each once, without those of outlines.
func featureSteps(t *testing.T) (texts []string) {
	t.Helper()
	err := filepath.WalkDir("../../features", func(file string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".feature" {
			return err
		}
		content, err := os.ReadFile(file)
		for _, m := range stepOfFeature.FindAllStringSubmatch(string(content), -1) {
			if !strings.Contains(m[1], "<") {
				texts = append(texts, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// TestOwnSteps writes steps of a repository: parameters of its own may be any text. Those with escapes that no Cucumber
// Expression has are left out: they would spoil the others.
func TestOwnSteps(t *testing.T) {
	own := []glue.Own{
		{Keyword: steps.Any, Text: "{customer} orders {int} of {string} in {}", Place: "own.go:7"},
		{Keyword: steps.Then, Text: "{topic} is polite", Pattern: ".+ is polite", Place: "own.go:8"},
		{Keyword: steps.When, Text: `it's \{topic} and\/or \\`, Place: "own.go:9"},
	}
	for _, odd := range []string{`it ends with \`, `it's not \'quoted'`, "it has\ntwo lines", "it is \xff"} {
		own = append(own, glue.Own{Keyword: steps.When, Text: odd, Place: "odd.go:1"})
	}
	content, err := glue.Of(builtIn(t), own)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n# own.go:7\nGiven('{} orders {number} of \"{text}\" in {}')\n",
		"\n# own.go:8\nThen('\"{topic}\" is polite')\n",
		"\n# own.go:9\nWhen('it\\'s \\{topic} and\\/or \\\\')\n", "|.+ is polite)/)\n"} {
		if !strings.Contains(string(content), want) {
			t.Errorf("got no %q in\n%s", want, content)
		}
	}
	if strings.Contains(string(content), "odd.go") {
		t.Errorf("got steps that Ruby cannot read in\n%s", content)
	}
}

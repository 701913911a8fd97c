package runner

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps/builtin"

	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"
	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/features"
	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/steps"
)

const winding = `# language: en
@whole
Feature: everything a file can have
  A description.

  Background:
    Given topic "a" with 1 partition

  # a comment
  @first
  Scenario: plain
    Then "a" is empty

  @outline
  Scenario Outline: row <n>
    Given the record "<n>" is in "a"
    Then "a" contains:
      | value |
      | <n>   |

    @some
    Examples: some
      | n |
      | 1 |
      | 2 |

    Examples: others
      | n |
      | 3 |

  Rule: one
    Background:
      Given topic "b" with 1 partition

    Scenario: in one
      Given these records are in "b":
        """yaml
        - value: |
            Scenario: not one
        """
      Then "b" contains exactly 1 record

  @two
  Rule: two
    Scenario: in two
      Then "a" is empty
`

func loadText(t *testing.T, text string) *feature {
	t.Helper()
	return loadFile(t, fstest.MapFS{"x.feature": {Data: []byte(text)}}, "x.feature")
}

func loadFile(t *testing.T, fsys fs.FS, name string) *feature {
	t.Helper()
	f, problems := parse(input{fsys: fsys, path: name, shown: name}, fixtures.Files)
	if len(problems) > 0 {
		t.Fatal(inputError(problems))
	}
	return f
}

// Each scenario's masked source must hold that scenario alone, with the same steps on the same lines.
func TestMaskLeavesOneScenario(t *testing.T) {
	files := fstest.MapFS{"winding.feature": {Data: []byte(winding)}}
	inputs, problems := findBuiltIn(features.Files)
	if len(problems) > 0 || len(inputs) == 0 {
		t.Fatalf("got %d built-in features and %v, want some and no problems", len(inputs), problems)
	}
	for _, in := range inputs {
		content, err := fs.ReadFile(features.Files, in.path)
		if err != nil {
			t.Fatal(err)
		}
		files[in.path] = &fstest.MapFile{Data: content}
	}
	for name := range files {
		f := loadFile(t, files, name)
		scenarios, problems := plan(f, builtinSteps(), world.Surroundings{Lookup: Params{References: reference.Applications()}.lookup})
		if err := inputError(problems); err != nil {
			t.Fatal(err)
		}
		for i, s := range scenarios {
			want := shape(f.document, f.pickles[i])
			newID := (&messages.Incrementing{}).NewId
			document, err := gherkin.ParseGherkinDocument(bytes.NewReader(mask(f, s.node, s.row)), newID)
			if err != nil {
				t.Fatalf("%s %q: %v", name, s.name, err)
			}
			pickles := gherkin.Pickles(*document, name, newID)
			if len(pickles) != 1 {
				t.Fatalf("%s %q: got %d scenarios after masking, want 1", name, s.name, len(pickles))
			}
			if diff := cmp.Diff(want, shape(document, pickles[0])); diff != "" {
				t.Errorf("%s %q differs after masking (-want +got):\n%s", name, s.name, diff)
			}
		}
	}
}

type shapedStep struct {
	Text string
	Line int64
}

// shape is what must survive masking: name, tags and the steps with their lines.
func shape(d *messages.GherkinDocument, p *messages.Pickle) any {
	tree := index(d.Feature)
	var all []shapedStep
	for _, s := range p.Steps {
		all = append(all, shapedStep{s.Text, tree.steps[s.AstNodeIds[0]].Location.Line})
	}
	var tags []string
	for _, tag := range p.Tags {
		tags = append(tags, tag.Name)
	}
	return []any{p.Name, tags, all}
}

func TestSelection(t *testing.T) {
	f := loadText(t, winding)
	scenarios, problems := plan(f, builtinSteps(), world.Surroundings{Lookup: Params{References: reference.Applications()}.lookup})
	if err := inputError(problems); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		params Params
		lines  []int
		want   []string
	}{
		{"everything", Params{}, nil, []string{"plain", "row 1", "row 2", "row 3", "in one", "in two"}},
		{"tag of a feature", Params{Tags: "@whole and not @outline"}, nil, []string{"plain", "in one", "in two"}},
		{"tag of a rule", Params{Tags: "@two"}, nil, []string{"in two"}},
		{"tag of examples", Params{Tags: "@some"}, nil, []string{"row 1", "row 2"}},
		{"name", Params{Name: "^row [23]$"}, nil, []string{"row 2", "row 3"}},
		{"line of a step", Params{}, []int{12}, []string{"plain"}},
		{"line of an outline", Params{}, []int{15}, []string{"row 1", "row 2", "row 3"}},
		{"line of a row", Params{}, []int{25}, []string{"row 2"}},
		{"two lines", Params{}, []int{12, 25}, []string{"plain", "row 2"}},
		{"first shard", Params{Shard: "1/4"}, nil, []string{"plain", "in one"}},
		{"last shard", Params{Shard: "4/4"}, nil, []string{"row 3"}},
		{"an empty shard", Params{Shard: "9/9"}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			chosen, err := newSelection(test.params)
			if err != nil {
				t.Fatal(err)
			}
			f.lines = test.lines
			picked, _, err := chosen.pick(scenarios)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range picked {
				got = append(got, s.name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("scenarios differ (-want +got):\n%s", diff)
			}
		})
	}
}

func builtinSteps() *steps.Registry {
	registry := steps.NewRegistry()
	builtin.Register(registry)
	return registry
}

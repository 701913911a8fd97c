package runner

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/steps"
	"github.com/kafkaspec/kafkaspec/steps/builtin"
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

func TestSelection(t *testing.T) {
	f, found := parse(input{fsys: fstest.MapFS{"x.feature": {Data: []byte(winding)}}, path: "x.feature",
		shown: "x.feature"}, fixtures.Files)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	scenarios, problems := planner{registry: builtinSteps()}.plan(f)
	if err := problems.Err(); err != nil {
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

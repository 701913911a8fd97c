package runner_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestHoldsAnyway plans steps that hold whatever happens, which are refused, and their neighbours, which are not.
func TestHoldsAnyway(t *testing.T) {
	t.Parallel()
	const given = `Feature: f
  Scenario: s
    Given topic "orders" with 2 partitions
    And topic "other" with 1 partition
    And application "app" is the reference "group-consumer" in group "g" reading "orders"
    When the record "" is sent to "orders"
    Then `
	for step, want := range map[string]string{
		`"orders" contains at least 0 records`:                                          "at least 0 is so whatever happens",
		`"orders" contains at least 1 record`:                                           "",
		`"app" has processed at least 0 records`:                                        "at least 0 is so whatever happens",
		`"app" retried at least 0 times`:                                                "at least 0 is so whatever happens",
		`"app" retried exactly 0 times`:                                                 "",
		`"app" said "" exactly 0 times`:                                                 "an empty text is found everywhere",
		`"app" has said " "`:                                                            "an empty text is found everywhere",
		`"app" said "oops" exactly 0 times`:                                             "",
		`application "app" fails with ""`:                                               "an empty text is found everywhere",
		`"app" speaks Fetch in version 0 or newer`:                                      "version 0 is so of everything, or of nothing",
		`"app" speaks Fetch in version 1 or newer`:                                      "",
		`"app" raised exactly 0 alerts for "orders" partition 2`:                        `"orders" has 2 partitions, so there is no partition 2`,
		`"app" raised exactly 0 alerts for "orders" partition 1`:                        "",
		`group "g" has committed offset 1 of "orders" partition 2`:                      `"orders" has 2 partitions, so there is no partition 2`,
		`"app" was revoked 0 partitions of "other"`:                                     `"app" does not read "other", so it is given nothing of it`,
		`"app" was revoked 0 partitions of "orders"`:                                    "",
		`"app" lost 0 partitions of "other"`:                                            `"app" does not read "other", so it is given nothing of it`,
		`the idlest partition of "orders" has at most 100% less than the mean`:          "what may differ by 100% may be anything",
		`the idlest partition of "orders" has at most 99% less than the mean`:           "",
		`the busiest partition of "orders" has at most 99% more than the mean`:          "",
		`the busiest partition of "orders" has at most 120% more than the mean`:         "of 2 partitions none can have more than 100% more",
		`group "g" has committed nothing of "other"`:                                    `nobody reads "other" in group "g"`,
		`group "g" has no lag on "other"`:                                               `nobody reads "other" in group "g"`,
		`no partition of "other" had two owners in group "g"`:                           `nobody reads "other" in group "g"`,
		`group "g" has no lag on "orders"`:                                              "",
		`every record of "orders" is in "orders" exactly once`:                          `"orders" is held against itself`,
		`the keys of "orders" are on the same partitions as in "orders"`:                `"orders" is held against itself`,
		`the records of "orders" are in "other" in the same order per key`:              "",
		`every record of "orders" has exactly one reply in "orders", by "key"`:          `"orders" is held against itself`,
		`every record of "orders" has exactly one result in "other" or "other", by "n"`: `"other" is held against itself`,
		`the keys of "orders" are spread evenly, with a chi-square p of at least 0`:     "at least 0 is so whatever happens",
		`the keys of "orders" are spread evenly, with a chi-square p of at least 0.01`:  "",
		`"orders" contains exactly 0 records of schema version 0`:                       "version 0 is so of everything, or of nothing",
		`the p99 latency of "app" is at least 1ms`:                                      "",
	} {
		file := filepath.Join(t.TempDir(), "a.feature")
		write(t, file, given+step+"\n")
		err := runner.Lint(runner.Params{Paths: []string{file}, References: reference.Applications()})
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: got %v, want it taken", step, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want it refused: %s", step, err, want)
		}
	}
}

// TestPartitionsOfATopicThatGrows knows the partitions that a topic gains.
func TestPartitionsOfATopicThatGrows(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.feature")
	write(t, file, `Feature: f
  Scenario: s
    Given topic "orders" with 1 partition
    And group "g" commits offset 0 of "orders" partition 0
    When topic "orders" is grown to 3 partitions
    Then group "g" has committed offset 1 of "orders" partition 2
`)
	if err := runner.Lint(runner.Params{Paths: []string{file}}); err != nil {
		t.Errorf("got %v, want it taken", err)
	}
}

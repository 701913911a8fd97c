package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// planned is how many bytes planning a file takes, freed ones included.
func planned(t *testing.T, text string, want int) uint64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.feature")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, scenarios, err := prepare(Params{Paths: []string{file}})
	runtime.ReadMemStats(&after)
	if err != nil || len(scenarios) != want {
		t.Fatalf("got %d scenarios (%v), want %d", len(scenarios), err, want)
	}
	return after.TotalAlloc - before.TotalAlloc
}

// The cost of planning grows with the size of the input and not with its square.
func TestPlanningIsLinear(t *testing.T) {
	testenv.LongOnly(t, "measures memory or time on much input")
	const begin = "Feature: f\n"
	tests := map[string]func(n int) (text string, scenarios int){
		"scenarios": func(n int) (string, int) {
			one := "  Scenario: s\n    Given topic \"t\" with 1 partition\n    Then \"t\" is empty\n"
			return begin + strings.Repeat(one, n), n
		},
		"steps": func(n int) (string, int) {
			return begin + "  Scenario: s\n    Given topic \"t\" with 1 partition\n" +
				strings.Repeat("    And the record \"x\" is in \"t\"\n", n) + "    Then \"t\" contains at least 1 record\n", 1
		},
		"lines of a doc string": func(n int) (string, int) {
			return begin + "  Scenario: s\n    Given topic \"t\" with 1 partition\n    And these records are in \"t\":\n" +
				"      \"\"\"yaml\n" + strings.Repeat("      - value: a value that is somewhat long\n", n) + "      \"\"\"\n" +
				"    Then \"t\" contains at least 1 record\n", 1
		},
		"rows of an outline": func(n int) (string, int) {
			var rows strings.Builder
			for i := range n {
				fmt.Fprintf(&rows, "      | %d |\n", i)
			}
			return begin + "  Scenario Outline: s <n>\n    Given topic \"t<n>\" with 1 partition\n" +
				"    Then \"t<n>\" is empty\n    Examples:\n      | n |\n" + rows.String(), n
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const small, factor = 300, 8
			text, scenarios := test(small)
			planned(t, text, scenarios) // what is made once
			few := planned(t, text, scenarios)
			text, scenarios = test(small * factor)
			if many := planned(t, text, scenarios); many > few*factor*2 {
				t.Errorf("got %d bytes for %d and %d for %d times as many, want at most %d", few, small, many, factor,
					few*factor*2)
			}
		})
	}
}

package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A few lines must not become gigabytes once the examples are put in.
func TestOutlinesAreBoundedBeforeTheyAreExpanded(t *testing.T) {
	const begin = "Feature: f\n  Background:\n    Given topic \"t\" with 1 partition\n  Scenario Outline: s <a>\n"
	rows := func(n, width int) string {
		return "    Then \"t\" contains at least 1 record\n    Examples:\n      | a |\n" +
			strings.Repeat("      | "+strings.Repeat("x", width)+" |\n", n)
	}
	for name, test := range map[string]struct{ text, want string }{
		"text": {"    And these records are in \"t\":\n      \"\"\"\n" + strings.Repeat("      - "+
			strings.Repeat("<a>", 1000)+"\n", 100) + "      \"\"\"\n" + rows(1000, 1000), ":4: got 3000 steps and 95"},
		"steps": {strings.Repeat("    And the record \"<a>\" is in \"t\"\n", 1000) + rows(1000, 1),
			":4: got 1002000 steps and 2"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.feature")
			if err := os.WriteFile(file, []byte(begin+test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := Lint(Params{Paths: []string{file}})
			if err == nil || !strings.Contains(err.Error(), test.want) ||
				!strings.Contains(err.Error(), "want at most 250000 and 64 MiB") {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

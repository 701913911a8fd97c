package runner_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/runner"
)

// TestThousandsOfUndefinedSteps wants the first hundred shown, and the rest counted. Advice for each would take
// minutes.
func TestThousandsOfUndefinedSteps(t *testing.T) {
	var text strings.Builder
	text.WriteString("Feature: a\n  Scenario: one\n")
	for i := range 4000 {
		fmt.Fprintf(&text, "    Given there are %d things of kind k%d\n", i, i)
	}
	file := filepath.Join(t.TempDir(), "a.feature")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	problems, _ := errors.AsType[source.Errors](runner.Lint(runner.Params{Paths: []string{file}}))
	if len(problems) != 101 || !strings.Contains(problems[100].Error(), ":103: 3900 more are not shown") {
		t.Errorf("got %d problems, the last %v; want 100 and how many more", len(problems), problems[len(problems)-1:])
	}
}

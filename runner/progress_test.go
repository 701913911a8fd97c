package runner_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// wide is a terminal of 150 columns.
type wide struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *wide) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(text)
}

func (w *wide) Terminal() (int, bool) { return 150, true }

func TestSendingIsShownOnATerminal(t *testing.T) {
	testenv.LongOnly(t, "sends many records")
	feature := t.TempDir() + "/many.feature"
	write(t, feature, "Feature: F\n\n  Scenario: S\n    Given topic \"orders\" with 3 partitions\n"+
		"    When 500_000 records from generator \"orders\" are sent to \"orders\"\n"+
		"    Then \"orders\" contains exactly 500_000 records\n")
	var screen wide
	results, err := runner.Execute(context.Background(), runner.Params{Paths: []string{feature}, Output: &screen, Seed: 1})
	if err != nil || results.Count(report.Passed) != 1 {
		t.Fatalf("got %v and %+v", err, results.Scenarios)
	}
	if text := screen.text.String(); !strings.Contains(text, `sending to "orders" [`) ||
		!strings.Contains(text, " of 500k records, ") {
		t.Errorf("got %q, want it shown how far sending has come", text)
	}
}

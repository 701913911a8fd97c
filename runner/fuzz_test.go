package runner

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// FuzzPlan plans files of any bytes: each is planned, or refused with places.
func FuzzPlan(f *testing.F) {
	files, _ := filepath.Glob("../features/*/*.feature")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte("Feature: f\n  Scenario Outline: <a>\n    Given topic \"<a>\" with <b> partitions\n    Examples:\n" +
		"      | a | a |\n      | \xff | |\n"))
	f.Add([]byte("Feature: f\n  Rule: r\n    Scenario: s\n      Given these records are in \"t\":\n" +
		"        \"\"\"\n        - x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "a.feature")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, scenarios, err := prepare(Params{Paths: []string{file}})
		if err == nil && len(scenarios) == 0 {
			t.Error("got no scenario and no error")
		}
		if _, placed := errors.AsType[source.Errors](err); err != nil && !placed {
			t.Errorf("got %v, want a place", err)
		}
	})
}

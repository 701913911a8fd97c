package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/runner"
)

// TestLintOfUnsavedText lints what an editor holds in place of files: a feature that is otherwise on disk, one that was
// never saved, and the profile.
func TestLintOfUnsavedText(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	saved, unsaved := filepath.Join(folder, "saved.feature"), filepath.Join(folder, "new.feature")
	profile := filepath.Join(folder, "kafkaspec.yaml")
	if err := os.WriteFile(saved, []byte("no feature"), 0o600); err != nil {
		t.Fatal(err)
	}
	const good = "Feature: f\n  Scenario: s\n    Given topic \"orders\" with 1 partition\n    Then \"orders\" is empty\n"
	params := runner.Params{Paths: []string{saved, unsaved}, Profile: profile, Unsaved: map[string]string{
		saved: good, unsaved: good, profile: "defaults:\n  await: 5s\n"}}
	if err := runner.Lint(params); err != nil {
		t.Errorf("got %v of text with nothing to correct", err)
	}
	params.Unsaved[unsaved] = strings.Replace(good, "empty", "void", 1)
	params.Unsaved[profile] = "defaults:\n  awiat: 5s\n"
	err := runner.Lint(params)
	for _, want := range []string{unsaved + ":4: undefined step", profile + ":2: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := runner.LintProfile(params); err == nil || !strings.HasPrefix(err.Error(), profile+":2: ") {
		t.Errorf("got %v, want the mistake of the profile alone", err)
	}
	delete(params.Unsaved, saved)
	if err := runner.Lint(params); err == nil || !strings.Contains(err.Error(), saved+":1: ") {
		t.Errorf("got %v, want the mistake that is on disk", err)
	}
}

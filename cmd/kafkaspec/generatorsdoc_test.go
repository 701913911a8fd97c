package main

import (
	"os"
	"strings"
	"testing"
)

// TestGeneratorsGuide runs the feature of docs/generators.md with the generator that stands there.
func TestGeneratorsGuide(t *testing.T) {
	text, err := os.ReadFile("../../docs/generators.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("generators", 0o700); err != nil {
		t.Fatal(err)
	}
	command := ""
	for _, f := range fencesOf(string(text)) {
		if f.language == "sh" {
			command = strings.TrimSpace(f.text)
			continue
		}
		name := fileNamedAlone(f.before)
		if err := os.WriteFile(name, []byte(f.text), 0o600); err != nil {
			t.Fatalf("the block behind %q: %v", f.before, err)
		}
	}
	code, stdout, stderr := kafkaspec(t, strings.Fields(command)[1:]...)
	if code != exitPassed || !strings.Contains(stdout, "1 scenario: 1 passed") {
		t.Errorf("%s: got exit code %d\n%s%s", command, code, stdout, stderr)
	}
}

// fileNamedAlone is the file of a paragraph that is no more than its name.
func fileNamedAlone(paragraph string) string {
	return strings.Trim(strings.TrimSuffix(paragraph, ":"), "`")
}

package app_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// TestDocumentedFields holds the table of docs/applications.md against what is accepted as a group of a pattern, and
// named where one is misspelt.
func TestDocumentedFields(t *testing.T) {
	text, err := os.ReadFile("../../docs/applications.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What its log says\n")
	section, _, _ = strings.Cut(section, "\n## ")
	word := regexp.MustCompile("`([a-z-]+)`")
	kinds := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		for _, kind := range word.FindAllStringSubmatch(cells[1], -1) {
			kinds++
			_, refused := patternsOf(t, kind[1], "topik")
			for _, field := range word.FindAllStringSubmatch(cells[2], -1) {
				if _, err := patternsOf(t, kind[1], field[1]); err != nil {
					t.Errorf("%s with the documented field %s: %v", kind[1], field[1], err)
				}
				if refused == nil || !regexp.MustCompile(`are .*\b`+field[1]+`\b`).MatchString(refused.Error()) {
					t.Errorf("%s: got %v, want the field %s in its list", kind[1], refused, field[1])
				}
			}
		}
	}
	if kinds != len(app.DefaultPatterns) {
		t.Errorf("got %d kinds in the table, want all %d", kinds, len(app.DefaultPatterns))
	}
	for _, short := range []string{"a", "as", "it", "id", "cat", "rat", "hat", "ats"} {
		if _, err := patternsOf(t, "processed", short); err != nil {
			t.Errorf("a short name of one's own: %v", err)
		}
	}
}

func patternsOf(t *testing.T, kind, field string) (app.Patterns, error) {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(fmt.Appendf(nil, "%s: 'did (?P<%s>x)'", kind, field), &root); err != nil {
		t.Fatal(err)
	}
	return app.ParsePatterns(root.Content[0], "p.yaml")
}

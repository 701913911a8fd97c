package app_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
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
			for _, field := range word.FindAllStringSubmatch(cells[2], -1) {
				if _, err := patternsOf(t, kind[1], field[1]); err != nil {
					t.Errorf("%s with the documented field %s: %v", kind[1], field[1], err)
				}
				if field[1] == "at" { // which any short word is near to
					continue
				}
				_, refused := patternsOf(t, kind[1], field[1]+"x")
				if refused == nil || namesIn(refused.Error()) != namesIn("are "+cells[2]) {
					t.Errorf("%s: got %v, want a list of its own fields, %s", kind[1], refused, cells[2])
				}
			}
		}
	}
	if kinds != len(app.DefaultPatterns) {
		t.Errorf("got %d kinds in the table, want all %d", kinds, len(app.DefaultPatterns))
	}
	for _, own := range [][2]string{{"processed", "values"}, {"progress", "values"}, {"shipped", "topik"},
		{"retrying", "attempts"}, {"dead-lettered", "attempt"}} {
		if _, err := patternsOf(t, own[0], own[1]); err != nil {
			t.Errorf("%s with %s, which is no slip of a field of this kind: %v", own[0], own[1], err)
		}
	}
	for _, short := range []string{"a", "as", "it", "id", "cat", "rat", "hat", "ats"} {
		if _, err := patternsOf(t, "processed", short); err != nil {
			t.Errorf("a short name of one's own: %v", err)
		}
	}
}

// namesIn are the documented names of fields behind "are", sorted.
func namesIn(text string) string {
	_, list, _ := strings.Cut(text, "are ")
	var names []string
	for _, name := range regexp.MustCompile("[a-z]+").FindAllString(list, -1) {
		if slices.Contains([]string{"topic", "partition", "partitions", "offset", "key", "group", "error", "attempt",
			"attempts", "class", "field", "value", "defaulted", "lag", "threshold", "at", "status", "address",
			"acknowledged", "received"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func patternsOf(t *testing.T, kind, field string) (app.Patterns, error) {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(fmt.Appendf(nil, "%s: 'did (?P<%s>x)'", kind, field), &root); err != nil {
		t.Fatal(err)
	}
	return app.ParsePatterns(root.Content[0], "p.yaml")
}

package document_test

import (
	"errors"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/document"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

func TestParseCountsLinesWithinTheFile(t *testing.T) {
	root, err := document.Parse(source.Place{File: "a.feature", Line: 10}, "# above\na: 1\nb:\n  c: [x, y]\n")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for key, value := range document.Entries(root) {
		lines[key.Value] = value.Line
	}
	if lines["a"] != 12 || lines["b"] != 14 {
		t.Errorf("got lines %v, want a on 12 and b on 14", lines)
	}
}

func TestParseWithoutContent(t *testing.T) {
	for _, text := range []string{"", "\n", "# a comment\n", "---\n", "\ufeff", " "} {
		if root, err := document.Parse(source.Place{File: "f"}, text); root != nil || err != nil {
			t.Errorf("%q: got %v and %v, want nothing", text, root, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb: 2\na: 3\n":          `f:8: got key "a" a second time (first on line 6), want it once`,
		"x:\n  a: 1\n  a: 2\n":        `f:8: got key "a" a second time (first on line 7)`,
		"a:\n\tb: 1\n":                "f:7: got a tab, want spaces",
		"a: 1\nb: \xff\n":             "f:7: got bytes that are not UTF-8",
		"a: 1\n\nb: \x00\n":           "f:8: got a control character",
		"a: [${x}]\n":                 "f:6: got ${ within brackets",
		"a: 1\n b: 2\n":               "f:7: mapping values are not allowed in this context; correct the YAML",
		"a:\n  b: 1\n  c: 2\n d: 3\n": "f:8: did not find expected key; correct the YAML there or below: look",
		`a: "did \S+"`:                "f:5: found unknown escape character; write a text that has a backslash, such as a regular",
		"a: 1\n---\nb: 1\n":           "f:7: got a second YAML document",
		"a: 1\nb: *x\n":               "f:7: got an alias, such as *name, without its anchor; quote",
		"a: &x 1\nb: 1\n":             "f:6: got an anchor, such as &name",
		"a: &x\n  b: *x\n":            "f:6: got an anchor, such as &name",
		"a:\n  <<: {b: 1}\n":          "f:7: got the merge key <<",
		"[a]: 1\n":                    "f:6: got a list as a key",
		"a: !thing b\n":               "f:6: got an unknown YAML tag; remove",
		"a: !thing [b]\n":             "f:6: got an unknown YAML tag; remove",
		"a: !!set {b, c}\n":           "f:6: got an unknown YAML tag; remove",
		strings.Repeat("[", 150):      "f:",
		"a: " + strings.Repeat("[", 150) + strings.Repeat("]", 150): "f:6: got a document nested deeper than 100",
	} {
		_, err := document.Parse(source.Place{File: "f", Line: 5}, text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
		if err != nil && !source.Known(err) {
			t.Errorf("%q: got an error without a place: %v", text, err)
		}
	}
}

func TestParseReportsAllWrongKeys(t *testing.T) {
	_, err := document.Parse(source.Place{File: "f"}, "a: 1\na: 2\nb: {<<: 1}\n")
	if all, ok := errors.AsType[source.Errors](err); !ok || len(all) != 2 {
		t.Errorf("got %v, want two errors", err)
	}
}

func TestParseWithAliases(t *testing.T) {
	root, err := document.ParseWithAliases(source.Place{File: "f"}, "a: &x 1\nb: *x\n")
	if err != nil || root.Content[3].Kind != yaml.AliasNode || root.Content[3].Alias.Value != "1" {
		t.Errorf("got %v and %v", root, err)
	}
}

func TestParseNeverPanics(t *testing.T) {
	alphabet := []string{"a", "b", ":", " ", "\n", "-", "[", "]", "{", "}", "&x", "*x", "'", `"`, "#", "\t", "|", ">", "?",
		"!", "%", "1", "<<", "---", "\r", "\ufeff"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(alphabet)).Draw(t, "text"), "")
		_, err := document.Parse(source.Place{File: "f"}, text)
		if err != nil && !strings.HasPrefix(err.Error(), "f:") {
			t.Fatalf("got %v, want an error that names the file", err)
		}
	})
}

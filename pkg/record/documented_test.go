package record

import (
	"os"
	"strings"
	"testing"
)

// TestDocumentedGenerators wants each key and function of generators in docs/generators.md.
func TestDocumentedGenerators(t *testing.T) {
	text, err := os.ReadFile("../../docs/generators.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range functions {
		if !strings.Contains(string(text), "\n| `${"+f.usage+"}` | ") {
			t.Errorf("the function %s is not in the table as ${%s}", name, f.usage)
		}
	}
	_, err = ParseGenerators("g.yaml", []byte("g: {nonsense: 1}\n"))
	if err == nil {
		t.Fatal("got no error for an unknown key, want one that lists the keys")
	}
	_, list, _ := strings.Cut(err.Error(), "known: ")
	keys := strings.Split(list, ", ")
	if len(keys) < 9 {
		t.Fatalf("got %q, want a list of keys", err)
	}
	for _, key := range keys {
		if !strings.Contains(string(text), "\n| `"+key+"` | ") {
			t.Errorf("the key %s is not in the table", key)
		}
	}
}

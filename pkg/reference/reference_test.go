package reference_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/reference"
)

func TestEachApplicationIsFoundByItsName(t *testing.T) {
	seen := map[string]bool{}
	for _, entry := range reference.All() {
		if seen[entry.Name] || entry.Summary == "" || strings.HasSuffix(entry.Summary, ".") {
			t.Errorf("got %+v, want a name of its own and a summary without a full stop", entry)
		}
		seen[entry.Name] = true
		if run, ok := reference.Lookup(entry.Name); !ok || run == nil {
			t.Errorf("Lookup(%q): got nothing, want the application", entry.Name)
		}
	}
	for _, name := range []string{"dlq-consumer", "dlq-redrive", "bulk-producer", "lag-monitor", "retry-producer",
		"windower", "wrong/dlq-both"} {
		if !seen[name] {
			t.Errorf("got no application %q", name)
		}
	}
	if _, ok := reference.Lookup("dlq-both"); ok {
		t.Error(`Lookup("dlq-both"): got an application, want none; wrong ones are asked for by wrong/`)
	}
}

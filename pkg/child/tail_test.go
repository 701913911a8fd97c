package child_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

func TestTailKeepsTheLast(t *testing.T) {
	tail := child.Tail{Most: 100}
	if got := tail.Last(5); len(got) != 0 {
		t.Errorf("got %q of an empty one, want nothing", got)
	}
	for i := range 50 {
		_, _ = fmt.Fprintf(&tail, "line %d\n", i)
	}
	if diff := cmp.Diff([]string{"line 48", "line 49"}, tail.Last(2)); diff != "" {
		t.Errorf("last lines (-want +got):\n%s", diff)
	}
	if got := tail.Last(50); len(got) != 12 || got[0] != "line 38" {
		t.Errorf("got %q, want 12 whole lines of 8 bytes", got)
	}
	if got := tail.Last(-1); len(got) != 0 {
		t.Errorf("got %q, want nothing", got)
	}
	_, _ = fmt.Fprint(&tail, strings.Repeat("x", 1000))
	if got := tail.Last(5); len(got) != 1 || strings.Trim(got[0], "x") != "" || len(got[0]) < 100 {
		t.Errorf("got %q, want the end of the long line", got)
	}
}

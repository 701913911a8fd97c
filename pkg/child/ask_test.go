//go:build linux || darwin

package child_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

func TestAsk(t *testing.T) {
	lines, err := child.Ask(t.Context(), "/", "sh", "-c", "pwd; echo said >&2; exit 3")
	if want := []string{"/", "said"}; !slices.Equal(lines, want) || err == nil || err.Error() != "exit status 3" {
		t.Errorf("got %q, %v, want %q and exit status 3", lines, err, want)
	}
}

// A program that does not end may write without an end, and may have started others that write too.
func TestAskOfOneWithoutAnEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	lines, err := child.Ask(ctx, "", "sh", "-c", "yes a line >&2")
	if err == nil || len(lines) == 0 || len(lines) > 20 || lines[0] != "a line" {
		t.Errorf("got %d lines, %v, want a few and an error", len(lines), err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}

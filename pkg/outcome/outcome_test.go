package outcome_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
)

func TestOutcomesAreSeenThroughWrapping(t *testing.T) {
	lacking := fmt.Errorf("stop the database: %w", outcome.NotApplicablef("%s cannot be stopped", "postgres"))
	if want := "stop the database: not applicable: postgres cannot be stopped"; lacking.Error() != want {
		t.Errorf("got %q, want %q", lacking, want)
	}
	around := fmt.Errorf("open: %w", outcome.Environmentf(io.EOF, "no answer from %s; start it", "a:1"))
	if want := "open: no answer from a:1; start it"; around.Error() != want || !errors.Is(around, io.EOF) {
		t.Errorf("got %q, want %q and its cause", around, want)
	}
	for _, test := range []struct {
		err                        error
		notApplicable, environment bool
	}{{lacking, true, false}, {around, false, true}, {io.EOF, false, false}, {nil, false, false}} {
		if got := outcome.IsNotApplicable(test.err); got != test.notApplicable {
			t.Errorf("IsNotApplicable(%v): got %v", test.err, got)
		}
		if got := outcome.IsEnvironment(test.err); got != test.environment {
			t.Errorf("IsEnvironment(%v): got %v", test.err, got)
		}
	}
}

package runner_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// A system without files or room is the environment's fault, and the message says what to raise.
func TestExhausted(t *testing.T) {
	t.Parallel()
	for number, want := range map[syscall.Errno]string{syscall.EMFILE: "ulimit -n", syscall.ENFILE: "--parallel",
		syscall.ENOSPC: "make room"} {
		t.Run(number.Error(), func(t *testing.T) {
			failing := func(context.Context) error { return fmt.Errorf("dial: %w", os.NewSyscallError("socket", number)) }
			results, err := lab{feature: doOnce, Params: runner.Params{Steps: does(failing)}}.execute(t)
			if !outcome.IsEnvironment(err) || !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("got %v, want an error of the environment with %q", err, want)
			}
			if results.Count(report.Inconclusive) != 1 {
				t.Errorf("got %+v, want one inconclusive scenario", results.Scenarios)
			}
		})
	}
}

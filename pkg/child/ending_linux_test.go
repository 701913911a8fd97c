package child_test

import (
	"syscall"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// A command that was killed lives no more at once, though its watchdog tells its end later.
func TestLives(t *testing.T) {
	for i := range 20 {
		p := start(t, child.Spec{Path: "sleep", Args: []string{"60"}})
		if err := p.Pause(); err != nil {
			t.Fatal(err)
		}
		if !p.Lives() {
			t.Fatalf("round %d: got that a command that stands still lives no more, want that it lives", i)
		}
		if err := syscall.Kill(p.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if p.Lives() || !p.Ended() {
			t.Fatalf("round %d: got that a command that was killed lives, want that it has ended", i)
		}
	}
}

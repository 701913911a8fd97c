package child_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPausedMeansStopped makes sure that nothing of a group runs on once Pause has returned, however busy it was: work
// done a moment later would be taken for that of a paused application.
func TestPausedMeansStopped(t *testing.T) {
	const workers = 12
	p, line := started(t, shell(fmt.Sprintf(
		`for i in $(seq %d); do sh -c 'echo $$; while :; do :; done' & done; wait`, workers)))
	var ids []string
	for range workers {
		ids = append(ids, line())
	}
	for range 10 {
		if err := p.Pause(); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			stat, err := os.ReadFile("/proc/" + id + "/stat")
			if err != nil {
				t.Fatal(err)
			}
			if _, state, _ := strings.Cut(string(stat), ") "); !strings.HasPrefix(state, "T") {
				t.Errorf("got state %.1s of process %s after Pause, want T (stopped)", state, id)
			}
		}
		if err := p.Resume(); err != nil {
			t.Fatal(err)
		}
	}
}

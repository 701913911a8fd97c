package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every action of a schedule fits the state its instance is in, and seeds differ.
func TestScheduleFitsStates(t *testing.T) {
	seen, texts := map[action]int{}, map[string]bool{}
	zombies := 0
	for seed := range uint64(300) {
		s := newSchedule(rand.New(rand.NewPCG(seed, 1)))
		if again := newSchedule(rand.New(rand.NewPCG(seed, 1))); !slices.Equal(again, s) {
			t.Fatalf("seed %d: got two schedules:\n%v\n\n%v", seed, s, again)
		}
		texts[fmt.Sprint(s)] = true
		state := make([]action, instances)
		last := make([]event, instances)
		for _, e := range s {
			seen[e.do]++
			var fits bool
			switch was := state[e.instance]; e.do {
			case start:
				fits = was == "" || was == stop || was == kill
			case wake:
				fits = was == freeze
			case kill:
				fits = was == start || was == wake || was == freeze
			default:
				fits = was == start || was == wake
			}
			if !fits {
				t.Fatalf("seed %d: got %v after %q:\n%v", seed, e, state[e.instance], s)
			}
			if e.do == wake && e.at-last[e.instance].at > sessionTimeout {
				zombies++
			}
			state[e.instance], last[e.instance] = e.do, e
		}
	}
	if len(texts) < 290 || len(seen) != 5 || zombies < 100 {
		t.Errorf("got %d different schedules with %v and %d zombies, want variety", len(texts), seen, zombies)
	}
}

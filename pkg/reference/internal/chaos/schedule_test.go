package chaos

import (
	"math/rand/v2"
	"testing"
)

// Every action of a schedule fits the state its instance is in, and seeds differ.
func TestScheduleFitsStates(t *testing.T) {
	p := Plan{}.withDefaults()
	seen, texts := map[action]int{}, map[string]bool{}
	zombies := 0
	for seed := range uint64(300) {
		s := newSchedule(p, rand.New(rand.NewPCG(seed, 1)))
		if again := newSchedule(p, rand.New(rand.NewPCG(seed, 1))); again.String() != s.String() {
			t.Fatalf("seed %d: got two schedules:\n%v\n\n%v", seed, s, again)
		}
		texts[s.String()] = true
		state := make([]action, p.Instances)
		last := make([]event, p.Instances)
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
			if e.do == wake && e.at-last[e.instance].at > p.SessionTimeout {
				zombies++
			}
			state[e.instance], last[e.instance] = e.do, e
		}
	}
	if len(texts) < 290 || len(seen) != 5 || zombies < 100 {
		t.Errorf("got %d different schedules with %v and %d zombies, want variety", len(texts), seen, zombies)
	}
}

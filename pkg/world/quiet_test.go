package world

import (
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/child"
)

// One that polls is at rest once it is seen to want little of a processor; one that waits for a processor, is ending or
// begins to work is not.
func TestAtWork(t *testing.T) {
	for name, c := range map[string]struct {
		each   func(second int) child.Work // what the next second adds
		atWork [4]bool                     // after so many seconds
		polls  bool                        // on the wire, and nothing else
	}{
		"asleep": {func(int) child.Work { return child.Work{} }, [4]bool{}, false},
		"polls": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 50 * time.Millisecond, Wanted: 60 * time.Millisecond}
		}, [4]bool{true, false, false, false}, false},
		"polls on a busy machine": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 50 * time.Millisecond, Wanted: 300 * time.Millisecond}
		}, [4]bool{true, false, false, false}, true},
		"does something else on a busy machine": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 50 * time.Millisecond, Wanted: 300 * time.Millisecond}
		}, [4]bool{true, true, true, true}, false},
		"polls, and computes": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 200 * time.Millisecond, Wanted: 300 * time.Millisecond}
		}, [4]bool{true, true, true, true}, true},
		"polls, and waits for a processor": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 10 * time.Millisecond, Wanted: 900 * time.Millisecond}
		}, [4]bool{true, true, true, true}, true},
		"waits for a processor": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 10 * time.Millisecond, Wanted: 900 * time.Millisecond}
		}, [4]bool{true, true, true, true}, false},
		"polls, then works": {func(second int) child.Work {
			wanted := 50 * time.Millisecond
			if second > 1 {
				wanted = 300 * time.Millisecond
			}
			return child.Work{Busy: true, Spent: wanted, Wanted: wanted}
		}, [4]bool{true, false, true, true}, false},
		"computes on": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 600 * time.Millisecond, Wanted: 900 * time.Millisecond}
		}, [4]bool{true, true, false, false}, false},
		"ends, and waits for a disk": {func(int) child.Work {
			return child.Work{Busy: true, Held: true, Wanted: time.Millisecond}
		}, [4]bool{true, true, true, true}, false},
		"on a system that does not count": {func(int) child.Work {
			return child.Work{Busy: true, Spent: 10 * time.Millisecond}
		}, [4]bool{true, true, true, true}, false},
	} {
		begin := time.Now()
		r, so := resting{since: begin}, child.Work{}
		for second, want := range c.atWork {
			if second > 0 {
				more := c.each(second)
				so = child.Work{Busy: more.Busy, Held: more.Held, Spent: so.Spent + more.Spent, Wanted: so.Wanted + more.Wanted}
			} else {
				so.Busy, so.Held = c.each(0).Busy, c.each(0).Held
			}
			if got := r.atWork(so, begin.Add(time.Duration(second)*calmSpell),
				func() bool { return c.polls }); got != want {
				t.Errorf("%s: got at work %v after %d s, want %v", name, got, second, want)
			}
		}
	}
}

package lagmonitor

import (
	"testing"
	"time"
)

func TestAlarm(t *testing.T) {
	for _, c := range []struct {
		name string
		held time.Duration // for
		lags []int64       // one look a second
		want string        // one letter per look: - nothing, R raised, C cleared
	}{
		{"at the threshold", 0, []int64{0, 9, 10, 10, 0}, "-----"},
		{"over it", 0, []int64{10, 11, 11, 12, 11}, "-R---"},
		{"drained", 0, []int64{11, 11, 10, 10, 0, 0}, "R-C---"},
		{"again", 0, []int64{11, 0, 11, 0, 0}, "RCRC-"},
		{"for so long", 2 * time.Second, []int64{11, 11, 11, 11, 0}, "--R-C"},
		{"too short", 2 * time.Second, []int64{11, 11, 0, 11, 11, 10, 0}, "-------"},
		{"for counts from the start of the breach", 2 * time.Second, []int64{11, 0, 11, 11, 11}, "----R"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Alarm{Threshold: 10, For: c.held}
			got, now := "", time.Unix(0, 0)
			for _, lag := range c.lags {
				got += []string{"-", "R", "C"}[a.Next(lag, now)]
				now = now.Add(time.Second)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestLag(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Partition
		want int64
	}{
		{"behind", Partition{Start: 0, End: 10, Committed: 4}, 6},
		{"drained", Partition{Start: 0, End: 10, Committed: 10}, 0},
		{"no commit", Partition{Start: 3, End: 10, Committed: -1}, 7},
		{"truncated past the commit", Partition{Start: 8, End: 10, Committed: 4}, 2},
		{"all truncated", Partition{Start: 10, End: 10, Committed: 4}, 0},
		{"commit beyond the end", Partition{Start: 0, End: 10, Committed: 12}, 0},
		{"nothing there", Partition{Committed: -1}, 0},
	} {
		if got := c.p.Lag(); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestStatus(t *testing.T) {
	type s = sample
	for _, c := range []struct {
		name    string
		samples []sample // one a second; the window is 3s
		want    Status
	}{
		{"one look", []s{{lag: 5}}, Unknown},
		{"one look at nothing to do", []s{{lag: 0}}, OK},
		{"caught up at the first look", []s{{lag: 0}, {lag: 5}}, OK},
		{"window not full", []s{{lag: 5}, {lag: 5}, {lag: 5}}, Unknown},
		{"nobody there", []s{{lag: 5}, {lag: 5}, {lag: 6}, {lag: 6}}, Stopped},
		{"never committed, nobody there", []s{{lag: 5, committed: -1}, {lag: 5, committed: -1}, {lag: 5, committed: -1},
			{lag: 5, committed: -1}}, Stopped},
		{"a member that does not move", []s{{lag: 5, owned: true}, {lag: 5, owned: true}, {lag: 6, owned: true},
			{lag: 6, owned: true}}, Stalled},
		{"a rebalance in between", []s{{lag: 5, owned: true}, {lag: 5}, {lag: 6}, {lag: 6}}, Stalled},
		{"moves and loses ground", []s{{lag: 5, committed: 1}, {lag: 4, committed: 2}, {lag: 6, committed: 3},
			{lag: 6, committed: 4}}, Slow},
		{"moves and keeps up", []s{{lag: 5, committed: 1}, {lag: 5, committed: 2}, {lag: 5, committed: 3},
			{lag: 5, committed: 4}}, Slow},
		{"gets nearer", []s{{lag: 5, committed: 1}, {lag: 9, committed: 2}, {lag: 6, committed: 3}, {lag: 4, committed: 4}},
			OK},
		{"was caught up within the window", []s{{lag: 5}, {lag: 0}, {lag: 6}, {lag: 6}}, OK},
		{"was caught up before the window", []s{{lag: 0}, {lag: 5}, {lag: 6}, {lag: 6}, {lag: 6}}, Stopped},
		{"truncated", []s{{lag: 9}, {lag: 9}, {lag: 2}, {lag: 2}}, OK},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := history{window: 3 * time.Second}
			for i, s := range c.samples {
				s.at = time.Unix(int64(i), 0)
				h.add(s)
			}
			if got := h.status(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if len(h.samples) > 4 {
				t.Errorf("got %d samples kept, want those of the window", len(h.samples))
			}
		})
	}
}

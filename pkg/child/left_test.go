//go:build linux || darwin

package child_test

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWhatOutlivesTheCommandIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		grace  time.Duration
		want   string
		only   string // system
	}{
		"one in the background": {`sleep 1000 & exit 0`, 10 * time.Millisecond, "sleep", ""},
		"a daemon":              {`setsid sleep 1001 >/dev/null 2>&1 & exit 3`, 500 * time.Millisecond, "sleep 1001", "linux"},
		"of another child":      {`(sleep 1002 & wait) & exit 0`, 10 * time.Millisecond, "sh", ""},
		"one that ends soon":    {`(sleep 0.2; echo late) & exit 0`, patience, "", ""},
		"of one that crashed":   {`sleep 1000 & kill -KILL $$`, patience, "", ""},
		"none":                  {`sleep 0; exit 0`, patience, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.only != "" && c.only != runtime.GOOS {
				t.Skipf("skipped: only %s lets the watchdog adopt processes that left the group", c.only)
			}
			s := shell(c.script)
			s.Grace = c.grace
			p := start(t, s)
			awaitDone(t, p)
			switch left := p.Left(); {
			case c.want == "" && len(left) != 0:
				t.Errorf("got %q left, want nothing", left)
			case c.want != "" && (len(left) != 1 || !strings.Contains(left[0], c.want)):
				t.Errorf("got %q left, want %s", left, c.want)
			}
		})
	}
}

// What a shell stands before is told to end with it, and given the time to.
func TestStopWaitsForWhatTheCommandStarted(t *testing.T) {
	p, line := started(t, shell(`sh -c "trap 'sleep 0.2; echo done; exit 0' TERM; echo ready; sleep 1000 & wait" & wait`))
	line()
	if err := p.Stop(t.Context()); err != nil || len(p.Left()) > 0 {
		t.Errorf("got %v and %q left, want neither", err, p.Left())
	}
	if got := line(); got != "done" {
		t.Errorf("got line %q, want done", got)
	}
}

func TestStopKillsWhatDoesNotEndWithTheCommand(t *testing.T) {
	s := shell(`sh -c "trap '' TERM; echo ready; while :; do sleep 1000 & wait; done" & wait`)
	s.Grace = 100 * time.Millisecond
	p, line := started(t, s)
	line()
	if err := p.Stop(t.Context()); err != nil || len(p.Left()) == 0 || !strings.HasPrefix(p.Left()[0], "sh -c trap") {
		t.Errorf("got %v and %q left, want no error and the inner shell", err, p.Left())
	}
}

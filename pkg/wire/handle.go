package wire

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Handle is a rule at work.
type Handle struct {
	rule    Rule
	key     kmsg.Key // of the API, -1 for all
	removed func()
	ended   chan struct{} // closed by Remove

	mu      sync.Mutex
	chance  *rand.Rand
	expires time.Time // zero: never
	letGo   int       // requests the rule let go before it began
	taken   int       // requests selected
	fired   int       // requests disturbed
	over    bool
	free    time.Time // of throttle: when the next byte may pass
}

func newHandle(r Rule, key kmsg.Key, seed, number uint64) *Handle {
	h := &Handle{
		rule: r, key: key, ended: make(chan struct{}),
		chance: rand.New(rand.NewPCG(seed, number)),
	}
	if r.For > 0 {
		h.expires = time.Now().Add(r.For)
	}
	return h
}

// Rule is what the handle was made for.
func (h *Handle) Rule() Rule { return h.rule }

// Fired counts the requests the rule has disturbed; of Isolate, the connections it has closed.
func (h *Handle) Fired() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fired
}

// Remove ends the rule, and lets go of what it holds.
func (h *Handle) Remove() {
	h.mu.Lock()
	if !h.over {
		h.over = true
		close(h.ended)
	}
	h.mu.Unlock()
	h.removed()
}

// Alive tells whether the rule may still select something.
func (h *Handle) Alive() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.aliveLocked()
}

func (h *Handle) aliveLocked() bool {
	return !h.over && (h.expires.IsZero() || time.Now().Before(h.expires)) && (h.rule.Times == 0 || h.taken < h.rule.Times)
}

// take selects a request, when the rule's count, time and rate allow.
func (h *Handle) take() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.aliveLocked() {
		return false
	}
	if h.letGo < h.rule.After {
		h.letGo++
		return false
	}
	if h.rule.Rate > 0 && h.chance.Float64() >= h.rule.Rate {
		return false
	}
	h.taken++
	return true
}

// giveBack undoes take for a request that ended before it could be disturbed.
func (h *Handle) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken--
}

// fire counts a disturbed request and returns which one it is.
func (h *Handle) fire() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fired++
	return h.fired
}

// holdFor is how long a hold lasts at most, 0 for no limit.
func (h *Handle) holdFor() time.Duration {
	if h.expires.IsZero() {
		return 0
	}
	return max(time.Until(h.expires), 1)
}

// pace books n bytes of the rate and returns how long to wait before sending more.
func (h *Handle) pace(n int) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if h.over {
		return 0
	}
	if h.free.Before(now) {
		h.free = now
	}
	h.free = h.free.Add(time.Duration(float64(n) / float64(h.rule.Action.rate) * float64(time.Second)))
	return h.free.Sub(now)
}

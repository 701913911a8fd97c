package verdict

import (
	"fmt"
	"math"
	"time"
)

// Backoff judges the waits of a producer between the attempts of one batch: from
// the end of an attempt that failed to the beginning of the next one. The wait
// after the first attempt is First, and each next one larger by Factor, up to
// Max; each may differ by Jitter.
//
// A retry must not come earlier than that by a moment. One that comes late may
// be the fault of the machine, so late is only what took longer than twice the
// wait and LateBy on top. A producer whose waits do not grow is found where the
// second one is too early; one that always waits for Max only where Max is
// larger than that allowance.
//
// Attempts with the same producer id, epoch and first sequence are of one batch;
// without idempotence, all that follow each other at a partition are until one
// succeeds. A batch that was refused for good is not waited for. It takes two
// waits for one batch to tell a shape: with less the result is inconclusive.
//
// Memory: one fact per attempt, and some 100 bytes per batch.
type Backoff struct {
	name  string
	shape BackoffShape
	attempts
}

// BackoffShape is what the waits should be.
type BackoffShape struct {
	First  time.Duration
	Factor float64 // at least 1
	Max    time.Duration
	Jitter float64 // 0 to 1
}

// LateBy is what is allowed on top of twice the longest wait.
const LateBy = time.Second

func (s BackoffShape) String() string {
	return fmt.Sprintf("%v, × %g up to %v, ± %g%%", s.First, s.Factor, s.Max, s.Jitter*100)
}

// wait is how long to wait after so many failed attempts, without jitter.
func (s BackoffShape) wait(failed int) time.Duration {
	return time.Duration(min(float64(s.First)*math.Pow(s.Factor, float64(failed-1)), float64(s.Max)))
}

// NewBackoff judges the attempts it is fed; name says of what.
func NewBackoff(name string, shape BackoffShape) *Backoff { return &Backoff{name: name, shape: shape} }

// Result judges what was fed so far.
func (b *Backoff) Result() Result {
	type batch struct {
		session
		first int32
	}
	type streak struct {
		failed int
		last   attempt
	}
	var found collector
	var judged int64
	longest, batches := 0, map[batch]streak{}
	for _, a := range b.sorted() {
		key := batch{a.session(), a.FirstSequence}
		s := batches[key]
		if s.failed > 0 {
			judged++
			longest = max(longest, s.failed)
			b.judge(s.failed, s.last, a, &found)
		}
		if OutcomeOf(a.Fact) != Failed {
			delete(batches, key)
			continue
		}
		batches[key] = streak{s.failed + 1, a}
	}
	r := found.pronounce("backoff of "+b.name, judged, "no batch was sent again")
	if longest == 1 {
		return r.inconclusive("no batch was sent more than twice, so there is no growth to judge; let more attempts fail")
	}
	return r
}

// judge looks at one wait, after so many failed attempts.
func (b *Backoff) judge(failed int, last, a attempt, found *collector) {
	waited, want := a.Request.Sent-last.Request.Answered, b.shape.wait(failed)
	least := time.Duration(float64(want) * (1 - b.shape.Jitter))
	most := 2*time.Duration(float64(want)*(1+b.shape.Jitter)) + LateBy
	switch {
	case waited < least:
		found.add(a.finding(EarlyRetry), "attempt %d came %v after attempt %d ended with %s, want at least %v (%v)", failed+1,
			waited, failed, last.Error, least, b.shape)
	case waited > most:
		found.add(a.finding(LateRetry), "attempt %d came %v after attempt %d ended with %s, want at most %v (%v)", failed+1,
			waited, failed, last.Error, most, b.shape)
	}
}

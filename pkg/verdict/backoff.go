package verdict

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
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
// Attempts with the same producer id, epoch and first sequence are of one batch. Without idempotence an attempt goes on
// with what failed before and has a record that comes again in it: clients put records that failed into new batches,
// and have several on their way. Records are told apart by key and value; one that is written twice tells nothing.
// Where the contents are not known, all attempts that follow each other at a partition are of one batch until one
// succeeds. A batch that was refused for good is not waited for. It takes two waits for one batch to tell a shape: with
// less the result is inconclusive.
//
// Memory: one fact per attempt, some 100 bytes per batch, and some 40 per record of a batch without a sequence.
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
const LateBy = 2 * time.Second

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
	var found collector
	var judged int64
	longest, batches, plain := 0, map[sent]streak{}, b.plainRecords()
	for _, a := range b.sorted() {
		before := batches[a.sent()].each()
		if plain != nil && a.FirstSequence < 0 {
			before = plain.streaks(a)
		}
		next := streak{1, a}
		for _, s := range before {
			judged++
			longest = max(longest, s.failed)
			b.judge(s.failed, s.last, a, &found)
			next.failed = max(next.failed, s.failed+1)
		}
		if OutcomeOf(a.Fact) == Failed {
			batches[a.sent()] = next
		} else {
			delete(batches, a.sent())
			next = streak{}
		}
		plain.remember(a, next)
	}
	r := found.pronounce("backoff of "+b.name, judged, "no batch was sent again")
	if longest == 1 {
		return r.inconclusive("no batch was sent more than twice, so there is no growth to judge; let more attempts fail")
	}
	return r
}

// streak is how often a batch has failed so far, 0 for never, and when last.
type streak struct {
	failed int
	last   attempt
}

// each is the streak, if there is one.
func (s streak) each() []streak {
	if s.failed == 0 {
		return nil
	}
	return []streak{s}
}

// plainRecords are the records of batches without a sequence, each with the streak of the batch it was in last. One
// that is in two batches which were written, or twice in one, is left out.
type plainRecords map[journal.Content]streak

// plainRecords is nil where the contents are not known.
func (b *Backoff) plainRecords() plainRecords {
	all, written := plainRecords{}, map[journal.Content]int{}
	for _, a := range b.all {
		if a.FirstSequence < 0 && len(a.Contents) == 0 {
			return nil
		}
		in := map[journal.Content]bool{}
		for _, c := range a.Contents {
			switch {
			case in[c]:
				written[c] = 2
			case OutcomeOf(a.Fact) == Written:
				written[c]++
			}
			in[c] = true
			all[c] = streak{}
		}
	}
	for c, n := range written {
		if n > 1 {
			delete(all, c)
		}
	}
	return all
}

// streaks are those that an attempt goes on with, each once.
func (p plainRecords) streaks(a attempt) (found []streak) {
	for _, c := range a.Contents {
		if s := p[c]; s.failed > 0 && !slices.ContainsFunc(found, func(other streak) bool {
			return other.last.Fact == s.last.Fact
		}) {
			found = append(found, s)
		}
	}
	return found
}

// remember takes what became of an attempt.
func (p plainRecords) remember(a attempt, s streak) {
	for _, c := range a.Contents {
		if _, tells := p[c]; tells {
			p[c] = s
		}
	}
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

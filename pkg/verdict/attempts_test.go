package verdict_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// at makes an attempt of ten records that was written: epoch 0 of producer 7, at a millisecond, and answered one later.
func at(ms int, first int32, change ...func(*journal.Fact, *journal.Attempt)) *journal.Fact {
	a := &journal.Attempt{Acks: -1, ProducerID: 7, FirstSequence: first}
	f := &journal.Fact{App: "sender", Topic: "events", Partition: 2, Count: 10, Detail: a,
		Request: &journal.Request{Sent: time.Duration(ms) * time.Millisecond,
			Answered: time.Duration(ms+1) * time.Millisecond, Outcome: journal.Answered}}
	for _, c := range change {
		c(f, a)
	}
	return f
}

func failed(f *journal.Fact, a *journal.Attempt) { a.Code, f.Error = 7, "REQUEST_TIMED_OUT" }
func rejected(f *journal.Fact, a *journal.Attempt) {
	a.Code, f.Error = kerr.InvalidRecord.Code, "INVALID_RECORD"
}
func nextEpoch(_ *journal.Fact, a *journal.Attempt) { a.ProducerEpoch++ }
func of(records int64) func(*journal.Fact, *journal.Attempt) {
	return func(f *journal.Fact, _ *journal.Attempt) { f.Count = records }
}
func plain(_ *journal.Fact, a *journal.Attempt) {
	a.ProducerID, a.FirstSequence, a.ProducerEpoch = -1, -1, -1
}
func holding(contents ...journal.Content) func(*journal.Fact, *journal.Attempt) {
	return func(f *journal.Fact, a *journal.Attempt) { f.Count, a.Contents = int64(len(contents)), contents }
}
func acksOne(_ *journal.Fact, a *journal.Attempt)   { a.Acks = 1 }
func elsewhere(f *journal.Fact, _ *journal.Attempt) { f.Partition = 3 }

func TestOutcomeOfAnAttempt(t *testing.T) {
	for _, c := range []struct {
		outcome journal.Outcome
		code    int16
		want    verdict.AttemptOutcome
	}{
		{journal.Answered, 0, verdict.Written}, {journal.Unanswered, 0, verdict.Written},
		{journal.Answered, kerr.DuplicateSequenceNumber.Code, verdict.Written},
		{journal.Cut, 0, verdict.Failed}, {journal.Intercepted, 0, verdict.Failed},
		{journal.Intercepted, kerr.NotLeaderForPartition.Code, verdict.Failed},
		{journal.Answered, kerr.MessageTooLarge.Code, verdict.Rejected},
	} {
		f := &journal.Fact{Detail: &journal.Attempt{Code: c.code}, Request: &journal.Request{Outcome: c.outcome}}
		if got := verdict.OutcomeOf(f); got != c.want {
			t.Errorf("%s, code %d: got %s, want %s", c.outcome, c.code, got, c.want)
		}
	}
}

// An answer that came in the end does not help where a new producer had begun with the records by then; unless the old
// one was not given up.
func TestIdempotenceOfProducersSideBySide(t *testing.T) {
	by := func(producer int64, contents ...journal.Content) func(*journal.Fact, *journal.Attempt) {
		return func(_ *journal.Fact, a *journal.Attempt) { a.ProducerID, a.Contents = producer, contents }
	}
	late := func(f *journal.Fact, _ *journal.Attempt) { f.Request.Answered += time.Minute }
	judge := func(attempts ...*journal.Fact) verdict.Result {
		j := verdict.NewIdempotence("sender to events")
		for _, f := range attempts {
			j.Attempt(f)
		}
		return j.Result()
	}
	first, second := at(2, 0, of(2), by(91, 5, 6), late), at(4, 0, of(2), by(92, 6, 7))
	wantOnly(t, judge(first, second), verdict.SentAsNew)
	wantOnly(t, judge(first, second, at(6, 2, of(1), by(91, 8))), "")
	wantOnly(t, judge(at(2, 0, of(2), by(91, 5, 6)), second), "") // answered before
}

// check compares a result with what is wanted: "pass", "inconclusive", or texts of its findings.
func check(t *testing.T, r verdict.Result, want ...string) {
	t.Helper()
	if len(want) == 1 && (want[0] == "pass" || want[0] == "inconclusive") {
		if string(r.Outcome) != want[0] {
			t.Errorf("got %s %v, want %s", r.Outcome, r.Findings, want[0])
		}
		return
	}
	if len(r.Findings) != len(want) {
		t.Fatalf("got %v, want %q", r.Findings, want)
	}
	for i, w := range want {
		if got := r.Findings[i].String(); !strings.Contains(got, w) {
			t.Errorf("got finding %q, want %q in it", got, w)
		}
	}
}

func TestIdempotence(t *testing.T) {
	for _, c := range []struct {
		name     string
		attempts []*journal.Fact
		want     []string
	}{
		{"nothing", nil, []string{"inconclusive"}},
		{"batches follow each other", []*journal.Fact{at(1, 0), at(2, 10), at(3, 20)}, []string{"pass"}},
		{"in any order of feeding", []*journal.Fact{at(3, 20), at(1, 0), at(2, 10)}, []string{"pass"}},
		{"sent again", []*journal.Fact{at(1, 0), at(2, 10, failed), at(3, 20), at(4, 10), at(5, 20)}, []string{"pass"}},
		{"partitions have sequences of their own", []*journal.Fact{at(1, 0), at(2, 0, elsewhere)}, []string{"pass"}},
		{"a new epoch begins at 0", []*journal.Fact{at(1, 0, rejected), at(2, 0, nextEpoch, of(1))}, []string{"pass"}},
		{"a refused batch gives its place to another", []*journal.Fact{at(1, 0, rejected), at(2, 0, of(3)), at(3, 3)},
			[]string{"pass"}},
		{"wraps around", []*journal.Fact{at(1, 0, of(1<<31-5)), at(2, 1<<31-5), at(3, 5)}, []string{"pass"}},
		{"gap", []*journal.Fact{at(1, 0), at(2, 11), at(3, 21)},
			[]string{"sequence gap: events partition 2: producer id 7 epoch 0: got first sequence 11, want 10"}},
		{"starts too far", []*journal.Fact{at(1, 10)}, []string{"got first sequence 10, want 0"}},
		{"goes back", []*journal.Fact{at(1, 0), at(2, 5)}, []string{"got first sequence 5, want 10"}},
		{"built anew", []*journal.Fact{at(1, 0, failed), at(2, 0, of(12))},
			[]string{"sequence reused: events partition 2: producer id 7 epoch 0: sequence 0 stood for 10 records, and now " +
				"stands for 12"}},
		{"plain", []*journal.Fact{at(1, 0, plain)}, []string{"no producer id: events partition 2: got a batch of 10 " +
			"records"}},
		{"acks", []*journal.Fact{at(1, 0, acksOne)}, []string{"acks: events partition 2: got acks=1, want all (-1)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := verdict.NewIdempotence("sender")
			for _, a := range c.attempts {
				j.Attempt(a)
			}
			check(t, j.Result(), c.want...)
		})
	}
}

// again makes the attempts of one batch: each fails but the last, and the next comes so many milliseconds after its
// end.
func again(waits ...int) []*journal.Fact {
	attempts, now := []*journal.Fact{at(0, 0)}, 0
	for _, w := range waits {
		last := attempts[len(attempts)-1]
		failed(last, last.Detail.(*journal.Attempt))
		now += 1 + w
		attempts = append(attempts, at(now, 0))
	}
	return attempts
}

func TestBackoff(t *testing.T) {
	shape := verdict.BackoffShape{First: 100 * time.Millisecond, Factor: 2, Max: 400 * time.Millisecond, Jitter: 0.2}
	for _, c := range []struct {
		name     string
		attempts []*journal.Fact
		want     []string
	}{
		{"nothing", nil, []string{"inconclusive"}},
		{"never again", []*journal.Fact{at(1, 0), at(2, 10)}, []string{"inconclusive"}},
		{"once again only", again(100), []string{"inconclusive"}},
		{"as it should", again(100, 200, 400, 400), []string{"pass"}},
		{"at the lower bounds", again(80, 160, 320, 320), []string{"pass"}},
		{"late is the machine's fault", again(2240, 2480, 2960), []string{"pass"}},
		{"too early by a millisecond", again(100, 159), []string{"early retry: events partition 2: attempt 3 came 159ms " +
			"after attempt 2 ended with REQUEST_TIMED_OUT, want at least 160ms (100ms, × 2 up to 400ms, ± 20%)"}},
		{"too early once is enough", again(79), []string{"attempt 2 came 79ms"}},
		{"fixed", again(100, 100, 100), []string{"attempt 3 came 100ms", "attempt 4 came 100ms"}},
		{"beyond the limit", again(100, 200, 400, 2961), []string{"late retry: events partition 2: attempt 5 came 2.961s " +
			"after attempt 4 ended with REQUEST_TIMED_OUT, want at most 2.96s"}},
		{"not waited for when refused", append(again(100, 200), at(400, 10, rejected), at(401, 10)), []string{"pass"}},
		{"begins anew for the next batch", append(again(100, 200), at(400, 10, failed), at(520, 10)), []string{"pass"}},
		{"without idempotence", []*journal.Fact{at(1, 0, plain, failed), at(102, 0, plain, failed), at(203, 0, plain)},
			[]string{"attempt 3 came 100ms"}},
		{"batches without sequences side by side", []*journal.Fact{at(1, 0, plain, failed, holding(1)),
			at(2, 0, plain, failed, holding(2)), at(3, 0, plain, holding(3)), at(102, 0, plain, failed, holding(1)),
			at(103, 0, plain, failed, holding(2)), at(303, 0, plain, holding(1)), at(304, 0, plain, holding(2))},
			[]string{"pass"}},
		{"records that come again in another batch", []*journal.Fact{at(1, 0, plain, failed, holding(1, 2)),
			at(102, 0, plain, failed, holding(2, 3)), at(203, 0, plain, holding(3, 4, 2))}, []string{"attempt 3 came 100ms"}},
		{"records that are alike tell nothing", []*journal.Fact{at(1, 0, plain, failed, holding(1, 9)),
			at(2, 0, plain, holding(9)), at(102, 0, plain, failed, holding(1, 9)), at(303, 0, plain, holding(1, 9))},
			[]string{"pass"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := verdict.NewBackoff("sender", shape)
			for _, a := range c.attempts {
				j.Attempt(a)
			}
			check(t, j.Result(), c.want...)
		})
	}
}

func ExampleBackoff() {
	judge := verdict.NewBackoff("sender", verdict.BackoffShape{First: 100 * time.Millisecond, Factor: 2, Max: time.Second})
	for i, sent := range []time.Duration{0, 100, 200} { // milliseconds
		f := &journal.Fact{Topic: "events", Error: "REQUEST_TIMED_OUT", Detail: &journal.Attempt{Code: 7},
			Request: &journal.Request{Sent: sent * time.Millisecond, Answered: sent * time.Millisecond}}
		if i == 2 {
			f.Error, f.Detail = "", new(journal.Attempt)
		}
		judge.Attempt(f)
	}
	found := judge.Result().Findings[0]
	fmt.Println(found.Kind)
	fmt.Println(found.Detail)
	// Output:
	// early retry
	// attempt 3 came 100ms after attempt 2 ended with REQUEST_TIMED_OUT, want at least 200ms (100ms, × 2 up to 1s, ± 0%)
}

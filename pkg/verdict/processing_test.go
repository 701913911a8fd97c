package verdict

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/membership"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// processed judges the work on a partition of which each record has one of two keys: even offsets a, odd ones b.
func processed(repeats bool, work ...membership.Work) Result {
	j := NewProcessing("orders", repeats)
	h := membership.New("g", "orders")
	for o := range int64(100) {
		j.Input(&record.Record{Topic: "orders", Offset: o, Key: []byte{"ab"[o%2]}})
	}
	j.Input(&record.Record{Topic: "orders", Offset: 100})
	for _, w := range slices.Backward(work) { // their order must not matter
		h.Worked(w)
	}
	return j.Result(h)
}

// steps is work of an application on offsets, one a second.
func steps(app string, from int, offsets ...int64) (work []membership.Work) {
	for i, o := range offsets {
		work = append(work, membership.Work{App: app, Offset: o, At: time.Duration(from+i) * time.Second})
	}
	return work
}

func TestProcessing(t *testing.T) {
	for _, c := range []struct {
		name            string
		work            []membership.Work
		strict, repeats string // what is found
	}{
		{"in order", steps("x", 1, 0, 1, 2, 3), "", ""},
		{"keys beside each other", steps("x", 1, 1, 3, 0, 2), "", ""},
		{"a record left out", steps("x", 1, 0, 4, 6), "", ""},
		{"without a key", steps("x", 1, 0, 100, 2, 100, 4), "", ""},
		{"none of the topic's", steps("x", 1, 0, 2, 777, 777), "unexpected 777", "unexpected 777"},
		{"a later one first", steps("x", 1, 2, 0), "processed out of order 0", "processed out of order 0"},
		{"by two members", append(steps("x", 1, 4), steps("y", 2, 2)...), "processed out of order 2",
			"processed out of order 2"},
		{"again after a crash", append(steps("x", 1, 0, 2, 4), steps("y", 9, 2, 4, 6)...),
			"processed twice 2, processed twice 4", ""},
		{"the same one twice", steps("x", 1, 0, 0, 2), "processed twice 0", ""},
		{"a zombie beside it", append(steps("x", 1, 0, 2, 4),
			membership.Work{App: "y", Offset: 2, At: 3500 * time.Millisecond},
			membership.Work{App: "y", Offset: 4, At: 5 * time.Second}), "processed twice 2, processed twice 4", ""},
		{"gone back, and one left out", steps("x", 1, 0, 2, 4, 2, 6), "processed twice 2, processed out of order 6",
			"processed out of order 6"},
		{"again the wrong way round", append(steps("x", 1, 0, 2, 4), steps("y", 9, 4, 2, 6)...),
			"processed twice 2, processed twice 4, processed out of order 6", "processed out of order 6"},
		{"gone back, and one done by another", append(steps("x", 1, 0, 2, 4, 2),
			append(steps("y", 9, 4), steps("x", 10, 6)...)...),
			"processed twice 2, processed twice 4", ""},
		{"gone back, and one of another key left out", steps("x", 1, 0, 1, 2, 3, 0, 2, 5), "processed twice 0, processed " +
			"twice 2", ""},
	} {
		for repeats, want := range map[bool]string{false: c.strict, true: c.repeats} {
			var got []string
			for _, f := range processed(repeats, c.work...).Findings {
				got = append(got, fmt.Sprint(f.Kind, " ", f.Offset))
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s, repeats %t: got %q, want %q", c.name, repeats, got, want)
			}
		}
	}
	wantInconclusive(t, processed(true, steps("x", 1, 0, 1, 100, 100)...),
		"nothing was judged: no two records of one key are known to be processed by group g")
	want := "processed out of order: orders partition 0 offset 0 key a: by x, 1s after x had processed offset 2 of its key"
	if err := processed(false, steps("x", 1, 2, 0)...).Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A member that was frozen finishes what it had in hand, though the group has gone on without it, and is given the
// partition again where the other one has got to.
func TestProcessingOfOneThatFinishesWhatIsAnothers(t *testing.T) {
	second := func(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
	for end, want := range map[membership.End]int{membership.Fenced: 0, membership.Replaced: 0, membership.Released: 1} {
		j, h := NewProcessing("orders", true), membership.New("g", "orders")
		for o := range int64(4) {
			j.Input(&record.Record{Topic: "orders", Offset: o, Key: []byte("a")})
		}
		h.Ownerships[0] = []membership.Ownership{
			{App: "x", From: second(0.5), To: second(6.5), End: end},
			{App: "y", From: second(3), To: second(7), End: membership.Released},
			{App: "x", From: second(7.5)},
		}
		for _, w := range slices.Concat(steps("x", 1, 0), steps("y", 4, 1, 2), steps("x", 6, 1), steps("x", 8, 3)) {
			h.Worked(w)
		}
		if got := j.Result(h); len(got.Findings) != want {
			t.Errorf("%s: got %v, want %d findings", end, got.Findings, want)
		}
	}
}

// In random lives of a partition, whatever died in between, exactly the planted disorder is found.
func TestProcessingFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, j := drawLives(t), NewProcessing("orders", true)
		keys := rapid.Int64Range(1, 3).Draw(t, "keys")
		for o := range l.records {
			j.Input(&record.Record{Topic: "orders", Offset: o, Key: fmt.Appendf(nil, "u%d", o%keys)})
		}
		judge := func() Result {
			h := membership.New("g", "orders")
			for _, w := range l.worked {
				h.Worked(w)
			}
			return j.Result(h)
		}
		if r := judge(); r.Outcome == Fail {
			t.Fatalf("got %v, want no finding", r.Err())
		}
		if l.records <= keys {
			return
		}
		// A record is first done at the very end, behind a later one of its key.
		late := rapid.Int64Range(0, l.records-keys-1).Draw(t, "late")
		l.worked = slices.DeleteFunc(l.worked, func(w membership.Work) bool { return w.Offset == late })
		l.worked = append(l.worked, membership.Work{App: "last", Offset: late, At: time.Hour})
		wantFindings(t, judge(), Finding{Kind: OutOfOrder, Topic: "orders", Offset: late, Key: fmt.Sprintf("u%d", late%keys),
			Count: 1})
	})
}

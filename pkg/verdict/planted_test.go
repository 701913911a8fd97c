package verdict_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// wantOnly wants one finding of a kind and no other, or, with no kind, a pass.
func wantOnly(t rapid.TB, r verdict.Result, kind string) {
	t.Helper()
	switch {
	case kind == "" && r.Outcome != verdict.Pass:
		t.Fatalf("got %s (%v), want a pass", r.Outcome, r.Err())
	case kind != "" && (r.Outcome != verdict.Fail || len(r.Kinds) != 1 || r.Kinds[0].Kind != kind || r.Total != 1):
		t.Fatalf("got %s (%v), want one %s", r.Outcome, r.Err(), kind)
	}
}

func on(partition int32) func(*journal.Fact, *journal.Attempt) {
	return func(f *journal.Fact, _ *journal.Attempt) { f.Partition = partition }
}

// drawBatches makes attempts of batches on up to three partitions: each fails a few times, and then is written.
func drawBatches(t *rapid.T) (attempts []*journal.Fact) {
	next, now := map[int32]int32{}, 0
	for range rapid.IntRange(1, 12).Draw(t, "batches") {
		partition, records := rapid.Int32Range(0, 2).Draw(t, "partition"), rapid.Int32Range(1, 20).Draw(t, "records")
		failures := rapid.IntRange(0, 2).Draw(t, "failures")
		for i := range failures + 1 {
			now += 2
			f := at(now, next[partition], of(int64(records)), on(partition))
			if i < failures {
				failed(f, f.Detail.(*journal.Attempt))
			}
			attempts = append(attempts, f)
		}
		next[partition] += records
	}
	return attempts
}

func TestIdempotenceFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempts := drawBatches(t)
		judge := func() verdict.Result {
			j := verdict.NewIdempotence("sender to events")
			for _, f := range attempts {
				j.Attempt(f)
			}
			return j.Result()
		}
		wantOnly(t, judge(), "")
		one := attempts[rapid.IntRange(0, len(attempts)-1).Draw(t, "one")]
		detail := one.Detail.(*journal.Attempt)
		last := int(attempts[len(attempts)-1].Request.Sent / time.Millisecond)
		kind := rapid.SampledFrom([]string{verdict.NotAllAcks, verdict.NoProducerID, verdict.SequenceGap,
			verdict.SequenceReused, verdict.SentAsNew}).Draw(t, "kind")
		switch kind {
		case verdict.NotAllAcks:
			acksOne(one, detail)
		case verdict.NoProducerID:
			attempts = append(attempts, at(last+2, 0, plain))
		case verdict.SequenceGap: // a batch in front of which one is missing
			attempts = append(attempts, at(last+2, 100_000, on(one.Partition)))
		case verdict.SentAsNew: // by a producer that took the place of one whose batch had no answer
			other := func(producer int64, contents ...journal.Content) func(*journal.Fact, *journal.Attempt) {
				return func(_ *journal.Fact, a *journal.Attempt) { a.ProducerID, a.Contents = producer, contents }
			}
			attempts = append(attempts, at(last+2, 0, of(2), other(91, 5, 6), failed))
			wantOnly(t, judge(), "")
			attempts = append(attempts, at(last+4, 0, of(1), other(92, 7)))
			wantOnly(t, judge(), "")
			attempts = append(attempts, at(last+6, 1, of(2), other(92, 6, 8)))
		case verdict.SequenceReused:
			attempts = append(attempts, at(last+2, detail.FirstSequence, of(one.Count+1), on(one.Partition)))
		}
		wantOnly(t, judge(), kind)
	})
}

func TestBackoffFindsWhatWasPlanted(t *testing.T) {
	shape := verdict.BackoffShape{First: 20 * time.Millisecond, Factor: 2, Max: 500 * time.Millisecond, Jitter: 0.1}
	rapid.Check(t, func(t *rapid.T) {
		retries := rapid.IntRange(2, 8).Draw(t, "retries")
		waits := make([]time.Duration, retries)
		want := func(i int) float64 { return min(20e6*float64(int(1)<<i), 500e6) } // nanoseconds
		for i := range waits {
			waits[i] = time.Duration(want(i) * rapid.Float64Range(0.9, 1.1).Draw(t, "jitter"))
		}
		judge := func() verdict.Result {
			j := verdict.NewBackoff("sender to events", shape)
			sent := time.Second
			for i := range retries + 1 {
				f := at(0, 0)
				if f.Request.Sent, f.Request.Answered = sent, sent+time.Millisecond; i < retries {
					failed(f, f.Detail.(*journal.Attempt))
					sent = f.Request.Answered + waits[i]
				}
				j.Attempt(f)
			}
			return j.Result()
		}
		wantOnly(t, judge(), "")
		i := rapid.IntRange(0, retries-1).Draw(t, "one")
		kind := rapid.SampledFrom([]string{verdict.EarlyRetry, verdict.LateRetry}).Draw(t, "kind")
		if kind == verdict.EarlyRetry {
			waits[i] = time.Duration(want(i) * rapid.Float64Range(0, 0.899).Draw(t, "early"))
		} else {
			waits[i] = time.Duration(want(i)*2.2) + verdict.LateBy + time.Millisecond
		}
		wantOnly(t, judge(), kind)
	})
}

func TestAlertsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const threshold, other = 5, int32(9)
		judge := verdict.NewAlerts(threshold)
		kind := rapid.SampledFrom([]string{"", verdict.AlertWithoutBreach, verdict.AlertRepeated,
			verdict.ClearedWithoutAlert, verdict.AlertMissing, verdict.AlertNotCleared}).Draw(t, "kind")
		judge.Raised("orders", 0, threshold+1, threshold)
		open := map[int32]int64{0: threshold + 1}
		for range rapid.IntRange(0, 40).Draw(t, "looks") {
			partition, lag := rapid.Int32Range(0, 2).Draw(t, "partition"), rapid.Int64Range(0, 10).Draw(t, "lag")
			switch {
			case lag > threshold && open[partition] == 0:
				judge.Raised("orders", partition, lag, threshold)
				open[partition] = lag
			case lag <= threshold && open[partition] > 0:
				judge.Cleared("orders", partition, lag)
				open[partition] = 0
			}
		}
		breach := rapid.Int64Range(threshold+1, 1000).Draw(t, "breach")
		final := int64(0) // of the other partition, where the anomaly is
		switch kind {
		case verdict.AlertWithoutBreach:
			if rapid.Bool().Draw(t, "nowhere") {
				judge.Raised("orders", rapid.Int32Range(10, 99).Draw(t, "no partition"), breach, threshold)
				break
			}
			judge.Raised("orders", other, rapid.Int64Range(0, threshold).Draw(t, "none"), threshold)
			judge.Cleared("orders", other, 0)
		case verdict.AlertRepeated:
			judge.Raised("orders", other, breach, threshold)
			judge.Raised("orders", other, breach, threshold)
			final = breach
		case verdict.ClearedWithoutAlert:
			judge.Cleared("orders", other, 0)
		case verdict.AlertMissing:
			final = breach
		case verdict.AlertNotCleared:
			judge.Raised("orders", other, breach, threshold)
		}
		for partition, lag := range open {
			judge.Lag("orders", partition, lag)
		}
		judge.Lag("orders", other, final)
		wantOnly(t, judge.Result(), kind)
	})
}

func TestPositionsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judge := verdict.NewPositions("orders")
		partitions := rapid.Int32Range(1, 5).Draw(t, "partitions")
		planted := rapid.Int32Range(-1, partitions-1).Draw(t, "planted") // -1: nowhere
		which, by := rapid.IntRange(0, 2).Draw(t, "which"), rapid.Int64Range(1, 100).Draw(t, "by")
		for p := range partitions {
			next := rapid.Int64Range(1, 1000).Draw(t, "next")
			positions := [3]int64{next, next, next}
			if p == planted {
				positions[which] += by
			}
			judge.Row(p, positions[0]-1)
			judge.Stored(p, positions[1])
			judge.Committed(p, positions[2])
		}
		kind := ""
		if planted >= 0 {
			kind = verdict.PositionsDiffer
		}
		wantOnly(t, judge.Result(), kind)
	})
}

func TestEffectsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []spot
		rows := map[spot]int{}
		for i := range rapid.IntRange(1, 40).Draw(t, "records") {
			at := spot{rapid.Int32Range(0, 2).Draw(t, "partition"), int64(i)}
			records = append(records, at)
			rows[at] = 1
		}
		one := rapid.SampledFrom(records).Draw(t, "one")
		kind := rapid.SampledFrom([]string{"", verdict.MissingRow, verdict.RepeatedRow, verdict.Unexpected}).Draw(t, "kind")
		switch kind {
		case verdict.MissingRow:
			delete(rows, one)
		case verdict.RepeatedRow:
			rows[one] += rapid.IntRange(1, 3).Draw(t, "more")
		case verdict.Unexpected:
			rows[spot{one.partition, 1000}] = 1
		}
		alien := effectsOf(records, rows)
		wantOnly(t, alien.Result(verdict.ExactlyOnce), kind)
		if kind == "" {
			alien.Foreign("ordres partition 0 offset 0")
			wantOnly(t, alien.Result(verdict.AtMostOnce), verdict.Unexpected)
		}
		least, most := kind, kind // what is legal depends on the promise
		if kind == verdict.RepeatedRow {
			least = ""
		}
		if kind == verdict.MissingRow {
			most = ""
		}
		wantOnly(t, effectsOf(records, rows).Result(verdict.AtLeastOnce), least)
		wantOnly(t, effectsOf(records, rows).Result(verdict.AtMostOnce), most)
	})
}

func TestEvennessFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := map[int32]int64{}
		for p := range rapid.Int32Range(2, 24).Draw(t, "partitions") {
			counts[p] = rapid.Int64Range(980, 1020).Draw(t, "keys")
		}
		wantOnly(t, verdict.EvennessOf(counts).ByChance("events", 1e-6), "")
		one := rapid.SampledFrom(slices.Sorted(maps.Keys(counts))).Draw(t, "one")
		counts[one] += rapid.Int64Range(400, 5000).Draw(t, "more")
		wantOnly(t, verdict.EvennessOf(counts).ByChance("events", 1e-6), verdict.Uneven)
	})
}

func TestWindowsFindWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, shape := drawWindows(t), drawShape(t)
		right := shape.judge(h)
		outputs := len(h.windows) + len(h.late)
		wantRightWindows(t, right, outputs)
		if want := int64(len(h.events) + outputs); outputs > 0 && right.Judged != want {
			t.Fatalf("got %d looked at, want %d", right.Judged, want)
		}
		next := int64(len(h.windows))
		kinds := []string{verdict.WindowEarly, verdict.WindowUnexpected, verdict.SetAsideInTime, verdict.Unexpected}
		if len(h.windows) > 0 {
			kinds = append(kinds, verdict.WindowMissing, verdict.WindowTwice, verdict.WindowWrong)
		}
		if len(h.late) > 0 {
			kinds = append(kinds, verdict.NotSetAside, verdict.SetAsideTwice)
		}
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "one") }
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		switch kind {
		case verdict.WindowEarly:
			h.windows = append(h.windows, h.open[pick(len(h.open))])
		case verdict.WindowUnexpected:
			h.windows = append(h.windows, window(next, "nobody", "0 1 1 1 1"))
		case verdict.SetAsideInTime: // one of the time that its partition is at
			last := h.events[len(h.events)-1]
			offset := last.Offset + 1
			one := windowEvent(9, offset, "other", "40:0", "1")
			h.events = append(h.events, one)
			h.late = append(h.late, lateRecord(int64(len(h.late)), "9", fmt.Sprint(offset)))
		case verdict.Unexpected:
			h.late = append(h.late, lateRecord(int64(len(h.late)), "0", "1000"))
		case verdict.WindowMissing:
			h.windows = slices.Delete(h.windows, 0, 1)
		case verdict.WindowTwice:
			again := h.windows[pick(len(h.windows))]
			again.Offset = next
			h.windows = append(h.windows, again)
		case verdict.WindowWrong:
			i := pick(len(h.windows))
			h.windows[i] = window(h.windows[i].Offset, string(h.windows[i].Key), h.wrong[i])
		case verdict.NotSetAside:
			h.late = slices.Delete(h.late, 0, 1)
		case verdict.SetAsideTwice:
			again := h.late[pick(len(h.late))]
			again.Offset = int64(len(h.late))
			h.late = append(h.late, again)
		}
		wantOnly(t, shape.judge(h), kind)
	})
}

package verdict

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func judgeReads(reads ...history) Result {
	c := NewConsistency()
	for n, h := range reads {
		for i := range h {
			c.Observe(fmt.Sprint("c", n+1), &h[i])
		}
	}
	return c.Result()
}

// In a random history exactly the planted faults are found.
func TestConsistencyFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t, "orders", 3) // with gaps in offsets that nobody fills
		samePartition := func(a, b record.Record) bool { return a.Partition == b.Partition }
		i := rapid.IntRange(0, len(h)-1).Draw(t, "which")
		next := h.behind(i, samePartition)

		wantFindings(t, judgeReads(h))
		wantFindings(t, judgeReads(h, h))
		wantFindings(t, judgeReads(h[i:], h)) // to begin late is not to skip
		wantFindings(t, judgeReads(h, h[:i+1]))

		altered := append(history{}, h...)
		altered[i].Value = []byte("altered")
		wantFindings(t, judgeReads(h, altered), at(InconsistentOffset, h[i]))

		if first := h.without(i); next > 0 && h[:i].behindAny(h[i]) {
			skipped := at(PollSkip, h[i])
			skipped.Key = ""
			wantFindings(t, judgeReads(h, first), skipped)
			wantFindings(t, judgeReads(first, h), skipped) // known only later that it exists
			wantFindings(t, judgeReads(first))             // nobody knows that it exists
		}
		if next > 0 {
			again := append(append(append(history{}, h[:next+1]...), h[i]), h[next+1:]...)
			found := []Finding{at(NonMonotonicPoll, h[i])}
			if after := h.behind(next, samePartition); after > 0 {
				skipped := at(PollSkip, h[next]) // from there it goes on past what it had read
				skipped.Key = ""
				found = append([]Finding{skipped}, found...)
			}
			wantFindings(t, judgeReads(again), found...)
		}
	})
}

// behindAny reports whether r's partition has a record in h.
func (h history) behindAny(r record.Record) bool {
	for i := range h {
		if h[i].Partition == r.Partition {
			return true
		}
	}
	return false
}

// A rebalance resets where a consumer may read.
func TestConsistencyStartsAfreshWithAnAssignment(t *testing.T) {
	c := NewConsistency()
	read := func(consumer string, partition int32, offsets ...int64) {
		for _, o := range offsets {
			c.Observe(consumer, &record.Record{Topic: "orders", Partition: partition, Offset: o})
		}
	}
	read("all", 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	read("all", 1, 0, 1, 2, 3)
	read("c1", 0, 0, 1, 2)
	c.Assigned("c1", "orders", 0)
	read("c1", 0, 1, 2, 3)
	c.AssignedAll("c1", "orders")
	read("c1", 0, 8, 9)
	read("c1", 1, 3)
	wantFindings(t, c.Result())
	read("c1", 0, 9)
	read("c1", 1, 2)
	wantFindings(t, c.Result(),
		Finding{Kind: NonMonotonicPoll, Topic: "orders", Partition: 0, Offset: 9, Count: 1},
		Finding{Kind: NonMonotonicPoll, Topic: "orders", Partition: 1, Offset: 2, Count: 1})
}

// Skips of any length, against looking at each offset.
func TestConsistencyCountsWhatWasSkipped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offsets := rapid.SliceOfNDistinct(rapid.Int64Range(0, 30_000), 2, 60, rapid.ID).Draw(t, "offsets that exist")
		from, to := rapid.Int64Range(0, 15_000).Draw(t, "from"), rapid.Int64Range(15_001, 30_000).Draw(t, "to")
		var want int64
		c := NewConsistency()
		for i, o := range offsets { // each by a consumer of its own, so none skips
			c.Observe(fmt.Sprint("c", i), &record.Record{Topic: "orders", Offset: o})
			if o > from && o < to {
				want++
			}
		}
		c.Observe("skipper", &record.Record{Topic: "orders", Offset: from})
		c.Observe("skipper", &record.Record{Topic: "orders", Offset: to})
		var got int64
		for _, k := range c.Result().Kinds {
			got += k.Records
		}
		if got != want {
			t.Fatalf("got %d skipped, want %d", got, want)
		}
	})
}

// A journal gives the same judgement at once and after it was saved and read.
func TestConsistencyFromJournal(t *testing.T) {
	j := journal.New()
	deliver := func(app string, offset int64, value string) {
		j.Add(journal.Fact{Kind: journal.Delivered, App: app, Topic: "orders", Partition: 1, Offset: offset, Key: "u7",
			Detail: journal.LogEvent{"value": value}})
	}
	j.Add(journal.Event("c1", "assigned", map[string]string{"topic": "orders", "partitions": "0, 1"}))
	for o := range int64(5) {
		deliver("c1", 40+o, fmt.Sprint(o))
	}
	j.Add(journal.Event("c1", "revoked", map[string]string{"topic": "orders"}))
	j.Add(journal.Event("c1", "assigned", map[string]string{"topic": "orders", "partition": "1"}))
	deliver("c1", 42, "2")
	deliver("c1", 44, "other")
	deliver("c1", 43, "3")

	live := ConsistencyFromJournal(j).Result()
	var file bytes.Buffer
	if _, err := j.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	saved, err := journal.Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(live, ConsistencyFromJournal(saved).Result()); diff != "" {
		t.Errorf("judged again (-live +saved):\n%s", diff)
	}
	var lines []string
	for _, f := range live.Findings {
		lines = append(lines, f.String())
	}
	want := []string{
		"inconsistent offset: orders partition 1 offset 44 key u7: c1 read another record here than was read before",
		"poll skip: orders partition 1 offset 43: c1 read offset 42 and then 44, and skipped 1 record",
		"non-monotonic poll: orders partition 1 offset 43 key u7: c1 read it after offset 44, within one assignment",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConsistencyOfNothingIsInconclusive(t *testing.T) {
	if r := judgeReads(); r.Outcome != Inconclusive || !strings.Contains(r.Err().Error(),
		"nothing was judged: no read was seen") {
		t.Errorf("got %v, want inconclusive", r.Err())
	}
}

package verdict

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// naiveCommits looks at every record at every commit.
type naiveCommits struct {
	done    map[position]bool
	blamed  map[position]bool
	covered map[int32]int64
	passed  []map[position]bool // per commit, the records unfinished then
}

func (n *naiveCommits) commit(partition int32, offset int64, all []position) {
	if offset <= n.covered[partition] {
		return
	}
	n.covered[partition] = offset
	passed := map[position]bool{}
	for _, p := range all {
		if p.partition == partition && p.offset < offset && !n.done[p] && !n.blamed[p] {
			passed[p], n.blamed[p] = true, true
		}
	}
	n.passed = append(n.passed, passed)
}

func TestCommitsAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 1)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var all []position
		naive := naiveCommits{done: map[position]bool{}, blamed: map[position]bool{}, covered: map[int32]int64{}}
		c := NewCommits("orders")
		for i := range in {
			all = append(all, position{in[i].Partition, in[i].Offset})
		}
		feedInputs := func() {
			for i := range in {
				c.Input(&in[i])
			}
		}
		before := rapid.Bool().Draw(t, "inputs first")
		if before {
			feedInputs()
		}
		for range rapid.IntRange(1, 3*len(in)).Draw(t, "events") {
			p := all[random.IntN(len(all))]
			if random.IntN(4) > 0 {
				naive.done[p] = true
				c.Done(p.partition, p.offset)
			} else {
				naive.commit(p.partition, p.offset+1, all)
				c.Committed(p.partition, p.offset+1)
			}
		}
		if !before {
			feedInputs()
		}
		var want KindTotal
		for _, passed := range naive.passed {
			if len(passed) > 0 {
				want.Kind = CommitAhead
				want.Findings++
				want.Records += int64(len(passed))
			}
		}
		var got KindTotal
		if r := c.Result(); len(r.Kinds) > 0 {
			got = r.Kinds[0]
		}
		got.Staying = 0
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// An application that commits what it has finished passes; one planted commit
// ahead is exactly what is found.
func TestCommitsFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 2)
		ahead := rapid.IntRange(0, len(in)-1).Draw(t, "ahead")
		every := rapid.IntRange(1, 10).Draw(t, "commit every")
		judge := func(plant bool) Result {
			c := NewCommits("orders")
			for i, r := range in {
				c.Input(&in[i])
				if plant && i == ahead {
					c.Committed(r.Partition, r.Offset+1)
				}
				c.Done(r.Partition, r.Offset)
				if i%every == 0 {
					c.Committed(r.Partition, r.Offset+1)
					c.Done(r.Partition, r.Offset) // processed again after a restart
				}
			}
			c.Committed(in[0].Partition, in[0].Offset) // and going back is no harm
			return c.Result()
		}
		wantFindings(t, judge(false))
		wantFindings(t, judge(true), at(CommitAhead, in[ahead]))

		past := rapid.Int64Range(1, 100).Draw(t, "past the end")
		c := NewCommits("orders")
		ends := map[int32]int64{}
		for i, r := range in {
			c.Input(&in[i])
			c.Done(r.Partition, r.Offset)
			ends[r.Partition] = max(ends[r.Partition], r.Offset+1)
		}
		for p, end := range ends {
			c.End(p, end)
			c.Committed(p, end)
		}
		wantFindings(t, c.Result())
		p := in[ahead].Partition
		c.Committed(p, ends[p]+past)
		wantFindings(t, c.Result(), Finding{Kind: CommitPastEnd, Topic: "orders", Partition: p, Offset: ends[p] + past,
			Count: 1})
	})
}

func TestCommitsTellsWhatHappened(t *testing.T) {
	c := NewCommits("orders")
	for o := range int64(6) {
		c.Input(&record.Record{Partition: 1, Offset: 40 + o, Key: []byte("u7")})
	}
	c.At(5 * time.Millisecond)
	c.Committed(1, 41)
	c.At(8 * time.Millisecond)
	c.Done(1, 40)
	c.Done(1, 41)
	c.Committed(1, 45)
	c.Done(1, 43)
	var lines []string
	for _, f := range c.Result().Findings {
		lines = append(lines, f.String())
	}
	want := []string{
		"commit ahead: orders partition 1 offset 40 key u7: committed 41 before this record was finished; its line " +
			"came 3ms after the commit, and must be written before it",
		"commit ahead: orders partition 1 offset 42 key u7: committed 45, and this record was never processed nor " +
			"dead-lettered (and 2 more: 43, 44)",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The first six offsets are named, and more are told by dots.
func TestCommitsNamesTheFirst(t *testing.T) {
	for passed, want := range map[int64]string{6: "(and 5 more: 1, 2, 3, 4, 5)", 7: "(and 6 more: 1, 2, 3, 4, 5 …)"} {
		c := NewCommits("orders")
		for o := range passed {
			c.Input(&record.Record{Offset: o})
		}
		c.Committed(0, passed)
		if err := c.Result().Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d passed: got %v, want %s", passed, err, want)
		}
	}
}

func TestCommitsKnowsWhatCannotBeAhead(t *testing.T) {
	c := NewCommits("orders")
	c.Moved(0, 1_000_000_000) // an old group: what is below is not looked at
	c.Input(&record.Record{Offset: 999_999_999})
	c.Input(&record.Record{Offset: 1_000_000_000})
	c.Done(0, 1_000_000_000)
	c.Committed(0, 1_000_000_005) // the offsets between are transaction markers
	wantFindings(t, c.Result())
}

// Work on what is no record is found, but for work before the first record that is known.
func TestCommitsFindsWorkOnNothing(t *testing.T) {
	c := NewCommits("orders")
	for _, o := range []int64{3, 4, 6} {
		c.Input(&record.Record{Topic: "orders", Offset: o})
		c.Done(0, o)
	}
	c.Done(0, 2) // deleted
	c.SetAside(1, 9)
	c.Committed(0, 7)
	wantFindings(t, c.Result())
	c.Done(0, 5)
	c.Done(0, 7)
	c.Done(2, 0)
	ghost := func(partition int32, offset int64) Finding {
		return Finding{Kind: Unexpected, Topic: "orders", Partition: partition, Offset: offset, Count: 1}
	}
	wantFindings(t, c.Result(), ghost(0, 5), ghost(0, 7), ghost(2, 0))
}

func TestCommitsOfNothingIsInconclusive(t *testing.T) {
	c := NewCommits("orders")
	c.Input(&record.Record{Topic: "orders", Offset: 1})
	c.Done(0, 1)
	wantInconclusive(t, c.Result(), "nothing was judged: no commit was seen")
	c = NewCommits("orders")
	c.Committed(0, 7)
	wantInconclusive(t, c.Result(), "nothing was judged: no record was seen that a commit could pass")
}

func TestCommitsPastTheEnd(t *testing.T) {
	c := NewCommits("orders")
	for offset := range int64(3) {
		c.Input(&record.Record{Topic: "orders", Offset: offset})
		c.Done(0, offset)
	}
	c.End(0, 3)
	c.Committed(0, 3)
	wantFindings(t, c.Result())
	c.Committed(0, 9)
	wantFindings(t, c.Result(), Finding{Kind: CommitPastEnd, Topic: "orders", Offset: 9, Count: 1})
}

// An empty partition ends at 0, which a commit may stand at and not behind.
func TestCommitsPastTheEndOfNothing(t *testing.T) {
	c := NewCommits("orders")
	c.Input(&record.Record{Topic: "orders"})
	c.Done(0, 0)
	c.Committed(0, 1)
	c.End(1, 0)
	c.Committed(1, 0)
	wantFindings(t, c.Result())
	c.Committed(1, 5)
	wantFindings(t, c.Result(), Finding{Kind: CommitPastEnd, Topic: "orders", Partition: 1, Offset: 5, Count: 1})
}

func TestTheOnlyCommitIsPastTheEnd(t *testing.T) {
	c := NewCommits("orders")
	c.Input(&record.Record{Topic: "orders"})
	c.Done(0, 0)
	c.End(0, 1)
	c.Committed(0, 2)
	wantFindings(t, c.Result(), Finding{Kind: CommitPastEnd, Topic: "orders", Offset: 2, Count: 1})
}

// What was finished after a commit had passed it stays wrong; what may yet become a dead letter does not.
func TestCommitsLate(t *testing.T) {
	c := NewCommits("orders")
	c.Input(&record.Record{Topic: "orders"})
	c.Committed(0, 1)
	if _, stays := c.Result().Lasting(); stays {
		t.Error("got a finding that stays, want a record that was not finished yet to be waited for")
	}
	c.Done(0, 0)
	if _, stays := c.Result().Lasting(); !stays {
		t.Error("got none that stays, want the record to have been finished too late")
	}
}

// The line is not named as late where the dead letter was acknowledged before it: that finished the record.
func TestCommitsBeforeADeadLetterThatIsLogged(t *testing.T) {
	for _, acknowledged := range []bool{false, true} {
		c := NewCommits("orders")
		c.Input(&record.Record{Topic: "orders"})
		c.Committed(0, 1)
		c.At(time.Millisecond)
		if acknowledged {
			c.SetAside(0, 0)
		}
		c.At(3 * time.Millisecond)
		c.Done(0, 0)
		text := c.Result().Err().Error()
		if !strings.Contains(text, "committed 1 before this record was finished") ||
			strings.Contains(text, "; its line came 3ms after the commit") == acknowledged {
			t.Errorf("acknowledged %v: got %s, want it to name the line as late where nothing was", acknowledged, text)
		}
	}
}

func TestADeadLetterThatWasNotAcknowledgedIsNone(t *testing.T) {
	c := NewCommits("orders")
	c.Input(&record.Record{Topic: "orders", Offset: 0})
	c.Input(&record.Record{Topic: "orders", Offset: 1})
	c.Unsafe(0, 0)
	c.Unsafe(0, 1)
	c.SetAside(0, 1) // by another dead letter
	c.Committed(0, 2)
	r := c.Result()
	wantFindings(t, r, Finding{Kind: CommitAhead, Topic: "orders", Offset: 0, Count: 1})
	if text := r.Err().Error(); !strings.Contains(text, "the dead letter of this record was never acknowledged") {
		t.Errorf("got %s, want it to tell of the dead letter", text)
	}
}

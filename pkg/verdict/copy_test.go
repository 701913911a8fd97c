package verdict

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// In a random history exactly the planted faults are found.
func TestCopyFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawHistory(t, "orders", 2)
		out := in.copyTo("orders_copy", rapid.Int32Range(1, 4).Draw(t, "partitions"))
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "mix"), 1))
		i := rapid.IntRange(0, len(in)-1).Draw(t, "which")

		judge := func(out history) Result {
			c := NewCopy("orders", "orders_copy")
			mixed(random, in, out, c.Input, c.Output)
			return c.Result()
		}
		altered := slices.Clone(out)
		altered[i].Value = []byte("altered")
		bare := slices.Clone(out)
		bare[i].Headers = nil

		wantFindings(t, judge(out))
		wantFindings(t, judge(out.without(i)), at(LostWrite, in[i]))
		twice := out.appended(out[i])
		wantFindings(t, judge(twice), at(Duplicate, twice[len(twice)-1]))
		wantFindings(t, judge(altered), at(LostWrite, in[i]), at(Unexpected, altered[i]))
		wantFindings(t, judge(bare))
	})
}

// naiveCopy is the same judgement in the obvious way: maps of whole records.
func naiveCopy(in, out history) map[string]int {
	content := func(r record.Record) string {
		return fmt.Sprintf("%t%q%t%q", r.Key == nil, r.Key, r.Value == nil, r.Value)
	}
	counts := map[string][2]int{}
	for _, r := range in {
		c := counts[content(r)]
		counts[content(r)] = [2]int{c[0] + 1, c[1]}
	}
	for _, r := range out {
		c := counts[content(r)]
		counts[content(r)] = [2]int{c[0], c[1] + 1}
	}
	kinds := map[string]int{}
	for _, c := range counts {
		switch {
		case c[0] > c[1]:
			kinds[LostWrite] += c[0] - c[1]
		case c[0] == 0:
			kinds[Unexpected] += c[1]
		case c[1] > c[0]:
			kinds[Duplicate] += c[1] - c[0]
		}
	}
	return kinds
}

// Against the naive judge, on records that are often alike, null or empty.
func TestCopyAgreesWithTheNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SampledFrom([][]byte{nil, {}, []byte("a"), []byte("b"), []byte("ab")})
		draw := func(topic string) (h history) {
			next := map[int32]int64{}
			for range rapid.IntRange(0, 60).Draw(t, topic) {
				r := record.Record{Topic: topic, Partition: rapid.Int32Range(0, 2).Draw(t, "p"), Key: few.Draw(t, "key"),
					Value: few.Draw(t, "value")}
				r.Offset = next[r.Partition]
				next[r.Partition]++
				h = append(h, r)
			}
			return h
		}
		in, out := draw("orders"), draw("orders_copy")
		c := NewCopy("orders", "orders_copy")
		mixed(rand.New(rand.NewPCG(1, 2)), in, out, c.Input, c.Output)
		r := c.Result()

		got := map[string]int{}
		for _, f := range r.Findings {
			got[f.Kind]++
		}
		if diff := cmp.Diff(naiveCopy(in, out), got); diff != "" {
			t.Fatalf("(-naive +got):\n%s", diff)
		}
	})
}

func TestCopyOfNothingIsInconclusive(t *testing.T) {
	wantInconclusive(t, NewCopy("orders", "orders_copy").Result(), "nothing was judged: no record of orders was read")
}

func TestCopyIntoAnEmptyTopicLosesEverything(t *testing.T) {
	c := NewCopy("orders", "orders_copy")
	for i := range int64(3) {
		c.Input(&record.Record{Topic: "orders", Partition: 1, Offset: 40 + i, Key: []byte("u7"), Value: []byte{byte(i)}})
	}
	want := `copy of orders to orders_copy: got 3 × lost write, want none (3 looked at)
  lost write: orders partition 1 offset 40 key u7: in the log, not in orders_copy
  lost write: orders partition 1 offset 41 key u7: in the log, not in orders_copy
  lost write: orders partition 1 offset 42 key u7: in the log, not in orders_copy
  lost write: look for send errors nobody handles, offsets committed before the work was done, and acks other than all`
	if diff := cmp.Diff(want, c.Result().Err().Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCopySaysWhereEqualRecordsAre(t *testing.T) {
	c := NewCopy("orders", "orders_copy")
	r := record.Record{Partition: 0, Offset: 5, Key: []byte("u1"), Value: []byte("x")}
	c.Input(&r)
	c.Output(&r)
	r.Offset = 9
	c.Output(&r)
	want := "duplicate: orders_copy partition 0 offset 9 key u1: 2 times in orders_copy, 1 in orders; also at " +
		"orders_copy partition 0 offset 5"
	if got := c.Result().Err().Error(); !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

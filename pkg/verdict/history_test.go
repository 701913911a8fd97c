package verdict

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// history is a topic's records as they stand in its log, to plant faults in.
type history []record.Record

// drawHistory makes a log of records with distinct values and few keys.
// Offsets of a partition grow, with gaps now and then as transactions leave them.
func drawHistory(t *rapid.T, name string, atLeast int) history {
	partitions := rapid.Int32Range(1, 4).Draw(t, name+" partitions")
	next := make([]int64, partitions)
	for p := range next {
		next[p] = rapid.SampledFrom([]int64{0, 0, 7, 1 << 40}).Draw(t, "first offset")
	}
	seed := rapid.Uint64().Draw(t, name+" seed")
	random := rand.New(rand.NewPCG(seed, 1))
	var h history
	for i := range rapid.IntRange(atLeast, 200).Draw(t, name+" records") {
		key := fmt.Appendf(nil, "u%d", random.IntN(10))
		p := record.DefaultPartition(key, partitions)
		if random.IntN(20) == 0 {
			next[p]++
		}
		h = append(h, record.Record{Topic: name, Partition: p, Offset: next[p], Key: key,
			Value:   fmt.Appendf(nil, `{"seq": %d}`, i+1),
			Headers: []record.Header{{Key: "trace", Value: fmt.Appendf(nil, "t%d", i)}}})
		next[p]++
	}
	return h
}

// copyTo is the log of another topic with the same records, in the same order per key.
func (h history) copyTo(topic string, partitions int32) history {
	c := slices.Clone(h)
	next := make([]int64, partitions)
	for i := range c {
		c[i].Topic, c[i].Partition = topic, record.DefaultPartition(c[i].Key, partitions)
		c[i].Offset = next[c[i].Partition]
		next[c[i].Partition]++
	}
	return c
}

// appended adds r at the end of its partition's log.
func (h history) appended(r record.Record) history {
	r.Offset = 0
	for i := range h {
		if h[i].Partition == r.Partition {
			r.Offset = max(r.Offset, h[i].Offset+1)
		}
	}
	return append(slices.Clone(h), r)
}

func (h history) without(i int) history { return slices.Delete(slices.Clone(h), i, i+1) }

// mixed feeds both sides in a random interleaving that keeps each side's order.
func mixed(random *rand.Rand, in, out history, input, output func(*record.Record)) {
	for len(in)+len(out) > 0 {
		if random.IntN(len(in)+len(out)) < len(in) {
			input(&in[0])
			in = in[1:]
		} else {
			output(&out[0])
			out = out[1:]
		}
	}
}

// at is the finding of a kind at a record's place, without its detail.
func at(kind string, r record.Record) Finding {
	return Finding{Kind: kind, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Key: string(r.Key), Count: 1}
}

func bare(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		f.Detail, f.Stays = "", false // TestStaying looks at what stays
		out = append(out, f)
	}
	return out
}

// wantFindings fails unless the judge found exactly these, whatever their details.
func wantFindings(t interface {
	Helper()
	Fatalf(string, ...any)
}, r Result, want ...Finding) {
	t.Helper()
	outcome := Fail
	if len(want) == 0 {
		outcome = Pass
	}
	if diff := cmp.Diff(want, bare(r.Findings)); diff != "" || r.Outcome != outcome || r.Total != int64(len(want)) {
		t.Fatalf("got %s with %d findings, want %s with %d (-want +got):\n%s\n%v", r.Outcome, r.Total, outcome, len(want),
			diff, r.Err())
	}
	if (r.Err() == nil) != (outcome == Pass) {
		t.Fatalf("got error %v for %s", r.Err(), outcome)
	}
}

func wantInconclusive(t *testing.T, r Result, why string) {
	t.Helper()
	if r.Outcome != Inconclusive || r.Why != why {
		t.Errorf("got %s %q, want inconclusive %q", r.Outcome, r.Why, why)
	}
}

// behind is the next record behind i that is related to it, or -1.
func (h history) behind(i int, related func(a, b record.Record) bool) int {
	for j := i + 1; j < len(h); j++ {
		if related(h[i], h[j]) {
			return j
		}
	}
	return -1
}

// swapped exchanges what two records carry, leaving their places in the log.
func (h history) swapped(i, j int) history {
	s := slices.Clone(h)
	s[i].Key, s[j].Key = s[j].Key, s[i].Key
	s[i].Value, s[j].Value = s[j].Value, s[i].Value
	s[i].Headers, s[j].Headers = s[j].Headers, s[i].Headers
	return s
}

package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Every record of the wanted buckets comes in one group with all that are equal
// to it, ordered by side, partition and arrival, however many passes that takes.
func TestMatcherGroupsEqualRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHasher()
		sides := []*trail{{topic: "a"}, {topic: "b"}, {topic: "c"}}
		contents := rapid.SampledFrom([]int{1, 3, 100, 100_000}).Draw(t, "contents")
		want := map[uint64]int{} // records by 48 bits of their hash
		wanted := []int{}
		seen := map[int]bool{}
		for i := range rapid.IntRange(0, 400).Draw(t, "records") {
			content := rapid.IntRange(1, contents).Draw(t, "content")
			r := record.Record{Partition: rapid.Int32Range(-1, 3).Draw(t, "partition"), Offset: int64(i),
				Value: fmt.Append(nil, content)}
			hash := h.record(&r)
			rapid.SampledFrom(sides).Draw(t, "side").add(&r, hash)
			if bucket := int(hash >> (32 + bucketShift)); content%4 > 0 { // the others stay out, unless their bucket is in
				if !seen[bucket] {
					seen[bucket] = true
					wanted = append(wanted, bucket)
				}
			}
			want[hash>>16]++
		}
		for hash := range want {
			if !seen[int(hash>>(48-bucketBits))] {
				delete(want, hash)
			}
		}
		m := newMatcher(wanted, sides...)
		m.plan(wanted, rapid.Int64Range(1, 50).Draw(t, "per pass"))
		m.groups(func(group []entry) {
			if len(group) != want[group[0].hash] {
				t.Fatalf("got %d records alike, want %d", len(group), want[group[0].hash])
			}
			delete(want, group[0].hash)
			if !slices.IsSortedFunc(group, func(a, b entry) int { return cmp.Compare(a.place, b.place) }) {
				t.Fatalf("got %v, want an order by place", group)
			}
			for _, e := range group {
				if at := m.place(e); e.hash != group[0].hash || at.partition < -1 || at.offset < 0 {
					t.Fatalf("got %v in the group of %v", e, group[0])
				}
			}
		})
		if len(want) > 0 {
			t.Fatalf("got no group for %d of the records", len(want))
		}
	})
}

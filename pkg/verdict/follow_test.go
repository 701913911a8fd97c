package verdict

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// damaged draws a topic and what is left of it after losses, repetitions, alterations and exchanges, with content that
// is often alike.
func damaged(t *rapid.T, most int) (in, out []record.Record) {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	contents := rapid.SampledFrom([]int{2, 10, 1_000_000}).Draw(t, "contents")
	lose, other := rapid.IntRange(0, 60).Draw(t, "lost in a hundred"),
		rapid.SampledFrom([]int{0, 0, 1, 20}).Draw(t, "others in a hundred")
	next := map[int32]int64{}
	add := func(r record.Record) {
		r.Topic, r.Offset = "orders_copy", next[r.Partition]
		next[r.Partition]++
		out = append(out, r)
	}
	for i := range rapid.IntRange(0, most).Draw(t, "records") {
		r := record.Record{Topic: "orders", Partition: int32(i % 2), Offset: int64(i / 2), Key: []byte("u"),
			Value: fmt.Append(nil, random.IntN(contents))}
		in = append(in, r)
		if random.IntN(100) < lose || i/400%5 == 4 && lose > 30 { // the latter is more than is looked over
			continue
		}
		add(r)
		if random.IntN(100) < other {
			switch random.IntN(3) {
			case 0:
				add(r)
			case 1:
				out[len(out)-1].Value = []byte("altered")
			default:
				if n := len(out); n > 2 && out[n-1].Partition == out[n-3].Partition {
					out[n-1].Value, out[n-3].Value = out[n-3].Value, out[n-1].Value
				}
			}
		}
	}
	return in, out
}

// Whether an output follows its input or keeps all records for itself, the result is the same to the letter.
func TestCopyFindsTheSameWithoutFollowing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out := damaged(t, rapid.SampledFrom([]int{20, 500, 10_000}).Draw(t, "at most"))
		fed := rapid.IntRange(0, len(in)).Draw(t, "input fed before the output")
		judge := func(c *Copy) Result {
			for i := range in[:fed] {
				c.Input(&in[i])
			}
			for i := range out {
				c.Output(&out[i])
				if i == len(out)/2 {
					c.Result() // changes nothing
				}
			}
			for i := range in[fed:] {
				c.Input(&in[fed+i])
			}
			return c.Result()
		}
		plain := NewCopy("orders", "orders_copy")
		plain.out.follows = nil
		if diff := cmp.Diff(judge(plain), judge(NewCopy("orders", "orders_copy"))); diff != "" {
			t.Fatalf("(-without +with):\n%s", diff)
		}
	})
}

// A lane has each record where it was, while it follows and once it has parted.
func TestLaneFollowsAndParts(t *testing.T) {
	for _, same := range []int{0, 1, columnChunk - 1, columnChunk, 2*columnChunk + 5, 3 * columnChunk} {
		for _, others := range []int{0, 1, columnChunk + 1} {
			twin, l := &lane{}, &lane{}
			for i := range 3 * columnChunk {
				twin.add(uint32(i), uint16(i))
			}
			l.twin = twin
			var want []uint32
			for i := range same + others {
				high := uint32(i)
				if i >= same {
					high += 1 << 20
				}
				l.add(high, uint16(high))
				want = append(want, high)
			}
			var got []uint32
			l.stretches(func(index int, high []uint32, low []uint16) {
				if index != len(got) || len(high) != len(low) || high[0]&0xffff != uint32(low[0]) {
					t.Fatalf("got index %d with %d and %d values, want index %d", index, len(high), len(low), len(got))
				}
				got = append(got, high...)
			})
			if diff := cmp.Diff(want, got); diff != "" || l.len() != len(want) {
				t.Fatalf("%d and %d: got %d records (-want +got):\n%s", same, others, l.len(), diff)
			}
			if l.isTwin() != (same == 3*columnChunk && others == 0) || (l.twin != nil) != (others == 0) {
				t.Errorf("%d and %d: got twin %t", same, others, l.isTwin())
			}
		}
	}
}

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

// All records that are more on one side than on the other are among those that are looked at, with all that are equal
// to them, in however many passes.
func TestStraysHoldAllThatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out := damaged(t, 500)
		c := NewCopy("orders", "orders_copy")
		for i := range in {
			c.Input(&in[i])
		}
		for i := range out {
			c.Output(&out[i])
		}
		differ := c.in.unequal(&c.out)
		differing := func(m *matcher) map[uint64][]entry {
			groups := map[uint64][]entry{}
			m.groups(func(group []entry) {
				if in, out := cut(group, 0); len(in) != len(out) {
					groups[group[0].hash] = append([]entry{}, group...)
				}
			})
			return groups
		}
		some := newMatcher(differ, &c.in, &c.out)
		s := findStrays(&c.in, &c.out)
		if s == nil {
			t.Skip("too many to tell apart")
		}
		some.only(s, differ, rapid.IntRange(1, 50).Draw(t, "per pass"))
		all := differing(newMatcher(differ, &c.in, &c.out))
		if diff := cmp.Diff(all, differing(some), cmp.AllowUnexported(entry{})); diff != "" {
			t.Fatalf("(-all +strays):\n%s", diff)
		}
	})
}

// A lane that loses records, a whole batch of them too, and has repeated and other ones follows on, and has each record
// where it was, before and after it parts.
func TestLaneFollowsPastWhatDiffers(t *testing.T) {
	const n = 5 * columnChunk
	twin, l := &lane{}, &lane{}
	for i := range n {
		twin.add(uint32(i), uint16(i))
	}
	l.twin, l.gaps = twin, true
	var want []uint32
	add := func(i int) {
		l.add(uint32(i), uint16(i))
		want = append(want, uint32(i))
	}
	others, distinct := 0, map[uint32]bool{}
	for i := range n {
		if i%10 == 0 || i >= 5000 && i < 5000+reach/2 || i >= 9000 && i < 9000+10*reach {
			continue // lost
		}
		add(i)
		distinct[uint32(i)] = true
		switch {
		case i%10 == 1: // repeated at once
			add(i)
			others++
		case i == 12_345: // the last records again, as after a restart
			for before := i - 200; before <= i; before++ {
				if before%10 != 0 {
					add(before)
					others++
				}
			}
		case i == 15_555:
			add(n + 7)
			others++
		}
	}
	check := func() {
		t.Helper()
		var got []uint32
		l.stretches(func(index int, high []uint32, low []uint16) {
			if index != len(got) || len(high) != len(low) || high[0]&0xffff != uint32(low[0]) {
				t.Fatalf("got index %d, %d and %d values; want index %d, as many of both, of the same records", index, len(high),
					len(low), len(got))
			}
			got = append(got, high...)
		})
		if diff := cmp.Diff(want, got); diff != "" || l.len() != len(want) {
			t.Fatalf("got %d records (-want +got):\n%s", l.len(), diff)
		}
	}
	count := func(each func(func(int, []uint32, []uint16))) (n int) {
		each(func(_ int, high []uint32, _ []uint16) { n += len(high) })
		return n
	}
	if l.twin == nil || l.high.len() != others {
		t.Fatalf("got %d records of its own, want the %d that were added", l.high.len(), others)
	}
	if missing, additional := count(l.missing), count(l.additional); missing != n-len(distinct) || additional != others {
		t.Errorf("got %d missing and %d additional, want %d and %d", missing, additional, n-len(distinct), others)
	}
	check()
	for i := range n/4 + ownAtFirst { // too many others
		add(2*n + i)
	}
	if l.twin != nil {
		t.Error("got a lane that follows, want one that has parted")
	}
	check()
}

// A partition that has nothing in common with its source is not searched for long.
func TestLanePartsSoonFromAnotherOne(t *testing.T) {
	twin, l := &lane{}, &lane{}
	for i := range 10 * ownAtFirst {
		twin.add(uint32(i), 0)
	}
	l.twin, l.gaps = twin, true
	for i := range 2 * ownAtFirst {
		l.add(uint32(i), 1)
		if i > ownAtFirst && l.twin != nil {
			t.Fatalf("got a lane that follows after %d records of its own", i)
		}
	}
}

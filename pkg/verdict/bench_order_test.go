package verdict

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func BenchmarkSequence(b *testing.B) {
	const first = 1_000_000_000
	judge := func(n int64) func() Result {
		return func() Result {
			s := NewSequence("orders", "seq", first, first+n-1)
			stream(n, s.Observe)
			return s.Result()
		}
	}
	b.Run("10M from JSON", func(b *testing.B) { measure(b, many, 1, judge(many)) })
	b.Run("10M numbers", func(b *testing.B) {
		measure(b, many, 1, func() Result {
			s, n := NewSequence("orders", "seq", first, first+many-1), int64(first)
			stream(many, func(r *record.Record) {
				s.ObserveNumber(n, r)
				n++
			})
			return s.Result()
		})
	})
	b.Run("1M from JSON", func(b *testing.B) { measure(b, some, 1, judge(some)) })
	b.Run("1M naive", func(b *testing.B) {
		measure(b, some, 1, func() Result {
			seen, last := map[int64]int{}, map[int32]int64{}
			var c collector
			stream(some, func(r *record.Record) {
				var value struct {
					Seq int64 `json:"seq"`
				}
				if err := json.Unmarshal(r.Value, &value); err != nil || value.Seq < last[r.Partition] {
					c.add(Finding{Kind: Reordered}, "")
				}
				seen[value.Seq]++
				last[r.Partition] = value.Seq
			})
			for n := int64(first); n < first+some; n++ {
				if seen[n] != 1 {
					c.add(Finding{Kind: LostWrite}, "")
				}
			}
			return c.pronounce("naive", some, "")
		})
	})
}

func BenchmarkOrder(b *testing.B) {
	judge := func(n int64, disturb bool) func() Result {
		return func() Result {
			o := NewOrder("orders", "orders_copy")
			stream(n, o.Input)
			var held record.Record
			stream(n, func(r *record.Record) {
				if disturb && r.Partition == 3 && r.Offset == 77 { // one record is late
					held = record.Record{Partition: 3, Key: slices.Clone(r.Key), Value: slices.Clone(r.Value)}
					return
				}
				o.Output(r)
			})
			if disturb {
				o.Output(&held)
			}
			return o.Result()
		}
	}
	b.Run("10M clean", func(b *testing.B) { measure(b, many, 2, judge(many, false)) })
	b.Run("10M one late", func(b *testing.B) { measure(b, many, 2, judge(many, true)) })
	b.Run("1M one late", func(b *testing.B) { measure(b, some, 2, judge(some, true)) })
	b.Run("1M naive", func(b *testing.B) {
		measure(b, some, 2, func() Result {
			from, latest := map[string]int64{}, map[string]int64{}
			var n int64
			stream(some, func(r *record.Record) { n++; from[string(r.Key)+"|"+string(r.Value)] = n })
			var c collector
			stream(some, func(r *record.Record) {
				origin := from[string(r.Key)+"|"+string(r.Value)]
				if origin < latest[string(r.Key)] {
					c.add(Finding{Kind: Reordered}, "")
				}
				latest[string(r.Key)] = origin
			})
			return c.pronounce("naive", 2*some, "")
		})
	})
}

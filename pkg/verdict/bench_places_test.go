package verdict

import (
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// The judges that go by place rather than by content, at full size.

func BenchmarkSplit(b *testing.B) {
	measure(b, many, 2, func() Result {
		s := NewSplit("orders")
		stream(many, s.Input)
		stream(many, func(r *record.Record) {
			if r.Offset%100 == 7 {
				s.DeadLettered(r.Partition, r.Offset)
			} else {
				s.Processed(r.Partition, r.Offset)
			}
		})
		return s.Result()
	})
}

func BenchmarkCommits(b *testing.B) {
	measure(b, many, 2, func() Result {
		c := NewCommits("orders")
		stream(many, func(r *record.Record) {
			c.Done(r.Partition, r.Offset)
			if r.Offset%500 == 499 {
				c.Committed(r.Partition, r.Offset+1)
			}
		})
		stream(many, c.Input)
		return c.Result()
	})
}

func BenchmarkPlacement(b *testing.B) {
	measure(b, many, 1, func() Result {
		p := NewPlacement("orders", 12)
		stream(many, p.Observe) // a million keys, nearly every record on the wrong partition
		return p.Result()
	})
}

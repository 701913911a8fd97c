package joiner

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// BenchmarkMemory joins 5M events of 10,000 users, one in five a user's, and reports what the state holds after the
// first million and after the last: users, the versions within history and the payments within wait, whatever has gone
// by.
func BenchmarkMemory(b *testing.B) {
	const events = 5_000_000
	for b.Loop() {
		set := &settings{wait: 10_000, history: 60_000, buffer: 100_000}
		policy := set.defaultPolicy()
		p := newPartition(set, &policy)
		out := &counts{}
		p.out = out
		random := rand.New(rand.NewPCG(1, 1))
		var first, last float64
		for i := range events {
			r := &kgo.Record{Key: fmt.Appendf(nil, "user-%d", random.IntN(10_000)), Offset: int64(i),
				Timestamp: time.UnixMilli(int64(i)*10 - random.Int64N(5000))}
			switch {
			case i%50 == 0: // a removal
				p.addUser(r)
			case i%5 == 0:
				r.Value = fmt.Appendf(nil, `{"name":"somebody","version":%d}`, i)
				p.addUser(r)
			default:
				r.Value = fmt.Appendf(nil, `{"payment_id":%d}`, i)
				p.addPayment(r)
			}
			if i%2000 == 0 {
				p.changes()
			}
			if i == events/5 {
				first = heapMB()
			}
		}
		last = heapMB()
		b.ReportMetric(first, "MB-after-1M")
		b.ReportMetric(last, "MB-after-5M")
		b.ReportMetric(float64(len(p.waiting)), "waiting")
		b.ReportMetric(float64(len(p.users)), "users")
		if last > 1.5*first+1 || out.results < events/2 {
			b.Errorf("got %.1f MB after 5M events and %.1f MB after 1M, with %d results, want memory not to grow", last, first,
				out.results)
		}
		runtime.KeepAlive(p)
	}
}

// counts is an Emitter that keeps nothing.
type counts struct{ results int }

func (*counts) Record() (*kgo.Record, []byte) { return &kgo.Record{}, nil }
func (c *counts) Emit(*kgo.Record)            { c.results++ }
func (*counts) Changelog(_, _ []byte)         {}

func heapMB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

package verdict

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/cputime"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Sizes of the benchmarks: judges at full size, and beside the obvious judge
// made of maps at a size that one can hold.
const (
	many = 10_000_000
	some = 1_000_000
)

// stream calls see with n records of 100 bytes, 500 at a time from each of 12
// partitions as a consumer gets them. The record is reused: judges keep none.
func stream(n int64, see func(r *record.Record)) {
	const batch, partitions = 500, 12
	key := []byte("user-00000000")
	value := []byte(`{"seq":0000000000,"user":"user-00000000","amount":12.50,"note":"just to make up one hundred bytes"}`)
	r := record.Record{Topic: "orders", Key: key, Value: value}
	var seq int64
	for round := int64(0); seq < n; round++ {
		for p := int32(0); p < partitions && seq < n; p++ {
			for i := int64(0); i < batch && seq < n; i++ {
				digits(value[7:17], seq+1_000_000_000) // a JSON number has no leading zeros
				digits(key[5:], seq*7919%1_000_000)
				r.Partition, r.Offset = p, round*batch+i
				see(&r)
				seq++
			}
		}
	}
}

func digits(to []byte, n int64) {
	for i := len(to) - 1; i >= 0; i-- {
		to[i] = byte('0' + n%10)
		n /= 10
	}
}

// measure runs judge and reports its processor time, without that of making the
// records, and the peak of the heap above what was there before.
func measure(b *testing.B, n int64, streams int, judge func() Result) {
	made := cpu(func() {
		for range streams {
			stream(n, func(r *record.Record) { sink += r.Offset })
		}
	})
	var seconds, peak float64
	for b.Loop() {
		runtime.GC()
		stop := sampleHeap()
		var result Result
		seconds += cpu(func() { result = judge() }) - made
		peak = max(peak, stop())
		if result.Judged == 0 {
			b.Fatal("nothing was judged")
		}
	}
	b.ReportMetric(seconds/float64(b.N), "cpu-s/op")
	b.ReportMetric(peak/(1<<20), "peak-MiB")
	b.ReportMetric(0, "ns/op")
}

var sink int64

func cpu(run func()) float64 {
	before := cputime.Own()
	run()
	return (cputime.Own() - before).Seconds()
}

// sampleHeap watches the heap, garbage included, until the returned func is called.
func sampleHeap() func() float64 {
	read := func() float64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return float64(s[0].Value.Uint64())
	}
	before, peak := read(), 0.0
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, read())
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return func() float64 {
		close(done)
		watcher.Wait()
		return max(peak, read()) - before
	}
}

func BenchmarkCopy(b *testing.B) {
	judge := func(n int64, lose int64) func() Result {
		return func() Result {
			c := NewCopy("orders", "orders_copy")
			stream(n, c.Input)
			stream(n, func(r *record.Record) {
				if lose == 0 || binary.BigEndian.Uint64(r.Value[9:]) != uint64(lose) {
					c.Output(r)
				}
			})
			return c.Result()
		}
	}
	// damaged is a copy in which all buckets differ; damage calls see as often as the record is to be there.
	damaged := func(damage func(r *record.Record, see func(*record.Record))) func() Result {
		return func() Result {
			c := NewCopy("orders", "orders_copy")
			stream(many, c.Input)
			var next [12]int64
			stream(many, func(r *record.Record) {
				damage(r, func(r *record.Record) {
					r.Offset = next[r.Partition]
					next[r.Partition]++
					c.Output(r)
				})
			})
			return c.Result()
		}
	}
	ten := func() Result { // every tenth record is lost; offsets jump there, as those of a compacted topic
		c := NewCopy("orders", "orders_copy")
		stream(many, c.Input)
		stream(many, func(r *record.Record) {
			if r.Offset%10 != 0 {
				c.Output(r)
			}
		})
		return c.Result()
	}
	batches := damaged(func(r *record.Record, see func(*record.Record)) {
		if r.Offset/500%10 != 0 {
			see(r)
		}
	})
	repeated := damaged(func(r *record.Record, see func(*record.Record)) {
		again := r.Offset%10 == 0
		see(r)
		if again {
			see(r)
		}
	})
	var batch []record.Record
	// every tenth batch comes again, as after a restart
	replayed := damaged(func(r *record.Record, see func(*record.Record)) {
		if r.Offset/500%10 == 0 {
			batch = append(batch, record.Record{Partition: r.Partition, Key: slices.Clone(r.Key), Value: slices.Clone(r.Value)})
		}
		see(r)
		if len(batch) == 500 {
			for i := range batch {
				see(&batch[i])
			}
			batch = batch[:0]
		}
	})
	altered := damaged(func(r *record.Record, see func(*record.Record)) {
		if r.Offset%10 == 0 {
			r.Value[0] = '['
			defer func() { r.Value[0] = '{' }()
		}
		see(r)
	})
	moved := damaged(func(r *record.Record, see func(*record.Record)) { // to other partitions, and a tenth lost
		r.Partition = (r.Partition + 5) % 12
		if r.Offset%10 != 0 {
			see(r)
		}
	})
	lost := int64(binary.BigEndian.Uint64([]byte("00777777"))) // the last digits of one seq
	b.Run("10M clean", func(b *testing.B) { measure(b, many, 2, judge(many, 0)) })
	b.Run("10M one lost", func(b *testing.B) { measure(b, many, 2, judge(many, lost)) })
	b.Run("10M a tenth lost", func(b *testing.B) { measure(b, many, 2, ten) })
	b.Run("10M a tenth lost in batches", func(b *testing.B) { measure(b, many, 2, batches) })
	b.Run("10M a tenth repeated", func(b *testing.B) { measure(b, many, 2, repeated) })
	b.Run("10M a tenth repeated in batches", func(b *testing.B) { measure(b, many, 2, replayed) })
	b.Run("10M a tenth altered", func(b *testing.B) { measure(b, many, 2, altered) })
	b.Run("10M a tenth lost, on other partitions", func(b *testing.B) { measure(b, many, 2, moved) })
	b.Run("1M one lost", func(b *testing.B) { measure(b, some, 2, judge(some, lost)) })
	b.Run("1M naive", func(b *testing.B) {
		measure(b, some, 2, func() Result {
			counts := map[string]int{}
			stream(some, func(r *record.Record) { counts[fmt.Sprintf("%s|%s", r.Key, r.Value)]++ })
			stream(some, func(r *record.Record) { counts[fmt.Sprintf("%s|%s", r.Key, r.Value)]-- })
			var c collector
			for text, n := range counts {
				if n != 0 {
					c.add(Finding{Kind: LostWrite, Key: text}, "")
				}
			}
			return c.pronounce("naive", 2*some, "")
		})
	})
}

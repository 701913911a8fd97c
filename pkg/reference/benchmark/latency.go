package benchmark

import (
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The histogram tells latencies of a microsecond to an hour apart to three digits, in 200 KiB, however many there are.
const (
	lowest  = int64(time.Microsecond)
	highest = int64(time.Hour)
)

// Percentiles are latencies of a time span, each exact to three digits.
type Percentiles struct {
	P50  time.Duration `json:"p50_ns"`
	P90  time.Duration `json:"p90_ns"`
	P99  time.Duration `json:"p99_ns"`
	P999 time.Duration `json:"p99_9_ns"`
	Max  time.Duration `json:"max_ns"`
}

// Point is what happened from one time to the next.
type Point struct {
	At     time.Duration `json:"at_ns"` // its end, since the first timed event was received
	Events int64         `json:"events"`
	Percentiles
}

// latencies records how long events took: of the whole run, and of each interval of it. Each latency is recorded once,
// in the interval's histogram, which is added to the whole one at its end.
type latencies struct {
	interval time.Duration
	ended    func(Point) // called under the lock at the end of each interval

	mu      sync.Mutex
	whole   *hdrhistogram.Histogram
	current *hdrhistogram.Histogram
	began   int64 // of the current interval; 0 before the first event
	first   int64
	late    int64 // over an hour, recorded as one
	early   int64 // below zero, recorded as nothing: clocks differ
}

func newLatencies(interval time.Duration, ended func(Point)) *latencies {
	return &latencies{interval: interval, ended: ended, whole: hdrhistogram.New(lowest, highest, 3),
		current: hdrhistogram.New(lowest, highest, 3)}
}

// batch opens the recorder for events that were all received now; the returned function ends it.
func (l *latencies) batch(now int64) (done func()) {
	l.mu.Lock()
	if l.began == 0 {
		l.began, l.first = now, now
	}
	if now-l.began >= int64(l.interval) {
		l.rotate(now)
	}
	return l.mu.Unlock
}

// record takes one latency; a batch must be open.
func (l *latencies) record(latency int64) {
	switch {
	case latency > highest:
		l.late++
		latency = highest
	case latency < 0:
		l.early++
		latency = 0
	}
	_ = l.current.RecordValue(latency) // it is within the bounds
}

// rotate ends the interval at a time.
func (l *latencies) rotate(now int64) {
	if n := l.current.TotalCount(); n > 0 {
		l.ended(Point{time.Duration(now - l.first), n, percentiles(l.current)})
		l.whole.Merge(l.current)
		l.current.Reset()
	}
	l.began = now
}

// end closes the last interval.
func (l *latencies) end(now int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rotate(now)
}

// encode writes a histogram in HdrHistogram's compressed form, V2, which holds each count.
func encode(h *hdrhistogram.Histogram) ([]byte, error) {
	return h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
}

// AddHistograms adds histograms as Received has them, count by count, and tells the percentiles of the sum.
func AddHistograms(encoded ...[]byte) (sum []byte, of Percentiles, err error) {
	all := hdrhistogram.New(lowest, highest, 3)
	for _, one := range encoded {
		h, err := hdrhistogram.Decode(one)
		if err != nil {
			return nil, Percentiles{}, fmt.Errorf("read a histogram: %w", err)
		}
		if dropped := all.Merge(h); dropped > 0 {
			return nil, Percentiles{}, fmt.Errorf("got a histogram with %d latencies beyond an hour", dropped)
		}
	}
	sum, err = encode(all)
	return sum, percentiles(all), err
}

func percentiles(h *hdrhistogram.Histogram) Percentiles {
	at := h.ValueAtPercentilesSlice([]float64{50, 90, 99, 99.9, 100})
	rounded := func(i int) time.Duration { return time.Duration(min(at[i], highest)).Round(time.Microsecond) }
	return Percentiles{rounded(0), rounded(1), rounded(2), rounded(3), rounded(4)}
}

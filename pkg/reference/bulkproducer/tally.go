package bulkproducer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// progressEach is how many acknowledged events make a progress line in any case, so that a fast run shows some.
const progressEach = 100_000

// namedUnknown is how many events of unknown outcome are logged one by one.
const namedUnknown = 100

// tally counts outcomes. A send has three: acknowledged, refused (it will never be in the log), and unknown (the client
// gave up before it heard; the event may be in the log or not). Only the first counts for the rate.
type tally struct {
	log   *slog.Logger
	start time.Time

	acknowledged atomic.Int64
	refused      atomic.Int64
	unknown      atomic.Int64
	partitions   []atomic.Int64 // acknowledged events of each

	mu    sync.Mutex // keeps progress lines in order
	first error      // the first refusal
}

func newTally(log *slog.Logger) *tally { return &tally{log: log} }

func (t *tally) begin(partitions int32) {
	t.partitions = make([]atomic.Int64, partitions)
	t.start = time.Now()
}

// promise is called by the client once for each event.
func (t *tally) promise(failed func(*kgo.Record, error)) func(*kgo.Record, error) {
	return func(event *kgo.Record, err error) {
		if err != nil {
			failed(event, err)
			return
		}
		if int(event.Partition) < len(t.partitions) { // a topic may grow while we send
			t.partitions[event.Partition].Add(1)
		}
		if t.acknowledged.Add(1)%progressEach == 0 {
			t.progress()
		}
	}
}

// failed takes note of an event that was not acknowledged.
func (t *tally) failed(event *kgo.Record, err error) {
	for _, lost := range []error{context.Canceled, context.DeadlineExceeded, kgo.ErrClientClosed, kgo.ErrRecordTimeout,
		kgo.ErrRecordRetries} {
		if errors.Is(err, lost) {
			if t.unknown.Add(1) > namedUnknown {
				return // a whole buffer of them, usually
			}
			t.log.Warn("unknown", "key", string(event.Key), "seq", number(event), "error", err)
			return
		}
	}
	t.refused.Add(1)
	t.log.Error("refused", "key", string(event.Key), "seq", number(event), "error", err)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first == nil {
		t.first = err
	}
}

func (t *tally) progress() {
	t.mu.Lock()
	defer t.mu.Unlock()
	acknowledged, _, rate := t.speed()
	t.log.Info("progress", "acknowledged", acknowledged, "rate", rate)
}

// speed returns the acknowledged events, the seconds since the start and the events per second.
func (t *tally) speed() (acknowledged int64, seconds float64, rate int64) {
	acknowledged, seconds = t.acknowledged.Load(), time.Since(t.start).Seconds()
	return acknowledged, seconds, int64(float64(acknowledged) / max(seconds, 1e-9))
}

// every logs progress at an interval, until the function it returns is called.
func (t *tally) every(interval time.Duration) (stop func()) {
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				t.progress()
			case <-ended:
				return
			}
		}
	}()
	return func() { close(ended); <-gone }
}

// end writes the last line, and says by its error whether each event was acknowledged. Being told to stop is no
// error, but then there is no line msg=done.
func (t *tally) end(sent, wanted int64) error {
	acknowledged, seconds, rate := t.speed()
	least, most := t.spread()
	refused, unknown := t.refused.Load(), t.unknown.Load()
	kind := "done"
	if sent < wanted {
		kind = "interrupted"
	}
	t.log.Info(kind, "acknowledged", acknowledged, "refused", refused, "unknown", unknown, "seconds",
		fmt.Sprintf("%.3f", seconds),
		"rate", rate, "partitions", len(t.partitions), "min", least, "max", most)
	switch {
	case refused > 0:
		return fmt.Errorf("%d of %d events were refused, the first with %w; see the lines msg=refused", refused, wanted,
			t.first)
	case unknown > 0 && sent == wanted:
		return fmt.Errorf("the fate of %d of %d events is unknown; see the lines msg=unknown", unknown, wanted)
	}
	return nil
}

// spread returns the smallest and the largest number of acknowledged events on a partition.
func (t *tally) spread() (least, most int64) {
	for i := range t.partitions {
		n := t.partitions[i].Load()
		if i == 0 {
			least, most = n, n
		}
		least, most = min(least, n), max(most, n)
	}
	return least, most
}

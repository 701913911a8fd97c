package bulkproducer

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
)

// progressEach is how many acknowledged events make a progress line in any case, so that a fast run shows some.
const progressEach = 100_000

// namedUnknown is how many events of unknown outcome are logged one by one.
const namedUnknown = 100

// tally counts outcomes: acknowledged, refused (it will never be in the log), and unknown (the client gave up before it
// heard; the event may be in the log or not). Only the first counts for the rate.
type tally struct {
	log   *slog.Logger
	start time.Time

	acknowledged, refused, unknown atomic.Int64
	partitions                     []atomic.Int64 // acknowledged events of each

	mu    sync.Mutex // keeps progress lines in order
	first error      // the first refusal
}

func (t *tally) begin(partitions int32) {
	t.partitions = make([]atomic.Int64, partitions)
	t.start = time.Now()
}

// promise is called by the client once for each event.
func (t *tally) promise(event *kgo.Record, err error) {
	if err != nil {
		t.failed(event, err)
		return
	}
	if int(event.Partition) < len(t.partitions) { // a topic may grow while we send
		t.partitions[event.Partition].Add(1)
	}
	if t.acknowledged.Add(1)%progressEach == 0 {
		t.progress()
	}
}

// failed takes note of an event that was not acknowledged.
func (t *tally) failed(event *kgo.Record, err error) {
	if produce.Unknown(err) {
		if t.unknown.Add(1) <= namedUnknown { // a whole buffer of them, usually
			t.log.Warn("unknown", "key", string(event.Key), "seq", number(event), "error", err)
		}
		return
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

// end writes the last line, and says by its error whether each event was acknowledged. Being told to stop is no
// error, but then there is no line msg=done.
func (t *tally) end(sent, wanted int64) error {
	acknowledged, seconds, rate := t.speed()
	counts := make([]int64, len(t.partitions)) // a topic has at least one
	for i := range counts {
		counts[i] = t.partitions[i].Load()
	}
	refused, unknown := t.refused.Load(), t.unknown.Load()
	kind := "done"
	if sent < wanted {
		kind = "interrupted"
	}
	t.log.Info(kind, "acknowledged", acknowledged, "refused", refused, "unknown", unknown,
		"seconds", fmt.Sprintf("%.3f", seconds), "rate", rate, "partitions", len(counts),
		"min", slices.Min(counts), "max", slices.Max(counts))
	switch {
	case refused > 0:
		return fmt.Errorf("%d of %d events were refused, the first with %w; see the lines msg=refused", refused, wanted,
			t.first)
	case unknown > 0 && sent == wanted:
		return fmt.Errorf("the fate of %d of %d events is unknown; see the lines msg=unknown", unknown, wanted)
	}
	return nil
}

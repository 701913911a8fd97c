package benchmark

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// largest keeps how many events the largest batch had.
type largest struct {
	mu     sync.Mutex
	events int
}

func (l *largest) OnProduceBatchWritten(_ kgo.BrokerMetadata, _ string, _ int32, m kgo.ProduceBatchMetrics) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = max(l.events, m.NumRecords)
}

// most is read while the client may still tell of its last batch: it does so after what the batch was is known.
func (l *largest) most() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.events
}

// A batch is as large as it was set, as what is written shows; the least size that is taken holds one event.
func TestBatchesAreOfTheSizeThatWasSet(t *testing.T) {
	for _, c := range []struct{ batch, least, most int }{{1000 + batchOverhead, 1, 1}, {8 << 10, 2, 8},
		{DefaultBatch(1000), 9, 262}} {
		l := lab.New(t)
		l.Topic(t, "events", 1)
		written := &largest{}
		base := []kgo.Opt{kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.WithHooks(written)}
		load := Load{Topic: "events", Events: 2000, Size: 1000, Codec: "none", Acks: "all", Producers: 1,
			Linger: 10 * time.Millisecond, Batch: c.batch, Buffer: DefaultBuffer, Progress: time.Second}
		if err := load.Check(); err != nil {
			t.Fatal(err)
		}
		sent, err := Produce(t.Context(), base, load, func(int64) {})
		if err == nil {
			err = sent.Err()
		}
		if err != nil || sent.Acknowledged != load.Events || sent.Batch != c.batch {
			t.Fatalf("got %d acknowledged in batches of %d (%v), want %d in batches of %d", sent.Acknowledged, sent.Batch, err,
				load.Events, c.batch)
		}
		if got := written.most(); got < c.least || got > c.most {
			t.Errorf("got up to %d events in a batch of %d bytes, want %d to %d", got, c.batch, c.least, c.most)
		}
	}
}

// A size that was chosen is refused where the topic does not take it; the usual one becomes what the topic takes, and
// that is said.
func TestBatchesAreMadeForTheTopic(t *testing.T) {
	l := lab.New(t)
	l.Topic(t, "events", 1, "max.message.bytes", "20000")
	base := []kgo.Opt{kgo.SeedBrokers(l.Fake.ListenAddrs()...)}
	load := Load{Topic: "events", Events: 1000, Size: 100, Codec: "none", Acks: "all", Producers: 2,
		Batch: DefaultBatch(100), Buffer: DefaultBuffer, Progress: time.Second}
	sent, err := Produce(t.Context(), base, load, func(int64) {})
	if err != nil || sent.Acknowledged != load.Events || sent.Batch != 20_000 {
		t.Errorf("got %d acknowledged in batches of %d (%v), want %d in batches of 20000", sent.Acknowledged, sent.Batch, err,
			load.Events)
	}
	load.Batch = 20_001
	_, err = Produce(t.Context(), base, load, func(int64) {})
	want := `got batch-size 20001, want at most the 20000 bytes that topic "events" takes; set a smaller one, or let the topic take more by max.message.bytes, which a new topic has from the brokers' message.max.bytes`
	var limit *LimitError
	if !errors.As(err, &limit) || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

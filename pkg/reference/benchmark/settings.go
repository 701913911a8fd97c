package benchmark

import (
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// Load is what is sent. The settings of bench-producer have the names in its tags.
type Load struct {
	Topic  string  `json:"-"`                                 // physical
	Events int64   `json:"events" setting:"events=1_000_000"` // of all producers, warm-up included
	Size   int     `json:"size" setting:"record-size=100B"`   // bytes of a value
	Rate   float64 `json:"rate" setting:"rate=0"`             // events a second of all producers; 0: full speed
	Codec  string  `json:"codec" setting:"compression=none"`  // none, gzip, snappy, lz4 or zstd
	Acks   string  `json:"acks" setting:"acks=all"`           // all (with idempotence), leader or none
	// Producers are clients that send.
	Producers int `json:"producers" setting:"producers=1"`
	// WarmUp is how many of the first events are neither timed nor part of a rate.
	WarmUp int64         `json:"warm_up" setting:"warm-up=0"`
	Linger time.Duration `json:"linger_ns"` // setting linger; DefaultLinger
	// Batch is how many bytes a batch has at most, before it is compressed; Sent says what became of it.
	Batch int `json:"batch_bytes"` // setting batch-size; DefaultBatch
	// Buffer is how many events a client holds at most; it blocks when there are more.
	Buffer   int           `json:"buffer" setting:"buffer=20_000"`
	Progress time.Duration `json:"-" setting:"progress-every=1s"` // interval of progress
	Share    Share         `json:"share,omitzero"`                // what this process sends of it
	Begin    time.Time     `json:"begin,omitzero"`                // when the first event is due; zero: at once
}

// Intake is how events are received. The settings of bench-consumer have the names in its tags.
type Intake struct {
	Topic     string        `json:"-"`
	Events    int64         `json:"-" setting:"events=1_000_000"` // as the load has it
	WarmUp    int64         `json:"-" setting:"warm-up=0"`
	Producers int           `json:"-" setting:"producers=1"`
	Consumers int           `json:"consumers" setting:"consumers=1"`    // clients that share the partitions
	Patience  time.Duration `json:"patience_ns" setting:"patience=30s"` // gives up when nothing has come for so long
	Untimed   bool          `json:"untimed"`                            // no latencies are recorded
	Progress  time.Duration `json:"-" setting:"progress-every=1s"`      // interval of percentiles
	Share     Share         `json:"-"`                                  // as the load has it
	Begin     time.Time     `json:"-"`                                  // as the load has it
}

var acknowledgements = map[string][]kgo.Opt{
	"all": {kgo.RequiredAcks(kgo.AllISRAcks())}, // idempotence is on unless switched off, and needs this
	"leader": {kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite(),
		kgo.MaxProduceRequestsInflightPerBroker(1)},
	"none": {kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(1)},
}

// Defaults that other packages need.
const (
	DefaultBuffer   = 20_000 // events; the client's default of 50,000 outgrows the processor's cache
	DefaultPatience = 30 * time.Second
)

// DefaultLinger is how long a client waits for more to send along: at a fixed rate not at all, since that would be
// measured.
func DefaultLinger(rate float64) time.Duration {
	if rate > 0 {
		return 0
	}
	return 10 * time.Millisecond
}

// BatchBytes is how large a batch of small events becomes, where nothing else is set. Batches of the client's usual 1
// MB are in no cache by the time they are sent, which cost a third more processor time at 1 KiB an event; the cluster
// has no more work with these.
const BatchBytes = 256 << 10

const (
	// batchOverhead is more than a batch with one event needs beside its value: 65 bytes of the batch and the request
	// around it, and 15 of the record.
	batchOverhead = 80
	// leastBatch is what the client takes.
	leastBatch = 512
	mostSize   = 100 << 20
	mostBatch  = mostSize + 1024
)

// DefaultBatch is how many bytes a batch holds at most: BatchBytes, or what some events of a size need, if that is
// more.
func DefaultBatch(size int) int { return max(BatchBytes, min(4*size+1024, mostBatch)) }

func readLoad(env app.Env) (Load, error) {
	var load Load
	env.Settings.Read(&load)
	load.Linger = env.Settings.Duration("linger", DefaultLinger(load.Rate))
	load.Batch = int(env.Settings.Size("batch-size", int64(DefaultBatch(load.Size))))
	if err := env.Settings.Err(); err != nil {
		return load, err
	}
	if len(env.Outputs) != 1 {
		return load, fmt.Errorf("got %d output topics, want the one to write; declare the application as writing it",
			len(env.Outputs))
	}
	load.Topic = env.Outputs[0]
	return load, load.Check()
}

func readIntake(env app.Env) (Intake, error) {
	var in Intake
	env.Settings.Read(&in)
	if err := env.Settings.Err(); err != nil {
		return in, err
	}
	if len(env.Inputs) != 1 {
		return in, fmt.Errorf("got %d input topics, want the one to read; declare the application as reading it",
			len(env.Inputs))
	}
	if env.Group != "" {
		return in, errors.New("got a group, want none: the application reads all partitions from their start, as a " +
			"rebalance would be measured as latency; declare it without a group")
	}
	in.Topic = env.Inputs[0]
	return in, in.Check()
}

// Check says what cannot be sent.
func (l Load) Check() error {
	_, codec := access.Codecs[l.Codec]
	_, acks := acknowledgements[l.Acks]
	switch {
	case !codec:
		return fmt.Errorf("got compression %q, want none, gzip, snappy, lz4 or zstd", l.Codec)
	case !acks:
		return fmt.Errorf("got acks %q, want all, leader or none", l.Acks)
	case l.Rate < 0:
		return fmt.Errorf("got rate %v, want events a second, or 0 for full speed", l.Rate)
	case l.Buffer < 1 || l.Progress <= 0:
		return fmt.Errorf("got buffer %d and progress-every %s, want both above zero", l.Buffer, l.Progress)
	}
	if err := counts(l.Events, l.WarmUp, l.Producers, l.Share); err != nil {
		return err
	}
	if least := smallest(l.Events); l.Size < least || l.Size > mostSize {
		return fmt.Errorf("got record-size %d, want at least %d bytes, for the time and the number, and at most 100MiB",
			l.Size, least)
	}
	if least := max(l.Size+batchOverhead, leastBatch); l.Batch < least || l.Batch > mostBatch {
		return fmt.Errorf("got batch-size %d, want at least %d bytes, for one event of %d, and at most %d; leave it out "+
			"for the usual %d", l.Batch, least, l.Size, mostBatch, DefaultBatch(l.Size))
	}
	return nil
}

// Check says what cannot be received.
func (i Intake) Check() error {
	if i.Consumers < 1 || i.Patience <= 0 || i.Progress <= 0 {
		return fmt.Errorf("got consumers %d, patience %s and progress-every %s, want all above zero", i.Consumers, i.Patience,
			i.Progress)
	}
	return counts(i.Events, i.WarmUp, i.Producers, i.Share)
}

func counts(events, warmUp int64, producers int, share Share) error {
	switch {
	case events < 1 || events > 1<<33:
		return fmt.Errorf("got %d events, want 1 to 2^33", events)
	case warmUp < 0 || warmUp >= events:
		return fmt.Errorf("got a warm-up of %d events, want fewer than the %d there are", warmUp, events)
	case producers < 1 || producers > 1000:
		return fmt.Errorf("got %d producers, want 1 to 1000", producers)
	}
	return share.check(events-warmUp, producers)
}

package benchmark

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/slab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// SendPlan is what a producer decides; Produce carries it out.
type SendPlan struct {
	Load
	// Pace says when events are due; it is not asked at full speed. Each client has one of its own.
	Pace func(start int64, rate float64) Pace
	// Around puts another client around each.
	Around produce.Around
}

func sendPlan(load Load) SendPlan {
	return SendPlan{Load: load, Pace: func(start int64, rate float64) Pace { return schedule{start, rate} }}
}

// Sent is what became of a load. Only what the cluster acknowledged counts into the rate, and only after the warm-up.
type Sent struct {
	Acknowledged int64         `json:"acknowledged"`
	Refused      int64         `json:"refused"` // never in the log
	Unknown      int64         `json:"unknown"` // the client gave up before it heard
	Seconds      float64       `json:"seconds"` // from the last acknowledgement of the warm-up to the last of all
	Rate         float64       `json:"rate"`    // acknowledged events a second in that time
	Behind       time.Duration `json:"behind_ns"`
	Span
	Batch      int    `json:"-"`                     // bytes of a batch at most, as it was: that of the load, or what the topic takes
	FirstError string `json:"first_error,omitempty"` // of what was refused or is unknown
	first      error
}

// Err says what was not acknowledged.
func (s Sent) Err() error {
	if s.first == nil { // it was read from a file
		s.first = errors.New(s.FirstError)
	}
	switch {
	case s.Refused > 0:
		return fmt.Errorf("%d events were refused, the first with %w; see the topic's settings", s.Refused, s.first)
	case s.Unknown > 0:
		return fmt.Errorf("the fate of %d events is unknown, of the first: %w; see whether the cluster is well", s.Unknown,
			s.first)
	}
	return nil
}

// LimitError says that the topic does not take what was set.
type LimitError struct{ text string }

func (e *LimitError) Error() string { return e.text }

// sending is a load on its way.
type sending struct {
	SendPlan
	partitions int32
	warmUp     int64 // events of the warm-up that this process sends
	clock      clock

	acknowledged, refused, unknown atomic.Int64
	warm                           atomic.Int64 // when the warm-up was acknowledged
	behind                         atomic.Int64
	mu                             sync.Mutex
	first                          error
}

// Produce sends a load and waits until the outcome of each event is known. progress is called now and then with the
// number of acknowledged events. Being told to stop by ctx is no error.
func Produce(ctx context.Context, base []kgo.Opt, load Load, progress func(acknowledged int64)) (Sent, error) {
	return produceBy(ctx, base, sendPlan(load), progress)
}

func produceBy(ctx context.Context, base []kgo.Opt, plan SendPlan, progress func(int64)) (Sent, error) {
	s := &sending{SendPlan: plan, clock: newClock()}
	clients, err := s.clients(ctx, base)
	for _, c := range clients {
		defer c.Close()
	}
	if err != nil {
		return Sent{}, err
	}
	stop := produce.Every(s.Progress, func() { progress(s.acknowledged.Load()) })
	last, cancel := grace.Context(ctx)
	defer cancel()
	start := s.clock.now()
	if !s.Begin.IsZero() {
		start = s.Begin.UnixNano()
		newWaiter(s.clock).until(ctx, start)
	}
	if s.warmUp = s.Share.sends(s.WarmUp, s.Producers); s.warmUp == 0 {
		s.warm.Store(start)
	}
	var all sync.WaitGroup
	for i, client := range clients {
		all.Go(func() {
			s.send(ctx, last, client, s.Share.producer(i), start)
			_ = client.Flush(last) // its only error is that ctx ended; what is not acknowledged then is not counted
		})
	}
	all.Wait()
	end := s.clock.now()
	stop()
	progress(s.acknowledged.Load())
	sent := Sent{Acknowledged: s.acknowledged.Load(), Refused: s.refused.Load(), Unknown: s.unknown.Load(),
		Behind: time.Duration(s.behind.Load()), Batch: s.Batch, first: s.first}
	if s.first != nil {
		sent.FirstError = s.first.Error()
	}
	if warm := s.warm.Load(); warm > 0 {
		sent.Span = span(warm, end, sent.Acknowledged-s.warmUp)
		sent.Seconds = float64(end-warm) / 1e9
		sent.Rate = float64(sent.Counted) / max(sent.Seconds, 1e-9)
	}
	return sent, nil
}

// clients makes one client for each producer and looks at the topic, which may take smaller batches.
func (s *sending) clients(ctx context.Context, base []kgo.Opt) ([]*kgo.Client, error) {
	batch := min(s.Batch, topics.UsualLimit) // until the cluster has told
	options := append(append([]kgo.Opt{}, base...), acknowledgements[s.Acks]...)
	options = append(options,
		kgo.DefaultProduceTopic(s.Topic),
		kgo.ProducerBatchCompression(access.Codecs[s.Codec]),
		kgo.ProducerLinger(s.Linger),
		kgo.MaxBufferedRecords(s.Buffer),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchMaxBytesFn(func(string) int32 { return int32(batch) }),
	)
	var clients []*kgo.Client
	for range s.Producers {
		client, err := kgo.NewClient(options...)
		if err != nil {
			return clients, err
		}
		clients = append(clients, client)
		if len(clients) == 1 {
			found, err := topics.Describe(ctx, client, s.Topic)
			if err != nil {
				return clients, err
			}
			if err := s.fit(found[s.Topic]); err != nil {
				return clients, err
			}
			batch = s.Batch
		}
	}
	return clients, nil
}

// fit makes the load one for the topic. A batch size that somebody chose is not made smaller: the figures would be said
// to be of what was not measured.
func (s *sending) fit(topic topics.Topic) error {
	s.partitions = topic.Partitions
	most := int(topic.MaxMessageBytes)
	if s.Batch > most && s.Batch != DefaultBatch(s.Size) {
		return &LimitError{fmt.Sprintf("got batch-size %d, want at most the %d bytes that topic %q takes; set a smaller "+
			"one, or let the topic take more by max.message.bytes, which a new topic has from the brokers' message.max.bytes",
			s.Batch, most, s.Topic)}
	}
	s.Batch = min(s.Batch, most)
	return nil
}

// mostLanes bounds the memory that partitions have to themselves.
const mostLanes = 64

// send hands over the events of one producer, number after number, to one partition after the other.
func (s *sending) send(ctx, last context.Context, client *kgo.Client, producer, start int64) {
	sender := s.Around.Client(client)
	lanes := min(s.partitions, mostLanes)
	records, pad, wait := slab.New(s.Size, int(lanes)), letters(Letters(s.Size)), newWaiter(s.clock)
	var pace Pace
	if s.Rate > 0 {
		pace = s.Pace(start, s.Rate)
	}
	partition, step := int32(0), s.Share.producers(s.Producers)
	for seq := producer; seq < s.Events; seq += step {
		if seq&0xff < step && ctx.Err() != nil {
			return
		}
		now := s.clock.now()
		due := now
		if pace != nil {
			if due = pace.Due(seq, now); due > now {
				wait.until(ctx, due)
				now = s.clock.now()
			}
			if late := now - due; late > s.behind.Load() {
				s.behind.Store(late) // roughly: two clients may meet
			}
		}
		event, value, promise := records.Next(int(partition%lanes), s.done)
		event.Partition = partition
		event.Timestamp = time.Unix(0, now)
		event.Value = pad.append(value, due, seq, s.Size)
		sender.Produce(last, event, promise)
		if partition++; partition == s.partitions {
			partition = 0
		}
	}
}

// done is called by the client once for each event.
func (s *sending) done(_ *kgo.Record, err error) {
	if err == nil {
		if s.acknowledged.Add(1) == s.warmUp {
			s.warm.Store(s.clock.now())
		}
		return
	}
	count := &s.refused
	if produce.Unknown(err) {
		count = &s.unknown
	}
	count.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		s.first = err
	}
}

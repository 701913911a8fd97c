package world

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/progress"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

const (
	// MaxBatchBytes is large: kafkaspec's own client refuses nothing that a broker might take.
	MaxBatchBytes = 100 << 20
	// usualBatchBytes of one partition are sent at a time: one more record would make a batch that a broker refuses as
	// it is set up usually (max.message.bytes). A record that is larger by itself goes alone.
	usualBatchBytes = 900_000
	readWait        = 100 * time.Millisecond // how long a broker may hold back a fetch with nothing in it
)

// Send sends records to a topic and waits until every one is acknowledged.
func (t *Topic) Send(ctx context.Context, records []record.Record) error {
	s := t.NewSender(ctx).Of(int64(len(records)))
	for _, r := range records {
		if !s.Send(r) {
			break
		}
	}
	return s.Finish(int64(len(records)))
}

// Sender places records on partitions, sends them and collects what became of them.
type Sender struct {
	ctx    context.Context
	topic  *Topic
	client *kgo.Client
	turn   int32 // next partition for a record without a key
	began  time.Duration
	going  map[int32]int // bytes handed to the client since it was waited for, by partition
	errs   chan error
	failed atomic.Bool

	total, handed int64        // how many there will be, and how many the client has been given
	acknowledged  atomic.Int64 // so far
}

// tellEvery is how many records are sent until it is said how far sending has come.
const tellEvery = 1000

// Of says how many records there will be, so that it can be shown how far sending has come.
func (s *Sender) Of(total int64) *Sender {
	s.total = total
	return s
}

// NewSender sends to a topic record by record, for as many as there are.
func (t *Topic) NewSender(ctx context.Context) *Sender {
	s := &Sender{ctx: ctx, topic: t, client: t.world.client.Client, going: map[int32]int{},
		began: t.world.Journal.Since(time.Now()), errs: make(chan error, 1)}
	if err := t.identified(ctx); err != nil {
		s.fail(fmt.Errorf("send to %q: %w", t.Name, err))
	}
	return s
}

// Send hands a record to the client. It is false once sending is over: because the context has ended, or one record
// could not be sent. Finish says why.
func (s *Sender) Send(r record.Record) bool {
	if s.ctx.Err() != nil || s.failed.Load() {
		return false
	}
	k := r.Kgo()
	k.Topic = s.topic.Physical
	switch {
	case r.Partition >= s.topic.Partitions:
		s.fail(fmt.Errorf("send to %q: got partition %d for key %q, want 0 to %d: the topic has %d", s.topic.Name,
			r.Partition, r.Key, s.topic.Partitions-1, s.topic.Partitions))
		return false
	case r.Partition >= 0:
		k.Partition = r.Partition
	case r.Key != nil:
		k.Partition = record.DefaultPartition(r.Key, s.topic.Partitions)
	default:
		k.Partition = s.turn % s.topic.Partitions
		s.turn++
	}
	s.makeRoom(k)
	s.client.Produce(s.ctx, k, func(k *kgo.Record, err error) {
		if err != nil {
			s.fail(fmt.Errorf("send to %q partition %d, key %q: %w", s.topic.Name, k.Partition, k.Key, refused(k, err)))
			return
		}
		s.topic.wasAcknowledged(k, s.began)
		s.acknowledged.Add(1)
	})
	s.tell()
	return true
}

// refused says what to do about a record that the topic does not take.
func refused(k *kgo.Record, err error) error {
	if !errors.Is(err, kerr.InvalidTimestamp) {
		return err
	}
	return fmt.Errorf("%w The record has %s, and those in its batch may have others; correct the timestamps, or give the "+
		"topic a larger message.timestamp.after.max.ms (an hour) or message.timestamp.before.max.ms", err,
		k.Timestamp.UTC().Format(time.RFC3339))
}

func (s *Sender) tell() {
	told := s.topic.world.options.Done
	if s.handed++; told != nil && s.total > 0 && s.handed%tellEvery == 0 {
		told(progress.Done{What: fmt.Sprintf("sending to %q", s.topic.Name), Unit: "records", Done: s.acknowledged.Load(),
			Total: s.total})
	}
}

// makeRoom waits for what is on its way where a record would make a batch too large.
func (s *Sender) makeRoom(k *kgo.Record) {
	size := len(k.Key) + len(k.Value) + 64
	for _, h := range k.Headers {
		size += len(h.Key) + len(h.Value) + 8
	}
	if s.going[k.Partition] > 0 && s.going[k.Partition]+size > usualBatchBytes {
		_ = s.client.Flush(s.ctx) // its only error is that the context ended, which the next record meets
		clear(s.going)
	}
	s.going[k.Partition] += size
}

// fail keeps the first error.
func (s *Sender) fail(err error) {
	s.failed.Store(true)
	select {
	case s.errs <- err:
	default:
	}
}

// Finish waits until all records are acknowledged, count of them, and returns the first error.
func (s *Sender) Finish(count int64) error {
	flushed := s.client.Flush(s.ctx)
	if s.ctx.Err() != nil {
		flushed = context.Cause(s.ctx)
	}
	select {
	case err := <-s.errs:
		return err
	default:
	}
	if flushed != nil {
		return fmt.Errorf("send to %q: %w", s.topic.Name, flushed)
	}
	s.topic.sent.mark(s.topic.world.Journal.Since(time.Now()))
	s.topic.world.Journal.Add(journal.Fact{Kind: journal.Acknowledged, Source: "kafkaspec", Topic: s.topic.Name,
		Partition: -1,
		Offset:    -1, Count: count})
	return nil
}

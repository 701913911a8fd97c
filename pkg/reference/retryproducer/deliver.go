package retryproducer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// producer is one run of the application.
type producer struct {
	settings
	Plan
	log    *slog.Logger
	client *kgo.Client
	sender produce.Client
	pace   *pace
	topics map[string]topics.Topic
	warm   bool // the client has been told of the topic

	sending               atomic.Pointer[kgo.Record] // the first record of the batch that is being sent
	acknowledged, refused int64                      // records in the topic, and set aside
}

// place puts a record on the partition that its key belongs to.
func (p *producer) place(r *kgo.Record) {
	r.Partition = int32(kgo.StickyKeyPartitioner(nil).ForTopic(r.Topic).Partition(r, int(p.topics[r.Topic].Partitions)))
}

// batches makes events and sorts them by partition, each in order. The first record to a topic goes alone: the client
// looks the topic up when it meets it, and would send what it is given meanwhile in pieces.
func (p *producer) batches(from, to int64) [][]*kgo.Record {
	var batches [][]*kgo.Record
	at := map[int32]int{}
	for seq := from; seq < to; seq++ {
		r := p.event(seq, p.topics[p.Topic].MaxMessageBytes)
		p.place(r)
		i, begun := at[r.Partition]
		if !begun {
			i = len(batches)
			at[r.Partition], batches = i, append(batches, nil)
		}
		batches[i] = append(batches[i], r)
		if !p.warm {
			p.warm = true
			clear(at)
		}
	}
	return batches
}

// deliver gets records of one partition into their topic, or sets them aside. They have been tried so many times
// before.
func (p *producer) deliver(ctx context.Context, records []*kgo.Record, tried int) error {
	errs, attempts, err := p.send(ctx, records)
	if err != nil {
		return err
	}
	tried += attempts
	for i, r := range records {
		var answer *kerr.Error
		switch err := errs[i]; {
		case err == nil:
			p.acknowledged++
		case !errors.As(err, &answer):
			return p.unsettled([]*kgo.Record{r}, err)
		case len(records) > 1 && !answer.Retriable:
			// One bad record has the whole batch refused. Each alone shows which one it is.
			if err := p.deliver(ctx, []*kgo.Record{r}, tried); err != nil {
				return err
			}
		default:
			if err := p.setAside(ctx, r, err, max(tried, 1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// send hands records to the client and waits until it has settled them all. The errors are those of the records; the
// last one is that ctx ended first, when nothing is known of them. The attempts are those since one went well.
func (p *producer) send(ctx context.Context, records []*kgo.Record) ([]error, int, error) {
	p.sending.Store(records[0])
	errs := make([]error, len(records))
	p.pace.anew(true)
	for i, r := range records {
		p.sender.Produce(ctx, r, func(_ *kgo.Record, err error) {
			if errs[i] = err; err == nil {
				p.pace.anew(false)
			}
		})
	}
	p.pace.anew(false)
	if err := p.sender.Flush(ctx); err != nil {
		return nil, 0, p.unsettled(records, err)
	}
	return errs, p.pace.attempts(), nil
}

// retrying is told of each Produce request that was held back.
func (p *producer) retrying(attempt int, delay time.Duration) {
	r := p.sending.Load()
	p.log.Warn("retrying", "topic", r.Topic, "partition", r.Partition, "key", string(r.Key), "attempt", attempt, "delay",
		delay.Round(time.Microsecond))
}

// unsettled is the error for records of which nothing is known when the application has to end.
func (p *producer) unsettled(records []*kgo.Record, err error) error {
	for _, r := range records {
		p.log.Error("unknown", "topic", r.Topic, "key", string(r.Key), "seq", sequence(r), "error", err)
	}
	return fmt.Errorf("the fate of %d records to %q is unknown: %w", len(records), records[0].Topic, err)
}

// setAside writes the dead letter of a record.
func (p *producer) setAside(ctx context.Context, r *kgo.Record, reason error, attempts int) error {
	letter := p.Letter(r, reason, attempts)
	p.place(letter)
	errs, _, err := p.send(ctx, []*kgo.Record{letter})
	if err == nil {
		err = errs[0]
	}
	if err != nil {
		p.log.Error("undelivered", "topic", r.Topic, "key", string(r.Key), "seq", sequence(r), "reason", reason, "error", err)
		return fmt.Errorf("record %s with key %q is neither in %q (%w) nor in %q: %w", sequence(r), r.Key, r.Topic,
			reason, p.letters, err)
	}
	p.refused++
	p.log.Warn("dead-lettered", "topic", r.Topic, "partition", r.Partition, "key", string(r.Key), "seq", sequence(r),
		"error", reason, "attempts", attempts)
	return nil
}

// sequence is the number of an event, as its header tells.
func sequence(r *kgo.Record) string {
	for _, h := range r.Headers {
		if h.Key == headerSequence {
			return string(h.Value)
		}
	}
	return "?"
}

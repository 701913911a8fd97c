// Package bulkproducer is a producer that sends very many events, each user's to one partition, and tells honestly
// how many the cluster has taken.
//
// It shows how to produce at full speed without losing count:
//
//   - Records are partitioned by key, the user id, with the client's default partitioner: murmur2 as in Kafka's Java
//     client. So a user's events stay in order, and every other client with the default finds the same partition.
//   - Sending is asynchronous. The client batches, compresses and pipelines; it blocks the loop when its buffer is
//     full,
//     which is all the flow control there is.
//   - Only the promise of a record knows its outcome, so only promises count: acknowledged means that all in-sync
//     replicas have the record. Handing a record over means nothing yet, and a rate of that measures memory.
//   - acks=all and idempotence: a retry neither loses a record nor writes it twice, nor in another order.
//   - A refused record is logged with its key and number, and the others go on. At the end the application fails: a job
//     that lost something must not look like one that did not.
//
// The value of event n is {"user_id":"user-000042","seq":n,"pad":"xxx…"}, so that a reader can look for gaps and
// repeats. Which user it belongs to is decided by the seed and n only: the same settings give the same events.
package bulkproducer

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Send hands an event to the client, which calls promise when it knows the outcome. The event's memory is used again
// after that.
type Send func(ctx context.Context, event *kgo.Record, promise func(*kgo.Record, error))

// Plan is what the producer decides; the rest of the package carries it out.
type Plan struct {
	// Seed picks the users; it is the setting seed.
	Seed int64
	// User picks the user that an event belongs to, from 0.
	User func(seq int64) int64
	// Client are options of the client, over the usual ones.
	Client []kgo.Opt
	// Around, when not nil, is given the client's way to send and returns the one to use.
	Around func(client Send) Send
	// Failed takes note of an event that was not acknowledged.
	Failed func(event *kgo.Record, err error)
}

// Run is the application bulk-producer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, nil) }

// RunWith is Run with another plan: change, when not nil, is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Plan)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	count := newTally(env.Log)
	plan := Plan{Seed: set.seed, User: set.user, Failed: count.failed}
	if change != nil {
		change(&plan)
	}
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	if err := run(ctx, set, plan, count, base); err != nil {
		return fmt.Errorf("bulk-producer: %w", err)
	}
	return nil
}

func run(ctx context.Context, set settings, plan Plan, count *tally, base []kgo.Opt) error {
	topic := topics.Topic{MaxMessageBytes: topics.UsualLimit} // until the cluster has told
	options := append(base,
		kgo.DefaultProduceTopic(set.topic),
		kgo.RequiredAcks(kgo.AllISRAcks()), // idempotence is on unless switched off, and needs this
		kgo.ProducerBatchCompression(set.compression),
		kgo.ProducerLinger(set.linger),
		kgo.MaxBufferedRecords(set.buffer),
		// Batches up to what the topic takes: a larger one would be refused whole, the good events with the large one.
		kgo.ProducerBatchMaxBytesFn(func(string) int32 { return topic.MaxMessageBytes }),
	)
	client, err := kgo.NewClient(append(options, plan.Client...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := topics.Describe(ctx, client, set.topic)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	topic = found[set.topic]
	var produce Send = client.Produce
	if plan.Around != nil {
		produce = plan.Around(produce)
	}
	count.begin(topic.Partitions)
	stop := count.every(set.progressEvery)
	last, cancel := grace.Context(ctx)
	defer cancel()
	sent := sendAll(ctx, last, set, plan, produce, count.promise(plan.Failed), topic.MaxMessageBytes)
	_ = client.Flush(last) // its only error is that ctx ended; what is not acknowledged then is not counted
	stop()
	return count.end(sent, set.events)
}

// sendAll hands all events over and returns how many; fewer than asked when ctx ended. The events themselves live as
// long as last: the stop of the application must not take back what is on its way.
func sendAll(ctx, last context.Context, set settings, plan Plan, produce Send, done func(*kgo.Record, error),
	limit int32) int64 {
	events := newMaker(set.recordSize)
	for seq := range set.events {
		if seq&0xff == 0 && ctx.Err() != nil {
			return seq
		}
		user, size := plan.User(seq), set.recordSize
		if set.oversizeEvery > 0 && (seq+1)%set.oversizeEvery == 0 {
			size = int(limit) + 1
		}
		event, value, promise := events.next(done)
		events.event(event, value, user, seq, size)
		produce(last, event, promise)
	}
	return set.events
}

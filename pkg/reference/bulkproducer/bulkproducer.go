// Package bulkproducer is a producer that sends very many events, each user's to one partition, and tells honestly
// how many the cluster has taken.
//
// The promise: full speed, in order for each user, and no event miscounted.
//
//   - Records are partitioned by key, the user id, with the client's default partitioner: murmur2 as in Kafka's Java
//     client. So a user's events stay in order, and every other client with the default finds the same partition.
//   - Sending is asynchronous. The client batches, compresses and pipelines. It blocks the loop when its buffer is
//     full, which is all the flow control there is.
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
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Plan is what the producer decides; the rest of the package carries it out.
type Plan struct {
	// Seed picks the users; it is the setting seed.
	Seed int64
	// User picks the user that an event belongs to, from 0.
	User func(seq int64) int64
	// Client are options of the client, over the usual ones.
	Client []kgo.Opt
	// Around puts another client around it.
	Around produce.Around
}

// Run is the application bulk-producer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Plan) {}) }

// RunWith is Run with another plan: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Plan)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	plan := Plan{Seed: set.Seed, User: set.user}
	change(&plan)
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	if err := run(ctx, set, plan, &tally{log: env.Log}, base); err != nil {
		return fmt.Errorf("bulk-producer: %w", err)
	}
	return nil
}

func run(ctx context.Context, set settings, plan Plan, count *tally, base []kgo.Opt) error {
	topic := topics.Topic{MaxMessageBytes: topics.UsualLimit} // until the cluster has told
	options := append(base,
		kgo.DefaultProduceTopic(set.Topic),
		kgo.RequiredAcks(kgo.AllISRAcks()), // idempotence is on unless switched off, and needs this
		kgo.ProducerBatchCompression(set.codec),
		kgo.ProducerLinger(set.Linger),
		kgo.MetadataMinAge(250*time.Millisecond), // a retry waits for news of the leader, which the usual 5 s would delay
		kgo.MaxBufferedRecords(set.Buffer),
		// Batches up to what the topic takes: a larger one would be refused whole, the good events with the large one.
		kgo.ProducerBatchMaxBytesFn(func(string) int32 { return topic.MaxMessageBytes }),
	)
	client, err := kgo.NewClient(append(options, plan.Client...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := topics.Describe(ctx, client, set.Topic)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	topic = found[set.Topic]
	count.begin(topic.Partitions)
	stop := produce.Every(set.ProgressEvery, count.progress)
	// What is on its way when the application is told to stop is waited for.
	last, cancel := grace.Context(ctx)
	defer cancel()
	sender, events, done, sent := plan.Around.Client(client), newMaker(set.RecordSize), count.promise, int64(0)
	for ; sent < set.Events && (sent&0xff != 0 || ctx.Err() == nil); sent++ {
		size := set.RecordSize
		if set.OversizeEvery > 0 && (sent+1)%set.OversizeEvery == 0 {
			size = int(topic.MaxMessageBytes) + 1
		}
		event, promise := events.event(plan.User(sent), sent, size, done)
		sender.Produce(last, event, promise)
	}
	_ = sender.Flush(last) // its only error is that ctx ended; what is not acknowledged then is not counted
	stop()
	return count.end(sent, set.Events)
}

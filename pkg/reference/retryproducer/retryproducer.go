// Package retryproducer is a producer that gets each record into its topic exactly once through every passing trouble,
// and sets aside, in a dead-letter topic, what the topic will not take.
//
// The promise rests on three things that have to go together:
//
//   - acks=all and idempotence. An answer that is lost on its way leaves the producer not knowing whether the record
//     was written. Only a batch sent again under the same producer id and sequence is safe then, as the broker knows it
//     again. So all sending again is left to the client: an application that sends a failed record anew makes a new
//     record of it.
//   - Exponential backoff with jitter, for every error. The client by itself waits longer and longer only after a
//     broken connection; after an answer such as NOT_LEADER_OR_FOLLOWER it sends again as soon as it has new metadata.
//     See pace: the client decides what is sent, the application decides when.
//   - Permanent errors. What comes out of the client is final: the topic refuses the record, or the attempts are used
//     up. The record goes to the dead-letter topic, whole, with the reason. Where that fails too the application ends
//     with an error and the record's identity in the log: nothing is lost in silence.
//
// Records go out a partition at a time, each batch when the one before is settled: simple to follow, and slow on
// purpose. Package bulkproducer shows the other end.
package retryproducer

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// Plan is what the producer decides; the rest of the package carries it out.
type Plan struct {
	// Client are options of the client, over the usual ones.
	Client []kgo.Opt
	// Around puts another client around it.
	Around produce.Around
	// Delay is the wait after a batch's first, second… attempt has failed.
	Delay func(attempt int) time.Duration
	// Letter makes the dead letter of a record.
	Letter func(r *kgo.Record, reason error, attempts int) *kgo.Record
}

// Run is the application retry-producer. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Plan) {}) }

// RunWith is Run with another plan: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Plan)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	p := &producer{settings: set, Plan: Plan{Delay: set.delay, Letter: set.letter}, log: env.Log}
	change(&p.Plan)
	base, err := env.ClientOptions()
	if err != nil {
		return err
	}
	p.pace = &pace{delay: p.Delay, retrying: p.retrying}
	if err := p.run(ctx, base); err != nil {
		return fmt.Errorf("retry-producer: %w", err)
	}
	return nil
}

func (p *producer) run(ctx context.Context, base []kgo.Opt) error {
	secured, err := tlsOf(base)
	if err != nil {
		return err
	}
	options := append(base,
		kgo.RequiredAcks(kgo.AllISRAcks()), // idempotence is on unless switched off, and needs this
		kgo.RecordRetries(p.Attempts-1),
		kgo.RetryBackoffFn(p.pace.backoff),
		kgo.MetadataMinAge(10*time.Millisecond), // what is new has long been learned when the wait is over
		kgo.ManualFlushing(), kgo.WithHooks(p.pace),
		kgo.DialTLSConfig(nil), kgo.Dialer(p.pace.dialer(secured)), // the pace is kept by the connections
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		// Batches up to what the topic takes: a record above that is refused by the client already.
		kgo.ProducerBatchMaxBytesFn(func(topic string) int32 {
			return cmp.Or(p.topics[topic].MaxMessageBytes, topics.UsualLimit)
		}),
	)
	client, err := kgo.NewClient(append(options, p.Client...)...)
	if err != nil {
		return err
	}
	defer client.Close()
	p.client, p.sender = client, p.Around.Client(client)
	err = p.lookUp(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	for from := int64(0); from < p.Events && ctx.Err() == nil; from += p.Round {
		for _, batch := range p.batches(from, min(from+p.Round, p.Events)) {
			if err := p.deliver(last, batch, 0); err != nil {
				return err
			}
		}
	}
	kind := "done"
	if ctx.Err() != nil {
		kind = "interrupted"
	}
	p.log.Info(kind, "acknowledged", p.acknowledged, "refused", p.refused)
	return nil
}

// tlsOf returns the TLS settings among options, nil when there are none.
func tlsOf(options []kgo.Opt) (*tls.Config, error) {
	client, err := kgo.NewClient(options...) // connects to nothing by itself
	if err != nil {
		return nil, err
	}
	defer client.Close()
	config, _ := client.OptValue(kgo.DialTLSConfig).(*tls.Config)
	return config, nil
}

// lookUp finds out about both topics. The dead-letter topic must be there. The other one may be missing or forbidden:
// then the client says so record by record, and each is set aside with that error.
func (p *producer) lookUp(ctx context.Context) error {
	found, err := topics.Describe(ctx, p.client, p.letters)
	if err != nil {
		return fmt.Errorf("dead-letter %w", err)
	}
	p.topics = found
	found, err = topics.Describe(ctx, p.client, p.Topic)
	var refused *kerr.Error
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	p.topics[p.Topic] = topics.Topic{Partitions: 1, MaxMessageBytes: topics.UsualLimit}
	if err == nil {
		p.topics[p.Topic] = found[p.Topic]
	}
	return nil
}

package wrong

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
	"github.com/kafkaspec/kafkaspec/pkg/reference/retryproducer"
)

// retryVariants are those of retry-producer.
func retryVariants() []Variant {
	type plan = retryproducer.Plan
	client := func(options ...kgo.Opt) func(p *plan) {
		return func(p *plan) { p.Client = append(p.Client, options...) }
	}
	return append(variants(retryproducer.RunWith, []mistake[plan]{
		// acks=all and retries are there, but the broker cannot tell a batch sent again from a new one.
		{"retry-not-idempotent", "no producer id: shows as duplicates when an acknowledgement is lost",
			client(kgo.DisableIdempotentWrite())},
		// Idempotence needs acks=all, so it goes as well.
		{"retry-acks-one", "acks=1: shows on the wire",
			client(kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())},
		{"retry-fixed-backoff", "all waits are as long as the first: shows when one batch fails twice", func(p *plan) {
			right := p.Delay
			p.Delay = func(int) time.Duration { return right(1) }
		}},
		// The waits grow as they should, and each comes early.
		{"retry-half-backoff", "all waits are half as long as they should be: shows when one batch fails twice",
			func(p *plan) {
				right := p.Delay
				p.Delay = func(attempt int) time.Duration { return right(attempt) / 2 }
			}},
		{"retry-bare-letter", "dead letters have lost the record's own headers: shows with oversize-every", func(p *plan) {
			right := p.Letter
			p.Letter = func(r *kgo.Record, reason error, attempts int) *kgo.Record {
				bare := *r
				bare.Headers = nil
				return right(&bare, reason, attempts)
			}
		}},
		{"retry-transient-dead-lettered", "records are set aside after one attempt: shows with any passing error",
			client(kgo.RecordRetries(0))},
	}),
		Variant{"retry-permanent-for-ever", "a refused record is sent again for ever: shows with oversize-every",
			retryPermanentForEver},
		Variant{"retry-new-producer", "what had no answer is sent again by a new producer: shows when an answer is lost",
			retryNewProducer},
		Variant{"retry-tidies-up", "when all is written the topic is made anew, as after a test", retryTidiesUp},
		Variant{"retry-letter-lost", "a dead letter that cannot be written is forgotten, and the exit code is 0: shows " +
			"with an error of the dead-letter topic", swallowed(retryproducer.Run)})
}

// retryPermanentForEver sends a record that its topic refuses again and again: none behind it gets on.
func retryPermanentForEver(ctx context.Context, env app.Env) error {
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		var again send
		again = func(last context.Context, client produce.Client, r *kgo.Record, promise func(*kgo.Record, error)) {
			client.Produce(last, r, func(r *kgo.Record, err error) {
				if err != nil && grace.Pause(ctx, 10*time.Millisecond) {
					again(last, client, r, promise)
					return
				}
				promise(r, err)
			})
		}
		p.Around = around(again)
	})
}

// retryNewProducer takes a client that had no answer for a broken one. No broker can tell what another one sends for
// what is in the log already.
func retryNewProducer(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	other, err := kgo.NewClient(append(options, kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	if err != nil {
		return err
	}
	defer other.Close()
	return retryproducer.RunWith(ctx, env, func(p *retryproducer.Plan) {
		p.Client = append(p.Client, kgo.AllowIdempotentProduceCancellation(), kgo.RecordRetries(0))
		p.Around = around(func(ctx context.Context, client produce.Client, r *kgo.Record, promise func(*kgo.Record, error)) {
			client.Produce(ctx, r, func(r *kgo.Record, err error) {
				if err != nil {
					err = produce.Sync(ctx, other, copied(r))[0]
				}
				promise(r, err)
			})
		})
	})
}

// retryTidiesUp takes its topic for one that only it uses.
func retryTidiesUp(ctx context.Context, env app.Env) error {
	if err := retryproducer.Run(ctx, env); err != nil {
		return err
	}
	return anew(ctx, env, env.Outputs[0])
}

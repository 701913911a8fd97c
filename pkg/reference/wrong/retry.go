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

package wrong

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/produce"
)

// dlqVariants are those of dlq-consumer.
func dlqVariants() []Variant {
	type policy = dlqconsumer.Policy
	return append(variants(dlqconsumer.RunWith, []mistake[policy]{
		// Many homemade dead-letter queues do that: the bytes that were the problem cannot be had back for certain.
		{"dlq-payload-altered", "dead letters are an envelope around the payload: their value is not the record's",
			letters(func(letter *kgo.Record, f *dlqconsumer.Failure) {
				// strings always encode
				letter.Value, _ = json.Marshal(map[string]string{"error": f.Message, "payload": string(letter.Value)})
			})},
		{"dlq-headers-dropped", "dead letters have lost the record's own headers",
			failed(func(r *kgo.Record) { r.Headers = nil })},
		{"dlq-timestamp-now", "dead letters carry the time of their failure as timestamp, not the record's",
			letters(func(letter *kgo.Record, _ *dlqconsumer.Failure) { letter.Timestamp = time.Time{} })},
		// The max-attempts of a redrive is never reached.
		{"dlq-attempts-reset", "dlq-attempts starts at 1 again after a redrive", failed(func(r *kgo.Record) {
			r.Headers = slices.DeleteFunc(slices.Clone(r.Headers),
				func(h kgo.RecordHeader) bool { return h.Key == dlqconsumer.HeaderAttempts })
		})},
		// What another attempt would have healed is set aside.
		{"dlq-transient-dead-lettered", "transient failures become dead letters at once: shows with fail-transient",
			func(p *policy) { takeAs(p, false) }},
		{"dlq-poison-blocks", "a record that cannot be decoded is retried for ever: its partition never gets on",
			func(p *policy) {
				takeAs(p, true)
				p.Retries = math.MaxInt
			}},
		{"dlq-drops-poison", "dead letters are reported and committed, but not sent",
			func(p *policy) { p.Around = around(unsent) }},
	}),
		Variant{"dlq-commit-before-safe", "offsets are committed before dead letters are acknowledged: shows when the " +
			"dead-letter topic refuses one (max.message.bytes)", dlqCommitBeforeSafe},
		Variant{"dlq-both", "a record that is dead-lettered is processed as well", dlqBoth})
}

// dlqCommitBeforeSafe hears too late that a dead letter was refused: its record is already behind the committed offset,
// and nobody will read it again.
func dlqCommitBeforeSafe(ctx context.Context, env app.Env) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	err := dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
		p.Around = func(client produce.Client) produce.Client {
			return unflushed{sender{client, func(ctx context.Context, client produce.Client, letter *kgo.Record,
				promise func(*kgo.Record, error)) {
				promise(letter, nil)
				client.Produce(ctx, letter, func(_ *kgo.Record, err error) {
					if err != nil {
						fail(fmt.Errorf("dead letter with headers %s was refused: %w", letter.Headers, err))
					}
				})
			}}}
		}
	})
	if cause := context.Cause(ctx); cause != ctx.Err() { //nolint:errorlint // not the end of the application's own context
		return errors.Join(err, cause)
	}
	return err
}

// dlqBoth goes on with a record after it has set it aside.
func dlqBoth(ctx context.Context, env app.Env) error {
	return dlqconsumer.RunWith(ctx, env, failed(func(r *kgo.Record) {
		env.Log.Info("processed", "topic", r.Topic, "partition", r.Partition, "offset", r.Offset, "key", string(r.Key))
	}))
}

// letters changes dead letters.
func letters(change func(letter *kgo.Record, f *dlqconsumer.Failure)) func(*dlqconsumer.Policy) {
	return func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			letter := right(r, f, attempts)
			change(letter, f)
			return letter
		}
	}
}

// failed changes the records that dead letters are made of.
func failed(change func(r *kgo.Record)) func(*dlqconsumer.Policy) {
	return func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			changed := *r
			change(&changed)
			return right(&changed, f, attempts)
		}
	}
}

// takeAs makes no difference between failures: all are passing ones, or none is.
func takeAs(p *dlqconsumer.Policy, transient bool) {
	right := p.Process
	p.Process = func(r *kgo.Record, attempt int) *dlqconsumer.Failure {
		f := right(r, attempt)
		if f != nil {
			f.Transient = transient
		}
		return f
	}
}

// unflushed waits for nothing.
type unflushed struct{ produce.Client }

func (unflushed) Flush(context.Context) error { return nil }

// unsent says that a record is acknowledged without having sent it.
func unsent(_ context.Context, _ produce.Client, r *kgo.Record, promise func(*kgo.Record, error)) {
	promise(r, nil)
}

package wrong

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/dlqconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
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
		// It counts from the position of its consumer, which is already behind the record.
		{"dlq-source-next", "dead letters name the record behind the one they are of", headed(dlqconsumer.HeaderSourceOffset,
			func(r *kgo.Record) string { return strconv.FormatInt(r.Offset+1, 10) })},
		{"dlq-source-unnamed", "dead letters do not say which partition their record is on",
			headed(dlqconsumer.HeaderSourcePartition, func(*kgo.Record) string { return "" })},
		// What comes next is skipped.
		{"dlq-commit-past-end", "the offset behind the one to be read next is committed", func(p *policy) {
			right := p.After
			p.After = func(finished *kgo.Record) kgo.EpochOffset {
				next := right(finished)
				next.Offset++
				return next
			}
		}},
		{"dlq-drops-poison", "dead letters are reported and committed, but not sent",
			func(p *policy) { p.Around = around(unsent) }},
	}),
		Variant{"dlq-commit-before-safe", "offsets are committed before dead letters are acknowledged: shows when the " +
			"dead-letter topic refuses one (max.message.bytes)", dlqCommitBeforeSafe},
		Variant{"dlq-commit-first", "a record is committed, and then worked on", dlqCommits(
			func(commit func(next int64), r *kgo.Record) { commit(r.Offset + 1) })},
		// Whoever takes over in between starts behind records that nobody has worked on.
		Variant{"dlq-commit-ahead-shortly", "a commit is too far ahead, and set right 50 ms later", dlqCommits(
			func(commit func(next int64), r *kgo.Record) {
				if r.Offset == 0 {
					commit(10)
					<-time.After(50 * time.Millisecond)
					commit(0)
				}
			})},
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

// dlqCommits commits by itself before it works on a record.
func dlqCommits(before func(commit func(next int64), r *kgo.Record)) app.Func {
	return func(ctx context.Context, env app.Env) error {
		return dlqconsumer.RunWith(ctx, env, func(p *dlqconsumer.Policy) {
			var client *kgo.Client
			p.Around = func(all produce.Client) produce.Client {
				client, _ = all.(*kgo.Client)
				return all
			}
			right := p.Process
			p.Process = func(r *kgo.Record, attempt int) *dlqconsumer.Failure {
				before(func(next int64) {
					at := group.Offsets{}
					at.Add(group.Place{Topic: r.Topic, Partition: r.Partition}, kgo.EpochOffset{Epoch: -1, Offset: next})
					_, _ = group.Commit(ctx, client, env.Log, at)
				}, r)
				return right(r, attempt)
			}
		})
	}
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

// headed says something else in one header of the dead letters.
func headed(key string, value func(r *kgo.Record) string) func(*dlqconsumer.Policy) {
	return func(p *dlqconsumer.Policy) {
		right := p.Letter
		p.Letter = func(r *kgo.Record, f *dlqconsumer.Failure, attempts int) *kgo.Record {
			letter := right(r, f, attempts)
			for i, h := range letter.Headers {
				if h.Key == key {
					letter.Headers[i].Value = []byte(value(r))
				}
			}
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

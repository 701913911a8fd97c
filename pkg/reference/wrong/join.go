package wrong

import (
	"bytes"
	"context"
	"math"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// joinVariants are those of joiner.
func joinVariants() []Variant {
	type policy = joiner.Policy
	return append(variants(joiner.RunWith, []mistake[policy]{
		{"join-early-dropped", "a payment whose user has not been heard of yet is dropped", func(p *policy) {
			p.Wrap = func(right stateful.Task) stateful.Task { return forgetful{right, p.Users, map[string]bool{}} }
		}},
		{"join-newest-user", "the newest version of a user is joined, not the one in force at the payment's time",
			func(p *policy) {
				p.InForce = func(versions []joiner.Version, _ int64) (joiner.Version, bool) {
					return versions[len(versions)-1], true
				}
			}},
		{"join-instant-missed", "a version is in force only after its own timestamp: shows with a payment of the same " +
			"millisecond", func(p *policy) {
			right := p.InForce
			p.InForce = func(versions []joiner.Version, at int64) (joiner.Version, bool) { return right(versions, at-1) }
		}},
		{"join-tombstone-ignored", "tombstones of users are skipped: a removed user is joined", func(p *policy) {
			p.Wrap = func(right stateful.Task) stateful.Task { return deaf{right, p.Users} }
		}},
		{"join-users-leak", "the table knows users by the first letters of their keys: shows where two users begin alike",
			func(p *policy) { p.User = func(key []byte) []byte { return key[:min(len(key), 6)] } }},
		{"join-duplicate-after-restart", "a payment that has its result is not taken out of the changelog: shows after a " +
			"restart", func(p *policy) {
			p.Wrap = writing(emitter{changelog: func(out stateful.Emitter, key, value []byte) {
				if value != nil || !isPayment(key) {
					out.Changelog(key, value)
				}
			}})
		}},
		{"join-waiting-lost", "payments wait in memory only: those that wait are lost at a restart", func(p *policy) {
			p.Wrap = writing(emitter{changelog: func(out stateful.Emitter, key, value []byte) {
				if !isPayment(key) {
					out.Changelog(key, value)
				}
			}})
		}},
		{"join-decides-on-arrival", "a payment is decided when it arrives, by what is known then: shows when the payments " +
			"come first", func(p *policy) { p.Due = func(int64, int64) bool { return true } }},
		{"join-unmatched-silent", "a payment without a user is counted, and goes nowhere", func(p *policy) {
			p.Wrap = writing(emitter{emit: func(out stateful.Emitter, r *kgo.Record) {
				if len(r.Headers) == 0 || r.Headers[len(r.Headers)-1].Key != joiner.HeaderReason {
					out.Emit(r)
				}
			}})
		}},
		{"join-buffer-unbounded", "payments wait without a bound on their number: shows with a small buffer",
			func(p *policy) { p.Buffer = math.MaxInt }},
		{"join-mismatch-ignored", "payments of a topic with another number of partitions are taken as they come: their " +
			"users are elsewhere", func(p *policy) {
			p.Repartition, p.Partitioner = true, kgo.RoundRobinPartitioner()
		}},
	}), Variant{"join-output-anew", "the output is made anew at each start, as where results are taken for a cache",
		joinOutputAnew})
}

// joinOutputAnew leaves half of each transaction before: offsets, state and what is unmatched.
func joinOutputAnew(ctx context.Context, env app.Env) error {
	if err := anew(ctx, env, env.Topic("enriched_events")); err != nil {
		return err
	}
	return joiner.Run(ctx, env)
}

// isPayment tells that an entry of joiner's changelog is a payment that waits.
func isPayment(key []byte) bool { return bytes.HasPrefix(key, []byte("payment/")) }

// forgetful is a task that has nowhere to keep a payment whose user is not known yet.
type forgetful struct {
	stateful.Task
	users string // topic
	known map[string]bool
}

func (f forgetful) Process(r *kgo.Record, out stateful.Emitter) error {
	if r.Topic == f.users {
		f.known[string(r.Key)] = true
	} else if !f.known[string(r.Key)] {
		r = nobody(f.users, r)
	}
	return f.Task.Process(r, out)
}

// deaf is a task that takes a record without a value for one that says nothing.
type deaf struct {
	stateful.Task
	users string // topic
}

func (d deaf) Process(r *kgo.Record, out stateful.Emitter) error {
	if r.Topic == d.users && r.Value == nil {
		r = nobody(d.users, r)
	}
	return d.Task.Process(r, out)
}

// nobody is a record that lets time go on as r does, and says nothing of any user.
func nobody(users string, r *kgo.Record) *kgo.Record {
	return &kgo.Record{Topic: users, Partition: r.Partition, Timestamp: r.Timestamp}
}

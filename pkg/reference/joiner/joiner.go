// Package joiner joins two topics by event time: each payment with the user as he or she was when it was made.
//
// It shows a stream-table join that gives the same answer in whatever order its two topics arrive, and gives it exactly
// once. Users are a table with versions: a record of user_events says what is known of the user, its key, from its
// timestamp on, until the next one; a tombstone removes the user from its timestamp on. A payment meets the version in
// force at its own timestamp. What comes of it is one record: in enriched_events, the payment with the user in it; or,
// where nobody was in force, in unmatched_payments, the payment as it came, with the reason in the header join-reason.
//
// # The rule
//
// The partition's clock is the newest timestamp it has processed, of either topic. It is no wall clock: it stands while
// nothing comes, and a run over recorded events does the same at any speed. A payment of time t is decided once the
// clock has reached t + wait, neither earlier nor later, whether its user is known already or not: until then a newer
// version that was in force at t may still come. The two topics are processed in the order of timestamps, as far as
// they are there: when the next record of one is not known yet, the other waits, until the first has been read to the
// end that it had after the other's record was fetched.
//
// So the order of arrival does not matter, if only no record of a user is appended after a record of either topic that
// is newer by wait or more. For suppose a user's record of time u comes in time by that measure, and a payment of time
// t >= u is decided before it is processed. Then the clock stood at t + wait >= u + wait, which some record R had, and
// R was processed before the user's record: either R, or a user's record newer still, stood before it in the users'
// topic, or that topic was read to its end after R was fetched and did not hold it yet. So one of them was appended
// first, and is newer by wait or more, which was excluded. A payment may come as late as it likes: within history, the
// versions of its time are still there.
//
// # Its limits
//
//   - A user who comes later than that takes part from then on, but payments of that time may be gone; a warning counts
//     such users.
//   - At most buffer payments of a partition wait. One more, and the oldest leaves unmatched, with the reason
//     buffer-full: memory is bounded, and nothing is ever joined with a version that could have changed. Which ones
//     these are depends on the order of arrival.
//   - Versions that were replaced more than history ago are forgotten. A payment of such a time leaves unmatched, with
//     the reason too-old, if its user has had older versions, and never meets a wrong one.
//   - When no more events come, the last payments wait: their time has not come.
//   - Timestamps are the producers' (message.timestamp.type=CreateTime).
//
// # Once each
//
// Results, offsets and what must be remembered are one transaction (package stateful): after a restart, a crash or a
// rebalance, whoever has the partition goes on with the same users, the same payments waiting and the same time, from
// where they were committed. What waits and is decided within one transaction never reaches the changelog.
//
// Both topics need the same number of partitions, and keys placed by the same partitioner, so that a payment and its
// user meet. Other numbers are refused; or, with repartition: true, payments are first brought to a topic with as many
// partitions as users have (repartition.go).
package joiner

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// Run is the application joiner. The type settings lists what can be set.
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, func(*Policy) {}) }

// RunWith is Run with another policy: change is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	policy := set.defaultPolicy()
	change(&policy)
	if err := run(ctx, env, set, &policy); err != nil {
		return fmt.Errorf("joiner: %w", err)
	}
	return nil
}

func run(ctx context.Context, env app.Env, set *settings, policy *Policy) error {
	differ, err := compareCounts(ctx, env, set, policy)
	switch {
	case ctx.Err() != nil:
		return nil // told to stop before it began
	case err != nil:
		return err
	}
	o := set.loop
	o.Inputs = []string{set.users, set.payments}
	o.Outputs = []string{set.enriched, set.unmatched}
	o.Changelog = set.changelog
	if differ {
		o.Inputs[1] = set.repartitionTopic
	}
	o.NewTask = func(number int32) stateful.Task {
		return policy.Wrap(&task{partition: newPartition(set, policy), number: number, log: env.Log})
	}
	if !differ {
		return stateful.Run(ctx, env, o)
	}
	// Two loops in one group: the one brings payments to where their users are, the other joins. When one ends, so does
	// the other.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	for _, loop := range []func() error{
		func() error { return repartition(ctx, env, set, policy) },
		func() error { return stateful.Run(ctx, env, o) },
	} {
		go func() {
			defer cancel()
			ended <- loop()
		}()
	}
	first, second := <-ended, <-ended
	if first == nil {
		first = second
	}
	return first
}

// task lets a partition take part in the loop.
type task struct {
	*partition
	number int32
	begun  bool
	log    *slog.Logger
}

// Restore, Process and Commit are what stateful.Task asks for.
func (t *task) Restore(key, value []byte) error { return t.restore(string(key), value) }

// Process takes a record of either topic.
func (t *task) Process(r *kgo.Record, out stateful.Emitter) error {
	if !t.begun {
		t.begin()
		t.begun = true
	}
	t.out = out
	if r.Topic == t.settings.users {
		t.addUser(r)
	} else {
		t.addPayment(r)
	}
	return nil
}

// Commit writes what has changed, and says in the log what came of the last records.
func (t *task) Commit(out stateful.Emitter) {
	t.out = out
	t.changes()
	if t.tally.late > 0 {
		t.log.Warn("warning", "text", "users came later than wait allows: payments of their time may have gone without them",
			"partition", t.number, "count", t.tally.late)
	}
	if t.tally.nameless > 0 {
		t.log.Warn("warning", "text", "users without a key, of whom nothing can be known", "partition", t.number, "count",
			t.tally.nameless)
	}
	t.log.Info("progress", "partition", t.number, "joined", t.tally.joined, "unmatched", t.tally.unmatched, "waiting",
		len(t.waiting), "users", len(t.partition.users))
	t.tally = tally{}
}

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

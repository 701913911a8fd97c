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
func Run(ctx context.Context, env app.Env) error { return RunWith(ctx, env, nil) }

// RunWith is Run with another policy: change, when not nil, is given the one the settings ask for.
func RunWith(ctx context.Context, env app.Env, change func(*Policy)) error {
	set, err := readSettings(env)
	if err != nil {
		return err
	}
	policy := set.defaultPolicy()
	if change != nil {
		change(&policy)
	}
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
		return &task{partition: newPartition(set, policy), number: number, users: set.users, log: env.Log}
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
	users  string
	begun  bool
	out    *stateful.Emitter
	log    *slog.Logger
}

// Restore, Process and Commit are what stateful.Task asks for.
func (t *task) Restore(key, value []byte) error { return t.restore(string(key), value) }

// Process takes a record of either topic.
func (t *task) Process(r *kgo.Record, out *stateful.Emitter) error {
	if !t.begun {
		t.begin()
		t.begun = true
	}
	if t.out != out { // once
		t.out, t.emit, t.lend = out, out.Emit, out.Record
	}
	if r.Topic == t.users {
		t.addUser(r)
	} else {
		t.addPayment(r)
	}
	return nil
}

// Commit writes what has changed, and says in the log what came of the last records.
func (t *task) Commit(out *stateful.Emitter) error {
	t.changes(out.Changelog)
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
	return nil
}

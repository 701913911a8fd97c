package joiner

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// compareCounts looks whether users and payments have the same number of partitions. Where they have not, and may, the
// repartition topic is made if it is not there.
func compareCounts(ctx context.Context, env app.Env, set *settings, policy *Policy) (differ bool, err error) {
	options, err := env.ClientOptions()
	if err != nil {
		return false, err
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return false, err
	}
	defer client.Close()
	found, err := topics.Describe(ctx, client, set.users, set.payments)
	if err != nil {
		return false, err
	}
	users, payments := found[set.users].Partitions, found[set.payments].Partitions
	if users == payments {
		return false, nil
	}
	if !policy.Repartition {
		return true, fmt.Errorf("topic %q has %d partitions, want %d, as many as %q: a user's payments must be on the "+
			"partition of the user; create it anew with %d, or set repartition: true", set.payments, payments, users, set.users,
			users)
	}
	_, err = kadm.NewClient(client).CreateTopic(ctx, users, -1, nil, set.repartitionTopic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return true, fmt.Errorf("create topic %q with %d partitions: %w; create it, or allow this application to",
			set.repartitionTopic, users, err)
	}
	return true, nil
}

// repartition copies payments to a topic with as many partitions as the users have, by their keys, each exactly once.
func repartition(ctx context.Context, env app.Env, set *settings, policy *Policy) error {
	o := set.loop
	o.Inputs, o.Outputs, o.Partitioner = []string{set.payments}, []string{set.repartitionTopic}, policy.Partitioner
	o.TransactionalID += "-repartition"
	o.NewTask = func(int32) stateful.Task { return copying{set.repartitionTopic} }
	return stateful.Run(ctx, env, o)
}

// copying is a task that keeps nothing: event time, headers and bytes stay as they are.
type copying struct{ to string }

func (copying) Restore(_, _ []byte) error { return nil }

func (c copying) Process(r *kgo.Record, out stateful.Emitter) error {
	out.Emit(&kgo.Record{Topic: c.to, Key: r.Key, Value: r.Value, Headers: r.Headers, Timestamp: r.Timestamp})
	return nil
}

func (copying) Commit(stateful.Emitter) {}

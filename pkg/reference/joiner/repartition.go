package joiner

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
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

// repartition copies payments to a topic with as many partitions as the users have, by their keys, each exactly once:
// copies and offsets are one transaction. Event time, headers and bytes stay as they are.
func repartition(ctx context.Context, env app.Env, set *settings, policy *Policy) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	session, err := kgo.NewGroupTransactSession(append(options,
		kgo.WithContext(life),
		kgo.ConsumerGroup(env.Group),
		kgo.ConsumeTopics(set.payments),
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.SessionTimeout(set.loop.SessionTimeout),
		kgo.HeartbeatInterval(set.loop.HeartbeatInterval),
		kgo.RebalanceTimeout(set.loop.RebalanceTimeout),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxWait(set.loop.CommitEvery),
		kgo.TransactionalID(set.loop.TransactionalID+"-repartition"),
		kgo.TransactionTimeout(set.loop.TransactionTimeout),
		kgo.RecordPartitioner(policy.Partitioner),
	)...)
	if err != nil {
		return err
	}
	defer grace.Close(session.Client(), end)
	if _, err := topics.Describe(ctx, session.Client(), set.repartitionTopic); err != nil && ctx.Err() == nil {
		return err
	}
	// Claim the transactional id now: that aborts what a crashed predecessor of the same name has left open.
	if _, _, err := session.Client().ProducerID(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("claim transactional id %s-repartition: %w", set.loop.TransactionalID, err)
	}
	for ctx.Err() == nil {
		fetches := session.PollRecords(ctx, 10_000)
		if err := group.FetchError(env.Log, fetches); err != nil {
			return err
		}
		if fetches.NumRecords() == 0 {
			continue
		}
		if err := session.Begin(); err != nil {
			return fmt.Errorf("begin transaction: %w", err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			session.Produce(context.Background(), &kgo.Record{
				Topic: set.repartitionTopic, Key: r.Key, Value: r.Value, Headers: r.Headers, Timestamp: r.Timestamp,
			}, nil) // End fails when this does
		})
		if err := endTransaction(ctx, env, session); err != nil {
			return err
		}
	}
	return nil
}

func endTransaction(ctx context.Context, env app.Env, session *kgo.GroupTransactSession) error {
	last, cancel := grace.Context(ctx)
	defer cancel()
	committed, err := session.End(last, kgo.TryCommit)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("end transaction: %w", err)
	}
	if !committed {
		env.Log.Warn("warning", "text", "payments will be repartitioned again: the group changed meanwhile")
	}
	return nil
}

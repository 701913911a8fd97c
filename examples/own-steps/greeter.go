// Package greeting is a small Kafka application with a feature and steps of its own.
package greeting

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
)

// Greet answers every name with a greeting: the answer is written before the name is committed.
func Greet(ctx context.Context, env app.Env) error {
	options, err := env.ClientOptions()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(options, kgo.ConsumerGroup(env.Group), kgo.ConsumeTopics(env.Inputs...),
		kgo.DisableAutoCommit(), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		for _, r := range client.PollFetches(ctx).Records() {
			answer := &kgo.Record{Topic: env.Topic("greetings"), Key: r.Key, Value: []byte("Hi, " + string(r.Value) + "!")}
			if err := client.ProduceSync(ctx, answer).FirstErr(); err != nil && ctx.Err() == nil {
				return err
			}
		}
		if err := client.CommitUncommittedOffsets(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

package wire

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestGroupsOutliveFaults(t *testing.T) {
	apis := map[string]*kerr.Error{
		"FindCoordinator": kerr.CoordinatorNotAvailable, "JoinGroup": kerr.CoordinatorLoadInProgress, "SyncGroup": kerr.RebalanceInProgress,
		"Heartbeat": kerr.IllegalGeneration, "OffsetFetch": kerr.CoordinatorLoadInProgress, "OffsetCommit": kerr.CoordinatorNotAvailable,
		"ListOffsets": kerr.NotLeaderForPartition, "Metadata": kerr.LeaderNotAvailable,
	}
	for name, reason := range apis {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cluster(t, 1, kfake.SeedTopics(2, "orders"))
			p := wired(t, c, Options{})
			ctx := deadline(t)
			rule := On(name, Reject(reason))
			rule.App, rule.Times = "consumer", 1
			h := add(t, p, rule)
			if err := client(t, p, "producer").ProduceSync(ctx, numbered("orders", 100)...).FirstErr(); err != nil {
				t.Fatal(err)
			}
			consumer := client(t, p, "consumer", kgo.ConsumerGroup("shipping"), kgo.ConsumeTopics("orders"), kgo.AutoCommitInterval(100*time.Millisecond),
				kgo.HeartbeatInterval(50*time.Millisecond), kgo.ConsumeStartOffset(kgo.NewOffset().AtEnd().AfterMilli(0)), kgo.MetadataMaxAge(200*time.Millisecond))
			read(ctx, t, consumer, 100)
			_ = consumer.CommitUncommittedOffsets(ctx) // fails when it is the one rejected
			if err := h.Wait(ctx, 1); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestTransactionsOutliveFaults(t *testing.T) {
	for name, reason := range map[string]*kerr.Error{
		"InitProducerID": kerr.CoordinatorLoadInProgress, "AddPartitionsToTxn": kerr.ConcurrentTransactions, "EndTxn": kerr.CoordinatorLoadInProgress,
	} {
		t.Run(name, func(t *testing.T) {
			c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
			p := wired(t, c, Options{})
			ctx := deadline(t)
			rule := On(name, Reject(reason))
			rule.TransactionalID, rule.Times = "tx", 1
			h := add(t, p, rule)
			// Since KIP-890 clients leave AddPartitionsToTxn to the broker; version 11 of Produce is from before.
			producer := client(t, p, "producer", kgo.TransactionalID("tx"), kgo.MaxVersions(version(apiProduce, 11)))
			if err := producer.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			if err := producer.ProduceSync(ctx, numbered("orders", 10)...).FirstErr(); err != nil {
				t.Fatal(err)
			}
			if err := producer.EndTransaction(ctx, kgo.TryCommit); err != nil {
				t.Fatal(err)
			}
			if h.Fired() != 1 {
				t.Errorf("got fired %d, want 1", h.Fired())
			}
		})
	}
}

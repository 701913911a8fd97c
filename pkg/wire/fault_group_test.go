package wire

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestGroupsOutliveFaults rejects one request of each API a consumer needs, on every cluster: the fault fires, and the
// consumer reads all.
func TestGroupsOutliveFaults(t *testing.T) {
	t.Parallel()
	apis := map[string]*kerr.Error{
		"FindCoordinator": kerr.CoordinatorNotAvailable, "JoinGroup": kerr.CoordinatorLoadInProgress,
		"SyncGroup": kerr.RebalanceInProgress,
		"Heartbeat": kerr.IllegalGeneration, "OffsetFetch": kerr.CoordinatorLoadInProgress,
		"OffsetCommit": kerr.CoordinatorNotAvailable,
		"ListOffsets":  kerr.NotLeaderForPartition, "Metadata": kerr.LeaderNotAvailable, "Fetch": kerr.NotLeaderForPartition,
	}
	eachStand(t, func(t *testing.T, open func(*testing.T) *stand) {
		for name, reason := range apis {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t)
				rule := On(name, Reject(reason))
				rule.App, rule.Times = "consumer", 1
				h := add(t, s.proxy, rule)
				if err := client(t, s.proxy, "producer").ProduceSync(s.ctx,
					numbered(s.topic("orders"), 100)...).FirstErr(); err != nil {
					t.Fatal(err)
				}
				consumer := client(t, s.proxy, "consumer", kgo.ConsumerGroup(s.group("shipping")),
					kgo.ConsumeTopics(s.topic("orders")),
					kgo.AutoCommitInterval(100*time.Millisecond), kgo.HeartbeatInterval(50*time.Millisecond),
					kgo.MetadataMaxAge(200*time.Millisecond),
					kgo.ConsumeStartOffset(kgo.NewOffset().AtEnd().AfterMilli(0)))
				wantOnce(t, read(s.ctx, t, consumer, 100), 100)
				_ = consumer.CommitUncommittedOffsets(s.ctx) // fails when it is the one rejected
				awaitFired(s.ctx, t, h, 1)
			})
		}
	})
}

// TestTransactionsOutliveFaults does the same for what a transactional producer needs.
func TestTransactionsOutliveFaults(t *testing.T) {
	eachStand(t, func(t *testing.T, open func(*testing.T) *stand) {
		for name, reason := range map[string]*kerr.Error{
			"InitProducerID": kerr.CoordinatorLoadInProgress, "AddPartitionsToTxn": kerr.ConcurrentTransactions,
			"EndTxn": kerr.CoordinatorLoadInProgress,
		} {
			t.Run(name, func(t *testing.T) {
				s := open(t)
				rule := On(name, Reject(reason))
				rule.TransactionalID, rule.Times = s.id("tx"), 1
				h := add(t, s.proxy, rule)
				// Since KIP-890 clients leave AddPartitionsToTxn to the broker; version 11 of Produce is from before.
				producer := client(t, s.proxy, "producer", kgo.TransactionalID(s.id("tx")),
					kgo.MaxVersions(version(int16(kmsg.Produce), 11)))
				if err := producer.BeginTransaction(); err != nil {
					t.Fatal(err)
				}
				if err := producer.ProduceSync(s.ctx, numbered(s.topic("orders"), 10)...).FirstErr(); err != nil {
					t.Fatal(err)
				}
				if err := producer.EndTransaction(s.ctx, kgo.TryCommit); err != nil {
					t.Fatal(err)
				}
				if h.Fired() != 1 {
					t.Errorf("got fired %d, want 1", h.Fired())
				}
				consumer := client(t, s.proxy, "reader", kgo.ConsumeTopics(s.topic("orders")),
					kgo.FetchIsolationLevel(kgo.ReadCommitted()))
				wantOnce(t, read(s.ctx, t, consumer, 10), 10)
			})
		}
	})
}

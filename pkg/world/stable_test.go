package world

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A transaction that ends after a topic was read, and before it is asked whether all could be read, was not seen: the
// topic is looked at again.
func TestSettledSeesATransactionThatEndsMeanwhile(t *testing.T) {
	ctx, topic := t.Context(), newTopic(t)
	producer, err := topic.world.Session.Client(kgo.TransactionalID("pipeline"), kgo.DefaultProduceTopic(topic.Physical))
	if err != nil {
		t.Fatal(err)
	}
	defer producer.Close()
	if err := producer.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := producer.ProduceSync(ctx, kgo.StringRecord("a")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	var seen []int64
	if err := topic.world.Until(ctx, 10*time.Second, "to hold", func(ctx context.Context) error {
		n, err := topic.Count(ctx)
		if err != nil {
			return err
		}
		if seen = append(seen, n); len(seen) == 1 {
			if err := producer.EndTransaction(ctx, kgo.TryCommit); err != nil {
				return Final(err)
			}
		}
		return Settled(ctx, topic)
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, []int64{0, 1}) {
		t.Errorf("got %v records in the looks, want 0 and then 1", seen)
	}
}

package groupconsumer

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// A partition that was given up has no worker: it can be given up again, and what is still fetched of it is nobody's.
func TestPartitionGivenUpHasNoWorker(t *testing.T) {
	c := &consumer{log: slog.New(slog.DiscardHandler), workers: map[group.Place]*worker{},
		marks: map[group.Place]*mark{}}
	c.assigned(context.Background(), nil, map[string][]int32{"orders": {0}})
	for range 2 {
		c.stop([]group.Place{{Topic: "orders"}})
	}
	fetched := kgo.Fetches{{Topics: []kgo.FetchTopic{{Topic: "orders",
		Partitions: []kgo.FetchPartition{{Records: []*kgo.Record{{Topic: "orders"}}}}}}}}
	select {
	case <-c.hand(fetched):
	case <-time.After(10 * time.Second):
		t.Error("got a record that waits for a worker, want it left to the next owner")
	}
}

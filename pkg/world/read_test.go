package world

import (
	"context"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// A broker that does not know a topic, or not all of it, must not look like one with nothing in it: a group would have
// caught up with that, and an expectation that the topic is empty would hold.
func TestUnknownPartitionIsNoEmptyPartition(t *testing.T) {
	ctx := context.Background()
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(ctx, cluster.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Session: session, Journal: journal.New()}
	t.Cleanup(func() {
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := w.CreateTopic(ctx, "known", 1, -1, Settings{}); err != nil {
		t.Fatal(err)
	}
	w.addTopic("grown", "known", 2) // with a partition that the broker has not heard of
	w.addTopic("unknown", "unknown", 1)
	for _, name := range []string{"grown", "unknown"} {
		topic := w.topics[name]
		if _, err := topic.Count(ctx); err == nil || !strings.Contains(err.Error(), "could not look") {
			t.Errorf("count %s: got %v, want an error that it could not look", name, err)
		}
		if err := w.Group("shipping").NoLag(ctx, topic); err == nil || !strings.Contains(err.Error(), "could not look") {
			t.Errorf("no lag on %s: got %v, want an error that it could not look", name, err)
		}
	}
	if n, err := w.topics["known"].Count(ctx); err != nil || n != 0 {
		t.Errorf("count known: got %d, %v, want 0", n, err)
	}
}

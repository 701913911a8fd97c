package world

import (
	"context"
	"strings"
	"testing"
)

// A broker that does not know a topic, or not all of it, must not look like one with nothing in it: a group would have
// caught up with that, and an expectation that the topic is empty would hold.
func TestUnknownPartitionIsNoEmptyPartition(t *testing.T) {
	ctx := context.Background()
	w := newTopic(t).world
	w.addTopic("grown", "orders", 2) // with a partition that the broker has not heard of
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
	if n, err := w.topics["orders"].Count(ctx); err != nil || n != 0 {
		t.Errorf("count orders: got %d, %v, want 0", n, err)
	}
}

package cluster_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A topic that has yet to gain its partitions looks complete to whoever does not know how many there will be.
func TestAwaitTopicsWaitsForPartitionsThatAreToCome(t *testing.T) {
	session := open(t, cluster.NewEmbedded(cluster.EmbeddedOptions{}))
	topic := createTopic(t, session, "orders", 1)
	admin := client(t, session)
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := cluster.AwaitTopics(short, admin, map[string]int32{topic: 3}); err == nil {
		t.Error("got a topic of 1 partition taken for one of 3, want the wait to go on")
	}
	if _, err := kadm.NewClient(admin).UpdatePartitions(within(t), 3, topic); err != nil {
		t.Fatal(err)
	}
	if err := cluster.AwaitTopics(within(t), admin, map[string]int32{topic: 3}); err != nil {
		t.Errorf("got %v, want the topic's 3 partitions to be served", err)
	}
	if err := cluster.AwaitTopics(within(t), admin, map[string]int32{topic: 0}); err != nil {
		t.Errorf("got %v, want any number of partitions to do", err)
	}
}

func TestLeaderless(t *testing.T) {
	topic := func(code int16, leaders ...int32) *kmsg.MetadataResponse {
		view := kmsg.NewMetadataResponseTopic()
		view.Topic, view.ErrorCode = kmsg.StringPtr("orders"), code
		for i, leader := range leaders {
			partition := kmsg.NewMetadataResponseTopicPartition()
			partition.Partition, partition.Leader = int32(i), leader
			view.Partitions = append(view.Partitions, partition)
		}
		return &kmsg.MetadataResponse{Topics: []kmsg.MetadataResponseTopic{view}}
	}
	for _, test := range []struct {
		view *kmsg.MetadataResponse
		want string
	}{
		{topic(0, 1, 2), ""},
		{topic(0, 1), "orders has 1 of 2 partitions"},
		{topic(0, 1, -1), "orders partition 1 has no leader"},
		{topic(kerr.UnknownTopicOrPartition.Code), "orders has " + kerr.UnknownTopicOrPartition.Error()},
	} {
		if diff := cmp.Diff(test.want, cluster.Leaderless(test.view, map[string]int32{"orders": 2})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

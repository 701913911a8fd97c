package group_test

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// Of a commit that is refused for one partition, the others are taken.
func TestCommitSaysWhatWasTaken(t *testing.T) {
	l := lab.New(t)
	l.Fake.ControlKey(int16(kmsg.OffsetCommit), func(request kmsg.Request) (kmsg.Response, error, bool) {
		answer := request.ResponseKind().(*kmsg.OffsetCommitResponse)
		topic := kmsg.NewOffsetCommitResponseTopic()
		topic.Topic = "orders"
		for i, failed := range []int16{0, kerr.UnknownMemberID.Code, 0} {
			partition := kmsg.NewOffsetCommitResponseTopicPartition()
			partition.Partition, partition.ErrorCode = int32(i), failed
			topic.Partitions = append(topic.Partitions, partition)
		}
		answer.Topics = append(answer.Topics, topic)
		return answer, nil, true
	})
	client, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.ConsumerGroup("shipping"),
		kgo.ConsumeTopics("orders"), kgo.DisableAutoCommit())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	offsets := group.Offsets{}
	for i := range int32(3) {
		offsets.Add(group.Place{Topic: "orders", Partition: i}, kgo.EpochOffset{Epoch: -1, Offset: 5})
	}
	taken, err := group.Commit(l.Ctx, client, slog.New(slog.DiscardHandler), offsets)
	if diff := cmp.Diff([]group.Place{{Topic: "orders"}, {Topic: "orders", Partition: 2}}, taken); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	if !errors.Is(err, kerr.UnknownMemberID) {
		t.Errorf("got error %v, want %v", err, kerr.UnknownMemberID)
	}
}

package world

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/membership"
)

// TestTopicsThatNoMetadataNames holds that what a group gives is known by its topic's name though no broker has told it
// to any application: of a topic that the scenario made, and of one that an application made.
func TestTopicsThatNoMetadataNames(t *testing.T) {
	topic := newTopic(t)
	w, ctx := topic.world, t.Context()
	made, err := w.Admin().CreateTopic(ctx, 1, 1, nil, "made-by-an-application")
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := w.wire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	link, err := proxy.Application("librdkafka")
	if err != nil {
		t.Fatal(err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(link.Bootstrap()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	beat := func(epoch int32, owned ...kadm.TopicID) *kmsg.ConsumerGroupHeartbeatResponse {
		request := kmsg.NewPtrConsumerGroupHeartbeatRequest()
		request.Group, request.MemberID, request.MemberEpoch = "shipping", "member-1", epoch
		request.RebalanceTimeoutMillis = 60000
		request.SubscribedTopicNames = []string{"orders", "made-by-an-application"}
		request.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
		for _, id := range owned {
			request.Topics = append(request.Topics, kmsg.ConsumerGroupHeartbeatRequestTopic{TopicID: id, Partitions: []int32{0}})
		}
		response, err := request.RequestWith(ctx, client)
		if err != nil || response.ErrorCode != 0 {
			t.Fatalf("got %+v, %v", response, err)
		}
		return response
	}
	epoch, given := int32(0), 0
	err = await.Until(ctx, await.Options{Within: 10 * time.Second, What: "the group to give both topics"},
		func(context.Context) (bool, error) {
			response := beat(epoch)
			if epoch = response.MemberEpoch; response.Assignment != nil {
				given = len(response.Assignment.Topics)
			}
			return given == 2, nil
		})
	if err != nil {
		t.Fatal(err)
	}
	beat(epoch, topic.ID, made.ID)
	owned := map[string]bool{}
	facts := w.Journal.Select(func(f *journal.Fact) bool { return f.Group == "shipping" })
	for _, o := range membership.Ownerships(facts, "shipping") {
		owned[o.Topic] = o.End == membership.Owning && o.Claimed
	}
	if len(owned) != 2 || !owned["orders"] || !owned["made-by-an-application"] {
		t.Errorf("got ownerships %v, want both topics by name, claimed", owned)
	}
	if name := w.topicName([16]byte{1}); name != "" {
		t.Errorf("got name %q of a topic that does not exist, want none", name)
	}
}

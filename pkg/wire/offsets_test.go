package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestWhatAGroupHasCommitted holds that answers to OffsetFetch tell it in every version: of one group, and since
// version 8 of several.
func TestWhatAGroupHasCommitted(t *testing.T) {
	names := &naming{directory: newBrokers(), undo: suffixed{}}
	id := [16]byte{1}
	names.directory.topicSeen(id, "orders-ks")
	for version := range kmsg.NewPtrOffsetFetchRequest().MaxVersion() + 1 {
		asked := kmsg.NewPtrOffsetFetchRequest()
		asked.Version = version
		answer := asked.ResponseKind().(*kmsg.OffsetFetchResponse)
		if version < 8 {
			asked.Group = "shipping-ks"
			answer.Topics = []kmsg.OffsetFetchResponseTopic{{Topic: "orders-ks",
				Partitions: []kmsg.OffsetFetchResponseTopicPartition{{Partition: 1, Offset: 7}, {Partition: 2, Offset: -1,
					ErrorCode: 3}}}}
		} else {
			asked.Groups = []kmsg.OffsetFetchRequestGroup{{Group: "shipping-ks"}}
			answer.Groups = []kmsg.OffsetFetchResponseGroup{{Group: "shipping-ks",
				Topics: []kmsg.OffsetFetchResponseGroupTopic{{Topic: "orders-ks", TopicID: id,
					Partitions: []kmsg.OffsetFetchResponseGroupTopicPartition{{Partition: 1, Offset: 7}, {Partition: 2,
						Offset: -1, ErrorCode: 3}}}}}}
		}
		o, err := observe(&request{requestHead: requestHead{key: kmsg.OffsetFetch, version: version},
			frame: asked.AppendTo(nil)}, wanted{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := o.facts(names, answer.AppendTo(nil))
		if err != nil {
			t.Fatal(err)
		}
		want := []journal.Fact{
			{Kind: journal.GroupOffset, Group: "shipping", Topic: "orders", Partition: 1, Offset: 7, Detail: &journal.Begin{}},
			{Kind: journal.GroupOffset, Group: "shipping", Topic: "orders", Partition: 2, Offset: -1,
				Detail: &journal.Begin{Code: 3}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("version %d: facts differ (-want +got):\n%s", version, diff)
		}
		if got, _ = o.facts(names, nil); got != nil {
			t.Errorf("version %d: got %v without an answer, want nothing", version, got)
		}
	}
}

package wrong

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/shareworker"
)

// shareVariants are those of share-worker.
func shareVariants() []Variant {
	type policy = shareworker.Policy
	return variants(shareworker.RunWith, []mistake[policy]{
		// At most once: what it holds when it dies is nobody's any more.
		{"share-accept-first", "a record is accepted when it comes, and worked on then", func(p *policy) {
			p.Settle = func(_ context.Context, h shareworker.Held) {
				h.Ack(kgo.AckAccept)
				h.Flush()
				_ = h.Work()
			}
		}},
		// The client accepts at the next poll what nobody spoke of.
		{"share-failure-unsaid", "nothing is said of a record whose work fails: shows when some do", func(p *policy) {
			p.Settle = func(_ context.Context, h shareworker.Held) {
				if h.Work() == nil {
					h.Ack(kgo.AckAccept)
				}
			}
		}},
		// It is tried again up to the group's limit, and dropped by the group then.
		{"share-never-rejects", "a record that can never be processed is released like any other that fails: shows when " +
			"there is one", func(p *policy) {
			p.Settle = func(_ context.Context, h shareworker.Held) {
				if h.Work() == nil {
					h.Ack(kgo.AckAccept)
				} else {
					h.Ack(kgo.AckRelease)
				}
			}
		}},
		// By then another member has it.
		{"share-outlives-lock", "the work on the first record takes longer than the group's lock holds, and it is not " +
			"renewed: shows with two members and a lock of a second", func(p *policy) {
			right := p.Settle
			p.Settle = func(ctx context.Context, h shareworker.Held) {
				if first := h.Partition == 0 && h.Offset == 0; first && h.DeliveryCount() == 1 {
					select {
					case <-time.After(longer):
					case <-ctx.Done():
					}
				}
				right(ctx, h)
			}
		}},
		// Share groups begin at the end unless they are told otherwise.
		{"share-latest", "the group begins with what comes after its first member: shows when there is something before",
			func(p *policy) { p.Earliest = false }},
		// As one does that keeps the acknowledgements of a poll and sends them again after an error.
		{"share-accepts-twice", "records that are accepted are accepted again", func(p *policy) {
			right, accepted := p.Settle, []*kgo.Record(nil)
			p.Settle = func(ctx context.Context, h shareworker.Held) {
				work := h.Work
				h.Work = func() error {
					err := work()
					if err == nil {
						accepted = append(accepted, h.Record)
					}
					return err
				}
				right(ctx, h)
			}
			p.Settled = func(ctx context.Context, client *kgo.Client, group string) {
				acceptAgain(ctx, client, group, accepted)
				accepted = nil
			}
		}},
	})
}

// longer than a lock of a second, and than a busy broker takes to see that it is over.
const longer = 5 * time.Second / 2

// acceptAgain sends acknowledgements of records on a session that is none: the group refuses them.
func acceptAgain(ctx context.Context, client *kgo.Client, group string, records []*kgo.Record) {
	member := "again"
	request := kmsg.NewPtrShareAcknowledgeRequest()
	request.GroupID, request.MemberID, request.ShareSessionEpoch = &group, &member, 1
	for _, r := range records {
		id, err := topicID(ctx, client, r.Topic)
		if err != nil {
			return // it stops
		}
		batch := kmsg.NewShareAcknowledgeRequestTopicPartitionAcknowledgementBatch()
		batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes = r.Offset, r.Offset, []int8{int8(kgo.AckAccept)}
		partition := kmsg.NewShareAcknowledgeRequestTopicPartition()
		partition.Partition = r.Partition
		partition.AcknowledgementBatches = append(partition.AcknowledgementBatches, batch)
		topic := kmsg.NewShareAcknowledgeRequestTopic()
		topic.TopicID, topic.Partitions = id, append(topic.Partitions, partition)
		request.Topics = append(request.Topics, topic)
	}
	_, _ = request.RequestWith(ctx, client)
}

func topicID(ctx context.Context, client *kgo.Client, topic string) ([16]byte, error) {
	found, err := kadm.NewClient(client).ListTopics(ctx, topic)
	return found[topic].ID, err
}

package wrong

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/groupconsumer"
)

// groupVariants are those of group-consumer.
func groupVariants() []Variant {
	type policy = groupconsumer.Policy
	return append(variants(groupconsumer.RunWith, []mistake[policy]{
		// It relies on the commit every now and then. What was done since the last one, the next owner does again.
		{"group-no-commit-on-revoke", "partitions are given up without committing what was done since the last commit",
			func(p *policy) { p.Revoke = func(stop, _, forget func()) { stop(); forget() } }},
		// As clients do by themselves where nobody stops them. The next owner never sees what was fetched and not processed.
		{"group-polled-committed", "all that was fetched is committed, not only what was processed", func(p *policy) {
			p.Mark = func(fetched []*kgo.Record, _ int) *kgo.Record { return fetched[len(fetched)-1] }
		}},
		// It shares partitions evenly, and keeps as many where they are as the cooperative assignor does; but all of them
		// are given up first.
		{"group-eager", "the assignor is an eager one, whatever the settings say: a rebalance interrupts all partitions",
			func(p *policy) { p.Client = append(p.Client, kgo.Balancers(kgo.StickyBalancer())) }},
		// It does not hold up a rebalance for a commit: the next one that comes anyway will have it. Brokers take that, and
		// it sets back what the new owner has committed.
		{"group-commit-after-revoke", "the commit for a revoked partition is sent when it is another member's already",
			func(p *policy) { p.Revoke = func(stop, _, _ func()) { stop() } }},
		// It is a static member under an id that it never uses again, as where the id of a container is taken for one.
		// Static members do not leave, so its partitions are nobody's until its session has timed out.
		{"group-no-leave", "the application stops without telling its group: shows when it is stopped", func(p *policy) {
			p.Client = append(p.Client, kgo.InstanceID(fmt.Sprintf("container-%d", time.Now().UnixNano())))
		}},
		// By then their new owner has gone on.
		{"group-commits-lost", "what was done on lost partitions is committed when the member has joined again: shows when " +
			"it hangs", func(p *policy) { p.Lost = func(func()) {} }},
		// The record in hand is finished after the commit, and the next owner does it again.
		{"group-commit-before-stop", "a revoked partition is committed first, and work on it stopped then: shows when " +
			"records take time", func(p *policy) {
			p.Revoke = func(stop, commit, forget func()) { commit(); stop(); forget() }
		}},
		// Members of its group know no other assignor, so the group's leader has this one, whoever that is.
		{"group-given-to-all", "the assignor, range whatever the settings say, gives each partition to every member",
			func(p *policy) { p.Client = append(p.Client, kgo.Balancers(toAll{kgo.RangeBalancer()})) }},
		// The cooperative protocol has no moment at which nobody owns anything. Its assignors must leave a partition that
		// moves to nobody in one rebalance, and give it to its new owner in the next.
		{"group-moves-at-once", "the assignor, cooperative-sticky whatever the settings say, gives partitions to their new " +
			"owner before the old one has given them up", func(p *policy) {
			p.Client = append(p.Client, kgo.Balancers(atOnce{kgo.CooperativeStickyBalancer()}))
		}},
		{"group-newest-first", "of what one fetch brought the newest records are processed first", func(p *policy) {
			p.Mark = func(fetched []*kgo.Record, i int) *kgo.Record {
				if i == 0 {
					slices.Reverse(fetched[1:])
				}
				if i > 0 && i == len(fetched)-1 {
					return fetched[1]
				}
				return fetched[0]
			}
		}},
		{"group-reads-again", "a partition is read again from its start when 300 of its records are processed",
			func(p *policy) { seeking(p, 300, 0) }},
		{"group-jumps", "40 records are jumped over when 300 of a partition are processed", func(p *policy) {
			p.Client = append(p.Client, kgo.FetchMaxPartitionBytes(1)) // a batch at a time, so that some is not fetched yet
			seeking(p, 300, 340)
		}},
		{"group-starts-over", "an assigned partition is read from its beginning, whatever is committed", func(p *policy) {
			p.Client = append(p.Client, kgo.AdjustFetchOffsetsFn(fromTheStart))
		}},
	}), Variant{"group-silent", "the partitions it is given are not reported", silent(groupconsumer.Run, "assigned")})
}

// toAll is an assignor that gives each partition to every member.
type toAll struct{ kgo.GroupBalancer }

func (a toAll) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{},
	error) {
	b, err := kgo.NewConsumerBalancer(a, members)
	return b, b.MemberTopics(), err
}

// Balance is the plan for members of which each reads all topics.
func (toAll) Balance(b *kgo.ConsumerBalancer, topics map[string]int32) kgo.IntoSyncAssignment {
	plan := b.NewPlan()
	b.EachMember(func(member *kmsg.JoinGroupResponseMember, _ *kmsg.ConsumerMemberMetadata) {
		for topic, partitions := range topics {
			for p := range partitions {
				plan.AddPartition(member, topic, p)
			}
		}
	})
	return plan
}

// atOnce is the cooperative assignor with the plans of the eager one.
type atOnce struct{ kgo.GroupBalancer }

func (atOnce) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{},
	error) {
	return kgo.StickyBalancer().MemberBalancer(members)
}

func fromTheStart(_ context.Context,
	committed map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	for _, partitions := range committed {
		for partition := range partitions {
			partitions[partition] = kgo.NewOffset().AtStart()
		}
	}
	return committed, nil
}

// seeking goes on elsewhere, once, when so many records of a partition are processed.
func seeking(p *groupconsumer.Policy, after, to int64) {
	var client made
	p.Client = append(p.Client, kgo.WithHooks(&client))
	right, done := p.Mark, sync.Once{}
	p.Mark = func(fetched []*kgo.Record, i int) *kgo.Record {
		if r := fetched[i]; r.Offset+1 == after {
			done.Do(func() {
				client.SetOffsets(map[string]map[int32]kgo.EpochOffset{r.Topic: {r.Partition: {Epoch: -1, Offset: to}}})
			})
		}
		return right(fetched, i)
	}
}

// made is the client that it is a hook of.
type made struct{ *kgo.Client }

func (m *made) OnNewClient(client *kgo.Client) { m.Client = client }

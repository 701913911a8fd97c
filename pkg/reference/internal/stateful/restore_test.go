package stateful

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// The first commit of a partition is waited for as any other is, while its transaction is open: who restores before it
// is decided would find a changelog ahead of the offsets. A group's list of all its offsets does not show such a
// partition at all.
func TestRestoreWaitsForTheFirstCommit(t *testing.T) {
	l, s, one := member(t)
	one.out.Changelog([]byte("k"), []byte("v"))
	if err := s.flush(l.Ctx); err != nil {
		t.Fatal(err)
	}

	if committed, _, err := s.stable(l.Ctx, one); err != nil || committed[0] != -1 {
		t.Fatalf("got %v, %v before the commit, want -1", committed, err)
	}
	if err := s.commitOffsets(l.Ctx, []*task{one}); err != nil {
		t.Fatal(err)
	}
	if committed, _, err := s.stable(l.Ctx, one); !errors.Is(err, kerr.UnstableOffsetCommit) {
		t.Errorf("got %v, %v while the transaction is open, want %v", committed, err, kerr.UnstableOffsetCommit)
	}
	if err := s.client.EndTransaction(l.Ctx, kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	if committed, _, err := s.stable(l.Ctx, one); err != nil || committed[0] != 1 {
		t.Errorf("got %v, %v after the transaction, want 1", committed, err)
	}
}

// A member that was frozen between the offsets and the changelog finds that of the partition's next owner, and begins
// again. Where nobody has committed meanwhile, no new start would help.
func TestRestoreTellsAnotherOwnerFromWhatDoesNotAgree(t *testing.T) {
	for name, c := range map[string]struct {
		stale int64 // answers with the offset 0, which was true before
		heals bool
	}{"another owner": {1, true}, "does not agree": {10, false}} {
		t.Run(name, func(t *testing.T) {
			l, s, one := member(t)
			s.env.Bootstrap, one.work = l.Fake.ListenAddrs(), nothing{}
			one.out.Changelog(position, []byte(one.position()))
			if err := s.flush(l.Ctx); err != nil {
				t.Fatal(err)
			}
			if err := s.commitOffsets(l.Ctx, []*task{one}); err != nil {
				t.Fatal(err)
			}
			if err := s.client.EndTransaction(l.Ctx, kgo.TryCommit); err != nil {
				t.Fatal(err)
			}
			var asked atomic.Int64
			l.Fake.ControlKey(int16(kmsg.OffsetFetch), func(request kmsg.Request) (kmsg.Response, error, bool) {
				l.Fake.KeepControl()
				if asked.Add(1) > c.stale {
					return nil, nil, false
				}
				asks := request.(*kmsg.OffsetFetchRequest)
				answer := asks.ResponseKind().(*kmsg.OffsetFetchResponse)
				group := kmsg.NewOffsetFetchResponseGroup()
				group.Group = s.env.Group
				topic := kmsg.NewOffsetFetchResponseGroupTopic()
				topic.Topic, topic.TopicID = asks.Groups[0].Topics[0].Topic, asks.Groups[0].Topics[0].TopicID
				topic.Partitions = append(topic.Partitions, kmsg.NewOffsetFetchResponseGroupTopicPartition())
				group.Topics = append(group.Topics, topic)
				answer.Groups = append(answer.Groups, group)
				return answer, nil, true
			})
			err := again(s.restore(l.Ctx, one).err)
			if errors.Is(err, errAgain) != c.heals {
				t.Errorf("got %v, want an error that a new start heals: %v", err, c.heals)
			}
		})
	}
}

// A broker that does not know the changelog yet is asked again.
func TestRestoreWaitsForANewTopic(t *testing.T) {
	l, s, one := member(t)
	var asked atomic.Int64
	l.Fake.ControlKey(int16(kmsg.ListOffsets), func(request kmsg.Request) (kmsg.Response, error, bool) {
		l.Fake.KeepControl()
		if asked.Add(1) > 3 {
			return nil, nil, false
		}
		asks := request.(*kmsg.ListOffsetsRequest)
		answer := asks.ResponseKind().(*kmsg.ListOffsetsResponse)
		topic := kmsg.NewListOffsetsResponseTopic()
		topic.Topic = asks.Topics[0].Topic
		partition := kmsg.NewListOffsetsResponseTopicPartition()
		partition.ErrorCode = kerr.UnknownTopicOrPartition.Code
		topic.Partitions = append(topic.Partitions, partition)
		answer.Topics = append(answer.Topics, topic)
		return answer, nil, true
	})
	one.out.Changelog([]byte("k"), []byte("v"))
	if err := s.flush(l.Ctx); err != nil {
		t.Fatal(err)
	}
	if start, end, err := s.changelog(l.Ctx, 0); start != 0 || end != 1 || err != nil {
		t.Errorf("got %d to %d, %v, want 0 to 1", start, end, err)
	}
}

// nothing is a task without state.
type nothing struct{}

func (nothing) Restore(_, _ []byte) error          { return nil }
func (nothing) Process(*kgo.Record, Emitter) error { return nil }
func (nothing) Commit(Emitter)                     {}

package stateful

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
)

func (s *session) begin() error {
	if s.open.Load() {
		return nil
	}
	s.beginning.Lock()
	defer s.beginning.Unlock()
	if s.open.Load() {
		return nil
	}
	if err := s.client.BeginTransaction(); err != nil {
		return fmt.Errorf("begin transaction %s: %w", s.options.TransactionalID, err)
	}
	s.open.Store(true)
	return nil
}

// settle lets the tasks look around and write their changes, commits, and then lets a waiting rebalance take place.
func (s *session) settle(ctx context.Context) error {
	s.observe(ctx)
	s.writeChanges()
	if err := s.commit(ctx); err != nil {
		return err
	}
	s.began = time.Now()
	s.client.AllowRebalance()
	return nil
}

// writeChanges lets the tasks write what has changed.
func (s *session) writeChanges() {
	_ = sideBySide(s.shares(), func(share []*task) error {
		for _, t := range share {
			if t.touched {
				t.work.Commit(t.out)
			}
		}
		return nil
	})
}

// commit ends the transaction. An error leaves it open: the next session, or its timeout, aborts it.
func (s *session) commit(ctx context.Context) error {
	var touched []*task
	for _, t := range s.sorted() {
		if t.touched {
			touched = append(touched, t)
		}
	}
	if len(touched) == 0 {
		return nil
	}
	for _, t := range touched {
		t.out.Changelog(position, []byte(t.position()))
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	err := s.flush(last)
	if err == nil {
		err = s.commitOffsets(last, touched)
	}
	if err == nil {
		err = s.client.EndTransaction(last, kgo.TryCommit)
	}
	if err != nil {
		return again(err)
	}
	s.open.Store(false)
	s.commits++
	for _, t := range touched {
		t.touched = false
		for _, q := range t.queues {
			s.log.Info("committed", "topic", q.topic, "partition", t.partition, "offset", q.next)
		}
	}
	return nil
}

// commitOffsets adds the tasks' offsets to the transaction, under this member's generation of the group. That is what
// fences: the group refuses a member that it has gone on without, and every transaction has some offsets.
//
// Not with kgo.GroupTransactSession, which commits all that was polled: some of that is still waiting here. Versions of
// the request from 5 on leave out AddOffsetsToTxn, which only some clusters allow (KIP-890), so version 4 is used.
func (s *session) commitOffsets(ctx context.Context, touched []*task) error {
	id, epoch, err := s.client.ProducerID(ctx)
	if err != nil {
		return fmt.Errorf("producer id of transactional id %s: %w", s.options.TransactionalID, err)
	}
	add := kmsg.NewPtrAddOffsetsToTxnRequest()
	add.TransactionalID, add.ProducerID, add.ProducerEpoch, add.Group = s.options.TransactionalID, id, epoch, s.env.Group
	request := kmsg.NewPtrTxnOffsetCommitRequest()
	request.TransactionalID, request.ProducerID, request.ProducerEpoch, request.Group = s.options.TransactionalID, id,
		epoch, s.env.Group
	request.Topics = s.offsets(touched)
	late := time.Now().Add(s.options.SessionTimeout / 2)
	for added := false; ; {
		if !added {
			answer, err := add.RequestWith(ctx, s.client)
			if err == nil {
				err = kerr.ErrorForCode(answer.ErrorCode)
			}
			switch added = err == nil; {
			case added:
			case !errors.Is(err, kerr.ConcurrentTransactions): // the last transaction's markers are still being written
				return fmt.Errorf("add offsets to transaction: %w", err)
			}
		}
		if added {
			request.MemberID, request.Generation = s.client.GroupMetadata()
			for _, t := range touched {
				if t.member != request.MemberID { // expelled: the client has joined anew, and has not told of its loss yet
					return fmt.Errorf("commit offset of partition %d: %w", t.partition, kerr.UnknownMemberID)
				}
			}
			err := commitError(request.RequestWith(ctx, s.client))
			if err == nil || !passing(err) {
				return err
			}
		}
		if !grace.Pause(ctx, 5*time.Millisecond) || ctx.Err() != nil || time.Now().After(late) {
			return errors.New("commit offsets: the group's rebalance did not end in time")
		}
	}
}

// passing tells errors of a commit in the short time between a rebalance and this member's new generation. Partitions
// that the rebalance takes away are given up only at the next AllowRebalance, so until then they are nobody else's: as
// long as it is the same member. One that was expelled gets a new id, and others may have had its partitions for long.
func passing(err error) bool {
	return errors.Is(err, kerr.RebalanceInProgress) || errors.Is(err, kerr.IllegalGeneration) ||
		errors.Is(err, kerr.ConcurrentTransactions)
}

func commitError(answer *kmsg.TxnOffsetCommitResponse, err error) error {
	if err != nil {
		return fmt.Errorf("commit offsets: %w", err)
	}
	for _, topic := range answer.Topics {
		for _, p := range topic.Partitions {
			if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
				return fmt.Errorf("commit offset of topic %s partition %d: %w", topic.Topic, p.Partition, err)
			}
		}
	}
	return nil
}

// offsets are those of the tasks, with their notes.
func (s *session) offsets(touched []*task) []kmsg.TxnOffsetCommitRequestTopic {
	byTopic := map[string]*kmsg.TxnOffsetCommitRequestTopic{}
	for _, t := range touched {
		note := ""
		if o, ok := t.work.(Observer); ok {
			note = o.Note()
		}
		for _, q := range t.queues {
			if byTopic[q.topic] == nil {
				topic := kmsg.NewTxnOffsetCommitRequestTopic()
				topic.Topic = q.topic
				byTopic[q.topic] = &topic
			}
			partition := kmsg.NewTxnOffsetCommitRequestTopicPartition()
			partition.Partition, partition.Offset, partition.LeaderEpoch, partition.Metadata = t.partition, q.next, q.epoch,
				&note
			byTopic[q.topic].Partitions = append(byTopic[q.topic].Partitions, partition)
		}
	}
	var all []kmsg.TxnOffsetCommitRequestTopic
	for _, name := range slices.Sorted(maps.Keys(byTopic)) {
		all = append(all, *byTopic[name])
	}
	return all
}

// refused tells errors of records that no new start heals.
func refused(err error) bool {
	for _, is := range []error{
		kerr.MessageTooLarge, kerr.RecordListTooLarge, kerr.InvalidRecord, kerr.InvalidTopicException,
		kerr.TopicAuthorizationFailed,
		kerr.TransactionalIDAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.ClusterAuthorizationFailed,
		kerr.UnknownTopicOrPartition,
	} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// finish commits what was processed when the application was told to stop.
func (s *session) finish(ctx context.Context) error {
	last, cancel := grace.Context(ctx)
	defer cancel()
	s.writeChanges()
	return s.commit(last)
}

// placed puts changelog entries on the partition of their task, and everything else where its key belongs.
type placed struct {
	changelog string
	others    kgo.Partitioner
}

func (p placed) ForTopic(topic string) kgo.TopicPartitioner {
	if topic == p.changelog {
		return kgo.ManualPartitioner().ForTopic(topic)
	}
	return p.others.ForTopic(topic)
}

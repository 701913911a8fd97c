package stateful

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/slab"
)

// Emitter takes what a task writes, for the transaction that is under way.
type Emitter struct {
	session *session
	task    *task
	written func(*kgo.Record, error) // done, made once
	emitted []emitted                // and not handed to the client yet

	slab   *slab.Slab
	lent   *kgo.Record // by Record, and not emitted yet
	memory []byte
	back   func(*kgo.Record, error) // written, and takes what is lent back

	mu     sync.Mutex
	failed error // the first record that was refused, in this transaction
}

type emitted struct {
	record  *kgo.Record
	written func(*kgo.Record, error)
}

const (
	usualSize = 256 // bytes that are lent with a record
	// atOnce is how many records the client is given in a row. It takes locks for each, and a lock waits for all that was written to memory before it.
	atOnce = 64
)

func newEmitter(s *session) *Emitter {
	e := &Emitter{session: s, slab: slab.New(usualSize), emitted: make([]emitted, 0, atOnce)}
	e.written = e.done
	return e
}

// Record lends an empty record, and empty memory for its key or value, to be filled and given to Emit: one at a time. That keeps the garbage
// collector out of applications that write much.
func (e *Emitter) Record() (r *kgo.Record, memory []byte) {
	if e.lent == nil {
		e.lent, e.memory, e.back = e.slab.Next(e.written)
	} else {
		*e.lent = kgo.Record{}
	}
	return e.lent, e.memory[:0]
}

// Emit writes a record to its topic. It must not be changed any more.
func (e *Emitter) Emit(r *kgo.Record) {
	e.task.touched = true
	written := e.written
	if r == e.lent {
		written, e.lent = e.back, nil
	}
	e.emitted = append(e.emitted, emitted{r, written})
	if len(e.emitted) == atOnce {
		e.send()
	}
}

// send hands over what was emitted.
func (e *Emitter) send() {
	if len(e.emitted) == 0 {
		return
	}
	if err := e.session.begin(); err != nil {
		e.fail(err)
		return
	}
	for _, one := range e.emitted {
		e.session.client.Produce(context.Background(), one.record, one.written)
	}
	clear(e.emitted)
	e.emitted = e.emitted[:0]
}

// Changelog writes an entry of the task's state: the new value of a key, or nil to remove it. The key is copied.
func (e *Emitter) Changelog(key, value []byte) {
	r, memory := e.Record()
	r.Topic, r.Partition, r.Key, r.Value = e.session.options.Changelog, e.task.partition, append(memory, key...), value
	e.Emit(r)
}

func (e *Emitter) done(r *kgo.Record, err error) {
	if err != nil {
		e.fail(fmt.Errorf("write to topic %s, key %q: %w", r.Topic, r.Key, err))
	}
}

func (e *Emitter) fail(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed == nil {
		e.failed = err
	}
}

// flush waits until everything that was emitted is written, and tells what became of it.
func (e *Emitter) flush(ctx context.Context) error {
	e.send()
	err := e.session.client.Flush(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
	return errors.Join(e.failed, err)
}

func (s *session) begin() error {
	if s.open {
		return nil
	}
	if err := s.client.BeginTransaction(); err != nil {
		return fmt.Errorf("begin transaction %s: %w", s.options.TransactionalID, err)
	}
	s.open = true
	return nil
}

// settle lets the tasks look around and write their changes, commits, and then lets a waiting rebalance take place.
func (s *session) settle(ctx context.Context) error {
	if err := s.observe(ctx); err != nil {
		return err
	}
	for _, t := range s.sorted() {
		if !t.touched {
			continue
		}
		s.out.task = t
		if err := t.work.Commit(s.out); err != nil {
			return err
		}
	}
	if err := s.commit(ctx); err != nil {
		return err
	}
	s.began = time.Now()
	s.client.AllowRebalance()
	return nil
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
		s.out.task = t
		s.out.Changelog(position, []byte(t.position()))
	}
	last, cancel := grace.Context(ctx)
	defer cancel()
	err := s.out.flush(last)
	if err == nil {
		err = s.commitOffsets(last, touched)
	}
	if err == nil {
		err = s.client.EndTransaction(last, kgo.TryCommit)
	}
	if err != nil {
		return again(err)
	}
	s.open = false
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
// Not with kgo.GroupTransactSession, which commits all that was polled: some of that is still waiting here. Versions of the
// request from 5 on leave out AddOffsetsToTxn, which only some clusters allow (KIP-890), so version 4 is used.
func (s *session) commitOffsets(ctx context.Context, touched []*task) error {
	id, epoch, err := s.client.ProducerID(ctx)
	if err != nil {
		return fmt.Errorf("producer id of transactional id %s: %w", s.options.TransactionalID, err)
	}
	add := kmsg.NewPtrAddOffsetsToTxnRequest()
	add.TransactionalID, add.ProducerID, add.ProducerEpoch, add.Group = s.options.TransactionalID, id, epoch, s.env.Group
	request := kmsg.NewPtrTxnOffsetCommitRequest()
	request.TransactionalID, request.ProducerID, request.ProducerEpoch, request.Group = s.options.TransactionalID, id, epoch, s.env.Group
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
		if pause(ctx, 5*time.Millisecond); ctx.Err() != nil || time.Now().After(late) {
			return errors.New("commit offsets: the group's rebalance did not end in time")
		}
	}
}

// passing tells errors of a commit in the short time between a rebalance and this member's new generation. Partitions that
// the rebalance takes away are given up only at the next AllowRebalance, so until then they are nobody else's: as long as it
// is the same member. One that was expelled gets a new id, and others may have had its partitions for long.
func passing(err error) bool {
	return errors.Is(err, kerr.RebalanceInProgress) || errors.Is(err, kerr.IllegalGeneration) || errors.Is(err, kerr.ConcurrentTransactions)
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
			partition.Partition, partition.Offset, partition.LeaderEpoch, partition.Metadata = t.partition, q.next, q.epoch, &note
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
		kerr.MessageTooLarge, kerr.RecordListTooLarge, kerr.InvalidRecord, kerr.InvalidTopicException, kerr.TopicAuthorizationFailed,
		kerr.TransactionalIDAuthorizationFailed, kerr.GroupAuthorizationFailed, kerr.ClusterAuthorizationFailed, kerr.UnknownTopicOrPartition,
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
	for _, t := range s.sorted() {
		if !t.touched {
			continue
		}
		s.out.task = t
		if err := t.work.Commit(s.out); err != nil {
			return err
		}
	}
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

package screen

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// pendingOffsets are those of a transaction that has not ended.
type pendingOffsets struct {
	lasts      time.Duration // the transaction's timeout
	until      time.Time
	partitions map[groupPartition]bool
}

type groupPartition struct {
	group string
	partition
}

// beginOffsets forgets what an earlier transaction of this id left; the broker has ended it.
func (s *state) beginOffsets(transactional string, timeout time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[transactional] = pendingOffsets{lasts: timeout, partitions: map[groupPartition]bool{}}
}

// committedInTransaction takes note of offsets that are not stable yet.
func (s *state) committedInTransaction(request kmsg.Request, _ any, answer kmsg.Response) bool {
	asked, got := request.(*kmsg.TxnOffsetCommitRequest), answer.(*kmsg.TxnOffsetCommitResponse)
	s.mu.Lock()
	defer s.mu.Unlock()
	now, ok := s.pending[asked.TransactionalID]
	if !ok {
		return false
	}
	if len(now.partitions) == 0 {
		now.until = time.Now().Add(now.lasts)
		s.pending[asked.TransactionalID] = now
	}
	for _, t := range got.Topics {
		for _, p := range t.Partitions {
			if p.ErrorCode == 0 {
				now.partitions[groupPartition{asked.Group, partition{t.Topic, p.Partition}}] = true
			}
		}
	}
	return false
}

// endOffsets forgets the offsets of a transaction that has ended.
func (s *state) endOffsets(transactional string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.pending[transactional].partitions)
}

// isPending tells whether a transaction that is not over holds an offset of a group.
func (s *state) isPending(p groupPartition) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, t := range s.pending {
		if t.partitions[p] && time.Now().Before(t.until) {
			return true
		}
	}
	return false
}

// unstableOffset is the answer about an offset that a transaction holds. kfake knows a group once it has an offset or a
// member, so it says nothing of the first transaction of a group.
func (s *state) unstableOffset(request *kmsg.OffsetFetchRequest, group, topic string, index int32) int16 {
	if request.RequireStable && s.isPending(groupPartition{group, partition{topic, index}}) {
		return kerr.UnstableOffsetCommit.Code
	}
	return 0
}

package stateful

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// observe tells the tasks that are Observers how far all tasks are, once every task of this instance has its state.
func (s *session) observe(ctx context.Context) {
	if all, ok := s.progress(ctx); ok {
		for _, t := range s.sorted() {
			t.work.(Observer).Observe(all, t.out)
		}
	}
}

// progress is how far the tasks are; not ok when that cannot be told now, or nobody asks.
func (s *session) progress(ctx context.Context) (all []Progress, ok bool) {
	for _, t := range s.tasks {
		if _, asks := t.work.(Observer); !asks || !t.ready {
			return nil, false
		}
	}
	if len(s.tasks) == 0 {
		return nil, false
	}
	// Where the partitions of this instance end is asked for anew as well: a member that was paused would take what it
	// knew before for the truth, and its own partition for one that is read to its end.
	if s.around, ok = s.lookAround(ctx); !ok {
		return nil, false
	}
	for p := range s.count {
		t := s.tasks[p]
		if t == nil {
			all = append(all, s.around[p])
			continue
		}
		own := Progress{Note: t.work.(Observer).Note(), AtEnd: true}
		for _, q := range t.queues {
			own.AtEnd = own.AtEnd && q.drained()
		}
		all = append(all, own)
	}
	return all, true
}

// lookAround learns from committed offsets how far the tasks of other instances are. What is committed is asked for
// before the ends are, so that a partition is called read to its end only if it was so at one moment.
func (s *session) lookAround(ctx context.Context) (map[int32]Progress, bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if len(s.tasks) == int(s.count) {
		return nil, s.lookAtEnds(ctx) != nil
	}
	committed, err := s.admin.FetchOffsets(ctx, s.env.Group)
	if err != nil {
		return nil, false
	}
	starts, err := s.admin.ListStartOffsets(ctx, s.options.Inputs...)
	if err != nil {
		return nil, false
	}
	ends := s.lookAtEnds(ctx)
	if ends == nil {
		return nil, false
	}
	around := map[int32]Progress{}
	for p := range s.count {
		if s.tasks[p] != nil {
			continue
		}
		one := Progress{AtEnd: true}
		for _, topic := range s.options.Inputs {
			o, _ := committed.Lookup(topic, p)
			start, end := offsetOf(starts, topic, p), offsetOf(ends, topic, p)
			if o.Err != nil || start < 0 || end < 0 {
				return nil, false
			}
			one.Note = o.Metadata
			one.AtEnd = one.AtEnd && max(start, o.At) >= end
		}
		around[p] = one
	}
	return around, true
}

// lookUp finds an offset in an answer. One that is missing there is not the offset 0.
func lookUp(listed kadm.ListedOffsets, topic string, partition int32) (int64, error) {
	o, told := listed.Lookup(topic, partition)
	if !told {
		return 0, kerr.UnknownTopicOrPartition
	}
	return o.Offset, o.Err
}

// offsetOf is -1 where there is none.
func offsetOf(listed kadm.ListedOffsets, topic string, partition int32) int64 {
	if offset, err := lookUp(listed, topic, partition); err == nil {
		return offset
	}
	return -1
}

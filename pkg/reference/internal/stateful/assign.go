package stateful

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

// change is what the group told in one call.
type change struct {
	how        string // assigned, revoked or lost
	member     string // id by which the group knew this member then
	partitions map[string][]int32
}

// told is called by the client, and never while a transaction is under way.
func (s *session) told(c change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = append(s.changes, c)
	group.Tell(s.log, c.how, c.partitions)
}

// apply follows what the group said: tasks are dropped with their state, and new ones begin to restore it.
func (s *session) apply(ctx context.Context) error {
	s.mu.Lock()
	changes := s.changes
	s.changes = nil
	s.mu.Unlock()
	for _, c := range changes {
		for _, numbers := range c.partitions {
			for _, number := range numbers {
				if t := s.tasks[number]; t != nil && c.how != "assigned" {
					t.stop()
					delete(s.tasks, number)
				}
			}
		}
		if c.how != "assigned" {
			continue
		}
		for topic, numbers := range c.partitions {
			for _, number := range numbers {
				switch {
				case number >= s.count:
					return fmt.Errorf("topic %q has grown to partition %d since the start, and %q has %d partitions: keys have "+
						"moved, and their state has not; process what is there, then begin with a new changelog",
						topic, number, s.options.Changelog, s.count)
				case s.tasks[number] == nil:
					s.tasks[number] = s.newTask(ctx, number, c.member)
				}
			}
		}
	}
	return nil
}

func (s *session) newTask(ctx context.Context, partition int32, member string) *task {
	t := &task{partition: partition, member: member, work: s.options.NewTask(partition),
		restored: make(chan restored, 1)}
	t.out = newEmitter(s, t)
	for i, topic := range s.options.Inputs {
		t.queues = append(t.queues, &queue{topic: topic, rank: i, task: t, end: -1, epoch: -1})
	}
	ctx, t.stop = context.WithCancel(ctx)
	s.restoring.Go(func() { t.restored <- s.restore(ctx, t) })
	return t
}

func (s *session) dropAll() {
	for _, t := range s.tasks {
		t.stop()
	}
	s.restoring.Wait()
}

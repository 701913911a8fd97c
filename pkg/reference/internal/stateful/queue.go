package stateful

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
)

// queue holds the records of one partition that were fetched and not processed yet.
type queue struct {
	topic   string
	rank    int // of the topic among the inputs: which goes first at the same timestamp
	task    *task
	waiting []*kgo.Record // data records and control markers, which only move next
	next    int64         // offset of the first record that is not processed; valid once the task is ready
	epoch   int32         // leader epoch of the last processed record; -1 for none
	head    int64         // timestamp of the first record waiting, in milliseconds
	end     int64         // what a look at the topic found last: the last stable offset; -1 before any
}

// drained tells that the partition has been read to the end it had when somebody looked.
func (q *queue) drained() bool { return len(q.waiting) == 0 && q.end >= 0 && q.next >= q.end }

// missing tells that nothing is known of the partition's next record.
func (q *queue) missing() bool { return len(q.waiting) == 0 && !q.drained() }

// pop takes the first record.
func (q *queue) pop() *kgo.Record {
	r := q.waiting[0]
	q.waiting[0] = nil // what is processed need not stay in memory for the rest of its fetch
	q.waiting = q.waiting[1:]
	q.next, q.epoch = r.Offset+1, r.LeaderEpoch
	if len(q.waiting) > 0 {
		q.head = q.waiting[0].Timestamp.UnixMilli()
	}
	return r
}

// push adds what was fetched.
func (q *queue) push(records []*kgo.Record) {
	if len(q.waiting) == 0 {
		q.head = records[0].Timestamp.UnixMilli()
		q.waiting = records
		return
	}
	q.waiting = append(q.waiting, records...)
}

// lane is a set of partitions whose records are processed in the order of their timestamps.
type lane []*queue

// shares are the tasks, cut so that each share may be worked on by a goroutine of its own: one each, or all in one
// where their order counts together.
func (s *session) shares() [][]*task {
	all := s.sorted()
	if s.options.AcrossTasks {
		return [][]*task{all}
	}
	return slices.Collect(slices.Chunk(all, 1))
}

// lanes are the queues of the tasks, share by share. One with a task that is not restored yet is left out.
func (s *session) lanes() []lane {
	var lanes []lane
	for _, share := range s.shares() {
		var l lane
		for _, t := range share {
			l = append(l, t.queues...)
		}
		if len(l) > 0 && !slices.ContainsFunc(share, func(t *task) bool { return !t.ready }) {
			lanes = append(lanes, l)
		}
	}
	return lanes
}

// first is the queue whose turn it is, and the one that comes next, each nil for none. Nobody's turn has come while
// some partition's next record is not known: it may be older than all that are.
func (l lane) first() (q, second *queue) {
	for _, c := range l {
		for len(c.waiting) > 0 && c.waiting[0].Attrs.IsControl() {
			c.pop()
			c.task.touched = true // for its offset to be committed
		}
		switch {
		case c.missing():
			return nil, nil
		case len(c.waiting) == 0:
		case q == nil || c.before(q):
			q, second = c, q
		case second == nil || c.before(second):
			second = c
		}
	}
	return q, second
}

// before compares the first records of two queues.
func (q *queue) before(other *queue) bool {
	switch {
	case q.head != other.head:
		return q.head < other.head
	case q.rank != other.rank:
		return q.rank < other.rank
	}
	return q.task.partition < other.task.partition
}

// process hands records to their tasks until nothing more can be processed or stop says so. stop is asked now and then.
func (l lane) process(stop func() bool) error {
	for n := 0; ; {
		q, second := l.first()
		if q == nil {
			return nil
		}
		for {
			r := q.pop()
			q.task.touched = true
			if err := q.task.work.Process(r, q.task.out); err != nil {
				return err
			}
			if n++; n%256 == 0 && stop() {
				return nil
			}
			if len(q.waiting) == 0 || q.waiting[0].Attrs.IsControl() || second != nil && !q.before(second) {
				break
			}
		}
	}
}

// sorted returns the tasks by partition.
func (s *session) sorted() []*task {
	all := make([]*task, 0, len(s.tasks))
	for _, t := range s.tasks {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *task) int { return int(a.partition - b.partition) })
	return all
}

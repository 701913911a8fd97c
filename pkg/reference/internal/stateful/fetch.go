package stateful

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	mostPolled  = 10_000 // records taken in one poll
	mostWaiting = 10_000 // records of a partition at hand, beyond which no more are fetched
)

// poll waits for records, no longer than until the transaction should end. When it returns, rebalances are held back.
func (s *session) poll(ctx context.Context) kgo.Fetches {
	full := s.full()
	if paused := s.client.PauseFetchPartitions(nil); len(paused) > 0 {
		s.client.ResumeFetchPartitions(paused)
	}
	s.client.PauseFetchPartitions(full)
	wait := max(time.Millisecond, s.options.CommitEvery-time.Since(s.began))
	if s.workable() {
		wait = time.Millisecond // there is something to do: only take what is there
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return s.client.PollRecords(ctx, mostPolled)
}

// workable tells whether some record could be processed without another fetch.
func (s *session) workable() bool {
	for _, l := range s.lanes() {
		if q, _ := l.first(); q != nil {
			return true
		}
	}
	return false
}

// full lists the partitions with so many records at hand that no more should be fetched.
func (s *session) full() map[string][]int32 {
	full := map[string][]int32{}
	for _, t := range s.tasks {
		for _, q := range t.queues {
			if len(q.waiting) >= mostWaiting {
				full[q.topic] = append(full[q.topic], t.partition)
			}
		}
	}
	return full
}

// add puts what was fetched into the queues.
func (s *session) add(fetches kgo.Fetches) error {
	for _, e := range fetches.Errors() {
		switch {
		case errors.Is(e.Err, context.Canceled), errors.Is(e.Err, context.DeadlineExceeded):
		case errors.Is(e.Err, kgo.ErrClientClosed), errors.Is(e.Err, kerr.TopicAuthorizationFailed),
			errors.Is(e.Err, kerr.GroupAuthorizationFailed), errors.Is(e.Err, kerr.SaslAuthenticationFailed):
			return fmt.Errorf("fetch topic %s partition %d: %w", e.Topic, e.Partition, e.Err)
		default:
			s.log.Warn("warning", "topic", e.Topic, "partition", e.Partition, "error", e.Err)
		}
	}
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		t := s.tasks[p.Partition]
		if t == nil || len(p.Records) == 0 {
			return
		}
		for _, q := range t.queues {
			if q.topic == p.Topic {
				q.push(p.Records)
				s.fresh = true
			}
		}
	})
	return nil
}

// look learns, now and then, where the partitions end whose queues are empty: a partition that is read to its end is not
// waited for. Of several inputs, what was learnt counts for no record that was fetched since: another topic may have got an
// older one before that.
func (s *session) look(ctx context.Context) {
	empty := false
	outdated := s.fresh && len(s.options.Inputs) > 1
	s.fresh = false
	for _, t := range s.tasks {
		for _, q := range t.queues {
			empty = empty || t.ready && len(q.waiting) == 0
			if outdated {
				q.end = -1
			}
		}
	}
	if !outdated && (!empty || time.Since(s.looked) < min(20*time.Millisecond, s.options.CommitEvery)) {
		return
	}
	_ = s.lookAtEnds(ctx) // else ask again: nothing goes on before it is known
}

// lookAtEnds asks where all partitions end now.
func (s *session) lookAtEnds(ctx context.Context) kadm.ListedOffsets {
	s.looked = time.Now()
	ends, err := s.admin.ListCommittedOffsets(ctx, s.options.Inputs...)
	if err != nil {
		return nil
	}
	for _, t := range s.tasks {
		for _, q := range t.queues {
			q.end = offsetOf(ends, q.topic, t.partition) // not known is not at the end
		}
	}
	return ends
}

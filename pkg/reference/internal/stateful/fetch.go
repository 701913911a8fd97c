package stateful

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/group"
)

const (
	// mostWaiting is how many records of a partition may be at hand when more of it are asked for.
	mostWaiting = 10_000
	// fetchBytes is how much of a partition one fetch brings, as it is compressed. While that is processed, the client
	// makes the next fetch: less makes it wait for the broker, and more is memory, that of the processor as well, for
	// nothing.
	fetchBytes = 128 << 10
)

// poll takes the records that the client has, or waits for some, no longer than until the transaction should end. When
// it returns, rebalances are held back.
func (s *session) poll(ctx context.Context) kgo.Fetches {
	wait := max(time.Millisecond, s.options.CommitEvery-time.Since(s.began))
	some := s.client.BufferedFetchRecords() > 0
	switch {
	case s.workable(), !some && s.fresh && s.emptied(): // there is something to do first; the client fetches meanwhile
		wait = 0
	case some:
		// The client drops what it has of a paused partition, and fetches it again later. So what was asked for before the
		// partition was full is taken, unless that happens again and again.
		s.pause(4 * mostWaiting)
	default:
		s.pause(mostWaiting)
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return s.client.PollFetches(ctx) // takes nothing when ctx has ended, and holds rebalances back all the same
}

// pause has nothing more fetched of the partitions with so many records at hand.
func (s *session) pause(most int) {
	full := map[string][]int32{}
	for _, t := range s.tasks {
		for _, q := range t.queues {
			if len(q.waiting) >= most {
				full[q.topic] = append(full[q.topic], t.partition)
			}
		}
	}
	if paused := s.client.PauseFetchPartitions(nil); len(paused) > 0 {
		s.client.ResumeFetchPartitions(paused)
	}
	s.client.PauseFetchPartitions(full)
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

// emptied tells whether a partition that takes part has nothing at hand.
func (s *session) emptied() bool {
	for _, t := range s.tasks {
		for _, q := range t.queues {
			if t.ready && len(q.waiting) == 0 {
				return true
			}
		}
	}
	return false
}

// add puts what was fetched into the queues. Of several inputs, what was learnt of their ends counts for no record that
// was fetched since: another topic may have got an older one before that.
func (s *session) add(fetches kgo.Fetches) error {
	if err := group.FetchError(s.log, fetches); err != nil {
		return err
	}
	some := false
	fetches.EachPartition(func(p kgo.FetchTopicPartition) {
		t := s.tasks[p.Partition]
		if t == nil || len(p.Records) == 0 {
			return
		}
		for _, q := range t.queues {
			if q.topic == p.Topic {
				q.push(p.Records)
				some = true
			}
		}
	})
	if some && len(s.options.Inputs) > 1 {
		s.fresh = true
		for _, t := range s.tasks {
			for _, q := range t.queues {
				q.end = -1
			}
		}
	}
	return nil
}

// lookEvery is how often the ends of partitions are asked for, while some have nothing at hand.
const lookEvery = 20 * time.Millisecond

// look learns where the partitions end whose queues are empty: now and then, and at once when that is not known any
// more. A partition that is read to its end is not waited for, and one with records at hand need not be asked about.
func (s *session) look(ctx context.Context) {
	if s.emptied() && (s.fresh || time.Since(s.looked) >= min(lookEvery, s.options.CommitEvery)) {
		_ = s.lookAtEnds(ctx) // else ask again: nothing goes on before it is known
	}
}

// lookAtEnds asks where all partitions end now.
func (s *session) lookAtEnds(ctx context.Context) kadm.ListedOffsets {
	s.looked, s.fresh = time.Now(), false
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

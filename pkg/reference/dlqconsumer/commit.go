package dlqconsumer

import (
	"context"
	"errors"
	"fmt"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/grace"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// commit reports and commits all that is finished: for each partition the offset behind the last record of its lane.
func (c *consumer) commit(ctx context.Context) error {
	c.report()
	offsets := map[string]map[int32]kgo.EpochOffset{}
	for at, l := range c.lanes {
		if len(l.done) == 0 {
			continue
		}
		if offsets[at.topic] == nil {
			offsets[at.topic] = map[int32]kgo.EpochOffset{}
		}
		last := l.done[len(l.done)-1].record
		offsets[at.topic][at.partition] = kgo.EpochOffset{Epoch: last.LeaderEpoch, Offset: last.Offset + 1}
	}
	if len(offsets) == 0 {
		return nil
	}
	failed := c.commitOnce(ctx, offsets)
	for attempt := 0; attempt < c.settings.retries && kerr.IsRetriable(failed) && !gone(failed) &&
		grace.Pause(ctx, c.settings.retryBackoff); attempt++ {
		failed = c.commitOnce(ctx, offsets) // it may have been committed already: twice is as good as once
	}
	if gone(failed) {
		c.log.Warn("warning", "error", failed, "text", "no longer a member of the group; the records since the last commit "+
			"will be processed again")
		return nil
	}
	if failed != nil {
		return fmt.Errorf("commit offsets of group %s: %w", c.group, failed)
	}
	return nil
}

// commitOnce commits. Most of what passes the client tries again by itself, but not what the answer says of a single
// partition.
func (c *consumer) commitOnce(ctx context.Context, offsets map[string]map[int32]kgo.EpochOffset) (failed error) {
	c.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest,
		answer *kmsg.OffsetCommitResponse, err error) {
		if failed = err; err == nil {
			failed = c.committed(offsets, answer)
		}
	})
	return failed
}

func (c *consumer) committed(offsets map[string]map[int32]kgo.EpochOffset, answer *kmsg.OffsetCommitResponse) error {
	for _, t := range answer.Topics {
		for _, p := range t.Partitions {
			if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
				return fmt.Errorf("topic %s partition %d: %w", t.Topic, p.Partition, err)
			}
			c.log.Info("committed", "topic", t.Topic, "partition", p.Partition, "offset", offsets[t.Topic][p.Partition].Offset)
		}
	}
	return nil
}

// gone tells whether a commit was refused because the group goes on without this member, or with it in another
// generation. The client joins again by itself.
func gone(err error) bool {
	for _, is := range []error{kerr.UnknownMemberID, kerr.IllegalGeneration, kerr.RebalanceInProgress,
		kerr.FencedInstanceID, kerr.StaleMemberEpoch} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

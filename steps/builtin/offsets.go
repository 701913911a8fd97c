package builtin

// Offsets: moving a group's commits, the start of a log and its last stable offset, as other applications and
// administrators would.

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func offsetSteps(s *steps.Registry) {
	s.Step("a transaction with {count} record(s) in {topic} partition {int} is open", transactionIsOpen)
	s.Step("group {group} commits offset {int} of {topic} partition {int}", groupCommits)
	// what applications had acknowledged before is known from their attempts
	s.Step("the log of {topic} is compacted", logIsCompacted, steps.With(world.NeedsAttempts))
	s.Step("the open transaction is {ending}", transactionEnds)
	s.Step("the records of {topic} partition {int} before offset {int} are deleted", recordsAreDeleted,
		steps.With(world.NeedsAttempts))
}

// offsetParts are how transactions end.
func offsetParts(s *steps.Registry) {
	steps.AddPart[ending](s, "ending", "how a transaction ends",
		steps.Form("committed", committed),
		steps.Form("aborted", aborted))
}

// ending is true of a transaction that is committed.
type ending bool

// transactionEnds ends the transaction that a step before has opened.
//
//	Given topic "orders" with 1 partition
//	And a transaction with 3 records in "orders" partition 0 is open
//	When the open transaction is committed
//	Then "orders" contains exactly 3 records
func transactionEnds(ctx context.Context, as ending) error {
	return world.FromContext(ctx).EndTransaction(ctx, bool(as))
}

// groupCommits commits an offset, the next one to be read, for a group that has no members now.
//
//	Given topic "orders" with 1 partition
//	And 4 records are in "orders" partition 0
//	When group "shipping" commits offset 3 of "orders" partition 0
//	Then group "shipping" has committed offset 3 of "orders" partition 0
func groupCommits(ctx context.Context, group *world.Group, offset int64, t *world.Topic, partition int64) error {
	if err := t.HasPartition(partition); err != nil {
		return err
	}
	if err := group.Commit(ctx, t, map[int32]int64{int32(partition): offset}); err != nil {
		return fmt.Errorf("commit offset %d of %q partition %d for group %q: %w; a group that has members can only be "+
			"committed for by them", offset, t.Name, partition, group.Name, err)
	}
	world.FromContext(ctx).Journal.Add(journal.Fact{Kind: journal.GroupCommit, Source: journal.SourceKafkaspec,
		Group: group.Name, Topic: t.Name, Partition: int32(partition), Offset: offset,
		Detail: &journal.Commit{Generation: -1, ProducerID: -1}})
	return nil
}

// recordsAreDeleted moves the start of a partition's log, as retention does: what stands before the offset can no
// longer be read. Judges know of them if an application that reads the topic was started before: then they are lost
// unless they were processed.
//
//	Given topic "orders" with 1 partition
//	And 4 records are in "orders" partition 0
//	When the records of "orders" partition 0 before offset 3 are deleted
//	Then "orders" contains exactly 1 record
func recordsAreDeleted(ctx context.Context, t *world.Topic, partition, before int64) error {
	w := world.FromContext(ctx)
	if err := t.HasPartition(partition); err != nil {
		return err
	}
	if _, _, err := t.Bounds(ctx); err != nil { // judges know from it what was there until now
		return err
	}
	admin := w.Admin()
	var offsets kadm.Offsets
	offsets.AddOffset(t.Physical, int32(partition), before, -1)
	responses, err := admin.DeleteRecords(ctx, offsets)
	if err == nil {
		err = responses.Error()
	}
	if err != nil {
		return fmt.Errorf("delete the records of %q partition %d before offset %d: %w", t.Name, partition, before, err)
	}
	t.Deleted(int32(partition), before)
	return nil
}

// logIsCompacted lets a compacted topic keep the last record of each key only. What was written last, a batch or a
// segment, is left as it is, so send a record after those that are to go. The embedded broker compacts at once.
// Elsewhere the step waits for the cluster's cleaner, so give the topic settings that make it quick, as here.
//
//	Given topic "accounts" with 1 partition
//	  | cleanup.policy            | compact |
//	  | segment.ms                | 1       |
//	  | min.cleanable.dirty.ratio | 0.01    |
//	And these records are in "accounts":
//	  | key | value |
//	  | a   | 1     |
//	  | a   | 2     |
//	And these records are in "accounts":
//	  | key | value |
//	  | b   | 1     |
//	When the log of "accounts" is compacted
//	Then "accounts" contains exactly 2 records
func logIsCompacted(ctx context.Context, t *world.Topic) error {
	w := world.FromContext(ctx)
	if compactor, ok := w.Session.(cluster.Compactor); ok {
		if err := compactor.Compact(ctx); err != nil {
			return fmt.Errorf("compact the log of %q: %w", t.Name, err)
		}
	}
	repeated := ""
	err := await.Until(ctx, await.Options{
		Within: compactedWithin, What: fmt.Sprintf("the log of %q to be compacted", t.Name),
		State: func() string { return repeated },
	}, func(ctx context.Context) (found bool, err error) {
		repeated, err = repeatedKey(ctx, t)
		return repeated == "", err
	})
	if err != nil {
		return fmt.Errorf("%w; the topic needs cleanup.policy compact, segment.ms 1, min.cleanable.dirty.ratio 0.01, and a "+
			"record sent after those that are to go", err)
	}
	return nil
}

// compactedWithin is more than the 15 s after which Kafka's cleaner looks again, by its defaults.
const compactedWithin = 45 * time.Second

// repeatedKey names a key that a topic holds twice on a partition, the partition's last record aside; "" is none.
func repeatedKey(ctx context.Context, t *world.Topic) (string, error) {
	seen, last, repeated := map[string]bool{}, map[int32]string{}, ""
	err := t.Scan(ctx, func(r *record.Record) {
		if before, ok := last[r.Partition]; ok {
			if seen[before] && repeated == "" {
				repeated = "there is more than one record of " + before
			}
			seen[before] = true
		}
		last[r.Partition] = fmt.Sprintf("key %q on partition %d", r.Key, r.Partition)
	})
	return repeated, err
}

// transactionIsOpen sends records in a transaction and leaves it open: they are in the log, and consumers at
// read_committed cannot read them, nor anything behind them, until it ends. There is one open transaction at a time;
// the end of the scenario aborts it.
//
//	Given topic "orders" with 1 partition
//	When a transaction with 3 records in "orders" partition 0 is open
//	And the open transaction is committed
//	Then "orders" contains exactly 3 records
func transactionIsOpen(ctx context.Context, count int64, t *world.Topic, partition int64) error {
	return t.OpenTransaction(ctx, partition, count)
}

// aborted records are never read at read_committed.
//
//	Given topic "orders" with 1 partition
//	And a transaction with 3 records in "orders" partition 0 is open
//	When the open transaction is aborted
//	Then for 100ms "orders" is empty
func aborted() ending { return false }

// committed records can be read from now on.
//
//	Given topic "orders" with 1 partition
//	And a transaction with 3 records in "orders" partition 0 is open
//	When the open transaction is committed
//	Then "orders" contains exactly 3 records
func committed() ending { return true }

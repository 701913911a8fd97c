package builtin

// Expectations: what a topic holds. Each looks at the whole topic, from its start.

import (
	"context"
	"fmt"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func expectationSteps(s *steps.Registry) {
	s.Then("no record of {topic} is like:", noRecordIsLike, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains at least {count} record(s)", topicContainsAtLeastCount)
	s.Then("{topic} contains exactly {count} record(s)", topicContainsCount, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains exactly:", topicContainsExactly, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains in order:", topicContainsInOrder, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains only:", topicContainsOnly, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains:", topicContains)
	s.Then("{topic} is empty", topicIsEmpty, steps.Claims(steps.InTheEnd))
}

// topicContains is satisfied when each row matches a record of its own; other records may stand between them.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	And the record "b" is in "orders"
//	Then "orders" contains:
//	  | value |
//	  | b     |
func topicContains(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compare(ctx, record.Contains, topic, want)
}

// topicContainsExactly is satisfied when each row matches a record of its own and no record is left over. Order does
// not matter.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains exactly:
//	  | value | key    |
//	  | a     | <null> |
func topicContainsExactly(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compare(ctx, record.ContainsExactly, topic, want)
}

// topicContainsInOrder is satisfied when the rows match records in the rows' order; other records may stand between
// them. Order is that of the offsets, so the records must be of one partition or of one key.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	And the record "b" is in "orders"
//	Then "orders" contains in order:
//	  | value |
//	  | a     |
//	  | b     |
func topicContainsInOrder(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compare(ctx, record.InOrder, topic, want)
}

// topicContainsOnly is satisfied when every record matches one of the rows, however often.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains only:
//	  | value |
//	  | a     |
//	  | b     |
func topicContainsOnly(ctx context.Context, topic *world.Topic, want steps.Patterns) error {
	return compare(ctx, record.Only, topic, want)
}

// noRecordIsLike is satisfied when no record matches any row. Say for how long to look, or look once an application has
// caught up. A field or header that no record has shows nothing, and is inconclusive: expect <any> of it to say just
// that. With "within" it waits for such a record to be taken away, by compaction, retention or deletion.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then for 100ms no record of "orders" is like:
//	  | value |
//	  | b     |
func noRecordIsLike(ctx context.Context, topic *world.Topic, unwanted steps.Patterns) error {
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	var unseen error
	for _, p := range unwanted {
		if at, ok := p.Partition(); ok && at >= int64(topic.Partitions) {
			return world.Final(fmt.Errorf("%w: %q has no partition %d", verdict.ErrInconclusive, topic.Name, at))
		}
		for _, r := range records {
			if len(p.Match(r)) == 0 {
				return world.Stays(fmt.Errorf("%q holds a record like that: %s", topic.Name, r.ShowHere()))
			}
		}
		if err := p.Unseen(records); err != nil && unseen == nil && len(records) > 0 {
			unseen = fmt.Errorf("%w: %q: %w", verdict.ErrInconclusive, topic.Name, err)
		}
	}
	return unseen
}

// topicContainsCount counts the records of a topic; control markers and aborted records do not count. Seeing more than
// wanted fails at once. While a transaction is open, what it holds is not known: that is inconclusive, and fails once
// the transaction's timeout is over.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains exactly 1 record
func topicContainsCount(ctx context.Context, topic *world.Topic, want int64) error {
	got, err := topic.Count(ctx)
	if err != nil {
		return err
	}
	if got > want {
		return world.Final(fmt.Errorf("%q: got %s, want exactly %d", topic.Name, words.Counted(got, "record"), want))
	}
	if got != want {
		return fmt.Errorf("%q: got %s, want exactly %d", topic.Name, words.Counted(got, "record"), want)
	}
	return world.Settled(ctx, topic)
}

// topicContainsAtLeastCount counts the records of a topic.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains at least 1 record
func topicContainsAtLeastCount(ctx context.Context, topic *world.Topic, want int64) error {
	got, err := topic.Count(ctx)
	if err == nil && got < want {
		err = fmt.Errorf("%q: got %s, want at least %d", topic.Name, words.Counted(got, "record"), want)
	}
	return err
}

// topicIsEmpty is satisfied when the topic has no record now. Say for how long to look, or look once an application has
// caught up. With "within" it waits for records to be taken away, by retention or deletion.
//
//	Given topic "orders" with 1 partition
//	Then for 100ms "orders" is empty
func topicIsEmpty(ctx context.Context, topic *world.Topic) error {
	records, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	if len(records) > 0 {
		return world.Stays(fmt.Errorf("%q: got %s, want none; the first: %s", topic.Name,
			words.Counted(int64(len(records)), "record"), records[0].ShowHere()))
	}
	return nil
}

func compare(ctx context.Context, mode record.Mode, topic *world.Topic, want steps.Patterns) error {
	got, err := topic.Records(ctx)
	if err != nil {
		return err
	}
	if err = record.Compare(mode, want, got); err == nil {
		if mode == record.ContainsExactly || mode == record.Only {
			return world.Settled(ctx, topic)
		}
		return nil
	}
	err = fmt.Errorf("%q: %w", topic.Name, err)
	if mode == record.Only || mode == record.ContainsExactly && len(got) > len(want) {
		return world.Final(err) // a log only grows: what is too many stays
	}
	return err
}

package builtin

// Expectations: what a topic holds. Each looks at the whole topic, from its start.

import (
	"context"
	"fmt"
	"slices"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func expectationSteps(s *steps.Registry) {
	s.Then("no record of {topic} is like{decoding}", noRecordIsLike, steps.Claims(steps.InTheEnd))
	s.Then("{topic} contains {amount} record(s)", topicContains, steps.FromJournal)
	s.Then("{topic} is empty", topicIsEmpty, steps.Claims(steps.InTheEnd))
	s.Then("{topic} {comparison}{decoding}", topicCompares)
}

// expectationParts are how the rows of a table are held against a topic's records.
func expectationParts(s *steps.Registry) {
	steps.AddPart[comparison](s, "comparison", "how rows are compared with the records of a topic",
		steps.Form("contains", contains),
		steps.Form("contains exactly", containsExactly),
		steps.Form("contains in order", containsInOrder),
		steps.Form("contains only", containsOnly))
	steps.AddPart[decoding](s, "decoding", "whether values are compared as they are, or as what they say",
		steps.Form(":", asTheyAre),
		steps.Form(", as CloudEvents:", asCloudEvents),
		steps.Form(", decoded:", asDecoded))
}

// comparison is how the rows of a table are compared with records.
type comparison struct{ mode record.Mode }

// Options make a claim about the end of those that more records could break.
func (c comparison) Options() []steps.Option {
	if c.mode == record.Contains {
		return []steps.Option{steps.Claims(steps.Eventually)}
	}
	return []steps.Option{steps.Claims(steps.InTheEnd)}
}

// contains wants a record of its own for each row; other records may stand between them.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	And the record "b" is in "orders"
//	Then "orders" contains:
//	  | value |
//	  | b     |
func contains() comparison { return comparison{record.Contains} }

// containsExactly wants a record of its own for each row, and no record left over. Order does not matter.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains exactly:
//	  | value | key    |
//	  | a     | <null> |
func containsExactly() comparison { return comparison{record.ContainsExactly} }

// containsInOrder wants records in the rows' order; other records may stand between them. Order is that of the offsets,
// so the records must be of one partition or of one key.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	And the record "b" is in "orders"
//	Then "orders" contains in order:
//	  | value |
//	  | a     |
//	  | b     |
func containsInOrder() comparison { return comparison{record.InOrder} }

// containsOnly wants every record to match one of the rows, however often.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains only:
//	  | value |
//	  | a     |
//	  | b     |
func containsOnly() comparison { return comparison{record.Only} }

// topicCompares compares the rows of a table, or of a YAML or JSON list, with all records of a topic. Columns that are
// left out are not looked at. A field or header that no record of the scenario ever had, and no schema of decoded
// records declares, is <absent> however it is spelt, which is inconclusive. Not looked at: columns that are left out,
// and records that were compacted, deleted or aborted.
//
//	Given topic "users" with 1 partition
//	And these records are in "users" encoded by schema "user-v1":
//	  | key | value.id | value.age |
//	  | a   | u1       | 30        |
//	Then "users" contains exactly, decoded:
//	  | value.id | value.age |
//	  | u1       | > 29      |
func topicCompares(ctx context.Context, topic *world.Topic, how comparison, as decoding, want steps.Patterns) error {
	got, name, err := as.records(ctx, topic)
	if err != nil {
		return err
	}
	if err = record.Compare(how.mode, want, got); err == nil {
		if err := absentAsMeant(ctx, topic, as, want, got); err != nil {
			return err
		}
		if how.mode == record.ContainsExactly || how.mode == record.Only {
			return world.Settled(ctx, topic)
		}
		return nil
	}
	err = fmt.Errorf("%s: %w", name, err)
	if how.mode == record.Only || how.mode == record.ContainsExactly && len(got) > len(want) {
		return world.Final(err) // a log only grows: what is too many stays
	}
	return err
}

// noRecordIsLike is satisfied when no record matches any row. Say for how long to look, or look once an application has
// caught up. A field or header that no record has shows nothing, and is inconclusive, unless the schema of decoded
// records declares it: expect <any> of it to say just that, where a record of any topic of the scenario has it. With
// "within" it waits for such a record to be taken away, by compaction, retention or deletion. Not looked at: columns
// that are left out, and records that were compacted, deleted or aborted.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then for 100ms no record of "orders" is like:
//	  | value |
//	  | b     |
func noRecordIsLike(ctx context.Context, topic *world.Topic, as decoding, unwanted steps.Patterns) error {
	records, name, err := as.records(ctx, topic)
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
				return world.Stays(fmt.Errorf("%s holds a record like that: %s", name, r.ShowHere()))
			}
		}
		all := slices.Concat(records, topic.Sent())
		if unseen != nil || len(records) == 0 || p.Unseen(all, record.Known{}) == nil {
			continue
		}
		known, err := as.known(ctx, topic)
		if err != nil {
			return err
		}
		if err := p.Unseen(all, known); err != nil {
			unseen = fmt.Errorf("%w: %s: %w", verdict.ErrInconclusive, name, err)
		}
	}
	if unseen == nil && len(records) > 0 {
		unseen = asMeant(ctx, topic, as, unwanted, records, record.Pattern.Unheard)
	}
	if unseen != nil {
		return unseen
	}
	return world.Settled(ctx, topic)
}

// topicContains counts the records of a topic; control markers and aborted records do not count. Seeing more than
// wanted fails at once. While a transaction is open, what it holds is not known: that is inconclusive, and fails once
// the transaction's timeout is over. Not looked at: what the records are.
//
//	Given topic "orders" with 1 partition
//	And the record "a" is in "orders"
//	Then "orders" contains exactly 1 record
func topicContains(ctx context.Context, topic *world.Topic, want steps.Amount) error {
	got, err := topic.Count(ctx)
	if err != nil {
		return err
	}
	if !want.Holds(got) {
		err = fmt.Errorf("%q: got %s, want %s", topic.Name, words.Counted(got, "record"), want)
		if want.Exceeded(got) {
			if which := topic.Surplus(ctx, got-want.N); which != "" {
				err = fmt.Errorf("%w; %s", err, which)
			}
			return world.Final(err)
		}
		return err
	}
	if want.Limit == steps.AtLeast {
		return nil
	}
	return world.Settled(ctx, topic)
}

// topicIsEmpty is satisfied when the topic has no record now. Say for how long to look, or look once an application
// has caught up. With "within" it waits for records to be taken away, by retention or deletion. While a transaction
// is open, what it holds is not known. Not looked at: records that were there before and have been taken away.
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
			words.Counted(len(records), "record"), records[0].ShowHere()))
	}
	return world.Settled(ctx, topic)
}

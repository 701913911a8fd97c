package builtin

// Judges: verdicts over everything that is in the topics, by streaming, for as many records as there are.

import (
	"cmp"
	"context"
	"errors"

	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func judgeSteps(s *steps.Registry) {
	s.Then("every key of {topic} is on the partition of Kafka's default partitioner", everyKeyInItsPlace,
		steps.Marked(severalPartitions), steps.Claims(steps.Always))
	s.Then("every record of {topic} is in {topic} exactly once", everyRecordOnce, steps.Claims(steps.InTheEnd))
	s.Then("field {string} of {topic} runs from {int} to {int}, each exactly once", fieldRuns,
		steps.Claims(steps.InTheEnd), steps.Checked(runsUpwards))
	s.Then("no acknowledged record of {topic} was lost or replaced", nothingLost, steps.Claims(steps.Always),
		steps.With(world.NeedsContents))
	s.Then("the busiest partition of {topic} has at most {percent} more than the mean", busiestPartition,
		steps.Claims(steps.InTheEnd))
	s.Then("the idlest partition of {topic} has at most {percent} less than the mean", idlestPartition,
		steps.Marked(severalPartitions), steps.Claims(steps.InTheEnd))
	s.Then("the keys of {topic} are on the same partitions as in {topic}", sameKeysSamePartitions,
		steps.Marked(severalPartitions), steps.Claims(steps.Always))
	s.Then("the keys of {topic} are spread evenly, with a chi-square p of at least {float}", keysSpreadByChance,
		steps.Marked(severalPartitions), steps.Claims(steps.InTheEnd))
	s.Then("the records of {topic} are in {topic} in the same order per key", sameOrder, steps.Claims(steps.Always))
	s.Then("the records of {topic} are in {topic} in the same order per key, by {string}", sameOrderBy,
		steps.Claims(steps.Always))
}

// everyKeyInItsPlace judges that each key is on one partition only, the one that murmur2 as in Kafka's Java client
// gives it. Not looked at: records without a key.
//
//	Given topic "events" with 12 partitions
//	And 1_000 records from generator "orders" are in "events"
//	Then every key of "events" is on the partition of Kafka's default partitioner
func everyKeyInItsPlace(ctx context.Context, t *world.Topic) error {
	judge := verdict.NewPlacement(t.Name, t.Partitions)
	return judgeTopics(ctx, judge.Result, world.Feed{Topic: t, See: judge.Observe})
}

// everyRecordOnce judges the copy of a topic: each record of the first, by key and value, is in the second exactly
// once, and nothing else is. Not looked at: headers, partitions and order.
//
//	Given topic "orders" with 1 partition
//	And topic "copies" with 1 partition
//	And the record "a" is in "orders"
//	And the record "a" is in "copies"
//	Then every record of "orders" is in "copies" exactly once
func everyRecordOnce(ctx context.Context, from, to *world.Topic) error {
	judge := verdict.NewCopy(from.Name, to.Name)
	return judgeTopics(ctx, judge.Result,
		world.Feed{Topic: from, See: judge.Input, Gone: judge.Gone, Unread: judge.Unread,
			Certain: verdict.Just(verdict.LostWrite)},
		world.Feed{Topic: to, See: judge.Output, Gone: judge.Output, Derived: true,
			Certain: verdict.AllBut(verdict.LostWrite), Once: true})
}

// sameOrder judges that records with the same key are in the second topic in the order of the first. A record is found
// again by its key and value. Records that are missing, repeated or in the second topic only are not looked at, and
// where no two records of a key are in both, in one partition of each, it is inconclusive. Not looked at: order between
// keys, and records without a match.
//
//	Given topic "orders" with 1 partition
//	And topic "copies" with 1 partition
//	And these records are in "orders":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	And these records are in "copies":
//	  | key | value |
//	  | u1  | a     |
//	  | u1  | b     |
//	Then the records of "orders" are in "copies" in the same order per key
func sameOrder(ctx context.Context, from, to *world.Topic) error {
	return inOrderOf(ctx, from, to, verdict.NewOrder(from.Name, to.Name))
}

// sameOrderBy judges the same of records that are changed on the way, as enriched ones are: the text says which field,
// such as value.id, tells a record from others in both topics. Numbers are equal by value (1 and 1.0); the text "1" is
// no number. The order is that of the first topic's keys. Records without the field are not looked at, nor is what
// else stands in the records. Not looked at: order between keys, and records without a match.
//
//	Given topic "orders" with 1 partition
//	And topic "priced" with 1 partition
//	And these records are in "orders":
//	  | key | value    |
//	  | u1  | {"id":1} |
//	  | u1  | {"id":2} |
//	And these records are in "priced":
//	  | key | value                |
//	  | eu  | {"id":1,"price":9.5} |
//	  | eu  | {"id":2,"price":3}   |
//	Then the records of "orders" are in "priced" in the same order per key, by "value.id"
func sameOrderBy(ctx context.Context, from, to *world.Topic, field string) error {
	return inOrderOf(ctx, from, to, verdict.NewOrderBy(from.Name, to.Name, field))
}

func inOrderOf(ctx context.Context, from, to *world.Topic, judge *verdict.Order) error {
	err := judgeTopics(ctx, judge.Result, world.Feed{Topic: from, See: judge.Input, Gone: judge.Input},
		// of a record that is repeated the first counts, and that may be gone
		world.Feed{Topic: to, See: judge.Output, Gone: judge.Output, Derived: true, Certain: verdict.Just(), Once: true})
	if gone, is := errors.AsType[*world.GoneError](err); is && gone.Topic == to && judge.Result().Outcome == verdict.Pass {
		return world.Settled(ctx, from, to) // nothing is said of records that are not there
	}
	return err
}

// fieldRuns judges that a whole-number field of the JSON values takes every number of a range exactly once, and in
// rising order on each partition. Not looked at: other fields.
//
//	Given topic "events" with 3 partitions
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	When application "loader" has finished
//	Then field "seq" of "events" runs from 0 to 99, each exactly once
func fieldRuns(ctx context.Context, field string, t *world.Topic, first, last int64) error {
	judge := verdict.NewSequence(t.Name, field, first, last)
	return judgeTopics(ctx, judge.Result, world.Feed{Topic: t, See: judge.Observe, Gone: judge.Observe,
		Certain: verdict.AllBut(verdict.LostWrite), Once: true})
}

// judgeTopics hands the records of topics to a judge, topic by topic, and returns what it found.
func judgeTopics(ctx context.Context, result func() verdict.Result, feeds ...world.Feed) error {
	gone, err := whatIsLeft(world.ScanAll(ctx, feeds...))
	if err != nil {
		return err
	}
	if err := cmp.Or(gone.Judged(result()), gone.Err()); err != nil {
		return err
	}
	topics := make([]*world.Topic, len(feeds))
	for i, f := range feeds {
		topics[i] = f.Topic
	}
	return world.Settled(ctx, topics...)
}

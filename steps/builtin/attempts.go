package builtin

// Attempts: what producers say to the cluster, batch by batch, seen on the wire, and what judges make of it.

import (
	"context"
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func attemptSteps(s *steps.Registry) {
	s.Then("no transaction of {app} is torn", noneTorn, steps.Claims(steps.Always), steps.With(world.NeedsAttempts),
		steps.FromJournal)
	s.Then("the retries of {app} to {topic} wait {duration}, growing by {float} up to {duration}, within {percent}",
		retriesBackOff, steps.Claims(steps.Always), steps.With(world.NeedsContents), steps.Checked(delaysGrow),
		steps.FromJournal)
	s.Then("the transactions of {app} commit its offsets", transactionsCommitOffsets, steps.Claims(steps.Always),
		steps.With(world.NeedsAttempts, world.NeedsMembers), steps.FromJournal)
	s.Then("the writes of {app} to {topic} are idempotent", writesAreIdempotent, steps.Claims(steps.Always),
		steps.With(world.NeedsContents), steps.FromJournal)
}

// transactionsCommitOffsets judges an application that reads and writes in transactions: each that was committed and
// has written records has committed offsets of the application's group as well. No offsets are committed outside of a
// transaction, and no records written there to a topic that the application is declared to write, or also writes in
// transactions. It is inconclusive where an application does so in some transactions, and has others without offsets,
// as by a timer, or writes a topic, or commits offsets of one, outside of transactions alone: declare it without a
// topic that is no output of what it reads. Not looked at: which offsets those are, and transactions that were aborted.
//
//	Given the day is 2026-01-05
//	And topic "readings" with 1 partition
//	And topic "readings_windows" with 1 partition
//	And topic "readings_late" with 1 partition
//	And topic "readings_changelog" with 1 partition
//	  | cleanup.policy | compact |
//	And application "meter" is the reference "windower" in group "meter" reading "readings"
//	And these records are in "readings":
//	  | key | value         | timestamp |
//	  | m1  | {"amount": 5} | 10:00     |
//	  | m1  | {"amount": 1} | 10:06     |
//	Then "readings_windows" contains at least 1 record
//	And the transactions of "meter" commit its offsets
func transactionsCommitOffsets(ctx context.Context, a *world.Application) error {
	if a.Group == "" {
		return world.Final(fmt.Errorf("application %q is in no group, so it has no offsets; declare it with: in group …",
			a.Name))
	}
	judge := verdict.NewTransactedOffsets(a.Name, a.Group, a.Outputs...)
	for _, f := range world.FromContext(ctx).Journal.Select(func(f *journal.Fact) bool { return f.App == a.Name }) {
		judge.Fact(&f)
	}
	return world.Judged(judge.Result())
}

// writesAreIdempotent judges what the application said to the cluster: acks=all, a producer id, sequences without a
// gap, and a batch that is sent again keeps its own: records of a batch that had no answer must not come again in
// another one, such as of a new producer. Records are told apart by key and value. What an application writes again
// after its acknowledgement, as after a restart, is not looked at. Not looked at: whether all that was to be written
// was.
//
//	Given topic "events" with 1 partition
//	And application "loader" is the reference "bulk-producer" writing "events"
//	  | events | 100 |
//	And the next Produce request from "loader" is cut off after the broker acted
//	When within 30s application "loader" has finished
//	Then the writes of "loader" to "events" are idempotent
func writesAreIdempotent(_ context.Context, a *world.Application, topic *world.Topic) error {
	judge := verdict.NewIdempotence(a.Name + " to " + topic.Name)
	return judgeAttempts(a, topic, judge)
}

// retriesBackOff judges the waits between the attempts of each batch: the first, the factor, the longest, and how much
// each may differ. A retry must not come earlier by a moment; late is what takes a second more than twice as long, as
// machines can be slow. At least one batch must have been sent three times. Not looked at: what became of the batch in
// the end.
//
//	Given topic "events" with 1 partition
//	And topic "events_dlq" with 1 partition
//	And application "sender" is the reference "retry-producer" writing "events"
//	  | events      | 10   |
//	  | first-delay | 20ms |
//	  | jitter      | 10%  |
//	And the next 2 Produce requests from "sender" fail with NOT_ENOUGH_REPLICAS
//	When application "sender" has finished
//	Then the retries of "sender" to "events" wait 20ms, growing by 2 up to 10s, within 10%
func retriesBackOff(_ context.Context, a *world.Application, topic *world.Topic, first time.Duration, factor float64,
	longest time.Duration, jitter float64) error {
	judge := verdict.NewBackoff(a.Name+" to "+topic.Name, verdict.BackoffShape{First: first, Factor: factor, Max: longest,
		Jitter: jitter})
	return judgeAttempts(a, topic, judge)
}

// judgeAttempts feeds a judge with what is known of an application's attempts to write a topic.
func judgeAttempts(a *world.Application, topic *world.Topic, judge interface {
	Attempt(*journal.Fact)
	Result() verdict.Result
}) error {
	attempts := a.FactsOf(journal.ProduceAttempt, topic)
	for i := range attempts {
		judge.Attempt(&attempts[i])
	}
	return world.Judged(judge.Result())
}

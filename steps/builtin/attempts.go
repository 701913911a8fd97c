package builtin

// Attempts: what producers say to the cluster, batch by batch, seen on the wire, and what judges make of it.

import (
	"context"
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
	s.Then("the writes of {app} to {topic} are idempotent", writesAreIdempotent, steps.Claims(steps.Always),
		steps.With(world.NeedsContents), steps.FromJournal)
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

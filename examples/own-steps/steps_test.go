package greeting_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

// register adds this project's steps to kafkaspec's own.
func register(s *steps.Registry) {
	s.Step("{app} has answered {count} name(s) in {topic}", hasAnswered, steps.Awaited)
	// What later records can break says so, and is looked at again at the end. Without Claims it has to hold once.
	s.Then("{topic} has a greeting for each name in {topic}", hasGreetingForEach, steps.Claims(steps.InTheEnd))
	s.Then("every greeting in {topic} is polite", everyGreetingIsPolite, steps.Claims(steps.Always))
	s.Then("every write of {app} to {topic} waits for all replicas", everyWriteIsSafe, steps.With(world.NeedsAttempts),
		steps.Claims(steps.Always))
}

// hasAnswered is looked at again until it holds. Each time it says what is still missing, and why an application that
// has ended will not bring it any more.
func hasAnswered(ctx context.Context, a *world.Application, want int64, answers *world.Topic) error {
	got, err := answers.Count(ctx)
	if err != nil || got >= want {
		return err
	}
	return errors.Join(fmt.Errorf("%q: got %d answers, want %d", answers.Name, got, want), a.Alive())
}

// hasGreetingForEach counts. Too few may become enough, so it is looked at until it holds, and again once all is quiet.
func hasGreetingForEach(ctx context.Context, greetings, names *world.Topic) error {
	want, err := names.Count(ctx)
	if err != nil {
		return err
	}
	got, err := greetings.Count(ctx)
	if err != nil || got == want {
		return err
	}
	return fmt.Errorf("%q: got %d greetings, want %d, one for each name in %q", greetings.Name, got, want, names.Name)
}

// everyGreetingIsPolite reads the topic. A rude greeting stays in the log, so the finding is final: nobody waits for it
// to go away.
func everyGreetingIsPolite(ctx context.Context, greetings *world.Topic) error {
	records, err := greetings.Records(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		if !strings.HasPrefix(string(r.Value), "Hi") {
			return world.Final(fmt.Errorf("%q partition %d offset %d: got %q, want a greeting that begins with Hi",
				greetings.Name, r.Partition, r.Offset, r.Value))
		}
	}
	return nil
}

// everyWriteIsSafe judges facts from the wire: what the application's client said to the cluster with each batch. The
// step's registration says that it needs them.
func everyWriteIsSafe(_ context.Context, a *world.Application, topic *world.Topic) error {
	writes := a.FactsOf(journal.ProduceAttempt, topic)
	if len(writes) == 0 {
		return fmt.Errorf("application %q has written nothing to %q", a.Name, topic.Name)
	}
	for _, f := range writes {
		if attempt := f.Detail.(*journal.Attempt); attempt.Acks != -1 {
			return world.Final(fmt.Errorf("application %q wrote to %q partition %d with acks=%d, want all", a.Name, topic.Name,
				f.Partition, attempt.Acks))
		}
	}
	return nil
}

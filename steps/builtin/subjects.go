package builtin

// Schemas: the versions that a schema registry has for a topic's values, what it takes beside them, and a registry that
// fails. A schema is a file beside the features, or one of kafkaspec's own: schemas/NAME.avsc for Avro,
// schemas/NAME.json for JSON Schema. The subject of a topic is its name with -value behind it.

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/world"
	"github.com/kafkaspec/kafkaspec/steps"
)

func subjectSteps(s *steps.Registry) {
	s.Step("schema {string} is accepted for {topic}", schemaIsAccepted, steps.With(world.NeedsRegistry),
		steps.Checked(schemaIsKnown))
	s.Step("schema {string} is refused for {topic}", schemaIsRefused, steps.With(world.NeedsRegistry),
		steps.Checked(schemaIsKnown))
	s.Step("schema {string} is registered for {topic}", schemaIsRegistered, steps.With(world.NeedsRegistry),
		steps.Checked(schemaIsKnown))
	s.Step("the compatibility of {topic} is {level}", compatibilityIs, steps.With(world.NeedsRegistry))
	s.Step("the schema registry answers with rubbish", registryAnswersRubbish, steps.With(world.NeedsRegistry))
	s.Step("the schema registry answers with status {int}", registryAnswersStatus, steps.With(world.NeedsRegistry))
	s.Step("the schema registry has been asked", registryHasBeenAsked, steps.With(world.NeedsRegistry), steps.Awaited)
	s.Step("the schema registry is down", registryIsDown, steps.With(world.NeedsRegistry))
	s.Step("the schema registry is up again", registryIsUp, steps.With(world.NeedsRegistry))
}

// schemaIsRegistered adds a schema to the versions of a topic's values. One that is there already stays as it is.
//
//	Given topic "users" with 1 partition
//	And schema "user-v1" is registered for "users"
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	Then "users" contains exactly 1 record
func schemaIsRegistered(ctx context.Context, name string, topic *world.Topic) error {
	_, _, err := topic.RegisterSchema(ctx, name)
	return err
}

// compatibilityIs sets what new versions of a topic's schema must be to those that are there. What the embedded
// registry cannot check it does not take.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is BACKWARD
//	When schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func compatibilityIs(ctx context.Context, topic *world.Topic, level sr.CompatibilityLevel) error {
	w := world.FromContext(ctx)
	gate, err := w.Gate(ctx)
	if err != nil {
		return err
	}
	err = gate.Client().SetCompatibility(ctx, schema.Subject(topic.Physical), level)
	if !errors.Is(err, schema.ErrUnknown) {
		return w.Named(err)
	}
	// Apicurio Registry gives up no rule of a subject that it does not know yet: it is told with the first version.
	topic.Level = level
	return nil
}

// schemaIsAccepted registers a schema and is satisfied when the registry takes it. It is not applicable where the
// registry does not check the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is FULL
//	And schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func schemaIsAccepted(ctx context.Context, name string, topic *world.Topic) error {
	return topic.OfferSchema(ctx, name, func(err error) error {
		if errors.Is(err, schema.ErrRefused) {
			return fmt.Errorf("schema %q: got it refused for %q, want it accepted: %w", name, topic.Name, err)
		}
		return err
	})
}

// schemaIsRefused offers a schema to the registry and is satisfied when it is refused as not compatible, and when no
// version was added. It is not applicable where the registry does not check the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is BACKWARD
//	And schema "user-v2" is registered for "users"
//	Then schema "user-v3" is refused for "users"
func schemaIsRefused(ctx context.Context, name string, topic *world.Topic) error {
	w := world.FromContext(ctx)
	return topic.OfferSchema(ctx, name, func(err error) error {
		if err == nil {
			return fmt.Errorf("schema %q: got it accepted for %q, want it refused", name, topic.Name)
		}
		if errors.Is(err, schema.ErrRefused) {
			w.Note("refused: %s", w.Named(err))
			return nil
		}
		return err
	})
}

// registryIsDown cuts off what applications ask of the registry, until it is up again. What the scenario itself asks is
// answered.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1    |
//	  | retry-backoff  | 10ms |
//	When the schema registry is down
//	And these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And "reader" has retried at least 1 time
//	And the schema registry is up again
//	Then "reader" processed exactly 1 record
func registryIsDown(ctx context.Context) error {
	return world.FromContext(ctx).AtGate(ctx, func(g *registry.Gate) error { g.Down(); return nil })
}

// registryHasBeenAsked waits until an application has met the fault of the registry that is at work.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	When the schema registry is down
//	And these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And the schema registry has been asked
//	And the schema registry is up again
//	Then "reader" processed exactly 1 record
func registryHasBeenAsked(ctx context.Context) error {
	return world.FromContext(ctx).AtGate(ctx, func(g *registry.Gate) error {
		if !g.Disturbed() {
			return world.Final(errors.New("nothing was wrong with the schema registry, so no application can have met it; " +
				"say before it: the schema registry is down"))
		}
		if unfired := g.Unfired(); len(unfired) > 0 {
			return fmt.Errorf("%s, and no application has asked it since", unfired[len(unfired)-1])
		}
		return nil
	})
}

// registryIsUp ends what is wrong with the registry. See the registry that is down.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1    |
//	  | retry-backoff  | 10ms |
//	When the schema registry is down
//	And the record "\u0000" is sent to "users"
//	And these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And "reader" has retried at least 1 time
//	And the schema registry is up again
//	Then "reader" processed exactly 1 record
//	And "users_dlq" contains exactly 1 record
func registryIsUp(ctx context.Context) error {
	return world.FromContext(ctx).AtGate(ctx, (*registry.Gate).Up)
}

// registryAnswersStatus gives applications an HTTP status in place of the registry's answer, until it is up again.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1    |
//	  | retry-backoff  | 10ms |
//	When the schema registry answers with status 500
//	And these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And "reader" has retried at least 1 time
//	And the schema registry is up again
//	Then "reader" processed exactly 1 record
func registryAnswersStatus(ctx context.Context, status int64) error {
	if status < 400 || status > 599 {
		return fmt.Errorf("got status %d, want one of an error: 400 to 599", status)
	}
	return world.FromContext(ctx).AtGate(ctx, func(g *registry.Gate) error { g.Answer(int(status)); return nil })
}

// registryAnswersRubbish gives applications a page of HTML with status 200 in place of the registry's answer, as a
// login page in between would, until it is up again.
//
//	Given topic "users" with 1 partition
//	And topic "users_dlq" with 1 partition
//	And schema "user-v1" is registered for "users"
//	And application "reader" is the reference "schema-consumer" in group "readers" reading "users"
//	  | reader-version | 1    |
//	  | retry-backoff  | 10ms |
//	When the schema registry answers with rubbish
//	And these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	And "reader" has retried at least 1 time
//	And the schema registry is up again
//	Then "reader" processed exactly 1 record
func registryAnswersRubbish(ctx context.Context) error {
	return world.FromContext(ctx).AtGate(ctx, func(g *registry.Gate) error { g.Rubbish(); return nil })
}

package builtin

// Schemas: the versions that a schema registry has for a topic's values, what it takes beside them, and a registry that
// fails. A schema is a file beside the features, or one of kafkaspec's own: schemas/NAME.avsc for Avro,
// schemas/NAME.json for JSON Schema, schemas/NAME.proto for Protobuf. The subject of a topic is its name with -value
// behind it. What a schema refers to is looked for beside it, and registered before it under a subject of its name: the
// path of an import of Protobuf, the full name of an Avro type, the file that $ref of a JSON Schema names.

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
	s.Step("schema {string} {standing} for {topic}", schemaStands, steps.With(world.NeedsRegistry),
		steps.Checked(schemaIsKnown))
	s.Step("the compatibility of {topic} is {level}", compatibilityIs, steps.With(world.NeedsRegistry))
	s.Step("the schema registry {condition}", registryIs, steps.With(world.NeedsRegistry), steps.Marked(steps.Outage))
}

// subjectParts are what becomes of schemas and their registry.
func subjectParts(s *steps.Registry) {
	steps.AddPart[standing](s, "standing", "what becomes of a schema that a registry is offered",
		steps.Form("is registered", isRegistered),
		steps.Form("is accepted", isAccepted),
		steps.Form("is refused", isRefused))
	steps.AddPart[condition](s, "condition", "what a schema registry is like for applications",
		steps.Form("is down", registryIsDown),
		steps.Form("answers with status {int}", registryAnswersStatus),
		steps.Form("answers with rubbish", registryAnswersRubbish),
		steps.Form("is up again", registryIsUp),
		steps.Form("has been asked", registryHasBeenAsked))
}

// standing offers a schema to the registry and looks at what becomes of it.
type standing func(ctx context.Context, topic *world.Topic, schema string) error

// schemaStands offers a schema to the registry as the next version of a topic's values.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is FULL
//	And schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func schemaStands(ctx context.Context, name string, what standing, topic *world.Topic) error {
	return what(ctx, topic, name)
}

// condition is what is done to the registry, or waited for.
type condition struct {
	at      func(g *registry.Gate) error
	options []steps.Option
}

// Options say whether it is waited for.
func (c condition) Options() []steps.Option { return c.options }

// registryIs has applications get no answer of the registry, or another one. What the scenario itself asks is answered.
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
func registryIs(ctx context.Context, c condition) error {
	return world.FromContext(ctx).AtGate(ctx, c.at)
}

// isRegistered adds a schema to the versions of a topic's values. One that is there already stays as it is.
//
//	Given topic "users" with 1 partition
//	And schema "user-v1" is registered for "users"
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	Then "users" contains exactly 1 record
func isRegistered() standing {
	return func(ctx context.Context, topic *world.Topic, schema string) error {
		_, _, err := topic.RegisterSchema(ctx, schema)
		return err
	}
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

// isAccepted registers a schema and is satisfied when the registry takes it. It is not applicable where the
// registry does not check the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is FULL
//	And schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func isAccepted() standing {
	return func(ctx context.Context, topic *world.Topic, name string) error {
		return topic.OfferSchema(ctx, name, func(err error) error {
			if errors.Is(err, schema.ErrRefused) {
				return fmt.Errorf("schema %q: got it refused for %q, want it accepted: %w", name, topic.Name, err)
			}
			return err
		})
	}
}

// isRefused offers a schema to the registry and is satisfied when it is refused as not compatible, and when no
// version was added. It is not applicable where the registry does not check the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is BACKWARD
//	And schema "user-v2" is registered for "users"
//	Then schema "user-v3" is refused for "users"
func isRefused() standing {
	return func(ctx context.Context, topic *world.Topic, name string) error {
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
func registryIsDown() condition {
	return condition{at: func(g *registry.Gate) error { g.Down(); return nil }}
}

// registryHasBeenAsked waits until an application has met the fault of the registry that is at work. Not looked at:
// what was asked, and what the application did about the answer.
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
func registryHasBeenAsked() condition {
	return condition{func(g *registry.Gate) error {
		if !g.Disturbed() {
			return world.Final(errors.New("nothing was wrong with the schema registry, so no application can have met it; " +
				"say before it: the schema registry is down"))
		}
		if unfired := g.Unfired(); len(unfired) > 0 {
			return fmt.Errorf("%s, and no application has asked it since", unfired[len(unfired)-1])
		}
		return nil
	}, []steps.Option{steps.Awaited, steps.Claims(steps.Eventually)}}
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
func registryIsUp() condition { return condition{at: (*registry.Gate).Up} }

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
func registryAnswersStatus(status int64) condition {
	return condition{at: func(g *registry.Gate) error {
		if status < 400 || status > 599 {
			return fmt.Errorf("got status %d, want one of an error: 400 to 599", status)
		}
		g.Answer(int(status))
		return nil
	}}
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
func registryAnswersRubbish() condition {
	return condition{at: func(g *registry.Gate) error { g.Rubbish(); return nil }}
}

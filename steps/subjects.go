package steps

// Schemas: the versions that a schema registry has for a topic's values, what it takes beside them, and a registry that fails. A
// schema is a file beside the features, or one of kafkaspec's own: schemas/NAME.avsc for Avro, schemas/NAME.json for JSON Schema. The
// subject of a topic is its name with -value behind it.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

func subjectSteps(s *Registry) {
	s.Step("schema {string} is accepted for {topic}", schemaIsAccepted, with(needsRegistry), checked(schemaIsKnown))
	s.Step("schema {string} is refused for {topic}", schemaIsRefused, with(needsRegistry), checked(schemaIsKnown))
	s.Step("schema {string} is registered for {topic}", schemaIsRegistered, with(needsRegistry), checked(schemaIsKnown))
	s.Step("the compatibility of {topic} is {level}", compatibilityIs, with(needsRegistry))
	s.Step("the schema registry answers with rubbish", registryAnswersRubbish, with(needsRegistry))
	s.Step("the schema registry answers with status {int}", registryAnswersStatus, with(needsRegistry))
	s.Step("the schema registry has been asked", registryHasBeenAsked, with(needsRegistry), Awaited)
	s.Step("the schema registry is down", registryIsDown, with(needsRegistry))
	s.Step("the schema registry is up again", registryIsUp, with(needsRegistry))
}

// schemaIsRegistered adds a schema to the versions of a topic's values. One that is there already stays as it is.
//
//	Given topic "users" with 1 partition
//	And schema "user-v1" is registered for "users"
//	When these records are sent to "users" encoded by schema "user-v1":
//	  | value.id | value.age |
//	  | u1       | 30        |
//	Then "users" contains exactly 1 record
func schemaIsRegistered(ctx context.Context, name, topic string) error {
	_, _, err := FromContext(ctx).register(ctx, name, topic)
	return err
}

// compatibilityIs sets what new versions of a topic's schema must be to those that are there. What the embedded registry cannot check it
// does not take.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is BACKWARD
//	When schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func compatibilityIs(ctx context.Context, topic string, level sr.CompatibilityLevel) error {
	w := FromContext(ctx)
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	gate, err := w.registryGate(ctx)
	if err != nil {
		return err
	}
	err = gate.Client().SetCompatibility(ctx, schema.Subject(t.physical), level)
	if !errors.Is(err, schema.ErrUnknown) {
		return w.named(err)
	}
	// Apicurio Registry gives up no rule of a subject that it does not know yet: it is told with the first version.
	t.level = level
	return nil
}

// schemaIsAccepted registers a schema and is satisfied when the registry takes it. It is not applicable where the registry does not check
// the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is FULL
//	And schema "user-v1" is registered for "users"
//	Then schema "user-v2" is accepted for "users"
func schemaIsAccepted(ctx context.Context, name, topic string) error {
	return FromContext(ctx).offer(ctx, name, topic, func(err error) error {
		if errors.Is(err, schema.ErrRefused) {
			return fmt.Errorf("schema %q: got it refused for %q, want it accepted: %w", name, topic, err)
		}
		return err
	})
}

// schemaIsRefused offers a schema to the registry and is satisfied when it is refused as not compatible, and when no version was added. It is not
// applicable where the registry does not check the compatibility of such schemas.
//
//	Given topic "users" with 1 partition
//	And the compatibility of "users" is BACKWARD
//	And schema "user-v2" is registered for "users"
//	Then schema "user-v3" is refused for "users"
func schemaIsRefused(ctx context.Context, name, topic string) error {
	w := FromContext(ctx)
	return w.offer(ctx, name, topic, func(err error) error {
		if err == nil {
			return fmt.Errorf("schema %q: got it accepted for %q, want it refused", name, topic)
		}
		if errors.Is(err, schema.ErrRefused) {
			w.Note("refused: %s", w.named(err))
			return nil
		}
		return err
	})
}

// registryIsDown cuts off what applications ask of the registry, until it is up again. What the scenario itself asks is answered.
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
	return FromContext(ctx).atGate(ctx, func(g *registry.Gate) error { g.Down(); return nil })
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
	return FromContext(ctx).atGate(ctx, func(g *registry.Gate) error {
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
	return FromContext(ctx).atGate(ctx, (*registry.Gate).Up)
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
	return FromContext(ctx).atGate(ctx, func(g *registry.Gate) error { g.Answer(int(status)); return nil })
}

// registryAnswersRubbish gives applications a page of HTML with status 200 in place of the registry's answer, as a login page in between would, until
// it is up again.
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
	return FromContext(ctx).atGate(ctx, func(g *registry.Gate) error { g.Rubbish(); return nil })
}

// register puts a schema into the registry for a topic.
func (w *World) register(ctx context.Context, name, topic string) (id int, s *schema.Schema, err error) {
	t, err := w.topic(topic)
	if err != nil {
		return 0, nil, err
	}
	if s, err = findSchema(w.Fixtures, name); err != nil {
		return 0, nil, err
	}
	gate, err := w.registryGate(ctx)
	if err != nil {
		return 0, nil, err
	}
	if id, err = gate.Client().Register(ctx, schema.Subject(t.physical), s); err == nil && t.level != 0 {
		err = gate.Client().SetCompatibility(ctx, schema.Subject(t.physical), t.level)
		t.level = 0
	}
	if err != nil {
		return 0, nil, fmt.Errorf("register schema %q: %w", name, w.named(err))
	}
	return id, s, nil
}

// offer registers a schema and hands on how the registry took it. A refusal must not have left a version.
func (w *World) offer(ctx context.Context, name, topic string, judge func(error) error) error {
	t, err := w.topic(topic)
	if err != nil {
		return err
	}
	s, err := findSchema(w.Fixtures, name)
	if err != nil {
		return err
	}
	gate, err := w.registryGate(ctx)
	if err != nil {
		return err
	}
	if !gate.Checks(s.Type) {
		return &NotApplicable{Reason: fmt.Sprintf("the embedded schema registry does not check the compatibility of schemas of the type %s; run with --registry local", s.Type)}
	}
	subject := schema.Subject(t.physical)
	before, err := gate.Client().Versions(ctx, subject)
	if err != nil {
		return w.named(err)
	}
	_, offered := gate.Client().Register(ctx, subject, s)
	if len(before) == 0 && t.level != 0 {
		return fmt.Errorf("the compatibility of %q could not be set before a first version is there; add: And schema %q is registered for %q", topic, name, topic)
	}
	if err := judge(w.named(offered)); err != nil || offered == nil {
		return err
	}
	after, err := gate.Client().Versions(ctx, subject)
	if err == nil && len(after) != len(before) {
		err = fmt.Errorf("schema %q was refused, and %q has %d versions nevertheless, want %d", name, topic, len(after), len(before))
	}
	return err
}

// registryGate is the scenario's way to the registry, made when it is first needed.
func (w *World) registryGate(ctx context.Context) (*registry.Gate, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate != nil {
		return w.gate, nil
	}
	gate, err := w.Registry(ctx)
	if err != nil {
		return nil, err
	}
	w.gate = gate
	return gate, nil
}

func (w *World) atGate(ctx context.Context, do func(*registry.Gate) error) error {
	gate, err := w.registryGate(ctx)
	if err != nil {
		return err
	}
	return do(gate)
}

// throughGate gives an application the address of the scenario's gate, where the scenario looks at schemas.
func (w *World) throughGate(env *app.Env) error {
	if !w.Plan.Registry {
		return nil
	}
	gate, err := w.registryGate(context.Background())
	if err == nil {
		env.Registry = gate.URL()
	}
	return err
}

// unfiredAtGate reports faults of the registry that no application has met.
func (w *World) unfiredAtGate() error {
	if w.gate == nil {
		return nil
	}
	var errs []error
	for _, name := range w.gate.Unfired() {
		errs = append(errs, fmt.Errorf("the fault %q met no request of an application: %w", name, verdict.ErrInconclusive))
	}
	return errors.Join(errs...)
}

func (w *World) closeGate(ctx context.Context) error {
	if w.gate == nil {
		return nil
	}
	return w.gate.Close(ctx)
}

func schemaIsKnown(s Surroundings, m Match) error {
	_, err := findSchema(s.Fixtures, m.Names("string")[0])
	return err
}

// findSchema reads a schema by name from the files under schemas/. The name may have the file's ending.
func findSchema(fixtures fs.FS, name string) (*schema.Schema, error) {
	files, err := fs.Glob(fixtures, "schemas/*")
	if err != nil {
		return nil, fmt.Errorf("look for schemas: %w", err)
	}
	var known, found []string
	for _, file := range files {
		if _, ok := schema.TypeOf(file); !ok {
			continue
		}
		base := path.Base(file)
		short := strings.TrimSuffix(base, path.Ext(base))
		known = append(known, short)
		if name == short || name == base {
			found = append(found, file)
		}
	}
	switch {
	case len(found) == 1:
		text, err := fs.ReadFile(fixtures, found[0])
		if err != nil {
			return nil, fmt.Errorf("read schema %q: %w", name, err)
		}
		return schema.ParseFile(found[0], text)
	case len(found) > 1:
		return nil, fmt.Errorf("schema %q is in %s; write the name with the file's ending", name, quoteAll(found))
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if near := nearest.Word(name, known); near != "" {
		return nil, fmt.Errorf("unknown schema %q; did you mean %q? known are %s", name, near, quoteAll(known))
	}
	return nil, fmt.Errorf("unknown schema %q; known are %s; put NAME.avsc or NAME.json into schemas/ beside the features", name, quoteAll(known))
}

package world

// What stands behind the steps about schemas: finding them by name, registering them, and the scenario's way to the
// registry.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/kafkaspec/kafkaspec/internal/words"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/listen"
	"github.com/kafkaspec/kafkaspec/pkg/nearest"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

// RegisterSchema puts a schema into the registry for a topic.
func (t *Topic) RegisterSchema(ctx context.Context, name string) (id int, s *schema.Schema, err error) {
	w := t.world
	if s, err = FindSchema(w.Fixtures, name); err != nil {
		return 0, nil, err
	}
	gate, err := w.Gate(ctx)
	if err != nil {
		return 0, nil, err
	}
	if id, err = gate.Client().Register(ctx, schema.Subject(t.Physical), s); err == nil && t.Level != 0 {
		err = gate.Client().SetCompatibility(ctx, schema.Subject(t.Physical), t.Level)
		t.Level = 0
	}
	if err != nil {
		return 0, nil, fmt.Errorf("register schema %q: %w", name, w.Named(err))
	}
	return id, s, nil
}

// OfferSchema registers a schema and hands on how the registry took it. A refusal must not have left a version.
func (t *Topic) OfferSchema(ctx context.Context, name string, judge func(error) error) error {
	w := t.world
	s, err := FindSchema(w.Fixtures, name)
	if err != nil {
		return err
	}
	gate, err := w.Gate(ctx)
	if err != nil {
		return err
	}
	if !gate.Checks(s.Type) {
		return outcome.NotApplicablef("the embedded schema registry does not check the compatibility of "+
			"schemas of the type %s; run with --registry local", s.Type)
	}
	subject := schema.Subject(t.Physical)
	before, err := gate.Client().Versions(ctx, subject)
	if err != nil {
		return w.Named(err)
	}
	_, offered := gate.Client().Register(ctx, subject, s)
	if len(before) == 0 && t.Level != 0 {
		return fmt.Errorf("the compatibility of %q could not be set before a first version is there; add: And schema %q is "+
			"registered for %q", t.Name, name, t.Name)
	}
	if err := judge(w.Named(offered)); err != nil || offered == nil {
		return err
	}
	after, err := gate.Client().Versions(ctx, subject)
	if err == nil && len(after) != len(before) {
		err = fmt.Errorf("schema %q was refused, and %q has %d versions nevertheless, want %d", name, t.Name, len(after),
			len(before))
	}
	return err
}

// SchemaVersion is a schema with the number of its version.
type SchemaVersion struct {
	Number int
	*schema.Schema
}

// SchemaVersions are the versions of a topic's schema, by their ids.
func (t *Topic) SchemaVersions(ctx context.Context) (map[int]SchemaVersion, error) {
	w := t.world
	gate, err := w.Gate(ctx)
	if err != nil {
		return nil, err
	}
	numbers, err := gate.Client().Versions(ctx, schema.Subject(t.Physical))
	if err != nil {
		return nil, w.Named(err)
	}
	versions := map[int]SchemaVersion{}
	for _, n := range numbers {
		id, s, err := gate.Client().Version(ctx, schema.Subject(t.Physical), n)
		if err != nil {
			return nil, w.Named(err)
		}
		versions[id] = SchemaVersion{n, s}
	}
	return versions, nil
}

// Gate is the scenario's way to the registry, made when it is first needed.
func (w *World) Gate(ctx context.Context) (*registry.Gate, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate != nil {
		return w.gate, nil
	}
	if w.options.Registry == nil {
		return nil, errors.New("there is no schema registry here; use kafkaspec run")
	}
	gate, err := w.options.Registry(ctx)
	if err != nil {
		return nil, err
	}
	w.gate = gate
	return gate, nil
}

// AtGate does something at the scenario's way to the schema registry.
func (w *World) AtGate(ctx context.Context, do func(*registry.Gate) error) error {
	gate, err := w.Gate(ctx)
	if err != nil {
		return err
	}
	return do(gate)
}

// throughGate gives an application the address of the scenario's gate, where the scenario looks at schemas.
func (w *World) throughGate(env *app.Env, place listen.Place) error {
	if !w.options.Needs.Registry {
		return nil
	}
	gate, err := w.Gate(context.Background())
	if err == nil {
		env.Registry, err = gate.URLAt(place)
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

// FindSchema reads a schema by name from the files under schemas/. The name may have the file's ending.
func FindSchema(fixtures fs.FS, name string) (*schema.Schema, error) {
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
		return schema.ParseFS(fixtures, found[0])
	case len(found) > 1:
		return nil, fmt.Errorf("schema %q is in %s; write the name with the file's ending", name, words.Quoted(found))
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if near := nearest.Word(name, known); near != "" {
		return nil, fmt.Errorf("unknown schema %q; did you mean %q? known are %s", name, near, words.Quoted(known))
	}
	return nil, fmt.Errorf("unknown schema %q; known are %s; put NAME.avsc, NAME.json or NAME.proto into schemas/ "+
		"beside the features",
		name, words.Quoted(known))
}

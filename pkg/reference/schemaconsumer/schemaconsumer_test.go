package schemaconsumer_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaconsumer"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	v1 = `{"type":"record","name":"User","fields":[{"name":"id","type":"string"}]}`
	v2 = `{"type":"record","name":"User","fields":[{"name":"id","type":"string"},{"name":"age","type":"int","default":0}]}`
)

// open is a registry that has versions of the schema of "users", which end with the test.
func open(t *testing.T, versions ...string) *registry.Gate {
	t.Helper()
	g, err := registry.NewEmbedded().Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close(context.Background()) })
	for _, text := range versions {
		s, err := schema.Parse(schema.Avro, text)
		if err == nil {
			_, err = g.Client().Register(t.Context(), "users-value", s)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// user is a record by a version of the schema, which has that id in a fresh registry.
func user(t *testing.T, id int, text, document string) *kgo.Record {
	t.Helper()
	s, err := schema.Parse(schema.Avro, text)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := s.Encode([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	value, err := schema.Frame(id, payload)
	if err != nil {
		t.Fatal(err)
	}
	return &kgo.Record{Topic: "users", Key: []byte("u"), Value: value}
}

func topics(t *testing.T) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "users", 1)
	l.Topic(t, "users_dlq", 1)
	return l
}

func env(g *registry.Gate) app.Env {
	return app.Env{Name: "reader", Group: "readers", Inputs: []string{"users"},
		Topics: map[string]string{"users": "users", "users_dlq": "users_dlq"}, Registry: g.URL()}
}

// A restart in the middle of an outage loses nothing, and commits nothing that was not read.
func TestStoppedWhileTheRegistryIsDown(t *testing.T) {
	l, g := topics(t), open(t, v1, v2)
	l.Send(t, user(t, 1, v1, `{"id":"a"}`))
	first := l.Start(t, schemaconsumer.Run, env(g), "retry-backoff: 10ms")
	first.Until(t, 1, "msg=committed", "offset=1 ")
	g.Down()
	l.Send(t, user(t, 2, v2, `{"id":"b","age":5}`))
	first.Until(t, 2, "msg=retrying", "offset=1 ")
	if err := first.Stop(t); err != nil {
		t.Fatal(err)
	}
	if got := l.Committed(t, "readers", "users"); !maps.Equal(got, map[int32]int64{0: 1}) {
		t.Errorf("got committed offsets %v, want 1: the second record was not read", got)
	}
	if err := g.Up(); err != nil {
		t.Fatal(err)
	}
	second := l.Start(t, schemaconsumer.Run, env(g), "reader-version: 2")
	second.Until(t, 1, "msg=committed", "offset=2 ")
	if lines := second.Lines("msg=read"); len(lines) != 1 || !strings.Contains(lines[0], `\"age\":5`) {
		t.Errorf("got %q, want the second record, read once", lines)
	}
	if letters := l.Read(t, "users_dlq"); len(letters) != 0 {
		t.Errorf("got %d dead letters, want none", len(letters))
	}
}

// A registry that is down at the start is waited for as one that fails later is.
func TestStartedWhileTheRegistryIsDown(t *testing.T) {
	l, g := topics(t), open(t, v1)
	g.Rubbish()
	l.Send(t, user(t, 1, v1, `{"id":"a"}`))
	r := l.Start(t, schemaconsumer.Run, env(g), "retry-backoff: 10ms")
	r.Until(t, 1, "msg=retrying")
	if err := g.Up(); err != nil {
		t.Fatal(err)
	}
	r.Until(t, 1, "msg=committed", "offset=1 ")
}

// A registry that denies access is not waited for at the start: credentials do not become right by themselves. One that
// begins to deny it later is, as the records cannot be judged without it.
func TestDeniedByTheRegistry(t *testing.T) {
	l, g := topics(t), open(t, v1)
	r := l.Start(t, schemaconsumer.Run, env(g), "retry-backoff: 10ms")
	l.Send(t, user(t, 1, v1, `{"id":"a"}`))
	r.Until(t, 1, "msg=committed", "offset=1 ")
	g.Answer(401)
	l.Send(t, user(t, 99, v1, `{"id":"b"}`)) // an id that it has to ask for
	r.Until(t, 2, "msg=retrying")
	if err := r.Stop(t); err != nil {
		t.Errorf("got %v, want nil after a graceful stop", err)
	}
	err := l.Start(t, schemaconsumer.Run, env(g), "").Wait(t)
	if want := "check its user and password"; !errors.Is(err, schema.ErrDenied) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %v and %q", err, schema.ErrDenied, want)
	}
}

func TestSettings(t *testing.T) {
	g := open(t, v1)
	for _, c := range []struct {
		name, settings string
		change         func(*app.Env)
		want           string
	}{
		{"version 0", "reader-version: 0", nil, "reader-version: got 0, want a version of the schema, counted from 1"},
		{"no number", "reader-version: newest", nil, `reader-version: got "newest", want a whole number`},
		{"misspelt", "reader-versionn: 1", nil, `unknown setting "reader-versionn"; did you mean "reader-version"?`},
		{"a version nobody registered", "reader-version: 7", nil,
			"the schema to read users by: subject \"users-value\" version 7: not known to the registry"},
		{"no registry", "", func(e *app.Env) { e.Registry = "" }, "set SCHEMA_REGISTRY_URL"},
		{"no address", "", func(e *app.Env) { e.Registry = "localhost:8081" }, "want an address such as http://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, e := topics(t), env(g)
			if c.change != nil {
				c.change(&e)
			}
			if err := l.Start(t, schemaconsumer.Run, e, c.settings).Wait(t); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

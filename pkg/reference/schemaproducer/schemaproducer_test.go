package schemaproducer_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/fixtures"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/schemaproducer"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open is a registry that ends with the test.
func open(t *testing.T) *registry.Gate {
	t.Helper()
	g, err := registry.NewEmbedded().Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close(context.Background()) })
	return g
}

func topics(t *testing.T) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "users", 1)
	return l
}

func env(g *registry.Gate) app.Env {
	return app.Env{Name: "publisher", Outputs: []string{"users"}, Registry: g.URL()}
}

// ids are those that the records of the topic begin with, in order.
func ids(t *testing.T, l *lab.Lab) []int {
	t.Helper()
	var got []int
	for _, r := range l.Read(t, "users") {
		id, _, err := schema.Unframe(r.Value)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, id)
	}
	return got
}

// Features register these schemas by name, and count on the application's being the same.
func TestSchemasAreThoseOfFeatures(t *testing.T) {
	for _, name := range []string{"user-v%d.avsc", "customer-v%d.json", "account-v%d.proto"} {
		for v := 1; v <= 6; v++ {
			file := fmt.Sprintf(name, v)
			want, err := fs.ReadFile(fixtures.Files, "schemas/"+file)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := schemaproducer.Files.ReadFile("versions/" + file); err != nil || string(got) != string(want) {
				t.Errorf("versions/%s differs from fixtures/schemas/%s (%v); copy it there", file, file, err)
			}
		}
	}
}

// More events than go out in one round come in order, each version behind the one before.
func TestRounds(t *testing.T) {
	l, g := topics(t), open(t)
	r := l.Start(t, schemaproducer.Run, env(g), "events-per-version: 1200")
	if err := r.Wait(t); err != nil {
		t.Fatal(err)
	}
	want := append(slices.Repeat([]int{1}, 1200), slices.Repeat([]int{2}, 1200)...)
	if got := ids(t, l); !slices.Equal(got, want) {
		t.Errorf("got %d records with other ids than 1200 times 1 and 1200 times 2", len(got))
	}
	if lines := r.Lines("msg=done", "acknowledged=2400 "); len(lines) != 1 {
		t.Errorf("got %d lines of done with 2400 acknowledged records, want one", len(lines))
	}
}

// The error names the version, and what was written before it stays.
func TestRefused(t *testing.T) {
	l, g := topics(t), open(t)
	if err := g.Client().SetCompatibility(t.Context(), "users-value", sr.CompatBackward); err != nil {
		t.Fatal(err)
	}
	r := l.Start(t, schemaproducer.Run, env(g), "{versions: [1, 3, 2], events-per-version: 2}")
	want := `version 3 of the schema of "users" was not registered, and nothing was written by it`
	if err := r.Wait(t); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	if got := ids(t, l); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("got records with the ids %v, want two with 1", got)
	}
	if lines := r.Lines("msg=refused", "version=3 ", "acknowledged=2 "); len(lines) != 1 {
		t.Errorf("got %d lines of refused, want one for version 3", len(lines))
	}
}

// Credentials that the registry denies do not become right by themselves.
func TestDeniedByTheRegistry(t *testing.T) {
	l, g := topics(t), open(t)
	g.Answer(403)
	if err := l.Start(t, schemaproducer.Run, env(g), "").Wait(t); !errors.Is(err, schema.ErrDenied) {
		t.Errorf("got %v, want %v", err, schema.ErrDenied)
	}
}

// A writer that is told to stop while it waits for the registry has written nothing, and ends well.
func TestStoppedWhileTheRegistryIsDown(t *testing.T) {
	l, g := topics(t), open(t)
	g.Down()
	r := l.Start(t, schemaproducer.Run, env(g), "retry-backoff: 10ms")
	r.Until(t, 2, "msg=retrying", "version=1 ")
	if err := r.Stop(t); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, l); len(got) != 0 {
		t.Errorf("got records with the ids %v, want none", got)
	}
	if lines := r.Lines("msg=interrupted", "acknowledged=0 "); len(lines) != 1 {
		t.Errorf("got %d lines of interrupted, want one", len(lines))
	}
}

func TestSettings(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		name, settings string
		change         func(*app.Env)
		want           string
	}{
		{"format", "format: thrift", nil, `setting format: got "thrift", want avro, json-schema or protobuf`},
		{"version 7", "versions: [1, 7]", nil, `setting versions: got "7", want versions of the schema from 1 to 6`},
		{"a version twice", "versions: [1, 1]", nil, "setting versions: got 1 twice, want each version once"},
		{"no versions", "versions: []", nil, "got 0 versions, events-per-version 100, users 10, want at least 1 of each"},
		{"no events", "events-per-version: 0", nil, "events-per-version 0"},
		{"waits that shrink", "{retry-backoff: 1s, retry-backoff-max: 10ms}", nil,
			"got retry-backoff 1s, retry-backoff-max 10ms"},
		{"misspelt", "version: 1", nil, `unknown setting "version"; did you mean "versions"?`},
		{"no topic", "", func(e *app.Env) { e.Outputs = nil }, "no output topic; name one"},
		{"a topic that is not there", "", func(e *app.Env) { e.Outputs = []string{"nothing"} }, `nothing`},
		{"no registry", "", func(e *app.Env) { e.Registry = "" }, "set SCHEMA_REGISTRY_URL"},
		{"no address", "", func(e *app.Env) { e.Registry = "localhost:8081" }, "want an address such as http://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, e := topics(t), env(g)
			if c.change != nil {
				c.change(&e)
			}
			if err := l.Start(t, schemaproducer.Run, e, c.settings).Wait(t); err == nil ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if got := l.Read(t, "users"); len(got) != 0 {
				t.Errorf("got %d records, want none", len(got))
			}
		})
	}
}

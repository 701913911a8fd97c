package registry_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/sr"
	"go.uber.org/goleak"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/pkg/outcome"
	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
	_ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	user1    = `{"type":"record","name":"User","fields":[{"name":"id","type":"string"}]}`
	user2    = `{"type":"record","name":"User","fields":[{"name":"id","type":"string"},{"name":"age","type":"int","default":0}]}`
	required = `{"type":"record","name":"User","fields":[{"name":"id","type":"string"},{"name":"age","type":"int"}]}`
	object   = `{"type":"object","properties":{"id":{"type":"string"}}}`
	text     = `{"type":"string"}`
)

func parse(t *testing.T, of schema.Type, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(of, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func open(t *testing.T, b registry.Backend) *registry.Gate {
	t.Helper()
	g, err := b.Open(within(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return g
}

// application is a client as an application of the scenario has it.
func application(t *testing.T, g *registry.Gate) *schema.Client {
	t.Helper()
	c, err := schema.NewClient(g.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// TestEmbedded and the tests of the others hold every registry to the same.
func TestEmbedded(t *testing.T) { behaves(t, registry.NewEmbedded(), false) }

func TestShared(t *testing.T) {
	// Another gate of an embedded registry stands for a registry elsewhere.
	elsewhere := open(t, registry.NewEmbedded())
	b, err := registry.Connect(within(t), elsewhere.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	behaves(t, b, false)
	t.Run("scenarios keep apart and leave nothing", func(t *testing.T) {
		one, other := open(t, b), open(t, b)
		for _, g := range []*registry.Gate{one, other} {
			if _, err := g.Client().Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := other.Client().Register(within(t), "users-value", parse(t, schema.Avro, user2)); err != nil {
			t.Fatal(err)
		}
		versions, err := one.Client().Versions(within(t), "users-value")
		if err != nil || len(versions) != 1 {
			t.Errorf("got versions %v (%v), want one: the second is another scenario's", versions, err)
		}
		if body := get(t, one.URL()+"/subjects"); body != `["users-value"]` {
			t.Errorf("got the subjects %s, want the scenario's own by its own name", body)
		}
	})
	t.Cleanup(func() {
		if body := strings.TrimSpace(get(t, elsewhere.URL()+"/subjects?deleted=true")); body != "[]" {
			t.Errorf("got %s left, want nothing", body)
		}
	})
}

func TestLocal(t *testing.T) {
	testenv.NeedLocal(t, "Java 17 and, the first time, Maven, to run Apicurio Registry")
	b, err := registry.StartLocal(within(t), registry.LocalOptions{Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	behaves(t, b, true)
}

func behaves(t *testing.T, b registry.Backend, checksJSON bool) {
	t.Run("ids and versions", func(t *testing.T) {
		c := application(t, open(t, b))
		first, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1))
		if err != nil {
			t.Fatal(err)
		}
		second, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user2))
		if err != nil || second == first {
			t.Fatalf("got id %d behind %d (%v), want another", second, first, err)
		}
		if again, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil || again != first {
			t.Errorf("got id %d (%v) the second time, want %d", again, err, first)
		}
		if s, err := c.ByID(within(t), second); err != nil || s.Text != user2 || s.Type != schema.Avro {
			t.Errorf("got %+v (%v), want the second schema", s, err)
		}
		if id, s, err := c.Version(within(t), "users-value", 1); err != nil || id != first || s.Text != user1 {
			t.Errorf("got id %d, %+v (%v), want the first schema", id, s, err)
		}
		if id, _, err := c.Version(within(t), "users-value", schema.Latest); err != nil || id != second {
			t.Errorf("got id %d (%v), want the second", id, err)
		}
		if _, err := c.ByID(within(t), 99_999); !errors.Is(err, schema.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
		if _, _, err := c.Version(within(t), "nobodys-value", 1); !errors.Is(err, schema.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
	})
	t.Run("compatibility", func(t *testing.T) {
		c := application(t, open(t, b))
		if err := c.SetCompatibility(within(t), "users-value", sr.CompatBackward); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil {
			t.Fatal(err)
		}
		if id, err := c.Register(within(t), "users-value", parse(t, schema.Avro, required)); !errors.Is(err,
			schema.ErrRefused) {
			t.Errorf("got id %d (%v), want ErrRefused", id, err)
		}
		if err := c.SetCompatibility(within(t), "users-value", sr.CompatForward); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, required)); err != nil {
			t.Errorf("got %v, want it to be taken now", err)
		}
	})
	t.Run("compatibility of JSON Schema", func(t *testing.T) {
		g := open(t, b)
		c := application(t, g)
		if got := g.Checks(schema.JSON); got != checksJSON && b.Describe() == "embedded (srfake)" {
			t.Errorf("got checks %v, want %v", got, checksJSON)
		}
		if err := c.SetCompatibility(within(t), "users-value", sr.CompatBackward); err != nil {
			t.Fatal(err)
		}
		id, err := c.Register(within(t), "users-value", parse(t, schema.JSON, object))
		if err != nil {
			t.Fatal(err)
		}
		if s, err := c.ByID(within(t), id); err != nil || s.Type != schema.JSON {
			t.Errorf("got %+v (%v), want JSON Schema", s, err)
		}
		_, err = c.Register(within(t), "users-value", parse(t, schema.JSON, text))
		if want := map[bool]error{true: schema.ErrRefused, false: schema.ErrUnavailable}[checksJSON]; !errors.Is(err, want) {
			t.Errorf("got %v, want %v: refused, or said not to be checked, and never taken", err, want)
		}
	})
	t.Run("references", func(t *testing.T) { references(t, open(t, b)) })
	t.Run("Protobuf", func(t *testing.T) { protobuf(t, open(t, b)) })
	t.Run("faults", func(t *testing.T) { faults(t, open(t, b)) })
}

func faults(t *testing.T, g *registry.Gate) {
	c := application(t, g)
	if err := g.Up(); err == nil {
		t.Error("got no error from Up without a fault")
	}
	for name, begin := range map[string]func(){"down": g.Down, "500": func() { g.Answer(500) }, "rubbish": g.Rubbish} {
		begin()
		if len(g.Unfired()) != 1 {
			t.Errorf("%s: got %v, want it not to have fired", name, g.Unfired())
		}
		if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1)); !errors.Is(err,
			schema.ErrUnavailable) {
			t.Errorf("%s: got %v, want ErrUnavailable", name, err)
		}
		if _, err := g.Client().Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil {
			t.Errorf("%s: got %v for the scenario itself, want it to be taken", name, err)
		}
		if len(g.Unfired()) != 0 {
			t.Errorf("%s: got %v, want it to have fired", name, g.Unfired())
		}
		if err := g.Up(); err != nil {
			t.Error(err)
		}
		if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil {
			t.Errorf("%s: got %v afterwards, want it to be taken", name, err)
		}
	}
}

func TestEmbeddedRefusesWhatIsNoSchema(t *testing.T) {
	g := open(t, registry.NewEmbedded())
	answer, err := http.Post(g.URL()+"/subjects/users-value/versions", "application/json",
		strings.NewReader(`{"schema":"{\"type\":\"strng\"}"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("got status %d, want 422", answer.StatusCode)
	}
}

func TestConnectNamesWhatIsWrong(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>"))
	}))
	t.Cleanup(page.Close)
	var sent atomic.Int64
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for some, err := []byte("[\""), error(nil); err == nil; some = make([]byte, 1<<16) {
			_, err = w.Write(some)
			sent.Add(int64(len(some)))
		}
	}))
	t.Cleanup(endless.Close)
	withPassword := strings.Replace(page.URL, "http://", "http://me:geheim@", 1)
	for address, want := range map[string]string{
		"http://127.0.0.1:1": "cannot use the schema registry at http://127.0.0.1:1",
		page.URL:             "did not answer as one",
		withPassword:         "me:xxxxx@",
		endless.URL:          "its answer",
	} {
		_, err := registry.Connect(within(t), address)
		if !outcome.IsEnvironment(err) || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: got %v, want outcome.Environment with %q and no password", address, err, want)
		}
	}
	if sent := sent.Load(); sent > schema.MostBytes+1<<24 { // what is on its way is read by nobody
		t.Errorf("got %d bytes of an answer without an end, want at most %d", sent, schema.MostBytes)
	}
	if _, err := registry.Connect(within(t), "registry.example.org:8081"); err == nil ||
		!strings.Contains(err.Error(), "want an address such as") {
		t.Errorf("got %v, want an address without http:// to be refused", err)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer func() { _ = answer.Body.Close() }()
	body := make([]byte, 4096)
	n, _ := answer.Body.Read(body)
	return strings.TrimSpace(string(body[:n]))
}

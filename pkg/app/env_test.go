package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/app"
)

func fullEnv(t *testing.T) app.Env {
	return app.Env{
		Name:      "shipping",
		Bootstrap: []string{"127.0.0.1:9092", "[::1]:9093"},
		Access: access.Access{
			TLS:  &access.TLS{CAFile: "ca.pem"},
			SASL: &access.SASL{Mechanism: access.Plain, Username: "u", Password: "p=a,b"},
		},
		Group:        "ks-12345678-shipping",
		WatchedGroup: "ks-12345678-billing",
		Inputs:       []string{"ks-1-orders", "ks-1-returns"},
		Outputs:      []string{"ks-1-orders_dlq"},
		Topics:       map[string]string{"orders": "ks-1-orders", "orders-dlq.v2": "ks-1-dlq", "Größe": "ks-1-g"},
		Registry:     "http://127.0.0.1:8081",
		Database:     "postgres://localhost/db?sslmode=disable",
		Settings:     settings(t, "retries: 5\n"),
	}
}

func TestEnvironNames(t *testing.T) {
	got := fullEnv(t).Environ("settings.yaml")
	for _, want := range []string{
		"KAFKA_CLIENT_ID=shipping",
		"KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092,[::1]:9093",
		"KAFKA_SECURITY_PROTOCOL=SASL_SSL",
		"KAFKA_SASL_PASSWORD=p=a,b",
		"KAFKA_GROUP_ID=ks-12345678-shipping",
		"KAFKA_WATCHED_GROUP_ID=ks-12345678-billing",
		"KAFKA_INPUT_TOPICS=ks-1-orders,ks-1-returns",
		"KAFKA_OUTPUT_TOPICS=ks-1-orders_dlq",
		"KAFKA_TOPIC_ORDERS=ks-1-orders",
		"KAFKA_TOPIC_ORDERS_DLQ_V2=ks-1-dlq",
		"SCHEMA_REGISTRY_URL=http://127.0.0.1:8081",
		"DATABASE_URL=postgres://localhost/db?sslmode=disable",
		"APP_SETTINGS=settings.yaml",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("got %q, want it to contain %q", got, want)
		}
	}
	bare := app.Env{Bootstrap: []string{"a:1"}}.Environ("")
	want := []string{"KAFKA_SECURITY_PROTOCOL=PLAINTEXT", "KAFKA_BOOTSTRAP_SERVERS=a:1"}
	if diff := cmp.Diff(want, bare); diff != "" {
		t.Errorf("environment of an Env with nothing else (-want +got):\n%s", diff)
	}
}

// setEnvironment makes this process's environment what a child would get.
func setEnvironment(t *testing.T, environ []string) {
	t.Helper()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
}

func TestEnvSurvivesTheEnvironment(t *testing.T) {
	sent := fullEnv(t)
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, sent.Settings.YAML(), 0o600); err != nil {
		t.Fatal(err)
	}
	setEnvironment(t, sent.Environ(file))
	got, err := app.EnvFromOS()
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{"orders", "orders-dlq.v2", "Größe", "unknown"} {
		if got.Topic(topic) != sent.Topic(topic) {
			t.Errorf("got topic %q for %q, want %q", got.Topic(topic), topic, sent.Topic(topic))
		}
	}
	if got.Settings.Int("retries", 0) != 5 {
		t.Errorf("got retries %d, want 5", got.Settings.Int("retries", 0))
	}
	if got.Access.SASL.Password != "p=a,b" || got.Access.TLS.CAFile != "ca.pem" {
		t.Error("got another access, want the one that was sent")
	}
	if got.Log == nil {
		t.Error("got no logger, want one on standard output")
	}
	plain := func(e app.Env) app.Env {
		e.Access, e.Topics, e.Settings, e.Log = access.Access{}, nil, app.Settings{}, nil
		return e
	}
	if diff := cmp.Diff(plain(sent), plain(got), cmp.AllowUnexported(app.Settings{})); diff != "" {
		t.Errorf("Env (-sent +got):\n%s", diff)
	}
}

func TestEnvFromOSErrors(t *testing.T) {
	cases := []struct {
		name    string
		environ []string
		want    string
	}{
		{"no addresses", []string{"KAFKA_BOOTSTRAP_SERVERS= , "}, "KAFKA_BOOTSTRAP_SERVERS"},
		{"no settings file", []string{"KAFKA_BOOTSTRAP_SERVERS=a:1", "APP_SETTINGS=/no/such/file"},
			"APP_SETTINGS: open /no/such/file"},
		{"bad access", []string{"KAFKA_BOOTSTRAP_SERVERS=a:1", "KAFKA_SECURITY_PROTOCOL=TLS"}, "KAFKA_SECURITY_PROTOCOL"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			setEnvironment(t, c.environ)
			if _, err := app.EnvFromOS(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to contain %q", err, c.want)
			}
		})
	}
}

func TestClientOptions(t *testing.T) {
	if _, err := (app.Env{Name: "shipping"}).ClientOptions(); err == nil || !strings.Contains(err.Error(), "bootstrap") {
		t.Errorf("got %v, want an error about the missing address", err)
	}
	options, err := app.Env{Name: "shipping", Bootstrap: []string{"a:1"}}.ClientOptions()
	if err != nil || len(options) != 3 {
		t.Errorf("got %d options and %v, want addresses, client id, and that a first connection that is cut is tried again",
			len(options), err)
	}
}

func TestLogLinesHaveNoTime(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(app.NewLogHandler(&out))
	log.With("app", "a b").Info("processed", "topic", "orders", "time", "kept as it is", slog.Group("g", "time", 1))
	want := `level=INFO msg=processed app="a b" topic=orders time="kept as it is" g.time=1` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

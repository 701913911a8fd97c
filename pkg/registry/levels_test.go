package registry_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// TestEmbeddedLevels holds the embedded registry to the level that applies: the subject's own, else that of all, else
// BACKWARD.
func TestEmbeddedLevels(t *testing.T) {
	g := open(t, registry.NewEmbedded())
	c := application(t, g)
	ask := func(method, path, body string) {
		t.Helper()
		request, err := http.NewRequestWithContext(within(t), method, g.URL()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: got status %d, want 200", method, path, answer.StatusCode)
		}
	}
	defer http.DefaultClient.CloseIdleConnections()
	if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, user1)); err != nil {
		t.Fatal(err)
	}
	offer := func(want error) { // a field without a default: FORWARD only
		t.Helper()
		if _, err := c.Register(within(t), "users-value", parse(t, schema.Avro, required)); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	offer(schema.ErrRefused)
	ask(http.MethodPut, "/config", `{"compatibility":"FULL"}`)
	ask(http.MethodPut, "/config/users-value", `{"compatibility":"FORWARD"}`)
	ask(http.MethodDelete, "/config/users-value", "")
	offer(schema.ErrRefused)
	ask(http.MethodPut, "/config", `{"compatibility":"FORWARD"}`)
	offer(nil)
}

package registry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// message is a proto3 message with these fields.
func message(fields string) string {
	return "syntax = \"proto3\";\npackage shop;\n\nmessage User {\n" + fields + "}\n"
}

// protobuf holds a registry to what it has of Protobuf, by the changes that registries agree on.
func protobuf(t *testing.T, g *registry.Gate) {
	c := application(t, g)
	if !g.Checks(schema.Protobuf) {
		t.Error("got Protobuf unchecked")
	}
	if err := c.SetCompatibility(within(t), "users-value", sr.CompatBackward); err != nil &&
		!errors.Is(err, schema.ErrUnknown) {
		t.Fatal(err)
	}
	one, two := message("  string id = 1;\n"), message("  string id = 1;\n  int32 age = 2;\n")
	first, err := c.Register(within(t), "users-value", parse(t, schema.Protobuf, one))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetCompatibility(within(t), "users-value", sr.CompatBackward); err != nil {
		t.Fatal(err)
	}
	second, err := c.Register(within(t), "users-value", parse(t, schema.Protobuf, two))
	if err != nil || second == first {
		t.Fatalf("got id %d behind %d (%v), want another", second, first, err)
	}
	if s, err := c.ByID(within(t), first); err != nil || s.Type != schema.Protobuf || s.Canonical() != parse(t,
		schema.Protobuf, one).Canonical() {
		t.Errorf("got %+v (%v), want the first schema", s, err)
	}
	if id, err := c.Register(within(t), "users-value", parse(t, schema.Protobuf,
		message("  string id = 1;\n  string age = 2;\n"))); !errors.Is(err, schema.ErrRefused) {
		t.Errorf("got id %d (%v), want a number that becomes text to be refused", id, err)
	}
	if versions, err := c.Versions(within(t), "users-value"); err != nil || len(versions) != 2 {
		t.Errorf("got versions %v (%v), want 2", versions, err)
	}
}

// TestEmbeddedProtobuf tries what the embedded registry does for clients of Protobuf.
func TestEmbeddedProtobuf(t *testing.T) {
	g := open(t, registry.NewEmbedded())
	c := application(t, g)
	text := message("  string id = 1;\n")
	id, err := c.Register(within(t), "users-value", parse(t, schema.Protobuf, text))
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"users-value", "others-value"} {
		again, err := c.Register(within(t), subject, parse(t, schema.Protobuf, "// a comment\n"+strings.ReplaceAll(text, "\n",
			" ")))
		if err != nil || again != id {
			t.Errorf("%s: got id %d (%v) with other spaces, want %d", subject, again, err, id)
		}
	}
	var answer struct{ Schema, SchemaType string }
	body := get(t, fmt.Sprintf("%s/schemas/ids/%d?format=serialized", g.URL(), id))
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if s := parse(t, schema.Protobuf, answer.Schema); strings.Contains(answer.Schema, "message") ||
		s.Canonical() != parse(t, schema.Protobuf, text).Canonical() {
		t.Errorf("got %s, want a descriptor of the schema", body)
	}
	if again, err := c.Register(within(t), "users-value", parse(t, schema.Protobuf, answer.Schema)); err != nil ||
		again != id {
		t.Errorf("got id %d (%v) for its descriptor, want %d", again, err, id)
	}
	if body := get(t, g.URL()+"/schemas/ids/99?format=serialized"); !strings.Contains(body, "40403") {
		t.Errorf("got %s, want that there is no such schema", body)
	}
	if _, err := c.Register(within(t), "users-value", &schema.Schema{Type: schema.Protobuf,
		Text: "syntax = \"proto3\"; mesage User {}"}); !errors.Is(err, schema.ErrRefused) {
		t.Errorf("got %v, want what is no schema to be refused", err)
	}
}

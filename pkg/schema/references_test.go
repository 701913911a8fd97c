package schema_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// TestReferencesInCircles asks a registry whose only schema refers to itself.
func TestReferencesInCircles(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"schema":"{}","schemaType":"JSON","references":[{"name":"a","subject":"a","version":1}]}`)
	}))
	t.Cleanup(server.Close)
	c, err := schema.NewClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := c.ByID(context.Background(), 1); !errors.Is(err, schema.ErrUnsupported) ||
		!strings.Contains(err.Error(), "it refers to itself") {
		t.Errorf("got %v, want that it refers to itself", err)
	}
}

// TestReferencesAreBounded refers to schemas that would take hours, or name another by one name.
func TestReferencesAreBounded(t *testing.T) {
	deep := &schema.Schema{Type: schema.JSON, Text: strings.Repeat(`{"not":`, 5000) + "{}" + strings.Repeat("}", 5000)}
	text := func(of string) *schema.Schema { return &schema.Schema{Type: schema.JSON, Text: of} }
	var many []schema.Reference
	for i := range 300 {
		many = append(many, schema.Reference{Name: fmt.Sprintf("%d.json", i), Schema: text("{}")})
	}
	for want, references := range map[string][]schema.Reference{
		"nested deeper than":                   {{Name: "b.json", Schema: deep}},
		`refers to two schemas of the name "b`: {{Name: "b.json", Schema: text("{}")}, {Name: "b.json", Schema: text("true")}},
		"refers to more than 200 schemas":      many,
		`"b.avsc", which is of the type AVRO`:  {{Name: "b.avsc", Schema: &schema.Schema{Type: schema.Avro, Text: `"int"`}}},
	} {
		if _, err := schema.Parse(schema.JSON, `{"$ref":"b.json"}`, references...); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

package registry_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/registry"
	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// references registers schemas that refer to others, and asks for them as somebody else would.
func references(t *testing.T, g *registry.Gate) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"price.avsc":  `{"type":"record","name":"Price","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`,
		"line.avsc":   `{"type":"record","name":"Line","namespace":"shop","fields":[{"name":"price","type":"Price"}]}`,
		"order.avsc":  `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"line","type":"Line"}]}`,
		"place.json":  `{"type":"object","properties":{"city":{"type":"string"}}}`,
		"visit.json":  `{"type":"object","properties":{"at":{"$ref":"place.json"}}}`,
		"money.proto": "syntax = \"proto3\";\npackage shop;\nmessage Money {\n  int64 cents = 1;\n}\n",
		"bill.proto": "syntax = \"proto3\";\npackage shop;\nimport \"money.proto\";\nmessage Bill {\n  Money total = 1;\n" +
			"}\n",
	} {
		files["schemas/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for file, document := range map[string]string{
		"order.avsc": `{"line":{"price":{"cents":5}}}`,
		"visit.json": `{"at":{"city":"Oslo"}}`,
		"bill.proto": `{"total":{"cents":5}}`,
	} {
		s, err := schema.ParseFS(files, "schemas/"+file)
		if err != nil {
			t.Fatal(err)
		}
		c := application(t, g)
		id, err := c.Register(within(t), file+"-value", s)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.Register(within(t), file+"-value", s); err != nil || again != id {
			t.Errorf("%s: got id %d (%v) the second time, want %d", file, again, err, id)
		}
		found, err := application(t, g).ByID(within(t), id)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := s.Encode([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := schema.Read(found, found, payload); err != nil || string(got.JSON) != document {
			t.Errorf("%s: got %s (%v), want %s", file, got.JSON, err, document)
		}
	}
	if versions, err := g.Client().Versions(within(t), "place.json"); err != nil || len(versions) != 1 {
		t.Errorf("got versions %v (%v) of what a schema refers to, want one", versions, err)
	}
}

// TestEmbeddedRefusesDanglingReferences sends a reference to what is not there.
func TestEmbeddedRefusesDanglingReferences(t *testing.T) {
	g := open(t, registry.NewEmbedded())
	body := `{"schemaType":"JSON","schema":"{\"$ref\":\"b.json\"}",` +
		`"references":[{"name":"b.json","subject":"b.json","version":3}]}`
	answer, err := http.Post(g.URL()+"/subjects/a-value/versions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), "which is not there") {
		t.Errorf("got status %d: %s, want 422 and what is not there", answer.StatusCode, text)
	}
	if _, _, err := g.Client().Version(within(t), "a-value", 1); !errors.Is(err, schema.ErrUnknown) {
		t.Errorf("got %v, want nothing to be registered", err)
	}
}

package protobuf_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// folder is files of schemas by their names.
func folder(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range files {
		all["schemas/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestReferencesBesideAFile(t *testing.T) {
	files := folder(map[string]string{
		"price.avsc": `{"type":"record","name":"Price","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`,
		"line.avsc":  `{"type":"record","name":"shop.Line","fields":[{"name":"price","type":"Price"}]}`,
		"order.avsc": `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"lines","type":{"type":"array","items":"Line"}},` +
			`{"name":"total","type":["null","shop.Price"]}]}`,
		"place.json": `{"type":"object","properties":{"city":{"$ref":"#/definitions/name"}},` +
			`"definitions":{"name":{"type":"string"}}}`,
		"visit.json": `{"$id":"https://example.com/visit.json","properties":{"at":{"$ref":"place.json"},` +
			`"by":{"$ref":"place.json#/definitions/name"}}}`,
		"money.proto": `syntax = "proto3"; package shop; message Money { int64 cents = 1; }`,
		"lines.proto": "syntax = \"proto3\"; package shop;\nimport public \"money.proto\"; " +
			"message Line { Money price = 1; }",
		"orders.proto": "syntax = \"proto3\"; package shop;\nimport \"lines.proto\"; " +
			"message Order { repeated Line lines = 1; }",
	})
	for _, c := range []struct{ file, references, document, unfit, want string }{
		{"order.avsc", "shop.Line shop.Price", `{"lines":[{"price":{"cents":5}}],"total":{"cents":1}}`,
			`{"lines":[{"price":{"cents":"x"}}],"total":null}`, "lines.price.cents"},
		{"visit.json", "place.json", `{"at":{"city":"Oslo"},"by":"me"}`, `{"at":{"city":5}}`, "at.city"},
		{"orders.proto", "lines.proto", `{"lines":[{"price":{"cents":5}}]}`, `{"lines":[{"price":{"cnts":5}}]}`,
			"lines.price.cnts"},
	} {
		t.Run(c.file, func(t *testing.T) {
			s, err := schema.ParseFS(files, "schemas/"+c.file)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, r := range s.References {
				names = append(names, r.Name)
			}
			if got := strings.Join(names, " "); got != c.references {
				t.Errorf("got references to %s, want %s", got, c.references)
			}
			payload, err := s.Encode([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := schema.Read(s, s, payload); err != nil || string(got.JSON) != c.document {
				t.Errorf("got %s (%v), want %s", got.JSON, err, c.document)
			}
			if _, err := s.Encode([]byte(c.unfit)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestReferencesThatAreWrong(t *testing.T) {
	files := folder(map[string]string{
		"a.proto":      "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A {}",
		"b.proto":      "syntax = \"proto3\";\nimport \"a.proto\";\nmessage B {}",
		"broken.proto": "syntax = \"proto3\";\nmessage C {\n",
		"uses.proto":   "syntax = \"proto3\";\nimport \"broken.proto\";\nmessage D {}",
		"lacks.proto":  "syntax = \"proto3\";\n\nimport \"nobody.proto\";\nmessage E {}",
		"up.proto":     "syntax = \"proto3\";\nimport \"../secret.proto\";\nmessage F {}",
		"one.avsc":     `{"type":"enum","name":"x.T","symbols":["A"]}`,
		"two.avsc":     `{"type":"enum","name":"T","namespace":"x","symbols":["B"]}`,
		"twice.avsc":   `{"type":"record","name":"R","fields":[{"name":"t","type":"x.T"}]}`,
		"none.avsc":    "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n{\"name\":\"t\",\"type\":\"x.Nobody\"}]}",
		"none.json":    `{"properties":{"a":{"$ref":"nobody.json"}}}`,
	})
	files["secret.proto"] = &fstest.MapFile{Data: []byte(`syntax = "proto3"; message S {}`)}
	for file, want := range map[string]string{
		"a.proto":     `schemas/b.proto:2: the schema refers to itself through "schemas/a.proto", "schemas/b.proto"`,
		"uses.proto":  "schemas/broken.proto:3: the schema is no Protobuf",
		"lacks.proto": `schemas/lacks.proto:3: the schema is no Protobuf: could not resolve path "nobody.proto"`,
		"up.proto":    "schemas/up.proto:2: the schema is no Protobuf",
		"twice.avsc":  "schemas/twice.avsc:1: the type x.T is in schemas/one.avsc and in schemas/two.avsc; keep one of them",
		"none.avsc":   "schemas/none.avsc:2: the schema is no Avro: unknown type: x.Nobody",
		"none.json":   "schemas/none.json:1: the schema is no JSON Schema",
	} {
		if _, err := schema.ParseFS(files, "schemas/"+file); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

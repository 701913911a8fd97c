package protobuf_test

import (
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
	_ "github.com/kafkaspec/kafkaspec/pkg/schema/protobuf"
)

// TestFields finds what schemas of all types name, below lists ([]), maps and what is optional, and nothing else.
func TestFields(t *testing.T) {
	t.Parallel()
	schemas := map[schema.Type]string{
		schema.Avro: `{"type":"record","name":"R","fields":[{"name":"id","type":"string"},
			{"name":"next","type":["null","R"],"default":null},
			{"name":"items","type":{"type":"array","items":{"type":"record","name":"I","fields":[
				{"name":"sku","type":"string"}]}}},
			{"name":"tags","type":{"type":"map","values":"I"}}]}`,
		schema.JSON: `{"type":"object","properties":{"id":{"type":"string"},"next":{"$ref":"#"},
			"items":{"type":"array","items":{"$ref":"#/$defs/i"}},
			"tags":{"type":"object","additionalProperties":{"$ref":"#/$defs/i"}}},
			"$defs":{"i":{"type":"object","properties":{"sku":{"type":"string"}}}}}`,
		schema.Protobuf: `syntax = "proto3"; message R { string id = 1; R next = 2; repeated I items = 3;
			map<string, I> tags = 4; } message I { string sku = 1; }`,
	}
	for kind, text := range schemas {
		s, err := schema.Parse(kind, text)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		for path, want := range map[string]bool{
			"id": true, "next.id": true, "next.next.next.items": true, "items.[].sku": true, "tags.any.sku": true,
			"ids": false, "next.idd": false, "items.sku": false, "items.[].id": false, "tags.any": false, "id.x": false,
		} {
			if got := names(s.Fields(""), path); got != want {
				t.Errorf("%s: %s: got %t, want %t", kind, path, got, want)
			}
		}
	}
}

// names tells whether the last field of a path is named.
func names(f schema.Fields, path string) (named bool) {
	for step := range strings.SplitSeq(path, ".") {
		if named = false; step == "[]" {
			f = f.Element()
			continue
		}
		f, named = f.Field(step)
	}
	return named
}

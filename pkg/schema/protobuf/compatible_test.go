package protobuf_test

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// TestCompatible holds the levels against changes, by the rules of Confluent's registry.
func TestCompatible(t *testing.T) {
	const (
		all   = "BACKWARD FORWARD FULL"
		back  = "BACKWARD"
		forth = "FORWARD"
		none  = ""
		id    = "string id = 1; "
	)
	two := func(fields string) string { return "syntax = \"proto2\"; package shop; message User {" + fields + "}" }
	for _, c := range []struct{ name, old, next, accepted string }{
		{"a field added", user(id), user(id + "int32 n = 2;"), all},
		{"a field removed", user(id + "int32 n = 2;"), user(id), all},
		{"a field removed and reserved", user(id + "int32 n = 2;"), user(id + "reserved 2; reserved \"n\";"), all},
		{"no longer reserved", user(id + "reserved 2;"), user(id), all},
		{"a field renamed", user(id), user("string key = 1;"), all},
		{"int32 to int64", user("int32 n = 2;"), user("int64 n = 2;"), all},
		{"int32 to an enum", user("int32 n = 2;"), user("E n = 2; enum E { A = 0; }"), all},
		{"int32 to sint32", user("int32 n = 2;"), user("sint32 n = 2;"), none},
		{"fixed32 to fixed64", user("fixed32 n = 2;"), user("fixed64 n = 2;"), none},
		{"float to double", user("float n = 2;"), user("double n = 2;"), none},
		{"int32 to string", user("int32 n = 2;"), user("string n = 2;"), none},
		{"string to bytes", user("string n = 2;"), user("bytes n = 2;"), all},
		{"string to a list of them", user("string n = 2;"), user("repeated string n = 2;"), all},
		{"int32 to a list of them", user("int32 n = 2;"), user("repeated int32 n = 2;"), none},
		{"string to a message", user("string n = 2;"), user("A n = 2; message A {}"), none},
		{"another message", user("A n = 2; message A {} message B {}"), user("B n = 2; message A {} message B {}"), none},
		{"a field of a nested message", user("A n = 2; message A { int32 x = 1; }"),
			user("A n = 2; message A { string x = 1; }"), none},
		{"the values of a map", user("map<string, int32> m = 2;"), user("map<string, string> m = 2;"), none},
		{"the values of a map, widened", user("map<string, int32> m = 2;"), user("map<string, int64> m = 2;"), all},
		{"a map to a list", user("map<string, int32> m = 2;"), user("repeated string m = 2;"), none},
		{"a message added", user(id), user(id) + "message B {}", back},
		{"a message removed", user(id) + "message B {}", user(id), forth},
		{"messages in another order", user(id) + "message B {}", "syntax = \"proto3\"; package shop; message B {} message " +
			"User {string id = 1;}", all},
		{"another package", user(id), strings.Replace(user(id), "shop", "store", 1), none},
		{"a required field added", two("optional string id = 1;"),
			two("optional string id = 1; required int32 n = 2;"), none},
		{"a field that becomes required", two("optional string id = 1;"), two("required string id = 1;"), forth},
		{"a value of an enum added", user("E n = 2; enum E { A = 0; }"), user("E n = 2; enum E { A = 0; B = 1; }"), all},
		{"a field added to a oneof", user("oneof o { string a = 1; }"),
			user("oneof o { string a = 1; string b = 2; }"), back},
		{"a oneof removed", user("oneof o { string a = 1; }"), user("reserved 1;"), all},
		{"one field moved into a oneof", user("string a = 1; string b = 2;"), user("oneof o { string a = 1; } string b = 2;"),
			all},
		{"two fields moved into a oneof", user("string a = 1; string b = 2;"),
			user("oneof o { string a = 1; string b = 2; }"), forth},
		{"a field moved into a oneof with others", user("string a = 1; oneof o { string b = 2; }"),
			user("oneof o { string a = 1; string b = 2; }"), forth},
		{"a oneof renamed", user("oneof o { string a = 1; string b = 2; }"), user("oneof p { string a = 1; string b = 2; }"),
			all},
		{"a field moved into another oneof", user("oneof o { string a = 1; string b = 2; } oneof p { string c = 3; }"),
			user("oneof o { string a = 1; } oneof p { string b = 2; string c = 3; }"), none},
		{"two oneofs made one", user("oneof o { string a = 1; } oneof p { string b = 2; }"),
			user("oneof o { string a = 1; string b = 2; }"), forth},
		{"a field moved out of a oneof", user("oneof o { string a = 1; string b = 2; }"),
			user("oneof o { string a = 1; } string b = 2;"), back},
		{"the word optional", user(id), user("optional string id = 1;"), all},
	} {
		for _, level := range []sr.CompatibilityLevel{sr.CompatBackward, sr.CompatForward, sr.CompatFull} {
			t.Run(c.name+"/"+level.String(), func(t *testing.T) {
				err := schema.Compatible(level, parse(t, c.next), []*schema.Schema{parse(t, c.old)})
				if accepted := strings.Contains(c.accepted, level.String()); (err == nil) != accepted {
					t.Errorf("got %v, want accepted %v", err, accepted)
				}
			})
		}
	}
}

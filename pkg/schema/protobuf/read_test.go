package protobuf_test

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

func TestReaders(t *testing.T) {
	const id = "string id = 1; "
	for _, c := range []struct {
		name, writer, reader, written, read, failure string
		defaulted, ignored                           []string
	}{
		{name: "a field the reader does not know", writer: user(id + "int32 n = 2;"), reader: user(id),
			written: `{"id":"a","n":5}`, read: `{"id":"a"}`, ignored: []string{"n"}},
		{name: "a field the writer does not know", writer: user(id), reader: user(id + "int32 n = 2; optional int32 o = 3;"),
			written: `{"id":"a"}`, read: `{"id":"a","n":0}`, defaulted: []string{"n"}},
		{name: "a renamed field", writer: user(id), reader: user("string key = 1;"), written: `{"id":"a"}`, read: `{"key":"a"}`},
		{name: "int32 to int64", writer: user("int32 n = 2;"), reader: user("int64 n = 2;"), written: `{"n":-5}`, read: `{"n":-5}`},
		{name: "int64 that fits", writer: user("int64 n = 2;"), reader: user("int32 n = 2;"), written: `{"n":-5}`, read: `{"n":-5}`},
		{name: "int64 that does not fit", writer: user("int64 n = 2;"), reader: user("int32 n = 2;"),
			written: `{"n":3000000000}`, failure: "n: got 3000000000, written as int64, which read as int32 is -1294967296"},
		{name: "zigzag", writer: user("sint32 n = 2;"), reader: user("int32 n = 2;"), written: `{"n":-5}`,
			failure: "n: got -5, written as sint32, which read as int32 is 9"},
		{name: "number to text", writer: user("int32 n = 2;"), reader: user("string n = 2;"), written: `{"n":5}`,
			failure: "n: field 2 was written as int32, and cannot be read as string"},
		{name: "a number that was another's", writer: user("int32 n = 2;"), reader: user("double n = 2;"), written: `{"n":5}`,
			failure: "cannot be read as double"},
		{name: "text to bytes", writer: user("string n = 2;"), reader: user("bytes n = 2;"), written: `{"n":"é"}`, read: `{"n":"w6k="}`},
		{name: "one to many", writer: user("string n = 2;"), reader: user("repeated string n = 2;"), written: `{"n":"a"}`,
			read: `{"n":["a"]}`},
		{name: "many to one", writer: user("repeated string n = 2;"), reader: user("string n = 2;"), written: `{"n":["a","b"]}`,
			failure: "n: got a list of 2, want one value"},
		{name: "nested", writer: user("A a = 2; message A { int64 n = 1; string s = 2; }"),
			reader: user("A a = 2; message A { int32 n = 1; bool b = 3; }"), written: `{"a":{"n":4,"s":"x"}}`,
			read: `{"a":{"b":false,"n":4}}`, ignored: []string{"a.s"}, defaulted: []string{"a.b"}},
		{name: "nested in a map", writer: user("map<string, A> a = 2; message A { int64 n = 1; }"),
			reader: user("map<string, A> a = 2; message A { int32 n = 1; }"), written: `{"a":{"k":{"n":3000000000}}}`,
			failure: "a.k.n: got 3000000000"},
		{name: "other keys of a map", writer: user("map<string, string> a = 2;"), reader: user("map<int32, string> a = 2;"),
			written: `{"a":{"k":"v"}}`, failure: "cannot be read as map<int32, string>"},
		{name: "a message that is not there", writer: "syntax = \"proto3\"; package shop; message Usr {}", reader: user(id),
			written: `{}`, failure: `got the message "shop.Usr", which the schema does not have; did you mean "User"?`},
		{name: "a required field", writer: user(id), reader: "syntax = \"proto2\"; package shop; message User { " +
			"optional string id = 1; required string country = 3; optional A a = 4; message A { required int32 x = 1; } }",
			written: `{"id":"a"}`, failure: "missing required country"},
		{name: "a default of its own", writer: user(id), reader: "syntax = \"proto2\"; package shop; message User { " +
			"optional string id = 1; optional string email = 2 [default = \"none\"]; }",
			written: `{"id":"a"}`, read: `{"email":"none","id":"a"}`, defaulted: []string{"email"}},
		{name: "a value a closed enum does not have", writer: user("E e = 2; enum E { A = 0; B = 1; }"),
			reader:  "syntax = \"proto2\"; package shop; message User { optional E e = 2 [default = A]; enum E { A = 0; } }",
			written: `{"e":"B"}`, read: `{"e":"A"}`, defaulted: []string{"e"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			writer, reader := parse(t, c.writer), parse(t, c.reader)
			payload, err := writer.Encode([]byte(c.written))
			if err != nil {
				t.Fatal(err)
			}
			got, err := schema.Read(writer, reader, payload)
			if c.failure != "" {
				if err == nil || !strings.Contains(err.Error(), c.failure) {
					t.Errorf("got %s (%v), want %q", got.JSON, err, c.failure)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(schema.Decoded{JSON: []byte(c.read), Defaulted: c.defaulted, Ignored: c.ignored,
				Message: "shop.User"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadBytes(t *testing.T) {
	s := parse(t, everything)
	recursive := parse(t, user("User u = 1;"))
	deep := []byte{}
	for range 200 {
		deep = append(binary.AppendUvarint([]byte{0x0a}, uint64(len(deep))), deep...)
	}
	for _, c := range []struct {
		name, payload string
		schema        *schema.Schema
		want          string
	}{
		{"nothing", "", s, "got 0 bytes for their count"},
		{"a count alone", "04", s, "got 0 bytes for index 1 of 2"},
		{"a varint without an end", "ffff", s, "are no varints"},
		{"a varint without an end anywhere", "ffffffffffffffffffffff", s, "are no varints"},
		{"fewer than none", "01", s, "got -1 message indexes"},
		{"far too many", "feffffff0f", s, "message indexes behind the schema's id, want 0 to 64"},
		{"an index below zero", "0201", s, "got the message index -1"},
		{"an index out of range", "0208", s, "got the message indexes [4], but the schema has 2 messages"},
		{"an index out of range within", "040006", s, "got the message indexes [0 3], but message shop.Order has 3 messages"},
		{"the entry of a map", "040000", s, "lead to the entry of a map"},
		{"a value cut short", "000a05", s, "the 2 bytes behind the header are no shop.Order"},
		{"no text", "000a01ff", s, "are no shop.Order"},
		{"another type of field", "000801", s, "id: got bytes that are no string in field 1"},
		{"nested too deeply", "00" + hex.EncodeToString(deep), recursive, "are no shop.User"},
		{"very many messages", "00" + strings.Repeat("2200", 100_001), s, "messages within one record, want at most"},
		{"no time", "004a0c08ffffffffffffffff7f1001", s, "has no form in JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload, err := hex.DecodeString(c.payload)
			if err != nil {
				t.Fatal(err)
			}
			got, err := schema.Read(c.schema, c.schema, payload)
			if _, ok := errors.AsType[*schema.MismatchError](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %.200s (%v), want %q", got.JSON, err, c.want)
			}
		})
	}
}

// TestDescriptorOfPython reads what Confluent's client for Python registers: the descriptor in protoc's output for
// Python, which has no JSON names.
func TestDescriptorOfPython(t *testing.T) {
	described := parse(t, "CgtvcmRlci5wcm90bxIEc2hvcCIyCgVPcmRlchIKCgJpZBgBIAEoCRIOCgZh"+
		"bW91bnQYAiABKAMSDQoFaXRlbXMYAyADKAliBnByb3RvMw==")
	text := parse(t, `syntax = "proto3"; package shop;
message Order { string id = 1; int64 amount = 2; repeated string items = 3; }`)
	if described.Canonical() != text.Canonical() {
		t.Errorf("got %s, want what the .proto file gives: %s", described.Canonical(), text.Canonical())
	}
}

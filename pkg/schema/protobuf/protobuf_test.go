package protobuf_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
	"github.com/kafkaspec/kafkaspec/pkg/schema/protobuf"
)

func parse(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(schema.Protobuf, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// user is a proto3 message with these fields.
func user(fields string) string {
	return "syntax = \"proto3\"; package shop; message User {" + fields + "}"
}

// everything has what messages can be made of.
const everything = `syntax = "proto3";
package shop;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message Order {
  string id = 1;
  int64 cents = 2;
  uint64 most = 3;
  repeated Line lines = 4;
  map<string, int64> stock = 5;
  State state = 6;
  oneof paid { string card = 7; bool cash = 8; }
  google.protobuf.Timestamp at = 9;
  google.protobuf.Duration took = 10;
  google.protobuf.Int64Value limit = 11;
  google.protobuf.Struct extra = 12;
  optional int32 rank = 13;
  bytes seal = 14;
  double weight = 15;
  map<int32, Line> places = 16;
  google.protobuf.Any any = 17;
  message Line { string item_name = 1; sfixed64 count = 2; message Note { string text = 1; } }
}
enum State { UNKNOWN = 0; SENT = 1; }
message Payment { string id = 1; }`

func TestValues(t *testing.T) {
	s := parse(t, everything)
	for _, c := range []struct{ name, written, read string }{
		{"defaults are shown", `{"id":"a"}`,
			`{"cents":0,"id":"a","lines":[],"most":0,"places":{},"seal":"","state":"UNKNOWN","stock":{},"weight":0}`},
		{"all of it", `{"id":"a","cents":-9223372036854775808,"most":"18446744073709551615","lines":[{"item_name":"x","count":5},` +
			`{"itemName":"y"}],"stock":{"k":9007199254740993},"state":"SENT","cash":true,"at":"2026-01-05T10:00:00.5Z",` +
			`"took":"1.5s","limit":7,"extra":{"a":[1,null,{"b":"c"}]},"rank":0,"seal":"/w==","weight":1.5,"places":{"-1":{"count":"3"}},` +
			`"any":{"@type":"type.googleapis.com/shop.Payment","id":"p"}}`,
			`{"any":{"@type":"type.googleapis.com/shop.Payment","id":"p"},"at":"2026-01-05T10:00:00.500Z","cash":true,` +
				`"cents":-9223372036854775808,"extra":{"a":[1,null,{"b":"c"}]},"id":"a","limit":7,"lines":[{"count":5,"item_name":"x"},` +
				`{"count":0,"item_name":"y"}],"most":18446744073709551615,"places":{"-1":{"count":3,"item_name":""}},"rank":0,` +
				`"seal":"/w==","state":"SENT","stock":{"k":9007199254740993},"took":"1.500s","weight":1.5}`},
		{"a number that no enum has", `{"state":7}`,
			`{"cents":0,"id":"","lines":[],"most":0,"places":{},"seal":"","state":7,"stock":{},"weight":0}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload, err := s.Encode([]byte(c.written))
			if err != nil {
				t.Fatal(err)
			}
			got, err := schema.Read(s, s, payload)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.read, string(got.JSON)); diff != "" {
				t.Error(diff)
			}
			if got.Message != "shop.Order" || got.Ignored != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestIndexes holds the bytes against those of Confluent's serializers, by their description of the wire format.
func TestIndexes(t *testing.T) {
	s := parse(t, everything)
	for message, want := range map[string]string{
		"":                     "00",     // the first has a form of its own
		"Order":                "00",     //
		"shop.Payment":         "0202",   // one index, 1: both zigzag
		"Order.Line":           "040004", // two: 0, and 2, since the entries of the two maps stand before it
		"shop.Order.Line.Note": "06000400",
	} {
		if message != "" {
			if err := s.HasMessage(message); err != nil {
				t.Errorf("%s: %v", message, err)
			}
		}
		document := "{}"
		payload, err := s.EncodeAs(message, []byte(document))
		if err != nil || hex.EncodeToString(payload) != want {
			t.Errorf("%s: got %x (%v), want %s", message, payload, err, want)
		}
		name := "shop.Order"
		if message != "" {
			name = "shop." + strings.TrimPrefix(message, "shop.")
		}
		if got, err := schema.Read(s, s, payload); err != nil || got.Message != name {
			t.Errorf("%s: got %+v (%v)", message, got, err)
		}
	}
	long := append(binary.AppendVarint(nil, 1), binary.AppendVarint(nil, 0)...) // the long form of the first
	if got, err := schema.Read(s, s, long); err != nil || got.Message != "shop.Order" {
		t.Errorf("got %+v (%v), want the long form to be read as well", got, err)
	}
}

func TestUnfitDocuments(t *testing.T) {
	s := parse(t, everything)
	required := parse(t, "syntax = \"proto2\"; message A { required string a = 1; repeated A b = 2; }")
	for _, c := range []struct {
		schema         *schema.Schema
		document, want string
	}{
		{s, `{"centz":1}`, `centz: got a field that shop.Order does not have; did you mean "cents"?`},
		{s, `{"lines":[{"item":"x"}]}`, `lines.item: got a field that shop.Order.Line does not have`},
		{s, `{"places":{"1":{"item":"x"}}}`, `places.1.item: got a field`},
		{s, `{"id":5}`, "no shop.Order: invalid value for string field id: 5"},
		{s, `{"cents":1.5}`, "invalid value for int64 field cents: 1.5"},
		{s, `{"card":"a","cash":true}`, "oneof"},
		{s, `{"state":"LOST"}`, `invalid value for enum field state: "LOST"`},
		{s, `{"at":"yesterday"}`, "invalid google.protobuf.Timestamp value"},
		{s, `[]`, "no shop.Order: unexpected token ["},
		{s, `{`, "not JSON"},
		{required, `{"a":"x","b":[{}]}`, "missing required b.a"},
	} {
		if got, err := c.schema.Encode([]byte(c.document)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %x (%v), want %q", c.document, got, err, c.want)
		}
	}
	if _, err := s.EncodeAs("Paymnt", []byte(`{}`)); err == nil ||
		!strings.Contains(err.Error(), `did you mean "Payment"?`) {
		t.Errorf("got %v, want the message that was meant", err)
	}
}

func TestBadSchemas(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no end", "syntax = \"proto3\";\nmessage A {\n  string id = 1\n}", "a.proto:4: the schema is no " +
			"Protobuf: syntax error"},
		{"a type that is not there", "syntax = \"proto3\";\nmessage A {\n  Strng id = 1;\n}",
			"a.proto:3: the schema is no Protobuf: field A.id: unknown type Strng"},
		{"a number twice", "syntax = \"proto3\";\nmessage A {\n string a = 1;\n string b = 1;\n}", "a.proto:4: "},
		{"an import", "syntax = \"proto3\";\nimport \"other.proto\";\nmessage A {}",
			`a.proto:2: the schema is no Protobuf: could not resolve path "other.proto": it is neither a file of Protobuf`},
		{"a file of this machine", "syntax = \"proto3\";\nimport \"/etc/passwd\";\nmessage A {}", "a.proto:2: "},
		{"no message", "syntax = \"proto3\";\nenum E { A = 0; }", "a.proto:1: the schema has no message"},
		{"nothing", "", "a.proto:1: the schema has no message"},
		{"no descriptor", "AAAA", "a.proto:1: the schema is neither a .proto file nor a descriptor in base64"},
		{"nested without an end", strings.Repeat("message A {\n", 100_000), "a.proto:65: the schema is no Protobuf: it is " +
			"nested more than 64 deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := schema.ParseFile("a.proto", []byte(c.text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestDescriptor reads a schema as clients without .proto files register it.
func TestDescriptor(t *testing.T) {
	s := parse(t, everything)
	text, ok := s.Serialized()
	if !ok {
		t.Fatal("got no descriptor")
	}
	described := parse(t, text)
	if described.Canonical() != s.Canonical() {
		t.Error("got another schema from the descriptor")
	}
	spaced := parse(t, "// a comment\n"+strings.ReplaceAll(everything, " = ", "  =  "))
	if spaced.Canonical() != s.Canonical() {
		t.Error("got another schema with other spaces")
	}
	payload, err := described.Encode([]byte(`{"at":"2026-01-05T10:00:00Z"}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := schema.Read(s, described, payload)
	if err != nil || !strings.Contains(string(got.JSON), "2026-01-05T10:00:00Z") {
		t.Errorf("got %s (%v)", got.JSON, err)
	}
}

// FuzzRead reads any bytes by any of two schemas: an error or JSON, and never a panic.
func FuzzRead(f *testing.F) {
	s := parse(f, everything)
	other := parse(f, strings.NewReplacer("int64 cents", "sint32 cents", "map<string, int64>", "map<string, string>",
		"repeated Line", "Line", "string id = 1;\n", "bytes id = 1;\n").Replace(everything))
	for _, document := range []string{`{"id":"a","lines":[{"count":1}],"stock":{"a":1}}`,
		`{"at":"2026-01-05T10:00:00Z","extra":{"a":[null]},"any":{"@type":"type.googleapis.com/shop.Payment","id":"p"}}`} {
		payload, err := s.Encode([]byte(document))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	f.Add([]byte{0x04, 0x00, 0x04})
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, reader := range []*schema.Schema{s, other} {
			if got, err := schema.Read(s, reader, payload); (err == nil) != (got.JSON != nil) {
				t.Errorf("got %s and %v, want one of them", got.JSON, err)
			}
		}
	})
}

// FuzzParse reads any text as a schema.
func FuzzParse(f *testing.F) {
	f.Add(everything)
	f.Add(user("string id = 1;"))
	f.Add("CgdhLnByb3Rv")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := protobuf.Parse(text, nil); (err == nil) != (c != nil) {
			t.Errorf("got %v and %v, want one of them", c, err)
		}
	})
}

// TestDescriptorWithoutJSONNames holds that they are those that protoc gives.
func TestDescriptorWithoutJSONNames(t *testing.T) {
	s := parse(t, everything+"\nmessage Odd { int32 foo_bar = 1; int32 foo__Baz9_q = 2; int32 _x = 3; }")
	text, _ := s.Serialized()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	file := &descriptorpb.FileDescriptorProto{}
	if err := proto.Unmarshal(b, file); err != nil {
		t.Fatal(err)
	}
	var strip func([]*descriptorpb.DescriptorProto)
	strip = func(messages []*descriptorpb.DescriptorProto) {
		for _, m := range messages {
			for _, f := range m.GetField() {
				f.JsonName = nil
			}
			strip(m.GetNestedType())
		}
	}
	strip(file.GetMessageType())
	if b, err = proto.Marshal(file); err != nil {
		t.Fatal(err)
	}
	if got := parse(t, base64.StdEncoding.EncodeToString(b)); got.Canonical() != s.Canonical() {
		t.Errorf("got another schema without JSON names:\n%s\nwant\n%s", got.Canonical(), s.Canonical())
	}
}

package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

func parse(t testing.TB, of schema.Type, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse(of, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// user is an Avro record with these fields.
func user(fields string) string { return `{"type":"record","name":"User","fields":[` + fields + `]}` }

const (
	idField = `{"name":"id","type":"string"}`
	small   = `{"name":"n","type":"int"}`
	large   = `{"name":"n","type":"long"}`
	state   = `{"name":"s","type":{"type":"enum","name":"State","symbols":["ON","OFF"]}}`
	wider   = `{"name":"s","type":{"type":"enum","name":"State","symbols":["ON","BROKEN","OFF"]}}`
	lenient = `{"name":"s","type":{"type":"enum","name":"State","symbols":["ON","OFF"],"default":"OFF"}}`
	union   = `{"name":"u","type":["null","string"]}`
	wide    = `{"name":"u","type":["null","long","string"]}`
	city    = `{"name":"a","type":{"type":"record","name":"Address","fields":[{"name":"city","type":"string"}]}}`
	zip     = `{"name":"a","type":{"type":"record","name":"Address","fields":[{"name":"zip","type":"string"},{"name":"city","type":"string"}]}}`
	zipped  = `{"name":"a","type":{"type":"record","name":"Address","fields":[{"name":"zip","type":"string","default":"?"},{"name":"city","type":"string"}]}}`
)

// TestAvroResolution reads what one schema wrote by another, by the rules of the specification.
func TestAvroResolution(t *testing.T) {
	for _, c := range []struct {
		name, writer, reader, written, read string
		failure                             string // instead of read
	}{
		{name: "the same", writer: user(idField), reader: user(idField), written: `{"id":"é"}`, read: `{"id":"é"}`},
		{name: "unknown field is left out", writer: user(small + `,` + idField), reader: user(idField),
			written: `{"n":5,"id":"a"}`, read: `{"id":"a"}`},
		{name: "unknown fields of every kind are skipped", writer: user(city + `,` + wide + `,` + wider +
			`,{"name":"l","type":{"type":"array","items":"double"}},{"name":"m","type":{"type":"map","values":"bytes"}},{"name":"f","type":{"type":"fixed","name":"F","size":2}},` + idField), reader: user(idField),
			written: `{"a":{"city":"x"},"u":7,"s":"BROKEN","l":[1.5,2],"m":{"k":"v"},"f":"ab","id":"a"}`, read: `{"id":"a"}`},
		{name: "default", writer: user(idField), reader: user(idField + `,{"name":"n","type":"int","default":5}`),
			written: `{"id":"a"}`, read: `{"id":"a","n":5}`},
		{name: "default of a record", writer: user(idField), reader: user(idField +
			`,{"name":"a","type":{"type":"record","name":"A","fields":[{"name":"x","type":"long"}]},"default":{"x":1}}`),
			written: `{"id":"a"}`, read: `{"a":{"x":1},"id":"a"}`},
		{name: "default null", writer: user(idField), reader: user(idField +
			`,{"name":"n","type":["null","int"],"default":null}`), written: `{"id":"a"}`, read: `{"id":"a","n":null}`},
		{name: "default of bytes", writer: user(idField), reader: user(idField +
			`,{"name":"b","type":"bytes","default":"\u00ff"},{"name":"f","type":{"type":"fixed","name":"F","size":2},"default":"ab"}`),
			written: `{"id":"a"}`, read: `{"b":"ÿ","f":"ab","id":"a"}`},
		{name: "missing", writer: user(small), reader: user(small + `,` + idField), written: `{"n":1}`,
			failure: "missing required id"},
		{name: "missing in a nested record", writer: user(city), reader: user(zip), written: `{"a":{"city":"x"}}`,
			failure: "missing required a.zip"},
		{name: "default in a nested record", writer: user(city), reader: user(zipped), written: `{"a":{"city":"x"}}`,
			read: `{"a":{"city":"x","zip":"?"}}`},
		{name: "alias", writer: user(idField), reader: user(`{"name":"key","type":"string","aliases":["id"]}`),
			written: `{"id":"a"}`, read: `{"key":"a"}`},
		{name: "renamed without alias", writer: user(idField), reader: user(`{"name":"key","type":"string"}`),
			written: `{"id":"a"}`, failure: "missing required key"},
		{name: "alias of a record", writer: user(idField), reader: strings.Replace(user(idField), `"User"`,
			`"Person","aliases":["User"]`, 1), written: `{"id":"a"}`, read: `{"id":"a"}`},
		{name: "another record", writer: user(idField), reader: strings.Replace(user(idField), `"User"`, `"Person"`, 1),
			written: `{"id":"a"}`, failure: "got User, want Person"},
		{name: "int to long", writer: user(small), reader: user(large), written: `{"n":-2147483648}`,
			read: `{"n":-2147483648}`},
		{name: "long to int", writer: user(large), reader: user(small), written: `{"n":1}`, failure: "n: got long, want int"},
		{name: "int to double", writer: user(small), reader: user(`{"name":"n","type":"double"}`), written: `{"n":3}`,
			read: `{"n":3}`},
		{name: "float stays short", writer: user(`{"name":"n","type":"float"}`), reader: user(`{"name":"n","type":"double"}`),
			written: `{"n":0.1}`, read: `{"n":0.1}`},
		{name: "string to bytes", writer: user(idField), reader: user(`{"name":"id","type":"bytes"}`), written: `{"id":"a"}`,
			read: `{"id":"a"}`},
		{name: "symbol both know", writer: user(wider), reader: user(state), written: `{"s":"OFF"}`, read: `{"s":"OFF"}`},
		{name: "symbol the reader lacks", writer: user(wider), reader: user(state), written: `{"s":"BROKEN"}`,
			failure: "s: got the symbol BROKEN, want one of [ON OFF]"},
		{name: "symbol's default", writer: user(wider), reader: user(lenient), written: `{"s":"BROKEN"}`,
			read: `{"s":"OFF"}`},
		{name: "union's type both know", writer: user(wide), reader: user(union), written: `{"u":"x"}`, read: `{"u":"x"}`},
		{name: "union's type the reader lacks", writer: user(wide), reader: user(union), written: `{"u":5}`,
			failure: "u: got long, want one of null, string"},
		{name: "wider union", writer: user(union), reader: user(wide), written: `{"u":null}`, read: `{"u":null}`},
		{name: "type becomes a union", writer: user(small), reader: user(`{"name":"n","type":["null","long"]}`),
			written: `{"n":5}`, read: `{"n":5}`},
		{name: "union becomes a type", writer: user(`{"name":"n","type":["null","int"]}`), reader: user(large),
			written: `{"n":5}`, read: `{"n":5}`},
		{name: "union's type by name", writer: user(`{"name":"n","type":["int","long"]}`), reader: user(large),
			written: `{"n":{"long":5}}`, read: `{"n":5}`},
		{name: "list of records", writer: `{"type":"array","items":` + user(small) + `}`, reader: `{"type":"array","items":` +
			user(large) + `}`, written: `[{"n":1},{"n":2}]`, read: `[{"n":1},{"n":2}]`},
		{name: "recursive", writer: `{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}`,
			reader:  `{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}`,
			written: `{"next":{"next":null}}`, read: `{"next":{"next":null}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			writer, reader := parse(t, schema.Avro, c.writer), parse(t, schema.Avro, c.reader)
			payload, err := writer.Encode([]byte(c.written))
			if err != nil {
				t.Fatal(err)
			}
			got, err := schema.Read(writer, reader, payload)
			if c.failure != "" {
				if err == nil || !strings.Contains(err.Error(), c.failure) {
					t.Errorf("got %s and error %v, want %q", got.JSON, err, c.failure)
				}
				return
			}
			if err != nil || string(got.JSON) != c.read {
				t.Errorf("got %s (%v), want %s", got.JSON, err, c.read)
			}
			for i := range payload { // bytes that end too early are never read as something
				if d, err := schema.Read(writer, reader, payload[:i]); err == nil {
					t.Errorf("got %s of %d of %d bytes, want an error", d.JSON, i, len(payload))
				}
			}
			if d, err := schema.Read(writer, reader, append(payload, 0)); err == nil {
				t.Errorf("got %s with a byte behind it, want an error", d.JSON)
			}
		})
	}
}

// TestJSONResolution applies the same to JSON Schema, as far as it goes.
func TestJSONResolution(t *testing.T) {
	const base = `{"type":"object","properties":{"id":{"type":"string"},"n":{"type":"integer","default":5},"a":{"type":"object","properties":{"zip":{"type":"string"}},"required":["zip"]}},"required":["id"]}`
	closed := strings.Replace(base, `"type":"object"`, `"type":"object","additionalProperties":false`, 1)
	for _, c := range []struct{ name, reader, payload, read, failure string }{
		{name: "all there", reader: base, payload: `{"id":"a","n":12345678901234567890}`,
			read: `{"id":"a","n":12345678901234567890}`},
		{name: "default and unknown", reader: base, payload: `{"id":"a","x":1}`, read: `{"id":"a","n":5}`},
		{name: "unknown in a nested object", reader: base, payload: `{"id":"a","n":1,"a":{"zip":"1","x":2}}`,
			read: `{"a":{"zip":"1"},"id":"a","n":1}`},
		{name: "missing", reader: base, payload: `{"n":1}`, failure: "missing required id"},
		{name: "missing in a nested object", reader: base, payload: `{"id":"a","a":{}}`, failure: "missing required a.zip"},
		{name: "another type", reader: base, payload: `{"id":7}`, failure: "id: got number, want string"},
		{name: "both", reader: base, payload: `{"n":"x"}`, failure: "n: got string, want integer"},
		{name: "closed", reader: closed, payload: `{"id":"a","x":1}`, failure: "additional properties 'x' not allowed"},
		{name: "no JSON", reader: base, payload: `{"id":`, failure: "not JSON"},
		{name: "two documents", reader: base, payload: `{"id":"a"} {}`, failure: "not JSON"},
		{name: "anything", reader: `{"type":"object"}`, payload: `{"x":{"y":1}}`, read: `{"x":{"y":1}}`},
		{name: "list", reader: `{"type":"array","items":{"$ref":"#/$defs/p"},"$defs":{"p":{"properties":{"q":{"default":1}}}}}`, payload: `[{},{"q":2,"r":3}]`, read: `[{"q":1},{"q":2}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader := parse(t, schema.JSON, c.reader)
			got, err := schema.Read(parse(t, schema.JSON, `{}`), reader, []byte(c.payload))
			if c.failure != "" {
				if err == nil || !strings.Contains(err.Error(), c.failure) {
					t.Errorf("got %s and error %v, want %q", got.JSON, err, c.failure)
				}
			} else if err != nil || string(got.JSON) != c.read {
				t.Errorf("got %s (%v), want %s", got.JSON, err, c.read)
			}
		})
	}
}

func TestReadTellsWhatItDid(t *testing.T) {
	writer := parse(t, schema.Avro, user(small+`,`+city))
	reader := parse(t, schema.Avro, user(zipped+`,{"name":"x","type":"string","default":""}`))
	payload, err := writer.Encode([]byte(`{"n":1,"a":{"city":"x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := schema.Read(writer, reader, payload)
	want := schema.Decoded{JSON: []byte(`{"a":{"city":"x","zip":"?"},"x":""}`), Defaulted: []string{"a.zip", "x"},
		Ignored: []string{"n"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, schema, document, failure string }{
		{"missing", user(idField), `{}`, "missing required id"},
		{"misspelt", user(`{"name":"amount","type":"int"}`), `{"amuont":1}`,
			`amuont: got a field that User does not have; did you mean "amount"?`},
		{"another type", user(small), `{"n":"five"}`, `n: got "five", want a whole number within an Avro int`},
		{"too large", user(small), `{"n":2147483648}`, "n: got 2147483648, want a whole number within an Avro int"},
		{"symbol", user(state), `{"s":"BROKEN"}`, `s: got "BROKEN", want one of the symbols ON, OFF`},
		{"union", user(union), `{"u":5}`, "u: got 5, want a value of one of the union's types null, string"},
		{"no object", user(small), `5`, "got 5, want an object with the fields of User"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := parse(t, schema.Avro, c.schema).Encode([]byte(c.document)); err == nil ||
				!strings.Contains(err.Error(), c.failure) {
				t.Errorf("got %v, want %q", err, c.failure)
			}
		})
	}
}

func TestParseFileNamesTheLine(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"no JSON", "schemas/user.avsc", "{\n \"type\": \"record\",\n \"name\" \"User\"\n}",
			"schemas/user.avsc:3: the schema is no JSON"},
		{"unknown type", "schemas/user.avsc", "{\"type\": \"record\", \"name\": \"User\", \"fields\": [\n {\"name\": " +
			"\"id\", \"type\": \"strng\"}\n]}", "schemas/user.avsc:2: the schema is no Avro: unknown type: strng"},
		{"empty", "schemas/user.avsc", "", "schemas/user.avsc:1: the schema is no JSON"},
		{"no JSON Schema", "schemas/user.json", "{\n \"type\": \"object\", \"properties\": {\n \"id\": {\"type\": " +
			"\"strng\"}}\n}", "schemas/user.json:3: the schema is no JSON Schema: properties.id.type: value must be one of"},
		{"a reference to a file", "schemas/user.json", `{"$ref":"file:///etc/passwd"}`, "nothing outside of it is loaded"},
		{"deep JSON Schema", "schemas/user.json", "{\n\"not\":" + strings.Repeat(`{"not":`, 5000) + "{}" +
			strings.Repeat("}", 5001), "schemas/user.json:2: got a schema that is nested deeper than 200"},
		{"deep Avro", "schemas/user.avsc", strings.Repeat(`{"type":"array","items":`, 5000) + `"int"` +
			strings.Repeat("}", 5000), "schemas/user.avsc:1: got a schema that is nested deeper than 200"},
		{"huge fixed type", "schemas/user.avsc", "{\"type\":\"array\",\"items\":\n{\"type\":\"fixed\",\"name\":\"F\"," +
			"\"size\":99999999999}}", "schemas/user.avsc:2: got a fixed type of 99999999999 bytes, want at most 67108864"},
		{"none of them", "schemas/user.txt", "", "none of .avsc"},
		{"Protobuf", "schemas/user.proto", "", "schemas/user.proto:1: a schema that is not supported: this program does " +
			"not read PROTOBUF; add to it: import _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := schema.ParseFile(c.file, []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestFrame(t *testing.T) {
	framed, err := schema.Frame(258, []byte("x"))
	if err != nil || string(framed) != "\x00\x00\x00\x01\x02x" {
		t.Fatalf("got %q (%v)", framed, err)
	}
	id, payload, err := schema.Unframe(framed)
	if id != 258 || string(payload) != "x" || err != nil {
		t.Errorf("got id %d, payload %q (%v), want 258 and x", id, payload, err)
	}
	for _, value := range []string{"", "\x00\x00\x00\x01", "{\"amount\": 5}"} {
		if _, _, err := schema.Unframe([]byte(value)); !errors.Is(err, schema.ErrNotWireFormat) {
			t.Errorf("%q: got %v, want ErrNotWireFormat", value, err)
		}
	}
}

// FuzzReadAvro makes sure that no bytes end the program or fill its memory.
func FuzzReadAvro(f *testing.F) {
	writer := parse(f, schema.Avro,
		`{"type":"record","name":"R","fields":[{"name":"l","type":{"type":"array","items":"null"}},{"name":"next","type":["null","R"]},{"name":"m","type":{"type":"map","values":"string"}}]}`)
	f.Add([]byte{})
	f.Add([]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01})
	f.Fuzz(func(_ *testing.T, payload []byte) { _, _ = schema.Read(writer, writer, payload) })
}

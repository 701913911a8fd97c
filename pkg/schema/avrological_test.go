package schema_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/schema"
)

// logical is a record with one field of a logical type.
func logical(stored, of, more string) string {
	return user(fmt.Sprintf(`{"name":"v","type":{"type":%q,"logicalType":%q%s}}`, stored, of, more))
}

const (
	money    = `,"precision":6,"scale":2`
	fixed4   = `{"name":"v","type":{"type":"fixed","name":"F","size":4,"logicalType":"decimal","precision":6,"scale":2}}`
	nullable = `{"name":"v","type":["null",{"type":"bytes","logicalType":"decimal","precision":6,"scale":2}]}`
)

func TestLogicalTypes(t *testing.T) {
	for _, c := range []struct{ schema, written, bytes, read string }{
		{logical("bytes", "decimal", money), `12.5`, "0404e2", `12.50`},
		{logical("bytes", "decimal", money), `"12.50"`, "0404e2", `12.50`},
		{logical("bytes", "decimal", money), `-0.01`, "02ff", `-0.01`},
		{logical("bytes", "decimal", money), `-1.28`, "0280", `-1.28`},
		{logical("bytes", "decimal", money), `1.28`, "040080", `1.28`},
		{logical("bytes", "decimal", money), `1e3`, "060186a0", `1000.00`},
		{logical("bytes", "decimal", money), `0`, "0200", `0.00`},
		{user(fixed4), `-0.02`, "fffffffe", `-0.02`},
		{user(fixed4), `9999.99`, "000f423f", `9999.99`},
		{user(nullable), `1.5`, "02040096", `1.50`},
		{user(nullable), `null`, "00", `null`},
		{logical("int", "date", ""), `"1970-01-02"`, "02", `"1970-01-02"`},
		{logical("int", "date", ""), `"1969-12-31"`, "01", `"1969-12-31"`},
		{logical("int", "date", ""), `20458`, "d4bf02", `"2026-01-05"`},
		{logical("int", "time-millis", ""), `"00:00:01.5"`, "b817", `"00:00:01.500"`},
		{logical("long", "time-micros", ""), `"00:00:01"`, "80897a", `"00:00:01"`},
		{logical("long", "timestamp-millis", ""), `"1970-01-01T00:00:01Z"`, "d00f", `"1970-01-01T00:00:01Z"`},
		{logical("long", "timestamp-millis", ""), `"1970-01-01T02:00:01.001+02:00"`, "d20f", `"1970-01-01T00:00:01.001Z"`},
		{logical("long", "timestamp-micros", ""), `"1969-12-31T23:59:59.999999Z"`, "01", `"1969-12-31T23:59:59.999999Z"`},
		{logical("long", "local-timestamp-millis", ""), `"1970-01-01T00:00:01"`, "d00f", `"1970-01-01T00:00:01"`},
		{logical("long", "timestamp-micros", ""), `9223372036854775807`, "feffffffffffffffff01", `9223372036854775807`},
		{logical("string", "uuid", ""), `"8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c"`,
			"48" + hex.EncodeToString([]byte("8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c")), `"8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c"`},
	} {
		s := parse(t, schema.Avro, c.schema)
		payload, err := s.Encode([]byte(`{"v":` + c.written + `}`))
		if err != nil || hex.EncodeToString(payload) != c.bytes {
			t.Errorf("%s: got %x (%v), want %s", c.written, payload, err, c.bytes)
			continue
		}
		if got, err := schema.Read(s, s, payload); err != nil || string(got.JSON) != `{"v":`+c.read+`}` {
			t.Errorf("%s: got %s (%v), want %s", c.written, got.JSON, err, c.read)
		}
	}
}

func TestLogicalTypesThatDoNotFit(t *testing.T) {
	for _, c := range []struct{ schema, written, want string }{
		{logical("bytes", "decimal", money), `1.005`, "v: got 1.005, want a number of at most 6 digits, 2 of them behind"},
		{logical("bytes", "decimal", money), `10000`, "want a number of at most 6 digits"},
		{logical("bytes", "decimal", money), `"x"`, `got "x", want a number`},
		{logical("bytes", "decimal", money), `1e999`, "want a number of at most 6 digits"},
		{logical("bytes", "decimal", money), `null`, "got null, want a number"},
		{logical("int", "date", ""), `"2026-13-01"`, "want a date such as 2026-01-05"},
		{logical("int", "date", ""), `"2026-01-05T10:00:00Z"`, "want a date such as"},
		{logical("int", "time-millis", ""), `"10:00:00.0001"`, "no more digits than a time-millis holds"},
		{logical("long", "timestamp-millis", ""), `"2026-01-05 10:00:00"`, "want a time such as 2026-01-05T10:15:00.250Z"},
		{logical("string", "uuid", ""), `"8b1b"`, "want a UUID such as"},
	} {
		got, err := parse(t, schema.Avro, c.schema).Encode([]byte(`{"v":` + c.written + `}`))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %x (%v), want %q", c.written, got, err, c.want)
		}
	}
}

// TestLogicalTypesBetweenVersions reads by another logical type than a value was written by.
func TestLogicalTypesBetweenVersions(t *testing.T) {
	millis := logical("long", "timestamp-millis", "")
	for _, c := range []struct{ writer, reader, written, read, failure string }{
		{millis, user(`{"name":"v","type":"long"}`), `"1970-01-01T00:00:01Z"`, `1000`, ""},
		{user(`{"name":"v","type":"long"}`), millis, `1000`, `"1970-01-01T00:00:01Z"`, ""},
		{millis, logical("long", "timestamp-micros", ""), `1000`, "", "v: got a timestamp-millis, want a timestamp-micros"},
		{logical("bytes", "decimal", money), logical("bytes", "decimal", `,"precision":6,"scale":3`), `1.5`, "",
			"got a decimal with 2 of 6 digits behind the point, want a decimal with 3 of 6"},
		{user(idField), user(idField + `,{"name":"v","type":{"type":"bytes","logicalType":"decimal","precision":6,"scale":2},` +
			`"default":"\u0001\u0000"},{"name":"d","type":{"type":"int","logicalType":"date"},"default":1}`), "",
			`2.56,"d":"1970-01-02","id":"a"`, ""},
	} {
		document := `{"v":` + c.written + `}`
		if c.written == "" {
			document = `{"id":"a"}`
		}
		w, r := parse(t, schema.Avro, c.writer), parse(t, schema.Avro, c.reader)
		payload, err := w.Encode([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		got, err := schema.Read(w, r, payload)
		if c.failure != "" {
			if _, ok := errors.AsType[*schema.MismatchError](err); !ok || !strings.Contains(err.Error(), c.failure) {
				t.Errorf("got %s (%v), want %q", got.JSON, err, c.failure)
			}
			continue
		}
		if !strings.Contains(string(got.JSON), strings.Split(c.read, ",")[0]) || err != nil {
			t.Errorf("got %s (%v), want %s", got.JSON, err, c.read)
		}
	}
}

// TestLogicalTypesComeBack writes what was read, and reads the same again.
func TestLogicalTypesComeBack(t *testing.T) {
	all := []*schema.Schema{parse(t, schema.Avro, logical("long", "timestamp-micros", "")),
		parse(t, schema.Avro, logical("long", "local-timestamp-millis", "")),
		parse(t, schema.Avro, logical("long", "time-micros", "")),
		parse(t, schema.Avro, logical("long", "timestamp-millis", ""))}
	decimal := parse(t, schema.Avro, logical("bytes", "decimal", `,"precision":40,"scale":7`))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "stored")
		again := func(s *schema.Schema, document string) {
			first, err := s.Encode([]byte(document))
			if err != nil {
				t.Fatal(err)
			}
			read, err := schema.Read(s, s, first)
			if err != nil {
				t.Fatal(err)
			}
			if second, err := s.Encode(read.JSON); err != nil || string(second) != string(first) {
				t.Fatalf("%s: got %x (%v) behind %x", read.JSON, second, err, first)
			}
		}
		for _, s := range all {
			again(s, fmt.Sprintf(`{"v":%d}`, n))
		}
		again(decimal, fmt.Sprintf(`{"v":%d.%07d}`, n, rapid.IntRange(0, 9_999_999).Draw(t, "behind")))
	})
}

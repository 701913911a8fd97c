package verdict

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func TestNumberFieldReads(t *testing.T) {
	r := &record.Record{Headers: []record.Header{{Key: "seq", Value: []byte("-7")}, {Key: "seq", Value: []byte("8")}}}
	for _, c := range []struct {
		field, key, value string
		want              int64
		wantError         string
	}{
		{field: "seq", value: `{"seq":42}`, want: 42},
		{field: "seq", value: ` { "a" : {"seq": 1}, "b": ["seq", {"seq": 2}], "c": "seq", "seq" : 42 , "d": 1}`, want: 42},
		{field: "seq", value: `{"a": "brace } and quote \" here", "seq": 42}`, want: 42},
		{field: "seq", value: `{"s\u0065q": 42}`, want: 42},
		{field: "seq", value: `{"seq": -9223372036854775808}`, want: math.MinInt64},
		{field: "value.seq", value: `{"seq": 9223372036854775807}`, want: math.MaxInt64},
		{field: "a.b", value: `{"b": 1, "a": {"a": 2, "b": 3}}`, want: 3},
		{field: "seq", value: `{"seq": 42.0}`, want: 42},
		{field: "seq", value: `{"seq": 4.2e1}`, want: 42},
		{field: "headers.seq", want: -7},
		{field: "key", key: "12", want: 12},
		{field: "value", value: "13", want: 13},
		{field: "value.key", value: `{"key": 14}`, want: 14},
		{field: "headers.other", wantError: "there is no header other"},
		{field: "seq", value: `{"sequence": 1}`, wantError: "there is none"},
		{field: "seq", value: `not json`, wantError: "the value is not a JSON object"},
		{field: "seq", value: ``, wantError: "the value is not a JSON object"},
		{field: "seq", value: `{"seq": "42"}`, wantError: `got "\"42\"", want an integer`},
		{field: "seq", value: `{"seq": 42`, wantError: "the value is not a JSON object"},
		{field: "seq", value: `{"seq": 4.5}`, wantError: `got "4.5", want an integer`},
		{field: "seq", value: `{"seq": 9223372036854775808}`, wantError: `got "9223372036854775808", want an integer`},
		{field: "a.b", value: `{"a": 1}`, wantError: "a is not an object"},
		{field: "key", key: "-", wantError: `got "-", want an integer`},
		{field: "key", key: strings.Repeat("9", 60), wantError: "…"},
	} {
		r.Key, r.Value = []byte(c.key), []byte(c.value)
		got, err := newNumber(c.field).read(r)
		if c.wantError == "" && (err != nil || got != c.want) || c.wantError != "" &&
			(err == nil || !strings.Contains(err.Error(), c.wantError)) {
			t.Errorf("%s of %q: got %d, %v; want %d, %q", c.field, c.value+c.key, got, err, c.want, c.wantError)
		}
	}
}

// The scanner agrees with encoding/json on any document.
func TestNumberFieldAgreesWithTheParser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "fields") {
			name := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"seq", `s"q`, "{"})).Draw(t, "name")
			document[name] = rapid.SampledFrom([]any{1.5, "seq", `x":{`, map[string]any{"seq": 3}, []any{"seq", 1}, nil,
				true}).Draw(t, "value")
		}
		want := rapid.Int64().Draw(t, "number")
		document["seq"] = want
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := jsonInteger(text, []string{"seq"}); err != nil || got != want {
			t.Fatalf("%s: got %d, %v; want %d", text, got, err, want)
		}
	})
}

func BenchmarkJSONInteger(b *testing.B) {
	document := fmt.Appendf(nil, `{"user":"user-000001","amount":12.50,"note":"%s","seq":1234567}`,
		strings.Repeat("x", 40))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonInteger(document, []string{"seq"}); err != nil {
			b.Fatal(err)
		}
	}
}

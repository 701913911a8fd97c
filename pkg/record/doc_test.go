package record

import (
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromDoc(t *testing.T) {
	one := func(change func(*Record)) []Record {
		r := Record{Partition: -1, Offset: -1}
		change(&r)
		return []Record{r}
	}
	value := func(text string) []Record { return one(func(r *Record) { r.Value = []byte(text) }) }
	tests := []struct {
		name, media, text string
		want              []Record
	}{
		{"a list", "", "- key: u1\n  value: a\n- {key: u2, value: b}\n", []Record{
			{Partition: -1, Offset: -1, Key: []byte("u1"), Value: []byte("a")},
			{Partition: -1, Offset: -1, Key: []byte("u2"), Value: []byte("b")},
		}},
		{"fields keep their order and type", "yaml", `
value:
  b: 1
  a: "1"
  c: 1.50
  d: true
  e: null
  f: [1, {g: ~}]
  h: 2026-03-01
  i: 0x10
  j: 1_000
  k: 12345678901234567890123
  l: .5
  "m.n": <b> & "q"
`, value(`{"b":1,"a":"1","c":1.50,"d":true,"e":null,"f":[1,{"g":null}],"h":"2026-03-01","i":16,"j":1000,"k":12345678901234567890123,"l":0.5,"m.n":"<b> & \"q\""}`)},
		{"json", "application/json", `[{"key": "u1", "value": {"b": 1.50, "a": ["x", null, false]}, "partition": 1}]`,
			one(func(r *Record) {
				r.Key, r.Value, r.Partition = []byte("u1"), []byte(`{"b":1.50,"a":["x",null,false]}`), 1
			})},
		{"json text", "json", `{"value": "a \ud83d\ude00 \"q\""}`, value("a \U0001f600 \"q\"")},
		{"a tombstone", "", "key: u1\nvalue: null", one(func(r *Record) { r.Key = []byte("u1") })},
		{"the text null", "", "value: 'null'", value("null")},
		{"empty", "", "key: ''\nvalue: \"\"", one(func(r *Record) { r.Key, r.Value = []byte{}, []byte{} })},
		{"scalars as written", "", "key: 007\nvalue: 1.50", one(func(r *Record) {
			r.Key, r.Value = []byte("007"),
				[]byte("1.50")
		})},
		{"binary", "", "key: 0x00ff\nvalue: !!binary AP8=", one(func(r *Record) {
			r.Key, r.Value = []byte("\x00\xff"),
				[]byte("\x00\xff")
		})},
		{"literal text", "", "value: '\"0x00ff\"'", value("0x00ff")},
		{"a block", "", "value: |\n  line 1\n  line 2\n", value("line 1\nline 2\n")},
		{"headers", "", "key: k\nheaders:\n  b: 1\n  a: null\n  c: ''\n", one(func(r *Record) {
			r.Key = []byte("k")
			r.Headers = []Header{{Key: "b", Value: []byte("1")}, {Key: "a", Value: nil}, {Key: "c", Value: []byte{}}}
		})},
		{"repeated headers", "", "key: k\nheaders:\n  - a: 1\n  - b: {x: 1}\n  - a: 2\n", one(func(r *Record) {
			r.Key = []byte("k")
			r.Headers = []Header{{Key: "a", Value: []byte("1")}, {Key: "b", Value: []byte(`{"x":1}`)},
				{Key: "a", Value: []byte("2")}}
		})},
		{"place and time", "", "{topic: orders, key: k, partition: 2, timestamp: +5s}", one(func(r *Record) {
			r.Topic, r.Key, r.Partition, r.Timestamp = "orders", []byte("k"), 2, at("2026-03-01T12:00:05Z")
		})},
		{"plain times", "", "- {key: k, timestamp: 2026-03-01T12:00:05Z}\n", one(func(r *Record) {
			r.Key, r.Timestamp = []byte("k"), at("2026-03-01T12:00:05Z")
		})},
		{"variables", "", "key: ${user}\nvalue:\n  amount: ${amount}\n  text: \"${amount}\"\n  plain: x${amount}\n  " +
			"escaped: $${amount}\n", one(func(r *Record) {
			r.Key, r.Value = []byte("u1"), []byte(`{"amount":5,"text":"5","plain":"x5","escaped":"${amount}"}`)
		})},
		{"windows line ends", "", "- key: u1\r\n  value: a\r\n", one(func(r *Record) {
			r.Key, r.Value = []byte("u1"),
				[]byte("a")
		})},
	}
	for _, test := range tests {
		got, err := FromDoc(Source{Place: source.Place{File: "orders.feature", Line: 10}}, test.media, test.text, testVars)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, got, sameTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

var badDocs = []struct{ media, text string }{
	{"", ""},
	{"", "# nothing but a comment"},
	{"", "[]"},
	{"", "just text"},
	{"", "- just text"},
	{"", "- key: u1\n- {}"},
	{"", "- key: u1\n  vlaue: x"},
	{"", "- key: u1\n  offset: 5"},
	{"", "- key: u1\n  value: x\n  key: u2"},
	{"", "- key: u1\n  value:\n    a: 1\n    b: 2\n    a: 3"},
	{"", "- key: u1\n  value:"},
	{"", "- key: u1\n\tvalue: x"},
	{"", "- key: u1\n  value: [1, 2"},
	{"", "- key: u1\n  value: x: y"},
	{"", "- key: u1\n---\n- key: u2"},
	{"", "- key: &a u1\n- key: *a"},
	{"", "- key: !custom u1"},
	{"", "- key: u1\n  value:\n    <<: {a: 1}"},
	{"", "- key: u1\n  value:\n    [1]: 2"},
	{"", "- key: u1\n  value: {a: .inf}"},
	{"", "- key: u1\n  value: {a: <any>}"},
	{"", "- key: u1\n  value: <any>"},
	{"", "- key: u1\n  value: {a: \"${usr}\"}"},
	{"", "- key: u1\n  value: !!binary '***'"},
	{"", "- key: u1\n  headers: trace"},
	{"", "- key: u1\n  headers: {a: [1, 2]}"},
	{"", "- key: u1\n  headers: [{a: 1, b: 2}]"},
	{"", "- key: u1\n  headers:\n    a:"},
	{"", "- key: u1\n  partition: [1]"},
	{"", "- key: u1\n  partition: two"},
	{"", "- key: u1\n  timestamp: 2026-03-01"},
	{"", strings.Repeat("[", 200) + strings.Repeat("]", 200)},
	{"json", `[{"key": "u1",}]`},
	{"json", "[\n  {\"key\": \"u1\"}"},
	{"json", "{\"key\": \"u1\",\n \"key\": \"u2\"}"},
	{"json", "{\"key\": \"u1\"}\n{\"key\": \"u2\"}"},
	{"json", "{\"key\": \"u1\",\n \"value\": {\"a\": <any>}}"},
	{"json", "{\"amount\": 5}"},
	{"xml", "<a/>"},
}

func TestBadDocs(t *testing.T) {
	var b strings.Builder
	for _, doc := range badDocs {
		_, err := FromDoc(Source{Place: source.Place{File: "orders.feature", Line: 10}}, doc.media, doc.text, testVars)
		if err == nil {
			t.Errorf("got no error for\n%s", doc.text)
			continue
		}
		if !strings.HasPrefix(err.Error(), "orders.feature:1") {
			t.Errorf("got %v, want it to start with file:line", err)
		}
		writeCase(&b, strings.TrimSpace(doc.media+"\n"+shorten(doc.text, 100)), err)
	}
	golden(t, "bad-docs", b.String())
}

func TestPatternsFromDoc(t *testing.T) {
	tests := []struct {
		name, media, want string
		got               Record
		mismatches        string
	}{
		{"a mapping looks only at its fields", "", "value: {a: 1}", Record{Value: []byte(`{"a":1,"b":2}`)}, ""},
		{"nested as well", "", "value: {a: {b: 1}}", Record{Value: []byte(`{"a":{"b":1,"c":2}}`)}, ""},
		{"a json string is the whole", "", `value: '{"a": 1}'`, Record{Value: []byte(`{"a":1,"b":2}`)},
			"value.b: got 2, want absent"},
		{"a list has all its elements", "", "value: [{a: 1}]", Record{Value: []byte(`[{"a":1,"b":2},{"a":1}]`)},
			"value: got 2 elements, want 1 element"},
		{"matchers", "", "key: /^u/\nvalue: {a: '> 5', b: <absent>, c: <uuid>, d: '!= 1'}",
			Record{Key: []byte("u1"), Value: []byte(`{"a":5,"c":"x","d":1}`)},
			"value.a: got 5, want > 5; value.c: got \"x\", want <uuid>; value.d: got 1, want != 1"},
		{"quoted text is no matcher", "", `value: {a: '"<any>"'}`, Record{Value: []byte(`{"a":"<any>"}`)}, ""},
		{"null", "", "key: null\nvalue: null", Record{Value: []byte{}}, `value: got "", want null`},
		{"the text null", "", "value: 'null'", Record{}, `value: got null, want "null"`},
		{"json", "json", `{"value": {"a": 1, "b": null}}`, Record{Value: []byte(`{"a":1.0,"b":null}`)}, ""},
		{"an empty mapping is any object", "", "value: {}", Record{Value: []byte(`[1]`)}, "value: got [1], want {…}"},
		{"a missing object", "", "value: {a: {b: 1, c: 2}}", Record{Value: []byte(`{}`)},
			"value.a.b: got absent, want 1; value.a.c: got absent, want 2"},
		{"place", "", "{partition: 1, offset: '>= 5', topic: orders, timestamp: +5s}",
			Record{Topic: "o", Partition: 0, Offset: 3, Timestamp: at("2026-03-01T12:00:05Z")},
			"topic: got o, want orders; partition: got 0, want 1; offset: got 3, want >= 5"},
	}
	for _, test := range tests {
		p, err := PatternsFromDoc(Source{Place: source.Place{File: "orders.feature", Line: 10}},
			test.media, test.want, testVars)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var texts []string
		for _, m := range p[0].Match(test.got) {
			texts = append(texts, m.String())
		}
		if got := strings.Join(texts, "; "); got != test.mismatches {
			t.Errorf("%s: got %s, want %s", test.name, got, test.mismatches)
		}
	}
}

func TestBadPatternDocs(t *testing.T) {
	var b strings.Builder
	for _, text := range []string{
		"- value: {a: /[/}",
		"- value: <anny>",
		"- value: {a: {b: '> x'}}",
		"- headers: {h: '> x'}",
		"- key: u1\n  offset: null",
		"- offset: -1",
		"- keys: u1",
	} {
		_, err := PatternsFromDoc(Source{Place: source.Place{File: "orders.feature", Line: 10}}, "", text, testVars)
		if err == nil {
			t.Errorf("got no error for\n%s", text)
			continue
		}
		writeCase(&b, text, err)
	}
	golden(t, "bad-pattern-docs", b.String())
}

func TestPatternsKnowTheirLine(t *testing.T) {
	p, err := PatternsFromDoc(Source{Place: source.Place{File: "orders.feature", Line: 10}}, "",
		"- key: a\n  value:\n    x: 1\n\n- value:\n    x: 2\n", nil)
	if err != nil || p[0].source.Line != 11 || p[1].source.Line != 15 {
		t.Errorf("got %v, %v, want lines 11 and 15", p, err)
	}
}

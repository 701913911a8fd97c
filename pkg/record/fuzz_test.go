package record

import (
	"bytes"
	"encoding/json"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

// Each parser must give a result or an error that starts with file:line, and never panic.

func wantPlace(t *testing.T, err error) {
	t.Helper()
	if err != nil && !strings.HasPrefix(err.Error(), "f.feature:") {
		t.Fatalf("got %v, want it to start with file:line", err)
	}
}

func FuzzTable(f *testing.F) {
	for _, table := range append(badTables, badPatternTables...) {
		f.Add(table)
	}
	f.Add("|key|value.a.b|headers.h|timestamp|\n|0x00|{\"a\": [1]}|/x/|+5s|")
	f.Fuzz(func(t *testing.T, text string) {
		rows := tableOf(text)
		src := Source{Place: source.Place{File: "f.feature", Line: 1}}
		records, err := FromTable(src, rows, testVars)
		wantPlace(t, err)
		patterns, err := PatternsFromTable(src, rows, testVars)
		wantPlace(t, err)
		if err := Compare(ContainsExactly, patterns, records); err != nil && utf8.ValidString(text) &&
			!utf8.ValidString(err.Error()) {
			t.Fatalf("got a text that is not UTF-8: %q", err)
		}
		_, _, err = SettingsFromTable(src, rows, testVars)
		wantPlace(t, err)
	})
}

func FuzzDoc(f *testing.F) {
	for _, doc := range badDocs {
		f.Add(doc.media == "json", doc.text)
	}
	f.Add(false, "- key: u1\n  value: {a: [1, '/x/', <any>], b: 0x10}\n  headers: [{a: 1}, {a: null}]\n  timestamp: +5s\n")
	f.Add(true, `[{"key": null, "value": {"a": 1e5, "b": "\ud83d"}}]`)
	f.Fuzz(func(t *testing.T, isJSON bool, text string) {
		media := ""
		if isJSON {
			media = "json"
		}
		src := Source{Place: source.Place{File: "f.feature", Line: 1}}
		records, err := FromDoc(src, media, text, testVars)
		wantPlace(t, err)
		patterns, err := PatternsFromDoc(src, media, text, testVars)
		wantPlace(t, err)
		if err := Compare(InOrder, patterns, records); err != nil {
			_ = err.Error()
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0", "1.50", "1e400", "-12.5E-3", "-0.0", "1e1000000", "01", "1.", ".5", "1e",
		"+1", "9999999999999999999999"} {
		f.Add(text, "1")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if want := json.Valid([]byte(a)) && len(a) > 0 && strings.ContainsAny(a[:1], "-0123456789") &&
			strings.TrimSpace(a) == a; isNumber(a) != want {
			t.Fatalf("%q: got number %v, want %v as encoding/json says", a, isNumber(a), want)
		}
		x, okX := parseNumber(a)
		y, okY := parseNumber(b)
		if same := string(appendNumber(nil, a)) == string(appendNumber(nil, b)); okX && okY && same != (x.Cmp(y) == 0) {
			t.Fatalf("%s and %s: got the same %v, want what comparing says", a, b, same)
		}
	})
}

func TestNumbersCompareByValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		x, _ := parseNumber(jsonText(a))
		y, _ := parseNumber(jsonText(b) + ".000")
		want := 0
		if a < b {
			want = -1
		} else if a > b {
			want = 1
		}
		if got := x.Cmp(y); got != want {
			t.Fatalf("%d and %d: got %d, want %d", a, b, got, want)
		}
	})
}

func jsonText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// TestWhatIsShownIsReadBack writes any key and value in the notation that errors show, and reads it again.
func TestWhatIsShownIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.OneOf(anyBytes(), rapid.Map(rapid.StringN(0, 20, 40), func(s string) []byte { return []byte(s) })).Draw(t,
			"bytes")
		shown := showBytes(b)
		if strings.Contains(shown, "${") || shown != strings.TrimSpace(shown) || shown == "" {
			t.Skip("the table trims cells, and ${ is a variable")
		}
		if _, matcher := namedMatchers[shown]; matcher {
			t.Skip("a matcher has to be quoted by hand")
		}
		got, err := makeBytes(shown)
		if err != nil || !bytes.Equal(got, b) || (got == nil) != (b == nil) {
			t.Fatalf("%q is shown as %s, which reads as %q, %v", b, shown, got, err)
		}
	})
}

// TestYAMLRoundTrip writes records as YAML with the library and reads them with FromDoc.
func TestYAMLRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~]{0,20}`).Draw(t, "text")
		fields := rapid.MapOf(rapid.StringMatching(`[a-z. ]{1,5}`), rapid.StringMatching(`[ -~é]{0,10}`)).Draw(t, "fields")
		escape := func(s string) string { return strings.ReplaceAll(s, "${", "$${") }
		quoted, _ := json.Marshal(text)
		escaped := map[string]string{}
		for k, v := range fields {
			escaped[k] = escape(v)
		}
		out, err := yaml.Marshal(map[string]any{"key": escape(string(quoted)), "value": escaped})
		if err != nil {
			t.Fatal(err)
		}
		records, err := FromDoc(Source{Place: source.Place{File: "f.yaml"}}, "", string(out), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var back map[string]string
		if err := json.Unmarshal(records[0].Value, &back); err != nil || len(back) != len(fields) ||
			string(records[0].Key) != text {
			t.Fatalf("got %q %s, want %q %v", records[0].Key, records[0].Value, text, fields)
		}
		for k, v := range fields {
			if back[k] != v {
				t.Fatalf("field %q: got %q, want %q", k, back[k], v)
			}
		}
	})
}

// TestMergeMarkAsValue holds what the round trip found: << means something as a key only, and libraries write it
// without quotes elsewhere.
func TestMergeMarkAsValue(t *testing.T) {
	records, err := FromDoc(Source{Place: source.Place{File: "f.yaml"}}, "", "value: {arrow: <<}", nil)
	if err != nil || string(records[0].Value) != `{"arrow":"<<"}` {
		t.Errorf("got %v, %v, want the text <<", records, err)
	}
}

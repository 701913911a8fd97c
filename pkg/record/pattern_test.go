package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMatchers tries one expected cell on one record made from one cell.
func TestMatchers(t *testing.T) {
	tests := []struct{ column, want, got string }{
		// column, expected cell, cells that match / cells that do not
		{"value", "x", "x / y, null, \"\", \"x\\u00a0\""},
		{"value", `{"a": 1, "b": [1, {"c": null}]}`,
			`{"b":[1.0,{"c":null}],"a":1e0} / {"a":1}, {"a":1,"b":[1]}, {"a":"1","b":[1]}, [], null, x`},
		{"value", `"{}"`, `"{}" / "{ }", null`},
		{"value", "5", "5, 5.0, 50e-1 / 6, \"05\", null"},
		{"value", "null", "null / \"null\", \"\", 0"},
		{"value", `"null"`, `"null" / null`},
		{"value", `""`, `"" / null, x`},
		{"value", "<any>", `x, "", 5, "null" / null`},
		{"value", "<null>", `null / "", x`},
		{"value", "<absent>", `null / "", x`},
		{"value", "<number>", "5, -1.5e10 / x, null, 0x05, \"\""},
		{"value", "<uuid>", "8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3c / x, 8b1b1a3e-5d3a-4c1e-9d5c-1f0d7e2a9b3, null"},
		{"value", "/^a.c$/", "abc, axc / ab, xabc, null"},
		{"value", "> 5", "6, 5.0001, 1e400 / 5, -7, x, null"},
		{"value", "!= x", "y, \"\" / x"},
		{"value", "!= null", `x, "" / null`},
		{"value", "0x00ff", "0x00ff, base64:AP8= / 0x00, null"},
		{"value", "<b>bold</b>", "<b>bold</b> / x"},
		{"key", "5", "5 / 5.0, null"},
		{"key", `{"a": 1}`, `{ "a" : 1.0 } / {"a":2}, x`},
		{"headers.h", "x", `x / y, null, ""`},
		{"headers.h", "<null>", "null / x"},
		{"headers.h", "null", "null / x"},
		{"headers.h", "<absent>", " / x, null"},
		{"headers.h", "<any>", "x, \"\" / null"},
		{"value.a", "5", "5, 5.0 / 6, \"5\", null, true"},
		{"value.a", `"5"`, `"5" / 5`},
		{"value.a", "x", "x / y, null, 5"},
		{"value.a", "null", "null / 5, x"},
		{"value.a", "<absent>", " / null, 5"},
		{"value.a", "<null>", "null / 5"},
		{"value.a", "<any>", "5, x, [], {} / null"},
		{"value.a", "<number>", "5 / \"5\", x, null"},
		{"value.a", "/^x+$/", "xx / xy, 5"},
		{"value.a", "/^5$/", "5, \"5\" / 6"},
		{"value.a", ">= 5", "5, 6 / 4.999, \"6\", null"},
		{"value.a", "< -1.5", "-1.6, -2 / -1.5, 0"},
		{"value.a", "<= 5", "5.0 / 5.1"},
		{"value.a", "!= 5", "6, \"5\", null / 5, 5.0"},
		{"value.a", "!= null", "6 / null"},
		{"value.a", `{"b": 1}`, `{"b": 1} / {"b": 1, "c": 2}, {}`},
		{"value.a", "[1, 2]", "[1, 2] / [2, 1], [1], [1, 2, 3]"},
		{"value.a.0", "1", "[1], [1, 2] / [2], [], 1"},
		{"value.a.b", "1", `{"b": 1}, {"b": 1, "c": 2} / {"b": 2}, {}, 1`},
		{"partition", "1", "1 / 0, 2"},
		{"partition", ">= 1", "1, 2 / 0"},
		{"timestamp", "2026-03-01T12:00:05Z", "+5s, 2026-03-01T13:00:05+01:00 / +4999ms, +6s"},
		{"timestamp", "> +5s", "+6s / +5s"},
		{"timestamp", "<= 2026-03-01T12:00:05Z", "+5s, +0s / +6s"},
		{"timestamp", "!= +5s", "+6s / +5s"},
		{"timestamp", "<any>", "+5s / "},
	}
	for _, test := range tests {
		p := patterns(t, []string{test.column}, []string{test.want})[0]
		matching, other, _ := strings.Cut(test.got, " / ")
		for cells, pass := range map[string]bool{matching: true, other: false} {
			for _, c := range splitCells(cells) {
				got := consumed(t, []string{"headers.other", baseColumn(test.column)}, []string{"x", c})[0]
				mismatches := p.Match(got)
				if (len(mismatches) == 0) != pass {
					t.Errorf("%s: %s on %s: got %v, want match %v", test.column, test.want, c, mismatches, pass)
				}
				if views := []view{{Record: &got}}; len(matching) > 0 &&
					(len(findCandidates([]Pattern{p}, views).edges[0]) > 0) != p.matches(&views[0]) {
					t.Errorf("%s: %s on %s: the index and the match do not agree", test.column, test.want, c)
				}
			}
		}
	}
}

// splitCells splits at ", " outside brackets and quotes.
func splitCells(text string) []string {
	var cells []string
	depth, quoted, start := 0, false, 0
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth == 0 && strings.HasPrefix(text[i:], ", "):
			cells = append(cells, text[start:i])
			start = i + 2
		}
	}
	if text = strings.TrimSpace(text[start:]); text != "" {
		cells = append(cells, text)
	}
	return cells
}

// baseColumn makes the part of a value that value.a.b and value.a.0 look into.
func baseColumn(column string) string {
	if strings.HasPrefix(column, "value.a.") {
		return "value.a"
	}
	return column
}

func TestAbsentFieldsAndHeadersDoNotMatch(t *testing.T) {
	got := consumed(t, []string{"value.x", "headers.x"}, []string{"1", "1"})[0]
	for _, column := range []string{"value.a", "headers.a"} {
		for _, cell := range []string{"1", "<any>", "<null>", "null", "!= 1", "/./", "> 0"} {
			if m := patterns(t, []string{column}, []string{cell})[0].Match(got); len(m) != 1 || m[0].Got != "absent" {
				t.Errorf("%s %s: got %v, want one mismatch that says absent", column, cell, m)
			}
		}
		if m := patterns(t, []string{column}, []string{"<absent>"})[0].Match(got); len(m) != 0 {
			t.Errorf("%s <absent>: got %v, want a match", column, m)
		}
	}
}

func TestMismatchesNameTheField(t *testing.T) {
	long := strings.Repeat("abcdefghij", 30)
	tests := []struct{ name, column, want, got, field, text string }{
		{"a field", "value.amount", "5", "7", "value.amount", "got 7, want 5"},
		{"text for a number", "value.amount", "5", `"5"`, "value.amount", `got "5", want 5`},
		{"one field of a document", "value", `{"a":{"b":[1,2]}}`, `{"a":{"b":[1,3]}}`, "value.a.b.1", "got 3, want 2"},
		{"a field too many", "value", `{"a":1}`, `{"a":1,"b":2}`, "value.b", "got 2, want absent"},
		{"a field too few", "value", `{"a":1,"b":2}`, `{"a":1}`, "value.b", "got absent, want 2"},
		{"a list too long", "value", `[1]`, `[1,2]`, "value", "got 2 elements, want 1 element"},
		{"no json", "value", `{"a": 1}`, "not json", "value", `got not json, want {"a":1}`},
		{"null and empty", "key", `""`, "null", "key", `got null, want ""`},
		{"null and its text", "key", `"null"`, "null", "key", `got null, want "null"`},
		{"trailing space", "key", "u1", `"u1 "`, "key", `got "u1 ", want u1`},
		{"look-alikes", "key", "café", `"cafe\u0301"`, "key", `got "cafe\u0301", want "caf\u00e9"`},
		{"binary", "key", "0x00ff", "0x00fe", "key", "got 0x00fe, want 0x00ff"},
		{"long text", "key", long + "x" + long, long + "y" + long, "key",
			"got …" + strings.Repeat("abcdefghij", 3) + "y" + strings.Repeat("abcdefghij", 4) +
				"abcdefghi… (from byte 270 of 601), want …" +
				strings.Repeat("abcdefghij", 3) + "x" + strings.Repeat("abcdefghij", 4) + "abcdefghi… (from byte 270 of 601)"},
		{"regex", "key", "/^a/", "b", "key", "got b, want /^a/"},
		{"header", "headers.h", "a", "b", "headers.h", "got b, want a"},
		{"timestamp", "timestamp", "+5s", "+6s", "timestamp", "got 2026-03-01T12:00:06.000Z, want +5s"},
	}
	for _, test := range tests {
		p := patterns(t, []string{test.column}, []string{test.want})[0]
		m := p.Match(consumed(t, []string{test.column}, []string{test.got})[0])
		if len(m) != 1 {
			t.Errorf("%s: got %v, want one mismatch", test.name, m)
			continue
		}
		if diff := cmp.Diff(test.field+": "+test.text, m[0].String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRepeatedHeaders(t *testing.T) {
	record := func(values ...string) Record {
		r := Record{}
		for _, v := range values {
			r.Headers = append(r.Headers, Header{Key: "h", Value: []byte(v)}, Header{Key: "other", Value: nil})
		}
		return r
	}
	want := func(values ...string) Pattern {
		text := "headers:\n"
		for _, v := range values {
			text += fmt.Sprintf("  - h: %s\n", v)
		}
		p, err := PatternsFromDoc(Source{}, "", text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p[0]
	}
	for _, test := range []struct {
		want Pattern
		got  Record
		text string
	}{
		{want("a"), record("a"), ""},
		{want("a"), record("b", "a"), ""},
		{want("a", "b"), record("a", "x", "b"), ""},
		{want("a", "b"), record("b", "a"), "headers.h: got b, a, want b"},
		{want("a", "a"), record("a"), "headers.h: got once, want a once more"},
		{want("a", "c"), record("a", "b"), "headers.h: got a, b, want c"},
		{want("a"), Record{}, "headers.h: got absent, want a"},
	} {
		text := ""
		for _, m := range test.want.Match(test.got) {
			text += m.String()
		}
		if text != test.text {
			t.Errorf("%s on %s: got %q, want %q", test.want, test.got.Show(), text, test.text)
		}
	}
}

// A header that names a topic is known by two names: that of the scenario, and that on the cluster.
func TestHeaderOfTwoNames(t *testing.T) {
	r := Record{Headers: []Header{{Key: "from", Value: []byte("orders"), OnCluster: []byte("ks-1-orders")}}}
	for want, matches := range map[string]bool{
		"orders": true, "ks-1-orders": true, "returns": false, "!= orders": false, "!= ks-1-orders": false,
		"!= returns": true, "<absent>": false,
	} {
		patterns, err := PatternsFromTable(Source{}, [][]string{{"headers.from"}, {want}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(patterns[0].Match(r)) == 0; got != matches {
			t.Errorf("%s: got %v, want %v", want, got, matches)
		}
	}
}

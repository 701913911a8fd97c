package record

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestDifferences keeps the texts that people read when a test fails.
func TestDifferences(t *testing.T) {
	many := func(columns string, row func(i int) string, n int) string {
		var b strings.Builder
		b.WriteString(columns + "\n")
		for i := range n {
			b.WriteString(row(i) + "\n")
		}
		return b.String()
	}
	tests := []struct {
		name      string
		mode      Mode
		want, got string
	}{
		{"one field differs", ContainsExactly,
			"|key|value.amount|\n|u1|5|\n|u2|6|",
			"|key|value|\n|u1|{\"amount\":7,\"currency\":\"EUR\"}|\n|u2|{\"amount\":6}|"},
		{"nothing there", ContainsExactly, "|key|value|\n|u1|x|", ""},
		{"not json", Contains, "|key|value.amount|headers.trace|\n|u1|5|a|",
			"|key|value|headers.trace|\n|u1|not json|a|\n|u2|{\"amount\":5}|b|"},
		{"a number that is a string", Contains, "|value.amount|\n|5|", "|value|\n|{\"amount\":\"5\"}|"},
		{"a string that is a number", Contains, "|value.amount|\n|\"5\"|", "|value|\n|{\"amount\":5}|"},
		{"more fields than expected", Contains, "|value|\n|{\"amount\":5}|",
			"|value|\n|{\"amount\":5,\"currency\":\"EUR\",\"vat\":19}|"},
		{"another partition", Contains, "|key|partition|\n|u1|1|", "|key|partition|\n|u1|0|"},
		{"one too few of the same", Contains, "|key|\n|u1|\n|u1|", "|key|\n|u1|\n|u2|"},
		{"the closest is taken", Contains, "|key|value.amount|\n|u1|7|\n|<any>|> 4|",
			"|key|value|\n|u1|{\"amount\":5}|\n|u9|text|"},
		{"too many", ContainsExactly, "|key|\n|u1|", many("|key|value|",
			func(i int) string { return fmt.Sprintf("|u%d|{\"n\":%d}|", i+1, i) }, 12)},
		{"many missing", Contains, many("|key|value.n|", func(i int) string { return fmt.Sprintf("|u%d|%d|", i, i) }, 12),
			"|key|value|\n|u3|{\"n\":4}|"},
		{"many fields", Contains,
			"|value|\n|{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1}|",
			"|value|\n|{\"a\":2,\"b\":2,\"c\":2,\"d\":2,\"e\":2,\"f\":2,\"g\":2,\"h\":2,\"i\":2,\"j\":2}|"},
		{"long values", Contains, "|value|\n|" + strings.Repeat("x", 500) + "a|", "|value|\n|" + strings.Repeat("x", 500) +
			"b|"},
		{"tombstone wanted", ContainsExactly, "|key|value|\n|u1|null|", "|key|value|\n|u1|\"\"|"},
		{"header missing and null", Contains, "|key|headers.a|headers.b|\n|u1|x|y|", "|key|headers.b|\n|u1|null|"},
		{"headers nobody asked about", ContainsExactly, "|key|headers.trace|\n|u1|a|\n|u1|b|",
			"|key|headers.trace|headers.source|headers.attempts|\n|u1|c|orders|1|"},
		{"in order", InOrder, "|key|\n|a|\n|b|\n|c|", "|key|\n|b|\n|a|\n|c|"},
		{"in order, at the end", InOrder, "|key|\n|a|\n|b|", "|key|\n|b|\n|a|"},
		{"in order, one before the end", InOrder, "|key|value|\n|a|1|\n|b|2|", "|key|value|\n|b|3|\n|a|1|"},
		{"in order, not there", InOrder, "|key|value|\n|a|1|\n|b|2|\n|c|3|", "|key|value|\n|a|1|\n|b|3|\n|c|3|"},
		{"only", Only, "|key|value.amount|\n|/u[12]/|> 0|\n|<null>|<absent>|",
			"|key|value|\n|u1|{\"amount\":1}|\n|u3|{\"amount\":1}|\n|u2|{\"amount\":-1}|"},
		{"only, nothing there", Only, "|key|\n|u1|", ""},
	}
	var b strings.Builder
	for _, test := range tests {
		var want []Pattern
		var got []Record
		if test.want != "" {
			want = patterns(t, tableOf(test.want)...)
		}
		if test.got != "" {
			got = consumed(t, tableOf(test.got)...)
		}
		err := Compare(test.mode, want, got)
		if err == nil {
			t.Errorf("%s: got nil, want an error", test.name)
			continue
		}
		fmt.Fprintf(&b, "== %s\n%s\n\n", test.name, err)
	}
	golden(t, "differences", b.String())
}

// TestTranslatedHeaders has a header that the record tells under another name: that one is shown, and nothing else is
// counted.
func TestTranslatedHeaders(t *testing.T) {
	want := patterns(t, tableOf("|key|headers.dlq-source-topic|\n|a|payments|")...)
	got := Record{Key: []byte("a"), Headers: []Header{{Key: "x-topic", Value: []byte("orders")},
		{Key: "x-class", Value: []byte("refused")}, {Key: "dlq-source-topic", Value: []byte("orders"), From: "x-topic"},
		{Key: "dlq-error-class", Value: []byte("refused"), From: "x-class"}}}
	err := Compare(ContainsExactly, want, []Record{got})
	const shown = "partition 0 offset 0: key a, value null, headers x-topic=orders, and 1 header not asked about\n" +
		"      headers.dlq-source-topic: got orders, want payments"
	if err == nil || !strings.Contains(err.Error(), shown) {
		t.Errorf("got\n%v\nwant\n%s", err, shown)
	}
	if text := got.Show(); strings.Contains(text, "dlq-") || !strings.Contains(text, "x-topic=orders x-class=refused") {
		t.Errorf("got %s, want the headers that are on the record", text)
	}
}

func TestDifferenceOfRecordsWithoutAPlace(t *testing.T) {
	p, err := PatternsFromTable(Source{}, tableOf("|key|\n|a|"), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = Compare(ContainsExactly, p, []Record{{Partition: -1, Offset: -1, Key: []byte("b")}})
	want := "got 1 record, want exactly 1; missing: 1, unexpected: 1\n" +
		"missing:\n  key a\n    closest: record 1: key b, value null\n      key: got b, want a\n" +
		"unexpected:\n  record 1, as above"
	if err == nil || strings.ReplaceAll(err.Error(), "  (input:1)", "") != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestUnmatchedInOrder(t *testing.T) {
	for name, c := range map[string]struct{ want, got, closest, fields string }{
		"comes too early": {"|key|\n|a|\n|b|", "|key|\n|b|\n|a|\n|c|", "partition 0 offset 0: key b, value null",
			"[order: got partition 0 offset 0, want behind partition 0 offset 1]"},
		"from the place on": {"|key|value|\n|a|1|\n|b|2|", "|key|value|\n|b|9|\n|a|1|\n|b|3|",
			"partition 0 offset 2: key b, value 3", "[value: got 3, want 2]"},
		"none follows": {"|key|value|\n|a|1|\n|b|2|", "|key|value|\n|b|3|\n|a|1|", "partition 0 offset 0: key b, value 3",
			"[value: got 3, want 2 order: got partition 0 offset 0, want behind partition 0 offset 1]"},
		"none is left": {"|key|\n|a|\n|b|", "|key|\n|a|", "", "[]"},
	} {
		err := Compare(InOrder, patterns(t, tableOf(c.want)...), consumed(t, tableOf(c.got)...))
		d, ok := errors.AsType[*Difference](err)
		if !ok {
			t.Fatalf("%s: got %v, want a difference", name, err)
		}
		u := d.Unmatched()
		if len(u) != 1 || u[0].Got != c.closest || fmt.Sprint(u[0].Fields) != c.fields {
			t.Errorf("%s: got %+v, want %s with %s", name, u, c.closest, c.fields)
		}
	}
}

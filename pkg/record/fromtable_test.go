package record

import (
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return t
}

var sameTime = cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })

func TestFromTable(t *testing.T) {
	blank := Record{Partition: -1, Offset: -1}
	with := func(change func(*Record)) []Record {
		r := blank
		change(&r)
		return []Record{r}
	}
	value := func(text string) []Record { return with(func(r *Record) { r.Value = []byte(text) }) }
	tests := []struct {
		name, table string
		want        []Record
	}{
		{"text", "|value|\n|not json|", value("not json")},
		{"json stays as written", `|value|
			|{"amount": 5.0, "b":1}|`, value(`{"amount": 5.0, "b":1}`)},
		{"a tombstone", "|key|value|\n|u1|null|", with(func(r *Record) { r.Key = []byte("u1") })},
		{"the text null", "|value|\n|\"null\"|", value("null")},
		{"empty is not null", "|key|value|\n|\"\"|\"\"|", with(func(r *Record) { r.Key, r.Value = []byte{}, []byte{} })},
		{"an empty key is null", "|key|value|\n||x|", value("x")},
		{"a quoted matcher", "|value|\n|\"<any>\"|", value("<any>")},
		{"quotes that are none", `|value|
			|"a" and "b"|`, value(`"a" and "b"`)},
		{"hex", "|value|\n|0x00FF|", value("\x00\xff")},
		{"base64", "|value|\n|base64:AP8=|", value("\x00\xff")},
		{"base64 of nothing", "|value|\n|base64:|", value("")},
		{"fields", `|value.amount|value.by.name|value.by.id|value.tags|value.note|value.zip|value.none|value.text|value.gone|
			|5|Ann|"7"|["a", 1]|plain < text|007|null|"q"||`,
			value(`{"amount":5,"by":{"name":"Ann","id":"7"},"tags":["a",1],"note":"plain < text","zip":"007","none":null,"text":"q"}`)},
		{"a dot in a field", `|value.a\.b|
			|1|`, value(`{"a.b":1}`)},
		{"no field at all", "|key|value.a|\n|k||", with(func(r *Record) { r.Key, r.Value = []byte("k"), []byte("{}") })},
		{"headers in order of columns", "|value|headers.b|headers.a.x|headers.n|headers.e|headers.gone|\n|v|1|2|null|\"\"||",
			with(func(r *Record) {
				r.Value = []byte("v")
				r.Headers = []Header{{Key: "b", Value: []byte("1")}, {Key: "a.x", Value: []byte("2")},
					{Key: "n", Value: nil}, {Key: "e", Value: []byte{}}}
			})},
		{"partition and topic", "|topic|value|partition|\n|orders|v|2|", with(func(r *Record) {
			r.Topic, r.Value, r.Partition = "orders", []byte("v"), 2
		})},
		{"timestamps", "|key|timestamp|\n|a|2026-03-01T12:00:00.5+01:00|\n|a|1_700_000_000_000|\n|a|+5s|\n|a|-1m|\n|a||",
			[]Record{
				{Partition: -1, Offset: -1, Key: []byte("a"), Timestamp: at("2026-03-01T11:00:00.5Z")},
				{Partition: -1, Offset: -1, Key: []byte("a"), Timestamp: at("2023-11-14T22:13:20Z")},
				{Partition: -1, Offset: -1, Key: []byte("a"), Timestamp: at("2026-03-01T12:00:05Z")},
				{Partition: -1, Offset: -1, Key: []byte("a"), Timestamp: at("2026-03-01T11:59:00Z")},
				{Partition: -1, Offset: -1, Key: []byte("a")},
			}},
		{"variables", "|key|value|\n|${user}-${order}|{\"n\": ${amount}, \"t\": \"$${amount} $ $x\"}|", with(func(r *Record) {
			r.Key, r.Value = []byte("u1-o-1"), []byte(`{"n": 5, "t": "${amount} $ $x"}`)
		})},
	}
	for _, test := range tests {
		got, err := FromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}}, tableOf(test.table), testVars)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, got, sameTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRelativeTimesWithoutABaseCountFromNow(t *testing.T) {
	before := time.Now().Truncate(time.Millisecond)
	got, err := FromTable(Source{}, tableOf("|key|timestamp|\n|a|+0s|\n|b|+1h|"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Timestamp.Before(before) || got[0].Timestamp.After(time.Now()) ||
		got[1].Timestamp.Sub(got[0].Timestamp) != time.Hour {
		t.Errorf("got %s and %s, want now and an hour later", got[0].Timestamp, got[1].Timestamp)
	}
}

var badTables = []string{
	``,
	`|key|`,
	`|kye|
	 |u1 |`,
	`|header.trace|
	 |a|`,
	`|valeu.amount|
	 |5|`,
	`|value.a..b|
	 |5|`,
	`|key||
	 |u1|x|`,
	`|key|key|
	 |u1|u2|`,
	`|headers.a|headers.a|
	 |u1|u2|`,
	`|value|value.a|
	 |x|5|`,
	`|value.a.b|value.a|
	 |x|5|`,
	`|key|value|
	 |u1|x|
	 |u2|`,
	`|key|value|
	 |u1|x|extra|`,
	`|key|value|
	 |u1||`,
	`|offset|
	 |1|`,
	`|partition|
	 |-1|`,
	`|partition|
	 |two|`,
	`|partition|
	 |3000000000|`,
	`|timestamp|
	 |yesterday|`,
	`|timestamp|
	 |+5|`,
	`|timestamp|
	 |1969-01-01T00:00:00Z|`,
	`|key|
	 |${usr}|`,
	`|key|
	 |${user|`,
	`|key|
	 |0xabc|`,
	`|key|
	 |0x|`,
	`|value|
	 |base64:!!|`,
	`|value|
	 |<any>|`,
	`|value.a|
	 |<absent>|`,
	`|value.items.0|
	 |5|`,
}

func TestBadTables(t *testing.T) {
	var b strings.Builder
	for _, table := range badTables {
		_, err := FromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}}, tableOf(table), testVars)
		if err == nil {
			t.Errorf("got no error for\n%s", table)
			continue
		}
		if !strings.HasPrefix(err.Error(), "orders.feature:1") {
			t.Errorf("got %v, want it to start with file:line", err)
		}
		writeCase(&b, table, err)
	}
	golden(t, "bad-tables", b.String())
}

func writeCase(b *strings.Builder, input string, err error) {
	for line := range strings.Lines(input) {
		b.WriteString(strings.TrimPrefix(strings.TrimRight(line, "\n"), "\t "))
		b.WriteByte('\n')
	}
	b.WriteString("=> " + err.Error() + "\n\n")
}

var badPatternTables = []string{
	`|value|
	 |/[a-/|`,
	`|value|
	 |<anny>|`,
	`|value.a|
	 |> five|`,
	`|value.a|
	 |!=|`,
	`|offset|
	 |first|`,
	`|partition|
	 |1.5|`,
	`|timestamp|
	 |> soon|`,
	`|value|
	 |{"a": "/[a-/"}|`,
	`|value|
	 |0x1|`,
}

func TestBadPatternTables(t *testing.T) {
	var b strings.Builder
	for _, table := range badPatternTables {
		_, err := PatternsFromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}}, tableOf(table), testVars)
		if err == nil {
			t.Errorf("got no error for\n%s", table)
			continue
		}
		writeCase(&b, table, err)
	}
	_, err := PatternsFromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}},
		tableOf("|timestamp|\n|+5s|"), nil)
	writeCase(&b, "|timestamp|\n|+5s|  without a base time", err)
	golden(t, "bad-pattern-tables", b.String())
}

func TestRowsWithCommentsBetween(t *testing.T) {
	src := Source{Place: source.Place{File: "orders.feature", Line: 10}, Lines: []int{10, 11, 15}}
	_, err := FromTable(src, tableOf("|key|\n|a|\n|${x}|"), nil)
	if err == nil || !strings.HasPrefix(err.Error(), "orders.feature:15: ") {
		t.Errorf("got %v, want line 15", err)
	}
}

package record

import (
	"errors"
	"fmt"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"testing"

	"pgregory.net/rapid"
)

// table gives patterns whose first row stands on line 20.
func patterns(t testing.TB, rows ...[]string) []Pattern {
	t.Helper()
	p, err := PatternsFromTable(Source{Place: source.Place{File: "orders.feature", Line: 20}}, rows,
		Vars{BaseTime: "2026-03-01T12:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// consumed gives records as a consumer sees them: on partition 0, offsets from 0, unless the row says other.
func consumed(t testing.TB, rows ...[]string) []Record {
	t.Helper()
	records, err := FromTable(Source{Place: source.Place{File: "orders.feature", Line: 10}}, rows,
		Vars{BaseTime: "2026-03-01T12:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		records[i].Offset = int64(i)
		records[i].Partition = max(records[i].Partition, 0)
	}
	return records
}

func TestCompareModes(t *testing.T) {
	key := func(keys ...string) [][]string {
		rows := [][]string{{"key"}}
		for _, k := range keys {
			rows = append(rows, []string{k})
		}
		return rows
	}
	tests := []struct {
		name      string
		want, got [][]string
		pass      map[Mode]bool
	}{
		{"the same", key("a", "b"), key("a", "b"), map[Mode]bool{Contains: true, ContainsExactly: true, InOrder: true,
			Only: true}},
		{"another order", key("a", "b"), key("b", "a"), map[Mode]bool{Contains: true, ContainsExactly: true, Only: true}},
		{"one more", key("a", "b"), key("a", "c", "b"), map[Mode]bool{Contains: true, InOrder: true}},
		{"one twice", key("a", "b"), key("a", "b", "b"), map[Mode]bool{Contains: true, InOrder: true, Only: true}},
		{"one less", key("a", "a"), key("a"), map[Mode]bool{Only: true}},
		{"overlap, the wide pattern first", key("<any>", "a"), key("a", "b"),
			map[Mode]bool{Contains: true, ContainsExactly: true, Only: true}},
		{"overlap, in order", key("<any>", "a"), key("b", "a"), map[Mode]bool{Contains: true, ContainsExactly: true,
			InOrder: true, Only: true}},
		{"other", key("a", "b"), key("c", "d"), map[Mode]bool{}},
	}
	for _, test := range tests {
		want, got := patterns(t, test.want...), consumed(t, test.got...)
		for _, mode := range []Mode{Contains, ContainsExactly, InOrder, Only} {
			if err := Compare(mode, want, got); (err == nil) != test.pass[mode] {
				t.Errorf("%s: %s: got %v, want pass %v", test.name, mode, err, test.pass[mode])
			}
		}
	}
}

func TestCompareNothing(t *testing.T) {
	one := consumed(t, []string{"key"}, []string{"a"})
	for _, test := range []struct {
		mode Mode
		got  []Record
		pass bool
	}{
		{Contains, nil, true}, {Contains, one, true},
		{ContainsExactly, nil, true}, {ContainsExactly, one, false},
		{InOrder, nil, true}, {InOrder, one, true},
		{Only, nil, false}, {Only, one, false},
	} {
		if err := Compare(test.mode, nil, test.got); (err == nil) != test.pass {
			t.Errorf("no patterns, %d records, %s: got %v, want pass %v", len(test.got), test.mode, err, test.pass)
		}
	}
}

func TestInOrderIsPerTopic(t *testing.T) {
	want := patterns(t, []string{"topic", "key"}, []string{"orders", "a"}, []string{"payments", "x"},
		[]string{"orders", "b"})
	got := consumed(t, []string{"topic", "key"}, []string{"payments", "x"}, []string{"orders", "a"},
		[]string{"orders", "b"})
	if err := Compare(InOrder, want, got); err != nil {
		t.Error(err)
	}
	got[1], got[2] = got[2], got[1]
	if err := Compare(InOrder, want, got); err == nil {
		t.Error("got nil for b before a, want an error")
	}
}

func TestDifferenceGivesTheRecords(t *testing.T) {
	err := Compare(ContainsExactly, patterns(t, []string{"key"}, []string{"a"}, []string{"b"}),
		consumed(t, []string{"key"}, []string{"b"}, []string{"c"}))
	var d *Difference
	if !errors.As(err, &d) || len(d.missing) != 1 || d.want[d.missing[0]].String() != "key a" ||
		len(d.unexpected) != 1 || string(d.got[d.unexpected[0]].Key) != "c" {
		t.Errorf("got %v, want a missing and c unexpected", err)
	}
}

var (
	smallKeys   = rapid.SampledFrom([]string{"a", "b", "c", "null", `""`})
	smallValues = rapid.SampledFrom([]string{`{"n":1}`, `{"n": 1.0}`, `{"n":2,"m":"x"}`, `{"m":"x"}`, "text", "null", "5",
		"5.0"})
	smallParts = rapid.SampledFrom([]string{"0", "1"})
	wantKeys   = rapid.SampledFrom([]string{"", "a", "b", "<any>", "null", "!= a", "/a|b/", "/b|c/", "/a|c/"})
	wantValues = rapid.SampledFrom([]string{"", `{"n":1}`, `{"n":"<number>"}`, `{"m":"x","n":2}`, "text", "null", "5",
		"<number>", "> 4"})
	wantFields = rapid.SampledFrom([]string{"", "1", "> 1", "<absent>", "<number>"})
)

func drawRecords(t *rapid.T) []Record {
	var records []Record
	for i := range rapid.IntRange(0, 5).Draw(t, "records") {
		row := []string{smallKeys.Draw(t, "key"), smallValues.Draw(t, "value"), smallParts.Draw(t, "partition"),
			smallKeys.Draw(t, "header")}
		r, err := FromTable(Source{}, [][]string{{"key", "value", "partition", "headers.h"}, row}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r[0].Offset = int64(i)
		records = append(records, r[0])
	}
	return records
}

func drawPatterns(t *rapid.T) []Pattern {
	var all []Pattern
	for range rapid.IntRange(0, 5).Draw(t, "patterns") {
		columns := []string{"key", "value", "partition", "headers.h"}
		row := []string{wantKeys.Draw(t, "want key"), wantValues.Draw(t, "want value"),
			rapid.SampledFrom([]string{"", "0", ">= 1"}).Draw(t, "want partition"), ""}
		if rapid.Bool().Draw(t, "by field") {
			columns[1], row[1] = "value.n", wantFields.Draw(t, "want field")
		}
		if rapid.Bool().Draw(t, "by header") {
			row[3] = wantKeys.Draw(t, "want header")
		}
		p, err := PatternsFromTable(Source{}, [][]string{columns, row}, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p...)
	}
	return all
}

// mostMatched tries every assignment of records to patterns.
func mostMatched(want []Pattern, got []Record, used int) int {
	if len(want) == 0 {
		return 0
	}
	best := mostMatched(want[1:], got, used)
	for r := range got {
		if used&(1<<r) == 0 && len(want[0].Match(got[r])) == 0 {
			best = max(best, 1+mostMatched(want[1:], got, used|1<<r))
		}
	}
	return best
}

// subsequence tries every choice of records.
func subsequence(want []Pattern, got []Record) bool {
	if len(want) == 0 {
		return true
	}
	for r := range got {
		if len(want[0].Match(got[r])) == 0 && subsequence(want[1:], got[r+1:]) {
			return true
		}
	}
	return false
}

func TestCompareAgreesWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, got := drawPatterns(t), drawRecords(t)
		most := mostMatched(want, got, 0)
		any := 0
		for _, r := range got {
			for _, p := range want {
				if len(p.Match(r)) == 0 {
					any++
					break
				}
			}
		}
		expected := map[Mode]bool{
			Contains:        most == len(want),
			ContainsExactly: most == len(want) && len(want) == len(got),
			InOrder:         subsequence(want, got),
			Only:            len(got) > 0 && any == len(got),
		}
		for mode, pass := range expected {
			err := Compare(mode, want, got)
			if (err == nil) != pass {
				t.Fatalf("%s: got %v, want pass %v for\n%v\n%v", mode, err, pass, want, shown(got))
			}
			var d *Difference
			if errors.As(err, &d) && (mode == Contains || mode == ContainsExactly) && len(want)-len(d.missing) != most {
				t.Fatalf("%s: got %d matched, want %d: %v", mode, len(want)-len(d.missing), most, err)
			}
			if again := Compare(mode, want, got); err != nil && err.Error() != again.Error() {
				t.Fatalf("got two texts for one difference:\n%v\n%v", err, again)
			}
		}
	})
}

func shown(records []Record) string {
	text := ""
	for _, r := range records {
		text += fmt.Sprintln(r.Show())
	}
	return text
}

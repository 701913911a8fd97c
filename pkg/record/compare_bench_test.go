package record

import (
	"fmt"
	"slices"
	"testing"
)

// manyRows gives n records of a key and a value, and the same as a table of patterns.
func manyRows(n int) [][]string {
	rows := [][]string{{"key", "value"}}
	for i := range n {
		rows = append(rows, []string{fmt.Sprintf("u%d", i%1000),
			fmt.Sprintf(`{"order": %d, "amount": %d, "note": "some text"}`, i, i%97)})
	}
	return rows
}

func benchmarkCompare(b *testing.B, mode Mode, want []Pattern, got []Record, pass bool) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		err := Compare(mode, want, got)
		if (err == nil) != pass {
			b.Fatal(err)
		}
		if err != nil && err.Error() == "" {
			b.Fatal("no text")
		}
	}
}

func BenchmarkCompare10kPlain(b *testing.B) {
	rows := manyRows(10_000)
	want, got := patterns(b, rows...), consumed(b, rows...)
	benchmarkCompare(b, ContainsExactly, want, got, true)
}

func BenchmarkCompare10kFields(b *testing.B) {
	rows := [][]string{{"key", "value.order", "value.amount"}}
	for i := range 10_000 {
		rows = append(rows, []string{fmt.Sprintf("u%d", i%1000), fmt.Sprint(i), ">= 0"})
	}
	benchmarkCompare(b, ContainsExactly, patterns(b, rows...), consumed(b, manyRows(10_000)...), true)
}

func BenchmarkCompare10kAllTheSame(b *testing.B) {
	rows := [][]string{{"key", "value"}}
	for range 10_000 {
		rows = append(rows, []string{"u1", "x"})
	}
	benchmarkCompare(b, ContainsExactly, patterns(b, rows...), consumed(b, rows...), true)
}

func BenchmarkCompare10kTwoDifferWithText(b *testing.B) {
	rows := manyRows(10_000)
	got := consumed(b, rows...)
	got[17].Value, got[4711].Key = []byte("gone"), []byte("u17")
	benchmarkCompare(b, ContainsExactly, patterns(b, rows...), got, false)
}

func BenchmarkCompareThreeAmong100k(b *testing.B) {
	rows := manyRows(100_000)
	benchmarkCompare(b, Contains, patterns(b, rows[:4]...), consumed(b, rows...), true)
}

func BenchmarkCompare300RegularExpressions(b *testing.B) {
	rows, got := [][]string{{"key"}}, [][]string{{"key"}}
	for i := range 300 {
		rows = append(rows, []string{fmt.Sprintf("/^k(%d|%d)$/", i, i+1)})
		got = append(got, []string{fmt.Sprintf("k%d", 300-i)})
	}
	benchmarkCompare(b, ContainsExactly, patterns(b, rows...), consumed(b, got...), true)
}

// BenchmarkCompare10kFewValues has five fields of ten values each, which only together tell one record from another.
func BenchmarkCompare10kFewValues(b *testing.B) {
	rows := [][]string{{"value.a", "value.b", "value.c", "value.d", "value.e"}}
	for i := range 10_000 {
		rows = append(rows, []string{fmt.Sprint(i % 10), fmt.Sprint(i / 10 % 10), fmt.Sprint(i / 100 % 10),
			fmt.Sprint(i / 1000), fmt.Sprintf("1.%d0", i%7)})
	}
	got := consumed(b, rows...)
	slices.Reverse(got)
	benchmarkCompare(b, ContainsExactly, patterns(b, rows...), got, true)
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

func TestBenchReport(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "new", "first"), t.TempDir()
	if out, errs, code := benched(t, "--report", first); code != exitPassed {
		t.Fatalf("got exit code %d\n%s%s", code, out, errs)
	}
	baseline := filepath.Join(first, "bench.json")
	if out, errs, code := benched(t, "--report", second, "--baseline", baseline, "--tolerance",
		"99%"); code != exitPassed {
		t.Fatalf("got exit code %d\n%s%s", code, out, errs)
	}
	text, err := os.ReadFile(filepath.Join(second, "bench.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"Latency of all events"`, `"p99"`, `"p99, baseline","baseline":true`,
		`"produced, baseline"`, "these are not figures of Apache Kafka"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got a page without %s", want)
		}
	}
	if _, errs, code := benched(t, "--report", baseline); code != exitInput || !strings.Contains(errs, "--report: ") {
		t.Errorf("got exit code %d: %s, want a file in the place of the folder refused", code, errs)
	}
}

// TestBenchFigures draws intervals of a second, the last of which was shorter.
func TestBenchFigures(t *testing.T) {
	point := func(at time.Duration, events int64, p99 time.Duration) benchmark.Point {
		return benchmark.Point{At: at, Events: events, Percentiles: benchmark.Percentiles{P50: time.Millisecond, P99: p99}}
	}
	r := bench.Result{Consumer: benchmark.Received{OverTime: []benchmark.Point{
		point(time.Second, 1000, 5*time.Millisecond), point(1500*time.Millisecond, 100, 9*time.Millisecond)}}}
	f := benchFigures(r, nil)
	want := map[string][]float64{"received": {1, 1000, 1.5, 200}, "p50": {1, 1, 1.5, 1}, "p99": {1, 5, 1.5, 9}}
	var got []string
	for _, c := range f.Charts[:2] {
		for _, s := range c.Series {
			got = append(got, s.Name)
			if diff := cmp.Diff(want[s.Name], s.Points); diff != "" {
				t.Errorf("%s (-want +got):\n%s", s.Name, diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"received", "p50", "p99"}, got); diff != "" {
		t.Errorf("lines over time (-want +got):\n%s", diff)
	}
	untimed := r
	untimed.Settings.Untimed = true
	if c := benchFigures(untimed, &r).Charts; len(c[1].Series) == 0 || c[3].Series[0].Name != "p50, baseline" {
		t.Errorf("got %+v, want latencies of the baseline only where none were recorded", c[3])
	}
}

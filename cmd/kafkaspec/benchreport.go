package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// The files of bench --report.
const (
	benchPage   = "bench.html"
	benchResult = "bench.json"
)

// folder makes the folder of --report before anything is measured, and returns what writes into it.
func (b *benchCommand) folder(baseline *bench.Result) (write func(bench.Result) error, err error) {
	if b.Report == "" {
		return func(bench.Result) error { return nil }, nil
	}
	if err := os.MkdirAll(b.Report, 0o755); err != nil {
		return nil, usage("--report: %v; name a folder that can be written", err)
	}
	return func(r bench.Result) error {
		err := report.WriteFile(filepath.Join(b.Report, benchResult), func(file *os.File) error { return r.JSON(file) })
		if err != nil || r.Unfinished {
			return err
		}
		return report.WriteFile(filepath.Join(b.Report, benchPage), func(file *os.File) error {
			return benchFigures(r, baseline).Write(file)
		})
	}, nil
}

// benchFigures draws a result, with the baseline beside it.
func benchFigures(r bench.Result, baseline *bench.Result) page.Figures {
	f := page.Figures{Title: "Throughput and latency of " + r.Cluster.String(), Rows: [][2]string{
		{"taken", r.Taken.UTC().Format(time.RFC3339)}, {"settings", r.Settings.String()}}}
	rate := page.Chart{Title: "Received over time", Unit: "records/s"}
	latency := page.Chart{Title: "Latency over time", Unit: "ms"}
	rates := page.Chart{Title: "Throughput", Unit: "records/s", Bars: true}
	percentiles := page.Chart{Title: "Latency of all events", Unit: "ms", Bars: true}
	if r.Cluster.Kind == cluster.KindEmbedded {
		f.Rows = append(f.Rows, [2]string{"", "a broker in this process that writes to memory: these are not figures of " +
			"Apache Kafka"})
	}
	f.Rows = append(f.Rows, r.Shares.Lines()...)
	runs := []benchRun{{r, "", false}}
	if baseline != nil {
		runs = append(runs, benchRun{*baseline, ", baseline", true})
		f.Rows = append(f.Rows, [2]string{"baseline", strings.Join([]string{baseline.Taken.UTC().Format(time.RFC3339),
			baseline.Cluster.String(), baseline.Settings.String()}, ", ")})
	}
	for _, run := range runs {
		rates.Series = append(rates.Series, run.series("produced", run.Producer.Rate))
	}
	for _, run := range runs {
		rates.Series = append(rates.Series, run.series("received", run.Consumer.Rate))
		if points := ratesOf(run.Consumer.OverTime); len(points) > 2 {
			rate.Series = append(rate.Series, run.series("received", points...))
		}
	}
	for _, q := range quantiles {
		for _, run := range runs {
			if run.Settings.Untimed {
				continue
			}
			percentiles.Series = append(percentiles.Series, run.series(q.name, inMilliseconds(q.of(run.Consumer.Latency))))
			if points := latenciesOf(run.Consumer.OverTime, q.of); q.overTime && len(points) > 2 {
				latency.Series = append(latency.Series, run.series(q.name, points...))
			}
		}
	}
	f.Charts = []page.Chart{rate, latency, rates, percentiles}
	return f
}

// benchRun is a result with what it is called beside another.
type benchRun struct {
	bench.Result
	suffix   string
	baseline bool
}

func (r benchRun) series(name string, points ...float64) page.Series {
	return page.Series{Name: name + r.suffix, Baseline: r.baseline, Points: points}
}

var quantiles = []struct {
	name     string
	overTime bool
	of       func(benchmark.Percentiles) time.Duration
}{
	{"p50", true, func(p benchmark.Percentiles) time.Duration { return p.P50 }},
	{"p90", false, func(p benchmark.Percentiles) time.Duration { return p.P90 }},
	{"p99", true, func(p benchmark.Percentiles) time.Duration { return p.P99 }},
	{"p99.9", false, func(p benchmark.Percentiles) time.Duration { return p.P999 }},
	{"max", false, func(p benchmark.Percentiles) time.Duration { return p.Max }},
}

func inMilliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ratesOf are the events a second of each interval, at its end.
func ratesOf(points []benchmark.Point) (list []float64) {
	var before time.Duration
	for _, p := range points {
		if p.At > before {
			list = append(list, p.At.Seconds(), float64(p.Events)/(p.At-before).Seconds())
		}
		before = p.At
	}
	return list
}

func latenciesOf(points []benchmark.Point, of func(benchmark.Percentiles) time.Duration) (list []float64) {
	for _, p := range points {
		list = append(list, p.At.Seconds(), inMilliseconds(of(p.Percentiles)))
	}
	return list
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"github.com/kafkaspec/kafkaspec/pkg/units"
	"github.com/kafkaspec/kafkaspec/runner"
)

type benchCommand struct {
	Results    []string `arg:"" optional:"" placeholder:"DIR" help:"With --merge: the folders of --report, or the files of --json, that the processes wrote."`
	Cluster    string   `placeholder:"NAME" help:"The cluster: embedded (in this process), embedded:N (with N brokers), local or local:3 (one or three Apache Kafka brokers, which kafkaspec starts), or a name from the profile. Default: the profile's, else embedded."`
	Profile    string   `placeholder:"FILE" help:"The profile, a YAML file with clusters, applications and defaults. Default: kafkaspec.yaml in this folder, if it exists."`
	Events     string   `default:"10M" placeholder:"N" help:"How many events to send, such as 200k or 10M. Default: 10M."`
	Size       string   `default:"100B" placeholder:"SIZE" help:"The size of an event's value, such as 100B or 1KiB. Default: 100B."`
	Rate       string   `placeholder:"RATE" help:"Events a second, such as 50k. Latency is then measured from the time at which an event was due. Default: full speed."`
	Partitions int32    `default:"12" placeholder:"N" help:"How many partitions the topic has. Default: 12."`
	Codec      string   `default:"none" placeholder:"CODEC" help:"The compression of batches: none, gzip, snappy, lz4 or zstd. Default: none."`
	Acks       string   `default:"all" placeholder:"ACKS" help:"Which brokers must acknowledge a write: all (all in-sync replicas, with an idempotent producer), leader or none. Default: all."`
	Producers  int      `default:"1" placeholder:"N" help:"How many clients send. Default: 1."`
	Consumers  int      `default:"1" placeholder:"N" help:"How many clients read; each has its share of the partitions. Default: 1."`
	WarmUp     string   `placeholder:"N" help:"How many events at the beginning are not measured, such as 10k. Default: a tenth of --events, at most 1M."`
	Linger     string   `placeholder:"TIME" help:"How long a client waits for more events before it sends a batch, such as 5ms. Default: 10ms, with --rate 0s."`
	BatchSize  string   `placeholder:"SIZE" help:"The largest batch, before compression, such as 16KiB. Default: 256KiB, and more if events are larger than about 64KiB."`
	Buffer     string   `placeholder:"N" help:"How many events a client may hold unsent, such as 5k. Default: 20k."`
	Patience   string   `placeholder:"TIME" help:"Give up when no event has arrived for this long, such as 1m. Default: 30s."`
	Untimed    bool     `help:"Do not measure latencies, to see what measuring them costs."`
	JSON       string   `name:"json" placeholder:"FILE" help:"Write the result into this file; - is standard output. Default: the result is only shown."`
	Report     string   `placeholder:"DIR" help:"Write bench.html, which draws throughput and latency over time beside those of --baseline, and bench.json into this folder. Default: no report."`
	Baseline   string   `placeholder:"FILE" help:"Compare with a result that --json wrote; exit with code 1 if this one is worse by more than --tolerance."`
	Shard      string   `placeholder:"I/N" help:"Make only part I of N of the load, such as 2/4: N processes share the events and partitions on one cluster. The value job takes I and N from JOB_COMPLETION_INDEX and JOB_COMPLETIONS, as in a Kubernetes Job. --producers and --consumers are those of each process."`
	BeginAt    string   `placeholder:"TIME" help:"When the load begins, such as 2026-11-29T19:30:00Z; needed with --shard, and the same for all parts. Default: at once."`
	Merge      bool     `help:"Measure nothing; make one result of those of all parts. The exit code is 3 if one is missing."`
	Tolerance  string   `default:"10%" placeholder:"SHARE" help:"How much worse than --baseline a result may be. Default: 10%."`
}

// Run measures, or merges, shows, writes and compares.
func (b *benchCommand) Run(c *console, parsed *kong.Context) error {
	if err := b.checkMerge(parsed); err != nil {
		return err
	}
	params, err := b.params()
	if err != nil {
		return err
	}
	tolerance, err := units.Percent.Parse(b.Tolerance)
	if err != nil || tolerance >= 1 {
		return usage("--tolerance: got %q, want a percentage below 100%%, such as 10%%", b.Tolerance)
	}
	baseline, err := b.baseline()
	if err != nil {
		return err
	}
	out, err := b.output(c)
	if err != nil {
		return err
	}
	folder, err := b.folder(baseline)
	if err != nil {
		return err
	}
	result, err := b.result(c, params, func(r bench.Result) error { return errors.Join(out(r), folder(r)) })
	if err != nil {
		return err
	}
	if b.JSON != "-" {
		err = result.Text(c.stdout)
	}
	if err = errors.Join(err, out(result), folder(result)); err != nil {
		return err
	}
	if err := result.Err(); err != nil {
		return errors.Join(err, errNotPassed)
	}
	if baseline == nil {
		return nil
	}
	return b.compare(c, *baseline, result, tolerance)
}

// result measures, or merges. begun is given what a share leaves behind where it is killed.
func (b *benchCommand) result(c *console, params bench.Params, begun func(bench.Result) error) (bench.Result, error) {
	if b.Merge {
		return merged(b.Results)
	}
	if b.Shard != "" && b.JSON != "-" {
		if err := begun(bench.Unfinished(params)); err != nil {
			return bench.Result{}, err
		}
	}
	params.Tell = func(p bench.Progress) { _, _ = fmt.Fprintln(c.stderr, progressLine(p)) }
	result, err := b.measure(c, params)
	var limit *benchmark.LimitError
	if errors.As(err, &limit) {
		return result, usage("%s", limit)
	}
	return result, err
}

// compare holds the result against the baseline.
func (b *benchCommand) compare(c *console, baseline, result bench.Result, tolerance float64) error {
	err := bench.Compare(baseline, result, tolerance)
	var differs *bench.DiffersError
	switch {
	case errors.As(err, &differs):
		return usage("--baseline %s: %s", b.Baseline, differs)
	case err != nil:
		return errors.Join(err, errNotPassed)
	}
	_, err = fmt.Fprintf(c.stdout, "as good as %s, within %s\n", b.Baseline, b.Tolerance)
	return err
}

// measure opens the cluster, runs, and closes it, whatever happens.
func (b *benchCommand) measure(c *console, params bench.Params) (result bench.Result, err error) {
	backend, err := runner.Open(c.ctx, runner.Params{Cluster: b.Cluster, Profile: b.Profile, Progress: c.stderr})
	if err != nil {
		return result, err
	}
	closing := func(end func(context.Context) error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, end(ctx))
	}
	defer closing(backend.Close)
	if kind := backend.Describe().Kind; b.Shard != "" && kind != cluster.KindExternal {
		return result, b.noSharing(kind)
	}
	session, err := backend.Open(c.ctx, cluster.Needs{})
	if err != nil {
		return result, err
	}
	defer closing(session.Close)
	return bench.Run(c.ctx, session, params)
}

// output opens the file for the result before anything is measured, and returns what writes it.
func (b *benchCommand) output(c *console) (write func(bench.Result) error, err error) {
	switch b.JSON {
	case "":
		return func(bench.Result) error { return nil }, nil
	case "-":
		return func(r bench.Result) error { return r.JSON(c.stdout) }, nil
	}
	open := func() (*os.File, error) { return os.OpenFile(b.JSON, os.O_CREATE|os.O_WRONLY, 0o644) }
	file, err := open() // what it holds stays until there is something new
	if err != nil {
		return nil, usage("--json: %s; name a file that can be written", err)
	}
	return func(r bench.Result) error {
		file, err := open()
		if err != nil {
			return err
		}
		return errors.Join(file.Truncate(0), r.JSON(file), file.Close())
	}, file.Close()
}

// baseline reads the one that was named, before anything is measured.
func (b *benchCommand) baseline() (*bench.Result, error) {
	if b.Baseline == "" {
		return nil, nil
	}
	text, err := source.ReadFile(b.Baseline)
	if err != nil {
		return nil, usage("--baseline: %s; name a file that kafkaspec bench --json wrote", err)
	}
	baseline, err := bench.Read(text, b.Baseline)
	if err != nil {
		return nil, usage("--baseline: %s", err)
	}
	switch {
	case !baseline.Consumer.Complete:
		return nil, usage("--baseline: %s is of a load that was not read to its end; take another baseline", b.Baseline)
	case !baseline.Settings.Untimed && baseline.Consumer.Latency.P99 <= 0:
		return nil, usage("--baseline: %s has no p99 latency, and is not of --untimed; take another baseline", b.Baseline)
	}
	return &baseline, nil
}

// params are the flags as what they mean.
func (b *benchCommand) params() (bench.Params, error) {
	var errs []string
	events := number(&errs, "--events", b.Events, units.Count.Parse)
	size := number(&errs, "--size", b.Size, units.Size.Parse)
	rate := number(&errs, "--rate", strings.TrimSuffix(cmp.Or(b.Rate, "0"), " records/s"), units.Count.Parse)
	warmUp := number(&errs, "--warm-up", cmp.Or(b.WarmUp, fmt.Sprint(min(events/10, 1_000_000))), units.Count.Parse)
	buffer := number(&errs, "--buffer", cmp.Or(b.Buffer, fmt.Sprint(benchmark.DefaultBuffer)), units.Count.Parse)
	linger := number(&errs, "--linger", cmp.Or(b.Linger, benchmark.DefaultLinger(float64(rate)).String()),
		units.Duration.Parse)
	batch := number(&errs, "--batch-size", cmp.Or(b.BatchSize, fmt.Sprintf("%dB", benchmark.DefaultBatch(int(size)))),
		units.Size.Parse)
	patience := number(&errs, "--patience", cmp.Or(b.Patience, benchmark.DefaultPatience.String()), units.Duration.Parse)
	share, begin, err := b.share()
	if err != nil {
		errs = append(errs, err.Error())
	}
	if len(errs) > 0 {
		return bench.Params{}, usage("%s", strings.Join(errs, "; "))
	}
	params := bench.Params{
		Load: benchmark.Load{
			Events: events, Size: int(size), Rate: float64(rate), Codec: b.Codec, Acks: b.Acks, Producers: b.Producers,
			WarmUp: warmUp, Share: share, Begin: begin,
			Linger: linger, Batch: int(batch), Buffer: int(buffer), Progress: time.Second,
		},
		Intake:     benchmark.Intake{Consumers: b.Consumers, Patience: patience, Untimed: b.Untimed},
		Partitions: b.Partitions, Kafkaspec: runner.Version(),
	}
	if err := params.Check(); err != nil {
		return params, usage("%s", err)
	}
	return params, nil
}

// number reads a flag's value and keeps what is wrong with it.
func number[T any](errs *[]string, flag, text string, parse func(string) (T, error)) T {
	value, err := parse(text)
	if err != nil {
		*errs = append(*errs, flag+": "+strings.TrimPrefix(err.Error(), "time: "))
	}
	return value
}

func progressLine(p bench.Progress) string {
	i := p.Interval
	return fmt.Sprintf("%6.1fs  %d acknowledged; received %d, p50 %s, p99 %s, max %s", p.Elapsed.Seconds(), p.Acknowledged,
		i.Events, i.P50, i.P99, i.Max)
}

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// suite is the run.
type suite struct {
	options
	work  string // temporary folder
	table table
	made  atomic.Int64 // topics
}

// all runs the sections. One that cannot run is left out; the others go on.
func (s *suite) all(ctx context.Context) {
	embedded := cluster.NewEmbedded(cluster.EmbeddedOptions{})
	s.section(ctx, "embedded throughput", func(ctx context.Context) error { return s.throughput(ctx, embedded, nil) })
	s.section(ctx, "embedded latency", func(ctx context.Context) error { return s.latency(ctx, embedded, nil) })
	if s.wants("local throughput", "local latency", "memory", "local windows", "local joins", "local scenarios") {
		s.local(ctx)
	}
	s.section(ctx, "scenarios", func(ctx context.Context) error { return s.scenarios(ctx, "embedded") })
	s.section(ctx, "go benchmarks", s.goBenchmarks)
}

func (s *suite) wants(names ...string) bool {
	return slices.ContainsFunc(names, s.only.MatchString)
}

// local runs what needs Apache Kafka, on one broker.
func (s *suite) local(ctx context.Context) {
	backend, err := cluster.StartLocal(ctx, cluster.LocalOptions{Brokers: 1, Progress: os.Stderr})
	if err != nil {
		s.table.leaveOut("everything on Apache Kafka: %v", err)
		return
	}
	defer func() { _ = backend.Close(context.WithoutCancel(ctx)) }()
	var peers []peer
	if s.wants("local throughput", "local latency") {
		peers = s.peers(ctx)
	}
	s.section(ctx, "local throughput", func(ctx context.Context) error { return s.throughput(ctx, backend, peers) })
	s.section(ctx, "local latency", func(ctx context.Context) error { return s.latency(ctx, backend, peers) })
	s.section(ctx, "memory", func(ctx context.Context) error { return s.memory(ctx, backend) })
	s.section(ctx, "local windows", func(ctx context.Context) error { return s.windows(ctx, backend) })
	s.section(ctx, "local joins", func(ctx context.Context) error { return s.joins(ctx, backend) })
	s.section(ctx, "local scenarios", func(ctx context.Context) error { return s.scenarios(ctx, "local") })
}

func (s *suite) section(ctx context.Context, name string, run func(context.Context) error) {
	if !s.only.MatchString(name) || ctx.Err() != nil {
		return
	}
	began := time.Now()
	fmt.Fprintf(os.Stderr, "== %s\n", name)
	if err := run(ctx); err != nil {
		s.table.leaveOut("the rest of %s: %v", name, err)
	}
	fmt.Fprintf(os.Stderr, "== %s took %s\n", name, time.Since(began).Round(time.Second))
}

// pick is one of two values, by the size of the run.
func pick[T any](s *suite, full, quick T) T {
	if s.quick {
		return quick
	}
	return full
}

// inTurns has each side as often as the run repeats. None is always first.
func inTurns[T any](s *suite, sides []T) (turns []T) {
	for turn := range s.repeat {
		first := turn % len(sides)
		turns = append(turns, slices.Concat(sides[first:], sides[:first])...)
	}
	return turns
}

// place is a fresh topic on a cluster.
type place struct {
	session cluster.Session
	topic   string
	base    []kgo.Opt
}

// onTopic calls use with a fresh topic of 12 partitions, and ends the session behind it: the embedded broker's memory
// goes with it.
func (s *suite) onTopic(ctx context.Context, backend cluster.Backend, use func(place) error) error {
	session, err := backend.Open(ctx, cluster.Needs{})
	if err != nil {
		return err
	}
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	p := place{session: session, topic: session.Names().Topic(fmt.Sprintf("bench-%d", s.made.Add(1)))}
	client, err := session.Client()
	if err != nil {
		return err
	}
	if _, err := kadm.NewClient(client).CreateTopic(ctx, 12, 1, nil, p.topic); err != nil {
		return err
	}
	if err := cluster.AwaitTopics(ctx, client, map[string]int32{p.topic: 12}); err != nil {
		return err
	}
	env := app.Env{Name: "bench", Bootstrap: session.Bootstrap(), Access: session.Access()}
	if p.base, err = env.ClientOptions(); err != nil {
		return err
	}
	return use(p)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// took returns the seconds that do takes.
func took(do func() error) (float64, error) {
	began := time.Now()
	err := do()
	return time.Since(began).Seconds(), err
}

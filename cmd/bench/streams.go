package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/cputime"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

// appPartitions is how many partitions each topic of an application has.
const appPartitions = 4

// starter starts an application. What it returns stops the application and tells how many seconds of processor it took
// in all, or why it ended by itself.
type starter func(ctx context.Context, p place, topics map[string]string) (stop stopper, err error)

type stopper func() (seconds float64, err error)

// job is what a reference application and Kafka Streams both do.
type job struct {
	section, what string
	inputs        []string // topics, made for each turn
	outputs       []string // where the results go
	changelog     string   // of the reference application; Kafka Streams makes its own
	reference     func(context.Context, app.Env) error
	settings      string // of the reference application, YAML
	class         string // of fixtures/streams
	options       []string

	// fill sends the input and returns how many results come of it, and what judges them.
	fill func(send func(*kgo.Record), topics map[string]string) (want int, judge func([]*kgo.Record) error)
}

// againstStreams has each side do the job in turns: the same input, exactly once on both sides. The time is from
// starting the application to reading the last result at read_committed, and again from the first result on, without
// the start; the results are judged behind it. Processor time is the application's; for kafkaspec, in whose process the
// results are read, it holds that too.
func (s *suite) againstStreams(ctx context.Context, backend cluster.Backend, j job) error {
	classes, err := s.compile(ctx, "streams")
	if err != nil {
		return err
	}
	sides := []struct {
		name  string
		start starter
	}{{ours, j.startReference}, {"Kafka Streams", func(ctx context.Context, p place, topics map[string]string) (stopper,
		error) {
		return s.startStreams(ctx, classes, j, p, topics)
	}}}
	for _, side := range inTurns(s, sides) {
		if err := s.onTopic(ctx, backend, func(p place) error {
			return s.turn(ctx, p, j, side.name, side.start)
		}); err != nil {
			return fmt.Errorf("%s: %w", side.name, err)
		}
	}
	return nil
}

func (s *suite) turn(ctx context.Context, p place, j job, name string, start starter) error {
	topics, want, judge, err := j.prepare(ctx, p)
	if err != nil {
		return err
	}
	began := time.Now()
	stop, err := start(ctx, p, topics)
	if err != nil {
		return err
	}
	results, first, err := results(ctx, p, want, physical(topics, j.outputs))
	ended := time.Now()
	used, failed := stop()
	if err := errors.Join(failed, err); err != nil { // the application's first: results that do not come follow from it
		return err
	}
	if err := judge(results); err != nil {
		return err
	}
	s.table.add(j.section, j.what+", from its start", name, "seconds", ended.Sub(began).Seconds())
	s.table.add(j.section, j.what+", from its first result", name, "seconds", ended.Sub(first).Seconds())
	s.table.add(j.section, j.what, name, "seconds of processor", used)
	return nil
}

// prepare makes the topics and fills the input. It returns the physical names by the logical ones.
func (j job) prepare(ctx context.Context, p place) (topics map[string]string, want int, judge func([]*kgo.Record) error,
	err error) {
	topics = map[string]string{}
	client, err := p.session.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MaxBufferedRecords(20_000),
		kgo.ProducerLinger(10*time.Millisecond))
	if err != nil {
		return nil, 0, nil, err
	}
	defer client.Close()
	admin, counts := kadm.NewClient(client), map[string]int32{}
	compact := "compact"
	for _, name := range slices.Concat(j.inputs, j.outputs, []string{j.changelog}) {
		topic := p.topic + "-" + name
		var configs map[string]*string
		if name == j.changelog {
			configs = map[string]*string{"cleanup.policy": &compact}
		}
		if _, err := admin.CreateTopic(ctx, appPartitions, 1, configs, topic); err != nil {
			return nil, 0, nil, err
		}
		topics[name], counts[topic] = topic, appPartitions
	}
	if err := cluster.AwaitTopics(ctx, client, counts); err != nil {
		return nil, 0, nil, err
	}
	var failed error
	want, judge = j.fill(func(r *kgo.Record) {
		client.Produce(ctx, r, func(_ *kgo.Record, err error) { // promises come one at a time
			if failed == nil {
				failed = err
			}
		})
	}, topics)
	if err := client.Flush(ctx); err != nil {
		return nil, 0, nil, err
	}
	return topics, want, judge, failed
}

// physical has the names of topics as the cluster knows them.
func physical(topics map[string]string, names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, topics[name])
	}
	return all
}

// results reads until so many records are there, and fails when none comes for a minute. It also tells when the first
// ones came.
func results(ctx context.Context, p place, want int, topics []string) (got []*kgo.Record, first time.Time, err error) {
	reader, err := kgo.NewClient(append(slices.Clone(p.base), kgo.ConsumeTopics(topics...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))...)
	if err != nil {
		return nil, first, err
	}
	defer reader.Close()
	for len(got) < want {
		patient, cancel := context.WithTimeout(ctx, time.Minute)
		fetches := reader.PollFetches(patient)
		cancel()
		if err := fetches.Err(); err != nil {
			return nil, first, fmt.Errorf("got %d of %d results: %w", len(got), want, err)
		}
		got = append(got, fetches.Records()...)
		if first.IsZero() && len(got) > 0 {
			first = time.Now()
		}
	}
	return got, first, nil
}

// startReference runs the reference application in this process.
func (j job) startReference(ctx context.Context, p place, topics map[string]string) (stop stopper, err error) {
	settings, err := app.ParseSettings([]byte(j.settings), source.Place{File: "settings.yaml"})
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	env := app.Env{
		Name: "bench", Bootstrap: p.session.Bootstrap(), Access: p.session.Access(), Group: p.topic + "-group",
		Inputs: physical(topics, j.inputs), Topics: topics,
		Settings: settings, Log: slog.New(app.NewLogHandler(io.Discard)),
	}
	before := cputime.Own()
	go func() { ended <- j.reference(running, env) }()
	return func() (float64, error) {
		cancel()
		err := <-ended
		return (cputime.Own() - before).Seconds(), err
	}, nil
}

func (s *suite) startStreams(ctx context.Context, classes string, j job, p place,
	topics map[string]string) (stop stopper, err error) {
	arguments := slices.Concat([]string{"-Xmx1g", "-cp", classes, j.class, strings.Join(p.session.Bootstrap(), ","),
		p.topic + "-streams", filepath.Join(s.work, p.topic)},
		physical(topics, j.inputs), physical(topics, j.outputs), j.options)
	java := newChild(ctx, "java", arguments...)
	if err := java.start(); err != nil {
		return nil, err
	}
	return func() (float64, error) {
		if err := java.stop(); err != nil {
			return 0, err
		}
		for _, line := range last(java.stderr.String()) { // such as a warning
			if !strings.HasPrefix(line, "SLF4J") {
				fmt.Fprintln(os.Stderr, "Kafka Streams:", line)
			}
		}
		return java.processor(), nil
	}, nil
}

// compile puts the jars that a pom of fixtures names into .cache, and compiles the Java files beside it. It returns the
// class path.
func (s *suite) compile(ctx context.Context, fixture string) (classPath string, err error) {
	jars, err := filepath.Abs(filepath.Join(".cache", fixture))
	if err != nil {
		return "", err
	}
	source := filepath.Join("fixtures", fixture)
	if found, _ := filepath.Glob(filepath.Join(jars, "*.jar")); len(found) == 0 {
		if _, err := newChild(ctx, "mvn", "-q", "-B", "-f", filepath.Join(source, "pom.xml"), "dependency:copy-dependencies",
			"-DoutputDirectory="+jars).run(); err != nil {
			return "", fmt.Errorf("fetch the jars of %s: %w", fixture, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(source, "*.java"))
	classes := filepath.Join(s.work, fixture+"-classes")
	classPath = filepath.Join(jars, "*")
	if _, err := newChild(ctx, "javac", append([]string{"-d", classes, "-cp", classPath}, files...)...).run(); err != nil {
		return "", fmt.Errorf("compile %s: %w", source, err)
	}
	return classes + string(os.PathListSeparator) + classPath, nil
}

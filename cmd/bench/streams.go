package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// The input of the windows: so many keys, each with an event every ten seconds of event time.
const (
	windowKeys  = 100
	windowSize  = 5 * time.Minute
	windowParts = 4
)

// windows compares the reference application windower with Kafka Streams: the same input, the same windows, exactly once on both sides. The time is from starting
// the application to reading the last window at read_committed; of Kafka Streams it includes the start of its JVM and the compiling of its one file.
func (s *suite) windows(ctx context.Context, backend cluster.Backend) error {
	jars, err := s.fetch(ctx, "streams")
	if err != nil {
		return err
	}
	section := "Windowed counts, by the reference application windower and others, on " + backend.Describe().String()
	events := pick(s, 300_000, 30_000)
	what := fmt.Sprintf("%d events, %d keys, exactly once", events, windowKeys)
	sides := []struct {
		name string
		run  func(ctx context.Context, p place, topics map[string]string) (stop func(), err error)
	}{
		{ours, s.startWindower},
		{"Kafka Streams", func(ctx context.Context, p place, topics map[string]string) (func(), error) {
			return s.startStreams(ctx, jars, p, topics)
		}},
	}
	for turn := range s.repeat {
		for i := range sides {
			side := sides[(i+turn)%len(sides)]
			err := s.onTopic(ctx, backend, func(p place) error {
				topics, want, err := s.windowInput(ctx, p, events)
				if err != nil {
					return err
				}
				seconds, err := took(func() error {
					stop, err := side.run(ctx, p, topics)
					if err != nil {
						return err
					}
					defer stop()
					return awaitWindows(ctx, p, topics["readings_windows"], want)
				})
				if err == nil {
					s.table.add(section, what, side.name, "seconds", seconds)
				}
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", side.name, err)
			}
		}
	}
	return nil
}

// fetch puts the jars that a pom of fixtures names into .cache.
func (s *suite) fetch(ctx context.Context, fixture string) (folder string, err error) {
	folder, err = filepath.Abs(filepath.Join(".cache", fixture))
	if err != nil {
		return "", err
	}
	if found, _ := filepath.Glob(filepath.Join(folder, "*.jar")); len(found) > 0 {
		return folder, nil
	}
	out, err := exec.CommandContext(ctx, "mvn", "-q", "-B", "-f", filepath.Join("fixtures", fixture, "pom.xml"), "dependency:copy-dependencies", "-DoutputDirectory="+folder).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("fetch the jars of %s: %w: %s", fixture, err, firstLine(string(out)))
	}
	return folder, nil
}

// windowInput makes the topics and fills the input. It returns the physical names by the logical ones, and how many windows close.
func (s *suite) windowInput(ctx context.Context, p place, events int) (map[string]string, int, error) {
	topics := map[string]string{}
	for _, name := range []string{"readings", "readings_windows", "readings_late", "readings_changelog"} {
		topics[name] = p.topic + "-" + name
	}
	client, err := p.session.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic(topics["readings"]), kgo.MaxBufferedRecords(20_000), kgo.ProducerLinger(10*time.Millisecond))
	if err != nil {
		return nil, 0, err
	}
	defer client.Close()
	admin, counts := kadm.NewClient(client), map[string]int32{}
	compact := "compact"
	for name, topic := range topics {
		var configs map[string]*string
		if name == "readings_changelog" {
			configs = map[string]*string{"cleanup.policy": &compact}
		}
		if _, err := admin.CreateTopic(ctx, windowParts, 1, configs, topic); err != nil {
			return nil, 0, err
		}
		counts[topic] = windowParts
	}
	if err := cluster.AwaitTopics(ctx, client, counts); err != nil {
		return nil, 0, err
	}
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var failed error
	send := func(partition, key int, at time.Time, amount int) {
		r := &kgo.Record{Partition: int32(partition), Key: fmt.Appendf(nil, "m%d", key), Value: fmt.Appendf(nil, `{"amount":%d}`, amount), Timestamp: at}
		client.Produce(ctx, r, func(_ *kgo.Record, err error) { failed = errors.Join(failed, err) }) // promises come one at a time
	}
	rounds := events / windowKeys
	for round := range rounds {
		for key := range windowKeys {
			send(key%windowParts, key, start.Add(time.Duration(round)*10*time.Second), round%7)
		}
	}
	for partition := range windowParts { // these close all windows, and are in none that closes
		send(partition, partition, start.Add(time.Duration(rounds)*10*time.Second+time.Hour), 0)
	}
	if err := client.Flush(ctx); err != nil || failed != nil {
		return nil, 0, errors.Join(err, failed)
	}
	perWindow := int(windowSize / (10 * time.Second))
	return topics, windowKeys * ((rounds + perWindow - 1) / perWindow), nil
}

// awaitWindows reads until so many windows were emitted, and fails when none comes for a minute.
func awaitWindows(ctx context.Context, p place, topic string, want int) error {
	reader, err := kgo.NewClient(append(slices.Clone(p.base), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))...)
	if err != nil {
		return err
	}
	defer reader.Close()
	for got := 0; got < want; {
		patient, cancel := context.WithTimeout(ctx, time.Minute)
		fetches := reader.PollFetches(patient)
		cancel()
		if err := fetches.Err(); err != nil {
			return fmt.Errorf("got %d of %d windows: %w", got, want, err)
		}
		got += fetches.NumRecords()
	}
	return nil
}

// startWindower runs the reference application in this process.
func (s *suite) startWindower(ctx context.Context, p place, topics map[string]string) (stop func(), err error) {
	settings, err := app.ParseSettings([]byte("commit-interval: 100ms"), "settings.yaml")
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	env := app.Env{
		Name: "windower", Bootstrap: p.session.Bootstrap(), Access: p.session.Access(), Group: p.topic + "-windower", Inputs: []string{topics["readings"]}, Topics: topics,
		Settings: settings, Log: slog.New(app.NewLogHandler(io.Discard)),
	}
	go func() { ended <- windower.Run(running, env) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			fmt.Fprintln(os.Stderr, "windower:", err)
		}
	}, nil
}

func (s *suite) startStreams(ctx context.Context, jars string, p place, topics map[string]string) (stop func(), err error) {
	command := exec.CommandContext(ctx, "java", "-Xmx1g", "-cp", filepath.Join(jars, "*"), filepath.Join("fixtures", "streams", "WindowCounts.java"),
		strings.Join(p.session.Bootstrap(), ","), topics["readings"], topics["readings_windows"], p.topic+"-streams", filepath.Join(s.work, p.topic))
	var wrong strings.Builder
	command.Stderr = &wrong
	if err := command.Start(); err != nil {
		return nil, err
	}
	return func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		for line := range strings.Lines(wrong.String()) {
			if !strings.HasPrefix(line, "SLF4J") {
				fmt.Fprint(os.Stderr, "Kafka Streams: ", line)
			}
		}
	}, nil
}

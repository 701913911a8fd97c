package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

// peers are those that are installed.
func (s *suite) peers(ctx context.Context) []peer {
	var found []peer
	home, err := cluster.FetchKafka(ctx, "", "", os.Stderr)
	if err != nil {
		s.table.leaveOut("kafka-producer-perf-test and kafka-consumer-perf-test: %v", err)
	} else {
		tools := java{filepath.Join(home, "libs", "*")}
		found = append(found, peer{"kafka-*-perf-test (Java)", 1, tools.produce, tools.consume})
	}
	return append(found, s.pythonPeers(ctx)...)
}

// java runs Kafka's own tools.
type java struct{ classPath string }

func (j java) run(ctx context.Context, class string, arguments ...string) (string, error) {
	out, err := newChild(ctx, "java", append([]string{"-Xmx512m", "-cp", j.classPath, "org.apache.kafka.tools." + class},
		arguments...)...).run()
	if err != nil {
		return "", fmt.Errorf("%s: %w", class, err)
	}
	return out, nil
}

var producedRate = regexp.MustCompile(`(?m)^(\d+) records sent, ([\d.]+) records/sec`)

// produce is kafka-producer-perf-test with the batches and the linger of the others. The rate is its own.
func (j java) produce(ctx context.Context, p place, w work) (float64, error) {
	out, err := j.run(ctx, "ProducerPerformance", "--bootstrap-server", strings.Join(p.session.Bootstrap(), ","),
		"--topic", p.topic,
		"--num-records", fmt.Sprint(w.events), "--record-size", fmt.Sprint(w.size), "--throughput", "-1",
		"--command-property", "acks=all", "enable.idempotence=true", "compression.type="+w.codec, "linger.ms=10",
		fmt.Sprint("batch.size=", benchmark.BatchBytes))
	if err != nil {
		return 0, err
	}
	for _, line := range producedRate.FindAllStringSubmatch(out, -1) {
		if line[1] == fmt.Sprint(w.events) { // the last line; those before are of intervals
			return strconv.ParseFloat(line[2], 64)
		}
	}
	return 0, fmt.Errorf("ProducerPerformance: got no line of all %d records in %.300q", w.events, out)
}

// consume is kafka-consumer-perf-test. The rate is that of fetching, without joining the group.
func (j java) consume(ctx context.Context, p place, w work) (float64, error) {
	out, err := j.run(ctx, "ConsumerPerformance", "--bootstrap-server", strings.Join(p.session.Bootstrap(), ","),
		"--topic", p.topic,
		"--num-records", fmt.Sprint(w.events), "--timeout", "30000", "--hide-header", "--group",
		p.session.Names().Group("perf-"+p.topic))
	if err != nil {
		return 0, err
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	fields, err := csv.NewReader(strings.NewReader(strings.ReplaceAll(lines[len(lines)-1], ", ", ","))).Read()
	if err != nil || len(fields) < 10 {
		return 0, fmt.Errorf("ConsumerPerformance: got %.300q, want its ten figures", out)
	}
	if fields[4] != fmt.Sprint(w.events) {
		return 0, fmt.Errorf("ConsumerPerformance: got %s records, want %d", fields[4], w.events)
	}
	return strconv.ParseFloat(fields[9], 64) // fetch.nMsg.sec
}

var endToEnd = regexp.MustCompile(`Percentiles: 50th = (\d+), 99th = (\d+), 99\.9th = (\d+)`)

// oneAtATime is Kafka's EndToEndLatency: it sends a record, waits until it has it back, and sends the next. That is
// another thing than a rate, so it has lines of its own.
func (s *suite) oneAtATime(ctx context.Context, backend cluster.Backend, section string) error {
	home, err := cluster.FetchKafka(ctx, "", "", os.Stderr)
	if err != nil {
		return err
	}
	for range s.repeat {
		err := s.onTopic(ctx, backend, func(p place) error {
			out, err := java{filepath.Join(home, "libs", "*")}.run(ctx, "EndToEndLatency",
				strings.Join(p.session.Bootstrap(), ","), p.topic, fmt.Sprint(pick(s, 5000, 200)), "all", "100")
			if err != nil {
				return err
			}
			found := endToEnd.FindStringSubmatch(out)
			if found == nil {
				return errors.New("EndToEndLatency: got no percentiles: " + firstLine(out))
			}
			for i, q := range []string{"p50", "p99", "p99.9"} {
				ms, _ := strconv.ParseFloat(found[i+1], 64)
				s.table.add(section, q+", one record at a time", "EndToEndLatency (Java)", "ms", ms)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

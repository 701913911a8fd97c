package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
	"github.com/kafkaspec/kafkaspec/runner"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

const trivial = `Feature: trivial
  Scenario: three records in, three records there
    Given topic "orders" with 1 partition
    And these records are in "orders":
      | key | value |
      | a   | 1     |
      | b   | 2     |
      | c   | 3     |
    Then "orders" contains exactly:
      | key | value |
      | a   | 1     |
      | b   | 2     |
      | c   | 3     |
`

// BenchmarkTrivialScenario measures what kafkaspec itself costs: a trivial scenario on the embedded broker against the
// bare broker and client doing the same, alternating in one run. It reports the median of each and their ratio.
func BenchmarkTrivialScenario(b *testing.B) {
	file := filepath.Join(b.TempDir(), "trivial.feature")
	if err := os.WriteFile(file, []byte(trivial), 0o600); err != nil {
		b.Fatal(err)
	}
	var whole, bare []time.Duration
	for b.Loop() {
		began := time.Now()
		results, err := runner.Execute(context.Background(), runner.Params{Paths: []string{file}, Parallel: 1})
		whole = append(whole, time.Since(began))
		if err != nil || results.Count(report.Passed) != 1 {
			b.Fatalf("got %v and %d scenarios passed, want 1", err, results.Count(report.Passed))
		}
		began = time.Now()
		if err := threeRecordsBare(context.Background()); err != nil {
			b.Fatal(err)
		}
		bare = append(bare, time.Since(began))
	}
	w, p := median(whole), median(bare)
	b.ReportMetric(float64(w.Microseconds())/1000, "ms/scenario")
	b.ReportMetric(float64(p.Microseconds())/1000, "ms/bare")
	b.ReportMetric(float64(w)/float64(p), "ratio")
}

// BenchmarkTrivialScenarioOnLocal runs the trivial scenario over and over on one Apache Kafka of this machine. It
// reports the median of a scenario as a whole, of its steps by their keyword, and of the rest.
func BenchmarkTrivialScenarioOnLocal(b *testing.B) {
	testenv.NeedLocal(b, "Apache Kafka")
	const repeats = 60
	file := filepath.Join(b.TempDir(), "trivial.feature")
	if err := os.WriteFile(file, []byte(trivial), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		results, err := runner.Execute(context.Background(), runner.Params{Paths: []string{file}, Parallel: 1,
			Cluster: "local", Repeat: repeats})
		if err != nil || results.Count(report.Passed) != repeats {
			b.Fatalf("got %v and %d scenarios passed, want %d", err, results.Count(report.Passed), repeats)
		}
		var whole, rest []time.Duration
		steps := map[string][]time.Duration{}
		for _, scenario := range results.Scenarios {
			left := scenario.Duration
			for _, step := range scenario.Steps {
				steps[step.Keyword] = append(steps[step.Keyword], step.Duration)
				left -= step.Duration
			}
			whole, rest = append(whole, scenario.Duration), append(rest, left)
		}
		milliseconds := func(all []time.Duration) float64 { return float64(median(all).Microseconds()) / 1000 }
		b.ReportMetric(milliseconds(whole), "ms/scenario")
		b.ReportMetric(milliseconds(rest), "ms/rest")
		for keyword, all := range steps {
			b.ReportMetric(milliseconds(all), "ms/"+keyword)
		}
	}
}

func threeRecordsBare(ctx context.Context) error {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		return err
	}
	defer cluster.Close()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.ProducerLinger(0))
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err := kadm.NewClient(client).CreateTopic(ctx, 1, -1, nil, "orders"); err != nil {
		return err
	}
	for _, key := range []string{"a", "b", "c"} {
		client.Produce(ctx, &kgo.Record{Topic: "orders", Key: []byte(key), Value: []byte("1")}, nil)
	}
	if err := client.Flush(ctx); err != nil {
		return err
	}
	reader, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.ConsumeTopics("orders"),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return err
	}
	defer reader.Close()
	for got := 0; got < 3; {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return err
		}
		got += fetches.NumRecords()
	}
	return nil
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

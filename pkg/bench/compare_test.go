package bench

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

func result(rate float64, p99 time.Duration) Result {
	return Result{
		Cluster: baseline.Cluster{Kind: "local", Name: "Apache Kafka", Brokers: 3},
		Settings: Settings{Load: benchmark.Load{Size: 100, Codec: "lz4", Linger: 10 * time.Millisecond, Batch: 256 << 10},
			Partitions: 12},
		Producer: benchmark.Sent{Rate: rate}, Consumer: benchmark.Received{Rate: rate,
			Latency: benchmark.Percentiles{P99: p99}},
	}
}

func TestCompare(t *testing.T) {
	base := result(1000, 80*time.Millisecond)
	for _, c := range []struct {
		name      string
		now       Result
		tolerance float64
		want      []string
	}{
		{"as good", base, 0, nil},
		{"just within", result(801, 99*time.Millisecond), 0.2, nil},
		{"slower", result(799, 80*time.Millisecond), 0.2, []string{"producing: got 799 records/s, want at least 800 " +
			"records/s: 20% below the baseline of 1000 records/s", "consuming: got 799"}},
		{"later", result(1000, 101*time.Millisecond), 0.2, []string{"p99 latency: got 101ms, want at most 100ms: 1.26 " +
			"times the baseline of 80ms"}},
		{"better", result(2000, time.Millisecond), 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Compare(base, c.now, c.tolerance)
			if (err == nil) != (len(c.want) == 0) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want it to say %q", err, want)
				}
			}
		})
	}
}

func TestCompareRefusesAnotherThing(t *testing.T) {
	base := result(1000, time.Millisecond)
	for name, change := range map[string]func(*Result){
		"cluster local of 3, this is embedded of 3": func(r *Result) { r.Cluster.Kind = "embedded" },
		"cluster local of 3, this is local of 1":    func(r *Result) { r.Cluster.Brokers = 1 },
		"size 100, this is 1024":                    func(r *Result) { r.Settings.Size = 1024 },
		"codec lz4, this is none":                   func(r *Result) { r.Settings.Codec = "none" },
		"rate 0, this is 5000":                      func(r *Result) { r.Settings.Rate = 5000 },
		"partitions 12, this is 3":                  func(r *Result) { r.Settings.Partitions = 3 },
		"linger 10ms, this is 0s":                   func(r *Result) { r.Settings.Linger = 0 },
		"batch size 262144, this is 16384":          func(r *Result) { r.Settings.Batch = 16 << 10 },
	} {
		now := base
		change(&now)
		var differs *DiffersError
		if err := Compare(base, now, 0.5); !errors.As(err, &differs) || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want it to say %q", err, name)
		}
	}
}

// What was written before there was a batch size in it may have been taken with another.
func TestCompareRefusesABaselineWithoutItsBatchSize(t *testing.T) {
	now := result(1000, time.Millisecond)
	var text bytes.Buffer
	if err := now.JSON(&text); err != nil {
		t.Fatal(err)
	}
	with := `    "batch_bytes": 262144,` + "\n"
	if strings.Count(text.String(), with) != 1 {
		t.Fatalf("got %s, want the batch size in the settings once", &text)
	}
	before, err := Read([]byte(strings.Replace(text.String(), with, "", 1)), "before.json")
	if err != nil {
		t.Fatal(err)
	}
	var differs *DiffersError
	want := "the baseline does not say with what batch size it was taken, this is 262144; take another baseline with " +
		"kafkaspec bench --json"
	if err := Compare(before, now, 0.5); !errors.As(err, &differs) || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
	if err := Compare(before, before, 0); err != nil {
		t.Errorf("got %v, want two results of that time to compare", err)
	}
}

func TestTextNamesTheSettings(t *testing.T) {
	var text strings.Builder
	if err := result(1000, time.Millisecond).Text(&text); err != nil {
		t.Fatal(err)
	}
	if want := "linger 10ms, batches of 262144 bytes at most\n"; !strings.Contains(text.String(), want) {
		t.Errorf("got %s, want it to say %q", &text, want)
	}
}

func TestResultsAreReadAsWritten(t *testing.T) {
	want := result(1000, time.Millisecond)
	want.Consumer.OverTime = []benchmark.Point{{At: time.Second, Events: 5}}
	var text bytes.Buffer
	if err := want.JSON(&text); err != nil {
		t.Fatal(err)
	}
	got, err := Read(text.Bytes(), "r.json")
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := got.JSON(&again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text.String(), again.String()); diff != "" {
		t.Errorf("it changed (-written +read):\n%s", diff)
	}
	for _, bad := range []string{"", "[]", "{}", `{"cluster":{"kind":"local"}}`} {
		if _, err := Read([]byte(bad), "r.json"); err == nil || !strings.Contains(err.Error(), "r.json: ") {
			t.Errorf("got %v for %q, want it refused by name", err, bad)
		}
	}
}

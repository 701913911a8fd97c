package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kafkaspec/kafkaspec/pkg/baseline"
	"github.com/kafkaspec/kafkaspec/pkg/bench"
)

// benched runs the command with few events and returns what it showed and the exit code.
func benched(t *testing.T, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = execute(append([]string{"bench", "--events", "20k"}, arguments...),
		&console{ctx: context.Background(), stdout: &out, stderr: &errs})
	return out.String(), errs.String(), code
}

func TestBenchHoldsAgainstItsBaseline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "result.json")
	out, errs, code := benched(t, "--producers", "2", "--consumers", "2", "--json", file)
	if code != exitPassed || !strings.Contains(out, "20000 once each, 0 lost") ||
		!strings.Contains(out, "these are not figures of Apache Kafka") {
		t.Fatalf("got exit code %d\n%s%s, want a result that says it is of an embedded broker", code, out, errs)
	}
	if out, errs, code = benched(t, "--producers", "2", "--consumers", "2", "--baseline", file, "--tolerance",
		"99%"); code != exitPassed || !strings.Contains(out, "as good as "+file) {
		t.Errorf("got exit code %d\n%s%s, want it to be as good as itself", code, out, errs)
	}
	if _, errs, code = benched(t, "--producers", "2", "--consumers", "2", "--batch-size", "16KiB", "--baseline",
		file); code != exitInput || !strings.Contains(errs, "the baseline was taken with batch size 262144, this is 16384") {
		t.Errorf("got exit code %d: %s, want another batch size to be refused", code, errs)
	}
	if _, errs, code = benched(t, "--baseline", file); code != exitInput ||
		!strings.Contains(errs, "the baseline was taken with producers 2, this is 1") {
		t.Errorf("got exit code %d: %s, want other settings to be refused", code, errs)
	}

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := bench.Read(text, file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(baseline.Cluster{Kind: "embedded", Name: "kfake", Brokers: 1}, result.Cluster); diff != "" {
		t.Errorf("cluster (-want +got):\n%s", diff)
	}
	for name, missing := range map[string]bool{"kafkaspec": result.Versions["kafkaspec"] == "",
		"go": result.Versions["go"] == "", "cores": result.Machine.Cores == 0,
		"percentiles over time": len(result.Consumer.OverTime) == 0} {
		if missing {
			t.Errorf("got no %s in %s", name, text)
		}
	}
	result.Producer.Rate, result.Consumer.Latency.P99 = 1e12, 1
	var better bytes.Buffer
	if err := result.JSON(&better); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, better.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code = benched(t, "--producers", "2", "--consumers", "2", "--baseline", file, "--tolerance", "50%")
	if code != exitFailed || !strings.Contains(errs, "producing: got ") || !strings.Contains(errs, "p99 latency: got ") {
		t.Errorf("got exit code %d: %s, want both figures to be worse", code, errs)
	}
}

func TestBenchSaysWithWhatItWasTaken(t *testing.T) {
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{nil, "linger 10ms, batches of 262144 bytes at most\n"},
		{[]string{"--batch-size", "16KiB", "--linger", "5ms"}, "linger 5ms, batches of 16384 bytes at most\n"},
		{[]string{"--events", "20", "--size", "100KiB"}, "batches of 410624 bytes at most\n"},
	} {
		if out, errs, code := benched(t, c.arguments...); code != exitPassed || !strings.Contains(out, c.want) {
			t.Errorf("got exit code %d for %v\n%s%s, want %q", code, c.arguments, out, errs, c.want)
		}
	}
}

func TestBenchEndsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	done := make(chan int)
	go func() {
		done <- execute([]string{"bench", "--events", "1M", "--rate", "1k"}, &console{ctx: ctx, stdout: &out, stderr: &errs})
	}()
	cancel()
	if code := <-done; code != exitInterrupted {
		t.Errorf("got exit code %d\n%s%s, want %d", code, &out, &errs, exitInterrupted)
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kafkaspec/kafkaspec/pkg/bench"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// BenchmarkBenchMemory runs kafkaspec bench as a process of its own against an embedded broker in this one, so that the
// broker's log is not in its figures, with one and with ten million events, and reports the most that it had resident.
// It is flat when the ratio is near 1. What comes late adds to it: the most of ten seconds is more than the most of
// one.
func BenchmarkBenchMemory(b *testing.B) {
	var small, large, seconds float64
	for b.Loop() {
		peak, _ := peakOf(b, 1_000_000)
		small += peak
		peak, used := peakOf(b, 10_000_000)
		large, seconds = large+peak, seconds+used
	}
	b.ReportMetric(small/float64(b.N)/(1<<20), "MiB-1M")
	b.ReportMetric(large/float64(b.N)/(1<<20), "MiB-10M")
	b.ReportMetric(large/small, "ratio-10M/1M")
	b.ReportMetric(seconds/float64(b.N), "cpu-s-10M")
	b.ReportMetric(0, "ns/op")
}

// peakOf is the most memory that measuring so many events takes, in bytes, and the processor time.
func peakOf(b *testing.B, events int) (peak, seconds float64) {
	ctx := context.WithoutCancel(b.Context())
	session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(ctx, cluster.Needs{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = session.Close(ctx) }()
	profile := filepath.Join(b.TempDir(), "kafkaspec.yaml")
	if err := os.WriteFile(profile, fmt.Appendf(nil, "clusters: {other: {kind: external, addresses: [%s]}}\n",
		strings.Join(session.Bootstrap(), ", ")), 0o600); err != nil {
		b.Fatal(err)
	}
	command := exec.CommandContext(b.Context(), "kafkaspec", "bench", "--cluster", "other", "--profile", profile,
		"--events", fmt.Sprint(events), "--json", "-")
	out, err := command.Output()
	if err != nil {
		b.Fatalf("%d events: %v", events, err)
	}
	result, err := bench.Read(out, "the result")
	if err != nil {
		b.Fatal(err)
	}
	if result.Memory == 0 {
		b.Skip("the system does not tell how much memory a process had at most")
	}
	return float64(result.Memory), (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds()
}

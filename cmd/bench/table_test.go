package main

import (
	"strings"
	"testing"
)

func TestTableHoldsEverythingAgainstKafkaspec(t *testing.T) {
	var tab table
	for _, rate := range []float64{300_000, 100_000, 200_000} {
		tab.add("Throughput", "produce 100 B", ours, "records/s", rate)
		tab.add("Throughput", "produce 100 B", "another", "records/s", rate/4)
		tab.add("Throughput", "produce 1 KiB", "another", "records/s", rate)
	}
	tab.note("Throughput", "%d of %d differ", 1, 2)
	tab.note("Another section", "nothing")
	tab.leaveOut("a peer: not installed")
	tab.leaveOut("a peer: not installed")
	tab.leaveOut("a turn: %v", "exit status 1:\n$ go test a\n\tFAIL")
	tab.leaveOut("a turn: %v", "exit status 1:\n$ go test b\n\tFAIL")
	var text strings.Builder
	if err := tab.markdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### Throughput\n\n1 of 2 differ\n\n| what |",
		"| produce 100 B | kafkaspec | records/s | 100000 | 200000 | 300000 |  |",
		"| produce 100 B | another | records/s | 25000 | 50000 | 75000 | 0.25 |",
		"| produce 1 KiB | another | records/s | 100000 | 200000 | 300000 |  |",
		"Left out:\n\n- a peer: not installed\n- a turn: exit status 1:\n\n      $ go test a\n      \tFAIL\n",
	} {
		if strings.Count(text.String(), want) != 1 {
			t.Errorf("got no line %q once in\n%s", want, text.String())
		}
	}
}

func TestLinesOfGoBenchmarksAreRead(t *testing.T) {
	found := benchmarkLine.FindAllStringSubmatch("goos: linux\nBenchmarkCopy/10M_clean-2         \t       1\t         "+
		"0.3791 cpu-s/op\t        67.62 peak-MiB\nPASS\n", -1)
	if len(found) != 1 || found[0][1] != "Copy/10M_clean" || strings.Join(strings.Fields(found[0][2]),
		" ") != "0.3791 cpu-s/op 67.62 peak-MiB" {
		t.Errorf("got %q, want the name and both figures", found)
	}
}

// TestToolsOutputIsRead has lines as Kafka's tools of version 4.3 write them.
func TestToolsOutputIsRead(t *testing.T) {
	out := "12 records sent, 2.0 records/sec (0.00 MB/sec), 1.0 ms avg latency, 1.0 ms max latency.\n" +
		"50000 records sent, 50813.008130 records/sec (4.85 MB/sec), 91.07 ms avg latency, 292.00 ms max latency, 89 ms " +
		"50th, 150 ms 95th.\n"
	lines := producedRate.FindAllStringSubmatch(out, -1)
	if len(lines) != 2 || lines[1][1] != "50000" || lines[1][2] != "50813.008130" {
		t.Errorf("got %q, want the rates of both lines", lines)
	}
	if found := endToEnd.FindStringSubmatch("Percentiles: 50th = 4, 99th = 38, 99.9th = 156\n"); len(found) != 4 ||
		found[2] != "38" {
		t.Errorf("got %q, want three percentiles", found)
	}
}

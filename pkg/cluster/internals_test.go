package cluster_test

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

func TestCoordinatorPartitionIsKafkas(t *testing.T) {
	// Of String.hashCode in Java: "a" is 97, "shipping" -516235858, "größe" 98762257, "😀" 1772899.
	// The last one's is the lowest number there is.
	for group, absolute := range map[string]int32{"": 0, "a": 97, "shipping": 516235858, "größe": 98762257, "😀": 1772899,
		"polygenelubricants": 0} {
		for _, partitions := range []int{1, 4, 50} {
			if got, want := cluster.CoordinatorPartition(group, partitions), absolute%int32(partitions); got != want {
				t.Errorf("%q of %d: got %d, want %d", group, partitions, got, want)
			}
		}
	}
}

func TestPreferringKeepsTheNumberOfReplicas(t *testing.T) {
	for _, test := range []struct {
		replicas, want []int32
	}{
		{[]int32{0}, []int32{2}},
		{[]int32{2, 0, 1}, []int32{2, 0, 1}},
		{[]int32{0, 1, 2}, []int32{2, 0, 1}},
		{[]int32{0, 1}, []int32{2, 0}},
	} {
		if diff := cmp.Diff(test.want, cluster.Preferring(test.replicas, 2)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.replicas, diff)
		}
	}
}

func TestFreePortsAreFreeAndDiffer(t *testing.T) {
	ports, err := cluster.FreePorts(20)
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range ports {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) // fails for one that was given twice
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }()
	}
}

func TestLogSummaryShowsTheCause(t *testing.T) {
	log := filepath.Join(t.TempDir(), "server.log")
	lines := []string{"10:00 INFO start", "10:01 ERROR cannot bind", "java.net.BindException", "at x",
		"10:02 ERROR so it ends"}
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("10:03 INFO closing %d", i))
	}
	writeFile(t, log, strings.Join(lines, "\n")+"\n", 0o644)
	want := "  10:01 ERROR cannot bind\n  java.net.BindException\n  10:02 ERROR so it ends\n  10:03 INFO closing 0\n  " +
		"…\n  10:03 INFO closing 10\n"
	got := cluster.LogSummary(log)
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n  10:03 INFO closing 19") {
		t.Errorf("got\n%s\nwant it to begin with\n%s", got, want)
	}
	if got := cluster.LogSummary(log + ".absent"); !strings.Contains(got, "no log") {
		t.Errorf("got %q, want it to say that there is none", got)
	}
}

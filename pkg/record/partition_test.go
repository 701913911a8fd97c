package record

import (
	"math"
	"testing"
)

// The vectors are hashes that Kafka's own unit test has (org.apache.kafka.common.utils.UtilsTest). Of so many
// partitions each hash but one has its own.
func TestDefaultPartitionIsThatOfTheJavaClient(t *testing.T) {
	for text, hash := range map[string]int32{
		"21":                         -973932308,
		"foobar":                     -790332482,
		"a-little-bit-long-string":   -985981536,
		"a-little-bit-longer-string": -1486304829,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	} {
		for _, n := range []int32{1, 3, 1000, math.MaxInt32} {
			if got, want := DefaultPartition([]byte(text), n), (hash&math.MaxInt32)%n; got != want {
				t.Errorf("%q of %d: got %d, want %d", text, n, got, want)
			}
		}
	}
}

func TestDefaultPartitionOfNoPartitions(t *testing.T) {
	if got := DefaultPartition([]byte("u1"), 0); got != -1 {
		t.Errorf("got %d, want -1", got)
	}
}

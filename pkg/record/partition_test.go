package record

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"pgregory.net/rapid"
)

// The vectors are those Kafka's own unit test of the hash uses.
func TestMurmur2IsThatOfTheJavaClient(t *testing.T) {
	for text, want := range map[string]int32{
		"21":                         -973932308,
		"foobar":                     -790332482,
		"a-little-bit-long-string":   -985981536,
		"a-little-bit-longer-string": -1486304829,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	} {
		if got := murmur2([]byte(text)); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestDefaultPartitionIsThatOfFranzGo(t *testing.T) {
	franz := kgo.StickyKeyPartitioner(nil).ForTopic("orders")
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "key")
		if key == nil {
			key = []byte{} // franz-go partitions by the key unless it is null
		}
		n := rapid.Int32Range(1, 1000).Draw(t, "partitions")
		got, want := DefaultPartition(key, n), franz.Partition(&kgo.Record{Key: key}, int(n))
		if int(got) != want {
			t.Fatalf("key %x of %d partitions: got %d, want %d", key, n, got, want)
		}
	})
}

func TestDefaultPartitionOfNoPartitions(t *testing.T) {
	if got := DefaultPartition([]byte("u1"), 0); got != -1 {
		t.Errorf("got %d, want -1", got)
	}
}

package record

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// anyBytes draws null, empty and other bytes.
func anyBytes() *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		if rapid.Bool().Draw(t, "null") {
			return nil
		}
		return rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")
	})
}

func anyRecord() *rapid.Generator[Record] {
	return rapid.Custom(func(t *rapid.T) Record {
		r := Record{
			Topic:     "orders",
			Partition: rapid.Int32Range(-1, 5).Draw(t, "partition"),
			Offset:    -1,
			Key:       anyBytes().Draw(t, "key"),
			Value:     anyBytes().Draw(t, "value"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "headers") {
			r.Headers = append(r.Headers, Header{Key: rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "name"),
				Value: anyBytes().Draw(t, "header")})
		}
		if rapid.Bool().Draw(t, "timestamp") {
			r.Timestamp = time.UnixMilli(rapid.Int64Range(0, 1e13).Draw(t, "ms"))
		}
		return r
	})
}

func TestKgoAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord().Draw(t, "record")
		k := r.Kgo()
		k.Offset = -1 // the broker's to give
		if diff := cmp.Diff(r, FromKgo("orders", k), sameTime); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestKgoKeepsMilliseconds(t *testing.T) {
	r := Record{Timestamp: at("2026-03-01T12:00:00.123456789Z")}
	if got := r.Kgo().Timestamp; !got.Equal(at("2026-03-01T12:00:00.123Z")) {
		t.Errorf("got %s, want it cut to milliseconds", got)
	}
	if got := (Record{}).Kgo().Timestamp; !got.IsZero() {
		t.Errorf("got %s, want the zero time: the client fills in now", got)
	}
}

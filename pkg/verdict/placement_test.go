package verdict

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

func judgePlacement(partitions int32, h history) Result {
	p := NewPlacement("orders", partitions)
	for i := range h {
		p.Observe(&h[i])
	}
	return p.Result()
}

// In a random history exactly the planted fault is found.
func TestPlacementFindsWhatWasPlanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const partitions = 4
		h := drawHistory(t, "elsewhere", 1).copyTo("orders", partitions)
		i := rapid.IntRange(0, len(h)-1).Draw(t, "which")
		wantFindings(t, judgePlacement(partitions, h))

		moved := slices.Clone(h)
		moved[i].Partition = (moved[i].Partition + 1) % partitions
		wrong := at(WrongPartition, moved[i])
		switch other := h.behind(i, sameKey); {
		case slices.IndexFunc(h, func(r record.Record) bool { return sameKey(r, h[i]) }) < i:
			wantFindings(t, judgePlacement(partitions, moved), at(TwoPartitions, moved[i]), wrong)
		case other > 0: // the wrong one came first, the next shows it
			wantFindings(t, judgePlacement(partitions, moved), at(TwoPartitions, moved[other]), wrong)
		default:
			wantFindings(t, judgePlacement(partitions, moved), wrong)
		}
	})
}

// A key that moved between two runs shows when both are fed to one judge.
func TestPlacementOverTwoRuns(t *testing.T) {
	p := NewPlacement("first", 3)
	p.Observe(&record.Record{Topic: "first", Partition: 2, Offset: 4, Key: []byte("u7")})
	p.Observe(&record.Record{Topic: "second", Partition: 1, Offset: 9, Key: []byte("u7")})
	p.Observe(&record.Record{Topic: "second", Partition: 1, Offset: 10, Key: []byte("u7")})
	want := "key on two partitions: second partition 1 offset 9 key u7: other records of the key are on partition 2"
	if err := p.Result().Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPlacementTellsWhatHappened(t *testing.T) {
	r := record.Record{Topic: "orders", Offset: 9, Key: []byte("foobar")}
	home := record.DefaultPartition(r.Key, 7)
	r.Partition = (home + 1) % 7
	want := fmt.Sprintf("wrong partition: orders partition %d offset 9 key foobar: got partition %d, want %d of 7 by "+
		"murmur2 of the key", r.Partition, r.Partition, home)
	if err := judgePlacement(7, history{r}).Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPlacementWithoutKeysIsInconclusive(t *testing.T) {
	wantInconclusive(t, judgePlacement(3, history{{Value: []byte("x")}}),
		"nothing was judged: no record of orders with a key was read")
}

// A record that another client's default has placed says so. The hashes are the published ones of these texts.
func TestPlacementNamesAnotherPartitioner(t *testing.T) {
	const partitions, crc32Of123456789, fnv1aOfFoobar = 61, 0xcbf43926, 0xbf9cf968
	negative := int64(fnv1aOfFoobar) - 1<<32
	for name, c := range map[string]struct {
		key       string
		partition int32
		want      string
	}{
		"librdkafka": {"123456789", crc32Of123456789 % partitions, "murmur2 of the key; CRC32, the default of librdkafka"},
		"Sarama":     {"foobar", int32(-(negative % partitions)), "murmur2 of the key; FNV-1a, the default of Sarama"},
		"nobody":     {"123456789", crc32Of123456789%partitions + 1, "murmur2 of the key\n"},
	} {
		r := record.Record{Topic: "orders", Partition: c.partition, Key: []byte(c.key)}
		if err := judgePlacement(partitions, history{r}).Err(); err == nil || !strings.Contains(err.Error()+"\n", c.want) {
			t.Errorf("%s: got %v, want it to say %q", name, err, c.want)
		}
	}
}

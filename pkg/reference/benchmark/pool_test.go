package benchmark

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// What is lent has room for what is asked for, whatever was given back.
func TestRecordPool(t *testing.T) {
	p := &recordPool{}
	for _, n := range []int{1000, 10, 2000} {
		records := p.GetRecords(n)
		if cap(records) < n || len(records) != 0 {
			t.Errorf("got %d records with room for %d, want none and room for %d", len(records), cap(records), n)
		}
		p.PutRecords(records)
	}
}

// Events larger than a batch usually becomes are sent and received, and more partitions than there are lanes are
// filled.
func TestLargeEventsAndManyPartitions(t *testing.T) {
	for _, c := range []struct {
		size, partitions int
		events           int64
	}{{2 * BatchBytes, 3, 12}, {100, 2*mostLanes + 3, 10_000}} {
		l := lab.New(t)
		l.Topic(t, "events", int32(c.partitions))
		base := []kgo.Opt{kgo.SeedBrokers(l.Fake.ListenAddrs()...)}
		load := Load{Topic: "events", Events: c.events, Size: c.size, Codec: "none", Acks: "all", Producers: 1,
			Batch: DefaultBatch(c.size), Buffer: DefaultBuffer, Progress: time.Second}
		sent, err := Produce(t.Context(), base, load, func(int64) {})
		if err == nil {
			err = sent.Err()
		}
		if err != nil || sent.Acknowledged != c.events {
			t.Fatalf("got %d of %d bytes acknowledged (%v), want %d", sent.Acknowledged, c.size, err, c.events)
		}
		in := Intake{Topic: "events", Events: c.events, Producers: 1, Consumers: 2, Patience: DefaultPatience,
			Progress: time.Second}
		got, err := Consume(context.Background(), base, in, func(Point) {})
		if err == nil {
			err = got.Findings.Err()
		}
		if err != nil || got.Events != c.events {
			t.Errorf("got %d of %d bytes (%v), want %d once each", got.Events, c.size, err, c.events)
		}
	}
}

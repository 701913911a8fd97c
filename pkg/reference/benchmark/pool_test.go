package benchmark

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

// Memory that was given back is lent again, what is too small for what is asked for is given up, and no more is held
// than allowed.
func TestRecordPool(t *testing.T) {
	p := &recordPool{}
	first := p.GetRecords(1000)
	if cap(first) != 1024 {
		t.Fatalf("got room for %d records, want 1024", cap(first))
	}
	p.PutRecords(first[:cap(first)])
	if again := p.GetRecords(1024); &again[:1][0] != &first[:1][0] {
		t.Error("got other memory, want what was given back")
	}
	p.PutRecords(first[:cap(first)])
	if larger := p.GetRecords(2000); cap(larger) != 2048 || len(p.free) != 0 || p.held != 0 {
		t.Errorf("got room for %d records, %d pieces of memory and %d records held; want 2048 and nothing", cap(larger),
			len(p.free), p.held)
	}
	for range 2 * poolMost / 1024 {
		p.PutRecords(make([]kgo.Record, 1024))
	}
	if p.held != poolMost || len(p.free) != poolMost/1024 {
		t.Errorf("got %d records held in %d pieces, want %d", p.held, len(p.free), poolMost)
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

package screen_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What topics' settings make of records holds with every codec, and for requests that are read straight into the
// broker's memory.
func TestSettingsOfTopicsCount(t *testing.T) {
	b := start(t)
	admin := kadm.NewClient(b.client(t))
	for topic, settings := range map[string]map[string]*string{
		"compacted": {"cleanup.policy": kadm.StringPtr("compact")},
		"stamped":   {"message.timestamp.type": kadm.StringPtr("LogAppendTime")},
		"young":     {"message.timestamp.before.max.ms": kadm.StringPtr("60000")},
	} {
		if _, err := admin.CreateTopic(t.Context(), 1, 1, settings, topic); err != nil {
			t.Fatal(err)
		}
	}
	for name, codec := range map[string]kgo.CompressionCodec{"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(),
		"snappy": kgo.SnappyCompression(), "lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression()} {
		t.Run(name, func(t *testing.T) {
			c := b.client(t, kgo.ProducerBatchCompression(codec))
			value := []byte(strings.Repeat("value ", 20_000))
			old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			if err := c.ProduceSync(t.Context(), &kgo.Record{Topic: "compacted", Value: value}).FirstErr(); !errors.Is(err,
				kerr.InvalidRecord) {
				t.Errorf("got %v for a record without a key, want INVALID_RECORD", err)
			}
			err := c.ProduceSync(t.Context(), &kgo.Record{Topic: "young", Timestamp: old, Value: value}).FirstErr()
			if !errors.Is(err, kerr.InvalidTimestamp) {
				t.Errorf("got %v for an old record, want INVALID_TIMESTAMP", err)
			}
			results := c.ProduceSync(t.Context(), &kgo.Record{Topic: "stamped", Timestamp: old, Value: value},
				&kgo.Record{Topic: "compacted", Key: []byte("k"), Value: value}, &kgo.Record{Topic: "young", Value: value})
			if err := results.FirstErr(); err != nil {
				t.Fatal(err)
			}
		})
	}
	c := b.client(t, kgo.ConsumeTopics("stamped"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	read := 0
	for read < 5 {
		fetches := c.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			read++
			if age := time.Since(r.Timestamp); age > time.Hour || r.Attrs.TimestampType() != 1 {
				t.Errorf("got a record of %v ago and type %d, want the broker's time", age, r.Attrs.TimestampType())
			}
		})
	}
}

// A producer that waits for no answer learns of a refusal by the end of its connection.
func TestRefusalWithoutAnAnswer(t *testing.T) {
	b := start(t)
	conn := b.dial(t)
	request := kmsg.NewPtrProduceRequest()
	topic := kmsg.NewProduceRequestTopic()
	topic.Topic = "t"
	partition := kmsg.NewProduceRequestTopicPartition()
	partition.Records = make([]byte, 100) // magic 0
	topic.Partitions = append(topic.Partitions, partition)
	request.Version, request.Acks, request.Topics = 8, 0, append(request.Topics, topic)
	if _, err := conn.Write(frame(0, 8, append([]byte{0xff, 0xff}, request.AppendTo(nil)...)...)); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 1)); err == nil || n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %d bytes and %v, want the end of the connection", n, err)
	}
	b.works(t)
}

package world

import (
	"context"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/access"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// What is sent is as the options say, and not compressed where they say nothing: some clients lack codecs. That holds
// for other clients of the session too.
func TestCodecOfWhatIsSent(t *testing.T) {
	ctx := context.Background()
	value := []byte(strings.Repeat("well compressed ", 1000))
	for codec, want := range map[string]kgo.CompressionCodecType{"": kgo.CodecNone, "zstd": kgo.CodecZstd} {
		session, err := cluster.NewEmbedded(cluster.EmbeddedOptions{}).Open(ctx, cluster.Needs{})
		if err != nil {
			t.Fatal(err)
		}
		orders := topicIn(t, Options{Session: session, Codec: access.Codecs[codec]})
		if err := orders.Send(ctx, []record.Record{{Partition: 0, Value: value}}); err != nil {
			t.Fatal(err)
		}
		reader, err := session.Client(kgo.ConsumeTopics(orders.Physical),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		if err != nil {
			t.Fatal(err)
		}
		records := reader.PollRecords(ctx, 1).Records()
		if len(records) != 1 {
			t.Fatalf("got %d records, want 1", len(records))
		}
		if got := kgo.CompressionCodecType(records[0].Attrs.CompressionType()); got != want {
			t.Errorf("%q: got codec %d, want %d", codec, got, want)
		}
		own := &kgo.Record{Topic: records[0].Topic, Value: value}
		if err := reader.ProduceSync(ctx, own).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if records = reader.PollRecords(ctx, 1).Records(); len(records) != 1 || records[0].Attrs.CompressionType() != 0 {
			t.Errorf("got %+v of another client, want one record that is not compressed", records)
		}
	}
}

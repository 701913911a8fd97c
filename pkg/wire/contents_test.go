package wire

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// TestContentsOfWhatIsRead holds that a fetch tells the same of records as their writer had, from the offset on that it
// asked for.
func TestContentsOfWhatIsRead(t *testing.T) {
	c := cluster(t, 1, kfake.SeedTopics(1, "orders"))
	r := new(recorder)
	p := wired(t, c, Options{Observe: r.observe, Contents: true})
	ctx := deadline(t)
	results := client(t, p, "writer").ProduceSync(ctx, &kgo.Record{Topic: "orders", Value: []byte("first")},
		&kgo.Record{Topic: "orders", Key: []byte("u1"), Value: []byte("second")},
		&kgo.Record{Topic: "orders", Key: []byte("u1")})
	if err := results.FirstErr(); err != nil {
		t.Fatal(err)
	}
	reader := client(t, p, "reader", kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{
		"orders": {0: kgo.NewOffset().At(1)}}))
	for read := 0; read < 2; {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		read += fetches.NumRecords()
	}
	var got []journal.ContentAt
	_, all := of[*journal.Fetch](r.all())
	for _, f := range all {
		got = append(got, f.Contents...)
	}
	want := []journal.ContentAt{{Offset: 1, Content: journal.ContentOf([]byte("u1"), []byte("second"))},
		{Offset: 2, Content: journal.ContentOf([]byte("u1"), nil)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestKeysOfWhatIsWritten holds that the keys of what is written to compacted topics are told, however it is
// compressed, and no others: of topics that are known to be compacted, and of those that an application makes so.
func TestKeysOfWhatIsWritten(t *testing.T) {
	t.Parallel()
	c := cluster(t, 1, kfake.SeedTopics(1, "accounts", "orders"))
	r := new(recorder)
	var got []journal.Key
	p := wired(t, c, Options{Observe: r.observe, Keys: func(batch journal.Fact, keys []journal.Key) {
		if batch.Offset < 0 || batch.App != "writer" || batch.Request.Outcome != journal.Answered {
			t.Errorf("got keys of %+v, want a batch that was answered", batch)
		}
		got = append(got, keys...)
	}, Compacted: func(topic string) bool { return topic == "accounts" }})
	ctx := deadline(t)
	compact := "compact"
	if _, err := kadm.NewClient(client(t, p, "maker")).CreateTopic(ctx, 1, 1, map[string]*string{
		"cleanup.policy": &compact}, "made"); err != nil {
		t.Fatal(err)
	}
	want := []journal.Key{journal.KeyOf([]byte("u1"), []byte("1")), journal.KeyOf([]byte("u2"), nil),
		journal.KeyOf(nil, []byte("3"))}
	for _, codec := range []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(),
		kgo.Lz4Compression(), kgo.ZstdCompression()} {
		for topic, want := range map[string][]journal.Key{"accounts": want, "made": want, "orders": nil} {
			got = nil
			writer := client(t, p, "writer", kgo.ProducerBatchCompression(codec), kgo.ProducerLinger(100*time.Millisecond))
			results := writer.ProduceSync(ctx, &kgo.Record{Topic: topic, Key: []byte("u1"), Value: []byte("1")},
				&kgo.Record{Topic: topic, Key: []byte("u2")}, &kgo.Record{Topic: topic, Value: []byte("3")})
			if err := results.FirstErr(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %v: (-want +got):\n%s", topic, codec, diff)
			}
		}
	}
}

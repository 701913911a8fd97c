package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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

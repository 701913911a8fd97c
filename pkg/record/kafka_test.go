package record

import (
	"context"
	"github.com/kafkaspec/kafkaspec/pkg/source"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestThroughABroker sends what the notation can say and reads it back.
func TestThroughABroker(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		kgo.ConsumeTopics("orders"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	text := `
- {key: u1, value: null, partition: 1, timestamp: +1ms}
- {key: '', value: '', partition: 1, headers: [{a: 1}, {a: null}, {b: ''}, {a: 2}]}
- {key: null, value: 0x00ff, partition: 1, timestamp: 1700000000123}
`
	want, err := FromDoc(Source{Place: source.Place{File: "orders.yaml"}}, "", text, testVars)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for i := range want {
		want[i].Topic, want[i].Offset = "orders", int64(i)
		if err := client.ProduceSync(ctx, want[i].Kgo()).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	var got []Record
	for len(got) < len(want) && ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(k *kgo.Record) { got = append(got, FromKgo("orders", k)) })
	}
	if len(got) > 1 && got[1].Timestamp.IsZero() {
		t.Error("got no timestamp, want the time of sending")
	}
	want[1].Timestamp = got[1].Timestamp
	if diff := cmp.Diff(want, got, sameTime); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

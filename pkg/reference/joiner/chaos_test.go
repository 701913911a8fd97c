package joiner_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/record"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/chaos"
	"github.com/kafkaspec/kafkaspec/pkg/verdict"
)

const (
	chaosRecords    = 3000
	chaosBatch      = chaosRecords / 50 // that are sent at once, so in any order: see chaos.Run
	chaosPartitions = 3
)

// Instances come, go, crash and freeze while users and payments arrive, up to 15 s out of order in event time: what is
// in the outputs is the oracle's, each payment once.
//
// KAFKASPEC_CHAOS_RUNS=200 makes it 200 runs; KAFKASPEC_LOCAL=1 runs it on local Apache Kafka.
func TestChaos(t *testing.T) {
	t.Parallel()
	compact := map[string]string{"cleanup.policy": "compact"}
	chaos.Test(t, chaos.Plan{
		Reference: "joiner",
		Topics: []chaos.Topic{
			{Name: "user_events", Partitions: chaosPartitions}, {Name: "payment_events", Partitions: chaosPartitions},
			{Name: "enriched_events", Partitions: chaosPartitions}, {Name: "unmatched_payments", Partitions: 1},
			{Name: "joins_changelog", Partitions: chaosPartitions, Configs: compact},
		},
		Inputs: []string{"user_events", "payment_events"},
		Settings: "wait: 30s\nhistory: 40s\ncommit-interval: 20ms\ntransaction-timeout: 3s\nsession-timeout: 1s\n" +
			"rebalance-timeout: 800ms\nheartbeat-interval: 100ms",
		Records: chaosRecords,
		Record:  chaosRecord,
		Check:   checkJoin,
	})
}

// chaosRecord is an event each 100 ms of event time. The last batch lets time go on, so that no payment is left
// waiting.
func chaosRecord(r *rand.Rand, i int) *kgo.Record {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(time.Duration(i) * 100 * time.Millisecond)
	if i >= chaosRecords-chaosBatch {
		return &kgo.Record{Topic: "user_events", Partition: int32(i % chaosPartitions), Key: []byte("clock"),
			Value: []byte("{}"), Timestamp: at.Add(time.Hour)}
	}
	key := fmt.Appendf(nil, "user-%d", r.IntN(30))
	record := &kgo.Record{
		Topic: "payment_events", Partition: record.DefaultPartition(key, chaosPartitions), Key: key,
		Value:     fmt.Appendf(nil, `{"payment_id":%d,"amount":%d}`, i, r.IntN(500)),
		Timestamp: at.Add(-time.Duration(r.IntN(15_000)) * time.Millisecond),
	}
	if r.IntN(4) == 0 {
		record.Topic, record.Value = "user_events", fmt.Appendf(nil, `{"name":"%s","version":%d}`, key, i)
		if r.IntN(10) == 0 {
			record.Value = nil
		}
	}
	return record
}

func checkJoin(ctx context.Context, run *chaos.Run) error {
	judge := verdict.NewJoin(verdict.JoinTopics{Left: "payment_events", Right: "user_events", Joined: "enriched_events",
		Unmatched: "unmatched_payments"}, "user", "payment_id")
	for _, sent := range run.Sent {
		r := record.FromKgo(sent.Topic, sent)
		if sent.Topic == "user_events" {
			judge.Right(&r)
		} else {
			judge.Left(&r)
		}
	}
	for topic, feed := range map[string]func(*record.Record){"enriched_events": judge.Joined,
		"unmatched_payments": judge.Unmatched} {
		results, err := run.Read(ctx, topic)
		if err != nil {
			return err
		}
		for _, result := range results {
			r := record.FromKgo(topic, result)
			feed(&r)
		}
	}
	return judge.Result().Err()
}

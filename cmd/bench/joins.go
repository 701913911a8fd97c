package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
)

// The input of the join: an event every 10 ms of event time, one in five of them a user's, and they come in blocks,
// each shuffled: up to 2 s out of order. A payment waits for 5 s of event time, so both sides must come to the same
// answer for each.
const (
	joinUsers   = 2000
	joinStep    = 10 * time.Millisecond
	joinBlock   = 200
	joinWait    = 5 * time.Second
	joinHistory = time.Minute
)

// joins compares the reference application joiner with the nearest thing in Kafka Streams, a stream joined with a
// versioned table, with a grace period. The answers are the same and each is checked; what differs stands in the table,
// above the figures.
func (s *suite) joins(ctx context.Context, backend cluster.Backend) error {
	events := pick(s, 300_000, 30_000)
	section := "Payments joined with the user in force, by the reference application joiner and others, on " +
		backend.Describe().String()
	s.table.note(section, "Kafka Streams does it with a left join of a KStream with a KTable on "+
		"persistentVersionedKeyValueStore, with a grace period of %s and a history of %s. The answer for each "+
		"payment is the same here, and checked. What differs: its time is that of the partition's payments alone, joiner's "+
		"that of both topics; the versions and the payments that wait are in RocksDB, as there "+
		"is no versioned store in memory, joiner's are in memory with a bound; of two versions of one time it takes the "+
		"one that came later, joiner the greater; "+
		"it does not say why a payment is unmatched, and it puts the user into the payment without looking whether both "+
		"are JSON.", joinWait, joinHistory)
	return s.againstStreams(ctx, backend, job{
		section:   section,
		what:      fmt.Sprintf("%d events, %d users, exactly once", events, joinUsers),
		inputs:    []string{"user_events", "payment_events"},
		outputs:   []string{"enriched_events", "unmatched_payments"},
		changelog: "joins_changelog",
		reference: joiner.Run,
		settings: fmt.Sprintf("commit-interval: 100ms\ntransaction-timeout: 60s\nwait: %s\nhistory: %s", joinWait,
			joinHistory),
		class:   "UserJoin",
		options: []string{fmt.Sprint(joinWait.Milliseconds()), fmt.Sprint(joinHistory.Milliseconds())},
		fill: func(send func(*kgo.Record), topics map[string]string) (int, func([]*kgo.Record) error) {
			want := joinInput(events, topics["user_events"], topics["payment_events"], send)
			return len(want), func(results []*kgo.Record) error { return judgeJoins(want, results, topics["enriched_events"]) }
		},
	})
}

// nobody is the version that an unmatched payment has met.
const nobody = -1

// joinInput sends the events and returns, by payment, the version of the user in force.
func joinInput(events int, users, payments string, send func(*kgo.Record)) (want map[int]int) {
	random := rand.New(rand.NewPCG(1, 1)) // each turn has the same input
	begin := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	want = map[int]int{}
	var versions [joinUsers]int
	for i := range versions {
		versions[i] = nobody
	}
	block := make([]*kgo.Record, 0, joinBlock)
	for i := range events { // by event time, no two of one time: what is in force is simply the last
		user := random.IntN(joinUsers)
		r := &kgo.Record{Partition: int32(user % appPartitions), Key: fmt.Appendf(nil, "user-%d", user),
			Timestamp: begin.Add(time.Duration(i) * joinStep)}
		switch {
		case i%5 != 0:
			r.Topic, r.Value = payments, fmt.Appendf(nil, `{"payment_id":%d,"amount":%d,"currency":"EUR","note":"%024d"}`, i,
				random.IntN(1000), i)
			want[i] = versions[user]
		case i%50 == 0: // a tombstone
			r.Topic, versions[user] = users, nobody
		default:
			r.Topic, r.Value = users, fmt.Appendf(nil, `{"name":"somebody","version":%d,"address":"%024d"}`, i, i)
			versions[user] = i
		}
		if block = append(block, r); len(block) == joinBlock || i == events-1 {
			random.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
			for _, r := range block {
				send(r)
			}
			block = block[:0]
		}
	}
	for partition := range int32(appPartitions) { // the time of all others has come with these, and theirs does not come
		send(&kgo.Record{Topic: payments, Partition: partition, Key: []byte("last"), Value: []byte(`{"payment_id":-1}`),
			Timestamp: begin.Add(time.Duration(events)*joinStep + time.Hour)})
	}
	return want
}

// judgeJoins checks that each payment has met the version in force, once.
func judgeJoins(want map[int]int, results []*kgo.Record, enriched string) error {
	met := make(map[int]int, len(want))
	for _, r := range results {
		var result struct {
			Payment int `json:"payment_id"`
			User    *struct {
				Version int `json:"version"`
			} `json:"user"`
		}
		if err := json.Unmarshal(r.Value, &result); err != nil {
			return fmt.Errorf("topic %s partition %d offset %d: %w", r.Topic, r.Partition, r.Offset, err)
		}
		version := nobody
		if result.User != nil {
			version = result.User.Version
		}
		if _, again := met[result.Payment]; again {
			return fmt.Errorf("payment %d: got two results, want one", result.Payment)
		}
		if (r.Topic == enriched) != (result.User != nil) {
			return fmt.Errorf("payment %d: got %s in topic %s, want those with a user in %s and no others", result.Payment,
				r.Value, r.Topic, enriched)
		}
		met[result.Payment] = version
	}
	for payment, version := range want {
		if got, ok := met[payment]; !ok || got != version {
			return fmt.Errorf("payment %d: got version %d (result: %t), want version %d, -1 for none", payment, got, ok, version)
		}
	}
	return nil
}

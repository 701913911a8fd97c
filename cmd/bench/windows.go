package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

// The input of the windows: so many keys, each with an event every ten seconds of event time.
const (
	windowKeys = 100
	windowSize = 5 * time.Minute
)

// windows compares the reference application windower with Kafka Streams.
func (s *suite) windows(ctx context.Context, backend cluster.Backend) error {
	events := pick(s, 300_000, 30_000)
	return s.againstStreams(ctx, backend, job{
		section:   "Windowed counts, by the reference application windower and others, on " + backend.Describe().String(),
		what:      fmt.Sprintf("%d events, %d keys, exactly once", events, windowKeys),
		inputs:    []string{"readings"},
		outputs:   []string{"readings_windows", "readings_late"},
		changelog: "readings_changelog",
		reference: windower.Run,
		settings:  "commit-interval: 100ms\ntransaction-timeout: 60s",
		class:     "WindowCounts",
		fill: func(send func(*kgo.Record), topics map[string]string) (int, func([]*kgo.Record) error) {
			return windowInput(events, topics["readings"], send), func(results []*kgo.Record) error {
				for _, r := range results {
					if r.Topic != topics["readings_windows"] {
						return fmt.Errorf("got a record in topic %s, want none: no event is late", r.Topic)
					}
				}
				return nil
			}
		},
	})
}

// windowInput sends the events and returns how many windows close.
func windowInput(events int, topic string, send func(*kgo.Record)) int {
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	event := func(partition, key int, at time.Time, amount int) {
		send(&kgo.Record{Topic: topic, Partition: int32(partition), Key: fmt.Appendf(nil, "m%d", key),
			Value: fmt.Appendf(nil, `{"amount":%d}`, amount), Timestamp: at})
	}
	rounds := events / windowKeys
	for round := range rounds {
		for key := range windowKeys {
			event(key%appPartitions, key, start.Add(time.Duration(round)*10*time.Second), round%7)
		}
	}
	for partition := range appPartitions { // these close all windows, and are in none that closes
		event(partition, partition, start.Add(time.Duration(rounds)*10*time.Second+time.Hour), 0)
	}
	perWindow := int(windowSize / (10 * time.Second))
	return windowKeys * ((rounds + perWindow - 1) / perWindow)
}

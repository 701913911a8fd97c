package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

// Clock is how a process's clock stands to that of one broker, the same for all shares: the one that leads the only
// partition of a topic with LogAppendTime.
type Clock struct {
	Ahead   time.Duration `json:"ahead_ns"`          // of the broker; below zero: behind it
	Within  time.Duration `json:"within_ns"`         // how wrong that may be
	Unknown string        `json:"unknown,omitempty"` // why it could not be found out
}

const (
	clockName    = "kafkaspec-bench-clock"
	clockLooks   = 7 // the one with the shortest way counts
	clockWithin  = 15 * time.Second
	brokersTicks = time.Millisecond // what a record's time is told in
)

// readClock compares this process's clock. That it could not is no error, but is said.
func readClock(ctx context.Context, session cluster.Session, topic string) *Clock {
	ctx, cancel := context.WithTimeout(ctx, clockWithin)
	defer cancel()
	clock, err := compareClocks(ctx, session, topic)
	if err != nil {
		return &Clock{Unknown: err.Error()}
	}
	return &clock
}

// look is a record that was written between two times of this process's clock.
type look struct{ sent, acknowledged time.Time }

func compareClocks(ctx context.Context, session cluster.Session, topic string) (Clock, error) {
	client, err := session.Client(kgo.DefaultProduceTopic(topic), kgo.ProducerLinger(0),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}))
	if err != nil {
		return Clock{}, err
	}
	defer client.Close()
	kind := "LogAppendTime"
	_, err = kadm.NewClient(client).CreateTopic(ctx, 1, 1, map[string]*string{"message.timestamp.type": &kind}, topic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return Clock{}, fmt.Errorf("create a topic to compare clocks with: %w", err)
	}
	if err := cluster.AwaitTopics(ctx, client, map[string]int32{topic: 1}); err != nil {
		return Clock{}, err
	}
	looks := map[int64]look{}
	for len(looks) < clockLooks {
		sent := time.Now()
		record, err := client.ProduceSync(ctx, &kgo.Record{Value: []byte("x")}).First()
		if err != nil {
			return Clock{}, fmt.Errorf("write to %s: %w", topic, err)
		}
		looks[record.Offset] = look{sent, time.Now()}
	}
	var best *Clock
	for len(looks) > 0 {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return Clock{}, fmt.Errorf("read %s: %w", topic, err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			found, ours := looks[r.Offset]
			delete(looks, r.Offset)
			if now := found.clock(r.Timestamp); ours && (best == nil || now.Within < best.Within) {
				best = &now
			}
		})
	}
	return *best, nil
}

// clock compares with the time the broker gave the record, which may be up to a tick more.
func (l look) clock(broker time.Time) Clock {
	way := l.acknowledged.Sub(l.sent)
	middle := l.sent.Add(way / 2)
	return Clock{Ahead: middle.Sub(broker.Add(brokersTicks / 2)), Within: way/2 + brokersTicks/2}
}

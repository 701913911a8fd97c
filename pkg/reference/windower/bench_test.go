package windower_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/windower"
)

const (
	benchEvents     = 1_000_000
	benchPartitions = 12
)

// BenchmarkWindows compares the windower with franz-go's own consume-transform-produce loop, a GroupTransactSession
// that copies each record, over the same million events. Each gets its turn in the same run, so the ratio says
// something on any machine.
func BenchmarkWindows(b *testing.B) {
	l := benchLab(b)
	var loop, windows time.Duration
	for i := 0; b.Loop(); i++ {
		loop += bareLoop(b, l, fmt.Sprintf("bare-%d", i))
		windows += windowed(b, l, fmt.Sprintf("metering-%d", i))
	}
	b.ReportMetric(float64(b.N)*benchEvents/loop.Seconds(), "bare-events/s")
	b.ReportMetric(float64(b.N)*benchEvents/windows.Seconds(), "events/s")
	b.ReportMetric(loop.Seconds()/windows.Seconds(), "of-bare")
}

func benchLab(b *testing.B) *lab.Lab {
	l := lab.New(b)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	b.Cleanup(cancel)
	l.Ctx = ctx
	l.Topic(b, "readings", benchPartitions)
	l.Topic(b, "copies", benchPartitions)
	l.Topic(b, "readings_windows", benchPartitions)
	l.Topic(b, "readings_late", 1)
	for i := range benchEvents { // 1,000 keys; 10 ms of event time between two events, up to a second out of order
		p := i % benchPartitions
		at := day.Add(time.Duration(i)*10*time.Millisecond + time.Duration(i*7919%1000)*time.Millisecond)
		l.Client.Produce(context.Background(), &kgo.Record{Topic: "readings", Partition: int32(p),
			Key:   fmt.Appendf(nil, "p%d-%d", p, i%997%83),
			Value: fmt.Appendf(nil, `{"meter": "abcdefghijklmnopqrstuvwxyz", "amount": %d}`, i%1000), Timestamp: at}, nil)
	}
	if err := l.Client.Flush(l.Ctx); err != nil {
		b.Fatal(err)
	}
	return l
}

// windowed runs a windower over all events.
func windowed(b *testing.B, l *lab.Lab, group string) time.Duration {
	e := env("w")
	e.Group = group
	l.Topic(b, group+"_changelog", benchPartitions, "cleanup.policy", "compact") // state and offsets belong together
	start := time.Now()
	run := l.Start(b, windower.Run, e, "changelog-topic: "+group+"_changelog")
	want := map[int32]int64{}
	for p := range int32(benchPartitions) {
		want[p] = (benchEvents + benchPartitions - 1 - int64(p)) / benchPartitions
	}
	l.UntilCommitted(b, group, "readings", want)
	took := time.Since(start)
	if err := run.Stop(b); err != nil {
		b.Fatal(err)
	}
	return took
}

// bareLoop is the loop of franz-go's example of transactions in a group.
func bareLoop(b *testing.B, l *lab.Lab, group string) time.Duration {
	start := time.Now()
	session, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.TransactionalID(group),
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics("readings"), kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		b.Fatal(err)
	}
	defer session.Close()
	for n := 0; n < benchEvents; {
		fetches := session.PollFetches(l.Ctx)
		if err := fetches.Err0(); err != nil {
			b.Fatal(err)
		}
		if err := session.Begin(); err != nil {
			b.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			session.Produce(l.Ctx, &kgo.Record{Topic: "copies", Key: r.Key, Value: r.Value, Timestamp: r.Timestamp}, nil)
		})
		committed, err := session.End(l.Ctx, kgo.TryCommit)
		if err != nil || !committed {
			b.Fatalf("committed %v: %v", committed, err)
		}
		n += fetches.NumRecords()
	}
	return time.Since(start)
}

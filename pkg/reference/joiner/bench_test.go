package joiner_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/internal/cputime"
	"github.com/kafkaspec/kafkaspec/pkg/app"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
	"github.com/kafkaspec/kafkaspec/pkg/reference/joiner"
	"github.com/kafkaspec/kafkaspec/pkg/source"
)

const (
	benchEvents     = 1_000_000
	benchPartitions = 4
	benchUsers      = 20_000 // keys

	benchCommitEvery = 100 * time.Millisecond
	benchSettings    = "commit-interval: 100ms\nwait: 5s\nhistory: 1m\ntransaction-timeout: 30s"
)

// BenchmarkAgainstBareLoop joins 1M events, of which one in five is a user's, and has the bare loop of the client
// consume, transform and produce the same events, in turns on one embedded cluster. The bare loop is what any
// exactly-once application does at least: both topics read committed, one output for each input, of the same size, and
// offsets in transactions of the same length; it keeps nothing and waits for nothing.
func BenchmarkAgainstBareLoop(b *testing.B) {
	l := benchLab(b, benchEvents)
	var ratios, work, ours, bares []float64
	for b.Loop() {
		seconds, used := [2]float64{}, [2]float64{}
		for turn := range 2 { // each goes first half of the time
			which := (turn + len(ratios)) % 2
			runtime.GC()
			before := cputime.Own().Seconds()
			seconds[which] = []func(testing.TB, *lab.Lab, int) float64{timeJoiner, timeBare}[which](b, l, benchEvents)
			used[which] = cputime.Own().Seconds() - before
		}
		work = append(work, used[1]/used[0])
		ours, bares, ratios = append(ours, benchEvents/seconds[0]), append(bares, benchEvents/seconds[1]),
			append(ratios, seconds[1]/seconds[0])
	}
	b.ReportMetric(median(ours), "events/s")
	b.ReportMetric(median(bares), "bare-events/s")
	b.ReportMetric(median(ratios), "ratio")
	// says the same on a machine that has other things to do; the broker's work is part of both
	b.ReportMetric(median(work), "cpu-ratio")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// benchLab is a cluster with so many events in its two topics.
func benchLab(t testing.TB, events int) *lab.Lab {
	t.Helper()
	l := lab.New(t)
	l.Topic(t, "user_events", benchPartitions)
	l.Topic(t, "payment_events", benchPartitions)
	fill(t, l, events)
	return l
}

// fill sends events 10 ms of event time apart, up to 2 s out of order.
func fill(t testing.TB, l *lab.Lab, events int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	begin := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	sender, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.MaxBufferedRecords(100_000))
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	for i := range events {
		user := random.IntN(benchUsers)
		r := &kgo.Record{
			Topic: "payment_events", Partition: int32(user % benchPartitions), Key: fmt.Appendf(nil, "user-%d", user),
			Timestamp: begin.Add(time.Duration(i)*10*time.Millisecond - time.Duration(random.IntN(2000))*time.Millisecond),
		}
		if i%5 == 0 {
			r.Topic, r.Value = "user_events", fmt.Appendf(nil, `{"name":"somebody","version":%d,"address":"%024d"}`, i, i)
		} else {
			r.Value = fmt.Appendf(nil, `{"payment_id":%d,"amount":%d,"currency":"EUR","note":"%024d"}`, i, random.IntN(1000), i)
		}
		sender.Produce(context.Background(), r, func(_ *kgo.Record, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	if err := sender.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
}

var benchRuns int // makes the names of topics and groups unique

// timeJoiner returns the seconds until the joiner has committed all events.
func timeJoiner(t testing.TB, l *lab.Lab, events int) float64 {
	t.Helper()
	benchRuns++
	n := strconv.Itoa(benchRuns)
	for _, topic := range []string{"enriched" + n, "unmatched" + n, "changelog" + n} {
		if _, err := l.Admin.CreateTopic(context.Background(), benchPartitions, 1,
			map[string]*string{"cleanup.policy": kadm.StringPtr(map[bool]string{true: "compact",
				false: "delete"}[topic[0] == 'c'])}, topic); err != nil {
			t.Fatal(err)
		}
	}
	settings, err := app.ParseSettings([]byte(benchSettings+"\nenriched: enriched"+n+"\nunmatched: "+
		"unmatched"+n+"\nchangelog-topic: changelog"+n), source.Place{File: "bench"})
	if err != nil {
		t.Fatal(err)
	}
	e := env("joiner")
	e.Group, e.Bootstrap, e.Settings, e.Log = "joins"+n, l.Fake.ListenAddrs(), settings, slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	start := time.Now()
	go func() { ended <- joiner.Run(ctx, e) }()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for committed(t, l, e.Group) < events {
		select {
		case <-again.C:
		case err := <-ended:
			t.Fatalf("the joiner ended: %v", err)
		}
	}
	seconds := time.Since(start).Seconds()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return seconds
}

// committed is the sum of the offsets a group has committed.
func committed(t testing.TB, l *lab.Lab, group string) int {
	t.Helper()
	offsets, err := l.Admin.FetchOffsets(context.Background(), group)
	if errors.Is(err, kerr.GroupIDNotFound) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	offsets.Each(func(o kadm.OffsetResponse) { sum += int(max(0, o.At)) })
	return sum
}

// timeBare returns the seconds that the loop without anything takes. What it writes is as many bytes as the joiner's
// results and versions are: a payment with a user, which is always the same, and a user under a key of such length.
func timeBare(t testing.TB, l *lab.Lab, events int) float64 {
	t.Helper()
	benchRuns++
	n := strconv.Itoa(benchRuns)
	for topic, policy := range map[string]string{"bare" + n: "delete", "table" + n: "compact"} {
		if _, err := l.Admin.CreateTopic(context.Background(), benchPartitions, 1,
			map[string]*string{"cleanup.policy": &policy}, topic); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	session, err := kgo.NewGroupTransactSession(
		kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.ConsumerGroup("bare"+n),
		kgo.ConsumeTopics("user_events", "payment_events"),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.TransactionalID("bare"+n), kgo.DefaultProduceTopic("bare"+n))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for done := 0; done < events; {
		if err := session.Begin(); err != nil {
			t.Fatal(err)
		}
		processed := 0
		for began := time.Now(); time.Since(began) < benchCommitEvery && done+processed < events; {
			fetches := session.PollRecords(context.Background(), 10_000)
			fetches.EachRecord(func(r *kgo.Record) { session.Produce(context.Background(), bareResult(r, n), nil) })
			processed += fetches.NumRecords()
		}
		if committed, err := session.End(context.Background(), kgo.TryCommit); err != nil {
			t.Fatal(err)
		} else if committed {
			done += processed
		}
	}
	return time.Since(start).Seconds()
}

var bareUser = fmt.Appendf(nil, `,"user":{"name":"somebody","version":%d,"address":"%024d"}}`, benchEvents, benchEvents)

func bareResult(r *kgo.Record, n string) *kgo.Record {
	if r.Topic == "user_events" {
		key := append(append(make([]byte, 0, len(r.Key)+36), "user/1772359200000/0123456789abcdef/"...), r.Key...)
		return &kgo.Record{Topic: "table" + n, Key: key, Value: r.Value}
	}
	value := append(append(make([]byte, 0, len(r.Value)+len(bareUser)), r.Value[:len(r.Value)-1]...), bareUser...)
	return &kgo.Record{Key: r.Key, Value: value, Timestamp: r.Timestamp}
}

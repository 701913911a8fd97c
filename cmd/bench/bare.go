package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/benchmark"
)

const progressEvery = time.Second

var codecs = map[string]kgo.CompressionCodec{"none": kgo.NoCompression(), "lz4": kgo.Lz4Compression()}

// produceBare does nothing but hand over values made beforehand and count what is acknowledged.
func produceBare(ctx context.Context, p place, w work) (float64, error) {
	client, err := kgo.NewClient(append(slices.Clone(p.base), kgo.DefaultProduceTopic(p.topic),
		kgo.ProducerBatchCompression(codecs[w.codec]),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MaxBufferedRecords(benchmark.DefaultBuffer),
		kgo.ProducerBatchMaxBytes(benchmark.BatchBytes))...)
	if err != nil {
		return 0, err
	}
	defer client.Close()
	pool := benchmark.Letters(w.size)
	var acknowledged atomic.Int64
	count := func(_ *kgo.Record, err error) {
		if err == nil {
			acknowledged.Add(1)
		}
	}
	seconds, err := took(func() error {
		for i := range w.events {
			from := i * 7919 & 0xffff
			client.Produce(ctx, &kgo.Record{Value: pool[from : from+int64(w.size)], Partition: int32(i % 12)}, count)
		}
		return client.Flush(ctx)
	})
	if err == nil && acknowledged.Load() != w.events {
		err = fmt.Errorf("got %d acknowledged, want %d", acknowledged.Load(), w.events)
	}
	return float64(w.events) / seconds, err
}

func consumer(p place) (*kgo.Client, error) {
	return kgo.NewClient(append(slices.Clone(p.base), kgo.ConsumeTopics(p.topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
}

// consumeBare counts what comes.
func consumeBare(ctx context.Context, p place, w work) (float64, error) {
	began := time.Now()
	client, err := consumer(p)
	if err != nil {
		return 0, err
	}
	defer client.Close()
	for got := int64(0); got < w.events; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return 0, err
		}
		got += int64(fetches.NumRecords())
	}
	return float64(w.events) / time.Since(began).Seconds(), nil
}

// latencyBare sends at a rate, each record with the time it was due, and keeps each latency in a list: the least that
// one can do.
func latencyBare(ctx context.Context, p place, rate float64, events int64) ([]time.Duration, error) {
	reader, err := consumer(p)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	writer, err := kgo.NewClient(append(slices.Clone(p.base), kgo.DefaultProduceTopic(p.topic),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0))...)
	if err != nil {
		return nil, err
	}
	defer writer.Close()
	start := time.Now()
	due := func(i int64) time.Duration { return time.Duration(float64(i) / rate * 1e9) }
	var sending sync.WaitGroup
	sending.Go(func() {
		value, timer := make([]byte, 100), time.NewTimer(0)
		for i := range events {
			if left := due(i) - time.Since(start); left > 0 {
				timer.Reset(left)
				<-timer.C
			}
			writer.Produce(ctx, &kgo.Record{Value: value, Partition: int32(i % 12), Timestamp: start.Add(due(i))}, nil)
		}
	})
	defer sending.Wait()
	next, latencies := make([]int64, 12), make([]time.Duration, 0, events) // the number of a record follows from its place
	for int64(len(latencies)) < events {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		now := time.Since(start)
		fetches.EachRecord(func(r *kgo.Record) {
			number := next[r.Partition]*12 + int64(r.Partition)
			next[r.Partition]++
			latencies = append(latencies, now-due(number))
		})
	}
	return latencies, nil
}

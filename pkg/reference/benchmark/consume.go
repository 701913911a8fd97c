package benchmark

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/topics"
)

// ReadPlan is what a consumer decides; Consume carries it out.
type ReadPlan struct {
	Intake
	// Parse reads when an event was sent, in nanoseconds since 1970, and its number; ok is false for what is no event.
	Parse func(event *kgo.Record) (sent, seq int64, ok bool)
}

// Received is what was seen of a load.
type Received struct {
	Events  int64   `json:"events"`  // each counted once
	Records int64   `json:"records"` // everything that was read
	Timed   int64   `json:"timed"`   // events whose latency was recorded: those after the warm-up
	Seconds float64 `json:"seconds"` // from the poll that ended the warm-up to the last
	Rate    float64 `json:"rate"`    // events that came after that poll, a second in that time
	Span
	Findings `json:"findings"`
	Latency  Percentiles `json:"latency"`
	// Histogram is what Latency was taken from, in HdrHistogram's compressed form, V2.
	Histogram []byte  `json:"histogram,omitempty"`
	OverTime  []Point `json:"over_time,omitempty"`
	OverHour  int64   `json:"over_an_hour,omitempty"` // latencies that were recorded as an hour
	Negative  int64   `json:"negative,omitempty"`     // latencies below zero, recorded as zero: the clocks differ
	Complete  bool    `json:"complete"`               // it was not ended before all events had come
}

// receiving is an intake under way.
type receiving struct {
	ReadPlan
	clock clock
	check *check
	// How many events are expected, and of the warm-up.
	expected, warmUp int64

	latency *latencies

	mu       sync.Mutex
	overTime []Point

	records, timed atomic.Int64
	start          int64        // of reading
	began, latest  atomic.Int64 // when the poll came that ended the warm-up, and the last with events
	warm           atomic.Int64 // events up to and with the former
	heard          atomic.Int64 // when something came
	ends           atomic.Pointer[map[int32]int64]
}

// Consume reads a topic from its start until each event of a load has come and nothing is left behind it, or nothing
// has come for as long as its patience. Being told to stop by ctx is no error.
func Consume(ctx context.Context, base []kgo.Opt, in Intake, point func(Point)) (Received, error) {
	return consume(ctx, base, ReadPlan{in, Parse}, point)
}

func consume(ctx context.Context, base []kgo.Opt, plan ReadPlan, point func(Point)) (Received, error) {
	r := &receiving{ReadPlan: plan, clock: newClock()}
	clients, err := r.clients(ctx, base)
	for _, c := range clients {
		defer c.Close()
	}
	if err != nil {
		return Received{}, err
	}
	r.latency = newLatencies(r.Progress, func(p Point) {
		r.mu.Lock()
		r.overTime = append(r.overTime, p)
		r.mu.Unlock()
		point(p)
	})
	r.start = r.clock.now()
	r.heard.Store(r.start)
	if !r.Begin.IsZero() {
		r.heard.Store(max(r.start, r.Begin.UnixNano()))
	}
	errs := make([]error, len(clients))
	var all sync.WaitGroup
	for i, client := range clients {
		all.Go(func() { errs[i] = r.read(ctx, client, i) })
	}
	all.Wait()
	r.latency.end(r.clock.now())
	got, err := r.received()
	return got, errors.Join(append(errs, err)...)
}

func (r *receiving) received() (Received, error) {
	got := Received{
		Events: r.check.distinct.Load(), Records: r.records.Load(), Timed: r.timed.Load(), Findings: r.check.result(),
		OverTime: r.overTime,
		Latency:  percentiles(r.latency.whole), OverHour: r.latency.late, Negative: r.latency.early,
		Complete: r.ends.Load() != nil,
	}
	began, latest, after := r.began.Load(), r.latest.Load(), got.Events-r.warm.Load()
	if after <= 0 { // one poll brought all: what is left is the time since the start
		began, after = r.start, got.Events
	}
	if latest > began {
		got.Span = span(began, latest, after)
		got.Seconds = float64(latest-began) / 1e9
		got.Rate = float64(after) / got.Seconds
	}
	if r.Untimed {
		return got, nil
	}
	var err error
	got.Histogram, err = encode(r.latency.whole)
	return got, err
}

// clients makes the clients; client i reads the share's partitions i, i+consumers, i+2*consumers and so on, from their
// start.
func (r *receiving) clients(ctx context.Context, base []kgo.Opt) (clients []*kgo.Client, err error) {
	scout, err := kgo.NewClient(base...)
	if err != nil {
		return nil, err
	}
	defer scout.Close()
	found, err := topics.Describe(ctx, scout, r.Topic)
	if err != nil {
		return nil, err
	}
	partitions := found[r.Topic].Partitions
	producers := r.Share.producers(r.Producers)
	r.check = newCheck(r.Events, producers, partitions, r.Share)
	r.expected = r.Share.receives(r.Events, producers, partitions)
	r.warmUp = r.Share.receives(r.WarmUp, producers, partitions)
	for i := range r.Consumers {
		own := map[int32]kgo.Offset{}
		for _, p := range r.Share.partitions(partitions, i, r.Consumers) {
			own[p] = kgo.NewOffset().AtStart()
		}
		if len(own) == 0 {
			break
		}
		options := append(append([]kgo.Opt{}, base...),
			kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{r.Topic: own}),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxBytes(fetchBytes), kgo.WithPools(&recordPool{}))
		client, err := kgo.NewClient(options...)
		if err != nil {
			return clients, err
		}
		clients = append(clients, client)
	}
	return clients, nil
}

// glance is how long a client waits for records before it looks around.
const glance = 250 * time.Millisecond

// read takes in the partitions of one client.
func (r *receiving) read(ctx context.Context, client *kgo.Client, number int) error {
	next := map[int32]int64{}
	for _, p := range r.Share.partitions(int32(len(r.check.latest)), number, r.Consumers) {
		next[p] = 0
	}
	for !r.finished(next) {
		poll, cancel := context.WithTimeout(ctx, glance)
		fetches := client.PollFetches(poll)
		cancel()
		if ctx.Err() != nil {
			return nil
		}
		now := r.clock.now()
		for _, failed := range fetches.Errors() {
			if !errors.Is(failed.Err, context.DeadlineExceeded) {
				return fmt.Errorf("read partition %d: %w", failed.Partition, failed.Err)
			}
		}
		fetches.EachPartition(func(p kgo.FetchTopicPartition) {
			if len(p.Records) > 0 {
				next[p.Partition] = r.take(p.Records, now)
				for _, record := range p.Records {
					record.Recycle()
				}
			}
		})
		if r.check.distinct.Load() >= r.expected && r.ends.Load() == nil {
			if err := r.findEnds(ctx, client); err != nil {
				return err
			}
		}
		if idle := time.Duration(now - r.heard.Load()); idle > r.Patience {
			return nil // what is missing is found missing
		}
	}
	return nil
}

// take checks and times the records of one partition, all of them received now, and returns the offset behind them.
func (r *receiving) take(records []*kgo.Record, now int64) int64 {
	first, timed := int64(0), int64(0)
	done := func() {}
	if !r.Untimed {
		done = r.latency.batch(now)
	}
	for _, record := range records {
		sent, seq, ok := r.Parse(record)
		if !ok {
			r.check.foreign(record.Partition, record.Offset, record.Value)
			continue
		}
		if !r.check.event(record.Partition, record.Offset, seq) {
			continue
		}
		first++
		if seq < r.WarmUp {
			continue
		}
		timed++
		if !r.Untimed {
			r.latency.record(now - sent)
		}
	}
	done()
	distinct := r.check.distinct.Add(first)
	r.records.Add(int64(len(records)))
	r.timed.Add(timed)
	r.heard.Store(now)
	if first > 0 {
		r.latest.Store(now)
	}
	// a poll brings several partitions
	if began := r.began.Load(); distinct >= r.warmUp && (began == 0 || began == now) {
		r.began.Store(now)
		r.warm.Store(distinct)
	}
	return records[len(records)-1].Offset + 1
}

// findEnds notes where the partitions end once all events have come: what stands behind them is read as well, as a
// repetition may.
func (r *receiving) findEnds(ctx context.Context, client *kgo.Client) error {
	listed, err := kadm.NewClient(client).ListEndOffsets(ctx, r.Topic)
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return fmt.Errorf("look for the ends of the partitions: %w", err)
	}
	ends := map[int32]int64{}
	listed.Each(func(o kadm.ListedOffset) { ends[o.Partition] = o.Offset })
	r.ends.CompareAndSwap(nil, &ends)
	return nil
}

// finished is true once a client has nothing left to read.
func (r *receiving) finished(next map[int32]int64) bool {
	ends := r.ends.Load()
	if ends == nil {
		return false
	}
	for p, offset := range next {
		if offset < (*ends)[p] {
			return false
		}
	}
	return true
}

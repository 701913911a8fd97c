package chaos

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
)

const (
	group   = "chaos" // logical
	batches = 50      // in which the records of a run are sent
)

// Run is one run, for the oracle. Topics have logical names.
type Run struct {
	Seed     int64
	Session  cluster.Session
	Client   *kgo.Client // sends each record to the partition it names
	Admin    *kadm.Client
	Database string
	Sent     []*kgo.Record // all acknowledged, in the order of sending, with the offset and timestamp they have in the log

	plan   Plan
	random *rand.Rand
}

// Topic is the physical name of a topic.
func (r *Run) Topic(logical string) string { return r.Session.Names().Topic(logical) }

// Group is the physical name of the instances' group.
func (r *Run) Group() string { return r.Session.Names().Group(group) }

// open makes the run's client and topics.
func (r *Run) open(ctx context.Context, t testing.TB) error {
	var err error
	r.Client, err = r.Session.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0),
		kgo.MetadataMinAge(50*time.Millisecond))
	if err != nil {
		return err
	}
	r.Admin = kadm.NewClient(r.Client)
	for _, topic := range r.plan.Topics {
		configs := map[string]*string{"retention.ms": kadm.StringPtr("-1")} // event times may be old
		for name, value := range topic.Configs {
			configs[name] = &value
		}
		if _, err := r.Admin.CreateTopic(ctx, topic.Partitions, -1, configs, r.Topic(topic.Name)); err != nil {
			return fmt.Errorf("create topic %s: %w", topic.Name, err)
		}
	}
	if r.plan.Database != nil {
		r.Database = r.plan.Database(t)
	}
	return nil
}

// produce sends the records, spread evenly over the time they are given.
func (r *Run) produce(ctx context.Context) error {
	every := time.NewTicker(max(r.plan.Producing/batches, time.Millisecond))
	defer every.Stop()
	for sent := 0; sent < r.plan.Records; {
		var batch []*kgo.Record
		for ; len(batch) < max(r.plan.Records/batches, 1) && sent < r.plan.Records; sent++ {
			record := r.plan.Record(r.random, sent)
			r.Sent = append(r.Sent, record)
			physical := *record
			physical.Topic = r.Topic(record.Topic)
			batch = append(batch, &physical)
		}
		if err := r.Client.ProduceSync(ctx, batch...).FirstErr(); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		for i, physical := range batch {
			record := r.Sent[sent-len(batch)+i]
			record.Offset, record.Timestamp = physical.Offset, physical.Timestamp
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return fmt.Errorf("send: %w", context.Cause(ctx))
		}
	}
	return nil
}

// Read returns all committed records of a topic, in order of partition and offset. It waits until no transaction is
// open: that of a killed instance hides what was committed behind it until it times out.
func (r *Run) Read(ctx context.Context, logical string) ([]*kgo.Record, error) {
	topic := r.Topic(logical)
	var ends kadm.ListedOffsets
	err := await.Until(ctx, await.Options{Within: r.plan.Patience, What: "the transactions on " + logical + " to end"},
		func(ctx context.Context) (bool, error) {
			high, err := r.ends(ctx, topic, r.Admin.ListEndOffsets)
			if err != nil {
				return false, err
			}
			if ends, err = r.ends(ctx, topic, r.Admin.ListCommittedOffsets); err != nil {
				return false, err
			}
			return maps.EqualFunc(high[topic], ends[topic], func(a, b kadm.ListedOffset) bool { return a.Offset == b.Offset }),
				nil
		})
	if err != nil {
		return nil, err
	}
	left, from := map[int32]int64{}, map[string]map[int32]kgo.Offset{topic: {}}
	ends.Each(func(o kadm.ListedOffset) {
		if o.Offset > 0 {
			left[o.Partition], from[topic][o.Partition] = o.Offset, kgo.NewOffset().AtStart()
		}
	})
	if len(left) == 0 {
		return nil, nil
	}
	reader, err := r.Session.Client(kgo.ConsumePartitions(from), kgo.KeepControlRecords(),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var records []*kgo.Record
	for len(left) > 0 {
		fetches := reader.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", logical, err)
		}
		for _, record := range fetches.Records() {
			if !record.Attrs.IsControl() {
				record.Topic = logical
				records = append(records, record)
			}
			if record.Offset+1 >= left[record.Partition] {
				delete(left, record.Partition)
			}
		}
	}
	slices.SortFunc(records, func(a, b *kgo.Record) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	return records, nil
}

func (r *Run) ends(ctx context.Context, topic string, list func(context.Context, ...string) (kadm.ListedOffsets,
	error)) (kadm.ListedOffsets, error) {
	ends, err := list(ctx, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("ends of %s: %w", topic, err)
	}
	return ends, nil
}

// Committed returns the group's committed offsets of a topic; a partition without one is absent.
func (r *Run) Committed(ctx context.Context, logical string) (map[int32]int64, error) {
	answers, err := r.Admin.FetchOffsets(ctx, r.Group())
	if err == nil {
		err = answers.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("committed offsets: %w", err)
	}
	committed := map[int32]int64{}
	for partition, o := range answers[r.Topic(logical)] {
		if o.At >= 0 {
			committed[partition] = o.At
		}
	}
	return committed, nil
}

// Ends returns the offset behind the last sent record of each partition of a topic; a partition without any is absent.
func (r *Run) Ends(logical string) map[int32]int64 {
	ends := map[int32]int64{}
	for _, record := range r.Sent {
		if record.Topic == logical {
			ends[record.Partition] = max(ends[record.Partition], record.Offset+1)
		}
	}
	return ends
}

// committedAll is the usual Drained.
func committedAll(ctx context.Context, r *Run) (bool, error) {
	for _, input := range r.plan.Inputs {
		committed, err := r.Committed(ctx, input)
		if err != nil {
			return false, err
		}
		for partition, end := range r.Ends(input) {
			if committed[partition] < end {
				return false, nil
			}
		}
	}
	return true, nil
}

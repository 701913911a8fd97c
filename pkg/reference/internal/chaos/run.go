package chaos

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/await"
	"github.com/kafkaspec/kafkaspec/pkg/cluster"
	"github.com/kafkaspec/kafkaspec/pkg/database"
	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/lab"
)

const (
	group   = "chaos" // logical
	batches = 50      // in which the records of a run are sent
)

// Run is one run, for the oracle. Topics have logical names.
type Run struct {
	Session  cluster.Session
	Database *database.Database
	Sent     []*kgo.Record // all acknowledged, in the order of sending, with the offset and timestamp they have in the log

	client *kgo.Client // sends each record to the partition it names
	admin  *kadm.Client
	plan   Plan
}

func (r *Run) topic(logical string) string { return r.Session.Names().Topic(logical) }

func (r *Run) group() string { return r.Session.Names().Group(group) }

// open makes the run's client, topics and database.
func (r *Run) open(ctx context.Context, t testing.TB) error {
	var err error
	r.client, err = r.Session.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0),
		kgo.MetadataMinAge(50*time.Millisecond))
	if err != nil {
		return err
	}
	r.admin = kadm.NewClient(r.client)
	for _, topic := range r.plan.Topics {
		configs := map[string]*string{"retention.ms": kadm.StringPtr("-1")} // event times may be old
		for name, value := range topic.Configs {
			configs[name] = &value
		}
		if _, err := r.admin.CreateTopic(ctx, topic.Partitions, -1, configs, r.topic(topic.Name)); err != nil {
			return fmt.Errorf("create topic %s: %w", topic.Name, err)
		}
	}
	if r.plan.Database != nil {
		r.Database = r.plan.Database(t)
	}
	return nil
}

// produce sends the records, spread evenly over the time they are given.
func (r *Run) produce(ctx context.Context, random *rand.Rand) error {
	every := time.NewTicker(producing / batches)
	defer every.Stop()
	for len(r.Sent) < r.plan.Records {
		var batch []*kgo.Record
		for first := len(r.Sent); len(batch) < max(r.plan.Records/batches, 1); {
			record := r.plan.Record(random, first+len(batch))
			record.Topic = r.topic(record.Topic)
			batch = append(batch, record)
		}
		if err := r.client.ProduceSync(ctx, batch...).FirstErr(); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		for _, record := range batch {
			record.Topic, _ = r.Session.Names().LogicalTopic(record.Topic)
		}
		r.Sent = append(r.Sent, batch...)
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
	topic := r.topic(logical)
	var ends kadm.ListedOffsets
	err := await.Until(ctx, await.Options{Within: patience, What: "the transactions on " + logical + " to end"},
		func(ctx context.Context) (bool, error) {
			high, err := r.admin.ListEndOffsets(ctx, topic)
			if err == nil {
				ends, err = r.admin.ListCommittedOffsets(ctx, topic)
			}
			if err := errors.Join(err, high.Error(), ends.Error()); err != nil {
				return false, fmt.Errorf("ends of %s: %w", topic, err)
			}
			return maps.EqualFunc(high[topic], ends[topic], func(a, b kadm.ListedOffset) bool { return a.Offset == b.Offset }),
				nil
		})
	if err != nil {
		return nil, err
	}
	records, err := lab.ReadTo(ctx, r.Session.Client, topic, ends)
	for _, record := range records {
		record.Topic = logical
	}
	return records, err
}

// Committed returns the group's committed offsets of a topic; a partition without one is absent.
func (r *Run) Committed(ctx context.Context, logical string) (map[int32]int64, error) {
	return lab.Committed(ctx, r.admin, r.group(), r.topic(logical))
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

// drained tells whether the group has committed the ends of all inputs, and how far it is.
func (r *Run) drained(ctx context.Context) (done bool, state string, err error) {
	done = true
	for _, input := range r.plan.Inputs {
		committed, err := r.Committed(ctx, input)
		if err != nil {
			return false, state, err
		}
		ends := r.Ends(input)
		state += fmt.Sprintf("%s committed %v, ends %v; ", input, committed, ends)
		for partition, end := range ends {
			done = done && committed[partition] >= end
		}
	}
	return done, state, nil
}

// members are those of the group.
func (r *Run) members(ctx context.Context) ([]kadm.DescribedGroupMember, error) {
	groups, err := r.admin.DescribeGroups(ctx, r.group())
	if err == nil {
		err = groups.Error()
	}
	if errors.Is(err, kerr.GroupIDNotFound) { // nobody has joined it yet
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the group: %w", err)
	}
	return groups[r.group()].Members, nil
}

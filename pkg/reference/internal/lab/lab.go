// Package lab runs a reference application against an embedded cluster, for this tree's own tests.
//
// A Lab is one fresh cluster. A Running is one application on it, whose log lines are kept and can be waited for;
// everything else about it is seen as a stranger would: topics, committed offsets and the error it ends with.
package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/await"
)

// patience is the longest wait for anything; only a failing test waits that long.
const patience = 20 * time.Second

// Lab is one cluster of one broker.
type Lab struct {
	Fake   *kfake.Cluster
	Client *kgo.Client
	Admin  *kadm.Client
	Ctx    context.Context // ends when the test has waited too long
}

// New starts a cluster that ends with the test.
func New(t testing.TB) *Lab {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(100*time.Millisecond),
		kfake.BrokerConfigs(map[string]string{"group.consumer.heartbeat.interval.ms": "50"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.RecordPartitioner(atPartition{}),
		kgo.ProducerLinger(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &Lab{Fake: fake, Client: client, Admin: kadm.NewClient(client), Ctx: ctx}
}

// atPartition puts each record on the partition it names.
type atPartition struct{}

func (atPartition) ForTopic(string) kgo.TopicPartitioner        { return atPartition{} }
func (atPartition) RequiresConsistency(*kgo.Record) bool        { return true }
func (atPartition) Partition(r *kgo.Record, partitions int) int { return int(r.Partition) % partitions }

// Topic creates a topic; settings are pairs of name and value.
func (l *Lab) Topic(t testing.TB, name string, partitions int32, settings ...string) {
	t.Helper()
	configs := map[string]*string{}
	for pair := range slices.Chunk(settings, 2) {
		configs[pair[0]] = &pair[1]
	}
	if _, err := l.Admin.CreateTopic(l.Ctx, partitions, 1, configs, name); err != nil {
		t.Fatalf("create topic %s: %v", name, err)
	}
}

// Set changes one setting of a topic.
func (l *Lab) Set(t testing.TB, topic, name, value string) {
	t.Helper()
	answers, err := l.Admin.AlterTopicConfigs(l.Ctx, []kadm.AlterConfig{{Name: name, Value: &value}}, topic)
	if err == nil {
		err = answers[0].Err
	}
	if err != nil {
		t.Fatalf("set %s of topic %s: %v", name, topic, err)
	}
}

// Send produces records, each to the partition it names.
func (l *Lab) Send(t testing.TB, records ...*kgo.Record) {
	t.Helper()
	if err := l.Client.ProduceSync(l.Ctx, records...).FirstErr(); err != nil {
		t.Fatalf("send: %v", err)
	}
}

// Values sends values to one partition under the key u.
func (l *Lab) Values(t testing.TB, topic string, partition int32, values ...string) {
	t.Helper()
	var records []*kgo.Record
	for _, value := range values {
		records = append(records, &kgo.Record{Topic: topic, Partition: partition, Key: []byte("u"), Value: []byte(value)})
	}
	l.Send(t, records...)
}

// Read returns all committed records of a topic, in order of partition and offset.
func (l *Lab) Read(t testing.TB, topic string) []*kgo.Record {
	t.Helper()
	ends, err := l.Admin.ListCommittedOffsets(l.Ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	left, from := map[int32]int64{}, map[string]map[int32]kgo.Offset{topic: {}}
	for partition, o := range ends[topic] {
		if o.Offset > 0 {
			left[partition], from[topic][partition] = o.Offset, kgo.NewOffset().AtStart()
		}
	}
	if len(left) == 0 {
		return nil
	}
	reader, err := kgo.NewClient(kgo.SeedBrokers(l.Fake.ListenAddrs()...), kgo.ConsumePartitions(from),
		kgo.KeepControlRecords(), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var records []*kgo.Record
	for len(left) > 0 {
		fetches := reader.PollFetches(l.Ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("read %s to %v: %v", topic, left, err)
		}
		for _, r := range fetches.Records() {
			if !r.Attrs.IsControl() {
				records = append(records, r)
			}
			if r.Offset+1 >= left[r.Partition] {
				delete(left, r.Partition)
			}
		}
	}
	slices.SortFunc(records, func(a, b *kgo.Record) int {
		return cmp.Or(cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	return records
}

// Committed returns the committed offsets of a topic; a partition without one is absent.
func (l *Lab) Committed(t testing.TB, group, topic string) map[int32]int64 {
	t.Helper()
	answers, err := l.Admin.FetchOffsets(l.Ctx, group)
	if err == nil {
		err = answers.Error()
	}
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) { // it has no members yet
		t.Fatalf("committed offsets of group %s: %v", group, err)
	}
	committed := map[int32]int64{}
	for partition, o := range answers[topic] {
		if o.At >= 0 {
			committed[partition] = o.At
		}
	}
	return committed
}

// RefuseCommit has the next commit refused with an error of Kafka, for all its partitions.
func (l *Lab) RefuseCommit(with *kerr.Error) {
	l.Fake.ControlKey(int16(kmsg.OffsetCommit), func(request kmsg.Request) (kmsg.Response, error, bool) {
		answer := request.ResponseKind().(*kmsg.OffsetCommitResponse)
		for _, asked := range request.(*kmsg.OffsetCommitRequest).Topics {
			topic := kmsg.NewOffsetCommitResponseTopic()
			topic.Topic, topic.TopicID = asked.Topic, asked.TopicID
			for _, p := range asked.Partitions {
				partition := kmsg.NewOffsetCommitResponseTopicPartition()
				partition.Partition, partition.ErrorCode = p.Partition, with.Code
				topic.Partitions = append(topic.Partitions, partition)
			}
			answer.Topics = append(answer.Topics, topic)
		}
		return answer, nil, true
	})
}

// UntilCommitted waits until the group has committed these offsets of a topic.
func (l *Lab) UntilCommitted(t testing.TB, group, topic string, want map[int32]int64) {
	t.Helper()
	var got map[int32]int64
	l.Until(t, fmt.Sprintf("committed offsets %v of %s", want, topic), func() bool {
		got = l.Committed(t, group, topic)
		return maps.Equal(got, want)
	}, func() string { return fmt.Sprint(got) })
}

// Until waits for something that nobody tells of, as long as the lab's Ctx lasts. State, which may be nil, says what
// there is instead.
func (l *Lab) Until(t testing.TB, what string, so func() bool, state func() string) {
	t.Helper()
	err := await.Until(l.Ctx, await.Options{Within: time.Hour, Every: 5 * time.Millisecond, What: what, State: state},
		func(context.Context) (bool, error) { return so(), nil })
	if err != nil {
		t.Fatal(err)
	}
}

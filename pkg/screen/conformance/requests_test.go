package conformance_test

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// newTopic asks for a topic with settings given as "name=value"; "name" alone is a null value.
func newTopic(name string, partitions int32, settings ...string) kmsg.CreateTopicsRequestTopic {
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, partitions, 1
	for _, s := range settings {
		c := kmsg.NewCreateTopicsRequestTopicConfig()
		c.Name, c.Value = setting(s)
		topic.Configs = append(topic.Configs, c)
	}
	return topic
}

func setting(s string) (name string, value *string) {
	name, text, ok := strings.Cut(s, "=")
	if ok {
		value = &text
	}
	return name, value
}

func createTopics(topics ...kmsg.CreateTopicsRequestTopic) *kmsg.CreateTopicsRequest {
	r := kmsg.NewPtrCreateTopicsRequest()
	r.Topics, r.TimeoutMillis = topics, 5000
	return r
}

func metadata(topics ...string) *kmsg.MetadataRequest {
	r := kmsg.NewPtrMetadataRequest()
	r.Topics = []kmsg.MetadataRequestTopic{}
	for _, name := range topics {
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = &name
		r.Topics = append(r.Topics, t)
	}
	return r
}

func deleteTopics(topics ...string) *kmsg.DeleteTopicsRequest {
	r := kmsg.NewPtrDeleteTopicsRequest()
	r.TimeoutMillis, r.TopicNames = 5000, topics
	for _, name := range topics {
		t := kmsg.NewDeleteTopicsRequestTopic()
		t.Topic = &name
		r.Topics = append(r.Topics, t)
	}
	return r
}

func describeConfigs(kind kmsg.ConfigResourceType, name string, settings ...string) *kmsg.DescribeConfigsRequest {
	r := kmsg.NewPtrDescribeConfigsRequest()
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName, resource.ConfigNames = kind, name, settings
	r.Resources = append(r.Resources, resource)
	return r
}

// alter changes settings one by one, each given as "name=value", "name" to go back to the default, "name+=value" or
// "name-=value" for lists.
func alter(kind kmsg.ConfigResourceType, name string, settings ...string) *kmsg.IncrementalAlterConfigsRequest {
	r := kmsg.NewPtrIncrementalAlterConfigsRequest()
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kind, name
	for _, s := range settings {
		c := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		c.Name, c.Value = setting(s)
		switch {
		case strings.HasSuffix(c.Name, "+"):
			c.Name, c.Op = strings.TrimSuffix(c.Name, "+"), kmsg.IncrementalAlterConfigOpAppend
		case strings.HasSuffix(c.Name, "-"):
			c.Name, c.Op = strings.TrimSuffix(c.Name, "-"), kmsg.IncrementalAlterConfigOpSubtract
		case c.Value == nil:
			c.Op = kmsg.IncrementalAlterConfigOpDelete
		}
		resource.Configs = append(resource.Configs, c)
	}
	r.Resources = append(r.Resources, resource)
	return r
}

// replaceConfigs is the older way: all settings at once.
func replaceConfigs(kind kmsg.ConfigResourceType, name string, settings ...string) *kmsg.AlterConfigsRequest {
	r := kmsg.NewPtrAlterConfigsRequest()
	resource := kmsg.NewAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kind, name
	for _, s := range settings {
		c := kmsg.NewAlterConfigsRequestResourceConfig()
		c.Name, c.Value = setting(s)
		resource.Configs = append(resource.Configs, c)
	}
	r.Resources = append(r.Resources, resource)
	return r
}

// rec is a record of a batch; an empty key is none.
type rec struct {
	key, value string
	at         time.Time // zero: now
}

// batch encodes records as producers do, uncompressed, after change has had its way.
func batch(change func(*kmsg.RecordBatch), records ...rec) []byte {
	b := kmsg.RecordBatch{Magic: 2, PartitionLeaderEpoch: -1, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1}
	b.NumRecords, b.LastOffsetDelta = int32(len(records)), int32(len(records))-1
	for i, r := range records {
		if r.at.IsZero() {
			r.at = time.Now()
		}
		at := r.at.UnixMilli()
		if i == 0 {
			b.FirstTimestamp, b.MaxTimestamp = at, at
		}
		b.MaxTimestamp = max(b.MaxTimestamp, at)
		var key []byte
		if r.key != "" {
			key = []byte(r.key)
		}
		one := kmsg.Record{TimestampDelta64: at - b.FirstTimestamp, OffsetDelta: int32(i), Key: key, Value: []byte(r.value)}
		encoded := one.AppendTo(nil)[1:] // without its length, which is 0 here
		b.Records = append(binary.AppendVarint(b.Records, int64(len(encoded))), encoded...)
	}
	if change != nil {
		change(&b)
	}
	b.Length = int32(49 + len(b.Records))
	encoded := b.AppendTo(nil)
	crc := crc32.Checksum(encoded[21:], crc32.MakeTable(crc32.Castagnoli))
	binary.BigEndian.PutUint32(encoded[17:], crc+uint32(b.CRC)) // what change set is what is wrong
	return encoded
}

// produce sends a batch to partition 0 of a topic, with acks=all.
func produce(topic string, records []byte) *kmsg.ProduceRequest {
	r := kmsg.NewPtrProduceRequest()
	r.Acks, r.TimeoutMillis = -1, 5000
	t := kmsg.NewProduceRequestTopic()
	t.Topic = topic
	p := kmsg.NewProduceRequestTopicPartition()
	p.Records = records
	t.Partitions = append(t.Partitions, p)
	r.Topics = append(r.Topics, t)
	return r
}

// fetch reads partition 0 of a topic.
func fetch(topic string, id [16]byte, offset int64, change ...func(*kmsg.FetchRequest)) *kmsg.FetchRequest {
	r := kmsg.NewPtrFetchRequest()
	r.MaxBytes, r.MaxWaitMillis, r.SessionEpoch = 1<<20, 10, -1
	t := kmsg.NewFetchRequestTopic()
	t.Topic, t.TopicID = topic, id
	p := kmsg.NewFetchRequestTopicPartition()
	p.FetchOffset, p.PartitionMaxBytes = offset, 1<<20
	t.Partitions = append(t.Partitions, p)
	r.Topics = append(r.Topics, t)
	for _, c := range change {
		c(r)
	}
	return r
}

func listOffsets(topic string, partition int32, at int64) *kmsg.ListOffsetsRequest {
	r := kmsg.NewPtrListOffsetsRequest()
	t := kmsg.NewListOffsetsRequestTopic()
	t.Topic = topic
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Partition, p.Timestamp = partition, at
	t.Partitions = append(t.Partitions, p)
	r.Topics = append(r.Topics, t)
	return r
}

package conformance_test

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// filled is a topic with three records in partition 0, a second apart from 2020 on.
func (a *asker) filled() string {
	t := a.topic("t", 2)
	for i := range 3 {
		a.do(produce(t, batch(nil, rec{"k", "v", longAgo.Add(time.Duration(i) * time.Second)})))
	}
	return t
}

func fetched(name string, offset int64, change ...func(*kmsg.FetchRequest)) question {
	return question{"fetch " + name, func(a *asker) {
		t := a.filled()
		a.ask(fetch(t, a.id(t), offset, change...))
	}}
}

func listed(name string, partition int32, at int64) question {
	return question{"offset " + name, func(a *asker) { a.ask(listOffsets(a.filled(), partition, at)) }}
}

var fetchQuestions = []question{
	fetched("from the start", 0), fetched("from the middle", 1), fetched("from the end", 3),
	fetched("past the end", 4), fetched("before the start", -1),
	fetched("of an unknown partition", 0, func(r *kmsg.FetchRequest) { r.Topics[0].Partitions[0].Partition = 9 }),
	fetched("of an unknown topic id", 0, func(r *kmsg.FetchRequest) { r.Topics[0].TopicID = [16]byte{9} }),
	fetched("one byte", 0, func(r *kmsg.FetchRequest) { r.MaxBytes, r.Topics[0].Partitions[0].PartitionMaxBytes = 1, 1 }),
	fetched("read_committed", 0, func(r *kmsg.FetchRequest) { r.IsolationLevel = 1 }),
	fetched("with a new session", 0, func(r *kmsg.FetchRequest) { r.SessionEpoch = 0 }),
	fetched("with an unknown session", 0, func(r *kmsg.FetchRequest) { r.SessionID, r.SessionEpoch = 77, 3 }),
	fetched("with a newer leader epoch", 0, func(r *kmsg.FetchRequest) {
		r.Topics[0].Partitions[0].CurrentLeaderEpoch = 9
	}),
	{"fetch in older versions", func(a *asker) {
		t := a.filled()
		for _, v := range []int16{4, 5, 7, 9, 10, 11, 12, 13} {
			a.ask(pinned{fetch(t, a.id(t), 2), v})
		}
	}},
	{"fetch of an unknown topic by name", one(func(a *asker) kmsg.Request {
		return pinned{fetch(a.n("u"), [16]byte{}, 0), 12}
	})},
	{"fetch after records were deleted", func(a *asker) {
		t := a.filled()
		a.do(deleteRecords(t, 0, 2))
		a.ask(fetch(t, a.id(t), 0))
		a.ask(fetch(t, a.id(t), 2))
	}},
	listed("at the start", 0, -2), listed("at the end", 0, -1), listed("of the largest time", 0, -3),
	listed("that is local and first", 0, -4), listed("that is tiered and last", 0, -5),
	listed("of an unknown special time", 0, -9), listed("of a time", 0, longAgo.UnixMilli()+500),
	listed("of a time that is too late", 0, farAhead.UnixMilli()), listed("of a time of an empty partition", 1, 5),
	listed("of the largest time of an empty partition", 1, -3), listed("of the end of an empty partition", 1, -1),
	listed("of an unknown partition", 9, -1),
	{"offset of an unknown topic", one(func(a *asker) kmsg.Request { return listOffsets(a.n("u"), 0, -1) })},
	{"offset with a newer leader epoch", func(a *asker) {
		r := listOffsets(a.filled(), 0, -1)
		r.Topics[0].Partitions[0].CurrentLeaderEpoch = 9
		a.ask(r)
	}},
	{"offsets of partitions in older versions", func(a *asker) {
		t := a.filled()
		for _, v := range []int16{1, 2, 4, 5, 6, 7} {
			a.ask(pinned{listOffsets(t, 0, -1), v})
		}
	}},
	{"offset of a leader epoch", func(a *asker) { a.ask(offsetForEpoch(a.filled(), 0, 0)) }},
	{"offset of a leader epoch to come", func(a *asker) { a.ask(offsetForEpoch(a.filled(), 0, 5)) }},
	{"offset of a leader epoch of an unknown topic", one(func(a *asker) kmsg.Request {
		return offsetForEpoch(a.n("u"), 0, 0)
	})},
	deleted("up to an offset", 0, 2), deleted("up to the end", 0, -1), deleted("past the end", 0, 9),
	deleted("before the start", 0, -5), deleted("of an unknown partition", 9, 1), deleted("of an empty partition", 1, -1),
	{"delete records of a compacted topic", func(a *asker) { a.deleteKeyed("cleanup.policy=compact") }},
	{"delete records of a topic that is compacted and deleted", func(a *asker) {
		a.deleteKeyed("cleanup.policy=compact,delete")
	}},
	{"delete records of an unknown topic", one(func(a *asker) kmsg.Request { return deleteRecords(a.n("u"), 0, 1) })},
	{"producers of a partition", func(a *asker) {
		t := a.topic("t", 1)
		a.do(produce(t, batch(func(b *kmsg.RecordBatch) {
			b.ProducerID, b.ProducerEpoch, b.FirstSequence = 4711, 3, 0
		}, usual)))
		a.ask(describeProducers(t, 0))
	}},
	{"producers of an unknown partition", one(func(a *asker) kmsg.Request { return describeProducers(a.n("u"), 0) })},
}

func deleted(name string, partition int32, offset int64) question {
	return question{"delete records " + name, func(a *asker) {
		t := a.filled()
		a.ask(deleteRecords(t, partition, offset))
		a.ask(listOffsets(t, 0, -2))
	}}
}

// deleteKeyed deletes the first of two records of a topic with settings, and records past the end.
func (a *asker) deleteKeyed(settings ...string) {
	t := a.topic("t", 1, settings...)
	for range 2 {
		a.do(produce(t, batch(nil, rec{"k", "v", longAgo})))
	}
	a.ask(deleteRecords(t, 0, 1))
	a.ask(deleteRecords(t, 0, 9))
	a.ask(deleteRecords(t, 9, 1))
	a.ask(listOffsets(t, 0, -2))
}

func deleteRecords(topic string, partition int32, offset int64) *kmsg.DeleteRecordsRequest {
	r := kmsg.NewPtrDeleteRecordsRequest()
	r.TimeoutMillis = 5000
	r.Topics = []kmsg.DeleteRecordsRequestTopic{{Topic: topic,
		Partitions: []kmsg.DeleteRecordsRequestTopicPartition{{Partition: partition, Offset: offset}}}}
	return r
}

func describeProducers(topic string, partition int32) *kmsg.DescribeProducersRequest {
	r := kmsg.NewPtrDescribeProducersRequest()
	r.Topics = []kmsg.DescribeProducersRequestTopic{{Topic: topic, Partitions: []int32{partition}}}
	return r
}

func offsetForEpoch(topic string, partition, epoch int32) *kmsg.OffsetForLeaderEpochRequest {
	r := kmsg.NewPtrOffsetForLeaderEpochRequest()
	r.ReplicaID = -1
	p := kmsg.NewOffsetForLeaderEpochRequestTopicPartition()
	p.Partition, p.LeaderEpoch = partition, epoch
	r.Topics = []kmsg.OffsetForLeaderEpochRequestTopic{{Topic: topic,
		Partitions: []kmsg.OffsetForLeaderEpochRequestTopicPartition{p}}}
	return r
}

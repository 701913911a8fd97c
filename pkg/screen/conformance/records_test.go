package conformance_test

import (
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

var (
	longAgo  = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	farAhead = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
)

// sent sends a batch to a topic and reads the topic.
func sent(name string, settings []string, change func(*kmsg.RecordBatch), records ...rec) question {
	return question{name, func(a *asker) {
		t := a.topic("t", 1, settings...)
		a.ask(produce(t, batch(change, records...)))
		a.ask(fetch(t, a.id(t), 0))
	}}
}

// asSent sends one batch in a request that differs from the usual one.
func asSent(name string, change func(a *asker, r *kmsg.ProduceRequest)) question {
	return question{name, func(a *asker) {
		r := produce(a.topic("t", 1), batch(nil, rec{"k", "v", time.Time{}}))
		change(a, r)
		a.ask(r)
	}}
}

var usual = rec{"k", "v", time.Time{}}

var produceQuestions = []question{
	sent("records", nil, nil, usual, usual),
	asSent("records for an unknown topic", func(a *asker, r *kmsg.ProduceRequest) { r.Topics[0].Topic = a.n("u") }),
	asSent("records for an unknown partition", func(_ *asker, r *kmsg.ProduceRequest) {
		r.Topics[0].Partitions[0].Partition = 7
	}),
	asSent("records with acks of 1", func(_ *asker, r *kmsg.ProduceRequest) { r.Acks = 1 }),
	asSent("records with acks of 2", func(_ *asker, r *kmsg.ProduceRequest) { r.Acks = 2 }),
	asSent("no records", func(_ *asker, r *kmsg.ProduceRequest) { r.Topics[0].Partitions[0].Records = nil }),
	asSent("a batch that is cut", func(_ *asker, r *kmsg.ProduceRequest) {
		p := &r.Topics[0].Partitions[0]
		p.Records = p.Records[:len(p.Records)-3]
	}),
	asSent("two batches at once", func(_ *asker, r *kmsg.ProduceRequest) {
		p := &r.Topics[0].Partitions[0]
		p.Records = append(p.Records, p.Records...)
	}),
	asSent("two partitions, one unknown", func(_ *asker, r *kmsg.ProduceRequest) {
		p := r.Topics[0].Partitions[0]
		p.Partition = 5
		r.Topics[0].Partitions = append(r.Topics[0].Partitions, p)
	}),
	{"records in older versions", func(a *asker) {
		t := a.topic("t", 1)
		for _, v := range []int16{3, 5, 7, 8, 9, 11} {
			a.ask(pinned{produce(t, batch(nil, usual)), v})
		}
	}},
	sent("a batch of a wrong checksum", nil, func(b *kmsg.RecordBatch) { b.CRC = 1 }, usual),
	sent("a batch of magic 1", nil, func(b *kmsg.RecordBatch) { b.Magic = 1 }, usual),
	sent("a batch of magic 3", nil, func(b *kmsg.RecordBatch) { b.Magic = 3 }, usual),
	sent("a control batch", nil, func(b *kmsg.RecordBatch) { b.Attributes = 32 }, usual),
	sent("a batch of an unknown codec", nil, func(b *kmsg.RecordBatch) { b.Attributes = 6 }, usual),
	sent("a batch that starts at offset 5", nil, func(b *kmsg.RecordBatch) { b.FirstOffset = 5 }, usual),
	sent("a batch with a wrong count", nil, func(b *kmsg.RecordBatch) { b.NumRecords = 3 }, usual),
	sent("a batch that says the broker set its time", nil, func(b *kmsg.RecordBatch) { b.Attributes = 8 }, usual),
	sent("a transactional batch without a producer id", nil, func(b *kmsg.RecordBatch) { b.Attributes = 16 }, usual),
	sent("a batch of a producer id that nobody gave", nil, func(b *kmsg.RecordBatch) {
		b.ProducerID, b.ProducerEpoch, b.FirstSequence = 123456, 0, 0
	}, usual),
	sent("a first batch that starts at sequence 5", nil, func(b *kmsg.RecordBatch) {
		b.ProducerID, b.ProducerEpoch, b.FirstSequence = 123457, 0, 5
	}, usual),
}

// sequences are batches of one idempotent producer, each by its first sequence and epoch.
func sequences(name string, batches ...[2]int32) question {
	return question{name, func(a *asker) {
		t := a.topic("t", 1)
		started := a.do(kmsg.NewPtrInitProducerIDRequest()).(*kmsg.InitProducerIDResponse)
		for _, s := range batches {
			a.ask(produce(t, batch(func(b *kmsg.RecordBatch) {
				b.ProducerID, b.FirstSequence, b.ProducerEpoch = started.ProducerID, s[0], int16(s[1])
			}, usual, usual)))
		}
	}}
}

// What the settings of a topic make of records.
var recordQuestions = []question{
	sequences("batches in order", [2]int32{0, 0}, [2]int32{2, 0}),
	sequences("a batch again", [2]int32{0, 0}, [2]int32{0, 0}),
	sequences("a gap in sequences", [2]int32{0, 0}, [2]int32{5, 0}),
	sequences("an older epoch", [2]int32{0, 1}, [2]int32{2, 0}),
	sequences("a newer epoch", [2]int32{0, 0}, [2]int32{0, 1}),
	sequences("a newer epoch that does not start at 0", [2]int32{0, 0}, [2]int32{2, 1}),
	sent("LogAppendTime", []string{"message.timestamp.type=LogAppendTime"}, nil, rec{"k", "v", longAgo}),
	sent("LogAppendTime and a time far ahead", []string{"message.timestamp.type=LogAppendTime"}, nil,
		rec{"k", "v", farAhead}),
	sent("LogAppendTime set by the producer and the topic", []string{"message.timestamp.type=LogAppendTime"},
		func(b *kmsg.RecordBatch) { b.Attributes = 8 }, usual),
	sent("a time far ahead", nil, nil, rec{"k", "v", farAhead}),
	sent("a time long ago", nil, nil, rec{"k", "v", longAgo}),
	sent("a time before the bound", []string{"message.timestamp.before.max.ms=1000"}, nil, rec{"k", "v", longAgo}),
	sent("a second record before the bound", []string{"message.timestamp.before.max.ms=1000"}, nil, usual,
		rec{"k", "v", longAgo}),
	sent("a time after the bound", []string{"message.timestamp.after.max.ms=1000"}, nil,
		rec{"k", "v", time.Now().Add(time.Hour)}),
	sent("a time within wide bounds", []string{"message.timestamp.after.max.ms=9223372036854775807"}, nil,
		rec{"k", "v", farAhead}),
	sent("no time", []string{"message.timestamp.before.max.ms=1000"}, func(b *kmsg.RecordBatch) {
		b.FirstTimestamp, b.MaxTimestamp = -1, -1
	}, usual),
	sent("no key for a compacted topic", []string{"cleanup.policy=compact"}, nil, rec{"", "v", time.Time{}}),
	sent("one of three keys missing for a compacted topic", []string{"cleanup.policy=compact,delete"}, nil, usual,
		rec{"", "v", time.Time{}}, usual),
	sent("keys for a compacted topic", []string{"cleanup.policy=compact"}, nil, usual, rec{"k", "", time.Time{}}),
	sent("a record as large as allowed", []string{"max.message.bytes=200"}, nil,
		rec{"k", strings.Repeat("x", 200-61-8-2), time.Time{}}),
	sent("a record that is too large", []string{"max.message.bytes=200"}, nil,
		rec{"k", strings.Repeat("x", 200), time.Time{}}),
	sent("a record over the default of a topic", nil, nil, rec{"k", strings.Repeat("x", 1<<20+100), time.Time{}}),
	sent("more replicas asked to be in sync than there are", []string{"min.insync.replicas=2"}, nil, usual),
	sent("a topic that compresses", []string{"compression.type=gzip"}, nil, usual),
	{"words of refused records", func(a *asker) {
		t := a.topic("t", 1, "message.timestamp.before.max.ms=1000", "cleanup.policy=compact")
		answer := a.do(produce(t, batch(nil, rec{"k", "v", time.Now()}, rec{"", "v", time.Now()}))).(*kmsg.ProduceResponse)
		p := answer.Topics[0].Partitions[0]
		a.note(codeName(p.ErrorCode) + ": " + text(p.ErrorMessage))
		for _, e := range p.ErrorRecords {
			a.note(text(e.ErrorMessage))
		}
	}},
	{"settings that are altered", func(a *asker) {
		t := a.topic("t", 1)
		keyless := func() int16 {
			answer := a.do(produce(t, batch(nil, rec{"", "v", time.Time{}}))).(*kmsg.ProduceResponse)
			return answer.Topics[0].Partitions[0].ErrorCode
		}
		a.note(codeName(keyless()))
		a.ask(alter(ofTopic, t, "cleanup.policy=compact"))
		a.until("a refusal", func() bool { return keyless() == kerr.InvalidRecord.Code })
		a.ask(alter(ofTopic, t, "cleanup.policy"))
		a.until("no refusal", func() bool { return keyless() == 0 })
	}},
}

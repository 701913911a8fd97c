package wire

import (
	"encoding/binary"
	"fmt"
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// produced is what a Produce request says, without its records.
type produced struct {
	version         int16
	acks            int16
	transactionalID string
	batches         []batch
}

// batch is what the header of a record batch tells; several batches for one partition are counted as one.
type batch struct {
	partitionKey
	bytes    int
	records  int32
	producer int64
	epoch    int16
	sequence int32
	codec    string
	contents []journal.Content // nil where they are not asked for
	keys     []journal.Key     // the same
}

// observeProduce reads versions 0 to 13.
func observeProduce(r *request, wanted wanted) (*produced, error) {
	c := newCursor(r.frame[r.body:])
	flexible, p := flexible(r.key, r.version), &produced{version: r.version}
	if r.version >= 3 {
		p.transactionalID = c.text(flexible)
	}
	p.acks = c.Int16()
	c.Int32() // timeout
	c.each(flexible, func() {
		var b batch
		if r.version >= 13 {
			b.topicID = c.Uuid()
		} else {
			b.topic = c.text(flexible)
		}
		c.each(flexible, func() {
			b.partition = c.Int32()
			records := c.bytes(flexible)
			b.read(records)
			if b.contents = nil; wanted.contents {
				b.contents = producedContents(records)
			}
			if b.keys = nil; wanted.keys(b.partitionKey) {
				b.keys = producedKeys(records)
			}
			c.tags(flexible)
			p.batches = append(p.batches, b)
		})
		c.tags(flexible)
	})
	return p, c.err()
}

// Places in a record batch, in bytes (message format 2; magic and attributes stand close in all formats).
const (
	batchLength     = 8
	batchMagic      = 16
	batchAttributes = 21
	batchLastDelta  = 23
	batchProducer   = 43
	batchEpoch      = 51
	batchSequence   = 53
	batchRecords    = 57
	batchHeader     = 61
)

var codecs = [...]string{"none", "gzip", "snappy", "lz4", "zstd"}

func codec(attributes byte) string {
	if c := int(attributes & 7); c < len(codecs) {
		return codecs[c]
	}
	return fmt.Sprintf("codec %d", attributes&7)
}

// read takes the first batch as the one that speaks for all, and adds up the records.
func (b *batch) read(records []byte) {
	b.bytes, b.records, b.producer, b.epoch, b.sequence, b.codec = len(records), 0, -1, -1, -1, "none"
	if len(records) > batchMagic+1 && records[batchMagic] < 2 {
		b.records, b.codec = -1, codec(records[batchMagic+1])
		return
	}
	first := true
	eachBatch(records, func(header []byte, _ bool) {
		b.records += int32(binary.BigEndian.Uint32(header[batchRecords:]))
		if !first {
			return
		}
		first = false
		b.codec = codec(header[batchAttributes+1])
		b.producer = int64(binary.BigEndian.Uint64(header[batchProducer:]))
		b.epoch = int16(binary.BigEndian.Uint16(header[batchEpoch:]))
		if b.producer >= 0 { // some clients leave 0 here when it means nothing
			b.sequence = int32(binary.BigEndian.Uint32(header[batchSequence:]))
		}
	})
}

// eachBatch calls found with the header of every batch that is there as a whole header. The last batch of a Fetch may
// be cut off.
func eachBatch(records []byte, found func(header []byte, whole bool)) {
	for len(records) >= batchHeader {
		length := int(int32(binary.BigEndian.Uint32(records[batchLength:]))) + batchLength + sizeBytes
		whole := length >= batchHeader && length <= len(records)
		found(records[:batchHeader], whole)
		if !whole {
			return
		}
		records = records[length:]
	}
}

func (p *produced) scope() scope {
	s := scope{partitions: make([]partitionKey, len(p.batches))}
	if p.transactionalID != "" {
		s.transactionalIDs = []string{p.transactionalID}
	}
	for i, b := range p.batches {
		s.partitions[i] = b.partitionKey
	}
	return s
}

func (p *produced) facts(n *naming, answer []byte) ([]journal.Fact, error) {
	answers := make(map[partitionKey]reflect.Value, len(p.batches))
	var err error
	if answer != nil {
		var response kmsg.Response
		if response, err = decodeResponse(requestOf(kmsg.Produce, p.version), answer); err == nil {
			eachPart(response, func(key partitionKey, part reflect.Value) { answers[key] = part })
		}
	}
	facts := make([]journal.Fact, len(p.batches))
	for i, b := range p.batches {
		attempt := &journal.Attempt{
			Acks: p.acks, TransactionalID: n.text(&p.transactionalID), ProducerID: b.producer, ProducerEpoch: b.epoch,
			FirstSequence: b.sequence, Bytes: b.bytes, Codec: b.codec, Contents: b.contents,
		}
		facts[i] = journal.Fact{Kind: journal.ProduceAttempt, Topic: n.topic(b.topic, b.topicID), Partition: b.partition,
			Offset: -1, Count: int64(b.records), Detail: attempt}
		if part, ok := answers[b.partitionKey]; ok {
			attempt.Code, facts[i].Offset = codeOf(part, "ErrorCode"), part.FieldByName("BaseOffset").Int()
		}
	}
	return facts, err
}

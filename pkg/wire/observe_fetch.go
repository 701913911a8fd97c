package wire

import (
	"encoding/binary"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// fetched is what a Fetch request says.
type fetched struct {
	version       int16
	readCommitted bool
	session       int32
	epoch         int32
	asked         []position
	forgotten     []partitionKey
}

type position struct {
	partitionKey
	offset int64
}

// observeFetch reads versions 0 to 18.
func observeFetch(r *request) (*fetched, error) {
	c := cursor{b: r.frame, at: r.body}
	flexible, f := flexible(r.key, r.version), &fetched{version: r.version}
	if r.version <= 14 {
		c.int32() // replica
	}
	c.take(4 + 4) // longest wait, least bytes
	if r.version >= 3 {
		c.int32() // most bytes
	}
	if r.version >= 4 {
		f.readCommitted = c.int8() == 1
	}
	if r.version >= 7 {
		f.session, f.epoch = c.int32(), c.int32()
	}
	f.readTopics(&c, flexible, func(key partitionKey) {
		p := position{partitionKey: key}
		if f.version >= 9 {
			c.int32() // leader epoch
		}
		p.offset = c.int64()
		if f.version >= 12 {
			c.int32() // last fetched epoch
		}
		if f.version >= 5 {
			c.int64() // log start offset
		}
		c.int32() // most bytes
		c.tags(flexible)
		f.asked = append(f.asked, p)
	})
	if r.version >= 7 {
		f.readTopics(&c, flexible, func(key partitionKey) { f.forgotten = append(f.forgotten, key) })
	}
	return f, c.err()
}

// readTopics reads topics with their partitions; read gets each partition's number and takes what follows it.
func (f *fetched) readTopics(c *cursor, flexible bool, read func(partitionKey)) {
	c.each(flexible, func() {
		var key partitionKey
		if f.version >= 13 {
			key.topicID = c.uuid()
		} else {
			key.topic = c.text(flexible)
		}
		c.each(flexible, func() {
			key.partition = c.int32()
			read(key)
		})
		c.tags(flexible)
	})
}

func (f *fetched) facts(n *naming, answer []byte) ([]journal.Fact, error) {
	var facts []journal.Fact
	places := make(map[partitionKey]int, len(f.asked))
	about := func(key partitionKey) (*journal.Fact, *journal.Fetch) {
		i, known := places[key]
		if !known {
			i, places[key] = len(facts), len(facts)
			facts = append(facts, journal.Fact{
				Kind: journal.Fetched, Topic: n.topic(key.topic, key.topicID), Partition: key.partition, Offset: -1,
				Detail: &journal.Fetch{HighWatermark: -1, LastStableOffset: -1, FirstOffset: -1, LastOffset: -1,
					ReadCommitted: f.readCommitted},
			})
		}
		detail, _ := facts[i].Detail.(*journal.Fetch)
		return &facts[i], detail
	}
	for _, p := range f.asked {
		fact, _ := about(p.partitionKey)
		fact.Offset = p.offset
	}
	if answer == nil {
		return facts, nil
	}
	w := newFetchReader(f.version, answer)
	code, _ := w.read(func(a fetchAnswer) {
		_, got := about(a.partitionKey)
		got.Code, got.HighWatermark, got.LastStableOffset = a.code, a.highWatermark, a.lastStableOffset
		got.Bytes = len(a.records)
		got.FirstOffset, got.LastOffset = offsets(a.records)
	})
	if code != 0 {
		for key := range places {
			_, got := about(key)
			got.Code = code
		}
	}
	return facts, w.err()
}

// offsets are those of the first and the last record in the batches, -1 when there are none.
func offsets(records []byte) (first, last int64) {
	first, last = -1, -1
	eachBatch(records, func(header []byte) {
		start := int64(binary.BigEndian.Uint64(header))
		if first < 0 {
			first = start
		}
		last = start + int64(int32(binary.BigEndian.Uint32(header[batchLastDelta:])))
	})
	return first, last
}

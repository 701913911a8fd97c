package wire

import (
	"encoding/binary"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// fetched is what a Fetch request says.
type fetched struct {
	*kmsg.FetchRequest
	named     []partitionKey // what is told whether it is answered or not
	positions []position     // of what it names, and then of its session as well
	forgotten []partitionKey
}

// position is from where on a partition is asked for.
type position struct {
	partitionKey
	offset int64
}

func (p position) sameAs(other position) bool { return p.partitionKey == other.partitionKey }

// asked are the partitions that the request is about.
func (f *fetched) asked() []partitionKey {
	keys := make([]partitionKey, len(f.positions))
	for i, p := range f.positions {
		keys[i] = p.partitionKey
	}
	return keys
}

// from is the offset that a partition is asked for from; -1 where the wire has not seen it asked for.
func (f *fetched) from(key partitionKey) int64 {
	if i := slices.IndexFunc(f.positions, position{partitionKey: key}.sameAs); i >= 0 {
		return f.positions[i].offset
	}
	return -1
}

func newFetched(request *kmsg.FetchRequest) *fetched {
	f := &fetched{FetchRequest: request}
	for _, t := range request.Topics {
		for _, p := range t.Partitions {
			key := partitionKey{topic: t.Topic, topicID: t.TopicID, partition: p.Partition}
			f.named = append(f.named, key)
			f.positions = append(f.positions, position{key, p.FetchOffset})
		}
	}
	for _, t := range request.ForgottenTopics {
		for _, p := range t.Partitions {
			f.forgotten = append(f.forgotten, partitionKey{topic: t.Topic, topicID: t.TopicID, partition: p})
		}
	}
	return f
}

func (f *fetched) facts(n *naming, answer []byte) ([]journal.Fact, error) {
	var facts []journal.Fact
	places := make(map[partitionKey]int, len(f.named))
	about := func(key partitionKey) (*journal.Fact, *journal.Fetch) {
		i, known := places[key]
		if !known {
			i, places[key] = len(facts), len(facts)
			facts = append(facts, journal.Fact{
				Kind: journal.Fetched, Topic: n.topic(key.topic, key.topicID), Partition: key.partition, Offset: f.from(key),
				Detail: &journal.Fetch{HighWatermark: -1, LastStableOffset: -1, FirstOffset: -1, LastOffset: -1,
					ReadCommitted: f.IsolationLevel == 1},
			})
		}
		detail, _ := facts[i].Detail.(*journal.Fetch)
		return &facts[i], detail
	}
	for _, key := range f.named {
		about(key)
	}
	if answer == nil {
		return facts, nil
	}
	w := newFetchReader(f.Version, answer)
	code, _ := w.read(func(a fetchAnswer) {
		_, got := about(a.partitionKey)
		got.Code, got.HighWatermark, got.LastStableOffset = a.code, a.highWatermark, a.lastStableOffset
		got.Bytes = len(a.records)
		got.FirstOffset, got.LastOffset = offsets(a.records)
		if n.contents {
			fact, _ := about(a.partitionKey)
			got.Contents = contentsOf(a.records, fact.Offset)
		}
	})
	if code != 0 {
		for key := range places {
			_, got := about(key)
			got.Code = code
		}
	}
	return facts, w.err()
}

// offsets are those of the first and the last record in whole batches, -1 when there are none.
func offsets(records []byte) (first, last int64) {
	first, last = -1, -1
	eachBatch(records, func(header []byte, whole bool) {
		if !whole {
			return
		}
		start := int64(binary.BigEndian.Uint64(header))
		if first < 0 {
			first = start
		}
		last = start + int64(int32(binary.BigEndian.Uint32(header[batchLastDelta:])))
	})
	return first, last
}

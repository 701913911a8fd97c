package wire

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
)

// fetched is what a Fetch request says.
type fetched struct {
	*kmsg.FetchRequest
	asked     []position
	forgotten []partitionKey
}

type position struct {
	partitionKey
	offset int64
}

func newFetched(request *kmsg.FetchRequest) *fetched {
	f := &fetched{FetchRequest: request}
	for _, t := range request.Topics {
		for _, p := range t.Partitions {
			key := partitionKey{topic: t.Topic, topicID: t.TopicID, partition: p.Partition}
			f.asked = append(f.asked, position{key, p.FetchOffset})
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
	places := make(map[partitionKey]int, len(f.asked))
	about := func(key partitionKey) (*journal.Fact, *journal.Fetch) {
		i, known := places[key]
		if !known {
			i, places[key] = len(facts), len(facts)
			facts = append(facts, journal.Fact{
				Kind: journal.Fetched, Topic: n.topic(key.topic, key.topicID), Partition: key.partition, Offset: -1,
				Detail: &journal.Fetch{HighWatermark: -1, LastStableOffset: -1, FirstOffset: -1, LastOffset: -1,
					ReadCommitted: f.IsolationLevel == 1},
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

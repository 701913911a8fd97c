package verdict

import (
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Consistency judges what consumers read: that everyone sees the same record at
// one offset; and that, within one assignment of a partition, each consumer's
// next read is the next record: not one further on, which is a poll skip, nor one
// before, which is a non-monotonic poll. A record was skipped only if it
// exists, which means that someone read it at some time; transaction markers
// take offsets too. To know what all skipped, feed a read from the start as well.
//
// Each consumer's reads must be fed in their order, together with Assigned where
// an assignment begins; consumers may be mixed. Several topics are judged at once.
//
// Memory: 4 bytes per offset, 24 per gap in what a consumer read. Two different
// records at one offset go unnoticed with a chance of 1 in 4 billion.
type Consistency struct {
	hash    hasher
	logs    map[topicPartition]*seenLog
	readers map[reader]*reading
	recent  *reading // consumers read partition by partition
	gaps    []gap
	judged  int64
	found   collector
}

type topicPartition struct {
	topic     string
	partition int32
}

type reader struct {
	consumer string
	topicPartition
}

// reading is where a consumer is in a partition.
type reading struct {
	reader
	log   *seenLog
	begun bool  // it has read in this assignment
	last  int64 // the offset, if so
}

// gap is what lies between two reads of a consumer, both ends not included.
type gap struct {
	reader
	after, before int64
}

// NewConsistency judges reads of any topics.
func NewConsistency() *Consistency {
	return &Consistency{hash: newHasher(), logs: map[topicPartition]*seenLog{}, readers: map[reader]*reading{}}
}

// Observe takes the next record a consumer read. Its topic must be set.
func (c *Consistency) Observe(consumer string, r *record.Record) {
	c.judged++
	at := c.reading(reader{consumer, topicPartition{r.Topic, r.Partition}})
	if !at.log.add(r.Offset, c.hash.record(r)) {
		c.found.add(findingAt(InconsistentOffset, r.Topic, r), "%s read another record here than was read before", consumer)
	}
	switch {
	case !at.begun:
		at.begun = true
	case r.Offset <= at.last:
		c.found.add(findingAt(NonMonotonicPoll, r.Topic, r), "%s read it after offset %d, within one assignment",
			consumer, at.last)
	case r.Offset > at.last+1:
		c.gaps = append(c.gaps, gap{at.reader, at.last, r.Offset})
	}
	at.last = r.Offset
}

func (c *Consistency) reading(who reader) *reading {
	if c.recent != nil && c.recent.reader == who {
		return c.recent
	}
	at := c.readers[who]
	if at == nil {
		at = &reading{reader: who, log: valueOf(c.logs, who.topicPartition)}
		c.readers[who] = at
	}
	c.recent = at
	return at
}

// Assigned tells that a consumer got or lost a partition: its next read may be anywhere.
func (c *Consistency) Assigned(consumer, topic string, partition int32) {
	c.reading(reader{consumer, topicPartition{topic, partition}}).begun = false
}

// AssignedAll tells the same of all partitions of a topic.
func (c *Consistency) AssignedAll(consumer, topic string) {
	for who, at := range c.readers {
		if who.consumer == consumer && who.topic == topic {
			at.begun = false
		}
	}
}

// Result judges what was fed so far.
func (c *Consistency) Result() Result {
	found := c.found.clone()
	for _, log := range c.logs {
		log.order = slices.Sorted(maps.Keys(log.all))
	}
	for _, g := range c.gaps {
		if first, n := c.logs[g.topicPartition].between(g.after, g.before); n > 0 {
			found.add(Finding{Kind: PollSkip, Topic: g.topic, Partition: g.partition, Offset: first, Count: n},
				"%s read offset %d and then %d, and skipped %s", g.consumer, g.after, g.before, count(n, "record"))
		}
	}
	return found.pronounce("what consumers read", c.judged, "no read was seen")
}

// ConsistencyFromJournal judges the delivered records of a journal; each
// application is a consumer. Of a record the journal knows the key, and the
// value or a hash of it where the fact has a field of that name.
func ConsistencyFromJournal(j *journal.Journal) *Consistency {
	c := NewConsistency()
	for _, f := range j.Select(journal.Kinds(journal.Delivered, journal.Assigned, journal.Revoked, journal.Lost)) {
		event := f.Fields()
		switch {
		case f.Kind == journal.Delivered:
			if f.Partition >= 0 && f.Offset >= 0 {
				c.Observe(f.App, &record.Record{Topic: f.Topic, Partition: f.Partition, Offset: f.Offset, Key: []byte(f.Key),
					Value: []byte(event["value"] + "\x00" + event["hash"])})
			}
		case event["partitions"] != "":
			for _, p := range event.Partitions() {
				c.Assigned(f.App, f.Topic, p)
			}
		case f.Partition >= 0:
			c.Assigned(f.App, f.Topic, f.Partition)
		default:
			c.AssignedAll(f.App, f.Topic)
		}
	}
	return c
}

// seenLog knows 32 bits of the hash of the record at each offset of a partition.
type seenLog struct {
	pages[[logPage]uint32]         // 0: nothing was read there
	order                  []int64 // of pages, once all is read
}

const (
	logPageBits = 12
	logPage     = 1 << logPageBits
)

// add reports whether nothing else was seen at offset.
func (l *seenLog) add(offset int64, hash uint64) bool {
	short := max(uint32(hash>>32), 1)
	seen := &l.of(offset >> logPageBits)[offset&(logPage-1)]
	if *seen == 0 {
		*seen = short
	}
	return *seen == short
}

// between returns the first offset seen after and before the given ones, and how many.
func (l *seenLog) between(after, before int64) (first, n int64) {
	start, _ := slices.BinarySearch(l.order, (after+1)>>logPageBits)
	for _, number := range l.order[start:] {
		base := number << logPageBits
		if base >= before {
			break
		}
		for i := max(after+1-base, 0); i < min(before-base, logPage); i++ {
			if l.all[number][i] != 0 {
				if n == 0 {
					first = base + i
				}
				n++
			}
		}
	}
	return first, n
}

package verdict

import (
	"maps"
	"slices"

	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Promise is how often a record may have its effect.
type Promise string

// The promises.
const (
	ExactlyOnce Promise = "exactly once"
	AtLeastOnce Promise = "at least once"
	AtMostOnce  Promise = "at most once"
)

// Effects counts the rows that the records of a topic have in a table of a database: by topic, partition and offset, so
// that equal payloads stay apart. What is legal depends on the promise. A row of no record is never legal. Rows and
// records may be fed in any order.
//
// Memory: two bits per offset, some 40 bytes per repetition, and the first keys.
type Effects struct {
	topic, table string
	partitions   map[int32]*effects
	keys         keys
	records      int64
}

type effects struct {
	records offsets
	rows    tally
}

// NewEffects judges the rows that a table has of a topic.
func NewEffects(topic, table string) *Effects {
	return &Effects{topic: topic, table: table, partitions: map[int32]*effects{}}
}

// Record takes a record of the topic.
func (e *Effects) Record(r *record.Record) {
	e.records++
	valueOf(e.partitions, r.Partition).records.add(r.Offset)
	e.keys.add(r.Partition, r.Offset, r.Key)
}

// Gone takes a record that was in the topic, and that retention, deletion or compaction took from the log since.
func (e *Effects) Gone(r *record.Record) {
	e.keys.lost(r.Partition, r.Offset)
	e.Record(r)
}

// Row takes the place that a row names.
func (e *Effects) Row(partition int32, offset int64) {
	valueOf(e.partitions, partition).rows.add(offset)
}

// Lost is how many records have no row, Repeated how many have more than one.
func (e *Effects) Lost() (lost int64) {
	for _, p := range e.partitions {
		p.records.without(&p.rows.offsets, func(int64) { lost++ })
	}
	return lost
}

// Repeated is how many records have more than one row.
func (e *Effects) Repeated() (repeated int64) {
	for _, p := range e.partitions {
		repeated += int64(len(p.rows.more))
	}
	return repeated
}

// Result judges what was fed so far by a promise.
func (e *Effects) Result(promise Promise) Result {
	var found collector
	for _, number := range slices.Sorted(maps.Keys(e.partitions)) {
		p := e.partitions[number]
		at := func(kind string, offset int64) Finding {
			return e.keys.name(Finding{Kind: kind, Topic: e.topic, Partition: number, Offset: offset}, offset)
		}
		p.rows.without(&p.records, func(offset int64) {
			found.add(at(Unexpected, offset), "a row in table %s, and no such record in the topic", e.table)
		})
		if promise != AtMostOnce {
			p.records.without(&p.rows.offsets, func(offset int64) {
				found.add(at(MissingRow, offset), "no row in table %s", e.table)
			})
		}
		if promise != AtLeastOnce {
			for offset, more := range p.rows.more {
				found.add(at(RepeatedRow, offset), "%d rows in table %s", more+1, e.table)
			}
		}
	}
	return found.pronounce("rows of "+e.topic+" in table "+e.table, e.records, "no record of "+e.topic+" was read")
}

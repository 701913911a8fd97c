package verdict

import (
	"maps"
	"slices"
)

// Positions judges whether all that says how far a partition has come says the same: the rows in a database, the offset
// stored beside them, and the offset committed to the group. It is asked when everything is at rest; in between they
// may differ for a moment. A position is the offset of the next record, as in a commit.
//
// Memory: three numbers per partition.
type Positions struct {
	topic      string
	partitions map[int32]*positions
}

type positions struct{ rows, stored, committed int64 } // 0: none

// NewPositions judges the partitions of a topic.
func NewPositions(topic string) *Positions {
	return &Positions{topic: topic, partitions: map[int32]*positions{}}
}

// Row takes the offset of a record that has a row.
func (j *Positions) Row(partition int32, offset int64) {
	p := valueOf(j.partitions, partition)
	p.rows = max(p.rows, offset+1)
}

// Stored takes the position that the database has for a partition.
func (j *Positions) Stored(partition int32, next int64) {
	valueOf(j.partitions, partition).stored = max(next, 0)
}

// Committed takes the position that the group has for a partition.
func (j *Positions) Committed(partition int32, next int64) {
	valueOf(j.partitions, partition).committed = max(next, 0)
}

// Result judges what was fed so far.
func (j *Positions) Result() Result {
	var found collector
	var judged int64
	for _, number := range slices.Sorted(maps.Keys(j.partitions)) {
		p := *j.partitions[number]
		if p == (positions{}) {
			continue
		}
		judged++
		if p.rows != p.stored || p.rows != p.committed {
			found.add(Finding{Kind: PositionsDiffer, Topic: j.topic, Partition: number, Offset: -1},
				"the rows end at %d, the offset in the database is %d, the committed offset %d", p.rows, p.stored, p.committed)
		}
	}
	return found.pronounce("positions of "+j.topic, judged,
		"no partition of "+j.topic+" has a row, a stored or a committed offset")
}

package verdict

import (
	"maps"
	"slices"
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
	*Records
	table   string
	rows    map[int32]*tally
	foreign collector
}

// NewEffects judges the rows that a table has of a topic.
func NewEffects(topic, table string) *Effects {
	return &Effects{Records: NewRecords(topic), table: table, rows: map[int32]*tally{}}
}

// Row takes the place that a row names.
func (e *Effects) Row(partition int32, offset int64) {
	valueOf(e.inputs, partition)
	valueOf(e.rows, partition).add(offset)
}

// Foreign takes what a row names that is no record: of a topic that nobody has, say.
func (e *Effects) Foreign(place string) {
	f := Finding{Kind: Unexpected, Topic: e.topic, Partition: -1, Offset: -1}
	e.foreign.add(f, "a row in table %s names %s, and there is no such record", e.table, place)
}

// Rows is how many rows are of records of the topic, by what they name.
func (e *Effects) Rows() (rows int64) {
	for _, told := range e.rows {
		rows += told.count
	}
	return rows
}

// Lost is how many records have no row.
func (e *Effects) Lost() (lost int64) {
	for number, inputs := range e.inputs {
		inputs.without(&valueOf(e.rows, number).offsets, func(offset int64) {
			if !e.cleaned.excuses(number, offset, nil) {
				lost++
			}
		})
	}
	return lost
}

// Repeated is how many records have more than one row.
func (e *Effects) Repeated() (repeated int64) {
	for _, rows := range e.rows {
		repeated += int64(len(rows.more))
	}
	return repeated
}

// Result judges what was fed so far by a promise.
func (e *Effects) Result(promise Promise) Result {
	found := e.foreign.clone()
	for _, number := range slices.Sorted(maps.Keys(e.inputs)) {
		inputs, rows := e.inputs[number], valueOf(e.rows, number)
		rows.without(inputs, func(offset int64) {
			found.add(e.finding(Unexpected, number, offset), "a row in table %s, and no such record in the topic", e.table)
		})
		if promise != AtMostOnce {
			inputs.without(&rows.offsets, func(offset int64) {
				if !e.cleaned.excuses(number, offset, nil) {
					found.add(e.finding(MissingRow, number, offset), "no row in table %s", e.table)
				}
			})
		}
		if promise != AtLeastOnce {
			for offset, more := range rows.more {
				found.add(e.finding(RepeatedRow, number, offset), "%d rows in table %s", more+1, e.table)
			}
		}
	}
	return e.cleaned.or(found.pronounce("rows of "+e.topic+" in table "+e.table, e.count(),
		"no record of "+e.topic+" was read"))
}

package verdict

import (
	"fmt"
	"slices"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
	"github.com/kafkaspec/kafkaspec/pkg/record"
)

// Cleaned tells of a record that is gone from the log since when it may be, and whether compaction may have taken it
// before anybody read it: who reads later is right not to process it. The zero value: it was not compaction.
type Cleaned struct {
	May    bool          // a later record of its key is known, or it is a tombstone
	Unsure bool          // too little is known of keys to tell
	Until  time.Duration // it was in the log until then, if not longer; 0: that is not known
}

// cleaned are the records that are gone. The zero value has none.
//
// Memory: three bits for each, and 32 bytes for each run of them that was in the log until the same moment.
type cleaned struct {
	gone        map[int32][]stood // all of them
	may, unsure map[int32]*offsets
	excused     map[int32]*offsets // that were not done
	count       int64              // of these
	open        int64              // of these: it is unsure whether compaction took them
	passed      int64              // of these: whether they were there when the group committed is not known
}

// stood is a run of offsets that were in the log until a moment.
type stood struct {
	from, to int64
	until    time.Duration
}

func (c *cleaned) add(partition int32, offset int64, how Cleaned) {
	if c.gone == nil {
		c.gone, c.excused = map[int32][]stood{}, map[int32]*offsets{}
		c.may, c.unsure = map[int32]*offsets{}, map[int32]*offsets{}
	}
	if how.May || how.Unsure {
		valueOf(c.may, partition).add(offset)
	}
	if how.Unsure {
		valueOf(c.unsure, partition).add(offset)
	}
	runs := c.gone[partition]
	at := len(runs)
	for at > 0 && runs[at-1].from > offset { // few come out of order
		at--
	}
	if at > 0 && runs[at-1].to == offset && runs[at-1].until == how.Until {
		runs[at-1].to++
	} else {
		c.gone[partition] = slices.Insert(runs, at, stood{offset, offset + 1, how.Until})
	}
}

// unread takes a record that compaction may have taken before anybody read it.
func (c *cleaned) unread(r *record.Record) { c.add(r.Partition, r.Offset, Cleaned{May: true}) }

func (c *cleaned) has(set map[int32]*offsets, partition int32, offset int64) bool {
	return set[partition] != nil && set[partition].has(offset)
}

// left is true of a record that is gone, and says whether it was in the log for certain at a moment.
func (c *cleaned) left(partition int32, offset int64, at time.Duration) (gone, inLog bool) {
	runs := c.gone[partition]
	i, gone := slices.BinarySearchFunc(runs, offset, func(s stood, offset int64) int {
		switch {
		case s.to <= offset:
			return -1
		case s.from > offset:
			return 1
		}
		return 0
	})
	return gone, gone && at < runs[i].until
}

// excuses is true of a record that nobody need have done, as compaction may have taken it. Passed tells when the group
// had committed past it: what was in the log then was there to be read; nil: that is not known.
func (c *cleaned) excuses(partition int32, offset int64, passed func() (time.Duration, bool)) bool {
	if !c.has(c.may, partition, offset) {
		return false
	}
	if passed != nil {
		if at, any := passed(); any {
			if _, inLog := c.left(partition, offset, at); inLog {
				return false
			}
		}
	}
	if valueOf(c.excused, partition).add(offset) {
		c.count++
		if c.has(c.unsure, partition, offset) {
			c.open++
		}
	}
	return true
}

// excusesCommit is true of a record that was not done and that a group committed past when it may have been gone,
// however that came.
func (c *cleaned) excusesCommit(partition int32, offset int64, at time.Duration) bool {
	switch gone, inLog := c.left(partition, offset, at); {
	case !gone || inLog:
		return false
	case c.has(c.may, partition, offset) && !c.has(c.unsure, partition, offset):
		return c.excuses(partition, offset, nil)
	case valueOf(c.excused, partition).add(offset):
		c.count++
		c.passed++
	}
	return true
}

// or is inconclusive in place of a pass where records were excused of which too little is known, and says so where
// there is nothing to judge beside what was excused.
func (c *cleaned) or(r Result) Result {
	if r.Outcome == Fail || r.Outcome == Inconclusive && r.Judged > 0 || c.count == 0 {
		return r
	}
	why := ""
	switch {
	case c.passed > 0:
		why = gone(c.passed, "it is not known whether %s still there when the group committed",
			"it was", "they were")
	case c.open > 0:
		why = gone(c.open, "too little is known of keys to tell whether compaction took %s", "it", "them")
	case r.Judged == 0:
		why = fmt.Sprintf("nothing was judged: compaction has taken %s before it was processed, and there is no other",
			words.Counted(c.count, "record"))
	default:
		return r
	}
	r.Outcome, r.Why, r.Nothing = Inconclusive, why, c.passed == 0 && c.open == 0
	return r
}

// gone says how many records are, and something of them.
func gone(records int64, and string, one, many string) string {
	if records == 1 {
		return "1 record is gone from the log and was not processed, and " + fmt.Sprintf(and, one)
	}
	return fmt.Sprintf("%d records are gone from the log and were not processed, and ", records) + fmt.Sprintf(and, many)
}

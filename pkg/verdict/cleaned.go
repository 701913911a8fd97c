package verdict

import (
	"fmt"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/words"
)

// Cleaned tells of a record that is gone from the log whether compaction may have taken it before anybody read it: who
// reads later is right not to process it. The zero value: it was not compaction.
type Cleaned struct {
	May    bool // a later record of its key is known, or it is a tombstone
	Unsure bool // too little is known of keys to tell
	// since when compaction may have taken it, as the later record was sent then; 0: that is not known
	Since time.Duration
}

// cleaned are the records that compaction may have taken unread. The zero value has none.
//
// Memory: three bits for each, and some 40 bytes where it is known since when.
type cleaned struct {
	may, unsure map[int32]*offsets
	since       map[position]time.Duration
	excused     map[int32]*offsets // that were not done
	count, open int64              // of these; and for how many of them it is unsure
}

func (c *cleaned) add(partition int32, offset int64, how Cleaned) {
	if !how.May && !how.Unsure {
		return
	}
	if c.may == nil {
		c.may, c.unsure, c.excused = map[int32]*offsets{}, map[int32]*offsets{}, map[int32]*offsets{}
		c.since = map[position]time.Duration{}
	}
	valueOf(c.may, partition).add(offset)
	if how.Unsure {
		valueOf(c.unsure, partition).add(offset)
	}
	if how.Since > 0 {
		c.since[position{partition, offset}] = how.Since
	}
}

// excuses is true of a record that nobody need have done, as compaction may have taken it. Passed tells when the group
// had committed past it: compaction can take nothing before there is reason to; nil: that is not known.
func (c *cleaned) excuses(partition int32, offset int64, passed func() (time.Duration, bool)) bool {
	if may := c.may[partition]; may == nil || !may.has(offset) {
		return false
	}
	if since := c.since[position{partition, offset}]; since > 0 && passed != nil {
		if at, any := passed(); any && at < since {
			return false
		}
	}
	if valueOf(c.excused, partition).add(offset) {
		c.count++
		if valueOf(c.unsure, partition).has(offset) {
			c.open++
		}
	}
	return true
}

// or is inconclusive in place of a pass where records were excused of which too little is known, and says so where
// there is nothing to judge beside what was excused.
func (c *cleaned) or(r Result) Result {
	switch {
	case r.Outcome == Fail:
		return r
	case c.open > 0 && (r.Outcome == Pass || r.Judged == 0):
		are := "are gone from the log and were"
		if c.open == 1 {
			are = "is gone from the log and was"
		}
		r.Why = fmt.Sprintf("%s %s not processed, and too little is known of keys to tell whether compaction took them",
			words.Counted(c.open, "record"), are)
	case c.count > 0 && r.Judged == 0:
		r.Why = fmt.Sprintf("nothing was judged: compaction has taken %s before it was processed, and there is no other",
			words.Counted(c.count, "record"))
	default:
		return r
	}
	if r.Outcome == Pass {
		r.Outcome = Inconclusive
	}
	return r
}

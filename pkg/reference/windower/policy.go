package windower

import (
	"math"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/kafkaspec/kafkaspec/pkg/reference/internal/stateful"
)

// Policy is what the application decides about time. The rest of the package only counts. All times are milliseconds
// since 1970.
type Policy struct {
	// Time is an event's time; the stream time of its partition is the latest one.
	Time func(r *kgo.Record) int64
	// Start is the start of the window that an event belongs to.
	Start func(at int64) int64
	// Late tells whether an event comes too late for its window, which ends at end. stream is the stream time of its
	// partition before it, or, if later, the watermark up to which the partition's windows were closed already.
	Late func(at, end, stream int64) bool
	// Watermark is the time that every partition that counts has passed, or NoTime while one has no time yet.
	Watermark func(all []stateful.Progress) int64
	// Closed tells whether a window that ends at end may be emitted.
	Closed func(end, watermark int64) bool
	// Wrap puts something around the task of a partition, which stands between it and the loop.
	Wrap func(stateful.Observer) stateful.Observer
}

// NoTime is before all times.
const NoTime = math.MinInt64

func (set settings) policy() Policy {
	return Policy{
		Time:      func(r *kgo.Record) int64 { return r.Timestamp.UnixMilli() },
		Start:     func(at int64) int64 { return at - at%set.size },
		Late:      func(_, end, stream int64) bool { return stream >= end+set.grace },
		Watermark: set.watermark,
		Closed:    func(end, watermark int64) bool { return watermark >= end+set.grace },
		Wrap:      func(right stateful.Observer) stateful.Observer { return right },
	}
}

// watermark is the stream time of the slowest partition that is not idle.
func (set settings) watermark(all []stateful.Progress) int64 {
	fastest := int64(NoTime)
	for _, p := range all {
		fastest = max(fastest, StreamTime(p))
	}
	slowest := fastest
	for _, p := range all {
		at := StreamTime(p)
		if p.AtEnd && (at == NoTime || fastest-at > set.idleAfter) {
			continue
		}
		slowest = min(slowest, at)
	}
	return slowest
}

// StreamTime is what a partition's note says; NoTime when it has none.
func StreamTime(p stateful.Progress) int64 {
	at, err := strconv.ParseInt(p.Note, 10, 64)
	if err != nil {
		return NoTime
	}
	return at
}

// timeText is a time as it stands in what is emitted.
func timeText(at int64) string {
	return time.UnixMilli(at).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

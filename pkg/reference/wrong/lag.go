package wrong

import (
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/reference/lagmonitor"
)

// lagVariants are those of lag-monitor.
func lagVariants() []Variant {
	return append(variants(lagmonitor.RunWith, []mistake[lagmonitor.Policy]{
		{"lag-summed", "the lag of each partition is that of all together: shows on a partition that is well",
			lags(func(partitions []lagmonitor.Partition, found []int64) {
				sum := int64(0)
				for _, lag := range found {
					sum += lag
				}
				for i := range found {
					found[i] = sum
				}
			})},
		{"lag-without-commit-ignored", "a partition without a commit has no lag",
			lags(func(partitions []lagmonitor.Partition, found []int64) {
				for i, p := range partitions {
					if p.Committed < 0 {
						found[i] = 0
					}
				}
			})},
		{"lag-truncation-ignored", "records that were deleted before they were read count as lag",
			lags(func(partitions []lagmonitor.Partition, found []int64) {
				for i, p := range partitions {
					found[i] = max(0, p.End-max(0, p.Committed))
				}
			})},
		{"lag-new-partitions-ignored", "partitions that a topic gains are not watched", lagNewPartitionsIgnored},
		{"lag-alert-each-poll", "an alert is repeated at every look as long as the breach lasts",
			alarms(func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
				change := a.Next(lag, now)
				if a.Raised {
					return lagmonitor.Raised
				}
				return change
			})},
		{"lag-at-threshold", "a lag exactly at the threshold is alerted", // it has >= where > belongs
			alarms(func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change { return a.Next(lag+1, now) })},
		{"lag-for-ignored", "breaches are alerted at once: shows with for",
			alarms(func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
				a.For = 0
				return a.Next(lag, now)
			})},
		{"lag-patient", "a breach is alerted a minute later than it should be: shows when it is over by then",
			alarms(func(a *lagmonitor.Alarm, lag int64, now time.Time) lagmonitor.Change {
				a.For = max(a.For, time.Minute)
				return a.Next(lag, now)
			})},
		{"lag-high-watermark", "records of open transactions count as lag", // no read_committed consumer can read them yet
			func(p *lagmonitor.Policy) { p.Committed = false }},
	}), Variant{"lag-never-cleared", "the end of a breach is not reported", silent(lagmonitor.Run, "cleared")})
}

// lags changes the lags that were found.
func lags(change func(partitions []lagmonitor.Partition, found []int64)) func(*lagmonitor.Policy) {
	return func(p *lagmonitor.Policy) {
		right := p.Lags
		p.Lags = func(partitions []lagmonitor.Partition) []int64 {
			found := right(partitions)
			change(partitions, found)
			return found
		}
	}
}

// lagNewPartitionsIgnored asks for the partitions of a topic once.
func lagNewPartitionsIgnored(p *lagmonitor.Policy) {
	right, known := p.Lags, 0
	p.Lags = func(partitions []lagmonitor.Partition) []int64 {
		if known == 0 {
			known = len(partitions)
		}
		return right(partitions[:min(known, len(partitions))])
	}
}

func alarms(next func(*lagmonitor.Alarm, int64, time.Time) lagmonitor.Change) func(*lagmonitor.Policy) {
	return func(p *lagmonitor.Policy) { p.Next = next }
}

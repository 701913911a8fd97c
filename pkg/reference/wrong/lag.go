package wrong

// lagVariants are those of lag-monitor.
func lagVariants() []Variant {
	return []Variant{
		{"lag-summed", "the lag of each partition is that of all together: shows on a partition that is well", lagSummed},
		{"lag-without-commit-ignored", "a partition without a commit has no lag", lagWithoutCommitIgnored},
		{"lag-truncation-ignored", "records that were deleted before they were read count as lag", lagTruncationIgnored},
		{"lag-new-partitions-ignored", "partitions that a topic gains are not watched", lagNewPartitionsIgnored},
		{"lag-alert-each-poll", "an alert is repeated at every look as long as the breach lasts", lagAlertEachPoll},
		{"lag-at-threshold", "a lag exactly at the threshold is alerted", lagAtThreshold},
		{"lag-never-cleared", "the end of a breach is not reported", lagNeverCleared},
		{"lag-for-ignored", "breaches are alerted at once: shows with for", lagForIgnored},
		{"lag-high-watermark", "records of open transactions count as lag", lagHighWatermark},
	}
}

// Package wrong has applications that break a promise, each one only. A feature that does not fail with them proves
// nothing.
//
// Each variant is the right application with one change, made through the parts that dlqconsumer.Policy, bulkproducer.Plan,
// retryproducer.Plan and lagmonitor.Policy let be exchanged. All of them break their promise in each run, and show it by what
// everybody sees: topics, committed offsets, log lines, the exit code, and requests on the wire. Some need settings, records or
// faults that call for the promise, which their Summary names. The variants of dlq-consumer are for its mode without transactions.
package wrong

import "github.com/kafkaspec/kafkaspec/pkg/app"

// Variant is a wrong application.
type Variant struct {
	Name    string // the right application's short name and what is wrong
	Summary string // what it does, and what shows it
	Run     app.Func
}

// All returns the variants, those of one application together.
func All() []Variant {
	return []Variant{
		{"dlq-payload-altered", "dead letters are an envelope around the payload: their value is not the record's", dlqPayloadAltered},
		{"dlq-headers-dropped", "dead letters have lost the record's own headers", dlqHeadersDropped},
		{"dlq-timestamp-now", "dead letters carry the time of their failure as timestamp, not the record's", dlqTimestampNow},
		{"dlq-attempts-reset", "dlq-attempts starts at 1 again after a redrive", dlqAttemptsReset},
		{"dlq-commit-before-safe", "offsets are committed before dead letters are acknowledged: shows when the dead-letter topic refuses one (max.message.bytes)", dlqCommitBeforeSafe},
		{"dlq-transient-dead-lettered", "transient failures become dead letters at once: shows with fail-transient", dlqTransientDeadLettered},
		{"dlq-poison-blocks", "a record that cannot be decoded is retried for ever: its partition never gets on", dlqPoisonBlocks},
		{"dlq-drops-poison", "dead letters are reported and committed, but not sent", dlqDropsPoison},
		{"dlq-both", "a record that is dead-lettered is processed as well", dlqBoth},
		{"bulk-random-partitioner", "each event goes to a random partition", bulkRandomPartitioner},
		{"bulk-other-hash", "keys are placed by CRC-32, as librdkafka does by default, not by murmur2", bulkOtherHash},
		{"bulk-key-moved", "one key goes to another partition than it should, and to different ones in runs with different seeds", bulkKeyMoved},
		{"bulk-counts-enqueued", "events count as acknowledged when they are handed to the client: shows with oversize-every", bulkCountsEnqueued},
		{"bulk-errors-swallowed", "refused events are neither logged nor counted, and the exit code is 0: shows with oversize-every", bulkErrorsSwallowed},
		{"bulk-duplicates", "every thousandth event is sent again by the application, as after a timeout of its own", bulkDuplicates},
		{"bulk-skewed", "every second event belongs to the same user: one partition has most of them", bulkSkewed},
		{"retry-not-idempotent", "no producer id: shows as duplicates when an acknowledgement is lost", retryNotIdempotent},
		{"retry-acks-one", "acks=1: shows on the wire", retryAcksOne},
		{"retry-fixed-backoff", "all waits are as long as the first: shows when one batch fails twice", retryFixedBackoff},
		{"retry-half-backoff", "all waits are half as long as they should be: shows when one batch fails twice", retryHalfBackoff},
		{"retry-permanent-for-ever", "a refused record is sent again for ever: shows with oversize-every", retryPermanentForEver},
		{"retry-bare-letter", "dead letters have lost the record's own headers: shows with oversize-every", retryBareLetter},
		{"retry-transient-dead-lettered", "records are set aside after one attempt: shows with any passing error", retryTransientDeadLettered},
		{"retry-letter-lost", "a dead letter that cannot be written is forgotten, and the exit code is 0: shows with an error of the dead-letter topic", retryLetterLost},
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

package wrong

// bulkVariants are those of bulk-producer.
func bulkVariants() []Variant {
	return []Variant{
		{"bulk-random-partitioner", "each event goes to a random partition", bulkRandomPartitioner},
		{"bulk-other-hash", "keys are placed by CRC-32, as librdkafka does by default, not by murmur2", bulkOtherHash},
		{"bulk-key-moved", "one key goes to another partition than it should, and to different ones in runs with different " +
			"seeds", bulkKeyMoved},
		{"bulk-counts-enqueued", "events count as acknowledged when they are handed to the client: shows with oversize-every",
			bulkCountsEnqueued},
		{"bulk-errors-swallowed", "refused events are neither logged nor counted, and the exit code is 0: shows with " +
			"oversize-every", bulkErrorsSwallowed},
		{"bulk-duplicates", "every thousandth event is sent again by the application, as after a timeout of its own",
			bulkDuplicates},
		{"bulk-skewed", "every second event belongs to the same user: one partition has most of them", bulkSkewed},
	}
}

package wrong

// dlqVariants are those of dlq-consumer.
func dlqVariants() []Variant {
	return []Variant{
		{"dlq-payload-altered", "dead letters are an envelope around the payload: their value is not the record's",
			dlqPayloadAltered},
		{"dlq-headers-dropped", "dead letters have lost the record's own headers", dlqHeadersDropped},
		{"dlq-timestamp-now", "dead letters carry the time of their failure as timestamp, not the record's", dlqTimestampNow},
		{"dlq-attempts-reset", "dlq-attempts starts at 1 again after a redrive", dlqAttemptsReset},
		{"dlq-commit-before-safe", "offsets are committed before dead letters are acknowledged: shows when the dead-letter " +
			"topic refuses one (max.message.bytes)", dlqCommitBeforeSafe},
		{"dlq-transient-dead-lettered", "transient failures become dead letters at once: shows with fail-transient",
			dlqTransientDeadLettered},
		{"dlq-poison-blocks", "a record that cannot be decoded is retried for ever: its partition never gets on",
			dlqPoisonBlocks},
		{"dlq-drops-poison", "dead letters are reported and committed, but not sent", dlqDropsPoison},
		{"dlq-both", "a record that is dead-lettered is processed as well", dlqBoth},
	}
}

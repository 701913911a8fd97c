package wrong

// retryVariants are those of retry-producer.
func retryVariants() []Variant {
	return []Variant{
		{"retry-not-idempotent", "no producer id: shows as duplicates when an acknowledgement is lost", retryNotIdempotent},
		{"retry-acks-one", "acks=1: shows on the wire", retryAcksOne},
		{"retry-fixed-backoff", "all waits are as long as the first: shows when one batch fails twice", retryFixedBackoff},
		{"retry-half-backoff", "all waits are half as long as they should be: shows when one batch fails twice",
			retryHalfBackoff},
		{"retry-permanent-for-ever", "a refused record is sent again for ever: shows with oversize-every",
			retryPermanentForEver},
		{"retry-bare-letter", "dead letters have lost the record's own headers: shows with oversize-every", retryBareLetter},
		{"retry-transient-dead-lettered", "records are set aside after one attempt: shows with any passing error",
			retryTransientDeadLettered},
		{"retry-letter-lost", "a dead letter that cannot be written is forgotten, and the exit code is 0: shows with an " +
			"error of the dead-letter topic", retryLetterLost},
	}
}

package wrong

// joinVariants are those of joiner.
func joinVariants() []Variant {
	return []Variant{
		{"join-early-dropped", "a payment whose user has not been heard of yet is dropped", joinEarlyDropped},
		{"join-newest-user", "the newest version of a user is joined, not the one in force at the payment's time",
			joinNewestUser},
		{"join-instant-missed", "a version is in force only after its own timestamp: shows with a payment of the same " +
			"millisecond", joinInstantMissed},
		{"join-tombstone-ignored", "tombstones of users are skipped: a removed user is joined", joinTombstoneIgnored},
		{"join-users-leak", "the table knows users by the first letters of their keys: shows where two users begin alike",
			joinUsersLeak},
		{"join-duplicate-after-restart", "a payment that has its result is not taken out of the changelog: shows after a " +
			"restart", joinDuplicateAfterRestart},
		{"join-waiting-lost", "payments wait in memory only: those that wait are lost at a restart", joinWaitingLost},
		{"join-decides-on-arrival", "a payment is decided when it arrives, by what is known then: shows when the payments " +
			"come first", joinDecidesOnArrival},
		{"join-unmatched-silent", "a payment without a user is counted, and goes nowhere", joinUnmatchedSilent},
		{"join-buffer-unbounded", "payments wait without a bound on their number: shows with a small buffer",
			joinBufferUnbounded},
		{"join-mismatch-ignored", "payments of a topic with another number of partitions are taken as they come: their " +
			"users are elsewhere", joinMismatchIgnored},
	}
}

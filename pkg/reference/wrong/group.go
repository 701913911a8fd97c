package wrong

// groupVariants are those of group-consumer.
func groupVariants() []Variant {
	return []Variant{
		{"group-no-commit-on-revoke", "partitions are given up without committing what was done since the last commit",
			groupNoCommitOnRevoke},
		{"group-polled-committed", "all that was fetched is committed, not only what was processed", groupPolledCommitted},
		{"group-eager", "the assignor is an eager one, whatever the settings say: a rebalance interrupts all partitions",
			groupEager},
		{"group-commit-after-revoke", "the commit for a revoked partition is sent when it is another member's already",
			groupCommitAfterRevoke},
		{"group-no-leave", "the application stops without telling its group: shows when it is stopped", groupNoLeave},
		{"group-commits-lost", "what was done on lost partitions is committed when the member has joined again: shows when " +
			"it hangs", groupCommitsLost},
		{"group-commit-before-stop", "a revoked partition is committed first, and work on it stopped then: shows when " +
			"records take time", groupCommitBeforeStop},
		{"group-starts-over", "an assigned partition is read from its beginning, whatever is committed", groupStartsOver},
		{"group-silent", "the partitions it is given are not reported", groupSilent},
	}
}

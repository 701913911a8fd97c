package wrong

// databaseVariants are those of db-writer.
func databaseVariants() []Variant {
	return []Variant{
		{"db-commit-before-write", "offsets are committed before the rows are written, whatever the mode: shows when it " +
			"crashes in between", dbCommitBeforeWrite},
		{"db-offset-outside", "rows and offset are written in a transaction each: shows when it crashes in between",
			dbOffsetOutside},
		{"db-error-swallowed", "an error of the database is passed over, with the rows it concerns: shows when a row is " +
			"refused", dbErrorSwallowed},
		{"db-auto-commit", "the client commits by itself what was fetched, written or not: shows while the database cannot " +
			"be had", dbAutoCommit},
		{"db-no-fencing", "whoever holds records writes them, also when its partitions are another's by now: shows with a " +
			"zombie", dbNoFencing},
		{"db-starts-from-group", "the offset is in the transaction, and the next start does not read it: shows after a " +
			"crash before the commit", dbStartsFromGroup},
	}
}

package wrong

// schemaVariants are those of schema-consumer.
func schemaVariants() []Variant {
	return []Variant{
		{"schema-unknown-field-error", "a field that the reader does not know makes a record unreadable",
			schemaUnknownFieldError},
		{"schema-zero-filled", "a required field that is missing is filled with nothing, and the record processed",
			schemaZeroFilled},
		{"schema-id-ignored", "every record is read as if the reader's own version had written it", schemaIDIgnored},
		{"schema-newest-assumed", "every record is read as if the newest version had written it: shows with old records " +
			"behind new ones", schemaNewestAssumed},
		{"schema-warns-each-record", "a missing field is warned of for every record that lacks it", schemaWarnsEachRecord},
		{"schema-never-warns", "records that lack a field are set aside without a warning", schemaNeverWarns},
		{"schema-drops-unreadable", "records that cannot be read are reported and committed, but not set aside",
			schemaDropsUnreadable},
		{"schema-letter-unframed", "dead letters have lost the id of their schema: their value is not the record's",
			schemaLetterUnframed},
		{"schema-outage-dead-lettered", "records are set aside because the registry does not answer: shows with a registry " +
			"that is down", schemaOutageDeadLettered},
	}
}

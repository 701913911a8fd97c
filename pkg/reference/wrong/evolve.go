package wrong

// evolveVariants are those of schema-producer.
func evolveVariants() []Variant {
	return []Variant{
		{"evolve-first-id", "only the first version is registered, and all are written under its id", evolveFirstID},
		{"evolve-id-behind", "records are encoded by their version, and carry the id of the one before", evolveIDBehind},
		{"evolve-refusal-ignored", "a version that is refused is written under the last id before the application fails: " +
			"shows with a version that is not compatible", evolveRefusalIgnored},
		{"evolve-refusal-swallowed", "records of a version that is refused are dropped, and the exit code is 0: shows with " +
			"a version that is not compatible", evolveRefusalSwallowed},
		{"evolve-id-guessed", "a registry that does not answer is not waited for: the last id and one is taken for the " +
			"next one's: shows with a registry that is down", evolveIDGuessed},
		{"evolve-outage-fatal", "a registry that does not answer ends the application: shows with a registry that is down",
			evolveOutageFatal},
		{"evolve-acks-one", "acks=1: shows on the wire", evolveAcksOne},
	}
}

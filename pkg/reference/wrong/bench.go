package wrong

// benchVariants are those of bench-producer and bench-consumer.
func benchVariants() []Variant {
	return []Variant{
		{"bench-counts-enqueued", "events count as acknowledged when they are handed to the client: shows where the topic " +
			"refuses some", benchCountsEnqueued},
		{"bench-omits-stalls", "at a fixed rate, a stall moves the schedule, and events carry the time they were sent: " +
			"shows in a stall", benchOmitsStalls},
		{"bench-since-send-returned", "events carry the time at which the call that sent the one before returned, not the " +
			"time they were due: shows in a stall", benchSinceSendReturned},
		{"bench-since-append", "latency counts from the record's timestamp and not from the time in the event",
			benchSinceAppend},
		{"bench-gap-unnoticed", "an event that never came is not noticed", benchGapUnnoticed},
		{"bench-repeat-unnoticed", "an event that came twice is not noticed", benchRepeatUnnoticed},
		{"bench-order-unnoticed", "an event that came late is not noticed", benchOrderUnnoticed},
		{"bench-warm-up-timed", "the events of the warm-up are timed as well", benchWarmUpTimed},
	}
}

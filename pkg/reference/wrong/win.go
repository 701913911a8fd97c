package wrong

// winVariants are those of windower.
func winVariants() []Variant {
	return []Variant{
		{"win-processing-time", "counts events in windows of the time it reads them at", winProcessingTime},
		{"win-boundary", "counts an event exactly on a window's end in that window, not in the next", winBoundary},
		{"win-early", "emits windows at their end, before the grace is over", winEarly},
		{"win-out-of-order-dropped", "sets aside every event that is out of order, grace or not", winOutOfOrderDropped},
		{"win-late-updates", "emits a window again when a late event comes for it", winLateUpdates},
		{"win-double-emission", "emits windows again after a restart", winDoubleEmission},
		{"win-state-lost", "forgets at a restart what is in open windows", winStateLost},
		{"win-late-dropped", "drops late events instead of setting them aside", winLateDropped},
		{"win-fastest", "closes windows when the fastest partition has passed their end: shows with two partitions of " +
			"different pace", winFastest},
		{"win-idle-holds", "lets an idle partition hold windows back for ever", winIdleHolds},
	}
}

//go:build !race

package testenv

// Race says whether the race detector is on.
const Race = false

// AtOnce is how many scenarios to run at a time, of those that would run.
func AtOnce(usual int) int { return usual }

//go:build race

package testenv

// Race says whether the race detector is on.
const Race = true

// AtOnce is how many scenarios to run at a time, of those that would run: the race detector makes each compute several
// times as much, and members of groups have sessions of a second or two.
func AtOnce(usual int) int { return max(4, usual/2) }

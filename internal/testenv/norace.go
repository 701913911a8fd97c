//go:build !race

package testenv

// AtOnce is how many scenarios to run at a time, of those that would run.
func AtOnce(usual int) int { return usual }

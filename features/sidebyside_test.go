package features_test

import (
	"sync"
	"testing"

	"github.com/kafkaspec/kafkaspec/internal/testenv"
)

// sideBySide gives a function that runs subtests, at most n at a time and in the order in which they come, and one that
// waits for them. It is for those that wait most of their time, and for those that need longest and are to begin first.
func sideBySide(t *testing.T, n int) (run func(name string, test func(*testing.T)), wait func()) {
	var running sync.WaitGroup
	places := make(chan struct{}, testenv.AtOnce(n))
	run = func(name string, test func(*testing.T)) {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			t.Run(name, test)
		})
	}
	return run, running.Wait
}

// besideOthers has a test run beside others, where it waits most of its time. On brokers of its own it does not: they
// need the processors.
func besideOthers(t *testing.T) {
	t.Helper()
	if testenv.Cluster() == "" {
		t.Parallel()
	}
}

// fewer is how many of what would run at a time do so on brokers of their own.
func fewer(usual int) int {
	if testenv.Cluster() != "" {
		return usual / 2
	}
	return usual
}

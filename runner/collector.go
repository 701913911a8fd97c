package runner

import (
	"sync"

	"github.com/kafkaspec/kafkaspec/runner/report"
)

// collector gathers the results of scenarios that run side by side.
type collector struct {
	mu      sync.Mutex
	results report.Results
}

func (c *collector) add(s report.Scenario) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.results.Scenarios = append(c.results.Scenarios, s)
}

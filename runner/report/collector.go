package report

import (
	"fmt"
	"sync"
	"time"
)

// More counts runs of a scenario that are not kept one by one, since as many that ended in the same way are.
type More struct {
	Feature  string         `json:"feature"`
	Name     string         `json:"name"`
	File     string         `json:"file"`
	Line     int            `json:"line"`
	Counts   map[Status]int `json:"counts"`
	Steps    int            `json:"steps"`
	Duration time.Duration  `json:"duration_ns"` // of all of them together
}

const (
	mostAlike     = 100   // runs of one scenario that are kept of those that ended in the same way
	mostRepeats   = 5_000 // runs that are kept of all scenarios' repetitions
	mostProblemed = 2_000 // the same of those that did not pass, which are larger
)

// Collector takes the results of scenarios as they end, and keeps as much of them as fits into memory however often
// they are repeated: the first run of each scenario, the first ones that ended in each way, and the number of the
// others. The zero value is ready. It is safe for concurrent use.
type Collector struct {
	mu     sync.Mutex
	all    []Scenario
	alike  map[string]int // kept ones, by scenario and status
	passed int            // kept repetitions that passed
	others int            // kept repetitions that did not
	more   map[string]*More
}

// Add takes a result.
func (c *Collector) Add(s Scenario) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keeps(s) {
		c.keep(s)
		return
	}
	if c.more == nil {
		c.more = map[string]*More{}
	}
	key := fmt.Sprintf("%s:%d", s.File, s.Line)
	m := c.more[key]
	if m == nil {
		m = &More{Feature: s.Feature, Name: s.Name, File: s.File, Line: s.Line, Counts: map[Status]int{}}
		c.more[key] = m
	}
	m.Counts[s.Status]++
	m.Steps += len(s.Steps)
	m.Duration += s.Duration
}

func (c *Collector) keep(s Scenario) {
	if c.alike == nil {
		c.alike = map[string]int{}
	}
	c.alike[alike(s)]++
	if s.Repeat > 1 && s.Status == Passed {
		c.passed++
	} else if s.Repeat > 1 {
		c.others++
	}
	c.all = append(c.all, s)
}

func alike(s Scenario) string { return fmt.Sprintf("%s:%d %s", s.File, s.Line, s.Status) }

// Keeps says whether Add would keep a result, and not only count it.
func (c *Collector) Keeps(s Scenario) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keeps(s)
}

func (c *Collector) keeps(s Scenario) bool {
	room := c.others < mostProblemed
	if s.Status == Passed {
		room = c.passed < mostRepeats
	}
	return s.Repeat <= 1 || room && c.alike[alike(s)] < mostAlike
}

// Fill puts what was collected into results, in the order of files, lines and repetitions.
func (c *Collector) Fill(r *Results) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.Scenarios = append(r.Scenarios, c.all...)
	for _, m := range c.more {
		r.More = append(r.More, *m)
	}
	r.Sort()
}

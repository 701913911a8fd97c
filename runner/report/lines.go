package report

import (
	"encoding/json"
	"sync"
	"time"
)

// lines writes one JSON object a line for each thing that happens, for programs that follow a run.
type lines struct {
	redactor *Redactor

	mu      sync.Mutex
	encoder *json.Encoder
	waiting map[string]string // what was last written, by scenario
}

// event is one such line. Event names the method of Live it comes from.
type event struct {
	Event    string         `json:"event"`
	Time     time.Time      `json:"time"`
	ID       string         `json:"id,omitempty"`
	Total    *int           `json:"total,omitempty"`
	Cluster  string         `json:"cluster,omitempty"`
	Seed     *int64         `json:"seed,omitempty"`
	Scenario *Scenario      `json:"scenario,omitempty"`
	Step     *Step          `json:"step,omitempty"`
	Waiting  string         `json:"waiting,omitempty"`
	Counts   map[Status]int `json:"counts,omitempty"`
	Duration time.Duration  `json:"duration_ns,omitempty"`
}

func newLines(o LiveOptions) *lines {
	encoder := json.NewEncoder(o.Output)
	encoder.SetEscapeHTML(false)
	return &lines{redactor: NewRedactor(o.Redact), encoder: encoder, waiting: map[string]string{}}
}

// write is called with the lock held. An output that is gone must not end the run: the report files say the same.
func (l *lines) write(e event) {
	e.Time = time.Now()
	e.ID = l.redactor.Text(e.ID)
	_ = l.encoder.Encode(e)
}

func (l *lines) Started(r Results, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(event{Event: "started", Total: &total, Cluster: l.redactor.Text(r.Cluster), Seed: &r.Seed})
}

func (l *lines) ScenarioStarted(s Scenario) {
	l.mu.Lock()
	defer l.mu.Unlock()
	redacted := l.redactor.Scenario(s)
	l.write(event{Event: "scenario-started", ID: s.ID(), Scenario: &redacted})
}

func (l *lines) StepStarted(id string, step Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	step = l.redactor.Step(step)
	l.write(event{Event: "step-started", ID: id, Step: &step})
}

func (l *lines) Waiting(id, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[id] == what {
		return
	}
	l.waiting[id] = what
	l.write(event{Event: "waiting", ID: id, Waiting: l.redactor.Text(what)})
}

func (l *lines) StepFinished(id string, step Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, id)
	step = l.redactor.Step(step)
	l.write(event{Event: "step-finished", ID: id, Step: &step})
}

func (l *lines) ScenarioFinished(s Scenario) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, s.ID())
	redacted := l.redactor.Scenario(s)
	l.write(event{Event: "scenario-finished", ID: s.ID(), Scenario: &redacted})
}

func (l *lines) Finished(r Results) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[Status]int{}
	for _, s := range r.Scenarios {
		counts[s.Status]++
	}
	l.write(event{Event: "finished", Cluster: l.redactor.Text(r.Cluster), Seed: &r.Seed, Counts: counts,
		Duration: r.Duration})
}

package report

import (
	"encoding/json"
	"time"

	"github.com/kafkaspec/kafkaspec/internal/progress"
)

// lines writes one JSON object a line for each thing that happens, for programs that follow a run.
type lines struct {
	encoder *json.Encoder
	waits   map[string]string // what was last written, by scenario
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
	return &lines{encoder: encoder, waits: map[string]string{}}
}

// write has no error: an output that is gone must not end the run, the report files say the same.
func (l *lines) write(e event) {
	e.Time = time.Now()
	_ = l.encoder.Encode(e)
}

func (l *lines) started(r Results, planned map[string]int) {
	total := 0
	for _, n := range planned {
		total += n
	}
	l.write(event{Event: "started", Total: &total, Cluster: r.Cluster, Seed: &r.Seed})
}

func (l *lines) scenarioStarted(s Scenario) {
	l.write(event{Event: "scenario-started", ID: s.ID(), Scenario: &s})
}

func (l *lines) step(id, name string, step Step) {
	delete(l.waits, id)
	l.write(event{Event: name, ID: id, Step: &step})
}

func (l *lines) waiting(id, what string) {
	if l.waits[id] != what {
		l.waits[id] = what
		l.write(event{Event: "waiting", ID: id, Waiting: what})
	}
}

func (l *lines) done(string, progress.Done) {}

func (l *lines) scenarioFinished(s Scenario) {
	delete(l.waits, s.ID())
	l.write(event{Event: "scenario-finished", ID: s.ID(), Scenario: &s})
}

func (l *lines) finished(r Results) {
	counts := map[Status]int{}
	for _, status := range statuses {
		if n := r.Count(status); n > 0 {
			counts[status] = n
		}
	}
	l.write(event{Event: "finished", Cluster: r.Cluster, Seed: &r.Seed, Counts: counts, Duration: r.Duration})
}

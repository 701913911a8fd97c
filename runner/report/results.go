// Package report is the results model of a run and the writers over it.
//
// The runner fills one Results while it works; everything a person or a machine sees is written from it: by a Writer
// when the run is over (JUnit, JSON, the closing summary), by a Live while it goes on. Nothing here runs anything, so a
// saved results.json can be written again later in any form.
package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Writer renders results. Writers take finished results only and may be called any number of times.
type Writer func(w io.Writer, r Results) error

// Results is one run. Scenarios are in the order of their files and lines, whatever order they ran in.
type Results struct {
	Started   time.Time     `json:"started"`
	Duration  time.Duration `json:"duration_ns"`
	Cluster   string        `json:"cluster"`   // as shown to people: "local Apache Kafka 4.4.0, 3 brokers"
	Kafkaspec string        `json:"kafkaspec"` // version of kafkaspec
	Go        string        `json:"go"`        // version of the Go toolchain
	Cores     int           `json:"cores"`
	Seed      int64         `json:"seed"`
	Scenarios []Scenario    `json:"scenarios"`
	More      []More        `json:"more,omitempty"`     // of a run that repeats its scenarios very often
	LeftOut   []string      `json:"left_out,omitempty"` // scenarios that run only when asked for, each with its place
	// NotStarted are scenarios that were to run and did not, since NotStartedWhy.
	NotStarted    []NotStarted `json:"not_started,omitempty"`
	NotStartedWhy string       `json:"not_started_why,omitempty"`
	Shard         int          `json:"shard,omitempty"`          // of a part of a run: which, from 1
	Shards        int          `json:"shards,omitempty"`         // and of how many
	MissingShards []string     `json:"missing_shards,omitempty"` // of a merged run: what is not in it
}

// Status is the outcome of a scenario or of a step.
type Status string

// The outcomes. Inconclusive is not a pass: it says that nothing can be said, for instance because a topic could not be
// read.
const (
	Passed        Status = "passed"
	Failed        Status = "failed"
	Inconclusive  Status = "inconclusive"
	NotApplicable Status = "not-applicable" // the cluster lacks a power the scenario needs
	Interrupted   Status = "interrupted"
	Refused       Status = "refused" // its text is wrong: nothing of it was begun
	Skipped       Status = "skipped" // a step behind the one that ended its scenario; never a scenario
)

// NotStarted is a scenario that was to run and did not.
type NotStarted struct {
	Feature string `json:"feature"`
	Name    string `json:"name"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// String is its place and its name.
func (s NotStarted) String() string { return fmt.Sprintf("%s:%d  %s", s.File, s.Line, s.Name) }

// statuses are the outcomes of scenarios, in the order in which they are counted.
var statuses = []Status{Passed, Failed, Inconclusive, NotApplicable, Interrupted, Refused}

// Scenario is one scenario, or one row of an outline, run once.
type Scenario struct {
	Feature  string            `json:"feature"`
	Rule     string            `json:"rule,omitempty"`
	Name     string            `json:"name"`
	File     string            `json:"file"`
	Line     int               `json:"line"` // of the scenario, or of the row of an outline
	Tags     []string          `json:"tags,omitempty"`
	Row      map[string]string `json:"row,omitempty"` // the outline row, by column
	Status   Status            `json:"status"`
	Duration time.Duration     `json:"duration_ns"`
	Steps    []Step            `json:"steps"`
	Failure  *Failure          `json:"failure,omitempty"` // for every status other than passed
	Repeat   int               `json:"repeat,omitempty"`  // which repetition, from 1; 0 when the run does not repeat
	Shard    int               `json:"shard,omitempty"`   // which shard ran it, from 1; 0 when the run is not sharded
	Seed     int64             `json:"seed"`
	Cluster  string            `json:"cluster,omitempty"` // where runs on several were merged
	Journal  string            `json:"journal,omitempty"` // file of its facts, below the folder of the report
	// JournalSHA256 is the digest in that file's first line.
	JournalSHA256 string `json:"journal_sha256,omitempty"`
}

// Step is one step of a scenario, backgrounds included.
type Step struct {
	Keyword  string        `json:"keyword"` // "Given", "When", "Then", "And", "But", "*"
	Text     string        `json:"text"`
	Line     int           `json:"line"`
	Status   Status        `json:"status"`
	Began    time.Duration `json:"began_ns,omitempty"` // in the time of the scenario's facts
	Duration time.Duration `json:"duration_ns"`
	Error    string        `json:"error,omitempty"`
	Notes    []string      `json:"notes,omitempty"` // what the step measured or wants known although it passed
	Table    [][]string    `json:"table,omitempty"` // that stands under the step: rows of cells
	Doc      *Doc          `json:"doc_string,omitempty"`
}

// Doc is a doc string that stands under a step.
type Doc struct {
	Text      string `json:"text"`
	MediaType string `json:"media_type,omitempty"`
}

// Failure says why a scenario did not pass and what its reader needs to go on.
type Failure struct {
	Step     string     `json:"step,omitempty"` // keyword and text; empty when no single step is to blame
	File     string     `json:"file"`
	Line     int        `json:"line"`
	Message  string     `json:"message"`
	Hints    []Hint     `json:"look_first,omitempty"` // what to look at first, the surest first
	AppLines []AppLines `json:"app_lines,omitempty"`
	Timeline string     `json:"timeline,omitempty"`
	Cluster  string     `json:"cluster"`
	Seed     int64      `json:"seed"`
	Rerun    string     `json:"rerun,omitempty"` // the command that repeats just this scenario

	// What the message says, for programs: findings of a judge, or how records differ from what was expected.
	Findings     []Finding    `json:"findings,omitempty"`
	FindingTotal int64        `json:"finding_total,omitempty"` // of all kinds; more than are listed where there are many
	Differences  []Difference `json:"differences,omitempty"`
}

// Hint says where to look, with the fact that shows it.
type Hint struct {
	Text string        `json:"text"`
	Fact int64         `json:"fact,omitempty"`  // its number; 0 for none
	At   time.Duration `json:"at_ns,omitempty"` // its time
}

// Finding is one thing that a judge found wrong, and where.
type Finding struct {
	Kind      string  `json:"kind"`
	Topic     string  `json:"topic,omitempty"`
	Partition int32   `json:"partition"` // -1 = none
	Offset    int64   `json:"offset"`    // -1 = none
	Key       string  `json:"key,omitempty"`
	Detail    string  `json:"detail,omitempty"`
	Advice    string  `json:"advice,omitempty"` // where to look, the same for all of a kind
	Facts     []int64 `json:"facts,omitempty"`  // numbers of the facts that tell how it came about
}

// Difference is a record that was expected and not there, with the one that comes closest; or one that nothing expects.
type Difference struct {
	Want   string  `json:"want,omitempty"` // empty: nothing expects the record
	Got    string  `json:"got,omitempty"`  // empty: no record comes close
	Fields []Field `json:"fields,omitempty"`
}

// Field is one that differs.
type Field struct {
	Name string `json:"name"`
	Want string `json:"want"`
	Got  string `json:"got"`
}

// AppLines are the last lines one application wrote, oldest first.
type AppLines struct {
	App   string   `json:"app"`
	State string   `json:"state,omitempty"` // "running", "exited(1)"
	Lines []string `json:"lines"`
}

// ID is what tells a scenario of a run from all others: its file and line, and the repetition where there are several.
func (s Scenario) ID() string {
	if s.Repeat > 1 {
		return fmt.Sprintf("%s:%d#%d", s.File, s.Line, s.Repeat)
	}
	return fmt.Sprintf("%s:%d", s.File, s.Line)
}

// Title is the name, with the values of an outline row that the name does not show already, and the repetition.
func (s Scenario) Title() string {
	var values []string
	for _, column := range slices.Sorted(maps.Keys(s.Row)) {
		if !strings.Contains(s.Name, s.Row[column]) {
			values = append(values, column+"="+s.Row[column])
		}
	}
	title := s.Name
	if len(values) > 0 {
		title += " (" + strings.Join(values, ", ") + ")"
	}
	if s.Repeat > 0 {
		title += fmt.Sprintf(" [%d]", s.Repeat)
	}
	return title
}

// notes are those of all steps; one that says what the one before it said, such as of two bounds on the same figure, is
// left out.
func (s Scenario) notes() []string {
	var notes []string
	for _, step := range s.Steps {
		notes = append(notes, step.Notes...)
	}
	return slices.Compact(notes)
}

// Count is the number of scenarios with this status.
func (r Results) Count(status Status) int {
	n := 0
	for _, s := range r.Scenarios {
		if s.Status == status {
			n++
		}
	}
	for _, m := range r.More {
		n += m.Counts[status]
	}
	return n
}

// Total is the number of scenarios that were run, each repetition counted.
func (r Results) Total() int {
	n := len(r.Scenarios)
	for _, m := range r.More {
		for _, count := range m.Counts {
			n += count
		}
	}
	return n
}

// Sort puts the scenarios into the order of their files, lines and repetitions.
func (r *Results) Sort() {
	slices.SortStableFunc(r.Scenarios, func(a, b Scenario) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Repeat, b.Repeat))
	})
	slices.SortStableFunc(r.More, func(a, b More) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

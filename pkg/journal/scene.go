package journal

import (
	"fmt"
	"strings"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/deadletter"
)

// The kinds of facts that say what a scenario was and how it was judged, so that its journal can be judged again.
const (
	Planned   Kind = "scenario" // what was to be carried out; one for each journal
	Declared  Kind = "declared" // a topic with its layout, or an application with its role
	Variable  Kind = "variable" // Key has the value Text from now on, for steps about App if that is set
	Carried   Kind = "step"     // a step was carried out, or looked at again
	Concluded Kind = "result"   // the scenario is over; one for each journal
)

// OfScenario says whether facts of this kind tell what the scenario was, rather than what happened in it.
func (k Kind) OfScenario() bool {
	switch k {
	case Planned, Declared, Variable, Carried, Concluded:
		return true
	}
	return false
}

// Scenario is what was to be carried out.
type Scenario struct {
	Feature string            `json:"feature,omitzero"`
	Rule    string            `json:"rule,omitzero"`
	Name    string            `json:"name,omitzero"`
	File    string            `json:"file,omitzero"`
	Line    int               `json:"line"` // of the scenario, or of the row of an outline
	Tags    []string          `json:"tags,omitzero"`
	Row     map[string]string `json:"row,omitzero"` // of an outline, by column
	Repeat  int               `json:"repeat"`
	Shard   int               `json:"shard"`
	Seed    int64             `json:"seed"`
	Await   time.Duration     `json:"await"` // how long an expectation without a guard may take
	Steps   []Step            `json:"steps,omitzero"`
}

// Step is one step of a scenario, with the values of its outline's row in it.
type Step struct {
	Keyword   string     `json:"keyword,omitzero"` // as written
	As        string     `json:"as,omitzero"`      // Given, When or Then: what And and But stand for
	Text      string     `json:"text,omitzero"`
	Line      int        `json:"line"`
	Rows      [][]string `json:"rows,omitzero"`  // of a table
	Lines     []int      `json:"lines,omitzero"` // of the table's rows
	Doc       *string    `json:"doc,omitzero"`   // a doc string
	MediaType string     `json:"mediaType,omitzero"`
	Below     int        `json:"below"` // the first line of the table, or of the doc string's text
}

// Layout is that of a topic, which the fact names.
type Layout struct {
	Partitions int32   `json:"partitions"`      // 0 for a topic that an application is to make
	Began      []int64 `json:"began,omitzero"`  // where it ended when the scenario took it over; nil for one it made
	Remade     int64   `json:"remade,omitzero"` // Seq of the last fact before the topic was deleted and made again
	Named      string  `json:"named,omitzero"`  // what an application calls it that is to make it
}

// Role is what an application, which the fact names, does in the cluster. Names are those of the scenario.
type Role struct {
	Group   string   `json:"group,omitzero"`
	Watches string   `json:"watches,omitzero"` // a group that it is no member of
	Reads   []string `json:"reads,omitzero"`
	Writes  []string `json:"writes,omitzero"`

	Letters deadletter.Format `json:"letters,omitzero"` // of its dead letters; nil: those of deadletter.Own
	Logs    *Logs             `json:"logs,omitzero"`    // how its log is read; nil: by default patterns alone
}

// Logs are the kinds of events that an application's log is read for.
type Logs struct {
	Own     []string `json:"own,omitzero"`     // by patterns of its own
	Default []string `json:"default,omitzero"` // by default patterns
}

// Ending is how a step or a scenario ended.
type Ending struct {
	Step   int    `json:"step"` // index; of a scenario the one that ended it, -1 for none
	Status string `json:"status,omitzero"`
	Error  string `json:"error,omitzero"`
	Again  string `json:"again,omitzero"` // of a step that was looked at again: when
	Look   *Look  `json:"look,omitzero"`  // of an expectation: the last one
}

// Look is when an expectation was looked at, and what the cluster answered then.
type Look struct {
	From    int64    `json:"from"` // Seq of the newest fact when it began
	To      int64    `json:"to"`   // and when it had ended
	Answers []Answer `json:"answers,omitzero"`
	Late    string   `json:"late,omitzero"` // what was said of it where it held, and too late
}

// Answer is what the cluster said to one question, or what was made of it.
type Answer struct {
	Question string  `json:"question,omitzero"`
	Of       string  `json:"of,omitzero"` // the topic or the group
	On       string  `json:"on,omitzero"` // the topic, where Of is a group
	Offsets  []int64 `json:"offsets,omitzero"`
	Number   int64   `json:"number"`
	Text     string  `json:"text,omitzero"`
	Records  []Held  `json:"records,omitzero"`
	TooMany  bool    `json:"tooMany,omitzero"` // records to be kept
	Same     bool    `json:"same,omitzero"`    // records as were answered to the same question before
}

// Held is a record that was read, without its value.
type Held struct {
	Partition int32    `json:"partition"`
	Offset    int64    `json:"offset"`
	Key       *string  `json:"key,omitzero"` // nil for none
	Headers   []Header `json:"headers,omitzero"`
	Gone      bool     `json:"gone,omitzero"`  // it was acknowledged, and is in the log no more
	Whole     bool     `json:"whole,omitzero"` // of one that is gone: its key and headers are known
	// of one that is gone: compaction may have taken it before anybody read it, or too little is known to tell; and it
	// was in the log until then, if not longer
	May    bool          `json:"may,omitzero"`
	Unsure bool          `json:"unsure,omitzero"`
	Until  time.Duration `json:"until,omitzero"`
}

// Header is one of a record.
type Header struct {
	Key   string `json:"key,omitzero"`
	Value string `json:"value,omitzero"`
}

func (*Scenario) detail() {}
func (*Layout) detail()   {}
func (*Role) detail()     {}
func (*Ending) detail()   {}

func (s *Scenario) String() string { return quote(s.Name) }

func (l *Layout) String() string { return fmt.Sprintf("partitions=%d", l.Partitions) }

func (r *Role) String() string {
	var l list
	l.add("group", r.Group)
	l.add("watches", r.Watches)
	l.add("reads", strings.Join(r.Reads, ","))
	l.add("writes", strings.Join(r.Writes, ","))
	return l.String()
}

func (e *Ending) String() string {
	text := e.Status
	if e.Step >= 0 {
		text = fmt.Sprintf("step %d %s", e.Step+1, e.Status)
	}
	return strings.TrimSpace(text + " " + e.Again)
}

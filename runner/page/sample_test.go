package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kafkaspec/kafkaspec/pkg/journal"
	"github.com/kafkaspec/kafkaspec/runner/page"
	"github.com/kafkaspec/kafkaspec/runner/report"
)

// writeJournal writes facts, numbered in their order, as a journal of the folder.
func writeJournal(t testing.TB, folder, name string, facts []journal.Fact) string {
	t.Helper()
	type line struct {
		journal.Fact
		Type   string `json:"type,omitempty"`
		Detail any    `json:"detail,omitempty"`
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encode := func(value any) {
		if err := encoder.Encode(value); err != nil {
			t.Fatal(err)
		}
	}
	encode(map[string]int{"journal": 2, "facts": len(facts)})
	for i, f := range facts {
		l := line{Fact: f}
		l.Seq, l.Fact.Detail = int64(i+1), nil
		switch f.Detail.(type) {
		case nil:
		case journal.LogEvent:
			l.Type, l.Detail = "log", f.Detail
		case *journal.Commit:
			l.Type, l.Detail = "commit", f.Detail
		case *journal.Fetch:
			l.Type, l.Detail = "fetch", f.Detail
		case *journal.Fault:
			l.Type, l.Detail = "fault", f.Detail
		case *journal.Broker:
			l.Type, l.Detail = "broker", f.Detail
		case *journal.Exchange:
			l.Type, l.Detail = "exchange", f.Detail
		case *journal.Membership:
			l.Type, l.Detail = "membership", f.Detail
		case *journal.Transaction:
			l.Type, l.Detail = "transaction", f.Detail
		case *journal.Window:
			l.Type, l.Detail = "window", f.Detail
		default:
			t.Fatalf("no name for a %T", f.Detail)
		}
		encode(l)
	}
	if err := os.MkdirAll(filepath.Join(folder, page.Journals), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, page.Journals, name), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return page.Journals + "/" + name
}

func at(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }

// event is a fact without a place.
func event(ms int, app string, kind journal.Kind) journal.Fact {
	return journal.Fact{At: at(ms), Kind: kind, App: app, Source: journal.SourceLog, Partition: -1, Offset: -1}
}

func record(ms int, app string, kind journal.Kind, offset int64) journal.Fact {
	return journal.Fact{At: at(ms), Kind: kind, App: app, Source: journal.SourceLog, Topic: "orders", Offset: offset,
		Key: fmt.Sprintf("u%d", offset), Detail: journal.LogEvent{"topic": "orders", "key": "u", "took": "3ms"}}
}

func request(ms int, api string, correlation int32) *journal.Request {
	return &journal.Request{API: api, Version: 9, Correlation: correlation, ClientID: "shipping", Connection: 3,
		Sent: at(ms - 2), Answered: at(ms), Outcome: journal.Answered}
}

func wire(ms int, kind journal.Kind, r *journal.Request, detail journal.Detail) journal.Fact {
	return journal.Fact{At: at(ms), Kind: kind, App: "shipping", Group: "shipping", Source: journal.SourceWire,
		Topic: "orders", Offset: -1, Request: r, Detail: detail}
}

// story is a consumer that commits ahead of its work and dies.
func story(records int) []journal.Fact {
	r := request(40, "SyncGroup", 4)
	given := wire(40, journal.GroupAssigned, r, &journal.Membership{Member: "m1", Generation: 1, ProtocolType: "consumer",
		Assigned: []journal.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}})
	given.Topic, given.Partition = "", -1
	facts := []journal.Fact{event(5, "shipping", journal.Started), given, event(50, "shipping", journal.Ready)}
	line := event(55, "shipping", journal.LogLine)
	line.Text = "level=INFO msg=processed topic=orders partition=0 offset=0"
	facts = append(facts, line)
	for i := range records {
		facts = append(facts, record(55+i*200/max(records, 1), "shipping", journal.Processed, int64(i)))
	}
	commit := wire(300, journal.GroupCommit, request(300, "OffsetCommit", 7),
		&journal.Commit{Member: "m1", Generation: 1, ProducerID: -1, ProducerEpoch: -1})
	commit.Offset = int64(records) + 4
	cut := request(330, "OffsetCommit", 8)
	cut.Fault, cut.Outcome = `the next OffsetCommit request: cut`, journal.Cut
	fault := wire(329, journal.FaultFired, cut, &journal.Fault{Action: "cut", Number: 1, Times: 1})
	refused := wire(330, journal.GroupCommit, cut, commit.Detail)
	refused.Error, refused.Offset = "no answer", commit.Offset+1
	begin := wire(340, journal.Transacted, request(340, "AddPartitionsToTxn", 9),
		&journal.Transaction{TransactionalID: "shipping-0", ProducerID: 1})
	end := wire(380, journal.Transacted, request(380, "EndTxn", 10),
		&journal.Transaction{TransactionalID: "shipping-0", ProducerID: 1, Commit: true})
	late := record(420, "shipping", journal.Processed, commit.Offset-1)
	died := event(450, "shipping", journal.Killed)
	return append(facts, commit, fault, refused, begin, end, late, died)
}

// sample has scenarios that passed, that failed for a finding and for a difference, and one that does not apply.
func sample(t testing.TB, folder string) report.Results {
	facts := story(40)
	var about []int64
	for i, f := range facts {
		if f.Kind == journal.GroupCommit && f.Error == "" || f.Kind == journal.Processed && f.Offset == 43 {
			about = append(about, int64(i+1))
		}
	}
	steps := func(status report.Status) []report.Step {
		return []report.Step{
			{Keyword: "Given", Text: `topic "orders" with 1 partition`, Status: report.Passed, Began: at(1), Duration: at(4)},
			{Keyword: "When", Text: `"shipping" has processed at least 40 records`, Status: report.Passed, Began: at(5),
				Duration: at(250)},
			{Keyword: "Then", Text: `"shipping" committed no offset of "orders" ahead of its work`, Status: status,
				Began: at(260), Duration: at(230)}}
	}
	failure := func(f report.Failure) *report.Failure {
		f.Step, f.File, f.Line = `Then "shipping" committed no offset`, "features/dead-letters/commits.feature", 16
		f.Rerun = "kafkaspec run features/dead-letters/commits.feature:7 --seed 1"
		return &f
	}
	one := report.Scenario{Feature: "Offsets wait", Name: "Nothing is committed early", Line: 7, Status: report.Failed,
		File: "features/dead-letters/commits.feature", Duration: at(500), Steps: steps(report.Failed), Tags: []string{"@dlq"},
		Journal: writeJournal(t, folder, "one.jsonl", facts),
		Failure: failure(report.Failure{Message: "commits of orders: got 1 × commit ahead, want none", FindingTotal: 1,
			Hints: []report.Hint{{Text: "commit ahead: commit only after the record is processed", Fact: about[0]},
				{Text: "1 fault fired before; the last one 161ms before the step failed", Fact: about[0] + 1}},
			Findings: []report.Finding{{Kind: "commit ahead", Topic: "orders", Offset: 43, Detail: "committed 44 first",
				Advice: "commit only after the record is processed", Facts: about}},
			AppLines: []report.AppLines{{App: "shipping", State: "killed", Lines: []string{"level=INFO msg=bye"}}}})}
	two := report.Scenario{Feature: "Offsets wait", Name: "Letters are whole", Line: 23, Status: report.Failed,
		File: "features/dead-letters/commits.feature", Duration: at(300), Steps: steps(report.Failed),
		Failure: failure(report.Failure{Message: "got 1 record, want exactly 1", Differences: []report.Difference{{
			Want: "key u1, value not json", Got: "key u1, value {}",
			Fields: []report.Field{{Name: "value", Want: "not json, whole", Got: "not json"}}}}})}
	three := report.Scenario{Feature: "Handover", Name: "A member joins", Line: 33, Status: report.Passed,
		File: "features/rebalance/join.feature", Duration: at(800), Steps: steps(report.Passed), Tags: []string{"@group"},
		Journal: writeJournal(t, folder, "three.jsonl", facts[:40])}
	four := report.Scenario{Feature: "Handover", Name: "A broker goes", Line: 50, Status: report.NotApplicable,
		File:    "features/rebalance/join.feature",
		Failure: &report.Failure{Message: "not applicable: brokers cannot be stopped"}}
	again := three
	again.Repeat, again.Status, again.Duration = 2, report.Inconclusive, at(1500)
	again.Journal = page.Journals + "/gone.jsonl"
	return report.Results{Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Duration: 75 * time.Second,
		Cluster: "embedded (kfake), 1 broker", Kafkaspec: "0.1.0", Go: "go1.26.0", Cores: 2, Seed: 42,
		More: []report.More{{Name: "often", File: "b.feature", Line: 9,
			Counts: map[report.Status]int{report.Passed: 7}}},
		NotStartedWhy: "the run was interrupted",
		NotStarted:    []report.NotStarted{{Feature: "B", Name: "later", File: "b.feature", Line: 2}},
		Scenarios:     []report.Scenario{one, two, three, again, four}}
}

// write makes the page and returns its file.
func write(t testing.TB, folder string, r report.Results, hide func(string) string) string {
	t.Helper()
	name := filepath.Join(folder, page.Name)
	err := report.WriteFile(name, func(file *os.File) error { return page.File(folder, hide).Write(file, r) })
	if err != nil {
		t.Fatal(err)
	}
	return name
}
